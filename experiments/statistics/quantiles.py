"""Two-sided quantiles."""

from __future__ import annotations


def z_value(level: float) -> float:
    """Return the two-sided standard normal quantile: 1.96 for 0.95."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))


def t_value(level: float, df: float) -> float:
    """Return the two-sided quantile of Student's t with ``df`` degrees of freedom, 1 or more."""
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.5 + level / 2))
