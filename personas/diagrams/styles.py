"""Surface styles: how a person comes across, apart from what they hide, with caps on sentences that code checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from ...sim.errors import InputError, UnknownNameError
from ...sim.types import Frozen

StyleName = Literal["plain", "upset", "verbose", "reserved", "tangent", "pleasing"]

SOFTENS_AT = (0.6, 0.85)
"""Levels of trust from which a terse style may say one sentence more, and one behaviour falls away at each."""


class Style(Frozen):
    """One way to come across."""

    name: StyleName
    visible: str  # how the person describes it, first person; signals no axis of a questionnaire
    behaviours: tuple[str, ...]  # strongest last: the first to fall away as trust grows
    cap: int | None  # sentences a reply; None: no cap
    eases: bool = False  # terse: the cap rises by one at each level of ``SOFTENS_AT``


STYLES: Mapping[StyleName, Style] = {
    style.name: style
    for style in (
        Style(
            name="plain",
            visible="My messages are of ordinary length and stay on the point.",
            behaviours=("answers what was asked", "uses everyday words"),
            cap=None,
        ),
        Style(
            name="upset",
            visible="My messages are abrupt, and it is plain to see when a line rubs me the wrong way.",
            behaviours=("answers in bursts", "takes a question as a reproach", "throws a question back", "says that this leads nowhere"),
            cap=3,
            eases=True,
        ),
        Style(
            name="verbose",
            visible="My messages run long, with one story inside another.",
            behaviours=("gives more particulars than were asked for", "tells one story inside another", "leaves little room for a reply"),
            cap=8,
        ),
        Style(
            name="reserved",
            visible="My messages are short, and there are gaps between them.",
            behaviours=("answers with few words", "leaves sentences unfinished", "waits to be asked twice"),
            cap=3,
            eases=True,
        ),
        Style(
            name="tangent",
            visible="My messages wander from one topic to the next before they come back.",
            behaviours=("drifts from the question", "brings in something that happened on the side", "returns only when led back"),
            cap=5,
        ),
        Style(
            name="pleasing",
            visible="My messages agree with whatever was said last and ask whether that was the right answer.",
            behaviours=("agrees before thinking", "asks whether the answer was right", "plays down what is wrong"),
            cap=5,
        ),
    )
}
"""The six styles of Wang et al. (2024, section 3), described in our own words."""

_ABBREVIATION = re.compile(r"\b(?:dr|mr|mrs|ms|st|e\.g|i\.e|vs)\.$", re.IGNORECASE)
_MAY_END = re.compile(r"\b(?:etc|a\.m|p\.m)\.$", re.IGNORECASE)  # abbreviations that end a sentence unless it goes on in lower case
_STOP = re.compile(r"[.!?\u2026]+[\"')\]\u2019\u201d]*(?=\s|$)|\n+")


def sentences(text: str) -> list[str]:
    """Split a text into sentences.

    A sentence ends at a full stop, question or exclamation mark before a blank or the end, or at a line break.
    Abbreviations, decimals and dots that trail into a lower-case word end none; marks without a word are none.

    Example:
        >>> sentences("I take 7.5 mg, Dr. Hale says... well, I forgot. Really?!")
        ['I take 7.5 mg, Dr. Hale says... well, I forgot.', 'Really?!']
    """
    out: list[str] = []
    start = 0
    for end in [*(stop.end() for stop in _STOP.finditer(text) if _ends(text, stop)), len(text)]:
        piece = text[start:end].strip()
        if any(map(str.isalpha, piece)):
            out.append(piece)
            start = end
    return out


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Tell whether a mark ends a sentence."""
    mark, after = stop.group(), text[stop.end() :].lstrip()
    if mark.startswith("\n"):
        return True
    if ("\u2026" in mark or ".." in mark) and after[:1].islower():
        return False
    before = text[max(0, stop.end() - 8) : stop.end()]
    if mark != "." or not after:
        return True
    return not (_ABBREVIATION.search(before) or (after[0].islower() and _MAY_END.search(before)))


def style_of(name: str) -> Style:
    """Return a style by name.

    Raises:
        UnknownNameError: If there is none of that name.
    """
    if name not in get_args(StyleName):
        raise UnknownNameError("style", name, STYLES)
    return STYLES[name]  # type: ignore[index]


def cap_at(style: str, trust: float) -> int | None:
    """Return how many sentences a reply may have; None: as many as it likes.

    Args:
        style: Name of a style.
        trust: How far the other is trusted at this moment, in [0, 1].

    Raises:
        InputError: If trust is outside [0, 1].
    """
    found = style_of(style)
    _check_trust(trust)
    if found.cap is None or not found.eases:
        return found.cap
    return found.cap + sum(trust >= level for level in SOFTENS_AT)


def within_cap(style: str, reply: str, trust: float) -> bool:
    """Tell whether a reply has no more sentences than its style allows.

    Example:
        >>> within_cap("reserved", "No. Yes. Maybe. Why?", 0.2), within_cap("reserved", "No. Yes. Maybe. Why?", 0.7)
        (False, True)
    """
    cap = cap_at(style, trust)
    return cap is None or len(sentences(reply)) <= cap


def habits(style: str, turn: int, trust: float) -> tuple[str, ...]:
    """Return the behaviours to show on a turn: one leads in rotation, and the strongest fall away as trust grows.

    Args:
        style: Name of a style.
        turn: From 0.
        trust: In [0, 1].
    """
    listed = style_of(style).behaviours
    _check_trust(trust)
    left = listed[: max(1, len(listed) - sum(trust >= level for level in SOFTENS_AT))]
    first = turn % len(left)
    return (left[first:] + left[:first])[:2]


class Offender(Frozen):
    """A reply that broke its cap."""

    person: str  # persona id, "" where none was given
    index: int  # of the reply among this person's, from 0
    sentences: int
    cap: int
    text: str


class CapReport(Frozen):
    """How many replies kept to the sentence cap of their style."""

    style: str  # a style, or "all"
    replies: int
    within: int
    share: float | None  # within over replies; None without a reply
    offenders: tuple[Offender, ...]


def cap_report(style: str, replies: Sequence[str], trust: float | Sequence[float] = 0.0, person: str = "") -> CapReport:
    """Check the replies of one person.

    Args:
        style: Name of a style.
        replies: What the person said, in order.
        trust: One level for all, or one a reply, in [0, 1].
        person: Persona id for the offenders.

    Raises:
        InputError: If there are not as many levels of trust as replies.
    """
    levels = [float(trust)] * len(replies) if isinstance(trust, int | float) else [float(t) for t in trust]
    if len(levels) != len(replies):
        raise InputError("trust", f"one level for each of {len(replies)} replies", len(levels))
    offenders = []
    for i, (reply, level) in enumerate(zip(replies, levels, strict=True)):
        cap = cap_at(style, level)
        said = len(sentences(reply))
        if cap is not None and said > cap:
            offenders.append(Offender(person=person, index=i, sentences=said, cap=cap, text=reply))
    return _report(style_of(style).name, len(replies), offenders)


def cap_reports(
    styles: Mapping[str, str], turns: Mapping[str, Sequence[str]], trust: Mapping[str, float | Sequence[float]] | None = None
) -> tuple[CapReport, ...]:
    """Check the replies of many people, one report a style that occurs, in order of the styles, then ``all``.

    The lexical stand-in player knows no styles: it keeps a cap only where its phrases happen to be brief, so its report
    says how often that was, and nothing of how well a style was played.

    Args:
        styles: Persona id to style.
        turns: Persona id to what that person said.
        trust: Persona id to trust; 0 where missing.
    """
    single = [(styles[id], cap_report(styles[id], said, (trust or {}).get(id, 0.0), id)) for id, said in turns.items()]
    out = []
    for name in STYLES:
        mine = [report for style, report in single if style == name]
        if mine:
            out.append(_report(name, sum(r.replies for r in mine), [o for r in mine for o in r.offenders]))
    return (*out, _report("all", sum(r.replies for r in out), [o for r in out for o in r.offenders]))


def _report(style: str, replies: int, offenders: Sequence[Offender]) -> CapReport:
    within = replies - len(offenders)
    return CapReport(style=style, replies=replies, within=within, share=within / replies if replies else None, offenders=tuple(offenders))


def _check_trust(trust: float) -> None:
    """Refuse a level of trust outside [0, 1], NaN included."""
    if not 0.0 <= trust <= 1.0:
        raise InputError("trust", "a number in [0, 1]", trust)
