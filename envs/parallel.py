"""The parallel view of a conversation: everybody acts at once, through the very transition of the turn-based environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pettingzoo import ParallelEnv

from ..sim.errors import InputError
from ..sim.types import Action, Observation
from .conversation import ConversationEnv
from .spaces import Utterance, View


class ParallelConversationEnv(ParallelEnv[str, Observation, Action | str]):  # type: ignore[misc]
    """The same episodes with everybody acting at once.

    One step is one turn: everybody chooses from what was said before it, then the actions happen in the order in
    which people get the floor, through the very transition of :class:`ConversationEnv`. Who does not get it in this turn is
    not heard, nor is the target where the last person has left. Nobody has the floor twice: what tools return is
    there in the next turn, and so is the answer to what was said in private.

    Args:
        raw: The environment to view; it must not be stepped by anyone else.
    """

    def __init__(self, raw: ConversationEnv) -> None:
        self.raw = raw
        raw.at_once = True
        self.metadata = raw.metadata
        self.render_mode = raw.render_mode
        self.possible_agents = list(raw.possible_agents)
        self.agents: list[str] = []

    @property
    def max_cycles(self) -> int:
        """Turns at most; takes effect at the next reset."""
        return self.raw.max_cycles

    @max_cycles.setter
    def max_cycles(self, value: int) -> None:
        self.raw.max_cycles = value

    def observation_space(self, agent: str) -> View:
        """Return the space of what ``agent`` may be shown."""
        return self.raw.observation_space(agent)

    def action_space(self, agent: str) -> Utterance:
        """Return the space of what ``agent`` may say."""
        return self.raw.action_space(agent)

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        """Start an episode and return what everybody sees, and empty infos; as :meth:`ConversationEnv.reset`."""
        self.raw.reset(seed=seed, options=options)
        self.agents = list(self.raw.agents)
        return {a: self.raw.observe(a) for a in self.agents}, {a: {} for a in self.agents}

    def step(
        self, actions: Mapping[str, Action | str]
    ) -> tuple[dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Let everybody act once.

        Raises:
            InputError: If an action is missing for someone present, or given for someone who is not.
        """
        raw = self.raw
        if set(actions) != set(self.agents):
            raise InputError("actions", f"one for each of {self.agents}", sorted(actions))
        acted, ended = self.agents, dict.fromkeys(self.agents, (False, False))
        rewards = dict.fromkeys(acted, 0.0)
        turn, left = raw.world.turn, dict(actions)
        while raw.agents:
            agent = raw.agent_selection
            if raw.terminations[agent] or raw.truncations[agent]:
                ended[agent] = (raw.terminations[agent], raw.truncations[agent])
                rewards[agent] = raw._cumulative_rewards[agent]  # the step below clears everybody's last rewards
                raw.step(None)
            elif raw.world.turn == turn:
                raw.step(left.pop(agent))
            else:
                break
        self.agents = list(raw.agents)
        seen = [*acted, *(a for a in self.agents if a not in acted)]
        return (
            {a: raw.observe(a) for a in seen},
            {a: rewards.get(a, 0.0) for a in seen},
            {a: ended.get(a, (False, False))[0] for a in seen},
            {a: ended.get(a, (False, False))[1] for a in seen},
            {a: {} for a in seen},
        )

    def render(self) -> str | None:
        """Return the transcript so far in render mode ``ansi``, else None."""
        return self.raw.render()

    def close(self) -> None:
        """Give back what the tools of the present episode hold."""
        self.raw.close()

    def __str__(self) -> str:
        return str(self.raw)
