"""No more than so many turns."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue

from ...sim.errors import InputError
from .base import Wrapper


class TurnLimit(Wrapper):
    """Ends the episode after so many turns at most.

    The environment itself is told, for as long as it lives: so the payoff is paid at the limit, and nobody who would come
    later is waited for. Where there are several limits the lowest holds.

    Args:
        env: What is wrapped.
        turns: Turns at most.

    Raises:
        InputError: If that is less than one.
    """

    name = "turn_limit"

    def __init__(self, env: Any, *, turns: int) -> None:
        super().__init__(env)
        if isinstance(turns, bool) or not isinstance(turns, int) or turns < 1:
            raise InputError("turns", "a whole number of 1 or more", turns)
        self.turns = turns
        raw: Any = self.unwrapped
        raw.max_cycles = min(raw.max_cycles, turns)

    def options(self) -> dict[str, JsonValue]:
        """Return ``turns``."""
        return {"turns": self.turns}
