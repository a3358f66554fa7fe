"""Keeps what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import JsonValue

from ...sim.errors import InputError
from ...sim.types import Account, Frozen, Seat
from .base import Wrapper


class Finished(Frozen):
    """One finished episode, as the environment tells it."""

    seats: tuple[Seat, ...]  # who sat where
    account: Account


class Recorder(Wrapper):
    """Keeps a frozen account of each finished episode. One that was broken off by a reset is not kept.

    Args:
        env: What is wrapped.
        keep: Episodes kept at most, the latest; None: all.
        hook: Is called with each at once. It is the caller's, so a stack that has one has no spec.

    Attributes:
        episodes: Those kept, oldest first.

    Raises:
        InputError: If ``keep`` is negative.
    """

    name = "recorder"

    def __init__(self, env: Any, *, keep: int | None = None, hook: Callable[[Finished], None] | None = None) -> None:
        super().__init__(env)
        if keep is not None and (isinstance(keep, bool) or not isinstance(keep, int) or keep < 0):
            raise InputError("keep", "a whole number of 0 or more, or None", keep)
        self.keep = keep
        self.hook = hook
        self.episodes: tuple[Finished, ...] = ()
        self._open = False

    def options(self) -> dict[str, JsonValue]:
        """Return ``keep``.

        Raises:
            InputError: If there is a hook.
        """
        if self.hook is not None:
            raise InputError("recorder", "no hook, in a stack that is to have a spec", self.hook, "Wrap once more where it is rebuilt.")
        return {"keep": self.keep}

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start an episode."""
        super().reset(seed=seed, options=options)
        self._open = True

    def step(self, action: Any) -> None:
        """Let the selected agent act, and keep the account if the episode is over."""
        super().step(action)
        if self._open and all(self.terminations[a] or self.truncations[a] for a in self.agents):
            self._open = False
            seats = tuple([Seat(agent=a, persona=p.id, fingerprint=p.fingerprint) for a, p in self.people.items()])
            done = Finished(seats=seats, account=self.account())
            kept = (*self.episodes, done)
            self.episodes = kept if self.keep is None else kept[max(0, len(kept) - self.keep) :]
            if self.hook is not None:
                self.hook(done)
