"""The archive of programs: islands, each with one elite for every metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import rankdata

from ...sim.types import Frozen


class Elite(Frozen):
    """Who holds a place."""

    candidate: str  # id
    merits: Mapping[str, float]  # what it is worth in every place, the greater the better


class Move(Frozen):
    """A program that came to an island from another one."""

    candidate: str
    source: int  # island it came from
    island: int  # where it went
    places: tuple[str, ...]  # that it took there


class Extinction(Frozen):
    """What happened when the worst islands were wiped."""

    wiped: tuple[int, ...] = ()
    rescued: tuple[Move, ...] = ()  # best of all islands in some place, which would have been lost
    refilled: tuple[Move, ...] = ()


class Archive:
    """Islands x places, each place with at most one elite.

    A place is a metric, or the weighted sum where there are weights. An elite is beaten only in its own place: by a
    program that is offered to the same island and is strictly better by the same measure. Of equals the one that holds
    the place stays. Only :meth:`extinction` empties places, and it loses no program that is best of all islands in some
    place.

    Args:
        islands: How many, 1 or more.
        places: Names of the places of each.
    """

    def __init__(self, islands: int, places: Sequence[str]) -> None:
        self.places = tuple(places)
        self._islands: list[dict[str, Elite]] = [{} for _ in range(islands)]

    def __len__(self) -> int:
        """Number of islands."""
        return len(self._islands)

    def elites(self, island: int) -> Mapping[str, Elite]:
        """Return who holds which place of an island; places that nobody holds are not there."""
        return {place: self._islands[island][place] for place in self.places if place in self._islands[island]}

    def held(self) -> dict[tuple[int, str], Elite]:
        """Return all elites by (island, place), in order."""
        return {(island, place): elite for island in range(len(self)) for place, elite in self.elites(island).items()}

    def beats(self, island: int, merits: Mapping[str, float]) -> tuple[str, ...]:
        """Return the places of an island that a program of these merits would take."""
        held = self._islands[island]
        return tuple(place for place in self.places if place not in held or merits[place] > held[place].merits[place])

    def offer(self, island: int, candidate: str, merits: Mapping[str, float]) -> tuple[str, ...]:
        """Let a program take the places of an island in which it is strictly better; return these places."""
        taken = self.beats(island, merits)
        self._islands[island].update(dict.fromkeys(taken, Elite(candidate=candidate, merits=dict(merits))))
        return taken

    def best(self, place: str) -> tuple[int, Elite] | None:
        """Return the best elite of a place over all islands and its island, the lowest of equals; None if nobody holds it."""
        found = [(island, held[place]) for island, held in enumerate(self._islands) if place in held]
        return max(found, key=lambda one: (one[1].merits[place], -one[0])) if found else None

    def ranking(self) -> list[int]:
        """Return the islands from best to worst by the mean over places of the rank of their elites.

        Ties within a place share their mean rank; an island without an elite ranks last in it. Of islands that are
        equal the lower number comes first.
        """
        worth = np.array([[held[place].merits[place] if place in held else -np.inf for place in self.places] for held in self._islands])
        ranks = rankdata(-worth, axis=0).mean(axis=1)
        return sorted(range(len(self)), key=lambda island: (ranks[island], island))

    def extinction(self, share: float, random: np.random.Generator) -> Extinction:
        """Wipe the worst islands and refill each with one elite of the best ones.

        The number wiped is the share of islands, rounded, at least one and never all; none if the share is 0. A wiped
        island takes one elite, of a place drawn at random, from the best of the others, the next one from the second
        best, and so on; that program holds all its places. Before that a program that is best of all islands in some
        place is offered to the best island, so that it is not lost.

        Args:
            share: In [0, 1).
            random: Draws the places.
        """
        doomed, rest = self._doomed(share)
        if not doomed or not self._islands[rest[0]]:
            return Extinction()
        rescued = []
        for place in self.places:
            found = self.best(place)
            if found is not None and found[0] in doomed:
                rescued.append(self._move(found[1], found[0], rest[0]))
        for island in doomed:
            self._islands[island] = {}
        return Extinction(wiped=tuple(doomed), rescued=tuple(rescued), refilled=self._refill(doomed, rest, random))

    def settle_empty(self, random: np.random.Generator) -> tuple[Move, ...]:
        """Send one elite of the best islands to each island that has none, as after an extinction.

        Args:
            random: Draws the places.
        """
        empty = [island for island, held in enumerate(self._islands) if not held]
        return self._refill(empty, self.ranking(), random) if 0 < len(empty) < len(self) else ()

    def migrate(self, migrants: int, random: np.random.Generator) -> tuple[Move, ...]:
        """Offer elites of each island to the next one, the last island's to the first.

        Who goes is drawn among the different elites of an island as they are before anybody has moved; they stay at
        home as well.

        Args:
            migrants: How many of each island, or all it has if that is fewer.
            random: Draws them.
        """
        if len(self) == 1:
            return ()
        going: list[tuple[Elite, int]] = []
        for island in range(len(self)):
            homes = list({elite.candidate: elite for elite in self.elites(island).values()}.values())
            going += [(homes[i], island) for i in random.permutation(len(homes))[:migrants].tolist()]
        return tuple(self._move(elite, island, (island + 1) % len(self)) for elite, island in going)

    def restore(self, held: Mapping[tuple[int, str], Elite]) -> None:
        """Put back what :meth:`held` returned."""
        self._islands = [{} for _ in self._islands]
        for (island, place), elite in held.items():
            self._islands[island][place] = elite

    def _refill(self, islands: Sequence[int], best: Sequence[int], random: np.random.Generator) -> tuple[Move, ...]:
        """Offer each of some islands one elite of the best others, of a place drawn at random."""
        sources = [island for island in best if self._islands[island]]
        moves = []
        for i, island in enumerate(islands):
            source = sources[i % len(sources)]
            place = self.places[int(random.integers(len(self.places)))]
            moves.append(self._move(self._islands[source][place], source, island))
        return tuple(moves)

    def _doomed(self, share: float) -> tuple[list[int], list[int]]:
        """Return the islands to wipe, worst first, and the others, best first."""
        ranking = self.ranking()
        count = min(len(self) - 1, max(1, round(share * len(self)))) if share > 0 else 0
        return ranking[len(self) - count :][::-1], ranking[: len(self) - count]

    def _move(self, elite: Elite, source: int, island: int) -> Move:
        """Offer an elite of one island to another."""
        places = self.offer(island, elite.candidate, elite.merits)
        return Move(candidate=elite.candidate, source=source, island=island, places=places)
