"""The reference density: where probable users are. Beta margins joined by a Gaussian copula."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import model_validator
from scipy import special

from ..sim.types import Frozen

Array = NDArray[np.float64]
_EDGE = 1e-9


class ReferenceDensity(Frozen):
    """A density over [0, 1]^K with Beta(a, b) margins and a Gaussian copula.

    The copula makes depth exact: the region of central mass m is an ellipsoid in normal scores.

    Args:
        margins: Axis name to the (a, b) of its Beta margin, in the order of the axes.
        correlation: Pairs "axis,axis" to the correlation of their normal scores; pairs left out are 0.

    Raises:
        ValueError: If a margin is not positive, a pair names an unknown axis, or the matrix is not positive definite.

    Example:
        >>> ReferenceDensity(margins={"x": (1, 1)}).pdf([[0.5]])
        array([1.])
    """

    margins: Mapping[str, tuple[float, float]]
    correlation: Mapping[str, float] = {}

    @model_validator(mode="after")
    def _valid(self) -> ReferenceDensity:
        for name, (a, b) in self.margins.items():
            if not (a > 0 and b > 0):
                raise ValueError(f"margin {name!r}: expected two positive numbers, got {(a, b)}")
        for pair in self.correlation:
            if len(pair.split(",")) != 2 or not set(pair.split(",")) <= set(self.margins):
                raise ValueError(f"correlation {pair!r}: expected two of {', '.join(self.margins)} joined by a comma")
        try:
            _ = self._cholesky
        except np.linalg.LinAlgError:
            raise ValueError("correlation: the matrix is not positive definite") from None
        return self

    @property
    def axes(self) -> tuple[str, ...]:
        """Axis names, in order."""
        return tuple(self.margins)

    @cached_property
    def matrix(self) -> Array:
        """Correlation matrix of the normal scores, shape (K, K)."""
        names = list(self.margins)
        out = np.eye(len(names))
        for pair, rho in self.correlation.items():
            i, j = (names.index(n) for n in pair.split(","))
            out[i, j] = out[j, i] = rho
        return out

    @cached_property
    def _cholesky(self) -> Array:
        return np.asarray(np.linalg.cholesky(self.matrix), float)

    @cached_property
    def _ab(self) -> tuple[Array, Array]:
        ab = np.array(list(self.margins.values()), float)
        return ab[:, 0], ab[:, 1]

    def cdf(self, points: ArrayLike) -> Array:
        """Return the marginal distribution function at points of shape (n, K), axis by axis."""
        x = np.clip(np.asarray(points, float), 0, 1)
        a, b = self._ab
        return np.asarray(special.betainc(a, b, x))

    def quantile(self, u: ArrayLike) -> Array:
        """Return the inverse of :meth:`cdf`."""
        a, b = self._ab
        return np.asarray(special.betaincinv(a, b, np.clip(np.asarray(u, float), 0, 1)))

    def scores(self, points: ArrayLike) -> Array:
        """Return independent standard normal scores, shape (n, K)."""
        z = special.ndtri(np.clip(self.cdf(points), _EDGE, 1 - _EDGE))
        return np.asarray(np.linalg.solve(self._cholesky, z.T).T)

    def depth(self, points: ArrayLike) -> Array:
        """Return the reference mass that lies deeper than each point, shape (n,): 0 at the centre, 1 at the rim.

        Deeper is where the normal scores are denser, so a draw from the density has a uniform depth. NaN where a
        coordinate is NaN.
        """
        r2 = (self.scores(points) ** 2).sum(axis=1)
        return np.asarray(special.gammainc(len(self.margins) / 2, r2 / 2))

    def pdf(self, points: ArrayLike) -> Array:
        """Return the density at points of shape (n, K); 1 everywhere would be the uniform density."""
        x = np.clip(np.asarray(points, float), _EDGE, 1 - _EDGE)
        a, b = self._ab
        log_margins = (a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b)
        z = special.ndtri(np.clip(self.cdf(x), _EDGE, 1 - _EDGE))
        y = np.linalg.solve(self._cholesky, z.T).T
        log_copula = 0.5 * (z**2).sum(axis=1) - 0.5 * (y**2).sum(axis=1) - np.log(np.diag(self._cholesky)).sum()
        return np.asarray(np.exp(log_margins.sum(axis=1) + log_copula))

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Draw n people, shape (n, K)."""
        z = rng.standard_normal((n, len(self.margins))) @ self._cholesky.T
        return self.quantile(special.ndtr(z))
