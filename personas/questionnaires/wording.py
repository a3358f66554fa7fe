"""Checks of how a questionnaire is worded: can its statements be graded, and does its lexicon stand on its own?

A lexicon that repeats the statements would make pasting them a perfect answer; one that shares no word with them would
leave every text made from them unread. So they must overlap, but only partly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..programs._statements import FREQUENCIES, denies
from ..questionnaire import Axis, Questionnaire

MOST_SHARED = 0.35
"""Largest share of a pole's cues that may occur in the statements and items."""
LEAST_IN_STATEMENT, MOST_IN_STATEMENT = 2, 4
"""How many cues of a pole occur in its own statement."""
LEAST_CUES, MOST_CUES = 10, 20
LEAST_WORDS, MOST_WORDS = 6, 22

_DEGREES = {"very", "really", "mostly", "rather", "quite", "slightly", "seldom", "usually", "generally", "completely", "somewhat"}
_ADVERB = re.compile(r"\b(?:" + "|".join(sorted({word for _, word in FREQUENCIES} | _DEGREES)) + r")\b", re.IGNORECASE)


def occurs(cue: str, text: str) -> bool:
    """Tell whether a cue stands in a text, at word boundaries, plain inflection allowed."""
    return re.search(rf"(?<![\w'-]){re.escape(cue)}(?:s|es|ed|d|ing)?(?![\w-])", text.lower().replace("\u2019", "'")) is not None


def wording_problems(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what a reader, or a stand-in for one, would trip over; empty if there is nothing.

    Args:
        questionnaire: With or without a lexicon; without one only statements and items are looked at.
    """
    found = [*_statement_problems(questionnaire), *_item_problems(questionnaire)]
    if questionnaire.lexicon:
        found += [*_lexicon_problems(questionnaire), *_stray_cues(questionnaire), *_repeated_cues(questionnaire)]
    return tuple(found)


def shared_cues(questionnaire: Questionnaire, axis: str, pole: str) -> tuple[str, ...]:
    """Return the cues of a pole that occur in a statement or item of the questionnaire."""
    text = "\n".join([*_statements(questionnaire), *(item.text for item in questionnaire.items)])
    return tuple(cue.text for cue in getattr(questionnaire.lexicon[axis], pole) if occurs(cue.text, text))


def _statements(questionnaire: Questionnaire) -> list[str]:
    return [text for axis in questionnaire.axes for text in (axis.low, axis.high)]


def _statement_problems(questionnaire: Questionnaire) -> Iterator[str]:
    for axis in questionnaire.axes:
        for pole in ("low", "high"):
            text = getattr(axis, pole)
            here = f"{axis.name}.{pole}"
            if not text.startswith("I "):
                yield f"{here}: a statement that begins with 'I ' can be graded at its verb"
            if denies(text):
                yield f"{here}: a statement without a negation can be denied"
            if _ADVERB.search(text):
                yield f"{here}: an adverb of frequency or degree stands in the way of grading"
            if not LEAST_WORDS <= len(text.split()) <= MOST_WORDS:
                yield f"{here}: expected {LEAST_WORDS} to {MOST_WORDS} words, got {len(text.split())}"
            if re.search(r"\d|;", text):
                yield f"{here}: numbers and semicolons read badly in graded forms"


def _item_problems(questionnaire: Questionnaire) -> Iterator[str]:
    texts = Counter(item.text for item in questionnaire.items)
    yield from (f"items: {text!r} stands {count} times" for text, count in texts.items() if count > 1)
    for axis in questionnaire.names:
        items = [item for item in questionnaire.items if item.axis == axis]
        turned = sum(item.reverse for item in items)
        if not 1 <= turned < len(items):
            yield f"{axis}: expected items of both directions, got {turned} of {len(items)} reversed"


def _lexicon_problems(questionnaire: Questionnaire) -> Iterator[str]:
    for axis in questionnaire.axes:
        if axis.name not in questionnaire.lexicon:
            yield f"{axis.name}: no cues"
            continue
        for pole in ("low", "high"):
            cues = [cue.text for cue in getattr(questionnaire.lexicon[axis.name], pole)]
            here = f"{axis.name}.cues.{pole}"
            if not LEAST_CUES <= len(cues) <= MOST_CUES:
                yield f"{here}: expected {LEAST_CUES} to {MOST_CUES} cues, got {len(cues)}"
            own = [cue for cue in cues if occurs(cue, getattr(axis, pole))]
            if not LEAST_IN_STATEMENT <= len(own) <= MOST_IN_STATEMENT:
                yield f"{here}: expected {LEAST_IN_STATEMENT} to {MOST_IN_STATEMENT} in the own statement, got {len(own)} {own}"
            shared = shared_cues(questionnaire, axis.name, pole)
            if len(shared) > MOST_SHARED * len(cues):
                yield f"{here}: at most {MOST_SHARED:.0%} may occur in statements and items, got {len(shared)} of {len(cues)} {list(shared)}"
            yield from _half_problems(axis, pole, own)
            yield from (f"{here}: {cue!r} holds a negation or an adverb" for cue in cues if denies(cue) or _ADVERB.search(cue))


def _half_problems(axis: Axis, pole: str, own: list[str]) -> Iterator[str]:
    """Yield a complaint for each half of a two-part statement that no cue reads."""
    for half in getattr(axis, pole).split(" and ", 1):
        if own and not any(occurs(cue, half) for cue in own):
            yield f"{axis.name}.cues.{pole}: none occurs in {half!r}"


def _stray_cues(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield cues that occur in a statement of another pole or axis."""
    for name, lexicon in questionnaire.lexicon.items():
        for pole in ("low", "high"):
            for axis in questionnaire.axes:
                for other in ("low", "high"):
                    if (axis.name, other) != (name, pole):
                        strays = [cue.text for cue in getattr(lexicon, pole) if occurs(cue.text, getattr(axis, other))]
                        yield from (f"{name}.cues.{pole}: {cue!r} occurs in {axis.name}.{other}" for cue in strays)


def _repeated_cues(questionnaire: Questionnaire) -> Iterator[str]:
    cues = [cue.text for lexicon in questionnaire.lexicon.values() for cue in (*lexicon.low, *lexicon.high)]
    yield from (f"cues: {cue!r} stands {count} times" for cue, count in Counter(cues).items() if count > 1)
    for cue in cues:
        inside = [other for other in cues if other != cue and occurs(cue, other)]
        yield from (f"cues: {cue!r} occurs in {other!r}" for other in inside)
    for name in questionnaire.names:
        plain = name.replace("_", " ")
        strays = [text for text in (*_statements(questionnaire), *(i.text for i in questionnaire.items)) if occurs(plain, text)]
        yield from (f"axis name {plain!r} occurs as a word in {text!r}" for text in strays)
