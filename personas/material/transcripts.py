"""Interview transcripts: lines of the form ``Name: what was said``, and who of the speakers asks the questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import dropwhile

from .documents import Cut, Turn
from .markup import merged

_INTERVIEWERS_TEXT = """
interviewer interviewers int i q question moderator mod facilitator researcher host narrator assistant bot chatbot ai gpt model system
agent operator tool function developer support helper ivr
"""
INTERVIEWERS = frozenset(_INTERVIEWERS_TEXT.split())
"""Labels of those whose words are context; a number or a single letter after them changes nothing."""

_PEOPLE_TEXT = """
a answer user human customer client patient participant respondent interviewee informant subject person guest visitor caller speaker
resident student p r
"""
PEOPLE = frozenset(_PEOPLE_TEXT.split())
"""Labels that tell no two people of different documents apart, with or without a number."""

_NO_SPEAKERS_TEXT = """
note notes warning example http https todo source sources figure table date time place location title subject topic summary problem
result results method methods background conclusion keywords abstract see ps re fwd to from cc tip important duration setting
"""
_NO_SPEAKERS = frozenset(_NO_SPEAKERS_TEXT.split())
_TIME = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \t]*(?:[-\u2013][ \t]*)?)?"
_LABEL = re.compile(
    rf"^[ \t>]{{0,4}}{_TIME}\*{{0,2}}(?P<name>[^\W\d_][\w.'\u2019-]{{0,29}}(?:[ ][\w.'\u2019-]{{1,30}}){{0,3}})[ ]?(?:\([^()\n]{{1,30}}\))?"
    r"\*{0,2}[ \t]{0,2}:\*{0,2}(?=[ \t]|\r?$)",
    re.MULTILINE,
)
_SENTENCE_END = re.compile(r"[.!?\u2026][\"')\]*\u2019\u201d]*[ \t\r]*$")
_ASIDE = re.compile(
    r"\[[^\[\]\n]{1,60}\]|\((?:laugh|laughs|laughter|pause|long pause|sighs?|crying|inaudible|silence|nods|smiles)[^()\n]{0,20}\)",
    re.IGNORECASE,
)


def turns_of(text: str) -> tuple[Turn, ...]:
    """Return the turns of a transcript, or none if the text is no transcript.

    It is one if at least two speakers take three turns or more, if an interviewer and somebody else speak, or if labels,
    one or several, begin half of the lines. What stands before the first turn is nobody's.
    """
    labels = [match for match in _LABEL.finditer(text) if _is_name(match["name"])]
    labels = _after_heading(text, labels) if _fill_half(text, labels) else _after_head(labels)
    if not _is_transcript(text, labels):
        return ()
    ends = [match.start() for match in labels[1:]] + [len(text)]
    return tuple(
        Turn(_tidy(match["name"]), match.end(), max(match.end(), end), not is_interviewer(match["name"]), not is_generic(match["name"]))
        for match, end in zip(labels, ends, strict=True)
    )


def is_interviewer(label: str) -> bool:
    """Tell whether a label is that of somebody who asks: "INTERVIEWER", "Int 2", "Q".

    Example:
        >>> is_interviewer("INTERVIEWER"), is_interviewer("Int. 2"), is_interviewer("Nurse")
        (True, True, False)
    """
    return bare_label(label) in INTERVIEWERS


def is_generic(label: str) -> bool:
    """Tell whether a label names a role that somebody else can have in another document ("Patient", "P1")."""
    return bare_label(label) in PEOPLE


def bare_label(label: str) -> str:
    """Return a label in lower case without the number after it."""
    return re.sub(r"[\W_]*\d*[\W_]*$", "", label.casefold().strip())


def stage_directions(text: str, cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """Return cuts with what a transcriber put in brackets ("[laughs]") added."""
    return merged([*cuts, *(Cut(m.start(), m.end()) for m in _ASIDE.finditer(text))])


def _fill_half(text: str, labels: list[re.Match[str]]) -> bool:
    """Tell whether two or more different labels begin at least half of the lines, so that each is a speaker's."""
    lines = sum(1 for line in text.splitlines() if line.strip())
    return len({_tidy(match["name"]) for match in labels}) > 1 and 2 * len(labels) >= lines


def _after_heading(text: str, labels: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return labels without those at the top that come once, are no role and say no sentence ("Project: Trust").

    Where that would leave no two speakers, all are kept: people may speak without full stops.
    """
    counts = Counter(_tidy(match["name"]) for match in labels)

    def heads(match: re.Match[str]) -> bool:
        line = text[match.end() :].partition("\n")[0]
        once = counts[_tidy(match["name"])] == 1 and bare_label(match["name"]) not in INTERVIEWERS | PEOPLE
        return once and not _SENTENCE_END.search(line)

    kept = list(dropwhile(heads, labels))
    return kept if len({_tidy(match["name"]) for match in kept}) > 1 else labels


def _after_head(labels: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return labels from the first on that is a role or comes again: those before it are the head of the page."""
    counts = Counter(_tidy(match["name"]) for match in labels)
    known = INTERVIEWERS | PEOPLE
    return list(dropwhile(lambda m: counts[_tidy(m["name"])] == 1 and bare_label(m["name"]) not in known, labels))


def _tidy(label: str) -> str:
    return " ".join(label.replace("\u2019", "'").split())


def _is_name(label: str) -> bool:
    """Tell whether a label can be a speaker's: a role, or words that begin with a capital or a digit."""
    if bare_label(label) in INTERVIEWERS | PEOPLE:
        return True
    if label.casefold() in _NO_SPEAKERS:
        return False
    parts = label.split()
    return parts[-1] != "I" and not any(part[:1].islower() for part in parts)


def _is_transcript(text: str, labels: list[re.Match[str]]) -> bool:
    """Tell whether so many labelled lines make a transcript."""
    counts = Counter(_tidy(match["name"]) for match in labels)
    asking = any(is_interviewer(label) for label in counts)
    if len(counts) > 1 and (asking or (len(labels) >= 3 and max(counts.values()) > 1) or _fill_half(text, labels)):
        return True
    lines = sum(1 for line in text.splitlines() if line.strip())
    return len(counts) == 1 and 2 * len(labels) >= lines and (len(labels) > 2 or is_generic(labels[0]["name"]))
