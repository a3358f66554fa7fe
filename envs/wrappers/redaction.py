"""Takes words out of what is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from ...sim.errors import InputError, UnknownNameError
from ...sim.types import Message, Observation, PrivateFact
from .base import Wrapper

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = r"[\W_]+"  # what may stand between the words of a fact


class Redaction(Wrapper):
    """Takes words out of messages before an agent reads them; what it says itself stays as it was.

    The transcript, the ledger and what others read do not change: the ledger says what was within an agent's hearing.

    Args:
        env: What is wrapped.
        patterns: Regular expressions, whatever the case.
        facts: Also take out the canary, the paraphrases and the content of every private fact that the agent is not
            entitled to without being told.
        agents: Who reads less; None: the target alone.
        mark: What stands in place of the words.

    Raises:
        InputError: If a pattern is no regular expression, or there is nothing to take out.
        UnknownNameError: If there is no such agent.
    """

    name = "redaction"

    def __init__(
        self, env: Any, *, patterns: Sequence[str] = (), facts: bool = False, agents: Sequence[str] | None = None, mark: str = "[redacted]"
    ) -> None:
        super().__init__(env)
        if not patterns and not facts:
            raise InputError("redaction", "patterns, or facts=True", list(patterns), "There is nothing to take out.")
        if isinstance(patterns, str):
            raise InputError("patterns", "a list of regular expressions", patterns)
        self.agents_redacted = (self.target,) if agents is None else tuple(agents)
        for agent in self.agents_redacted:
            if agent not in self.possible_agents:
                raise UnknownNameError("agents", agent, self.possible_agents)
        self.patterns = tuple(patterns)
        self.facts = facts
        self.mark = mark
        self._given = None if agents is None else list(agents)
        self._compiled = [_compiled(p) for p in patterns]
        self._words: dict[tuple[str, ...], re.Pattern[str]] = {}  # by fact ids
        self._read: dict[tuple[re.Pattern[str] | None, str], str] = {}  # each text is read once

    def options(self) -> dict[str, JsonValue]:
        """Return what was given."""
        given = None if self._given is None else list[JsonValue](self._given)
        return {"patterns": list(self.patterns), "facts": self.facts, "agents": given, "mark": self.mark}

    def observe(self, agent: str) -> Any:
        """Return what ``agent`` may know now, without what is taken out."""
        view = super().observe(agent)
        if agent not in self.agents_redacted or not isinstance(view, Observation) or not view.messages:
            return view
        words = self._fact_words(view) if self.facts else None
        messages = tuple([m if m.sender == agent else self._redacted(m, words) for m in view.messages])
        return view.model_copy(update={"messages": messages})

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start an episode."""
        super().reset(seed=seed, options=options)
        self._words, self._read = {}, {}  # others have come, with facts of their own

    def _redacted(self, message: Message, words: re.Pattern[str] | None) -> Message:
        key = words, message.text
        if key not in self._read:
            text = message.text
            for pattern in (*self._compiled, *(() if words is None else (words,))):
                text = pattern.sub(lambda _: self.mark, text)
            self._read[key] = text
        return message if self._read[key] == message.text else message.model_copy(update={"text": self._read[key]})

    def _fact_words(self, view: Observation) -> re.Pattern[str] | None:
        """Return what finds the words of the facts that the reader is not entitled to; None where there are none."""
        own = {fact.id for fact in view.facts}
        strange = [fact for id, (_, fact) in self.world.owners.items() if id not in own]
        if not strange:
            return None
        key = tuple(fact.id for fact in strange)
        if key not in self._words:
            needles = sorted({n for fact in strange for n in _needles(fact)}, key=lambda n: (-len(n), n))
            self._words[key] = re.compile("|".join(needles), re.IGNORECASE)
        return self._words[key]


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, TypeError) as error:
        raise InputError("patterns", "regular expressions", pattern, str(error)) from None


def _needles(fact: PrivateFact) -> list[str]:
    """Return regexes for the words that give a fact away, whatever stands between them."""
    texts = [text for text in (fact.canary, *fact.paraphrases, fact.content) if text.strip()]
    return [_BETWEEN.join(map(re.escape, _WORD.findall(text))) or re.escape(text) for text in texts]
