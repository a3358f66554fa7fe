"""The target's view of a conversation as a Gymnasium environment: the target acts, a player acts the people."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, ClassVar

import gymnasium

from ..personas.casting import plan_episode
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.errors import InputError, UnknownNameError
from ..sim.loop import EpisodePlan
from ..sim.protocols import Actor, Player
from ..sim.types import Account, Action, Observation
from .conversation import ConversationEnv

Drive = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine to its end and returns its result; where that happens is the caller's business."""


class TargetEnv(gymnasium.Env[Observation, Action | str]):
    """Play the target against simulated people.

    Lifecycle: ``reset`` picks somebody and plays them up to the target's turn; each ``step`` is one reply of the
    target and plays the people up to its next turn. ``terminated`` means that they left, ``truncated`` that the
    turns are used up. Rewards are 0, or at the end the scenario's declared payoff.

    Args:
        scenario: The declared domain.
        player: Acts the people.
        people: Whom to draw from at each reset, uniformly; a sequence, or a function that makes it when first needed.
        drive: Runs the player's coroutines.
        max_turns: Turns at most; the scenario's own number if None.
        render_mode: ``ansi`` makes ``render`` return the transcript.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["ansi"], "render_fps": 1}  # type: ignore[misc]

    def __init__(
        self,
        scenario: Scenario,
        player: Player,
        people: Sequence[Persona] | Callable[[], Sequence[Persona]],
        drive: Drive,
        *,
        max_turns: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.scenario = scenario
        self.render_mode = render_mode
        self.plan: EpisodePlan | None = None
        self._player = player
        self._people = people
        self._drive = drive
        self._max_turns = scenario.turns if max_turns is None else max_turns
        self._actors: dict[str, Actor] = {}
        self._env: ConversationEnv | None = None
        target = scenario.agent("target")
        probe = ConversationEnv(scenario, max_cycles=self._max_turns)
        self.observation_space = probe.observation_space(target)
        self.action_space = probe.action_space(target)
        self._target = target

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observation, dict[str, Any]]:
        """Meet somebody new.

        Args:
            seed: Decides who comes and everything they do, now and at later resets. None: the generator
                ``np_random`` goes on; at the first reset it is seeded by the operating system.
            options: ``{"persona": id}`` chooses the person.

        Returns:
            What the target sees, and ``{"episode": key}``.

        Raises:
            InputError: If there is nobody to meet, or the options are no mapping; ``UnknownNameError`` if they hold
                another key, or nobody has this id.
        """
        everyone = self._everyone()
        chosen = _chosen(options, everyone)
        super().reset(seed=seed)
        index = int(self.np_random.integers(len(everyone)))  # drawn in any case: a choice does not change who comes later
        episode_seed = int(self.np_random.integers(2**62))
        person = everyone[index] if chosen is None else chosen
        self.plan = plan_episode(self.scenario, [person], seed=episode_seed, turns=self._max_turns)
        self._env = ConversationEnv(self.scenario, [person], max_cycles=self._max_turns, render_mode=self.render_mode)
        self._env.reset(seed=self.plan.environment_seed())
        self._actors = {}
        self._play_people()
        return self._env.observe(self._target), {"episode": self.plan.key}

    def _everyone(self) -> Sequence[Persona]:
        if callable(self._people):
            self._people = self._people()
        if not self._people:
            raise InputError("people", "at least one person", 0)
        return self._people

    def step(self, action: Action | str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Say something as the target and hear what follows.

        Raises:
            RuntimeError: Before ``reset``, or after the episode has ended.
            InvalidActionError: If the action is no usable text.
        """
        env = self._env
        if env is None or not env.agents:
            raise RuntimeError("step: the episode has not begun or has ended; call reset before step")
        env.step(action)
        self._play_people()
        terminated = env.terminations.get(self._target, True)
        truncated = env.truncations.get(self._target, False)
        reward = float(env.rewards.get(self._target, 0.0))
        observation = env.observe(self._target)
        if terminated or truncated:
            while env.agents:
                env.step(None)
        return observation, reward, terminated, truncated, {"episode": self.plan.key if self.plan else ""}

    def _play_people(self) -> None:
        env, plan = self._env, self.plan
        assert env is not None
        assert plan is not None
        while env.agents and not any(env.terminations.values()) and not any(env.truncations.values()):
            agent = env.agent_selection
            if agent == self._target:
                return
            if agent not in self._actors:
                self._actors[agent] = self._player.begin(plan.briefs[agent], plan.stream(f"player:{agent}"))
            env.step(self._drive(self._actors[agent].act(env.observe(agent))))

    def account(self) -> Account:
        """Return what happened so far in this episode."""
        if self._env is None:
            raise RuntimeError("account: nothing has happened yet; call reset before account")
        return self._env.account()

    @property
    def people(self) -> Mapping[str, Persona]:
        """Who sits behind the agents of this episode; not for the eyes of a policy."""
        if self._env is None:
            raise RuntimeError("people: nobody has come yet; call reset before people")
        return self._env.people

    def render(self) -> str | None:
        """Return the transcript so far in render mode ``ansi``, else None."""
        return self._env.render() if self._env else None


def _chosen(options: Mapping[str, Any] | None, people: Sequence[Persona]) -> Persona | None:
    """Return the person whom the options of ``reset`` name; None if they leave it to chance."""
    if options is None:
        return None
    if not isinstance(options, Mapping):
        raise InputError("options", "a mapping such as {'persona': id}, or None", options)
    for key in options:
        if key != "persona":
            raise UnknownNameError("options", key, ["persona"])
    wanted = options.get("persona")
    if wanted is None:
        return None
    for person in people:
        if person.id == wanted:
            return person
    raise UnknownNameError("options['persona']", wanted, [p.id for p in people])
