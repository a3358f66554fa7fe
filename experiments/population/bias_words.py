"""Biases in plain sentences: what is shown, what is not, and what was not measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..screen.wording import interval, listed, number, p_words, percent

if TYPE_CHECKING:
    from ...personas.biases.agreement import Agreement
    from ...personas.biases.contrast import Contrast
    from ...personas.biases.figures import Figure
    from ...personas.biases.framing import FramingBias
    from ...personas.biases.instability import Instability
    from ...personas.biases.report import BiasReport
    from ...personas.biases.tendency import Tendency

_NO_SPREAD = 1e-9  # less of the spread that was assigned is rounding of equal answers


def sentences(report: BiasReport) -> list[tuple[str, str]]:
    """Return name and sentence of every bias."""
    return [
        ("central tendency", _spread(report.tendency)),
        ("middle and extreme answers", _shares(report.tendency)),
        ("agreeable side", _agreeable(report.tendency)),
        ("acquiescence", _acquiescence(report.tendency)),
        ("caricature", _gaps(report.contrast)),
        ("flattening", _flat(report.contrast)),
        ("framing", _framing(report.framing)),
        ("instability", _instability(report.instability)),
        ("independent voices", _voices(report.agreement)),
        ("alike beyond themselves", _alike(report.agreement)),
    ]


def shown(found: Figure, digits: int = 2, *, plus: bool = False, scale: float = 1) -> str:
    """Return ``0.62 [0.55, 0.70]``; with ``plus`` a sign before the number; a dash where there is none."""
    if found.estimate is None:
        return "-"
    value = found.estimate * scale
    text = f"{value:+.{digits}f}" if plus else f"{value:.{digits}f}"
    return f"{text} {interval(found.low, found.high, scale, digits)}".strip()


def side(found: Figure, null: float) -> int:
    """Return 1 where the whole interval lies above a value, -1 where it lies below, 0 where neither is shown."""
    if found.low is None or found.high is None:
        return 0
    return 1 if found.low > null else -1 if found.high < null else 0


def _spread(found: Tendency) -> str:
    c = found.compression
    if c.estimate is None:
        return _not("The spread of people's answers", c)
    if 1 - c.estimate < _NO_SPREAD:
        return "Everybody answers alike: cannot be judged."
    ends = [None if x is None else 1 - x for x in (c.high, c.low)]
    kept = f"spread {1 - c.estimate:.2f} {interval(ends[0], ends[1], 1, 2)}".rstrip()
    said = {
        1: f"People's answers are pulled to the middle: {kept} of what was assigned",
        -1: f"People's answers spread too far: {kept} of what was assigned",
        0: f"People's answers are not shown to be pulled to the middle: {kept} of what was assigned",
    }[side(c, 0)]
    clean = found.compression_of_people.estimate
    return said + (f" ({1 - clean:.2f} without the noise of runs)." if clean is not None else ".")


def _shares(found: Tendency) -> str:
    if found.extreme.estimate is None:
        return _not("The share of extreme answers", found.extreme)
    text = f"Extreme answers: {shown(found.extreme, 1, plus=True, scale=100)} points beside what assigned positions imply"
    if found.middle.estimate is not None:
        text += f"; middle answers: {shown(found.middle, 1, plus=True, scale=100)}"
    real = found.extreme_against_reference
    if real is not None and real.estimate is not None:
        text += f"; beside the reference: extreme {shown(real, 1, plus=True, scale=100)}"
        middle = found.middle_against_reference
        if middle is not None and middle.estimate is not None:
            text += f", middle {shown(middle, 1, plus=True, scale=100)}"
    return text + "."


def _agreeable(found: Tendency) -> str:
    known = {axis: a.toward_agreeable for axis, a in found.axes.items() if a.toward_agreeable.estimate is not None}
    if not known:
        return "Not measured: the questionnaire does not say which side of an axis is agreeable."
    toward = [f"{axis} {shown(f, plus=True)}" for axis, f in known.items() if side(f, 0) == 1]
    away = [axis for axis, f in known.items() if side(f, 0) == -1]
    text = (
        f"People are shifted toward the agreeable side on {listed(toward)}" if toward else "No axis is shown to shift to its agreeable side"
    )
    return text + (f"; away from it on {listed(away)}." if away else ".")


def _acquiescence(found: Tendency) -> str:
    a = found.acquiescence
    if a.estimate is None:
        return _not("Acquiescence", a)
    text = f"{shown(a, 3, plus=True)} of the scale, over forward and reversed items"
    return {
        1: f"People agree whatever an item says: {text}.",
        -1: f"People disagree whatever an item says: {text}.",
        0: f"People are not shown to agree whatever an item says: {text}.",
    }[side(a, 0)]


def _gaps(found: Contrast) -> str:
    r = found.ratio
    name = f"Gaps between segments ({found.segmented_by})"
    made_up = [m for m, figures in found.measures.items() if figures.ratio.estimate is None and side(figures.explained_difference, 0) == 1]
    more = f" Segments differ on {listed(made_up)}, where those of {found.reference} do not." if made_up else ""
    if r.estimate is None:
        return _not(name, r) + more
    times = f"{shown(r)} times those of {found.reference}"
    said = {
        1: f"{name} are caricatured: {times}.",
        -1: f"{name} are too small: {times}.",
        0: f"{name} are not shown to be wider or smaller: {times}.",
    }[side(r, 1)]
    return said + more


def _flat(found: Contrast) -> str:
    w = found.within
    if w.estimate is None:
        return _not("The spread within segments", w)
    times = f"they differ {shown(w)} times as much as {found.reference} do"
    return {
        1: f"People within a segment differ too much: {times}.",
        -1: f"People within a segment are flattened: {times}.",
        0: f"People within a segment are not shown to be flattened: {times}.",
    }[side(w, 1)]


def _framing(found: FramingBias) -> str:
    if found.effects is None:
        return f"Not measured: {found.reason}."
    effect = found.effects.effect
    if effect.estimate is None:
        return _not("The effect of frames", effect)
    text = f"{shown(effect, plus=True)} Likert points, own side's frame against the other's"
    return {
        1: f"People agree more with what their own kind is said to say: {text}.",
        -1: f"People agree less with what their own kind is said to say: {text}.",
        0: f"Frames are not shown to move answers: {text}.",
    }[side(effect, 0)]


def _instability(found: Instability) -> str:
    if found.differs.estimate is None:
        return _not("Instability", found.differs)
    text = f"Two runs of one person differ on {percent(found.differs.estimate, 0)} of items and contradict each other on "
    text += percent(found.flips.estimate, 0)
    d = found.distances
    if d.within is None or d.between is None:
        return text + "."
    told = "" if d.p is None else f" ({p_words(d.p, 'p ')})"
    return f"{text}; distance of a person's own runs {number(d.within)}, of other people's {number(d.between)}{told}."


def _voices(found: Agreement) -> str:
    n, rho = found.effective_voters, found.residual_correlation
    if n.estimate is None:
        return _not("The number of independent voices", n)
    return f"{found.people} people are worth {shown(n, 1)} independent ones: their errors correlate {shown(rho, 3)}."


def _alike(found: Agreement) -> str:
    if found.across.estimate is None:
        return _not("Agreement between people", found.across)
    across = f"Two people answer {percent(found.across.estimate, 0)} of items alike"
    if found.across_implied is not None:
        across += f" (assigned positions imply {percent(found.across_implied, 0)})"
    if found.normalised.estimate is None:
        return f"{across}; raw: {found.normalised.reason}."
    return f"{across}, one person twice {percent(found.own.estimate, 0)}: ratio {shown(found.normalised)}, 1 if nobody can be told apart."


def _not(what: str, found: Figure) -> str:
    return f"{what}: not known, {found.reason}."
