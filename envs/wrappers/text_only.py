"""The conversation as plain text, for minds that read and write nothing else."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from ...sim.actions import InvalidActionError
from ...sim.types import Message, Observation
from ..channels import SCENE, TOOLS
from ..spaces import Unicode
from .base import Wrapper


class Transcript(str):
    """A transcript as one text: a line for each message."""

    __slots__ = ()
    dtype: ClassVar[None] = None  # PettingZoo compares it with the space's


class TextOnly(Wrapper):
    """Shows each agent the transcript it can read as plain text, and takes plain text from it.

    A line is ``NAME: text``; the agent's own begin with ``You``, the target's with ``Assistant``, and what was for some alone
    says so. What an agent says goes where it may speak; it can neither leave nor call tools.

    Args:
        env: What is wrapped.

    Raises:
        InvalidActionError: From ``step``, if what is said is no text.
    """

    name = "text_only"

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self._seen: dict[str, Unicode] = {}
        self._said: dict[str, Unicode] = {}

    def observation_space(self, agent: str) -> Unicode:
        """Return the space of transcripts."""
        return self._seen.setdefault(agent, Unicode(max_chars=None, kind=Transcript))

    def action_space(self, agent: str) -> Unicode:
        """Return the space of what ``agent`` may say."""
        return self._said.setdefault(agent, Unicode(min_chars=1))

    def observe(self, agent: str) -> Transcript:
        """Return the transcript that ``agent`` can read."""
        view = super().observe(agent)
        assert isinstance(view, Observation)
        names = {a: p.name for a, p in self.people.items()} | {self.target: "Assistant", agent: "You"}
        return Transcript("\n".join(_line(message, names, agent) for message in view.messages))

    def step(self, action: str | None) -> None:
        """Let the selected agent say something."""
        if action is not None and not isinstance(action, str):
            raise InvalidActionError(f"expected text (a str), got {type(action).__name__}")
        super().step(action)

    def fork(self) -> Self:
        """Return the same around a fork."""
        other = super().fork()
        other._seen, other._said = {}, {}
        return other


def _line(message: Message, names: dict[str, str], agent: str) -> str:
    """Return a message as a line."""
    if message.sender == SCENE:
        return f"({message.text})"
    if message.sender == TOOLS:
        return f"(result: {message.text})"
    called = "; ".join(f"{c.name}({', '.join(f'{k}={v!r}' for k, v in c.arguments.items())})" for c in message.calls)
    privately = ""
    if message.to:
        privately = f" (to {', '.join('you' if a == agent else names.get(a, a) for a in message.to)} alone)"
    return f"{names.get(message.sender, message.sender)}{privately}: {f'[calls {called}]' if called else message.text}"
