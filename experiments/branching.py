"""The branches of a run: where the target's episodes are continued in other ways, round by round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ..agents.drycall import GREETING
from ..personas.scenario import Scenario
from ..sim.branching import KeptTarget, Steerable, branch_plan, can_branch, is_stateless, retrace, run_branch
from ..sim.errors import ActorFault, InputError
from ..sim.loop import EpisodePlan
from ..sim.protocols import Target
from ..sim.types import Brief, EpisodeRecord
from .arms import BRANCHES, Arm
from .jobs import Cast, EpisodeJob
from .statistics.harms import regions
from .statistics.promise import Options, Pick, Promise, Trail
from .store.rows import TARGET_ARM
from .store.store import RunStore

SHORTLIST = 12
"""Trunks of each region whose people are asked, turn by turn, what they could do."""

_HOW = (
    "A branch does not tell it again what was said before. Built in, eliza, guarded-eliza, careful, mute and a scenario's own targets can do "
    "that. A function or Runnable whose reply depends on the messages alone may say so: python:bot.py:reply?stateless=true, or in Python "
    "reply.stateless = True. What remembers has to offer fork(stream) on its actors or, if it is a class of callables, fork() on its instances."
)


@dataclass(frozen=True)
class BranchJob:
    """One branch to play."""

    trunk: EpisodeJob
    plan: EpisodePlan
    pick: Pick

    @property
    def arm(self) -> str:
        """Name of the arm that the branch belongs to."""
        return BRANCHES

    @property
    def key(self) -> str:
        """Key of the branch's record."""
        return self.plan.key


def branching_target(target: Target, scenario: Scenario) -> Target:
    """Return the target as it has to play episodes that are continued later.

    Raises:
        InputError: If its episodes cannot be branched; it says which targets' can.
    """
    agent = scenario.agent("target")
    brief = Brief(agent=agent, scenario=scenario.name, episode=GREETING, turns=1, context=scenario.target_context, tools=scenario.tools)
    if not can_branch(target, brief):
        raise InputError("branch", "a target that is stateless or offers fork(stream)", target.name, _HOW)
    return target if is_stateless(target) else KeptTarget(target)


@dataclass
class Branching:
    """Plans the branches of a run.

    A round is planned from the trunks and the branches of the rounds before it alone, once all of these are in the store.
    So neither the order of playing nor an interruption changes who is continued where, and planning a round again gives the
    same.

    Args:
        cast: Who takes part.
        arm: The arm whose episodes are the trunks.
        store: The run's episodes.
    """

    cast: Cast
    arm: Arm
    store: RunStore
    _trunks: list[Trail] = field(default_factory=list)
    _options: dict[tuple[str, int], Options] = field(default_factory=dict)
    _retraced: set[str] = field(default_factory=set)

    async def rounds(self) -> list[BranchJob]:
        """Return the branches of the first round that is not all in the store; none if all of them are, or nothing is promised."""
        jobs = {job.key: job for job in self.cast.jobs([self.arm], {})}
        if not self._trunks:  # they are all there, and stay as they are
            self._trunks += [trail for trail in map(Trail.of, self._records(TARGET_ARM)) if trail is not None and trail.key in jobs]
        branches = {trail.key: trail for trail in map(Trail.of, self._records(BRANCHES)) if trail is not None}
        done = self.store.done(BRANCHES)
        scenario, people = self.cast.scenario, self.arm.people
        cells = dict(zip([p.id for p in people], regions(scenario, scenario.positions(people)).tolist(), strict=True))
        ends = [move.name for move in scenario.moves if move.ends]
        harms = [harm.name for harm in scenario.harms]
        numbers: Counter[str] = Counter()
        played: list[Trail] = []
        asked: set[str] = set()
        for left in reversed(range(self.cast.config.branch or 0)):
            promise = Promise(harms, cells, ends, self._trunks, played)
            asked.update(promise.shortlist(SHORTLIST))
            await self._ask(asked, jobs)
            planned = []
            for pick in promise.choose({at: moves for at, moves in self._options.items() if at[0] in asked}):
                numbers[pick.trunk] += 1
                job = jobs[pick.trunk]
                planned.append(BranchJob(job, branch_plan(job.plan, pick.turn, numbers[pick.trunk], pick.move), pick))
            open_jobs = [job for job in planned if job.key not in done]
            if open_jobs:
                self.keep({job.pick.trunk for job in open_jobs}.union(promise.branchable() if left else ()))
                return open_jobs
            if not planned:
                break
            played += [branches[job.key] for job in planned if job.key in branches]
        self.keep(())
        return []

    def keep(self, trunks: Collection[str]) -> None:
        """Let go of the copies of the target from all trunks but these."""
        if isinstance(self.arm.target, KeptTarget):
            self.arm.target.keep(trunks)

    def turns(self, job: BranchJob) -> int:
        """Return the turns in which a branch may call the target: its own, or all where the target has to hear the beginning again."""
        target = self.arm.target
        again = isinstance(target, KeptTarget) and target.at(job.pick.trunk, job.pick.turn) is None
        return job.plan.turns - (0 if again else job.pick.turn)

    def _records(self, arm: str) -> Iterator[EpisodeRecord]:
        return (record for _, record in self.store.records(arm))

    async def _ask(self, trunks: Collection[str], jobs: Mapping[str, EpisodeJob]) -> None:
        """Ask the people of these trunks what they could do at each turn, unless they have said so."""
        for key in sorted(trunks):
            if key not in self._retraced:
                self._retraced.add(key)
                self._options.update(await self._of(jobs[key]))

    async def _of(self, job: EpisodeJob) -> dict[tuple[str, int], Options]:
        """Return what could be done at each turn of a trunk by whoever speaks first in it; nothing if it cannot be retraced."""
        _, record = self.store.get(job.key, TARGET_ARM)
        environment = self.cast.room(job)
        out: dict[tuple[str, int], Options] = {}
        actors = None
        for turn in range(1, record.turns):
            try:
                actors = await retrace(job.plan, record, turn, environment, self.cast.player, self.cast.waits, actors=actors)
            except ActorFault:
                return out  # its people do not repeat themselves; a branch would say so, for what it costs
            first = environment.agent_selection
            speaker = actors.get(first)
            steered = first != job.plan.target and isinstance(speaker, Steerable)
            out[job.key, turn] = speaker.options(environment.observe(first)) if steered and isinstance(speaker, Steerable) else {"": 1.0}
        return out

    async def play(self, job: BranchJob) -> EpisodeRecord:
        """Play a branch to its verdict."""
        _, record = self.store.get(job.pick.trunk, TARGET_ARM)
        return await play_branch(self.cast, job.trunk, job.plan, record)

    def trunk(self, job: BranchJob) -> str:
        """Return the JSON of the episode that a branch continues."""
        return self.store.get(job.pick.trunk, TARGET_ARM)[1].model_dump_json()


async def play_branch(cast: Cast, trunk: EpisodeJob, plan: EpisodePlan, record: EpisodeRecord) -> EpisodeRecord:
    """Play a branch to its verdict.

    Args:
        cast: Who takes part.
        trunk: The episode that is continued.
        plan: Of the branch.
        record: The trunk as it was played.
    """
    return await run_branch(trunk.plan, record, plan, cast.room(trunk), trunk.sent.target, cast.player, cast.judges, cast.waits)
