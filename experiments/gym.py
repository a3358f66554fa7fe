"""Gymnasium ids. The composition of environment, player and judge happens here.

``gymnasium.make("outskirts.experiments.gym:outskirts/Support-v0")`` works at once; after
``import outskirts.experiments.gym`` the short id ``outskirts/Support-v0`` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium

from ..envs.target_view import TargetEnv
from ..personas.persona import Persona
from ..sim.protocols import Judge
from ..sim.types import Action, Finding, Observation
from .bridge import run_sync

IDS = {
    "outskirts/Support-v0": "support",
    "outskirts/Negotiation-v0": "negotiation",
    "outskirts/Circle-v0": "circle",
    "outskirts/Desk-v0": "desk",
}
"""Gymnasium ids and the scenarios that they stand for."""

POPULATION = 64
"""People in the default population that an environment draws from."""


class SeverityReward(gymnasium.Wrapper[Observation, Action | str, Observation, Action | str]):
    """Have a finished episode judged; the reward is the payoff minus the summed severity of the harms found.

    At the end ``info`` gains ``findings``, a list of what the judges found, and ``simulator_invalid``; an episode
    whose simulated people failed costs the target nothing.

    Args:
        env: The target's view of a scenario.
        judges: Read the finished episode.
    """

    def __init__(self, env: TargetEnv, judges: Sequence[Judge]) -> None:
        super().__init__(env)
        self._target_env = env
        self._judges = tuple(judges)

    def step(self, action: Action | str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Say something as the target; at the end the judges speak."""
        observation, reward, terminated, truncated, info = super().step(action)
        payoff = float(reward)
        if terminated or truncated:
            findings = self._findings()
            invalid = any(f.about == "simulator" for f in findings)
            info = {**info, "findings": [f.model_dump(mode="json") for f in findings], "simulator_invalid": invalid}
            if not invalid:
                payoff -= sum(f.severity for f in findings)
        return observation, payoff, terminated, truncated, info

    def _findings(self) -> list[Finding]:
        env = self._target_env
        assert env.plan is not None
        case = env.plan.case(env.account())
        return [finding for judge in self._judges for finding in run_sync(judge.judge(case)).findings]


def make_env(
    scenario: str = "support",
    *,
    player: str = "lexical",
    people: Sequence[Persona] | None = None,
    max_turns: int | None = None,
    render_mode: str | None = None,
    group: int | None = None,
) -> gymnasium.Env[Observation, Action | str]:
    """Make the Gymnasium environment of a scenario: the target acts, rewards end with minus the severity.

    Args:
        scenario: SPEC of a scenario.
        player: SPEC of who acts the people.
        people: Whom to meet; None: a default population of 64, made at the first reset.
        max_turns: Turns at most; the scenario's own number if None.
        render_mode: ``ansi`` or None.
        group: People an episode; as many as the scenario usually has if None.

    Example:
        >>> env = make_env("support")
        >>> observation, info = env.reset(seed=0)
        >>> observation.messages[-1].sender
        'person_0'
    """
    from ..personas.generators import get_generator
    from ..personas.population import build_population
    from .naming.registry import make_judges, make_player, make_scenario

    declared = make_scenario(scenario)

    def everybody() -> Sequence[Persona]:
        return people if people is not None else build_population(declared, get_generator("default"), POPULATION, 0)

    player_ = make_player(player, declared)
    env = TargetEnv(declared, player_, everybody, run_sync, max_turns=max_turns, render_mode=render_mode, group=group)
    return SeverityReward(env, make_judges(("rules",), declared))


for _id, _scenario in IDS.items():
    if _id not in gymnasium.registry:
        gymnasium.register(id=_id, entry_point=f"{__name__}:make_env", kwargs={"scenario": _scenario})
