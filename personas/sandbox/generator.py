"""A generator whose program runs in the sandbox."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from ...sim.errors import InputError
from ..asking import Batch
from ..generators import Generator
from . import policy
from .box import Sandbox
from .protocol import Call, Limits, Status

_SECONDS, _SECONDS_EACH = 60.0, 0.05  # for a call, and more for each person
_RESULT_MIB, _RESULT_MIB_EACH = 4.0, 0.02
_PROMPTS, _PROMPTS_EACH = 100, 25
_MEMORY_MIB = 2048


def sandboxed_generator(source: str, name: str, box: Sandbox, trusted: str = "") -> Generator:
    """Return a generator of a program that nobody has read. The sandbox is started, so that too little protection is said at once.

    Args:
        source: The program.
        name: What error messages and provenance call it.
        box: Where it runs; it must outlive the generator.
        trusted: How to name the program so that it runs in this process, for the hint where the policy refuses it.

    Raises:
        InputError: If the program does not look like one, or the machine offers less than the sandbox's minimum.
    """
    program = _Program(source, name, box, trusted)
    seen = policy.look(source)
    if seen.complaint is not None:
        raise program.failed("a program that can run in the sandbox", Status.POLICY_REJECTED, str(seen.complaint))
    box.start()
    return Generator(
        name,
        program.place,
        program.portray,
        program.density if "density" in seen.functions else None,
        hashlib.sha256(source.encode()).hexdigest()[:16],
    )


class _Program:
    """Calls of one program, each in a process of its own."""

    def __init__(self, source: str, name: str, box: Sandbox, trusted: str) -> None:
        self._source, self._name, self._box, self._trusted = source, name, box, trusted

    def place(self, context: str, axes: Sequence[Any], n: int, seed: int, llm: Batch | None) -> object:
        """Ask for positions."""
        return self._ask("place", {"context": context, "axes": axes, "n": n, "seed": seed}, n, llm)

    def portray(
        self,
        context: str,
        axes: Sequence[Any],
        people: Sequence[Any],
        seed: int,
        llm: Batch | None,
        feedback: Mapping[str, Any] | None = None,
    ) -> object:
        """Ask for portraits."""
        given = {"context": context, "axes": axes, "people": people, "seed": seed, "feedback": feedback}
        return self._ask("portray", given, len(people), llm)

    def density(self, axes: Sequence[Any], points: Sequence[Any]) -> object:
        """Ask for the placement density."""
        return self._ask("density", {"axes": axes, "points": points}, len(points), None)

    def _ask(self, function: str, arguments: Mapping[str, Any], people: int, llm: Batch | None) -> object:
        limits = Limits(
            seconds=_SECONDS + _SECONDS_EACH * people,
            cpu_seconds=_SECONDS + _SECONDS_EACH * people,
            memory_mib=_MEMORY_MIB,
            result_mib=_RESULT_MIB + _RESULT_MIB_EACH * people,
            model_prompts=_PROMPTS + _PROMPTS_EACH * people if llm is not None else 0,
        )
        outcome = self._box.run(self._source, [Call(function=function, arguments=arguments)], llm, limits=limits)
        if outcome.status is not Status.OK:
            raise self.failed(f"{function}() to return", outcome.status, outcome.reason)
        return outcome.results[0]

    def failed(self, expected: str, status: Status, reason: str) -> InputError:
        """Return the error that says how a call ended."""
        more = f" To run it as code that you trust, in this process, write {self._trusted}." if self._trusted else ""
        hint = f"{reason[:1].upper()}{reason[1:]}." + (more if status is Status.POLICY_REJECTED else "")
        return InputError(f"generator {self._name!r}", expected, str(status), hint)
