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
from ..sim.seeds import derive
from ..sim.types import Account, Action, Observation
from .conversation import ConversationEnv

Drive = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine to its end and returns its result; where that happens is the caller's business."""


class TargetEnv(gymnasium.Env[Observation, Action | str]):
    """Play the target against simulated people.

    Lifecycle: ``reset`` picks somebody, or a group, and plays them until the target has the floor; each ``step`` is what the
    target does with it, and plays the people until it has the floor again: at the end of each turn, at once where somebody
    wrote to it in private and is answered so, and after each of its own tool calls. ``terminated`` means that they left,
    ``truncated`` that the turns are used up. Rewards are 0, or at the end the scenario's declared payoff.

    Args:
        scenario: The declared domain.
        player: Acts the people.
        people: Whom to draw from at each reset, uniformly; a sequence, or a function that makes it when first needed.
        drive: Runs the player's coroutines.
        max_turns: Turns at most; the scenario's own number if None.
        render_mode: ``ansi`` makes ``render`` return the transcript.
        group: People an episode; as many as the scenario usually has if None.

    Raises:
        InputError: If the scenario does not seat so many people.
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
        group: int | None = None,
    ) -> None:
        self.group = scenario.usual_group if group is None else group
        _check_size(self.group, scenario, "group")
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
        self._tools = {"tools": [tool.model_dump(mode="json") for tool in scenario.tools]} if scenario.tools else {}

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observation, dict[str, Any]]:
        """Meet somebody new.

        Args:
            seed: Decides who comes and everything they do, now and at later resets. None: the generator
                ``np_random`` goes on; at the first reset it is seeded by the operating system.
            options: ``{"persona": id}`` chooses the person, in a group the one on the first seat; ``{"people": [ids]}`` everybody,
                in the order of seats.

        Returns:
            What the target sees, and ``{"episode": key}``, with ``tools`` (as JSON data) where it may call some.

        Raises:
            InputError: If there are not enough people to meet, or the options are no mapping or hold too few or too many
                people; ``UnknownNameError`` if they hold another key, or nobody has this id.
        """
        everyone = self._everyone()
        chosen = _chosen(options, everyone, self.scenario)
        super().reset(seed=seed)
        index = int(self.np_random.integers(len(everyone)))  # drawn in any case: a choice does not change who comes later
        episode_seed = int(self.np_random.integers(2**62))
        people = chosen or [everyone[index]]
        if len(people) == 1 and not (options or {}).get("people"):
            people = _company(people[0], everyone, self.group, episode_seed)
        self.plan = plan_episode(self.scenario, people, seed=episode_seed, turns=self._max_turns)
        if self._env is not None:
            self._env.close()
        self._env = ConversationEnv(self.scenario, people, max_cycles=self._max_turns, render_mode=self.render_mode)
        self._env.reset(seed=self.plan.environment_seed())
        self._actors = {}
        self._play_people()
        return self._env.observe(self._target), {"episode": self.plan.key} | self._tools

    def _everyone(self) -> Sequence[Persona]:
        if callable(self._people):
            self._people = self._people()
        if len(self._people) < self.group:
            raise InputError("people", "at least one person" if self.group == 1 else f"at least {self.group} people", len(self._people))
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
        while env.agents and not env.terminations[self._target] and not env.truncations[self._target]:
            agent = env.agent_selection
            if agent == self._target:
                return
            if env.terminations[agent]:
                env.step(None)
                continue
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

    def close(self) -> None:
        """Give back what the tools of the present episode hold."""
        if self._env is not None:
            self._env.close()

    def render(self) -> str | None:
        """Return the transcript so far in render mode ``ansi``, else None."""
        return self._env.render() if self._env else None


def _chosen(options: Mapping[str, Any] | None, people: Sequence[Persona], scenario: Scenario) -> list[Persona]:
    """Return the people whom the options of ``reset`` name; nobody if they leave it to chance."""
    if options is None:
        return []
    if not isinstance(options, Mapping):
        raise InputError("options", "a mapping such as {'persona': id} or {'people': [ids]}, or None", options)
    for key in options:
        if key not in ("persona", "people"):
            raise UnknownNameError("options", key, ["persona", "people"])
    one, several = options.get("persona"), options.get("people")
    if one is not None and several is not None:
        raise InputError("options", "persona or people, not both", dict(options))
    if several is None:
        return [] if one is None else [_of_id(one, people, "options['persona']")]
    if isinstance(several, str) or not isinstance(several, Sequence) or len(set(several)) < len(several):
        raise InputError("options['people']", "a list of ids, each once", several)
    _check_size(len(several), scenario, "options['people']")
    return [_of_id(wanted, people, "options['people']") for wanted in several]


def _of_id(wanted: Any, people: Sequence[Persona], field: str) -> Persona:
    for person in people:
        if person.id == wanted:
            return person
    raise UnknownNameError(field, wanted, [p.id for p in people])


def _company(first: Persona, everyone: Sequence[Persona], group: int, seed: int) -> list[Persona]:
    """Return a group of this person and others, drawn at random."""
    if group == 1:
        return [first]
    order = derive(seed, "company").permutation(len(everyone)).tolist()
    return [first, *[everyone[i] for i in order if everyone[i].id != first.id][: group - 1]]


def _check_size(count: int, scenario: Scenario, field: str) -> None:
    role = scenario.seats
    if not role.at_least <= count <= role.at_most:
        raise InputError(field, f"{role.at_least} to {role.at_most} people for scenario {scenario.name}", count)
