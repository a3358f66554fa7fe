"""Numbers and names in words. What cannot be said is ``not measured``, never 0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MISSING = "not measured"

ESTIMANDS = {
    "these_people": "these very people, met again with fresh seeds",
    "generator": "people as this generator makes them, of whom these are a sample",
    "reference_density": "probable users, by the scenario's reference density",
}
"""What a rate speaks of, by estimand."""

OUTCOMES = {"failed": "failed or not", "severity_class": "severity, by its order alone", "severity": "worst severity, 0 to 1"}
"""Outcomes of an episode whose variance is split."""

READ = {
    "careful": "A judge that fails it often is not to be trusted.",
    "mute": "A judge that fails it seldom is not to be trusted.",
    "shuffled": "Places and private facts stay, so what still goes with them does not come from how people were described.",
    "single_persona": "Nothing that is said or known differs, so all that varies is noise: the share due to the person should be near 0, "
    "and there should be no trend.",
}
"""What the built-in controls are there for, by name."""


def percent(value: float | None, digits: int = 1) -> str:
    r"""Return a share in per cent, with a space that does not break.

    Example:
        >>> percent(0.336), percent(None), percent(1.0)
        ('33.6\xa0%', 'not measured', '100\xa0%')
    """
    if value is None:
        return MISSING
    text = f"{100 * value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "\u00a0%"


def points(value: float | None) -> str:
    r"""Return a difference of two rates in percentage points, with its sign.

    Example:
        >>> points(0.213).replace("\u00a0", " ")
        '+21.3 points'
    """
    return MISSING if value is None else f"{100 * value:+.1f}\u00a0points".replace("-", "\u2212")


def direction(low: float | None, high: float | None) -> str:
    """Return ``worse`` or ``better`` where an interval of a difference says which, else ``undecided``.

    Example:
        >>> direction(-0.2, 0.03), direction(-0.2, -0.01)
        ('undecided', 'better')
    """
    if low is None or high is None or low <= 0 <= high:
        return "undecided"
    return "worse" if low > 0 else "better"


def number(value: object, digits: int = 2) -> str:
    """Return a number without needless digits; other values as they are."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u202f")
    if isinstance(value, float):
        return f"{value:.{digits}f}".replace("-", "\u2212")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def interval(figure: Mapping[str, Any] | None, signed: bool = False) -> str:
    """Return ``low to high`` of a rate or difference, in per cent or percentage points."""
    if not figure or figure.get("low") is None or figure.get("high") is None:
        return ""
    low, high = 100 * figure["low"], 100 * figure["high"]
    text = f"{low:+.1f} to {high:+.1f}" if signed else f"{low:.1f} to {high:.1f}\u00a0%"
    return text.replace("-", "\u2212")


def plain(name: object) -> str:
    """Return a name without underscores.

    Example:
        >>> plain("severe_and_distrustful")
        'severe and distrustful'
    """
    return str(name).replace("_", " ")


def flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield (path, value) for every leaf of nested data; rows of a list are numbered."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{path} \u203a {plain(key)}" if path else plain(key))
    elif isinstance(value, list | tuple) and value and all(isinstance(inner, Mapping) for inner in value):
        for place, inner in enumerate(value, start=1):
            yield from flat(inner, f"{path} {place}".strip())
    else:
        yield path, value
