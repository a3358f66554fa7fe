"""Asking a language model for something that must be valid: told what was wrong, it may try again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from ..sim.text import said

T = TypeVar("T")
Batch = Callable[[list[str]], list[str]]

TRIES = 3
"""A first try and two more."""

_AGAIN = "\n\nYour last answer could not be used: {reason}\nAnswer again, with the corrected JSON alone."
_FENCE = re.compile(r"\A```[\w-]*[ \t]*\n(.*?)\n?\s*```\Z", re.DOTALL)


class Asking(Generic[T]):
    """A batch of prompts on its way to valid answers: ask for ``prompts``, ``tell`` the replies, until none is open.

    Args:
        prompts: One for each thing wanted.
        parse: Makes the thing of a reply; raises ``ValueError`` with the reason if it cannot.
        tries: Rounds at most, 1 or more.
    """

    def __init__(self, prompts: Sequence[str], parse: Callable[[str], T], tries: int = TRIES) -> None:
        self.results: list[T | None] = [None] * len(prompts)
        self._first = list(prompts)
        self._parse = parse
        self._left = tries
        self._reasons: dict[int, str] = dict.fromkeys(range(len(prompts)), "")

    @property
    def prompts(self) -> list[str]:
        """What to ask now, each with the reason why the last answer failed; empty when done."""
        if self._left <= 0:
            return []
        return [self._first[i] + (_AGAIN.format(reason=reason) if reason else "") for i, reason in self._reasons.items()]

    def tell(self, replies: Sequence[str]) -> None:
        """Take the replies to ``prompts``, in order.

        Raises:
            ValueError: If there are not as many replies as prompts.
        """
        if len(replies) != len(self.prompts):
            raise ValueError(f"the language model gave {len(replies)} replies to {len(self.prompts)} prompts")
        self._left -= 1
        for i, reply in zip(list(self._reasons), replies, strict=True):
            try:
                self.results[i] = self._parse(reply)
                del self._reasons[i]
            except ValueError as error:
                self._reasons[i] = said(error)


def ask(llm: Batch, prompts: Sequence[str], parse: Callable[[str], T]) -> list[T | None]:
    """Return what a batch model's replies make, None where it failed three times."""
    asking = Asking(prompts, parse)
    while asking.prompts:
        asking.tell(llm(asking.prompts))
    return asking.results


def unfenced(text: str) -> str:
    r"""Return a text without the code fence round it.

    Example:
        >>> unfenced("```json\n[1]\n```")
        '[1]'
    """
    text = text.strip()
    fenced = _FENCE.match(text)
    return fenced.group(1).strip() if fenced else text


def json_value(reply: object) -> object:
    """Return what the JSON of a reply says; a code fence around it is removed.

    Raises:
        ValueError: If it is no JSON.
    """
    if not isinstance(reply, str) or not reply.strip():
        raise ValueError("expected JSON, got nothing")
    try:
        return cast(object, json.loads(unfenced(reply)))
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


def json_object(reply: object) -> dict[str, Any]:
    """Return the JSON object of a reply.

    Raises:
        ValueError: If there is no JSON object.
    """
    found = json_value(reply)
    if not isinstance(found, dict):
        raise ValueError(f"expected a JSON object, got {type(found).__name__}")
    return found
