"""One arm of an experiment: a search and whoever measures for it, written down after every generation."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol

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


async def run_arm(
    search: Search,
    evaluator: Evaluates,
    kind: Kind,
    generations: int,
    state: Path,
    *,
    told: Callable[[GenerationRow], None] = lambda row: None,
    deadline: float | None = None,
) -> bool:
    """Search to the end, or until the deadline; the state is written between any two calls that cost something.

    Args:
        search: Where it stands.
        evaluator: Who measures.
        kind: Which arm.
        generations: Of children, after the seeds.
        state: File for the search's state.
        told: Called after each generation.
        deadline: Monotonic seconds after which no further generation begins; None: there is none.

    Returns:
        Whether the end was reached.
    """
    while search.generation <= generations:
        if not search.waiting:
            if deadline is not None and time.monotonic() > deadline:
                return False
            await search.ask()
            save(search, state)
        evaluations = await evaluator.evaluate(search.pending)
        row = search.tell(shuffled(evaluations, search.seed, search.generation) if kind == "shuffled" else evaluations)
        save(search, state)
        told(row)
    return True


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
