"""A run against an earlier one: stop as soon as it is decided whether its target is worse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.errors import InputError
from ..sim.types import EpisodeRecord
from .comparison import comparable, read_side
from .jobs import Cast
from .statistics.outcomes import Ints, Outcomes
from .statistics.sequential import SequentialComparison, Status, people_in_order
from .summary import Held


class Watch:
    """Follows the episodes of a target and compares each person's with those of an earlier run.

    People count in the order of :attr:`order`, fixed beforehand, whatever order their episodes end in: a person is
    taken in once all of theirs are finished and so are those of everybody before. Who has no pair that is resolved on
    both sides is passed over.

    Args:
        earlier: Outcomes of the earlier run's target, over the same people in the same order.
        people: The people.
        scenario: Where they meet.
        name: Of the earlier run's target.
        replicates: Episodes a person.
        margin: Largest rise of the failure rate that is accepted, in (0, 1).
        seed: The run's seed; the order follows from it.
    """

    def __init__(
        self, earlier: Outcomes, people: Sequence[Persona], scenario: Scenario, *, name: str, replicates: int, margin: float, seed: int
    ) -> None:
        self.name = name
        self.margin = margin
        self.order: Ints = people_in_order(len(people), seed)
        self._people = people
        self._scenario = scenario
        self._replicates = replicates
        self._place = {person.id: i for i, person in enumerate(people)}
        self._earlier = {
            (int(i), int(r)): bool(failed)
            for i, r, failed, resolved in zip(earlier.persona, earlier.replicate, earlier.failed, earlier.resolved, strict=True)
            if resolved
        }
        self._finished: dict[int, list[EpisodeRecord]] = defaultdict(list)
        self._taken = 0
        self._sequence = SequentialComparison(margin)

    @classmethod
    def of(cls, cast: Cast, people: Sequence[Persona]) -> Watch | None:
        """Return the watch that the settings ask for, if they ask for one.

        Raises:
            InputError: If the earlier run has other people, scenario, seeds, player or judges.
        """
        config = cast.config
        if config.against is None:
            return None
        if any(role.at_most > 1 for role in cast.scenario.roles if role.acts == "persona"):
            raise InputError(
                "against", "a scenario that seats one person", cast.scenario.name, "Groups are compared when both runs are done."
            )
        side = read_side(Path(config.against), cast.scenario, field="against")
        judges = [f"{judge.name}@{judge.version}" for judge in cast.judges]
        comparable(Path(config.against), side.shared, config, cast.scenario, people, judges, field="against")
        name = side.target if side.target != cast.target.name else f"{side.target} of {Path(config.against).name}"
        return cls(side.outcomes, people, cast.scenario, name=name, replicates=config.replicates, margin=config.margin, seed=config.seed)

    def told(self) -> Held:
        """Return what is known by now, for the summary."""
        low, high = self._sequence.interval
        return Held(
            target=self.name, margin=self.margin, status=self.decided, people=self.people, planned=len(self.order), low=low, high=high
        )

    @property
    def decided(self) -> Status | None:
        """Worse or not worse by more than the margin, once that is known."""
        return self._sequence.decided

    @property
    def people(self) -> int:
        """How many people were taken in."""
        return self._sequence.people

    def see(self, records: Iterable[EpisodeRecord]) -> None:
        """Take note of finished episodes of the target."""
        for record in records:
            self._finished[self._place[record.seats[0].persona]].append(record)
        while self.decided is None and self._taken < len(self.order):
            person = int(self.order[self._taken])
            if len(self._finished[person]) < self._replicates:
                return
            self._taken += 1
            change = self._change(person)
            if change is not None:
                self._sequence.add(change)

    def _change(self, person: int) -> float | None:
        """Return by how much a person's own failure rate rose, over the pairs resolved on both sides."""
        found = Outcomes.of((self._people[person],), self._scenario, self._finished.pop(person))
        pairs = [
            float(failed) - self._earlier[person, int(r)]
            for r, failed, resolved in zip(found.replicate, found.failed, found.resolved, strict=True)
            if resolved and (person, int(r)) in self._earlier
        ]
        return sum(pairs) / len(pairs) if pairs else None
