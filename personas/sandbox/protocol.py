"""What is asked of a program in the sandbox, and every way it can end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from pydantic import Field

from ...sim.types import Frozen
from ..asking import Batch


class Status(StrEnum):
    """How a call ended."""

    OK = "ok"
    POLICY_REJECTED = "policy_rejected"
    ERROR = "error"  # the program raised
    TIMEOUT = "timeout"
    CPU_LIMIT = "cpu_limit"
    MEMORY = "memory"
    CRASHED = "crashed"  # by a signal
    OUTPUT_FLOOD = "output_flood"
    INVALID_RESULT = "invalid_result"
    NONDETERMINISTIC = "nondeterministic"
    SANDBOX_UNAVAILABLE = "sandbox_unavailable"


class Limits(Frozen):
    """What one call may use."""

    seconds: float = Field(default=20.0, gt=0)  # wall time, the language model's share left out
    cpu_seconds: float = Field(default=15.0, gt=0)
    memory_mib: int = Field(default=1024, ge=64)
    result_mib: float = Field(default=4.0, gt=0)
    output_kib: int = Field(default=64, ge=0)
    model_prompts: int = Field(default=0, ge=0)  # prompts to the language model


class Job(Frozen):
    """One population: placed, then portrayed, people with ids "p0000", "p0001", ..."""

    context: str
    axes: tuple[Mapping[str, Any], ...]
    n: int
    seed: int


class Call(Frozen):
    """One function of the program with plain JSON arguments."""

    function: str  # "place", "portray" or "density"
    arguments: Mapping[str, Any]


class People(Frozen):
    """What a program returned for a :class:`Job`: plain JSON, in shape, finite; not yet checked against the axes."""

    positions: tuple[Mapping[str, float], ...]
    portraits: tuple[Mapping[str, Any], ...]


class Outcome(Frozen):
    """How a call ended and what it returned: one result for each job or call, nothing unless ``ok``."""

    status: Status
    reason: str = ""  # in a line, fit for a terminal
    results: tuple[Any, ...] = ()  # People for a Job, the value for a Call
    prompts: int = 0  # sent to the language model
    seconds: float = 0.0


class Runner(Protocol):
    """Runs programs. The sandbox is one; tests may use another."""

    def run(self, source: str, work: Sequence[Job | Call], llm: Batch | None = None) -> Outcome:
        """Run one program on all of the work, in one process of its own."""
        ...
