"""Running a program from a coroutine, and telling its faults from those of whoever measures it."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from ...personas.asking import Batch
from ...personas.sandbox.protocol import Job, Outcome, Runner, Status
from ...sim.errors import InputError

Run = Callable[[str, Sequence[Job]], Awaitable[Outcome]]
"""Runs a program on jobs."""


class ProgramError(Exception):
    """Raised when what a program returned is no use: the program's fault, and nobody else's."""

    def __init__(self, cause: InputError) -> None:
        self.cause = cause
        super().__init__(str(cause))


class _Blaming:
    """What :data:`blaming_program` is."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        if isinstance(error, InputError):
            raise ProgramError(error) from error


blaming_program: Final = _Blaming()
"""``with blaming_program:`` around what reads a program's people makes an :class:`InputError` a :class:`ProgramError`."""


def at_once(runner: Runner) -> Run:
    """Return a runner that blocks, for a process that has nothing else to do."""

    async def run(source: str, jobs: Sequence[Job]) -> Outcome:
        return runner.run(source, jobs)

    return run


def aside(runner: Runner, llm: Batch | None) -> Run:
    """Return a runner that runs in a thread, one program at a time, because its language model answers on an event loop."""
    busy = asyncio.Lock()

    async def run(source: str, jobs: Sequence[Job]) -> Outcome:
        async with busy:
            return await asyncio.to_thread(runner.run, source, jobs, llm)

    return run


async def completed(run: Run, source: str, jobs: Sequence[Job]) -> Outcome:
    """Return how a program ended.

    Raises:
        InputError: If there is no sandbox to run it in.
    """
    outcome = await run(source, jobs)
    if outcome.status is Status.SANDBOX_UNAVAILABLE:
        raise InputError("sandbox", "one that runs programs", outcome.reason)
    return outcome
