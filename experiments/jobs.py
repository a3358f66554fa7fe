"""From settings and people to the episodes of a run, and how one is played."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ..envs.conversation import ConversationEnv
from ..personas.casting import plan_episode
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.errors import InputError
from ..sim.loop import EpisodePlan, Timeouts, run_episode
from ..sim.protocols import Judge, Player, Respondent, Target
from ..sim.types import EpisodeRecord
from .config import ExperimentConfig
from .registry import in_field, make_generator, make_judges, make_player, make_respondent, make_scenario, make_target
from .rows import TARGET_ARM


@dataclass(frozen=True, slots=True)
class EpisodeJob:
    """One episode to play."""

    arm: str
    plan: EpisodePlan
    people: tuple[Persona, ...]

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
        targets: The system under test and the controls, by arm.
        player: Acts the people.
        judges: Read the episodes.
        respondent: Answers the questionnaire as the people.
    """

    config: ExperimentConfig
    scenario: Scenario
    targets: Mapping[str, Target]
    player: Player
    judges: tuple[Judge, ...]
    respondent: Respondent

    @classmethod
    def of(cls, config: ExperimentConfig, target: object | None = None) -> Cast:
        """Make everybody that the settings name.

        Args:
            config: The run's settings.
            target: The system under test itself, where the caller holds it; else it is made of ``config.target``.

        Raises:
            InputError: If something cannot be made of its SPEC, or the regime does not fit the scenario.
        """
        scenario = make_scenario(config.scenario)
        if config.information != "private" and all(r.at_most < 2 for r in scenario.roles if r.acts == "persona"):
            hint = f"The scenario {scenario.name} seats one person; regimes differ only where several people know different things."
            raise InputError("information", "private", config.information, hint)
        targets = {TARGET_ARM: make_target(config.target if target is None else target, scenario)}
        for name in config.controls:
            targets[name] = in_field("controls", partial(make_target, name, scenario))
        if config.beside is not None:  # a wrong one is refused now, and not after the first run
            in_field("beside", lambda: make_generator(str(config.beside)))
        return cls(
            config,
            scenario,
            targets,
            player=make_player(config.player, scenario),
            judges=tuple(make_judges(config.judge, scenario)),
            respondent=make_respondent(config.respondent, scenario.questionnaire),
        )

    @property
    def turns(self) -> int:
        """Turns an episode, at most."""
        return self.config.turns or self.scenario.turns

    def settings(self, arm: str) -> str:
        """Return whatever else affects the results of an arm, as canonical JSON; part of each episode's key."""
        target = self.config.target if arm == TARGET_ARM else arm
        judges = [f"{judge.name}@{judge.version}" for judge in self.judges]
        return json.dumps({"target": target, "player": self.config.player, "judges": judges}, sort_keys=True)

    def jobs(self, people: Sequence[Persona], done: Mapping[str, set[str]]) -> Iterator[EpisodeJob]:
        """Yield the episodes that are not done: arm by arm, replicate by replicate, everybody in turn."""
        config = self.config
        for arm in self.targets:
            settings, finished = self.settings(arm), done.get(arm, set())
            for replicate in range(config.replicates):
                for person in people:
                    plan = plan_episode(
                        self.scenario,
                        (person,),
                        seed=config.seed,
                        replicate=replicate,
                        turns=self.turns,
                        information=config.information,
                        settings=settings,
                    )
                    if plan.key not in finished:
                        yield EpisodeJob(arm, plan, (person,))

    async def play(self, job: EpisodeJob) -> EpisodeRecord:
        """Play one episode to its verdict."""
        environment = ConversationEnv(self.scenario, job.people, information=job.plan.information, max_cycles=job.plan.turns)
        waits = Timeouts(target=self.config.target_timeout)
        return await run_episode(job.plan, environment, self.targets[job.arm], self.player, self.judges, waits)
