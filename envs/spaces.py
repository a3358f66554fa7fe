"""Gymnasium spaces for things said and things seen. They take any Unicode text, where ``Text`` needs a charset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from gymnasium.spaces import Space
from pydantic import JsonValue

from ..sim.actions import MAX_CHARS, InvalidActionError, as_action
from ..sim.types import Action, Message, Observation

# What ``sample`` draws from: several scripts, an emoji, quotes and mark-up, so that naive consumers break early.
_ALPHABET = tuple("abcdefghijklmnopqrstuvwxyz     .,?!'\"<>&éßøжщ語中नमعر🙂")
_LONGEST_SAMPLE = 80


def _draw_text(rng: np.random.Generator, longest: int, shortest: int = 1) -> str:
    length = int(rng.integers(shortest, max(shortest, min(longest, _LONGEST_SAMPLE)) + 1))
    text = "".join(_ALPHABET[i] for i in rng.integers(0, len(_ALPHABET), length))
    return text if not text or text.strip() else "a" + text[1:]


def _refuse_masks(mask: Any, probability: Any, what: str) -> None:
    if mask is not None or probability is not None:
        raise ValueError(f"mask, probability: expected None for {what}")


class Unicode(Space[str]):
    """All texts of a length.

    Args:
        min_chars: Shortest text; from 1 on, one of blanks alone counts as none.
        max_chars: Longest text; None: any length.
        kind: What ``sample`` draws: ``str``, or a subclass of it.
        seed: Seed of ``sample``.
    """

    def __init__(
        self, min_chars: int = 0, max_chars: int | None = MAX_CHARS, kind: type[str] = str, seed: int | np.random.Generator | None = None
    ) -> None:
        self.min_chars = min_chars
        self.max_chars = max_chars
        self.kind = kind
        super().__init__(shape=None, dtype=None, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """Text has no fixed length, so it does not flatten."""
        return False

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> str:
        """Draw a short text; masks do not apply to text and are refused."""
        _refuse_masks(mask, probability, "text")
        return self.kind(_draw_text(self.np_random, _LONGEST_SAMPLE if self.max_chars is None else self.max_chars, self.min_chars))

    def contains(self, x: Any) -> bool:
        """Tell whether ``x`` is a text of such a length."""
        if not isinstance(x, str) or len(x) < self.min_chars or (self.max_chars is not None and len(x) > self.max_chars):
            return False
        return not self.min_chars or bool(x.strip())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unicode) and (other.min_chars, other.max_chars) == (self.min_chars, self.max_chars)

    def __hash__(self) -> int:
        return hash(("Unicode", self.min_chars, self.max_chars))

    def __repr__(self) -> str:
        return f"Unicode(min_chars={self.min_chars}, max_chars={self.max_chars})"


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
        _refuse_masks(mask, probability, "text")
        return _draw_text(self.np_random, self.max_chars)

    def to_jsonable(self, sample_n: Iterable[Action | str]) -> list[Any]:
        """Return samples as plain JSON."""
        return [x if isinstance(x, str) else x.model_dump(mode="json") for x in sample_n]

    def from_jsonable(self, sample_n: list[Any]) -> list[Action | str]:
        """Return samples from what :meth:`to_jsonable` gave."""
        return [x if isinstance(x, str) else Action.model_validate(x) for x in sample_n]

    def contains(self, x: Any) -> bool:
        """Tell whether ``x`` can be said at all; whom the speaker may speak to and may call is the environment's to say."""
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
    """All that one agent may be shown: an :class:`Observation` addressed to it, with texts of at most ``max_chars``.

    Args:
        agent: The agent whose view it is.
        max_chars: Longest text of a message.
        seed: Seed of ``sample``.
    """

    def __init__(self, agent: str, max_chars: int = MAX_CHARS, seed: int | np.random.Generator | None = None) -> None:
        self.agent = agent
        self.max_chars = max_chars
        super().__init__(shape=None, dtype=None, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """A transcript has no fixed length, so it does not flatten."""
        return False

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> Observation:
        """Draw a short transcript of nonsense, some of it in private; masks do not apply and are refused."""
        _refuse_masks(mask, probability, "observations")
        rng = self.np_random
        count = int(rng.integers(0, 4))
        messages = []
        for index in range(count):
            sender, other = ("somebody", self.agent) if index % 2 == 0 else (self.agent, "somebody")
            aside: dict[str, Any] = {"channel": "direct", "to": (other,)} if rng.random() < 0.25 else {}
            messages.append(Message(index=index, turn=index // 2, sender=sender, text=_draw_text(rng, self.max_chars), **aside))
        return Observation(agent=self.agent, turn=count // 2, messages=tuple(messages), present=("somebody", self.agent))

    def contains(self, x: Any) -> bool:
        """Tell whether ``x`` is an observation for this agent."""
        return isinstance(x, Observation) and x.agent == self.agent and all(len(m.text) <= self.max_chars for m in x.messages)

    def to_jsonable(self, sample_n: Iterable[Observation]) -> list[dict[str, JsonValue]]:
        """Return samples as plain JSON."""
        return [x.model_dump(mode="json") for x in sample_n]

    def from_jsonable(self, sample_n: list[Any]) -> list[Observation]:
        """Return samples from what :meth:`to_jsonable` gave."""
        return [Observation.model_validate(x) for x in sample_n]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and (other.agent, other.max_chars) == (self.agent, self.max_chars)

    def __hash__(self) -> int:
        return hash(("View", self.agent, self.max_chars))

    def __repr__(self) -> str:
        return f"View({self.agent!r})"
