"""``outskirts generate``: people from a generator or from material, measured and written again if asked."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...sim.errors import InputError
from ...sim.files import write_atomic
from ...sim.seeds import check_seed
from ..material_notes import material_notes
from ..screen.wording import UNSAFE
from .card import population_card
from .making_notes import repeats_note, writing_note
from .where import batch_of, count, place_of

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.coverage_report import Coverage
    from ...personas.feedback import Refined
    from ...personas.generators import Batch, Generator
    from ...personas.material.report import MaterialReport
    from ...personas.persona import Persona
    from ...personas.scenario import Scenario

RUNS = 5


@dataclass(frozen=True, kw_only=True)
class Order:
    """What was asked for."""

    out: Path
    scenario: str | None = None
    questionnaire: str | None = None
    generator: str | None = None  # SPEC; None: default
    unsafe: bool = False  # run its program with less protection than the sandbox's minimum
    personas: object = 64
    seed: object = 0
    material: Sequence[Path] = ()  # documents, interviews or logged conversations to make people from
    model: str | None = None  # SPEC of a language model for generators that write prose
    feedback: int = 0  # most rounds of placement feedback
    respondent: str | None = None  # SPEC; who measures, for feedback and for the card
    runs: int = RUNS
    force: bool = False


def generate_people(order: Order, console: Console) -> None:
    """Make people and write them, with a card beside them that says how they came to be.

    Raises:
        InputError: If an option is wrong, or the file or its card is there already (with ``force`` they are replaced).
        StoreError: If the file cannot be written.
    """
    from ...personas.people_file import card_path, write_people
    from ..naming.registry import make_generator

    n, seed = count(order.personas, "personas"), check_seed(order.seed)
    _check_out(order)
    place, maker = place_of(order.scenario, order.questionnaire), make_generator(order.generator or "default", unsafe=order.unsafe)
    llm = batch_of(order.model)
    made: dict[str, Any] = {"generator": maker.name, "source_hash": maker.source_hash, "seed": seed, "model": order.model}
    made |= _protected(order)
    with _no_collection():
        people, more, report = _made(order, place, maker, n, seed, llm)
    made |= more
    refined = _refined(order, place, maker, people, seed, llm, console)
    if refined is not None:
        people = refined.people
        made["feedback"] = refined.model_dump(include={"rounds", "asked", "accepted", "error_before", "error_after"})
    measured = _measured(order, place, people, seed, console)
    alike = repeats_note(people)
    with _no_collection():
        write_people(order.out, people, lambda: population_card(people, place, made, measured, alike))
    console.print(
        f"{len(people)} people in {order.out} ({card_path(order.out).name} says how they came to be)", soft_wrap=True, markup=False
    )
    for note in (*_making_notes(people, made, alike), *(() if report is None else material_notes(report, place.axes))):
        console.print(note, soft_wrap=True, markup=False, highlight=False, style="yellow")
    if refined is not None:
        _say_refined(refined, order, console)
    console.print(f"see how much they cover: outskirts coverage {order.out}{_same_place(order, place)}", soft_wrap=True, markup=False)


def _protected(order: Order) -> dict[str, Any]:
    """Return what a card says of the program that made the people, nothing where it was none."""
    from ..naming.programs import protection

    found = protection(order.generator, unsafe=order.unsafe)
    return {} if found is None else {"sandbox": found}


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector from going through all people again and again while they are made or written: hardly anything is garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _making_notes(people: Sequence[Persona], made: Mapping[str, Any], alike: str | None) -> list[str]:
    """Return what is to be said at once of how people were made: a model that was of no use, people who are alike."""
    written = writing_note(people, made) if made.get("model") is not None and not made.get("material") else None
    unsafe = UNSAFE if made.get("sandbox") == "unsafe" else None
    return [note for note in (written, alike, unsafe) if note is not None]


def _same_place(order: Order, place: Scenario) -> str:
    """Return the options with which ``outskirts coverage`` asks these people the same questions."""
    own = f" --questionnaire {order.questionnaire}" if order.questionnaire else f" --scenario {order.scenario}" if order.scenario else ""
    readable = set(place.axes) <= set(place.questionnaire.lexicon)
    respondent = order.respondent or (None if readable else "exemplar")
    return own + (f" --respondent {respondent}" if respondent else "")


def _check_out(order: Order) -> None:
    from ...personas.people_file import card_path

    if order.material and order.generator is not None:
        raise InputError("generator", "this option to be left out with --from", order.generator, "Material takes the place of a generator.")
    if order.out.is_dir():
        raise InputError("out", "a file", str(order.out), "It is a directory.")
    if order.out.suffix not in ("", ".jsonl", ".json", ".txt"):
        raise InputError("out", "a file of JSON lines (.jsonl)", str(order.out))
    written = (order.out, card_path(order.out), order.out.with_suffix(".versions.jsonl"), order.out.with_suffix(".sources.json"))
    taken = [path for path in written if path.exists()]
    if taken and not order.force:
        raise InputError("out", "a file that does not exist yet", str(taken[0]), "--force replaces it.")
    if order.material and order.feedback:
        raise InputError("feedback", "this option to be left out with --from", order.feedback, "Quoted words are not written again.")
    if not isinstance(order.feedback, int) or order.feedback < 0:
        raise InputError("feedback", "a whole number of 0 or more", order.feedback)


def _made(
    order: Order, place: Scenario, maker: Generator, n: int, seed: int, llm: Batch | None
) -> tuple[tuple[Persona, ...], dict[str, Any], MaterialReport | None]:
    """Return the people, what the card adds, and the report if they are from material."""
    from ...personas.population import build_population

    if not order.material:
        return build_population(place, maker, n, seed, llm), {}, None
    from ..material_files import people_from_files, write_sources

    people, report = people_from_files(order.material, place, n, seed, llm)
    sources = write_sources(order.out, report)
    files = [str(file) for file in order.material]
    more = {
        "generator": "material",
        "source_hash": None,
        "material": files,
        "sources": sources.name,
        "questionnaire": order.questionnaire,
        "axes_placed_by_design": report.axes_without_evidence,
        "speakers_without_statements": report.speakers_without_statements,
    }
    return people, more, report


def _refined(
    order: Order, place: Scenario, maker: Generator, people: Sequence[Persona], seed: int, llm: Batch | None, console: Console
) -> Refined | None:
    if not order.feedback:
        return None
    if order.material:
        raise InputError(
            "feedback", "people that a generator made", "people from material", "Their words are quotes; they are not rewritten."
        )
    from ...personas.feedback import refine
    from ..bridge import complete
    from ..naming.registry import make_respondent
    from ..screen.progress import Steps

    respondent = make_respondent(order.respondent or "lexical", place.questionnaire)
    with Steps(console) as steps:
        steps.step("measuring and writing again")
        refined = complete(refine(place, maker, people, respondent, seed=seed, runs=order.runs, rounds=order.feedback, llm=llm))
    lines = "".join(json.dumps(version.model_dump(mode="json"), ensure_ascii=False) + "\n" for version in refined.versions)
    write_atomic(order.out.with_suffix(".versions.jsonl"), lines)
    return refined


def _measured(order: Order, place: Scenario, people: Sequence[Persona], seed: int, console: Console) -> Coverage | None:
    if order.respondent is None:
        return None
    from .asking import measure_watched

    return measure_watched(place, order.respondent, people, order.runs, seed, console)[0]


def _say_refined(refined: Refined, order: Order, console: Console) -> None:
    before, after = refined.error_before, refined.error_after
    moved = "" if before is None or after is None else f"; mean distance from the assigned point {before:.3f} before, {after:.3f} after"
    text = (
        f"feedback by {order.respondent or 'lexical'}: {refined.asked} texts written again in {refined.rounds} rounds, {refined.accepted} accepted{moved} "
        f"(on answers that decided nothing); every version in {order.out.with_suffix('.versions.jsonl').name}"
    )
    console.print(text, soft_wrap=True, markup=False)
