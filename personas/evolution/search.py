"""The search: ask for programs to measure, tell what they scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pydantic import JsonValue

from ...sim.errors import InputError
from ...sim.seeds import check_seed
from . import search_state
from .breeding import Born, breed
from .candidate import Candidate, Evaluation
from .choosing import Attempt, Chooser
from .founding import distinct_programs
from .generations import GenerationRow, generation_row, origin, origins
from .islands import Islands
from .mutator import Mutator
from .search_state import SearchState
from .settings import SearchSettings


class Search:
    """Evolution of programs on islands, each with one elite for every metric. The caller owns the loop.

    Order: :meth:`ask`, measure, :meth:`tell`, :meth:`ask`, ... The first generation is the seeds; each later one is
    ``settings.batch`` children, at least one of every island in turn. A call out of order is a ``RuntimeError`` that names
    both calls. Between any two calls :meth:`state` can be written down; :meth:`restore` goes on from there and ends
    with the same states as a search that was never interrupted.

    All random numbers derive from (seed, generation, slot). With mutators that depend on their arguments alone the
    whole search depends on the arguments and the evaluations alone; the order of evaluations does not matter.

    Args:
        settings: Islands, metrics, batch, selection.
        seeds: (name, source) of programs to begin with. Islands are founded by them in turn; each different program
            is measured once. Names are the families.
        mutators: Whom to ask for children.
        seed: Of all random numbers.

    Raises:
        InputError: If there are too few different seeds, a name is given twice, there is no mutator, or the seed is no use.

    Example:
        >>> search = Search(SearchSettings(islands=2, least_families=1), [("one", "x = 1")], [mutator], seed=0)  # doctest: +SKIP
        >>> for _ in range(generations):                                                                     # doctest: +SKIP
        ...     search.tell([measure(candidate) for candidate in await search.ask()])
    """

    def __init__(self, settings: SearchSettings, seeds: Sequence[tuple[str, str]], mutators: Sequence[Mutator], seed: int) -> None:
        self.settings = settings
        self.seed = check_seed(seed)
        self._seeds = tuple((str(name), source) for name, source in seeds)
        self._programs = distinct_programs(self._seeds, settings.least_families)
        self._mutators = {mutator.name: mutator for mutator in mutators}
        self._chooser = Chooser([mutator.name for mutator in mutators], settings.discount, adaptive=settings.selection == "elites")
        self._islands = Islands(settings, self.seed)
        self._generation = 0
        self._attempts: list[Attempt] = []
        self._pending: tuple[str, ...] | None = None
        self._asking = False
        self._rows: list[GenerationRow] = []

    @property
    def generation(self) -> int:
        """Number of the generation that is pending or will be asked next; 0: the seeds."""
        return self._generation

    @property
    def waiting(self) -> bool:
        """Whether :meth:`tell` is next. A generation can be empty, if no mutator gave a new program."""
        return self._pending is not None

    @property
    def pending(self) -> tuple[Candidate, ...]:
        """Candidates that were asked and not yet told, for whoever takes up a search that was killed meanwhile."""
        return tuple(self.candidates[id] for id in self._pending or ())

    @property
    def candidates(self) -> Mapping[str, Candidate]:
        """Every program that was ever asked, by id."""
        return MappingProxyType(self._islands.candidates)

    @property
    def evaluations(self) -> Mapping[str, Evaluation]:
        """What every program scored, by id, without people."""
        return MappingProxyType(self._islands.evaluations)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every call of a mutator, misses with their reason. :func:`.breeding.mutation_stream` gives the random numbers of one."""
        return tuple(self._attempts)

    @property
    def rows(self) -> tuple[GenerationRow, ...]:
        """One for each generation that was told."""
        return tuple(self._rows)

    def elites(self) -> Mapping[tuple[int, str], str]:
        """Return the candidate that holds each place, by (island, place)."""
        return {where: elite.candidate for where, elite in self._islands.archive.held().items()}

    def lineage(self, id: str) -> list[Candidate]:
        """Return the programs from a seed to this one, by first parents.

        Raises:
            InputError: If no candidate has this id.
        """
        return self._islands.lineage(id)

    async def ask(self) -> tuple[Candidate, ...]:
        """Return the next generation to measure: the seeds, then children. It can be empty, and is told all the same.

        If a mutator raises one of Outskirts' own errors (a budget, a model out of reach) nothing has changed and the
        call can be made again.

        Raises:
            RuntimeError: If the last generation was not yet told, or another ``ask`` is under way.
            InputError: If no seed could be measured.
        """
        if self._asking or self._pending is not None:
            raise RuntimeError("ask() was called again before tell(): tell() the evaluations of what the last ask() returned first")
        self._asking = True
        try:
            if self._generation == 0:
                return self._asked(self._seed_candidates(), [])
            born, missed = await breed(
                self._islands.slots(self._generation),
                self._mutators,
                self._chooser,
                self._islands.known,
                seed=self.seed,
                generation=self._generation,
                tries=self.settings.tries,
            )
        finally:
            self._asking = False
        children = [self._child(len(self.candidates) + i, one) for i, one in enumerate(born)]
        made = [one.attempt.model_copy(update={"candidate": child.id}) for one, child in zip(born, children, strict=True)]
        return self._asked(children, sorted([*made, *missed], key=lambda attempt: (attempt.slot, attempt.number)))

    def tell(self, evaluations: Sequence[Evaluation]) -> GenerationRow:
        """Take what the candidates of the last ``ask`` scored, in any order, and return the generation's row.

        Nothing changes if an error is raised.

        Raises:
            RuntimeError: If ``ask`` was not called before.
            InputError: If a candidate was not asked, is missing or is told twice, or one that is ok lacks a finite value.
        """
        if self._pending is None:
            raise RuntimeError("tell() was called before ask(): ask() for candidates first")
        told = _in_order(self._pending, evaluations)
        valid, gains = self._islands.settle(told)
        attempts = [attempt for attempt in self._attempts if attempt.generation == self._generation]
        self._chooser.learn(attempts, valid, gains)
        extinction, moves = self._islands.exchange(self._generation)
        row = generation_row(
            generation=self._generation,
            told=told,
            attempts=attempts,
            improved=len(gains),
            archive=self._islands.archive,
            elites=origins(self._islands.archive, self.lineage),
            objectives={id: evaluation.objectives for id, evaluation in self.evaluations.items()},
            yields=self._chooser.yields,
            extinction=extinction,
            moves=moves,
        )
        self._rows.append(row)
        self._generation += 1
        self._pending = None
        return row

    def state(self) -> dict[str, JsonValue]:
        """Return everything as plain JSON values, whichever call is next."""
        return search_state.dump(
            SearchState(
                seed=self.seed,
                settings=self.settings,
                seeds=self._seeds,
                generation=self._generation,
                candidates=tuple(self.candidates.values()),
                evaluations=tuple(self.evaluations.values()),
                people=self._islands.people,
                held=tuple((island, place, id) for (island, place), id in self.elites().items()),
                learnt=self._chooser.state(),
                attempts=self.attempts,
                pending=self._pending,
                rows=tuple(row.model_copy(update={"elites": ()}) for row in self._rows),
                row_elites=tuple(tuple((e.island, e.place, e.candidate) for e in row.elites) for row in self._rows),
            )
        )

    @classmethod
    def restore(cls, state: Mapping[str, Any], mutators: Sequence[Mutator]) -> Search:
        """Return the search that wrote a state.

        Args:
            state: What :meth:`state` returned, perhaps from a file.
            mutators: The same ones, in the same order.

        Raises:
            InputError: If the state is of another schema or damaged, or the mutators have other names.
        """
        found = search_state.load(state)
        search = cls(found.settings, found.seeds, mutators, found.seed)
        search._chooser.restore(found.learnt)
        search._generation, search._pending = found.generation, found.pending
        search._attempts = list(found.attempts)
        search._islands.restore(found.candidates, found.evaluations, found.people, found.held)
        for row, held in zip(found.rows, found.row_elites, strict=True):
            elites = tuple(origin(island, place, search.lineage(id)) for island, place, id in held)
            search._rows.append(row.model_copy(update={"elites": elites}))
        return search

    def _seed_candidates(self) -> list[Candidate]:
        """Return the seeds as candidates, each with the first island it founds."""
        return [
            Candidate(id=_id(i), source=source, family=name, island=i % self.settings.islands, generation=0, mutator="seed")
            for i, (name, source) in enumerate(self._programs)
        ]

    def _child(self, number: int, born: Born) -> Candidate:
        """Return a child as a candidate."""
        parent, other = born.slot.parent.candidate, born.attempt.other
        return Candidate(
            id=_id(number),
            source=born.source,
            family=parent.family,
            parents=(parent.id, other) if born.child.crossed and other else (parent.id,),
            island=born.slot.island,
            generation=self._generation,
            mutator=born.attempt.mutator,
            edit=born.child.edit,
            record=born.child.record,
            aim=born.slot.aim,
        )

    def _asked(self, candidates: Sequence[Candidate], attempts: Sequence[Attempt]) -> tuple[Candidate, ...]:
        """Write down what was asked."""
        self._islands.add(candidates)
        self._attempts += attempts
        self._pending = tuple(candidate.id for candidate in candidates)
        return tuple(candidates)


def _in_order(asked: Sequence[str], evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Return evaluations in the order in which their candidates were asked."""
    given: dict[str, Evaluation] = {}
    for evaluation in evaluations:
        if evaluation.candidate not in asked:
            raise InputError("evaluations", "candidates of the last ask()", evaluation.candidate)
        if evaluation.candidate in given:
            raise InputError("evaluations", "each candidate once", evaluation.candidate)
        given[evaluation.candidate] = evaluation
    missing = [id for id in asked if id not in given]
    if missing:
        raise InputError("evaluations", "one for each candidate of the last ask()", f"none for {', '.join(missing)}")
    return [given[id] for id in asked]


def _id(number: int) -> str:
    """Return the id of the n-th program asked."""
    return f"c{number:05d}"
