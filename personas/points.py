"""Point sets of the unit cube: people, the fixed evaluation points, and Sobol sets as ideal populations."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..sim.errors import InputError
from ..sim.seeds import derive

Array = NDArray[np.float64]

EVALUATION_POINTS = 10_000
"""How many uniform points coverage and dispersion are evaluated on."""


def as_positions(positions: ArrayLike, axes: int | None = None) -> Array:
    """Return positions as an array of shape (people, K).

    Raises:
        InputError: If the shape is off, nobody is there, or a value is not in [0, 1].
    """
    x = np.asarray(positions, float)
    if x.ndim != 2 or x.shape[1] < 1 or (axes is not None and x.shape[1] != axes):
        raise InputError("positions", f"a table of people by {axes or 'axes'}", x.shape)
    if not len(x):
        raise InputError("positions", "at least one person", 0)
    bad = ~((x >= 0) & (x <= 1))  # also NaN
    if bad.any():
        row, column = (int(i) for i in np.argwhere(bad)[0])
        raise InputError(f"positions[{row}][{column}]", "a number in [0, 1]", float(x[row, column]))
    return x


@lru_cache(maxsize=32)
def evaluation_points(k: int, count: int = EVALUATION_POINTS) -> Array:
    """Return the uniform points that populations in k dimensions are judged on.

    A pure function of its arguments, so that two populations always meet the same points.

    Args:
        k: Number of axes, 1 or more.
        count: Number of points.

    Returns:
        Read-only array, shape (count, k), values in [0, 1).
    """
    points = derive(0, "evaluation", k, count).random((count, k))
    points.setflags(write=False)
    return points


def sobol_points(n: int, k: int, rng: np.random.Generator) -> Array:
    """Return the first n points of one scrambled Sobol sequence, shape (n, k), values in [0, 1).

    Args:
        n: Number of points, 1 or more.
        k: Number of axes.
        rng: Draws the scramble.
    """
    from scipy.stats import qmc  # slow to import

    exponent = max(0, math.ceil(math.log2(n)))
    points: Array = qmc.Sobol(k, scramble=True, seed=rng).random_base2(exponent)
    return points[:n]
