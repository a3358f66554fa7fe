"""What counts as usable text."""

from __future__ import annotations

import re

_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


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
