"""Worker processes: the same results as in one process, one copy of the package, and what becomes of one that dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from outskirts.experiments.evolution import workers
from outskirts.experiments.evolution.evaluator import Evaluator
from outskirts.experiments.evolution.pool import Pool
from outskirts.personas.evolution.candidate import Candidate
from outskirts.personas.evolution.gates import Gates
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.sandbox.box import Sandbox
from outskirts.sim.errors import InputError, UnreachableError

from .running_here import NUMBERS, SAME

pytestmark = pytest.mark.slow

CONTEXTS = suite("train")[:3]
CANDIDATES = [
    Candidate(id=f"c{i}", source=source, family="f", island=0, generation=1, mutator="constants")
    for i, source in enumerate((NUMBERS, "import os", SAME, NUMBERS + "# again"))
]


def evaluator(workers: int = 2) -> Evaluator:
    return Evaluator(CONTEXTS, Sandbox, ["planted"], people=8, workers=workers, gates=Gates(slope_high=2.0, distinct=0.0))


def test_workers_give_what_one_process_gives_in_the_order_of_the_candidates() -> None:
    told = []

    async def everything(using: Evaluator):
        return await using.evaluate(CANDIDATES, told.append), await using.scores(NUMBERS, "n", CONTEXTS, "exemplar", 9)

    with evaluator() as two, evaluator(0) as none:
        found, here = asyncio.run(everything(two)), asyncio.run(everything(none))
    assert found == here
    assert [e.status for e in found[0]] == ["ok", "rejected", "rejected", "ok"]
    assert sorted(e.candidate for e in told) == sorted(2 * ["c0", "c1", "c2", "c3"])


def test_a_worker_has_one_copy_of_the_package() -> None:
    with evaluator() as using:
        asyncio.run(using.evaluate(CANDIDATES[:1]))
        loaded = asyncio.run(using.pool.do(workers.modules, [()]))[0]
    for file in ("sim/types.py", "sim/errors.py", "personas/scoring.py"):
        assert [name for name, at in loaded if at.endswith(file)] == ["outskirts." + file.removesuffix(".py").replace("/", ".")]


def test_what_goes_wrong_in_a_worker_arrives_whole() -> None:
    with evaluator() as using, pytest.raises(InputError, match="program 'bad': expected a program that runs") as caught:
        asyncio.run(using.scores("place = 1", "bad", CONTEXTS, "planted", 0))
    assert caught.value.field == "program 'bad'"


def test_a_worker_that_is_killed_is_replaced_and_its_candidates_are_measured_anew() -> None:
    async def kill_one(using: Evaluator):
        await using.evaluate(CANDIDATES[:1])
        os.kill(using.pool.pids[0], signal.SIGKILL)
        return await using.evaluate(CANDIDATES)

    with evaluator() as using, evaluator(0) as none:
        assert asyncio.run(kill_one(using)) == asyncio.run(none.evaluate(CANDIDATES))


def test_workers_that_die_every_time_are_an_error_that_says_what_to_do() -> None:
    pool = Pool(1, os.getpid, ())
    with pytest.raises(UnreachableError, match=r"worker processes died 2 times .* Try fewer workers\."):
        asyncio.run(pool.do(os._exit, [(1,)]))
    assert pool.pids == []


def test_closing_ends_every_process_and_the_next_evaluation_starts_others() -> None:
    using = evaluator()
    asyncio.run(using.evaluate(CANDIDATES[:2]))
    pids = using.pool.pids
    using.close()
    assert not any(_alive(pid) for pid in pids)
    assert asyncio.run(using.evaluate(CANDIDATES[:1]))[0].status == "ok"
    using.close(now=True)
    assert using.pool.pids == []


_INTERRUPTED = """
import asyncio, sys
sys.path.insert(0, {tests!r})
from outskirts.experiments.evolution.evaluator import Evaluator
from outskirts.personas.evolution.candidate import Candidate
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.sandbox.box import Sandbox

def candidate(source, i):
    return Candidate(id=f"c{{i}}", source=source, family="f", island=0, generation=1, mutator="m")

async def main():
    with Evaluator(suite("train")[:2], Sandbox, ["planted"], people=8) as using:
        await using.evaluate([candidate("import os", 0)])
        print(*using.pool.pids, flush=True)
        endless = "def place(context, axes, n, seed, llm):\\n    while True: pass\\ndef portray(context, axes, people, seed, llm, feedback=None):\\n    pass\\n"
        await using.evaluate([candidate(endless, i) for i in range(6)])

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_ctrl_c_ends_everything_at_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(_INTERRUPTED.format(tests=str(Path(__file__).parents[3])))
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen([sys.executable, str(script)], **options) as process:
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert pids
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers hear it too
        try:
            _, said = process.communicate(timeout=30)  # what they had to do takes minutes
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert said.strip().endswith("KeyboardInterrupt")
    assert not any(_alive(pid) for pid in pids)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
