"""``outskirts recovery``: are people with a diagram really in their conversations, without reciting it?"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from ...personas.diagrams.carrying import characters_of
from ...personas.diagrams.keeping import KeepingReport, keeping, trust_by_person
from ...personas.diagrams.reading import read_with_batch
from ...personas.diagrams.recitation import RecitationReport, recitation
from ...personas.diagrams.recovery import RecoveryReport, recoverability, turns_by_person
from ...personas.diagrams.styles import CapReport, cap_reports
from ...sim.errors import InputError
from ...sim.types import Frozen
from ..screen.console import add_row, new_table, say
from ..screen.wording import STAND_IN, percent, sentence, stand_ins
from .where import batch_of

if TYPE_CHECKING:
    from rich.console import Console


class Recovered(Frozen):
    """What the conversations of a run give away of their people's diagrams."""

    player: str  # who acted them
    interviewer: str  # who reconstructed the diagrams: "rules", or a model's SPEC
    recovery: RecoveryReport
    recitation: RecitationReport
    keeping: KeepingReport
    caps: tuple[CapReport, ...]  # replies within the sentence cap of their style, by style


def recover_run(directory: Path, model: str | None = None) -> Recovered:
    """Reconstruct the diagrams of a run's people from what they said to the target.

    Args:
        directory: A run over people who carry a diagram (generator ``diagram``).
        model: SPEC of the interviewer; None: by rules.

    Raises:
        InputError: If nobody carries a diagram or nobody spoke.
        StoreError: If the run cannot be read.
    """
    from ...personas.people_file import read_people
    from ..config import load_config
    from ..rundir import RunDir
    from ..store.store import RunStore

    run = RunDir.open(directory)
    people, _ = read_people(run.personas)
    characters = characters_of(people)
    if not characters:
        hint = "Make them with --generator diagram."
        raise InputError("DIR", "a run over people who carry a diagram", str(directory), hint)
    with RunStore.open(directory, readonly=True) as store:
        records = [record for _, record in store.records("target")]
    turns = {person: said for person, said in turns_by_person(records).items() if person in characters and said}
    if not turns:
        raise InputError("DIR", "a run in which somebody said something", str(directory))
    diagrams = {person: character.diagram for person, character in characters.items()}
    batch = batch_of(model)
    return Recovered(
        player=load_config(run.config).player,
        interviewer=model or "rules",
        recovery=recoverability(diagrams, turns, None if batch is None else functools.partial(read_with_batch, batch)),
        recitation=recitation(diagrams, turns),
        keeping=keeping(people, records),
        caps=cap_reports({person: character.style for person, character in characters.items()}, turns, trust_by_person(people, records)),
    )


def show_recovery(directory: Path, console: Console, *, model: str | None = None, as_json: bool = False) -> None:
    """Print what was recovered, part by part, beside the chance level; or a JSON object."""
    found = recover_run(directory, model)
    if as_json:
        console.print(found.model_dump_json(indent=2), soft_wrap=True, markup=False)
        return
    if stand_ins(found.player, None):
        say(console, sentence(STAND_IN), style="yellow")
    title = f"{found.recovery.people} people played by {found.player}, diagrams reconstructed by {found.interviewer}"
    table = new_table(console, title, "part", "recovered>", "chance>")
    for part in found.recovery.parts:
        add_row(table, part.part.replace("_", " "), f"{part.score:.2f}", "-" if part.chance is None else f"{part.chance:.2f}")
    add_row(table, "all", f"{found.recovery.score or 0:.2f}", f"{found.recovery.chance or 0:.2f}", style="bold")
    console.print(table)
    recited, kept = found.recitation, found.keeping
    say(
        console,
        f"Recited nearly word for word: {recited.recited} of {recited.sentences} sentences of the diagrams ({percent(recited.share)}).",
    )
    say(console, f"Told while still locked: {kept.early} of {kept.told} tellings ({percent(kept.share)}).")
    caps = ", ".join(f"{cap.style} {cap.within} of {cap.replies}" for cap in found.caps)
    say(console, f"Replies within the sentence cap of their style: {caps}.")
    if found.player.partition("?")[0] == "lexical":
        say(console, "The lexical player knows no styles: the last line says how its phrases happen to fall.")
