"""All programs of a search and the islands they live on: who is measured, who is an elite, who becomes a parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...sim.errors import InputError
from ...sim.seeds import derive
from .archive import Archive, Elite, Extinction, Move
from .breeding import Slot
from .candidate import Candidate, Evaluation
from .founding import founders, identity
from .mutator import Parent
from .objectives import OBJECTIVES, merits
from .search_state import Shown
from .settings import SearchSettings

SPARED = 0.005
"""A place that has no more than this left to win is not worth a child."""


class Islands:
    """Programs by id, the archive, and the measured programs of each island.

    Order for each generation: :meth:`add` what is asked, :meth:`settle` what was measured, :meth:`exchange`.

    Args:
        settings: Of the search.
        seed: Of the search.
    """

    def __init__(self, settings: SearchSettings, seed: int) -> None:
        self.settings = settings
        self.archive = Archive(settings.islands, settings.places)
        self.candidates: dict[str, Candidate] = {}
        self.evaluations: dict[str, Evaluation] = {}  # without people
        self.people: dict[str, Shown] = {}  # of those who may be parents
        self.known: dict[str, str] = {}  # program to id
        self._members: list[list[str]] = [[] for _ in range(settings.islands)]  # measured programs, gated ones too
        self._seed = seed
        self._blind = settings.selection == "none"

    def add(self, candidates: Sequence[Candidate]) -> None:
        """Write down programs that are asked."""
        for candidate in candidates:
            self.candidates[candidate.id] = candidate
            self.known[identity(candidate.source)] = candidate.id

    def worth(self, evaluation: Evaluation) -> dict[str, float]:
        """Return what a program is worth in each place.

        Raises:
            InputError: If a value is missing or not finite.
        """
        try:
            return merits(evaluation.objectives, self.settings.metrics, self.settings.weights)
        except InputError as error:
            raise InputError(f"evaluation of {evaluation.candidate}: {error.field}", error.expected, error.got) from error

    def settle(self, told: Sequence[Evaluation]) -> tuple[frozenset[str], dict[str, dict[str, float]]]:
        """Let the measured programs of a generation live on their islands and take the places in which they are better.

        Args:
            told: Evaluations of the whole generation, in the order of asking.

        Returns:
            Ids of the children that are ok; and of each of them that is better than its island was before the generation, by
            place, how much greater its merit is than the elite's (places that were empty are left out).

        Raises:
            InputError: If one that is ok lacks a finite value; nothing has changed then.
        """
        worth = {evaluation.candidate: self.worth(evaluation) for evaluation in told if evaluation.status == "ok"}
        for evaluation in told:
            self.evaluations[evaluation.candidate] = evaluation.model_copy(update={"sample": (), "worst": ()})
            self.people[evaluation.candidate] = Shown(sample=evaluation.sample, worst=evaluation.worst)
        children = frozenset(id for id in worth if self.candidates[id].parents)
        gains = {id: self._gains(self.candidates[id].island, worth[id]) for id in worth if id in children}
        for island, id in self._live(told):
            if id in worth:
                self.archive.offer(island, id, worth[id])
        return children, {id: gain for id, gain in gains.items() if gain is not None}

    def exchange(self, generation: int) -> tuple[Extinction, tuple[Move, ...]]:
        """Wipe the worst islands, let elites migrate and settle empty islands, where it is time to and elites are selected at all."""
        s = self.settings
        extinction = Extinction()
        moves: tuple[Move, ...] = ()
        if not self._blind and generation:
            if s.extinction_every and generation % s.extinction_every == 0:
                extinction = self.archive.extinction(s.extinction_share, derive(self._seed, "extinction", generation))
            if s.migrate_every and generation % s.migrate_every == 0:
                moves = self.archive.migrate(s.migrants, derive(self._seed, "migration", generation))
            if s.settle_after and generation >= s.settle_after:
                moves += self.archive.settle_empty(derive(self._seed, "settling", generation))
        self._forget_people()
        return extinction, moves

    def slots(self, generation: int) -> list[Slot]:
        """Return whom to change in a generation: islands take turns, and on each island places take turns as the aim.

        A place whose elite is within :data:`SPARED` of the best there can be is passed over, unless all are.

        Raises:
            InputError: If no seed could be measured.
        """
        if not any(self._members):
            reasons = {e.candidate: e.reason for e in self.evaluations.values()}
            raise InputError("seeds", "at least one program that can be measured", reasons)
        slots = []
        for number in range(self.settings.batch):
            turn, island = divmod((generation - 1) * self.settings.batch + number, self.settings.islands)
            open_places = self._open(island)
            slots.append(self._slot(generation, number, island, open_places[(turn + island) % len(open_places)]))
        return slots

    def _open(self, island: int) -> tuple[str, ...]:
        """Return the places of an island in which something can still be won."""
        elites = self.archive.elites(island)
        most = {place: OBJECTIVES[place].most for place in elites if place in OBJECTIVES}
        full = {place for place, best in most.items() if best is not None and elites[place].merits[place] >= best - SPARED}
        return tuple(place for place in self.settings.places if place not in full) or self.settings.places

    def lineage(self, id: str) -> list[Candidate]:
        """Return the programs from a seed to this one, by first parents.

        Raises:
            InputError: If no candidate has this id.
        """
        if id not in self.candidates:
            raise InputError("candidate", "an id that was asked", id)
        line = [self.candidates[id]]
        while line[-1].parents:
            line.append(self.candidates[line[-1].parents[0]])
        return line[::-1]

    def restore(
        self,
        candidates: Sequence[Candidate],
        evaluations: Sequence[Evaluation],
        people: Mapping[str, Shown],
        held: Sequence[tuple[int, str, str]],
    ) -> None:
        """Put back what a state holds.

        Args:
            candidates: In the order of asking.
            evaluations: Likewise.
            people: By id.
            held: Island, place and id of every elite.
        """
        self.add(candidates)
        self.evaluations, self.people = {e.candidate: e for e in evaluations}, dict(people)
        elites = {id: Elite(candidate=id, merits=self.worth(self.evaluations[id])) for _, _, id in held}
        self.archive.restore({(island, place): elites[id] for island, place, id in held})
        by_generation: dict[int, list[Evaluation]] = {}
        for evaluation in evaluations:
            by_generation.setdefault(self.candidates[evaluation.candidate].generation, []).append(evaluation)
        for told in by_generation.values():
            self._live(told)

    def _gains(self, island: int, worth: Mapping[str, float]) -> dict[str, float] | None:
        """Return by how much a program beats the elites of an island; None if it would take no place."""
        taken, elites = self.archive.beats(island, worth), self.archive.elites(island)
        return {place: worth[place] - elites[place].merits[place] for place in taken if place in elites} if taken else None

    def _live(self, told: Sequence[Evaluation]) -> list[tuple[int, str]]:
        """Make the measured programs of a generation members of their islands; return who came where."""
        measured = {evaluation.candidate for evaluation in told if evaluation.status != "rejected"}
        if told and not self.candidates[told[0].candidate].generation:
            pairs = founders(self.settings.islands, [evaluation.candidate for evaluation in told], measured)
        else:
            pairs = [(self.candidates[e.candidate].island, e.candidate) for e in told if e.candidate in measured]
        for island, id in pairs:
            self._members[island].append(id)
        return pairs

    def _slot(self, generation: int, number: int, island: int, aim: str) -> Slot:
        """Return a child's parent and whom it may be crossed with."""
        elites = self.archive.elites(island)
        if elites and not self._blind:
            parent, ids = elites[aim].candidate, [elite.candidate for elite in elites.values()]
        else:
            ids, aim = self._members[island], ""
            parent = ids[int(derive(self._seed, "parent", generation, number).integers(len(ids)))]
        others = tuple(self._parent(id) for id in dict.fromkeys(ids) if id != parent)
        return Slot(number=number, island=island, aim=aim, parent=self._parent(parent), others=others)

    def _parent(self, id: str) -> Parent:
        """Return a program as a parent; in the control of random edits without anything that was measured."""
        seen = {"objectives": {}, "reason": ""} if self._blind else dict(self.people.get(id, Shown()))
        return Parent(candidate=self.candidates[id], evaluation=self.evaluations[id].model_copy(update=seen))

    def _forget_people(self) -> None:
        """Keep people only of programs that can be parents and are looked at: elites, and all of islands without any."""
        keep = {elite.candidate for elite in self.archive.held().values()}
        for island, members in enumerate(self._members):
            if not self.archive.elites(island):
                keep.update(members)
        self.people = {} if self._blind else {id: shown for id, shown in self.people.items() if id in keep}
