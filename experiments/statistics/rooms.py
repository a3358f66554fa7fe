"""Which units of a sample may go together, where people share episodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rooms:
    """Who sat in which episode.

    What happens to a person may depend on everybody in the room. So two episodes go together as far as they share people,
    and people whom shared episodes link, directly or by others, are one pool; pools have nothing to do with each other.

    Args:
        person: Person of each seat, shape (seats,).
        episode: Episode of each seat, shape (seats,).
    """

    person: Ints
    episode: Ints

    def pools(self, episode: Ints) -> Ints:
        """Return the pool of each of some units, by their episodes, numbered from 0 as far as they occur, shape (units,)."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        who, where = (np.unique(ids, return_inverse=True) for ids in (self.person, self.episode))
        people, total = len(who[0]), len(who[0]) + len(where[0])
        edges = coo_matrix((np.ones(len(self.person)), (who[1], people + where[1])), (total, total))
        label = connected_components(edges, directed=False)[1][people:]
        return np.asarray(np.unique(label[np.searchsorted(where[0], episode)], return_inverse=True)[1], np.int64)

    def independent(self, episode: Ints, weight: Floats) -> float:
        """Return the number of independent units whose mean varies at least as much as a weighted mean of some units.

        Let every outcome be any function of who is in the room, and of chance. The covariance of two episodes of g
        people that share s of them is then at most s / g of the variance (Hoeffding's decomposition, 1948), and people of one
        room may all fare alike. The mean over everybody, seated once a replicate in groups of g, thus varies no more than
        that of people / g independent units, however many replicates there are; of people alone, no more than that of people.

        Args:
            episode: Episode of each unit, shape (units,).
            weight: What it counts for; adds up to 1, shape (units,).
        """
        episodes, where = np.unique(self.episode, return_inverse=True)
        total = np.bincount(np.searchsorted(episodes, episode), weight, minlength=len(episodes))
        reach = total / np.sqrt(np.bincount(where))
        person = np.unique(self.person, return_inverse=True)[1]
        return float(1 / np.sum(np.bincount(person, reach[where]) ** 2))


def by_pool(influence: Floats, pool: Ints) -> float:
    """Return the variance of a sum of influences whose pools are independent; 0 with one pool, which tells nothing."""
    sums = np.bincount(pool, influence)
    return float(np.sum(sums**2)) * len(sums) / (len(sums) - 1) if len(sums) > 1 else 0.0
