"""The one gate through which everything said passes: what an actor returned becomes an :class:`Action`."""

from __future__ import annotations

from .errors import OutskirtsError
from .text import clean
from .types import Action

MAX_CHARS = 20_000
"""Longest text that counts as something said, in characters."""


class InvalidActionError(OutskirtsError, ValueError):
    """Raised when an actor's reply is no usable action: wrong type, empty, or over length."""


def as_action(reply: object, *, max_chars: int = MAX_CHARS) -> tuple[Action, int]:
    """Turn what an actor returned into a clean action.

    Args:
        reply: An :class:`Action` or a string.
        max_chars: Longest accepted text.

    Returns:
        The action, and how many characters had to be changed to make its text fit for UTF-8.

    Raises:
        InvalidActionError: If the reply is neither, empty (only leaving may be silent), or over length.
    """
    if isinstance(reply, Action):
        text = reply.text
    elif isinstance(reply, str):
        text = reply
    else:
        raise InvalidActionError(f"expected text (a str or an Action), got {type(reply).__name__}")
    if len(text) > max_chars:
        raise InvalidActionError(f"expected at most {max_chars:,} characters, got {len(text):,}")
    text, repairs = clean(text)
    leave = isinstance(reply, Action) and reply.leave
    if not leave and not text.strip():
        raise InvalidActionError("expected some text, got " + ("nothing but control characters" if repairs else "an empty string"))
    if not isinstance(reply, Action):
        return Action(text=text), repairs
    return (reply.model_copy(update={"text": text}) if repairs else reply), repairs
