"""The arms of an experiment: searches and whoever measures for them, written down after every generation."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from ...personas.evolution.candidate import Candidate, Evaluation
from ...personas.evolution.generations import GenerationRow
from ...personas.evolution.mutator import Mutator
from ...personas.evolution.search import Search
from ...personas.evolution.settings import SearchSettings
from ...sim.errors import InputError
from ...sim.files import write_atomic
from ...sim.seeds import derive
from .settings import EvolutionConfig

Kind = Literal["evolved", "random", "shuffled"]
EVOLVED: Kind = "evolved"
MEANS: dict[Kind, str] = {
    "evolved": "the search",
    "random": "random edits: as many programs, and nothing that was measured has a say in whose children are tried",
    "shuffled": "shuffled fitness: the search, told the scores of another program of the same generation",
}
"""What each arm is."""


class Evaluates(Protocol):
    """Measures programs."""

    async def evaluate(self, candidates: Sequence[Candidate]) -> list[Evaluation]:
        """Return an evaluation of each, in order."""
        ...


def search_settings(config: EvolutionConfig, kind: Kind) -> SearchSettings:
    """Return the settings of an arm's search."""
    return SearchSettings(
        islands=config.islands,
        metrics=config.metrics,
        batch=config.children,
        extinction_every=config.extinction,
        selection="none" if kind == "random" else "elites",
    )


def begin(config: EvolutionConfig, kind: Kind, seeds: Sequence[tuple[str, str]], mutators: Sequence[Mutator], state: Path) -> Search:
    """Return the search of an arm: the one that a file holds, or else a new one.

    Raises:
        InputError: If the file is of another schema, or of other settings.
    """
    if not state.is_file():
        return Search(search_settings(config, kind), seeds, mutators, config.seed)
    try:
        found = json.loads(state.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError("state", "a search that can be gone on with", str(state), f"{error}.") from None
    return Search.restore(found, mutators)


class Arm(NamedTuple):
    """A search, which kind it is, and the file it is written to."""

    kind: Kind
    search: Search
    state: Path


async def run_arms(
    arms: Sequence[Arm],
    evaluator: Evaluates,
    generations: int,
    *,
    told: Callable[[Kind, GenerationRow], None] = lambda kind, row: None,
    stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Search with all arms to the end, a generation of each at a time, or until told to stop.

    So arms are alike in budget wherever they are stopped, workers have the programs of all to choose from, and what is the
    same in several, such as the seeds, is measured once. States are written between any two calls that cost something. Arms
    know nothing of each other: each ends as it would alone.

    Args:
        arms: Where they stand.
        evaluator: Who measures.
        generations: Of children, after the seeds.
        told: Called after each generation of an arm.
        stop: Asked before each generation whether it should not begin.

    Returns:
        Whether the end was reached.
    """
    while behind := _behind(arms, generations):
        idle = [arm for arm in behind if not arm.search.waiting]
        if idle and stop():
            return False
        for arm in idle:
            await arm.search.ask()
            save(arm.search, arm.state)
        asked = tuple(dict.fromkeys(candidate for arm in behind for candidate in arm.search.pending))
        found = dict(zip(asked, await evaluator.evaluate(asked), strict=True))
        for kind, search, state in behind:
            evaluations = [found[candidate] for candidate in search.pending]
            row = search.tell(shuffled(evaluations, search.seed, search.generation) if kind == "shuffled" else evaluations)
            save(search, state)
            told(kind, row)
    return True


def _behind(arms: Sequence[Arm], generations: int) -> list[Arm]:
    """Return the arms that are next: those with the fewest generations, of those that are not at the end."""
    going = [arm for arm in arms if arm.search.generation <= generations]
    least = min((arm.search.generation for arm in going), default=0)
    return [arm for arm in going if arm.search.generation == least]


def save(search: Search, state: Path) -> None:
    """Write a search's state, in one step."""
    write_atomic(state, json.dumps(search.state(), separators=(",", ":")))


def shuffled(evaluations: Sequence[Evaluation], seed: int, generation: int) -> list[Evaluation]:
    """Return evaluations whose scores were dealt anew among the programs that have some; who failed stays failed."""
    measured = [i for i, evaluation in enumerate(evaluations) if evaluation.status == "ok"]
    dealt = derive(seed, "shuffled fitness", generation).permutation(measured).tolist()
    out = list(evaluations)
    for to, source in zip(measured, dealt, strict=True):
        out[to] = evaluations[to].model_copy(update={"objectives": evaluations[source].objectives})
    return out
