"""Gates: what a program must show before its figures count, so that neither noise nor pasting wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
from pydantic import Field, model_validator

from ...sim.errors import InputError
from ...sim.types import Frozen
from ..coverage_report import LEAST_ICC
from ..programs._statements import FREQUENCIES, clause
from ..scoring import Score

BARE = 0.5
"""A sentence is bare if axis statements make up this share of its words or more and nothing in it says how often they hold."""

_SENTENCE_END = re.compile(r"(?<=[.!?;\u2026])[\"'\u201d\u2019)\]]*\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")
_LEAST_WORDS = 3  # of a part of a statement, because shorter ones occur in any text
_DEGREES = ("slightly", "somewhat", "rather", "fairly", "quite", "very", "mostly", "seldom", "partly", "half", "nearly")


class Gates(Frozen):
    """Thresholds, all of them over the contexts together; each bound is itself good enough.

    The defaults pass the shipped generators that write people one by one (``default``, ``spread``, ``appropriateness``,
    ``when-then``, ``motivation``) at 25 people and 3 runs with the lexical respondent, and fail ``anchor-paste`` (its
    descriptions are all bare statements, and too few of them are distinct) and anybody who answers at random (ICC and slope).
    """

    icc: float = Field(default=LEAST_ICC, ge=-1, le=1)  # that the lower end of an axis's interval must reach
    axes: float = Field(default=0.7, ge=0, le=1)  # share of axes that must reach it
    slope_low: float = 0.5  # of measured on assigned, mean over axes and contexts
    slope_high: float = 1.5
    distinct: float = Field(default=0.6, ge=0, le=1)  # share of distinct descriptions, mean over contexts
    pasted: float = Field(default=0.25, ge=0, le=1)  # share of sentences that are bare axis statements, at most
    shortest: float = Field(default=40, ge=0)  # characters of a description, mean
    longest: float = Field(default=6_000, gt=0)  # likewise
    unmeasured: float = Field(default=0.1, ge=0, le=1)  # share of people without a readable answer on some axis, at most

    @model_validator(mode="after")
    def _in_order(self) -> Gates:
        for low, high, name in ((self.slope_low, self.slope_high, "slope"), (self.shortest, self.longest, "length")):
            if not low <= high:
                raise InputError(f"gates.{name}", "a lower bound that is not above the upper one", (low, high))
        return self


class Measured(Frozen):
    """One context of one program: its score and what its people read like."""

    score: Score
    descriptions: tuple[str, ...]  # one a person
    statements: tuple[str, ...]  # the low and the high statement of every axis


class Gate(Frozen):
    """How one gate was met."""

    name: str
    passed: bool
    value: float | None  # None where it could not be computed, which fails
    reason: str  # what was asked and what came, in a line


class GateReport(Frozen):
    """All gates of one program."""

    gates: tuple[Gate, ...]

    @property
    def passed(self) -> bool:
        """Whether all of them were passed."""
        return all(gate.passed for gate in self.gates)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of those that were not."""
        return tuple(gate.name for gate in self.gates if not gate.passed)

    @property
    def reason(self) -> str:
        """Why it failed, in a line; empty if it passed."""
        return "; ".join(gate.reason for gate in self.gates if not gate.passed)


def check_gates(measured: Sequence[Measured], gates: Gates | None = None) -> GateReport:
    """Hold a program's contexts against the gates.

    Args:
        measured: One or more contexts.
        gates: Thresholds; the defaults if None.

    Raises:
        InputError: If there is no context.
    """
    if not measured:
        raise InputError("measured", "one or more contexts", 0)
    g = gates or Gates()
    scores = [context.score for context in measured]
    texts = [text for context in measured for text in context.descriptions]
    length = float(np.mean([len(text) for text in texts])) if texts else None
    return GateReport(
        gates=(
            _within("icc", f"share of axes with an ICC of {g.icc:g} or more at the lower end", icc_share(scores, g.icc), g.axes, None),
            _within("slope", "mean slope of measured on assigned", mean_slope(scores), g.slope_low, g.slope_high),
            _within("distinct", "share of distinct descriptions", float(np.mean([s.distinct for s in scores])), g.distinct, None),
            _within("pasted", "share of sentences that are bare axis statements", pasted_share(measured), None, g.pasted),
            _within("length", "mean characters of a description", length, g.shortest, g.longest),
            _within("unmeasured", "share of people who could not be measured", unmeasured_share(scores), None, g.unmeasured),
        )
    )


def icc_share(scores: Iterable[Score], least: float = LEAST_ICC) -> float | None:
    """Return the share of axes, over all contexts, whose ICC interval begins at ``least`` or above.

    An axis without an ICC, because all its scores are equal, counts among those that fail. None without axes.
    """
    lows = [axis.icc_low for score in scores for axis in score.by_axis.values()]
    return sum(low is not None and low >= least for low in lows) / len(lows) if lows else None


def mean_slope(scores: Iterable[Score]) -> float | None:
    """Return the mean over contexts of the mean slope over axes; None where no context has one."""
    known = [score.slope for score in scores if score.slope is not None]
    return float(np.mean(known)) if known else None


def unmeasured_share(scores: Sequence[Score]) -> float:
    """Return the share of people, over all contexts, who could not be placed by their answers."""
    return sum(score.unmeasured for score in scores) / sum(score.people for score in scores)


def pasted_share(measured: Iterable[Measured]) -> float | None:
    """Return the share of sentences, over all contexts, that are bare axis statements; None without sentences.

    See :func:`is_bare`. Short lead-ins ("To be honest, ...") are seen through; a statement that is graded ("I often
    ...") is no paste, because it says where on the axis somebody stands.
    """
    total = bare = 0
    for context in measured:
        wanted = _parts(context.statements)
        for text in context.descriptions:
            parts = sentences(text)
            total += len(parts)
            whole = _spaced(text)
            if any(one in whole for one in wanted):  # most texts have none, and reading them sentence by sentence takes time
                bare += sum(is_bare(sentence, context.statements) for sentence in parts)
    return bare / total if total else None


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that have words in them.

    Example:
        >>> sentences("I am calm. Am I? 'Yes!'  Always")
        ['I am calm.', 'Am I?', "'Yes!", 'Always']
    """
    return [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def is_bare(sentence: str, statements: Sequence[str]) -> bool:
    """Tell whether a sentence is axis statements with little around them and no word for how often they hold.

    One such word (English) anywhere around the statements makes the whole sentence count as graded.

    Example:
        >>> is_bare("To be honest, I trust people at once!", ["I trust people at once."])
        True
        >>> is_bare("I usually trust people at once.", ["I trust people at once."])
        False
    """
    whole = around = _spaced(sentence)
    for known in _parts(tuple(statements)):
        around = around.replace(known, "")
    words, left = len(whole.split()), len(around.split())
    return left < words and words - left >= BARE * words and not any(grade in around for grade in _GRADES)


@lru_cache(maxsize=512)
def _parts(statements: tuple[str, ...]) -> tuple[str, ...]:
    """Return every statement, the clause it makes and its sentences of some length, spaced; the longest first."""
    whole = chain.from_iterable((_spaced(statement), _spaced(clause(statement))) for statement in statements)
    inner = (_spaced(part) for statement in statements for part in sentences(statement))
    found = {*filter(None, whole), *(part for part in inner if len(part.split()) >= _LEAST_WORDS)}
    return tuple(sorted(found, key=lambda part: (-len(part), part)))


def _spaced(text: str) -> str:
    """Return the words of a text in lower case, each with a space on both sides, so that a part of them is found whole."""
    words = "  ".join(_WORD.findall(text.replace("\u2019", "'").lower()))
    return f" {words} " if words else ""


_GRADES = tuple(_spaced(grade) for grade in (*(adverb for _, adverb in FREQUENCIES), *_DEGREES))


def _within(name: str, what: str, value: float | None, low: float | None, high: float | None) -> Gate:
    """Return how a value meets its bounds."""
    bounds = " and ".join(f"{word} {bound:g}" for word, bound in (("at least", low), ("at most", high)) if bound is not None)
    passed = value is not None and (low is None or value >= low) and (high is None or value <= high)
    shown = "not known" if value is None else f"{value:.3g}"
    return Gate(name=name, passed=passed, value=value, reason=f"{what}: {bounds} was asked, it is {shown}")
