"""The model mutator: a language model reads a program and what it scored, and proposes a change as text."""

from __future__ import annotations

from ....sim.protocols import TextModel
from ....sim.seeds import Stream
from ..mutator import Child, Parent
from ..patch import patch_of
from .answers import Unusable, applied
from .prompts import again, prompt
from .themes import THEMES

TRIES = 3
"""A first try and two more."""

_CHARS_A_TOKEN = 4
_SHOWN = 100


class ModelMutator:
    """Proposes children by asking a language model for search and replace blocks or a whole function.

    An answer that cannot be used is asked for again, with the reason, up to twice; then it is a miss. What the model
    answers is text here and runs nowhere but in the sandbox. With a model that answers the same prompts alike, the
    same parent and stream give the same child.

    Args:
        model: The language model.
        name: Name of the mutator.
    """

    def __init__(self, model: TextModel, name: str = "model") -> None:
        self.name = name
        self._model = model

    async def propose(self, parent: Parent, other: Parent | None, stream: Stream) -> Child:
        """Return a changed program, or a miss with the last reason. ``other`` is not looked at."""
        del other
        source = parent.candidate.source
        number = int(stream.generator.integers(len(THEMES)))
        first = asked = prompt(source, parent.evaluation, parent.candidate.aim, THEMES[number])
        calls = tokens = 0
        reason = ""
        for _ in range(TRIES):
            replies = await self._model.complete([asked])
            calls += 1
            answer = replies[0] if len(replies) == 1 and isinstance(replies[0], str) else ""
            tokens += _tokens(asked) + _tokens(answer)
            try:
                text = applied(source, answer)
            except Unusable as error:
                reason = str(error)
                asked = again(first, reason)
                continue
            patch = patch_of(source, text)
            changed = sum(max(len(hunk.old), len(hunk.new)) for hunk in patch.hunks)
            what = f"theme {number + 1}, {changed} lines: {_cut(THEMES[number])}"
            return Child(source=text, edit=what, record=patch, calls=calls, tokens=tokens)
        return Child(source=None, edit=reason, calls=calls, tokens=tokens)


def _tokens(text: str) -> int:
    """Estimate the tokens of a text, four characters each."""
    return -(-len(text) // _CHARS_A_TOKEN)


def _cut(text: str) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
