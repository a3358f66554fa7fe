"""Programs evaluated a second, and what one costs: all 30 training contexts, 25 people, 3 runs, the lexical respondent, sandboxed, two workers.

The programs are children of the seed programs by structural edits, as a search asks for them, each measured once. Those that the
cascade rejects are not counted, nor is the time of the workers' start.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Sequence

import psutil

from outskirts.experiments.evolution.cascade import PEOPLE, RUNS, Cascade, Terms
from outskirts.experiments.evolution.evaluator import WORKERS, Evaluator
from outskirts.experiments.evolution.running import at_once
from outskirts.personas.evolution.candidate import Candidate
from outskirts.personas.evolution.edits.structural import structural_mutators
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.sandbox.box import Sandbox
from outskirts.sim.seeds import Stream

ASKED = 2.0  # evaluations a second on two cores


def children(n: int) -> list[Candidate]:
    """Return n different programs: children and grandchildren of the seeds in turn, by structural edits in turn."""
    families, edits = list(seed_programs().items()), list(structural_mutators().values())
    lines = [[source] for _, source in families]
    found: list[Candidate] = []
    number = 0
    while len(found) < n:
        line, other = lines[number % len(lines)], lines[(number + 1) % len(lines)]
        child = edits[number % len(edits)].edit(line[-1], other[-1], Stream(0, "benchmark", number))
        if child.source is not None and child.source not in line:
            line.append(child.source)
            family = families[number % len(lines)][0]
            found.append(
                Candidate(id=f"c{len(found):05d}", source=child.source, family=family, island=0, generation=1, mutator=child.edit or "edit")
            )
        number += 1
    return found


async def throughput(rounds: int, batch: int) -> dict[str, object]:
    """Evaluate batches and return how many whole evaluations a second there were, by round."""
    programs = children(2 * WORKERS + rounds * batch)
    rates, whole, rejected = [], 0, 0
    with Evaluator(suite("train"), Sandbox, seed=1) as evaluator:
        started = time.perf_counter()
        await evaluator.evaluate(programs[: 2 * WORKERS])
        start = time.perf_counter() - started
        for number in range(rounds):
            part = programs[2 * WORKERS + number * batch :][:batch]
            before = time.perf_counter()
            found = await evaluator.evaluate(part)
            seconds = time.perf_counter() - before
            done = sum(evaluation.stage == "all" for evaluation in found)
            whole, rejected = whole + done, rejected + len(found) - done
            rates.append(done / seconds)
    return {
        "asked": ASKED,
        "evaluations_per_second": round(statistics.median(rates), 2),
        "least": round(min(rates), 2),
        "most": round(max(rates), 2),
        "rounds": rounds,
        "evaluations": whole,
        "rejected_and_not_counted": rejected,
        "first_batch_seconds": round(start, 2),
        "workers": WORKERS,
        "load_of_the_machine": round(os.getloadavg()[0], 1),
    }


async def cost(programs: Sequence[Candidate]) -> dict[str, object]:
    """Evaluate programs one after another from this process and return what the processor spends on an evaluation, and on its parts.

    ``program`` is spent by the children of the sandbox, with what starts and confines them, and known in hundredths of a second.
    """
    cascade = Cascade(Terms(contexts=suite("train"), seed=1))
    parts: dict[str, list[float]] = {"program": [], "measuring": [], "scoring": [], "gates_and_the_rest": []}
    with Sandbox() as box:
        box.start()
        zygote = psutil.Process().children()[-1]
        run = at_once(box)
        for candidate in programs:
            cascade.spent.clear()
            before, outside = time.process_time(), _used(zygote)
            evaluation = await cascade.evaluate(candidate, run)
            own, program = time.process_time() - before, _used(zygote) - outside
            if evaluation.stage == "all":
                spent = dict(cascade.spent) | {"program": program}
                spent["gates_and_the_rest"] = own - spent["measuring"] - spent["scoring"]
                for name, values in parts.items():
                    values.append(spent[name])
    totals = [sum(values) for values in zip(*parts.values(), strict=True)]
    medians = {name: statistics.median(values) for name, values in parts.items()}
    return {
        "cpu_seconds": round(statistics.median(totals), 3),
        "least": round(min(totals), 3),
        "most": round(max(totals), 3),
        "evaluations": len(totals),
        "cpu_seconds_of": {name: round(value, 3) for name, value in medians.items()},
        "share": {name: round(value / sum(medians.values()), 2) for name, value in medians.items()},
    }


def _used(zygote: psutil.Process) -> float:
    times = zygote.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module."""
    return {
        "what": {"contexts": len(suite("train")), "people": PEOPLE, "runs": RUNS, "respondent": "lexical"},
        "throughput": asyncio.run(throughput(2 if quick else 5, 8 if quick else 16)),
        "one_evaluation": asyncio.run(cost(children(8 if quick else 24))),
    }
