"""Sign-flip tests of paired changes: had the two targets been one, each unit might as well have changed the other way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...sim.seeds import derive
from .outcomes import Bools, Floats, Ints

DRAWS = 10_000
"""Random patterns of signs where there are too many to take all."""

MOST_PATTERNS = 1 << 16
"""Sums held at a time while all patterns are taken; 14 units fit whatever their changes are."""

DIGITS, TIE = 12, 1e-9
"""Decimals that are kept, and the difference up to which two sums count as equal."""


@dataclass(frozen=True)
class FlipTest:
    """P-values of a sign-flip test.

    Args:
        p: Two-sided, adjusted for the number of columns, shape (columns,), in (0, 1].
        exact: Every pattern of signs was taken.
        units: Units with a change in any column; 2 ** (1 - units) is the least p-value there can be.
    """

    p: Floats
    exact: bool
    units: int


def sign_flip_test(changes: Floats, seed: int = 0, draws: int = DRAWS) -> FlipTest:
    """Test whether changes are centred on 0 by flipping the signs of whole units.

    The statistic of a column is its sum over the root of its sum of squares; that sum of squares is the same under
    every pattern of signs, so the test is also the one with Student's t. Exact where a unit's changes are as likely
    as their mirror image, for any number of units; with many units it also holds for unequal shapes with mean 0
    (Janssen 1999, Mathematical Methods of Statistics 8). Several columns are adjusted together by the maximum statistic,
    step-down (Westfall and Young 1993, algorithm 2.8), so that the chance of any false p-value below alpha is at most
    alpha and correlated columns cost little.

    All patterns are taken where their sums are few: units with the same changes up to sign count as one binomial
    draw, and equal sums of a single column are merged. Otherwise ``draws`` random patterns stand for them and p = (1 + b) / (1 + draws), where
    b of them are as extreme as the data (Phipson and Smyth 2010).

    Args:
        changes: Sum of the changes in each unit, shape (units, columns); what is flipped is a row.
        seed: Seed of the random patterns.
        draws: How many random patterns.

    Raises:
        ValueError: If ``changes`` has another shape or is not finite.

    Example:
        >>> sign_flip_test(np.array([[1.0], [1.0], [1.0], [1.0], [1.0], [0.0]])).p.tolist()
        [0.0625]
    """
    changes = np.asarray(changes, float)
    if changes.ndim != 2 or not np.isfinite(changes).all():
        raise ValueError(f"sign-flip test: expected finite changes of shape (units, columns), got shape {changes.shape}")
    norm = np.sqrt(np.sum(changes**2, axis=0))
    scaled = np.round(changes / np.where(norm > 0, norm, 1), DIGITS)
    rows, counts = _alike(scaled)
    observed = np.abs(scaled.sum(axis=0))
    units = int(counts.sum())
    everything = _all_patterns(rows, counts)
    if everything is not None:
        sums, weights = everything
        return FlipTest(_step_down(observed, weights @ _as_extreme(sums, observed)), True, units)
    rng = derive(seed, "sign-flip")
    reached = np.zeros(len(observed))
    for size in _blocks(draws):
        sums = (2.0 * rng.binomial(counts, 0.5, size=(size, len(counts))) - counts) @ rows
        reached += np.sum(_as_extreme(sums, observed), axis=0)
    return FlipTest(_step_down(observed, (1 + reached) / (1 + draws)), False, units)


def _alike(scaled: Floats) -> tuple[Floats, Ints]:
    """Return the distinct rows up to sign, without rows of zeros, and how many units have each."""
    changed = scaled[np.any(scaled != 0, axis=1)]
    first = np.take_along_axis(changed, np.argmax(changed != 0, axis=1)[:, None], axis=1)
    rows, counts = np.unique(changed * np.sign(first), axis=0, return_counts=True)
    return rows, counts.astype(np.int64)


def _all_patterns(rows: Floats, counts: Ints) -> tuple[Floats, Floats] | None:
    """Return every sum that signs can make, shape (sums, columns), and its probability; None if they are too many.

    Sums of several columns are seldom equal, so only those of one are merged.
    """
    from scipy.special import gammaln

    merged = rows.shape[1] == 1
    if not merged and np.sum(np.log2(counts + 1)) > np.log2(MOST_PATTERNS):
        return None
    sums, weights = np.zeros((1, rows.shape[1])), np.ones(1)
    for row, count in zip(rows, counts, strict=True):
        if len(sums) * (count + 1) > MOST_PATTERNS:
            return None
        up = np.arange(count + 1.0)
        chance = np.exp(gammaln(count + 1.0) - gammaln(up + 1) - gammaln(count - up + 1) - count * np.log(2))
        sums = (sums[:, None, :] + (2 * up - count)[None, :, None] * row).reshape(-1, rows.shape[1])
        weights = (weights[:, None] * chance).ravel()
        if merged:
            values, where = np.unique(np.round(sums[:, 0], DIGITS), return_inverse=True)
            sums, weights = values[:, None], np.bincount(where, weights).astype(float)
    return sums, weights


def _as_extreme(sums: Floats, observed: Floats) -> Bools:
    """Return where the largest statistic among a column and those less extreme than it reaches the column's own."""
    order = np.argsort(-observed, kind="stable")
    largest = np.maximum.accumulate(np.abs(sums[:, order])[:, ::-1], axis=1)[:, ::-1]
    reached = np.empty(sums.shape, bool)
    reached[:, order] = largest >= observed[order] - TIE
    return reached


def _step_down(observed: Floats, p: Floats) -> Floats:
    """Return p-values that do not fall from a column to a less extreme one."""
    order = np.argsort(-observed, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order]), 1.0)
    return adjusted


def _blocks(draws: int, size: int = 1000) -> list[int]:
    """Return the sizes of blocks of draws, so that memory stays small."""
    return [size] * (draws // size) + ([draws % size] if draws % size else [])
