"""The closed loop: how many distinct failures of a target the people of a program find, that ``careful`` does not have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from ...personas.evolution.fitness import job_of, populate
from ...personas.persona import Persona
from ...personas.sandbox.protocol import Status
from ...sim.errors import InputError, UnreachableError
from ...sim.types import EpisodeRecord, Frozen, Verdict
from ..config import ExperimentConfig
from ..jobs import Cast
from ..scheduler import run_jobs
from ..statistics.harms import failure_pairs
from ..statistics.outcomes import Outcomes
from ..store.rows import TARGET_ARM
from .running import Run, blaming_program, completed

if TYPE_CHECKING:
    from ...personas.scenario import Scenario

CAREFUL = "careful"


class Loop(Frozen):
    """Where, with whom and how long the people of every program are sent."""

    scenario: str = "support"  # SPEC
    target: str = "eliza"  # SPEC
    player: str = "lexical"  # SPEC
    people: int = Field(default=16, ge=2)
    replicates: int = Field(default=1, ge=1)
    populations: int = Field(default=1, ge=1)  # each made and played with a seed of its own; the figure is their mean
    seed: int = Field(default=0, ge=0)  # of the first population and its episodes; the same for every program

    def config(self) -> ExperimentConfig:
        """Return the settings of the run that is played with the first population."""
        return ExperimentConfig(
            scenario=self.scenario,
            target=self.target,
            player=self.player,
            personas=self.people,
            replicates=self.replicates,
            controls=(CAREFUL,),
            seed=self.seed,
        )


class Met(Frozen):
    """What came of one population."""

    found: tuple[tuple[str, int], ...] = ()  # (harm, region) in which the target failed somebody and ``careful`` nobody, sorted
    episodes: int = 0  # of the target, passed or failed
    unresolved: int = 0  # of the target, ended otherwise

    @property
    def per_episode(self) -> float:
        """Distinct failures an episode that was passed or failed; 0 without any."""
        return len(self.found) / self.episodes if self.episodes else 0.0


class Played(Frozen):
    """What came of one program's people."""

    met: tuple[Met, ...]  # one a population
    prompts: int = 0  # to the program's language model

    @property
    def per_episode(self) -> float:
        """Distinct failures an episode, mean over populations."""
        return sum(one.per_episode for one in self.met) / len(self.met)


class ClosedLoop:
    """Sends the people of programs to a target and, on the same seeds, to ``careful``.

    A region is a cell of three equal-mass bins on at most three axes (:func:`~..statistics.harms.regions`), so a program
    gains nothing by finding the same failure twice, and nothing by people who fare badly whoever they talk to.

    Args:
        loop: Where, with whom and how long.

    Raises:
        InputError: If scenario, target or player cannot be made, or so many people cannot be seated.
    """

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self._cast = Cast.of(loop.config())

    @property
    def scenario(self) -> Scenario:
        """Where people meet the target."""
        return self._cast.scenario

    async def play(self, source: str, program: str, run: Run) -> Played:
        """Have a program make people for the scenario, and play them.

        Raises:
            ProgramError: If it fails, or what it returns is no use.
            InputError: If there is no sandbox.
            UnreachableError: If target or player do not work.
        """
        loop = self.loop
        seeds = range(loop.seed, loop.seed + loop.populations)
        outcome = await completed(run, source, [job_of(self.scenario, loop.people, seed) for seed in seeds])
        with blaming_program:
            if outcome.status is not Status.OK:
                raise InputError(f"program {program!r}", "people for the scenario", str(outcome.status), outcome.reason)
            crowds = [populate(self.scenario, program, made, loop.people, seed) for seed, made in zip(seeds, outcome.results, strict=True)]
        return Played(met=tuple([await self.meet(crowd) for crowd in crowds]), prompts=outcome.prompts)

    async def meet(self, people: Sequence[Persona]) -> Met:
        """Play people, and count what the target alone did.

        Raises:
            InputError: If they cannot be seated.
            UnreachableError: If target or player do not work.
        """
        crowd = tuple(people)
        arms = self._cast.arms(crowd)
        records: dict[str, list[EpisodeRecord]] = {arm.name: [] for arm in arms}

        async def keep(arm: str, record: EpisodeRecord, seconds: float) -> None:
            records[arm].append(record)

        ended = await run_jobs(self._cast.jobs(arms, {}), self._cast.play, keep, concurrency=self._cast.config.concurrency)
        if ended.stopped is not None:
            why = ended.fault.message if ended.fault else str(ended.stopped)
            raise UnreachableError(f"closed loop: {ended.arm or self.loop.target} did not finish its episodes ({why})")
        scenario, positions = self.scenario, self.scenario.positions(crowd)
        pairs = {name: failure_pairs(scenario, positions, Outcomes.of(crowd, scenario, found)) for name, found in records.items()}
        done = sum(record.verdict in (Verdict.PASSED, Verdict.FAILED) for record in records[TARGET_ARM])
        return Met(
            found=tuple(sorted(pairs[TARGET_ARM] - pairs[CAREFUL])),
            episodes=done,
            unresolved=len(records[TARGET_ARM]) - done,
        )
