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
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    who, person = np.unique(sample.persona, return_inverse=True)
    if sample.episode is None or not len(who):
        return float(len(who))
    episodes, episode = np.unique(sample.episode, return_inverse=True)
    total = len(who) + len(episodes)
    edges = coo_matrix((np.ones(len(person)), (person, len(who) + episode)), (total, total))
    size = np.bincount(connected_components(edges, directed=False)[1][: len(who)]).astype(float)
    return float(size.sum() ** 2 / np.sum(size**2))
