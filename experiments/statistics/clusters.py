"""How many independent people some people are worth, where they share episodes."""

from __future__ import annotations

import numpy as np

from .rates import Sample


def independent_people(sample: Sample) -> float:
    """Return the number of independent people whose mean varies at least as much as that of the people of a sample.

    People who share an episode, directly or by others, are one cluster, and a cluster may act as one person: the number is
    the squared sum of cluster sizes over the sum of their squares. It is the number of people where nobody
    shares an episode, and 0 without a unit.
    """
    who, person = np.unique(sample.persona, return_inverse=True)
    if sample.episode is None or sample.seated is None or not len(who):
        return float(len(who))
    pool = np.zeros(len(who), np.int64)
    pool[person] = sample.seated.pools(sample.episode)
    size = np.bincount(pool).astype(float)
    return float(size.sum() ** 2 / np.sum(size**2))
