"""The coverage radius: how far an ideal population of the same size reaches. Looked up in a shipped table."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources

import numpy as np

from ..sim.errors import InputError
from ..sim.types import Frozen

MOST_AXES = 8
MOST_PEOPLE = 100_000


class Radius(Frozen):
    """A coverage radius and how well it is known."""

    radius: float  # in units of the axes
    standard_error: float  # Monte Carlo, of the mean over draws; where interpolated, with the error of that
    draws: int  # scrambled Sobol sets it was averaged over (the fewer of two where interpolated)
    interpolated: bool  # between two sizes of the table, linear in log N and log radius
    target: float  # share of the cube that an ideal set covers at this radius


@lru_cache(maxsize=512)
def coverage_radius(n: int, k: int) -> Radius:
    """Return the radius at which a Sobol set of n points covers 99 % of [0, 1]^k, on average over Sobol sets.

    Args:
        n: Number of people, 1 to 100,000; more people are given the radius of 100,000.
        k: Number of axes, 1 to 8.

    Raises:
        InputError: If n or k is out of range.

    Source: coverage metric of Persona Generators (arXiv 2602.03545); table by ``benchmarks/make_radius_table.py``.
    Between powers of two the radius of a Sobol set is no smooth function of n, on one and two axes above all. How far
    it lies off the interpolating line halfway between two sizes was measured and is part of the standard error.
    """
    if n < 1:
        raise InputError("people", "at least one person", n)
    if not 1 <= k <= MOST_AXES:
        raise InputError("axes", f"1 to {MOST_AXES} axes", k)
    target, columns = _table()
    sizes, radii, errors, draws, bends = columns[k]
    n = min(n, MOST_PEOPLE)
    right = int(np.searchsorted(sizes, n))
    if sizes[right] == n:
        return Radius(radius=radii[right], standard_error=errors[right], draws=draws[right], interpolated=False, target=target)
    left = right - 1
    share = np.log(n / sizes[left]) / np.log(sizes[right] / sizes[left])
    radius = float(np.exp((1 - share) * np.log(radii[left]) + share * np.log(radii[right])))
    by_chance = (1 - share) * errors[left] / radii[left] + share * errors[right] / radii[right]  # of the same draws, so they add up
    relative = np.hypot(by_chance, bends[left])
    fewest = min(draws[left], draws[right])
    return Radius(radius=radius, standard_error=float(radius * relative), draws=fewest, interpolated=True, target=target)


Column = tuple[list[int], list[float], list[float], list[int], list[float]]


@lru_cache(maxsize=1)
def _table() -> tuple[float, dict[int, Column]]:
    """Return the target share, and for each number of axes: sizes, radii, standard errors, draws, relative errors of interpolation."""
    text = resources.files(__package__).joinpath("data/radius.json").read_text(encoding="utf-8")
    raw = json.loads(text)
    columns: dict[int, Column] = {}
    for k, n, radius, error, draws, _, bend in raw["cells"]:
        sizes, radii, errors, counts, bends = columns.setdefault(k, ([], [], [], [], []))
        sizes.append(n)
        radii.append(radius)
        errors.append(error)
        counts.append(draws)
        bends.append(bend)
    return float(raw["target"]), columns
