"""The rounds: each peer in turn, so that the machine's drift hits all alike, and from readings to rows."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from .catalogue import Peer
from .places import CannotInstall, interpreter, surroundings
from .table import Comparison, Reading, Row, Share, Spread, compare, ideal, marginal, ratios
from .worker import Null
from .workers import Failed, OutOfTime, Worker

WAIT = 0.2
"""Seconds that the target takes for an answer where throughput is measured."""

CROWDS: Mapping[int, int] = {100: 200, 500: 500}
"""Conversations at once, and how many are played."""


class Bench:
    """All peers at work, and what they took.

    Args:
        peers: The rows; the first stands for Outskirts.
        limit: Seconds that a reading may take.
    """

    def __init__(self, peers: Sequence[Peer], limit: float) -> None:
        self._peers, self._limit = peers, limit
        self._workers: dict[str, Worker] = {}
        self._hellos: dict[str, dict[str, object]] = {}
        self._reasons: dict[str, str] = {}  # why they have no figures
        self._stopped: dict[str, str] = {}  # why they have no more of them
        self.readings: dict[str, dict[int, Reading]] = {peer.name: {} for peer in peers}
        self._of_ideal: dict[str, dict[int, list[float]]] = {peer.name: {n: [] for n in CROWDS} for peer in peers}
        self._work: dict[str, dict[int, dict[int, float]]] = {peer.name: {n: {} for n in CROWDS} for peer in peers}
        self._shares: dict[str, dict[int, Share]] = {peer.name: {} for peer in peers}

    def start(self, folder: Path, stack: ExitStack) -> None:
        """Make the environments and start the processes, one after another; who cannot is left out with the reason."""
        for peer in self._peers:
            _say(f"{peer.name}: environment ...")
            try:
                python = interpreter(peer, folder)
                self._launch(peer, python, stack)
            except (CannotInstall, Failed) as error:
                self._reasons[peer.name] = str(error)
                _say(f"{peer.name}: {error}")

    def _launch(self, peer: Peer, python: Path, stack: ExitStack) -> None:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="outskirts-peer-")))
        worker = stack.enter_context(Worker(peer, python, surroundings(peer, home), home))
        self._hellos[peer.name] = worker.hello()
        worker.ask(2, 1, 0.0, self._limit)  # it is warm then
        self._workers[peer.name] = worker

    def cost(self, round_: int) -> None:
        """Read everybody's cost once; who begins changes with the round."""
        for peer in _rotated(self._peers, round_):
            if (worker := self._workers.get(peer.name)) is None:
                continue
            first = max(1, peer.conversations // 10)
            try:
                few = worker.ask(first, 1, 0.0, self._limit)
                many = worker.ask(first + peer.conversations, 1, 0.0, self._limit)
            except Failed as error:
                self._drop(peer.name, str(error))
                continue
            self.readings[peer.name][round_] = found = marginal(few, many, peer.conversations, Null.turns)
            _say(f"round {round_ + 1}, {peer.name}: {found.wall:,.0f} us per turn")

    def throughput(self, round_: int) -> None:
        """Read everybody's throughput once; who failed or ran out of time at a size is not asked for it again."""
        for at_once, conversations in CROWDS.items():
            for peer in _rotated(self._peers, round_):
                worker = self._workers.get(peer.name)
                if worker is None or at_once in self._shares[peer.name]:
                    continue
                least = ideal(conversations, at_once, Null.turns, WAIT)
                try:
                    seconds, processor = worker.ask(conversations, at_once, WAIT, self._limit)
                except OutOfTime as error:
                    self._give_up(peer.name, at_once, least / self._limit, str(error))
                    continue
                except Failed as error:
                    self._shares[peer.name][at_once] = Share(reason=str(error))
                    continue
                self._of_ideal[peer.name][at_once].append(least / seconds)
                self._work[peer.name][at_once][round_] = work = processor / (conversations * Null.turns) * 1e6
                _say(f"round {round_ + 1}, {peer.name}, {at_once} at once: {least / seconds:.2f} of ideal, {work:,.0f} us of work per turn")

    def _give_up(self, name: str, at_once: int, below: float, reason: str) -> None:
        """Note that a peer ran out of time at a size; larger ones are not tried, for its process is gone."""
        self._shares[name][at_once] = Share(below=below, reason=reason)
        for larger in (n for n in CROWDS if n > at_once):
            self._shares[name][larger] = Share(reason=f"not tried after {at_once} at once")
        self._workers.pop(name).close()
        _say(f"{name}, {at_once} at once: {reason}")

    def _drop(self, name: str, reason: str) -> None:
        """Go on without a peer that failed; what it took before stands."""
        self._workers.pop(name).close()
        held = self._stopped if self.readings[name] else self._reasons
        held[name] = reason
        _say(f"{name}: {reason}")

    def rows(self) -> list[Row]:
        """Return the figures of everybody."""
        return [self._row(peer) for peer in self._peers]

    def settled(self) -> list[Comparison]:
        """Return how Outskirts compares with the best peer, one conversation at a time and at each size."""
        own = [peer.name for peer in self._peers if peer.adapter == self._peers[0].adapter]
        found = [compare("one conversation at a time", self._wall(), own)]
        found += [compare(f"{n} at once, work alone", {name: work[n] for name, work in self._work.items()}, own) for n in CROWDS]
        return [one for one in found if one is not None]

    def _wall(self) -> dict[str, dict[int, float]]:
        return {name: {i: reading.wall for i, reading in rounds.items()} for name, rounds in self.readings.items()}

    def _row(self, peer: Peer) -> Row:
        if (reason := self._reasons.get(peer.name)) is not None:
            return Row(name=peer.name, reason=reason, note=peer.note)
        mine, hello, ours = self.readings[peer.name], self._hellos[peer.name], self.readings[self._peers[0].name]
        wall, processor = ({i: getattr(r, way) for i, r in mine.items()} for way in ("wall", "processor"))
        shares = {n: Share(of_ideal=Spread.of(found)) for n, found in self._of_ideal[peer.name].items() if found}
        return Row(
            name=peer.name,
            version=str(hello["version"]),
            import_seconds=float(str(hello["import_seconds"])),
            wall=Spread.of(list(wall.values())) if wall else None,
            processor=Spread.of(list(processor.values())) if processor else None,
            ratio=ratios(wall, {i: r.wall for i, r in ours.items()}),
            processor_ratio=ratios(processor, {i: r.processor for i, r in ours.items()}),
            shares=shares | self._shares[peer.name],
            work={n: Spread.of(list(found.values())) for n, found in self._work[peer.name].items() if found},
            stopped=self._stopped.get(peer.name),
            note=peer.note,
        )


def _rotated(peers: Sequence[Peer], round_: int) -> list[Peer]:
    at = round_ % len(peers)
    return [*peers[at:], *peers[:at]]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
