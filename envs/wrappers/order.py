"""Says which call has to come before which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .base import Wrapper

_OF_AN_EPISODE = frozenset(
    {"rewards", "terminations", "truncations", "infos", "agent_selection", "agents", "num_agents", "people", "world", "turn"}
)


class OrderCheck(Wrapper):
    """Refuses calls out of order, with errors that name both calls.

    In place of PettingZoo's own check, which warns and goes on where one steps after the end.

    Args:
        env: What is wrapped.

    Raises:
        RuntimeError: From ``step``, ``observe``, ``last``, ``render``, ``account``, ``snapshot`` and ``fork`` before ``reset``;
            from ``step`` after the end, or with an action for somebody who is out; from ``agent_iter`` if its loop does not step.
        AttributeError: For what only an episode has, before ``reset``.
    """

    name = "order"

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self._steps = -1  # in this episode; -1: none has begun

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of what is wrapped."""
        if name in _OF_AN_EPISODE and self.__dict__.get("_steps", -1) < 0:
            raise AttributeError(f"{name}: no episode has begun; call reset before reading {name}")
        return super().__getattr__(name)

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start an episode."""
        super().reset(seed=seed, options=options)
        self._steps = 0

    def step(self, action: Any) -> None:
        """Let the selected agent act."""
        self._begun("step")
        if not self.agents:
            raise RuntimeError("step: nobody is left to act; call reset before step")
        agent = self.agent_selection
        if action is not None and (self.terminations[agent] or self.truncations[agent]):
            raise RuntimeError(f"step: {agent} is out of the episode; call step(None) for it before anybody else's step")
        super().step(action)
        self._steps += 1

    def observe(self, agent: str) -> Any:
        """Return what ``agent`` may know now."""
        self._begun("observe")
        return super().observe(agent)

    def last(self, observe: bool = True) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Return what the selected agent sees, its reward since it last acted, whether it is out, and its info."""
        self._begun("last")
        if not self.agents:
            raise RuntimeError("last: nobody is left to act; call reset before last")
        return super().last(observe)  # type: ignore[no-any-return]

    def render(self) -> Any:
        """Return the transcript so far."""
        self._begun("render")
        return super().render()

    def account(self) -> Any:
        """Return what happened so far."""
        self._begun("account")
        return self.env.account()

    def snapshot(self) -> Any:
        """Return this point of the episode."""
        self._begun("snapshot")
        return self.env.snapshot()

    def restore(self, snapshot: Any) -> None:
        """Go back to a point of an episode."""
        self.env.restore(snapshot)
        self._steps = max(self._steps, 0)

    def fork(self) -> Any:
        """Return another environment at the same point, checked too."""
        self._begun("fork")
        return super().fork()

    def agent_iter(self, max_iter: int = 2**63) -> Iterator[str]:
        """Yield who acts next until nobody is left."""
        self._begun("agent_iter")
        return self._agents(max_iter)

    def _agents(self, most: int) -> Iterator[str]:
        for _ in range(min(most, 2**62)):
            if not self.agents:
                return
            agent, steps = self.agent_selection, self._steps
            yield agent
            if self._steps == steps:
                raise RuntimeError(f"agent_iter: {agent} has not acted; call step or reset before the next round of the loop")

    def _begun(self, call: str) -> None:
        if self._steps < 0:
            raise RuntimeError(f"{call}: no episode has begun; call reset before {call}")
