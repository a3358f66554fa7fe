"""A runner without any protection, for programs that stand in these tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from outskirts.personas.sandbox.protocol import Job, Outcome, People, Status


class UnprotectedRunnerInThisProcess:
    """Runs programs by ``exec`` in this very process, with everything that it may do; takes note of what it ran."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, int]] = []  # source and number of jobs
        self.closed = False

    def run(self, source: str, work: Sequence[Job], llm: Callable[[list[str]], list[str]] | None = None) -> Outcome:
        self.ran.append((source, len(work)))
        if "import os" in source:
            return Outcome(status=Status.POLICY_REJECTED, reason="line 1: import of os")
        prompts: list[str] = []

        def ask(batch: list[str]) -> list[str]:
            prompts.extend(batch)
            assert llm is not None
            return llm(batch)

        space: dict[str, object] = {}
        try:
            exec(source, space)
            results = [_made(space, job, ask if llm else None) for job in work]
        except Exception as error:
            return Outcome(status=Status.ERROR, reason=f"{type(error).__name__}: {error}", prompts=len(prompts))
        return Outcome(status=Status.OK, results=tuple(results), prompts=len(prompts))

    def close(self) -> None:
        self.closed = True


def _made(space: dict[str, object], job: Job, llm: object) -> People:
    axes = [dict(axis) for axis in job.axes]
    positions = space["place"](job.context, axes, job.n, job.seed, llm)
    people = [{"id": f"p{i:04d}", "position": position} for i, position in enumerate(positions)]
    return People(positions=tuple(positions), portraits=tuple(space["portray"](job.context, axes, people, job.seed, llm)))


NUMBERS = """
import random

def place(context, axes, n, seed, llm):
    draw = random.Random(seed)
    return [{axis["name"]: draw.random() for axis in axes} for _ in range(n)]

def portray(context, axes, people, seed, llm, feedback=None):
    said = lambda x: ", ".join(f"{name}: {value:.3f}" for name, value in x.items())
    return [{"name": p["id"], "description": f"Of all days of my life I tell this one: {said(p['position'])}."} for p in people]
"""
"""Says where everybody stands, in numbers that the planted respondent reads."""

SAME = NUMBERS.replace("said(p['position'])", "'it was a day like any other'")
"""Everybody says the same."""

FRAIL = "calls = []\n" + NUMBERS.replace(
    "draw = random.Random(seed)",
    "calls.append(1)\n    draw = random.Random(seed)\n    axes = axes[: -1 if len(axes) > LEAST else None]",
)
"""Breaks the contract where there are more axes than LEAST, which is put in front."""

ASKING = NUMBERS.replace(
    "    said = lambda", "    told = llm([f\"Who is {p['id']}?\" for p in people])\n    assert len(told) == len(people)\n    said = lambda"
)
"""Asks a language model about everybody."""


def never_answers(messages: list[dict[str, str]]) -> str:
    """Be a target that fails."""
    raise OSError("gone")
