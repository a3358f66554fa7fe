"""The sandbox: runs a program that nobody has read, in a process that can do nothing but compute and answer."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

from ...sim.errors import InputError
from ..asking import Batch
from . import policy
from .frames import Channel
from .launch import Child, Zygote, ZygoteGoneError
from .layers import Layers, Level, demand, layers_of
from .outcomes import line, outcome_of
from .protocol import Call, Job, Limits, Outcome, Status
from .talk import ModelFailedError, converse


class Sandbox:
    """Runs programs, each call in a fresh process forked from one warm zygote.

    The zygote starts with the first call (or on entering the context) and ends with :meth:`close`, or with this process however
    that ends. Calls block. One thread at a time: a call within a call is a ``RuntimeError``.

    Args:
        limits: What one call may use.
        minimum: Least protection that this machine must offer.
        unsafe: Run with whatever protection there is, even below the minimum. Results should be marked with it.
        policy: Check what a program looks like before it runs. It is no boundary.
        without: Layers to do without, as if this machine had none: for tests of what is done then.

    Raises:
        InputError: At the start, if the machine offers less than the minimum.

    Example:
        >>> program = '''
        ... def place(context, axes, n, seed, llm):
        ...     return [{axis["name"]: i / n for axis in axes} for i in range(n)]
        ... def portray(context, axes, people, seed, llm, feedback=None):
        ...     return [{"name": person["id"], "description": f"I trust {person['position']}."} for person in people]
        ... '''
        >>> with Sandbox(unsafe=True) as box:
        ...     outcome = box.run(program, [Job(context="a talk", axes=({"name": "trust"},), n=2, seed=0)])
        >>> outcome.results[0].positions
        ({'trust': 0.0}, {'trust': 0.5})
    """

    def __init__(
        self,
        limits: Limits | None = None,
        minimum: Literal["full", "kernel-min"] = "kernel-min",
        unsafe: bool = False,
        *,
        policy: bool = True,
        without: Sequence[str] = (),
    ) -> None:
        self.limits = limits or Limits()
        self.unsafe = unsafe
        self._minimum: Level = minimum
        self._policy = policy
        self._without = tuple(without)
        self._zygote: Zygote | None = None
        self._closing: weakref.finalize[Any, Any] | None = None
        self._layers: Layers | None = None
        self._busy = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def layers(self) -> Layers:
        """What this machine offers; starts the zygote if need be."""
        self.start()
        assert self._layers is not None
        return self._layers

    def start(self) -> None:
        """Start the zygote and see what holds; does nothing where that was done.

        Raises:
            InputError: If the machine offers less than the minimum, and ``unsafe`` was not asked for.
        """
        if self._zygote is not None and self._zygote.owner == os.getpid():
            return
        try:
            zygote = Zygote(self._without)
        except ZygoteGoneError as error:
            hint = "Without it no program runs, with or without the unsafe option."
            raise InputError("sandbox", "a process of its own for the program", str(error), hint) from error
        self._keep(zygote)
        if self._layers is None:
            found = layers_of(zygote.offered, zygote.absent, self._canary)
            try:
                demand(found, self._minimum, self.unsafe)
            except InputError:
                self.close()
                raise
            self._layers = found

    def close(self) -> None:
        """End the zygote. The next call starts another."""
        if self._closing is not None:
            self._closing()
        self._zygote = self._closing = None

    def _keep(self, zygote: Zygote) -> None:
        self._zygote = zygote
        self._closing = weakref.finalize(self, zygote.close)

    def run(
        self,
        source: str,
        work: Sequence[Job | Call],
        llm: Batch | None = None,
        *,
        check: bool = False,
        limits: Limits | None = None,
    ) -> Outcome:
        """Run one program on all of the work, in one process of its own.

        Args:
            source: The program.
            work: Jobs and calls, in order.
            llm: A batch of prompts to as many texts; served up to ``limits.model_prompts``, its time left out of the wall time.
            check: Do the first of the work twice, the program loaded anew; unequal results are ``nondeterministic``. Not with an
                ``llm``, whose answers may differ.
            limits: In place of the sandbox's own.

        Returns:
            How it ended. Nothing that the program does is raised here.

        Raises:
            InputError: At the first call, if the machine offers less than the minimum.
            RuntimeError: If a call is under way.
            Exception: What ``llm`` raises; the program is ended.
        """
        if self._busy:
            raise RuntimeError("run was called while a run of this sandbox was under way")
        if self._policy and (wrong := policy.look(source).complaint) is not None:
            return Outcome(status=Status.POLICY_REJECTED, reason=line(str(wrong)))
        self._busy = True
        try:
            self.start()
            return self._call(_Order(source, tuple(work), llm, check, limits or self.limits))
        except ZygoteGoneError as error:
            self.close()
            return Outcome(status=Status.SANDBOX_UNAVAILABLE, reason=line(f"the zygote failed: {error}"))
        finally:
            self._busy = False

    def _take(self, bounds: Mapping[str, float], modules: Sequence[str]) -> tuple[Zygote, Child]:
        """Return a child for a call; a zygote that was ended since the last call is replaced."""
        assert self._zygote is not None
        try:
            return self._zygote, self._zygote.take(bounds, modules)
        except ZygoteGoneError:
            self.close()
            self.start()
            return self._zygote, self._zygote.take(bounds, modules)

    def _call(self, order: _Order, *, more: bool = True) -> Outcome:
        """Carry out a call; if ``more`` may follow, with a child made ready for the next one."""
        limits = order.limits
        bounds = {"cpu_seconds": limits.cpu_seconds, "memory_mib": limits.memory_mib}
        zygote, child = self._take(bounds, policy.look(order.source).modules)
        began = time.monotonic()
        try:
            ending = converse(Channel(child.end, child.job, limits.seconds), order.message(), order.llm, limits)
        except BaseException as error:
            zygote.discard(child)
            if isinstance(error, ModelFailedError):
                raise error.cause from None
            raise
        seconds = time.monotonic() - began
        ended = None
        if ending.kind == "gone":
            ended = zygote.reap(child)
        else:
            zygote.discard(child)
        if more:
            zygote.prepare(bounds)
        return outcome_of(order.work, limits, ending, ended, seconds)

    def _canary(self, source: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run a trusted program that tries what must not work, and return what it says."""
        call = Call(function="attack", arguments=arguments)
        order = _Order(source, (call,), None, False, Limits(seconds=10, cpu_seconds=5))
        outcome = self._call(order, more=False)
        result = outcome.results[0] if outcome.status is Status.OK else {"failed": outcome.reason}
        return result if isinstance(result, Mapping) else {}


class _Order(NamedTuple):
    """One call."""

    source: str
    work: tuple[Job | Call, ...]
    llm: Batch | None
    check: bool
    limits: Limits

    def message(self) -> dict[str, Any]:
        """Return what the child is told."""
        return {
            "source": self.source,
            "work": [item.model_dump(mode="json") for item in self.work],
            "llm": self.llm is not None,
            "check": self.check,
            "output": self.limits.output_kib * 1024,
        }
