"""The default target: ELIZA as NLTK ships it, a real chatbot that nobody wrote for this."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable
from typing import Any

from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Observation

_MAX_CHARS = 4_000
"""ELIZA reads no further; its patterns match greedily and it echoes what it read."""

_SPECIAL = str.maketrans({"%": " percent ", "\n": " ", "\r": " ", "\t": " "})  # "%" marks slots in NLTK's answers


@functools.cache
def _chat_class() -> Callable[[Stream], Any]:
    """Import NLTK, compile ELIZA's patterns once, and return a maker of chats that share them.

    They are compiled by the standard library: NLTK's own wrapper gives up after some wall-clock time, and no
    result may hang on how busy the machine is.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nltk.chat import eliza, util  # imports most of NLTK, which takes most of a second

    class SeededChat(util.Chat):  # type: ignore[misc, unused-ignore]
        """NLTK's chat, drawing from an injected stream where the original draws from ``random``."""

        _shared_pairs = tuple((re.compile(pattern, re.IGNORECASE), answers) for pattern, answers in eliza.pairs)
        _shared_regex = re.compile(
            r"\b(" + "|".join(map(re.escape, sorted(eliza.reflections, key=len, reverse=True))) + r")\b", re.IGNORECASE
        )

        def __init__(self, stream: Stream) -> None:
            self._pairs = self._shared_pairs
            self._reflections = eliza.reflections
            self._regex = self._shared_regex
            self._stream = stream

        def respond(self, str: str) -> str:
            """Answer as the original does, but for where the random number comes from."""
            for pattern, answers in self._pairs:
                match = pattern.match(str)
                if match:
                    answer = self._wildcards(answers[int(self._stream.generator.integers(len(answers)))], match)
                    return _mended(answer)
            raise AssertionError("ELIZA's last pattern matches every line")

    return SeededChat


def _mended(answer: str) -> str:
    """Mend doubled punctuation at the end, as NLTK does."""
    if answer[-2:] == "?.":
        return answer[:-2] + "."
    return answer[:-2] + "?" if answer[-2:] == "??" else answer


class ElizaTarget:
    """NLTK's ``nltk.chat.eliza`` (after Joe Strout, Jeff Epler and Jez Higgins) behind the target protocol.

    Stateless but for its random numbers: it answers the last message alone. As in NLTK's own loop, full stops and
    exclamation marks at the end of what it is told are dropped. Deterministic given the stream; the global
    ``random`` state is never touched.
    """

    name = "eliza"
    stateless = True

    def begin(self, brief: Brief, stream: Stream) -> _ElizaActor:
        """Start an episode."""
        return _ElizaActor(brief.agent, _chat_class()(stream))


class _ElizaActor:
    """One episode of ELIZA."""

    def __init__(self, agent: str, chat: Any) -> None:
        self._agent = agent
        self._chat = chat

    def fork(self, stream: Stream) -> _ElizaActor:
        """Return a copy that draws from ``stream``: ELIZA remembers nothing else."""
        return _ElizaActor(self._agent, _chat_class()(stream))

    async def act(self, observation: Observation) -> Action:
        """Answer the last message of somebody else."""
        heard = next((m.text for m in reversed(observation.messages) if m.sender != self._agent), "")
        line = heard[:_MAX_CHARS].translate(_SPECIAL).strip().rstrip("!.")
        answer: str = self._chat.respond(line)
        return Action(text=answer if answer.strip(" .?") else "Please tell me more.")
