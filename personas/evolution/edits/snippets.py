"""The grammar of statements that portray: what structural edits insert, and what can stand for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

OPENERS: Mapping[str, str] = {
    "occasion": ", ", "impersonal": ", ", "honestly": ", ", "tested": ", ", "everyday": ", ", "episode": " ", "opinion": " ",
}  # fmt: skip
"""Starts of a sentence about an axis, with what stands between them and the clause."""

CLAUSES: Mapping[str, int] = {"near": 5, "other": 3, "far": 1, "mild": 1}
"""What is said of an axis, with how often it is chosen."""

CITATIONS = ("score", "percent", "mark")
"""Ways to cite a position."""

SENTENCES = ("fitting", "worldview", "test", "drive", "experience", "motto", "sign", "hedge", "birth", "memory", "life", "contrast")
"""Whole sentences about a person that say nothing of any axis."""

ORDERS = ("shuffled", "given", "decided")

_AXIS: Sequence[tuple[int, str]] = (
    (9, 'WHO.say(f"{WHO.OPENER()}SEP{AT.CLAUSE()}.")'),
    (1, 'WHO.say(f"My {AT.name} stands at {AT.CITE(gain=GAIN)}.")'),
    (1, 'WHO.say(f"Others call my {AT.name} {AT.level}.")'),
    (1, 'WHO.say(f"As somebody of my kind, I find it fitting that {AT.CLAUSE()}.")'),
    (1, 'WHO.say(WHO.quote(f"{WHO.OPENER()}SEP{AT.CLAUSE()}."))'),
)
_GUARDED: Sequence[str] = ("if AT.lean > BOUND:\n    ", "if AT.lean < BOUND:\n    ")
_GUARD_SHARE = 0.3
_PERSON: Sequence[tuple[int, str]] = (
    (6, "WHO.say(WHO.SENTENCE())"),
    (1, "WHO.say(WHO.scores(gain=GAIN))"),
    (1, "WHO.shuffle()"),
)
_LOOP_SHARE = 0.4


def axis_snippet(who: str, at: str, rng: np.random.Generator, guarded: bool | None = None) -> str:
    """Return a statement about a person on one axis.

    Args:
        who: Name of the person's variable.
        at: Name of the axis's variable.
        rng: Random numbers.
        guarded: Whether a condition on how decided the person is stands before it; None leaves that to chance.
    """
    text = weighted(_AXIS, rng)
    if rng.random() < _GUARD_SHARE if guarded is None else guarded:
        text = _GUARDED[int(rng.integers(2))] + text
    opener = list(OPENERS)[int(rng.integers(len(OPENERS)))]
    clause = weighted([(weight, name) for name, weight in CLAUSES.items()], rng)
    cite = CITATIONS[int(rng.integers(len(CITATIONS)))]
    filled = text.replace("OPENER", opener).replace("SEP", OPENERS[opener]).replace("CLAUSE", clause).replace("CITE", cite)
    return _named(filled, who, at, rng)


def person_snippet(who: str, at: str, rng: np.random.Generator) -> str:
    """Return a statement about a person as a whole, or a loop that says something of every axis."""
    if rng.random() < _LOOP_SHARE:
        order = ORDERS[int(rng.integers(len(ORDERS)))]
        axes = f"{who}.axes()" if order == "shuffled" else f'{who}.axes("{order}")'
        inner = axis_snippet(who, at, rng).replace("\n", "\n    ")
        return f"for {at} in {axes}:\n    {inner}"
    text = weighted(_PERSON, rng).replace("SENTENCE", SENTENCES[int(rng.integers(len(SENTENCES)))])
    return _named(text, who, at, rng)


def weighted(options: Sequence[tuple[int, str]], rng: np.random.Generator) -> str:
    """Return one of the options, each as likely as its weight says."""
    weights = np.array([weight for weight, _ in options], float)
    return options[int(rng.choice(len(options), p=weights / weights.sum()))][1]


def _named(text: str, who: str, at: str, rng: np.random.Generator) -> str:
    """Fill names and numbers in."""
    gain = f"{0.8 + 0.6 * rng.random():.2f}"
    bound = f"{0.2 + 0.6 * rng.random():.2f}"
    return text.replace("WHO", who).replace("AT", at).replace("GAIN", gain).replace("BOUND", bound)
