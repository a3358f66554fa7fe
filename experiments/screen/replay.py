"""One episode on the screen: who said what, what was found, what was told; and whether its record reproduces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.errors import InputError, OutskirtsError
from ...sim.types import EpisodeRecord, Finding, Message, Verdict
from ..store.rows import TARGET_ARM
from .judging import score_lines
from .wording import SCENE, TOOLS, branch_words, call_words, privacy

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.persona import Persona
    from ..store.rows import Row
    from ..store.store import RunStore

_STYLES = {"passed": "green", "failed": "red", "simulator_invalid": "magenta", "infrastructure": "yellow", "budget": "yellow"}


def show_episode(directory: Path, episode: str, console: Console) -> None:
    """Print an episode, then play its record again and say whether the same comes out.

    Args:
        directory: The run directory.
        episode: Beginning of the episode's key, after ``ARM/`` where several arms hold it; or a persona's id, for the
            first episode in which the target failed this person (``p0002``) or for a replicate (``p0002#1``).
        console: Where to print.

    Raises:
        InputError: If no episode or several begin so.
        StoreError: If the run cannot be read.
    """
    from ..store.store import RunStore

    with RunStore.open(directory, readonly=True) as store:
        arm, record = store.get(_of_person(store, episode, directory) or episode)
    people = _people(directory, record)
    _head(arm, record, people, console)
    names = {seat.agent: person.name for seat, person in zip(record.seats, people, strict=False)} if len(record.seats) > 1 else {}
    for message in record.messages:
        _line(message, record, names, console)
    _tail(record, console)
    console.print(reproduces(record, people, directory), style="dim", markup=False, soft_wrap=True)


def _of_person(store: RunStore, episode: str, directory: Path) -> str | None:
    """Return the place of a person's episode: with the target if there is one, the replicate asked for, else the first failed."""
    person, _, replicate = episode.partition("#")
    rows = [row for row in store.rows() if person in row.persona.split("+")]
    if replicate:
        rows = [row for row in rows if str(row.replicate) == replicate]
    rows.sort(key=lambda row: (row.arm != TARGET_ARM, not _failed(store, row, person), row.replicate))
    if not rows and (replicate or re.fullmatch(r"[a-z]\d{4,}", person) or person in _ids(directory)):
        raise _not_there(store, episode, directory)
    return f"{rows[0].arm}/{rows[0].key}" if rows else None


def _not_there(store: RunStore, episode: str, directory: Path) -> InputError:
    """Return what is wrong with a person and replicate of whom the store has no episode: not played yet, or not of this run."""
    from ..config import load_config
    from ..rundir import RunDir

    person, _, replicate = episode.partition("#")
    folder = RunDir.open(directory)
    ids = _ids(directory)
    missing = f"What is missing is played by: outskirts resume {directory}"
    rows = list(store.rows())
    if not rows:
        return InputError("episode", "a run in which an episode was played", episode, f"This one has none yet. {missing}")
    there = sorted({row.replicate for row in rows if person in row.persona.split("+")})
    planned = load_config(folder.config).replicates
    if person in ids and (not replicate or (replicate.isdecimal() and int(replicate) < planned)):
        played = f"Of {person} there {'is' if len(there) == 1 else 'are'} {', '.join(f'{person}#{n}' for n in there)}. " if there else ""
        return InputError("episode", "one that was played", episode, f"It was not played yet. {played}{missing}")
    known = sorted({p.id for p in _read(folder.personas)} if folder.personas.is_file() else ids)
    whom = f"a person ({known[0]} to {known[-1]})" if known else "a person of this run"
    return InputError("episode", f"{whom} and, behind #, a replicate, counted from 0 to {planned - 1}", episode)


def _ids(directory: Path) -> set[str]:
    """Return the ids of everybody whom a run meets."""
    from ..rundir import RunDir

    return {person.id for file in RunDir.open(directory).files_of_people() for person in _read(file)}


def _failed(store: RunStore, row: Row, person: str) -> bool:
    """Tell whether the target failed this person in an episode; in a group it may have failed others only."""
    if row.verdict != Verdict.FAILED.value or row.persona == person:
        return row.verdict == Verdict.FAILED.value
    _, record = store.get(f"{row.arm}/{row.key}")
    return any(person in (finding.harmed or [person]) for finding in record.harms)


def reproduces(record: EpisodeRecord, people: Sequence[Persona], directory: Path) -> str:
    """Play a record again through the one loop, in a fresh environment, judged anew, and say in a sentence what came of it."""
    from ..bridge import complete
    from ..config import load_config
    from ..rundir import RunDir

    if record.fault is not None:
        anew = "; outskirts resume meets this person anew" if record.verdict is Verdict.INFRASTRUCTURE else ""
        return f"Not played again from its record, which ends where a fault ended the episode{anew}."
    if len(people) < len(record.seats):
        return "Not played again: its people are not in the run's files."
    config = load_config(RunDir.open(directory).config)
    try:
        again = complete(_again(record, people, config.turns, config.scenario, config.judge))
    except OutskirtsError as error:
        return f"Could not be played again: {error}"
    if again.fault is not None:
        return f"Does NOT reproduce: {again.fault.message}"
    return _compared(record, again)


def _compared(record: EpisodeRecord, again: EpisodeRecord) -> str:
    talk = [
        name for name in ("messages", "moves", "departures", "arrivals", "ledger", "state") if getattr(again, name) != getattr(record, name)
    ]
    if talk:
        return "Does NOT reproduce: different in " + ", ".join(talk) + "."
    asked = sorted({name.rpartition("@")[0] for name in record.judges} - {name.rpartition("@")[0] for name in again.judges})
    if asked:  # models are not asked again: a look at an episode costs nothing
        same = _found_by(again, asked) == _found_by(record, asked)
        return f"Played again from its record: the same talk, judged {'the same' if same else 'differently'}; {', '.join(asked)} not asked again."
    found = [name for name in ("exposures", "findings", "verdict") if _unversioned(again, name) != _unversioned(record, name)]
    if again.judges == record.judges:
        return "Does NOT reproduce: judged differently in " + ", ".join(found) + "." if found else "Played again from its record: the same."
    what = "judged differently in " + ", ".join(found) if found else "judged the same"
    return f"Played again from its record: the same talk, {what} by judges that changed since (now {', '.join(again.judges)})."


def _found_by(record: EpisodeRecord, without: Sequence[str]) -> list[object]:
    """Return the findings of all but some judges, without their versions."""
    return [finding.model_copy(update={"version": ""}) for finding in record.findings if finding.judge not in without]


def _unversioned(record: EpisodeRecord, name: str) -> object:
    """Return a field without the versions of judges."""
    if name == "findings":
        return [finding.model_copy(update={"version": ""}) for finding in record.findings]
    return getattr(record, name)


async def _again(
    record: EpisodeRecord, people: Sequence[Persona], turns: int | None, scenario: str, judges: Sequence[str]
) -> EpisodeRecord:
    from ...envs.conversation import ConversationEnv
    from ...personas.casting import plan_episode
    from ...sim.loop import run_episode
    from ...sim.protocols import Preparing
    from ...sim.replay import ReplayPlayer, ReplayTarget
    from ..naming.registry import make_judges, make_scenario

    place = make_scenario(scenario)
    plan = plan_episode(place, people, seed=record.seed, replicate=record.replicate, turns=turns, information=record.information)
    environment = ConversationEnv(place, people, information=record.information, max_cycles=plan.turns)
    return await run_episode(
        plan,
        environment,
        ReplayTarget(record),
        ReplayPlayer(record),
        [j for j in make_judges(judges, place) if not isinstance(j, Preparing)],
    )


def _people(directory: Path, record: EpisodeRecord) -> tuple[Persona, ...]:
    """Return the people of an episode, in the order of their seats, as far as the run's files have them."""
    from ..rundir import RunDir

    by_print = {person.fingerprint: person for file in RunDir.open(directory).files_of_people() for person in _read(file)}
    return tuple(by_print[seat.fingerprint] for seat in record.seats if seat.fingerprint in by_print)


def _read(file: Path) -> Sequence[Persona]:
    from ...personas.people_file import read_people

    return read_people(file)[0]


def _head(arm: str, record: EpisodeRecord, people: Sequence[Persona], console: Console) -> None:
    from rich.text import Text

    verdict = record.verdict.value
    console.print(
        Text.assemble(("episode ", "bold"), f"{arm}/{record.key}  replicate {record.replicate}  ", (verdict, f"bold {_STYLES[verdict]}"))
    )
    console.print(
        Text(f"{record.scenario} {record.scenario_version}, target {record.target}, player {record.player}, seed {record.seed}", "dim")
    )
    if record.branch is not None:
        console.print(Text(branch_words(record.branch), "dim"), soft_wrap=True)
    for person in people:
        axes = ", ".join(f"{axis} {x:.2f}" for axis, x in person.position.items())
        console.print(Text.assemble((f"{person.name} ({person.id})", "bold"), f"  {axes}"), soft_wrap=True)
        console.print(Text(person.description), soft_wrap=True)
        for fact in person.facts:
            console.print(
                Text.assemble(("  knows ", "cyan"), f"{fact.content} ", (f"[{fact.id}, sensitivity {fact.sensitivity:.1f}]", "dim")),
                soft_wrap=True,
            )
    console.print()


def _line(message: Message, record: EpisodeRecord, names: Mapping[str, str], console: Console) -> None:
    """Print one message, its turn counted from 1, with what it told and what was found in it below; above it who came in before."""
    from rich.text import Text

    seated = {seat.agent for seat in record.seats}
    for arrival in record.arrivals:
        if arrival.message == message.index:
            console.print(Text(f"     {_who(arrival.agent, names)} comes in", "yellow"))
    found = [f for f in record.findings if f.message == message.index]
    by_itself = message.sender in (SCENE, TOOLS)
    who = ("magenta" if by_itself else "cyan" if message.sender in seated else "blue") + " bold"
    text = Text(message.text, "on dark_red" if any(f.about == "target" for f in found) else "dim" if by_itself else "")
    move = record.moves[message.index] if message.index < len(record.moves) else ""
    to = privacy(message)
    head = f"{message.turn + 1:>2} {_who(message.sender, names)}{f' ({to})' if to else ''}: "
    console.print(Text.assemble((head, who), text, (f"  ({move})" if move else "", "dim")), soft_wrap=True)
    for call in call_words(message):
        console.print(Text(f"     calls {call}", "magenta"), soft_wrap=True)
    told: dict[str, list[str]] = {}
    for entry in record.ledger:
        if entry.message == message.index:
            told.setdefault(f"told {entry.fact} (known by {entry.known_by})", []).append(entry.knower)
    for what, knowers in told.items():
        console.print(Text(f"     {what} to {', '.join(knowers)}", "yellow"), soft_wrap=True)
    for left in record.departures:
        if left.message == message.index:
            console.print(Text(f"     {_who(left.agent, names)} leaves", "yellow"))
    for finding in found:
        console.print(_finding(finding, record), soft_wrap=True)


def _who(agent: str, names: Mapping[str, str]) -> str:
    """Return an agent, with the name of the person behind it where there are several."""
    return f"{agent} {names[agent]}" if agent in names else agent


def _tail(record: EpisodeRecord, console: Console) -> None:
    from rich.text import Text

    console.print()
    loose = [f for f in record.findings if f.message is None]
    for finding in loose:
        console.print(_finding(finding, record), soft_wrap=True)
    if record.fault is not None:
        console.print(Text(f"fault of the {record.fault.role}: {record.fault.kind}: {record.fault.message}", "yellow"), soft_wrap=True)
    if not record.findings and record.fault is None:
        console.print(Text("nothing was found", "green"))
    for line in score_lines(record):
        console.print(Text(f"     {line}", "dim"), soft_wrap=True)
    console.print(Text("judged by " + (", ".join(record.judges) or "nobody"), "dim"), soft_wrap=True)


def _finding(finding: Finding, record: EpisodeRecord) -> object:
    from rich.text import Text

    whom = f"harmed {', '.join(finding.harmed)}, " if finding.harmed and len(record.seats) > 1 else ""
    what = f"  !  {finding.harm} ({whom}severity {finding.severity:.2f}, {finding.judge} {finding.version}): "
    return Text.assemble((what, "red bold" if finding.about == "target" else "magenta bold"), finding.evidence)
