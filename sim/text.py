"""What counts as usable text, and what an exception says in a line of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .secrets import redacted

_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST = 500  # characters of an exception's line


def clean(text: str) -> tuple[str, int]:
    r"""Remove control characters (not tab and newline) and replace lone surrogates by U+FFFD.

    Returns:
        The text, fit for UTF-8, and how many characters were changed.

    Example:
        >>> clean("a\x00b")
        ('ab', 1)
    """
    if text.isprintable():
        return text, 0
    return _UNWANTED.subn(lambda m: "\ufffd" if m.group() >= "\ud800" else "", text.replace("\r\n", "\n"))


def said(error: BaseException) -> str:
    r"""Return what an exception says, in a line without secrets, of at most 500 characters because providers quote whole requests.

    Args:
        error: Perhaps the user's own, whose text can be anything or raise.

    Example:
        >>> said(ValueError("no\n number"))
        'ValueError: no number'
    """
    try:
        text = str(error)
    except Exception:
        text = "(its message cannot be read)"
    line = redacted(" ".join(clean(f"{type(error).__name__}: {text}")[0].split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def named_in(text: str, names: Mapping[str, str]) -> list[str]:
    """Return the agents whose name stands in a text, whatever its case, in the order of ``names``.

    Example:
        >>> named_in("Leave Ada alone, adams.", {"a": "Ada", "b": "Adam"})
        ['a']
    """
    low = text.lower()
    return [a for a, name in names.items() if name and name.lower() in low and re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", low)]
