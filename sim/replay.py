"""Replay: a finished record speaks again, as the target, as the people, or both."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import OutskirtsError
from .protocols import Actor
from .seeds import Stream
from .types import Action, Brief, EpisodeRecord, Message, Observation


class ReplayMismatchError(OutskirtsError):
    """Raised when a replay is shown something else than what stands in the record.

    Attributes:
        index: Position of the first message that differs.
    """

    def __init__(self, index: int, expected: str, got: str) -> None:
        self.index = index
        super().__init__(f"message {index}: the record has {expected[:80]!r}, the replay was shown {got[:80]!r}")


class _ReplayActor:
    """Says what one agent said, in order, after checking that it was shown what stands in the record."""

    def __init__(self, record: EpisodeRecord, agent: str) -> None:
        self._agent = agent
        self._record = record
        self._left = {d.message for d in record.departures}
        self._told: Mapping[int, tuple[str, ...]] = _told(record)
        self._lines = iter([m for m in record.messages if m.sender == agent])

    async def act(self, observation: Observation) -> Action:
        """Return the next line.

        Raises:
            ReplayMismatchError: If what was shown differs from the record, or the record has no further line.
        """
        for seen in observation.messages:
            then = self._record.messages[seen.index] if seen.index < len(self._record.messages) else None
            if then is None or then.text != seen.text:
                raise ReplayMismatchError(seen.index, then.text if then else "nothing", seen.text)
        line: Message | None = next(self._lines, None)
        if line is None:
            raise ReplayMismatchError(len(self._record.messages), "nothing more", "a further turn")
        return Action(
            text=line.text,
            move=self._record.moves[line.index],
            facts=self._told.get(line.index, ()),
            leave=line.index in self._left,
            channel=line.channel,
            to=line.to,
        )


def _told(record: EpisodeRecord) -> dict[int, tuple[str, ...]]:
    told: dict[int, dict[str, None]] = {}
    for entry in record.ledger:
        if entry.known_by == "move":
            told.setdefault(entry.message, {})[entry.fact] = None
    return {message: tuple(facts) for message, facts in told.items()}


class ReplayTarget:
    """A target that says again what the record's target said.

    Args:
        record: The episode to speak from.
    """

    def __init__(self, record: EpisodeRecord) -> None:
        self.name = record.target
        self._record = record

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start from the record's first line."""
        return _ReplayActor(self._record, brief.agent)


class ReplayPlayer:
    """A player that says again what the record's people said.

    Args:
        record: The episode to speak from.
    """

    def __init__(self, record: EpisodeRecord) -> None:
        self.name = record.player
        self._record = record

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start from this person's first line."""
        return _ReplayActor(self._record, brief.agent)
