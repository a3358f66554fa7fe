"""Autoregressive placement: batch after batch, each decided in view of those before, by a model or a stand-in."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive
from ._asking import Axes, Batch, ask_until_read
from ._tasks import PLACES

Array = NDArray[np.float64]

BATCH = 10
"""At most so many people are decided at a time."""

_CENTRE = 0.6
_NARROW = 0.08
_WIDEST = 0.2
_TRIED = 4
_SEEN = 200


def autoregressive(axes: Axes, n: int, seed: int, llm: Batch | None = None, context: str = "") -> Array:
    """Place n people in batches of at most ten, each batch in view of those before.

    With a language model it decides the positions; people whose positions no answer in three gave, and all without
    a model, are placed by a stand-in: it starts near an agreeable centre and lets every batch move a little away
    from the ones before.

    Args:
        axes: Axis dicts.
        n: Number of people, 1 or more.
        seed: Gives the stand-in's draws.
        llm: The model, or None.
        context: The situation, for the model.

    Returns:
        Points of shape (n, K) in [0, 1].
    """
    points = np.empty((0, len(axes)))
    while len(points) < n:
        count = min(BATCH, n - len(points))
        decided = [] if llm is None else _decided(llm, context, axes, points, count)
        if decided:
            points = np.concatenate([points, np.array(decided, float)])
        missing = count - len(decided)
        if missing:
            points = np.concatenate([points, _moved_away(points, missing, len(axes), derive(seed, "autoregressive", len(points)))])
    return points


def _moved_away(before: Array, count: int, k: int, rng: np.random.Generator) -> Array:
    """Return a batch near the agreeable centre: of a few candidates, each time the one farthest from everybody before."""
    width = min(_WIDEST, _NARROW * (1 + len(before) / (2 * BATCH)))
    candidates = np.clip(_CENTRE + width * rng.standard_normal((count, _TRIED, k)), 0.0, 1.0)
    seen = before[-_SEEN:]
    if not len(seen):
        return np.asarray(candidates[:, 0])
    nearest = ((candidates[:, :, None, :] - seen) ** 2).sum(axis=3).min(axis=2)
    return np.asarray(candidates[np.arange(count), nearest.argmax(axis=1)])


class _Partial(ValueError):
    """An answer that cannot be used as a whole; carries the positions in it that can."""

    def __init__(self, reason: str, usable: list[list[float]]) -> None:
        super().__init__(reason)
        self.usable = usable


def _decided(llm: Batch, context: str, axes: Axes, before: Array, count: int) -> list[list[float]]:
    """Return up to ``count`` positions that the model decided: all of a good answer, else the usable ones of the best bad one."""
    names = [str(axis["name"]) for axis in axes]
    prompt = PLACES.format(
        context=context,
        axes="\n".join(f"- {axis['name']}\n  at 0: {axis['low']}\n  at 1: {axis['high']}" for axis in axes),
        before=_listed(names, before[-_SEEN:]) or "none",
        count=count,
        names=", ".join(names),
    )
    best: list[list[float]] = []

    def read(value: object) -> list[list[float]]:
        nonlocal best
        try:
            return _read_positions(value, names, count)
        except _Partial as error:
            best = max(best, error.usable, key=len)
            raise

    answer = ask_until_read(llm, [prompt], read)[0]
    return best if answer is None else answer


def _read_positions(value: object, names: Sequence[str], count: int) -> list[list[float]]:
    """Return the positions of parsed JSON.

    Raises:
        _Partial: If it is no list of ``count`` positions, or one of them has other keys or values.
    """
    if not isinstance(value, list):
        raise _Partial("expected a JSON list", [])
    usable = [[float(entry[name]) for name in names] for entry in value if not _fault(entry, names)]
    faults = (f"person {i + 1}: {fault}" for i, entry in enumerate(value) if (fault := _fault(entry, names)))
    first = next(faults, "")
    if first or len(value) != count:
        raise _Partial(first or f"expected {count} people, got {len(value)}", usable[:count])
    return usable


def _fault(entry: object, names: Sequence[str]) -> str:
    """Return what is wrong with one position; "" if nothing is."""
    if not isinstance(entry, dict) or set(entry) != set(names):
        return "expected exactly the keys " + ", ".join(names)
    for name in names:
        x = entry[name]
        if isinstance(x, bool) or not isinstance(x, int | float) or not math.isfinite(x) or not 0 <= x <= 1:
            return f"expected a number from 0 to 1 as {name}"
    return ""


def _listed(names: Sequence[str], points: Array) -> str:
    """Return positions as a list for the prompt."""
    rows = (", ".join(f"{name} {x:.2f}" for name, x in zip(names, row, strict=True)) for row in points.tolist())
    return "".join(f"\n- {row}" for row in rows)
