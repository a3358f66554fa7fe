"""Numbers in programs: within which bounds each makes sense, and which settings of the kit can be added."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

BOUNDS: Mapping[str, tuple[float, float]] = {
    "emphasis": (0.5, 2.5), "middle": (0.5, 2.0), "lift": (-0.25, 0.25), "gain": (0.2, 2.5), "centre": (0.2, 0.8), "power": (0.4, 4.0),
    "reach": (0.4, 1.6), "share": (0.0, 1.0), "width": (0.0, 0.25), "slab": (0.0, 0.2), "by": (-0.25, 0.25), "lean": (0.05, 0.95),
    "levels": (2, 9), "count": (1, 20), "axis": (1, 5), "toward": (-1.5, 1.5), "starts": (1, 4), "sweeps": (8, 160),
}  # fmt: skip
"""Keyword of the kit, or ``lean`` for a bound that a lean is compared with, to the least and most it is set to."""

_CITED: Mapping[str, float] = {"gain": 1.0, "centre": 0.5}
METHODS = frozenset({"scores", "score", "percent", "mark"})
"""Those of :data:`SETTINGS` that are methods: they take nothing before their settings."""

SETTINGS: Mapping[str, Mapping[str, float]] = {
    "sitters": {"emphasis": 1.35, "middle": 1.05, "lift": 0.0},
    "sitter": {"emphasis": 1.35, "middle": 1.05, "lift": 0.0},
    "stretched": {"reach": 1.2},
    "maximin": {"sweeps": 60},
    "mixture": {"share": 0.25},
    "corners": {"width": 0.1},
    "archetypes": {"count": 6},
    "outward": {"power": 1.5},
    "shrink": {"reach": 0.9},
    "shift": {"by": 0.05},
    "tilt": {"axis": 1, "toward": 0.5},
    "to_rim": {"slab": 0.05},
    "snap": {"levels": 5},
    "jitter": {"width": 0.05},
    "scores": _CITED,
    "score": _CITED,
    "percent": _CITED,
    "mark": _CITED,
}
"""Function of the kit, or method of its people, to the settings it takes by name, with their defaults."""

_PLACES = ("stretched", "maximin", "mixture", "corners", "archetypes")
BEFORE_SETTINGS: Mapping[str, int] = {
    name: {"sitters": 4, "sitter": 4, "jitter": 2}.get(name, 3 if name in _PLACES else 1) for name in SETTINGS if name not in METHODS
}
"""Function of the kit to how many arguments stand before its settings."""

DEFAULTS: Mapping[str, float] = {key: value for settings in SETTINGS.values() for key, value in settings.items()}
"""Setting to its default; where functions differ, that of the last one."""

_REDRAWN = 0.1
_STEPS = (-2.0, -0.3)
"""Powers of ten between which the size of a step is drawn, as a share of the range: fine ones and coarse ones alike."""


def perturbed(value: float, key: str, rng: np.random.Generator) -> float | int:
    """Return another value of a setting: moved by a fine or a coarse step, or now and then drawn anew, within its bounds.

    Args:
        value: What it is now; whole for a setting that counts.
        key: Keyword in :data:`BOUNDS`; for any other the value stays within half and double.
        rng: Random numbers.
    """
    low, high = _bounds(value, key)
    if _whole(value, key):
        step = int(rng.integers(1, max(2, round(0.25 * abs(value)) + 1))) * (1 if rng.random() < 0.5 else -1)
        return within(value + step, value, key)
    if rng.random() < _REDRAWN:
        moved = low + (high - low) * rng.random()
    else:
        moved = value + (high - low) * float(10 ** rng.uniform(*_STEPS)) * float(rng.standard_normal())
    return within(moved, value, key)


def within(moved: float, value: float, key: str) -> float | int:
    """Return a number within the bounds of what it sets, rounded; whole for a setting that counts.

    Args:
        moved: The number.
        value: What stood there before; whole numbers of unknown meaning stay whole.
        key: As in :func:`perturbed`.
    """
    low, high = _bounds(value, key)
    if _whole(value, key):
        return int(min(max(round(low), round(moved)), max(round(high), round(low) + 1)))
    return round(float(min(high, max(low, moved))), 2 if high - low > 0.5 else 3)


def _bounds(value: float, key: str) -> tuple[float, float]:
    return BOUNDS.get(key, (min(value / 2, value * 2), max(value / 2, value * 2)))


def _whole(value: float, key: str) -> bool:
    return isinstance(value, int) and key in {*_WHOLE, ""}


_WHOLE = frozenset({"axis", "levels", "count", "starts", "sweeps"})
