"""What a branch promises: new (harm, region) pairs for each call of the target, by what the episodes so far have shown."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...sim.types import EpisodeRecord, Verdict

LEAST = 0.02
"""Least probability, by the player, of a move that a branch may begin with: nobody is made to act out of character."""

FLOOR = 0.25
"""Calls that a branch is taken to cost at least: one in which the person leaves at once costs the target nothing."""

WEIGHT = 4.0
"""So many cases of the whole stand behind the rate of a part."""

_NOBODY = ("scene", "tools")
"""Senders that are no agents."""

Options = Mapping[str, float]
"""Moves that are possible at a point, with their probability; ``{"": 1.0}`` where nobody can be asked."""

Pair = tuple[str, int]
"""A harm and a region."""


@dataclass(frozen=True, slots=True)
class Trail:
    """What matters of an episode for where to branch.

    Args:
        key: Its key.
        replicate: Its replicate.
        people: Persona ids, in the order of their seats.
        first: First turn of its own.
        turns: Turns played.
        found: Turn at which a harm was found, by (harm, person).
        exposed: Turn of the first exposure, by (harm, person).
        openers: Who spoke first in a turn and with which move, by turn.
        calls: Replies of the target, by turn.
        spent: Calls to the target that it cost.
        trunk: Key of the episode that it continues, "" if none.
    """

    key: str
    replicate: int
    people: tuple[str, ...]
    first: int
    turns: int
    found: Mapping[tuple[str, str], int]
    exposed: Mapping[tuple[str, str], int]
    openers: Mapping[int, tuple[str, str]]
    calls: tuple[int, ...]
    spent: int
    trunk: str = ""

    @classmethod
    def of(cls, record: EpisodeRecord) -> Trail | None:
        """Read a record; None if nothing can be learnt of it, because it was not resolved."""
        if record.verdict not in (Verdict.PASSED, Verdict.FAILED):
            return None
        seats = {seat.agent: seat.persona for seat in record.seats}
        found: dict[tuple[str, str], int] = {}
        exposed: dict[tuple[str, str], int] = {}
        for finding in record.harms:
            for person in finding.harmed or tuple(seats.values()):
                found[finding.harm, person] = min(finding.turn, found.get((finding.harm, person), finding.turn))
        for exposure in record.exposures:
            at = (exposure.harm, exposure.person)
            exposed[at] = min(exposure.turn, exposed.get(at, exposure.turn))
        openers: dict[int, tuple[str, str]] = {}
        calls = [0] * record.turns
        for message, move in zip(record.messages, record.moves, strict=True):
            if message.sender in seats:
                openers.setdefault(message.turn, (seats[message.sender], move))
            elif message.sender not in _NOBODY and message.turn < record.turns:
                calls[message.turn] += 1
        branch = record.branch
        return cls(
            key=record.key,
            replicate=record.replicate,
            people=tuple(seats.values()),
            first=branch.turn if branch else 0,
            turns=record.turns,
            found=found,
            exposed=exposed,
            openers=openers,
            calls=tuple(calls),
            spent=record.usage.calls.get("target", 0),
            trunk=branch.trunk if branch else "",
        )


@dataclass(frozen=True, slots=True)
class Pick:
    """A branch to play.

    Args:
        trunk: Key of the episode to continue.
        turn: First turn of its own.
        move: What whoever speaks first does; "": what the player draws.
    """

    trunk: str
    turn: int
    move: str


class Promise:
    """Rates of harms by what had happened up to a turn and by the move that was made there.

    For each harm a person is at a turn in one of three states: exposed to it in this episode, in another episode only,
    or never. The chance that the harm is found from a turn on is its share among the trunks that came to that turn in
    that state without it, drawn toward the share over all turns; given a move it is the share among the episodes in
    which the first speaker made that move in that state, drawn toward the former. The judge's findings of the future
    of a branch are not known here; those of finished episodes are.

    Args:
        harms: Names of all harms.
        cells: Region of each person, by persona id.
        ends: Moves by which a person leaves.
        trunks: Episodes of the target under test.
        branches: Continuations that were played so far.
    """

    def __init__(
        self,
        harms: Sequence[str],
        cells: Mapping[str, int],
        ends: Iterable[str],
        trunks: Sequence[Trail],
        branches: Sequence[Trail] = (),
    ) -> None:
        self.harms = tuple(harms)
        self.cells = cells
        self.ends = frozenset(ends)
        self.trunks = {trail.key: trail for trail in trunks}
        self.known = {(h, cells[p]) for trail in (*trunks, *branches) for h, p in trail.found}
        self.tried: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._exposed: dict[tuple[str, str], int] = Counter(at for trail in trunks for at in trail.exposed)
        self._last = max((trail.turns for trail in trunks), default=0)
        self._seen, self._done = Counter[tuple[str, int, int]](), Counter[tuple[str, int, int]]()
        self._seen_by, self._done_by = Counter[tuple[str, int, str]](), Counter[tuple[str, int, str]]()
        self._cost: dict[int, list[int]] = defaultdict(list)
        self._cost_by: dict[tuple[str, int], list[int]] = defaultdict(list)
        for trail in (*trunks, *branches):
            self._take(trail)

    def _take(self, trail: Trail) -> None:
        """Count an episode."""
        for turn, (speaker, move) in trail.openers.items():
            if trail.trunk and turn == trail.first:
                self.tried[trail.trunk, turn].add(move)
            elif not trail.trunk:
                self.tried[trail.key, turn].add(move)
            if turn < max(1, trail.first):
                continue
            self._cost_by[move, turn].append(sum(trail.calls[turn:]))
            for harm, state in self._open(trail, speaker, turn):
                self._seen_by[harm, state, move] += 1
                self._done_by[harm, state, move] += (harm, speaker) in trail.found
        for turn in range(1, trail.turns) if not trail.trunk else ():
            self._cost[turn].append(sum(trail.calls[turn:]))
            for person in trail.people:
                for harm, state in self._open(trail, person, turn):
                    self._seen[harm, state, turn] += 1
                    self._done[harm, state, turn] += (harm, person) in trail.found

    def _open(self, trail: Trail, person: str, turn: int) -> Iterator[tuple[str, int]]:
        """Yield the harms that were not found before a turn, each with the person's state."""
        for harm in self.harms:
            if trail.found.get((harm, person), self._last) >= turn:
                yield harm, self._state(trail, harm, person, turn)

    def _state(self, trail: Trail, harm: str, person: str, turn: int) -> int:
        """Return 2 if the person was exposed in this episode, 1 if in another, else 0."""
        at = (harm, person)
        if trail.exposed.get(at, self._last) < turn:
            return 2
        own = at in self.trunks[trail.trunk or trail.key].exposed if (trail.trunk or trail.key) in self.trunks else False
        return int(self._exposed.get(at, 0) > own)

    @cached_property
    def _pooled(self) -> dict[tuple[str, int], float]:
        """Return the share over all turns, by (harm, state)."""
        seen, done = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
        for (harm, state, _), n in self._seen.items():
            seen[harm, state] += n
        for (harm, state, _), n in self._done.items():
            done[harm, state] += n
        return {(h, s): (done[h, s] + 0.2) / (seen[h, s] + 2) for h in self.harms for s in range(3)}

    def chance(self, harm: str, state: int, turn: int, move: str | None = None) -> float:
        """Return the chance that a harm is found from a turn on, in [0, 1]; of whoever speaks first there, by the move."""
        at = (harm, state, turn)
        chance = (self._done[at] + WEIGHT * self._pooled[harm, state]) / (self._seen[at] + WEIGHT)
        if not move:
            return chance
        by = (harm, state, move)
        return (self._done_by[by] + WEIGHT * chance) / (self._seen_by[by] + WEIGHT)

    def cost(self, turn: int, move: str = "") -> float:
        """Return the calls that a branch is likely to need."""
        seen = self._cost.get(turn, [])
        usual = sum(seen) / len(seen) if seen else 1.0
        if move in self.ends and len(next(iter(self.trunks.values())).people) == 1:
            return FLOOR
        by = self._cost_by.get((move, turn), []) if move else []
        return max(FLOOR, (sum(by) + 2 * usual) / (len(by) + 2))

    def replicate_yield(self) -> float:
        """Return the new pairs that one more call promises if everybody is met once more (Good 1953, after Turing).

        Pairs found in one replicate only, over replicates, are what the next replicate is expected to add; of one replicate
        alone that is too many.
        """
        found, calls = self._by_replicate()
        return found / calls if calls else 0.0

    def _by_replicate(self) -> tuple[float, float]:
        """Return new pairs and calls of one more replicate."""
        times: dict[Pair, set[int]] = defaultdict(set)
        replicates = {trail.replicate for trail in self.trunks.values()}
        for trail in self.trunks.values():
            for harm, person in trail.found:
                times[harm, self.cells[person]].add(trail.replicate)
        n = max(len(replicates), 1)
        return sum(len(t) == 1 for t in times.values()) / n, sum(t.spent for t in self.trunks.values()) / n

    def value(self, trail: Trail, turn: int, move: str = "") -> dict[Pair, float]:
        """Return the chances of the pairs that a branch could add."""
        speaker = trail.openers.get(turn, ("", ""))[0]
        out: dict[Pair, float] = {}
        for person in trail.people:
            for harm, state in self._open(trail, person, turn):
                pair = (harm, self.cells[person])
                if pair not in self.known:
                    p = self.chance(harm, state, turn, move if person == speaker else None)
                    out[pair] = 1 - (1 - out.get(pair, 0.0)) * (1 - p)
        return out

    def branchable(self) -> set[str]:
        """Return keys of the trunks that a branch could still add a pair to, now or in a later round."""
        return {trail.key for trail in self.trunks.values() if any(self.value(trail, t) for t in range(1, trail.turns))}

    def shortlist(self, most: int) -> list[str]:
        """Return keys of the most promising trunks of each region, moves left aside; none where :meth:`choose` takes none.

        Args:
            most: Trunks a region.
        """
        if not self.replicate_yield():
            return []
        best: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for trail in self.trunks.values():
            worth = max((sum(self.value(trail, t).values()) / self.cost(t) for t in range(1, trail.turns)), default=0.0)
            for cell in {self.cells[p] for p in trail.people} if worth else ():
                best[cell].append((-worth, trail.key))
        return sorted({key for row in best.values() for _, key in heapq.nsmallest(most, row)})

    def choose(self, options: Mapping[tuple[str, int], Options]) -> list[Pick]:
        """Return the branches of one round, the most promising first, each trunk at most once.

        A branch is taken while it promises more new pairs a call than one more replicate of everybody; what those before it
        may find already is taken off. Where another replicate promises nothing, because nothing was found or everything was
        found in several replicates, no branch is taken.

        Args:
            options: What could be done at each point that may be branched from, by (trunk, turn).
        """
        threshold = self.replicate_yield()
        if not threshold:
            return []
        points = []
        for (key, turn), moves in sorted(options.items()):
            for move, likely in sorted(moves.items()):
                if move and (likely < LEAST or move in self.tried[key, turn]):
                    continue
                value = self.value(self.trunks[key], turn, move)
                if value:
                    points.append((Pick(key, turn, move), value, self.cost(turn, move)))
        heap = [(-sum(value.values()) / cost, i) for i, (_, value, cost) in enumerate(points)]
        heapq.heapify(heap)
        left: dict[Pair, float] = defaultdict(lambda: 1.0)
        picks: dict[str, Pick] = {}
        while heap:
            before, i = heapq.heappop(heap)
            pick, value, cost = points[i]
            if pick.trunk in picks:
                continue
            worth = sum(p * left[pair] for pair, p in value.items()) / cost
            if worth <= threshold:
                continue
            if worth < -before - 1e-12:
                heapq.heappush(heap, (-worth, i))
                continue
            picks[pick.trunk] = pick
            for pair, p in value.items():
                left[pair] *= 1 - p
        return list(picks.values())
