"""Whom words are for, where several people hear them: by the names that stand in them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_SENTENCE = re.compile(r"(?:[^.!?;\n]|[.](?=\w))+[.!?;\n]*\s*")
_ALL = re.compile(r"\b(?:all|both|everybody|everyone|each of (?:you|us)|nobody|no one|let's|let us|we|us|our)\b")


def named_in(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the agents whose name stands in a text, whatever its case, in the order of ``names``.

    Example:
        >>> named_in("Leave Ada alone, adams.", {"a": "Ada", "b": "Adam"})
        ['a']
    """
    low = text.lower()
    return [a for a, name in names.items() if name and name.lower() in low and re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", low)]


class Portion(NamedTuple):
    """A sentence, and whom it is for."""

    text: str
    agents: frozenset[str]  # empty: everybody who hears it

    def concerns(self, agent: str) -> bool:
        """Tell whether the sentence is for ``agent``, perhaps among all."""
        return not self.agents or agent in self.agents


def portions(text: str, names: Mapping[str, str]) -> tuple[Portion, ...]:
    """Split a text that several hear into sentences and whom each is for.

    A sentence is for those whom it names; one that names nobody is for those of the sentence before, as one goes on talking
    to somebody, unless it speaks to all ("everybody", "let's"); what comes before any name is for all.

    Args:
        text: What was said.
        names: Agent to name of everybody it could be for.

    Example:
        >>> [(p.text.strip(), sorted(p.agents)) for p in portions("Hi. Ada, sit down. Take your time. Ben, hush!", {"a": "Ada", "b": "Ben"})]
        [('Hi.', []), ('Ada, sit down.', ['a']), ('Take your time.', ['a']), ('Ben, hush!', ['b'])]
    """
    return _portions(text, tuple(names.items()))


@functools.lru_cache(maxsize=4096)
def _portions(text: str, names: tuple[tuple[str, str], ...]) -> tuple[Portion, ...]:
    known = dict(names)
    out: list[Portion] = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        named = frozenset(named_in(sentence, known))
        if not named and out and not _ALL.search(sentence.lower()):
            named = out[-1].agents
        out.append(Portion(sentence, named))
    return tuple(out)


def joined(parts: Iterable[Portion]) -> str:
    """Return the words of some portions, in order."""
    return "".join(part.text for part in parts).strip()
