"""Replay: a finished record speaks again, as the target, as the people, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .errors import OutskirtsError
from .protocols import Actor
from .room import is_spent
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
        self._lines = [m for m in record.messages if m.sender == agent]
        self._first = _first_lines(record) if len(record.seats) > 1 else {}

    async def act(self, observation: Observation) -> Action:
        """Return what comes next: one message, or all of one turn, and the tools called after it.

        Raises:
            ReplayMismatchError: If what was shown differs from the record, or the record has no further line.
        """
        for seen in observation.messages:
            then = self._record.messages[seen.index] if seen.index < len(self._record.messages) else None
            if then is None or then.text != seen.text:
                raise ReplayMismatchError(seen.index, then.text if then else "nothing", seen.text)
        said = sum(m.sender == self._agent for m in observation.messages)
        texts, calls = _next_act(self._lines[said:], alone=bool(observation.private_to))
        if len(calls) > 1 and self._cut_off(calls):
            calls.pop()  # an act of its own, as it was
        if not texts and not calls:
            raise ReplayMismatchError(len(self._record.messages), "nothing more", "a further turn")
        first, *also = [self._says(line) for line in texts] or [Action(text="")]
        last = (calls or texts)[-1].index + bool(calls)  # the result of a call follows it
        after = self._lines[said + len(texts) + len(calls) :]
        return first.model_copy(
            update={
                "also": tuple(also),
                "calls": tuple(call for line in calls for call in line.calls),
                "leave": last in self._left,
                "wish": self._wish(last, after[0].index) if after else 0.0,
            }
        )

    def _cut_off(self, calls: Sequence[Message]) -> bool:
        """Tell whether calls in a row took the floor from this agent, by an act after the one that met the turn's limit.

        Who meets it keeps the floor once more, so calls that together are one act would keep it.
        """
        first, last = calls[0], calls[-1]
        results = [m.index for m in self._record.messages if m.turn == last.turn and m.answers and is_spent(m.text)]
        met = [index for index in results if index < first.index]
        then = self._record.messages[last.index + 2 : last.index + 3]
        goes_on = any(m.sender == self._agent and m.turn == last.turn for m in then)
        return not met and not goes_on and last.index + 1 not in self._left and calls[-2].index + 1 in results

    def _says(self, line: Message) -> Action:
        return Action(
            text=line.text,
            move=self._record.moves[line.index],
            facts=self._told.get(line.index, ()),
            channel=line.channel,
            to=line.to,
        )

    def _wish(self, now: int, then: int) -> float:
        """Return a wish that gives this agent the floor again when it had it: the sooner, the larger.

        Who has not spoken by the next turn wishes 0.5, and only where this agent had the floor before them is its wish larger.
        """
        messages = self._record.messages
        silent = [first for first in self._first.values() if first == len(messages) or messages[first].turn > messages[now].turn]
        sooner = 0.4 * (1 - then / (1 + len(messages)))
        return 0.55 + sooner if silent and then < min(silent) else sooner


def _first_lines(record: EpisodeRecord) -> dict[str, int]:
    """Return the index of each person's first message; past the end, if there is none."""
    first = {seat.agent: len(record.messages) for seat in record.seats}
    for message in reversed(record.messages):
        if message.sender in first:
            first[message.sender] = message.index
    return first


def _next_act(lines: Sequence[Message], *, alone: bool) -> tuple[list[Message], list[Message]]:
    """Cut the next act from an agent's further messages: what it said at once, and the calls that follow at once.

    Args:
        lines: What it has still to say.
        alone: One message at most: it answers in private, and has the floor again afterwards.
    """
    texts: list[Message] = []
    calls: list[Message] = []
    for line in lines:
        before = calls[-1].index + 2 if calls else texts[-1].index + 1 if texts else line.index
        if line.index != before or (texts and (alone or line.turn != texts[0].turn)):
            break
        if line.calls:
            calls.append(line)
        elif calls:
            break
        else:
            texts.append(line)
    return texts, calls


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

    def author(self, briefs: Mapping[str, Brief], streams: Mapping[str, Stream]) -> Mapping[str, Actor]:
        """Start for all people at once."""
        return {agent: _ReplayActor(self._record, agent) for agent in briefs}
