"""All attacks, one after another, each reported: ``python -m tests.personas.sandbox.campaign [--json]``."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from outskirts.personas.sandbox.box import Sandbox
from outskirts.personas.sandbox.outcomes import line
from outskirts.personas.sandbox.protocol import Call, Job, Limits
from outskirts.sim.errors import InputError

from .arena import Arena
from .attack import LIFE, Attack
from .attacks_files import FILES, NETWORK, SIGNALS
from .attacks_processes import PROCESSES, RESOURCES
from .attacks_results import RESULTS

ATTACKS = {attack.name: attack for attack in (*FILES, *NETWORK, *SIGNALS, *PROCESSES, *RESOURCES, *RESULTS)}
JOB = Job(context="a talk", axes=({"name": "trust", "low": "no", "high": "yes"},), n=3, seed=0)
GRACE = 3.0
"""Seconds that a call may take beyond its limit, on a busy machine."""

GOOD = """
def place(context, axes, n, seed, llm):
    return [{axis["name"]: i / n for axis in axes} for i in range(n)]
def portray(context, axes, people, seed, llm, feedback=None):
    mine = "ANOTHER-candidate-TOKEN"
    return [{"name": p["id"], "description": mine} for p in people]
"""


@dataclass(frozen=True)
class Report:
    """What came of one attack."""

    name: str
    ran: bool
    problems: tuple[str, ...]  # effects, a wrong end, too long; empty: it was held
    status: str = ""
    reason: str = ""

    @property
    def held(self) -> bool:
        """Whether it ran and came to nothing."""
        return self.ran and not self.problems


class Campaign:
    """One sandbox under attack. Use :func:`campaign`."""

    def __init__(self, arena: Arena, without: tuple[str, ...] = ()) -> None:
        self.arena = arena
        self.refusal = ""
        # A layer of no known name is none; it puts the token into the command line, by which processes are found.
        self.box = Sandbox(policy=False, unsafe=bool(without), without=(arena.token, *without))
        try:
            self.box.start()
        except InputError as error:
            self.refusal = str(error)

    @property
    def layers(self) -> str:
        """Which layers were there."""
        return self.refusal or f"{self.box.layers.level}; absent: {', '.join(self.box.layers.missing) or 'none'}"

    def run(self, attack: Attack) -> Report:
        """Run one attack, and a harmless program before and after it."""
        if self.refusal:
            return Report(attack.name, False, (f"was not run: {self.refusal}",))
        self.arena.begin()
        good = GOOD.replace("TOKEN", self.arena.token)
        assert self.box.run(good, [JOB]).status == "ok"
        zygote = self.zygote
        limits = Limits.model_validate(LIFE | dict(attack.limits))
        work = JOB if attack.job else Call(function="attack", arguments={"arena": self.arena.told(zygote)})
        began = time.monotonic()
        outcome = self.box.run(attack.source, [work], check=attack.check, limits=limits)
        seconds = time.monotonic() - began
        problems = self.arena.effects(zygote, outcome.results, attack.secret)
        if outcome.status not in attack.ends:
            problems.append(f"ended {outcome.status} ({outcome.reason}), expected {' or '.join(attack.ends)}")
        if seconds > limits.seconds + GRACE:
            problems.append(f"took {seconds:.1f} s")
        if outcome.reason != line(outcome.reason):
            problems.append("its reason is not fit for a terminal")
        if self.zygote != zygote or self.box.run(good, [JOB]).status != "ok":
            problems.append("the zygote was hurt")
        return Report(attack.name, True, tuple(problems), str(outcome.status), outcome.reason)

    @property
    def zygote(self) -> int:
        """Id of the zygote, -1 if it is gone."""
        return -1 if self.box._zygote is None else self.box._zygote.pid


@contextmanager
def campaign(*without: str) -> Iterator[Campaign]:
    """Open an arena and a sandbox to attack; processes that got out are ended.

    Args:
        without: Layers to do without, to see that the arena notices.
    """
    with Arena() as arena:
        made = Campaign(arena, without)
        try:
            yield made
        finally:
            made.box.close()
            arena.sweep()


def table(reports: list[Report], layers: str) -> str:
    """Return which attacks ran, how each ended, and which layers were there."""
    who = f"uid {os.geteuid()}, {platform.system()} {platform.release()} {platform.machine()}, layers: {layers}"
    rows = [f"{'held' if r.held else 'OPEN' if r.ran else 'NOT RUN':<8}{r.name:<48}{r.status:<16}{r.reason[:60]}" for r in reports]
    return "\n".join([who, *rows])


def main() -> None:
    """Run everything and print it."""
    with campaign() as made:
        reports = [made.run(attack) for attack in ATTACKS.values()]
        layers = made.layers
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"uid": os.geteuid(), "layers": layers, "reports": [asdict(report) for report in reports]}))
    else:
        sys.stdout.write(table(reports, layers) + "\n")
        for report in reports:
            if report.problems:
                sys.stdout.write("\n  ".join((report.name, *report.problems)) + "\n")


if __name__ == "__main__":
    main()
