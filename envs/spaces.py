"""Gymnasium spaces for things said and things seen. They take any Unicode text, where ``Text`` needs a charset."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Space

from ..sim.actions import MAX_CHARS, InvalidActionError, as_action
from ..sim.types import Action, Message, Observation

# What ``sample`` draws from: several scripts, an emoji, quotes and mark-up, so that naive consumers break early.
_ALPHABET = tuple("abcdefghijklmnopqrstuvwxyz     .,?!'\"<>&éßøжщ語中नमعر🙂")


def _draw_text(rng: np.random.Generator, longest: int) -> str:
    length = int(rng.integers(1, min(longest, 80) + 1))
    text = "".join(_ALPHABET[i] for i in rng.integers(0, len(_ALPHABET), length))
    return text if text.strip() else "a" + text[1:]


class Utterance(Space[Action | str]):
    """All that one may say: a non-empty string of at most ``max_chars``, or an :class:`Action` with such a text.

    ``sample`` draws strings, so it never draws a move that ends the episode.

    Args:
        max_chars: Longest text.
        seed: Seed of ``sample``.
    """

    def __init__(self, max_chars: int = MAX_CHARS, seed: int | np.random.Generator | None = None) -> None:
        self.max_chars = max_chars
        super().__init__(shape=None, dtype=None, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """Text has no fixed length, so it does not flatten."""
        return False

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> str:
        """Draw a short text; masks do not apply to text and are refused."""
        if mask is not None or probability is not None:
            raise ValueError("mask, probability: expected None for text")
        return _draw_text(self.np_random, self.max_chars)

    def contains(self, x: Any) -> bool:
        """Tell whether an environment would take ``x`` as an action."""
        try:
            as_action(x, max_chars=self.max_chars)
        except InvalidActionError:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Utterance) and other.max_chars == self.max_chars

    def __hash__(self) -> int:
        return hash(("Utterance", self.max_chars))

    def __repr__(self) -> str:
        return f"Utterance(max_chars={self.max_chars})"


class View(Space[Observation]):
    """All that one agent may be shown: an :class:`Observation` addressed to it.

    Args:
        agent: The agent whose view it is.
        seed: Seed of ``sample``.
    """

    def __init__(self, agent: str, seed: int | np.random.Generator | None = None) -> None:
        self.agent = agent
        super().__init__(shape=None, dtype=None, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """A transcript has no fixed length, so it does not flatten."""
        return False

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> Observation:
        """Draw a short transcript of nonsense; masks do not apply and are refused."""
        if mask is not None or probability is not None:
            raise ValueError("mask, probability: expected None for observations")
        n = int(self.np_random.integers(0, 4))
        messages = tuple(Message(index=i, turn=i // 2, sender="person_0", text=_draw_text(self.np_random, 80)) for i in range(n))
        return Observation(agent=self.agent, turn=n // 2, messages=messages)

    def contains(self, x: Any) -> bool:
        """Tell whether ``x`` is an observation for this agent."""
        return isinstance(x, Observation) and x.agent == self.agent

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and other.agent == self.agent

    def __hash__(self) -> int:
        return hash(("View", self.agent))

    def __repr__(self) -> str:
        return f"View({self.agent!r})"
