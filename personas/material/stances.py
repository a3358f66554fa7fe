"""Stances: short spoken sentences without any word of opinion that still say what somebody does, demands or cannot do."""

from __future__ import annotations

import re

from ..programs._verbs import VERBS
from .words import spelled

_LEADS = (
    r"(?:(?:no|nope|yes|yeah|yo|hey|hi|hello|oh|ok|okay|well|so|and|but|then|now|because|that|fine|look|listen|honestly|actually|please|just|kindly)"
    r"[,!]?\s+)*"
)
_START = rf"(?:^\W*{_LEADS}|[,;]\s+{_LEADS}|\b(?:and|but)\s+)"
_OPENING = rf"(?:^\W*{_LEADS}|[,;]\s+(?:(?:so|please|just|then|now)\s+)+)"
_ADVERBS = r"(?:(?:just|only|still|even|simply|also|really|then|mainly|first)\s+)*"
_SELF = re.compile(rf"{_START}(?:I|we|We)\s+{_ADVERBS}(?P<not>(?:don't|do not)\s+)?(?P<verb>[a-z-]+)\b", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:I'm|I am|we're|we are)\s+(?:really\s+|definitely\s+)?not\s+(?!being\b|having\b|feeling\b|getting\b)\w{2,}ing\b", re.IGNORECASE
)
_UNABLE = re.compile(
    r"\b(?:I|we)\s+(?:really\s+|still\s+|just\s+)?(?:can't|cannot|can not)\s+(?:even\s+)?(?P<verb>[a-z-]+)\b", re.IGNORECASE
)
_ORDER = re.compile(
    rf"{_OPENING}(?:(?:don't|do not|never)\s+)?(?P<verb>[a-z]+)\s+(?:me|it|us|him|her|them|this|that|these|those|the|my|your|our|a|an)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(rf"{_OPENING}(?:hurry up|speed up|shut up|go away|get lost|(?:stop|quit)\s+\w+ing)\b", re.IGNORECASE)

_FILLER_TEXT = """
see know mean guess suppose understand remember recall think believe say agree admit forget wonder hear imagine reckon bet swear promise beg
repeat thank apologise apologize notice be do have come live work own belong hail weigh complain
"""
_FILLERS = frozenset(_FILLER_TEXT.split())
"""Verbs that, after "I", keep a conversation going or tell a circumstance rather than a habit."""

_PAST_TEXT = """
put cut set let read shut quit spread cast bid shed split upset beat found lay
"""
_PAST = frozenset(_PAST_TEXT.split())
"""Verbs that may be the past of themselves or of another verb, so that "I put it away" tells of once."""

_COURTESY_TEXT = (
    "thank excuse pardon bless believe trust mind see say guess mean imagine suppose wait hold hang let miss have be like love hate"
)
_COURTESY = frozenset(_COURTESY_TEXT.split())
"""Verbs that, at the beginning, make a phrase or leave out "I" rather than demand something."""


def stance_of(text: str) -> str:
    """Return what kind of stance a spoken sentence takes by its form alone.

    ``demand``: an imperative with an object ("just do your job"), or "I'm not typing that". ``need``: "I can't" with a
    verb. ``habit``: "I" with a verb in the present ("I wait"). Missing apostrophes are seen. Verbs are those of a list.

    Returns:
        The kind, or "" if none.

    Example:
        >>> [stance_of(text) for text in ("no im not typing that here", "I wait.", "I see.", "I was born in Kent.")]
        ['demand', 'habit', '', '']
    """
    plain = spelled(text)
    if _REFUSAL.search(plain) or _ORDERS.search(plain) or any(_orders(match) for match in _ORDER.finditer(plain)):
        return "demand"
    if any(match["verb"].casefold() in VERBS - _FILLERS | {"do", "have"} for match in _UNABLE.finditer(plain)):
        return "need"
    return "habit" if any(_does(match) for match in _SELF.finditer(plain)) else ""


def _orders(match: re.Match[str]) -> bool:
    return match["verb"].casefold() in VERBS - _COURTESY - _PAST | {"do"}


def _does(match: re.Match[str]) -> bool:
    verb = match["verb"].casefold()
    return verb in VERBS - _FILLERS and (match["not"] is not None or verb not in _PAST)
