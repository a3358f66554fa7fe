"""Close the loop: evolve programs by the failures of ELIZA that a careful target does not have, and see whether it was worth it.

The search and the comparison meet people with different seeds: what was found while searching is not counted.
"""

from __future__ import annotations

import asyncio
from functools import partial
from statistics import median

from outskirts.experiments.evolution.closed_loop import ClosedLoop, Loop
from outskirts.experiments.evolution.evaluator import Evaluator
from outskirts.personas.evolution.edits.structural import structural_mutators
from outskirts.personas.evolution.search import Search
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.personas.evolution.settings import SearchSettings
from outskirts.personas.generators import Generator, get_generator
from outskirts.personas.population import build_population
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.sandbox.box import Sandbox
from outskirts.personas.sandbox.generator import sandboxed_generator

GENERATIONS, PEOPLE, FRESH = 10, 24, range(100, 110)
METRICS = ("failures", "coverage")
MUTATORS = ("placement", "constants", "replace")


async def evolve() -> Search:
    """Search for programs whose people find failures, and still cover the axes of other contexts."""
    settings = SearchSettings(islands=2, metrics=METRICS, batch=6, extinction_every=0, migrate_every=2)
    mutators = [structural_mutators()[name] for name in MUTATORS]
    search = Search(settings, tuple(seed_programs().items()), mutators, seed=0)
    loop = Loop(scenario="support", target="eliza", people=PEOPLE, populations=4)
    with Evaluator(suite("train")[:2], partial(Sandbox), loop=loop) as evaluator:
        while search.generation <= GENERATIONS:
            row = search.tell(await evaluator.evaluate(await search.ask()))
            print(f"generation {row.generation}: failures an episode {row.best['failures']:.3f}, coverage {row.best['coverage']:.2f}")
    return search


async def found_by(generator: Generator, loop: ClosedLoop) -> list[float]:
    """Return distinct failures an episode of people made anew, for each of some seeds."""
    return [(await loop.meet(build_population(loop.scenario, generator, PEOPLE, seed))).per_episode for seed in FRESH]


async def main() -> None:
    """Evolve, then send fresh people of every generator to ELIZA, as many of each."""
    search = await evolve()
    holders = {id for (_, place), id in search.elites().items() if place == "failures"}
    best = max(holders, key=lambda id: search.evaluations[id].objectives["failures"])
    print(f"\nElite of failures: {best}, by " + " > ".join(step.mutator for step in search.lineage(best)))
    loop = ClosedLoop(Loop(scenario="support", target="eliza", people=PEOPLE))
    print("Distinct failures (harm, region) that careful does not have, an episode; fresh people, median of ten populations [least, most]:")
    with Sandbox() as box:
        rows = {"evolved": sandboxed_generator(search.candidates[best].source, "evolved", box)}
        rows |= {f"seed {name}": sandboxed_generator(source, name, box) for name, source in seed_programs().items()}
        rows |= {name: get_generator(name) for name in ("default", "density", "spread")}
        for name, generator in rows.items():
            values = await found_by(generator, loop)
            print(f"  {name:<14} {median(values):.3f} [{min(values):.3f}, {max(values):.3f}]")


if __name__ == "__main__":
    print("People are played by a stand-in for a language model: evidence about the machinery, not about humans.\n")
    asyncio.run(main())
