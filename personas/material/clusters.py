"""Clusters: statements that speak of the same, as communities of a graph of similar statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...sim.seeds import derive
from .statements import Statement
from .words import alike, shown, stem, terms, vectors

if TYPE_CHECKING:
    from scipy import sparse

SIMILAR = 0.2
"""Statements of at least this tf-idf cosine are neighbours in the graph."""

DUPLICATE = 0.9
"""Statements of at least this cosine count as one, with all their evidence."""

RESOLUTION = 1.0
"""Resolution of the modularity that communities maximise."""

LABEL_WORDS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One statement with those that say nearly the same."""

    statement: Statement
    same: tuple[Statement, ...] = ()  # near-duplicates, in order

    @property
    def all(self) -> tuple[Statement, ...]:
        """The statement and its near-duplicates."""
        return (self.statement, *self.same)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Statements that speak of the same; one alone is a singleton."""

    label: str  # its most characteristic words
    points: tuple[Point, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement in it, near-duplicates included, in order."""
        return tuple(sorted((s for point in self.points for s in point.all), key=lambda s: s.order))


@dataclass(frozen=True, slots=True)
class Clustering:
    """All clusters, singletons among them."""

    clusters: tuple[Cluster, ...]
    duplicates: int  # statements merged into another
    modularity: float | None  # None where no two statements are similar

    @property
    def singletons(self) -> int:
        """Number of clusters of one statement without near-duplicates of other people."""
        return sum(len(cluster.points) == 1 for cluster in self.clusters)


def cluster(statements: Sequence[Statement], seed: int) -> Clustering:
    """Put statements of all documents together by what they speak of.

    The graph joins statements of tf-idf cosine :data:`SIMILAR` or more (words and pairs of words, negated ones
    apart), near-duplicates merged before; its communities are those of Blondel et al. (2008, J. Stat. Mech. P10008).

    Args:
        statements: In order.
        seed: Gives the order in which the communities are sought.
    """
    import networkx as nx

    if not statements:
        return Clustering((), 0, None)
    matrix, _ = vectors([terms(s.words) for s in statements])
    points = _without_duplicates(statements, matrix)
    matrix, vocabulary = vectors([terms(p.statement.words) for p in points])
    graph = nx.Graph()
    graph.add_nodes_from(range(len(points)))
    graph.add_weighted_edges_from(alike(matrix, SIMILAR))
    if not graph.number_of_edges():
        groups = [{i} for i in range(len(points))]
        modularity = None
    else:
        number = int(derive(seed, "material", "communities").integers(2**31))
        groups = nx.community.louvain_communities(graph, weight="weight", resolution=RESOLUTION, seed=number)
        modularity = float(nx.community.modularity(graph, groups, weight="weight", resolution=RESOLUTION))
    members = sorted(sorted(group) for group in groups)
    labels = _labels(matrix, vocabulary, members, points)
    clusters = tuple(Cluster(label, tuple(points[i] for i in group)) for label, group in zip(labels, members, strict=True))
    return Clustering(clusters, len(statements) - len(points), None if modularity is None else round(modularity, 6))


def _without_duplicates(statements: Sequence[Statement], matrix: sparse.csr_array) -> list[Point]:
    """Put each statement to the first one before that is nearly the same, unless that one is a duplicate itself."""
    first = list(range(len(statements)))
    for i, j, _ in alike(matrix, DUPLICATE):
        if first[i] == i and first[j] == j:
            first[j] = i
    same: dict[int, list[Statement]] = {i: [] for i, f in enumerate(first) if f == i}
    for i, f in enumerate(first):
        if f != i:
            same[f].append(statements[i])
    return [Point(statements[i], tuple(rest)) for i, rest in same.items()]


def _labels(matrix: sparse.csr_array, vocabulary: Sequence[str], groups: Sequence[Sequence[int]], points: Sequence[Point]) -> list[str]:
    """Name each group by the words whose mean tf-idf inside it exceeds that outside most."""
    total = np.asarray(matrix.sum(axis=0)).reshape(-1)
    out = []
    for group in groups:
        inside = np.asarray(matrix[list(group)].sum(axis=0)).reshape(-1)
        outside = (total - inside) / max(1, matrix.shape[0] - len(group))
        lead = np.round(inside / len(group) - outside, 9)
        order = sorted((i for i in np.nonzero(inside)[0].tolist() if "+" not in vocabulary[i]), key=lambda i: (-lead[i], vocabulary[i]))
        surface = _surface(" ".join(points[i].statement.words for i in group))
        out.append(", ".join(_shown(vocabulary[i], surface) for i in order[:LABEL_WORDS]) or "unnamed")
    return out


def _shown(term: str, surface: dict[str, str]) -> str:
    bare = term.removeprefix("not ")
    return shown(term[: len(term) - len(bare)] + surface.get(bare, bare))


def _surface(text: str) -> dict[str, str]:
    """Return for each stem the shortest word of a text that has it, the alphabetically first of these."""
    found: dict[str, str] = {}
    for word in sorted(set(text.replace("\u2019", "'").casefold().split()), key=lambda w: (len(w), w)):
        bare = word.strip(".,;:!?\"'()*-\u2026\u201c\u201d")
        found.setdefault(stem(bare), bare)
    return found
