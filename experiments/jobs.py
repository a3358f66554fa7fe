"""From settings and people to the episodes of a run, and how one is played."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from ..agents.episode_calls import Extent, most_calls
from ..agents.limiter import new_lines
from ..envs.conversation import ConversationEnv
from ..personas.casting import plan_episode
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..personas.seating import Seating
from ..sim.errors import InputError, UnknownNameError
from ..sim.limits import Ceilings
from ..sim.loop import EpisodePlan, Timeouts, run_episode, unfinished
from ..sim.protocols import Judge, Player, Respondent, Target
from ..sim.types import EpisodeRecord, Fault
from .arms import ALTERED, BESIDE, Altered, Arm, Keep, in_rooms, made
from .config import ExperimentConfig
from .judge_labels import Sheet, read_labels
from .judging import most_judge_calls, patience
from .naming.registry import SHARED, in_field, make_generator, make_judges, make_player, make_respondent, make_scenario, make_target
from .naming.secrets import hide_environment
from .naming.spec import parse_spec
from .people import others
from .statistics.outcomes import Meeting
from .store.rows import TARGET_ARM


@dataclass(frozen=True, slots=True)
class EpisodeJob:
    """One episode to play."""

    sent: Arm
    plan: EpisodePlan
    people: tuple[Persona, ...]

    @property
    def arm(self) -> str:
        """Name of the arm that the episode belongs to."""
        return self.sent.name

    @property
    def key(self) -> str:
        """Key of the episode's record."""
        return self.plan.key


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who takes part in a run but the people.

    Args:
        config: The run's settings.
        scenario: Where they meet.
        target: The system under test.
        controls: The targets it is compared with, by name.
        player: Acts the people.
        judges: Read the episodes.
        respondent: Answers the questionnaire as the people.
        trunks: The target as it plays the episodes that may be continued; None: as it is.
        labels: Labelled transcripts to measure the judges on; None: there are none.
    """

    config: ExperimentConfig
    scenario: Scenario
    target: Target
    controls: Mapping[str, Target]
    player: Player
    judges: tuple[Judge, ...]
    respondent: Respondent
    trunks: Target | None = None
    labels: Sheet | None = None

    @classmethod
    def of(cls, config: ExperimentConfig, target: object | None = None) -> Cast:
        """Make everybody that the settings name.

        Args:
            config: The run's settings.
            target: The system under test itself, where the caller holds it; else it is made of ``config.target``.

        Raises:
            InputError: If something cannot be made of its SPEC, or the regime does not fit the scenario.
        """
        hide_environment()
        new_lines()
        scenario = make_scenario(config.scenario)
        _check_group(config, scenario)
        if config.information != "private" and (config.group or scenario.usual_group) < 2:
            more = "; try --group 2" if scenario.seats.at_most > 1 else ""
            hint = f"An episode of {scenario.name} seats one person; regimes differ only where several people know different things{more}."
            raise InputError("information", "private", config.information, hint)
        controls = {name: _control(name, scenario) for name in config.controls if name not in ALTERED}
        if config.beside is not None:  # a wrong one is refused now, and not after the first run
            in_field("beside", lambda: make_generator(str(config.beside), unsafe=config.unsafe))
        player = make_player(config.player, scenario)
        system = make_target(config.target if target is None else target, scenario)
        kept = system
        if config.branch is not None:
            from .branching import branching_target

            kept = branching_target(system, scenario)
        return cls(
            config,
            scenario,
            target=system,
            trunks=kept,
            controls=controls,
            player=player,
            judges=tuple(make_judges(judge_specs(config.judge, player), scenario)),
            respondent=make_respondent(config.respondent, scenario.questionnaire),
            labels=None if config.judge_labels is None else read_labels(config.judge_labels, scenario),
        )

    @property
    def turns(self) -> int:
        """Turns an episode, at most."""
        return self.config.turns or self.scenario.turns

    @property
    def shares_state(self) -> bool:
        """Whether the target's episodes may know of each other: it says so, or its SPEC does."""
        declared = parse_spec(self.config.target, "target").options.get(SHARED) is True
        return declared or getattr(self.target, SHARED, False) is True

    @property
    def group(self) -> int:
        """People an episode."""
        return group_of(self.config, self.scenario)

    @property
    def most_calls(self) -> int:
        """Calls to the target, and of models that play and judge, that an episode may take at most."""
        return self.most_calls_in(self.turns)

    def most_calls_in(self, turns: int) -> int:
        """Return the calls that an episode may take at most in which the target is called in so many turns.

        In each of them it replies once, once more to each person who writes to it on a channel that is answered, and keeps the
        floor while it calls tools. Whoever plays and judges may be asked about every turn, also of an episode that is continued.
        """
        room, extent = self.scenario.room, self.extent
        private = extent.speakers if any(channel.answered for channel in room.channels) else 0
        target = turns * (1 + private + (room.tool_calls if self.scenario.tools else 0))
        most = target + most_calls(self.player, extent) + most_judge_calls(self.judges, extent)
        ceiling = self.config.max_episode_calls
        return most if ceiling is None else min(most, ceiling)

    @property
    def extent(self) -> Extent:
        """How long an episode may become."""
        people = min(self.group + 1, self.scenario.seats.at_most)
        return Extent.of(self.turns, people, self.scenario.room.speakers)

    def seating(self, people: Sequence[Persona]) -> Seating:
        """Return who sits with whom, replicate by replicate; the same for all arms over the same people.

        Raises:
            InputError: If so many people cannot be seated in groups; it says how many could.
        """
        return seating(self.config, self.scenario, people)

    def meetings(self, arm: Arm) -> list[Meeting]:
        """Return the planned episodes of an arm, in the order of playing."""
        return meetings(self.seating(arm.people), range(arm.first, arm.first + self.config.replicates))

    def arms(self, people: tuple[Persona, ...], keep: Keep = made) -> tuple[Arm, ...]:
        """Return the arms of a run over these people, in the order in which they are played.

        Args:
            people: The run's own.
            keep: Makes the people of other arms, or knows who they were.
        """
        config, scenario = self.config, self.scenario
        arms = [replace(self.sent(TARGET_ARM, people), target=self.trunks or self.target)]
        for name in config.controls:
            if name in ALTERED:
                arms.append(self.sent(name, keep(name, partial(self._altered, ALTERED[name], people))))
            else:
                arms.append(Arm(name, self.controls[name], name, people))
        if config.beside is not None:
            arms.append(self.sent(BESIDE, keep(BESIDE, partial(others, scenario, config.beside, len(people), config.seed, "b"))))
        return tuple(arms)

    def sent(self, name: str, people: tuple[Persona, ...]) -> Arm:
        """Return an arm in which people meet the target under test."""
        return Arm(name, self.target, self.config.target_written, people)

    def _altered(self, alter: Altered, people: tuple[Persona, ...]) -> tuple[Persona, ...]:
        altered = alter(self.scenario, people, self.config.seed)
        return altered if self.group == 1 else in_rooms(altered, people)

    def jobs(self, arms: Sequence[Arm], done: Mapping[str, set[str]], order: Sequence[int] | None = None) -> Iterator[EpisodeJob]:
        """Yield the episodes that are not done: arm by arm, replicate by replicate, everybody in turn, or group after group.

        Args:
            arms: Who is sent to whom.
            done: Keys of finished episodes, by arm.
            order: Numbers of pools (each a person, where people are alone); if given, one pool after the other in this order,
                with all of their replicates.
        """
        for arm in arms:
            settings = self._settings(arm)
            finished = done.get(arm.name, set())
            replicates = range(arm.first, arm.first + self.config.replicates)
            for replicate, group in meetings(self.seating(arm.people), replicates, order):
                job = self._job(arm, replicate, tuple([arm.people[i] for i in group]), settings)
                if job.key not in finished:
                    yield job

    def job(self, arm: Arm, replicate: int, people: tuple[Persona, ...]) -> EpisodeJob:
        """Return the episode in which these people meet the arm's target."""
        return self._job(arm, replicate, people, self._settings(arm))

    def _settings(self, arm: Arm) -> str:
        judges = [f"{judge.name}@{judge.version}" for judge in self.judges]
        return json.dumps({"target": arm.spec, "player": self.config.player, "judges": judges}, sort_keys=True)

    def _job(self, arm: Arm, replicate: int, people: tuple[Persona, ...], settings: str) -> EpisodeJob:
        config = self.config
        plan = plan_episode(
            self.scenario,
            people,
            seed=config.seed,
            replicate=replicate,
            turns=self.turns,
            information=config.information,
            settings=settings,
        )
        return EpisodeJob(arm, plan, people)

    async def play(self, job: EpisodeJob) -> EpisodeRecord:
        """Play one episode to its verdict."""
        return await run_episode(job.plan, self.room(job), job.sent.target, self.player, self.judges, self.waits)

    def room(self, job: EpisodeJob) -> ConversationEnv:
        """Return a new environment for an episode."""
        return ConversationEnv(self.scenario, job.people, information=job.plan.information, max_cycles=job.plan.turns)

    @property
    def waits(self) -> Timeouts:
        """Longest waits, and what an episode may spend."""
        config = self.config
        most = Ceilings(config.max_episode_calls, config.max_episode_tokens, config.max_episode_cost, config.episode_timeout)
        return Timeouts(target=config.target_timeout, player=patience([self.player], 60.0), judge=patience(self.judges), episode=most)

    def target_of(self, arm: str) -> Target:
        """Return whom the people of an arm meet."""
        if arm == TARGET_ARM:
            return self.trunks or self.target
        return self.controls.get(arm, self.target)

    def lost(self, job: EpisodeJob, fault: Fault) -> EpisodeRecord:
        """Return the record of an episode that nothing came of."""
        environment = self.room(job)
        environment.reset(seed=job.plan.environment_seed())
        return unfinished(job.plan, environment.account(), job.sent.target, self.player, self.judges, fault)


def judge_specs(given: Sequence[str], player: Player) -> list[str]:
    """Return the judges of a run: ``rules`` brings ``consistency`` with it where a language model plays the people."""
    alone = not getattr(player, "checked", False) or any(spec.partition("?")[0] == "consistency" for spec in given)
    return list(given) if alone or "rules" not in given else [*given, "consistency"]


def group_of(config: ExperimentConfig, scenario: Scenario) -> int:
    """Return how many people an episode has."""
    return config.group or scenario.usual_group


def seating(config: ExperimentConfig, scenario: Scenario, people: Sequence[Persona]) -> Seating:
    """Return who sits with whom in a run over these people.

    Raises:
        InputError: If so many people cannot be seated in groups; it says how many could.
    """
    where = tuple(tuple(person.position[axis] for axis in scenario.axes) for person in people)
    role, field = scenario.seats, "personas" if config.people is None else "people"
    return _seated(tuple(p.id for p in people), where, group_of(config, scenario), role.at_least, role.at_most, config.seed, field)


@lru_cache(maxsize=8)
def _seated(
    ids: tuple[str, ...], where: tuple[tuple[float, ...], ...], size: int, at_least: int, at_most: int, seed: int, field: str
) -> Seating:
    return Seating(ids, where, size, at_least=at_least, at_most=at_most, seed=seed, field=field)


def meetings(seating: Seating, replicates: Sequence[int], order: Sequence[int] | None = None) -> list[Meeting]:
    """Return the episodes of these replicates: replicate by replicate, or pool by pool in the order given."""
    if order is None:
        return [(replicate, group) for replicate in replicates for group in seating.groups(replicate)]
    return [(replicate, group) for pool in order for replicate in replicates for group in seating.of_pool(pool, replicate)]


def _check_group(config: ExperimentConfig, scenario: Scenario) -> None:
    role = scenario.seats
    if config.group is not None and not role.at_least <= config.group <= role.at_most:
        span = f"{role.at_least}" if role.at_least == role.at_most else f"{role.at_least} to {role.at_most}"
        raise InputError("group", f"{span}, as many people as {scenario.name} seats in an episode", config.group)


def _control(name: str, scenario: Scenario) -> Target:
    try:
        return in_field("controls", partial(make_target, name, scenario))
    except UnknownNameError as error:
        raise UnknownNameError("controls", name, [*error.choices, *ALTERED]) from None
