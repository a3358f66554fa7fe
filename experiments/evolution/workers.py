"""What a worker process does: runs programs in a sandbox of its own, and measures what they return.

Trusted code only: programs run in the sandbox. What comes in and goes out is plain data.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing.util
import signal
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache

from ...personas.evolution.candidate import Candidate, Evaluation
from ...personas.evolution.gates import Measured
from ...personas.sandbox.protocol import Runner
from .cascade import Cascade, Terms
from .pool import Pool
from .running import Run, at_once

MakeRunner = Callable[[], Runner]
"""Makes the sandbox of one process; a class or a ``functools.partial`` of one, because it is sent to other processes."""

_RARELY = 50_000  # containers made between two collections: what is measured is alive until the program's end


class _Held:
    """What this process was given at its start."""

    make_runner: MakeRunner


def pool(workers: int, make_runner: MakeRunner) -> Pool:
    """Return worker processes that measure programs; whoever measures with them says on what terms.

    Args:
        workers: Processes, 1 or more.
        make_runner: Makes the sandbox of each.
    """
    return Pool(workers, begin, (make_runner,))


def begin(make_runner: MakeRunner) -> None:
    """Take note of how a sandbox is made; nothing that can fail is done here, because a pool does not tell what failed.

    Ctrl-C reaches all processes of a terminal: whoever started this one decides what becomes of it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Held.make_runner = make_runner


def evaluate(candidate: dict[str, object], terms: str) -> str:
    """Return the evaluation of a candidate on terms, as JSON; the terms come as JSON too, so that they are read once."""
    found = _loop().run(_cascade(terms).evaluate(Candidate.model_validate(candidate), _run()))
    return found.model_dump_json()


def measured(source: str, name: str, terms: Terms) -> list[dict[str, str]]:
    """Return what a program scores on other terms, as JSON, by context and respondent."""
    found = _loop().run(Cascade(terms).measured(source, name, _run()))
    return [{respondent: one.model_dump_json() for respondent, one in by.items()} for by in found]


def modules() -> list[tuple[str, str]]:
    """Return name and file of every module that is loaded here, for tests."""
    return [(name, file) for name, module in sorted(sys.modules.items()) if (file := getattr(module, "__file__", None))]


def read_evaluation(text: str) -> Evaluation:
    """Return an evaluation that :func:`evaluate` wrote."""
    return Evaluation.model_validate_json(text)


def read_measured(found: Sequence[dict[str, str]]) -> list[dict[str, Measured]]:
    """Return what :func:`measured` wrote."""
    return [{respondent: Measured.model_validate_json(text) for respondent, text in by.items()} for by in found]


@lru_cache(maxsize=1)
def _loop() -> asyncio.Runner:
    return asyncio.Runner()


@lru_cache(maxsize=2)
def _cascade(terms: str) -> Cascade:
    cascade = Cascade(Terms.model_validate_json(terms))
    gc.collect()
    gc.freeze()  # contexts and what reads them stay
    gc.set_threshold(_RARELY, 20, 100)
    return cascade


@lru_cache(maxsize=1)
def _run() -> Run:
    runner = _Held.make_runner()
    if (close := getattr(runner, "close", None)) is not None:
        multiprocessing.util.Finalize(None, close, exitpriority=1)
    return at_once(runner)
