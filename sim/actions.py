"""The one gate through which everything said passes: what an actor returned becomes an :class:`Action`."""

from __future__ import annotations

from .errors import OutskirtsError
from .secrets import starred
from .text import clean
from .types import Action

MAX_CHARS = 20_000
"""Longest text that counts as something said, in characters."""


class InvalidActionError(OutskirtsError, ValueError):
    """Raised when an actor's reply is no usable action: wrong type, empty, or over length."""


def no_tools(scenario: str) -> str:
    """Return what is expected of a reply where there is nothing to call."""
    return f"a reply without tool calls, as the scenario {scenario} has no tools"


def as_text(text: str, *, may_be_empty: bool = False, max_chars: int = MAX_CHARS) -> tuple[str, int]:
    """Clean a text and check that it counts as something said.

    Args:
        text: What was said.
        may_be_empty: Whether silence is allowed.
        max_chars: Longest accepted text.

    Returns:
        The text, fit for UTF-8 and without secrets, and how many characters had to be changed to make it fit.

    Raises:
        InvalidActionError: If it is empty and may not be, or over length.
    """
    if len(text) > max_chars:
        raise InvalidActionError(f"expected at most {max_chars:,} characters, got {len(text):,}")
    text, repairs = clean(text)
    if not may_be_empty and (not text or text.isspace()):
        raise InvalidActionError("expected some text, got " + ("nothing but control characters" if repairs else "an empty string"))
    return starred(text), repairs


def as_action(reply: object, *, max_chars: int = MAX_CHARS) -> tuple[Action, int]:
    """Turn what an actor returned into a clean action.

    Args:
        reply: An :class:`Action` or a string.
        max_chars: Longest accepted text.

    Returns:
        The action without secrets, and how many characters had to be changed to make its text fit for UTF-8.

    Raises:
        InvalidActionError: If the reply is neither, empty (only leaving may be silent), or over length.
    """
    if isinstance(reply, str):
        text, repairs = as_text(reply, max_chars=max_chars)
        return Action(text=text), repairs
    if not isinstance(reply, Action):
        raise InvalidActionError(f"expected text (a str or an Action), got {type(reply).__name__}")
    text, repairs = as_text(reply.text, may_be_empty=reply.leave or bool(reply.calls), max_chars=max_chars)
    update: dict[str, object] = {"text": text} if text is not reply.text else {}
    if (move := starred(reply.move)) is not reply.move:
        update["move"] = move
    if reply.calls and (calls := starred(reply.calls)) is not reply.calls:
        update["calls"] = calls
    if reply.also:
        further = [as_action(more, max_chars=max_chars) for more in reply.also]
        if any(more.also or more.leave or more.calls for more, _ in further):
            raise InvalidActionError("expected plain messages in 'also': none that leaves, calls tools or holds more")
        if any(after is not before for (after, _), before in zip(further, reply.also, strict=True)):
            update["also"] = tuple(more for more, _ in further)
            repairs += sum(n for _, n in further)
    return (reply.model_copy(update=update) if update else reply), repairs
