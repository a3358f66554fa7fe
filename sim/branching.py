"""Branches: other continuations of an episode that was played, from one of its turns on, without playing its beginning again.

People are brought to that turn by letting them act once more on what stands in the record, which costs the target
nothing. The target itself is either stateless, so that a fresh actor is as good as the old one, or offers ``fork()``:
then what it was like at each turn is kept while the episode is played.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from pydantic import JsonValue

from .ending import final_state
from .errors import ActorFault
from .loop import EpisodePlan, Timeouts, play, run_episode, started
from .protocols import Actor, Environment, Forkable, Judge, Player, Target
from .replay import ReplayTarget
from .seeds import Stream
from .text import said
from .types import Action, Branch, Brief, EpisodeRecord, Observation


@runtime_checkable
class Steerable(Protocol):
    """An actor that can say what it might do next, and be asked to do one of these things."""

    def options(self, observation: Observation) -> Mapping[str, float]:
        """Return the moves it could make now, with the probability of each; it does nothing and draws nothing."""
        ...

    def prefer(self, move: str) -> None:
        """Make this move next, if it can be made."""
        ...


def is_stateless(target: Target) -> bool:
    """Tell whether a target says of itself that its replies depend on the transcript and on chance alone."""
    return getattr(target, "stateless", False) is True


def can_branch(target: Target, brief: Brief) -> bool:
    """Tell whether episodes with this target can be branched: it is stateless, or its actors offer ``fork()``.

    Begins an episode and asks nothing.

    Args:
        target: The system under test.
        brief: What it is told.
    """
    if is_stateless(target):
        return True
    actor = target.begin(brief, Stream(0, "fork", 0, "target"))
    if not isinstance(actor, Forkable):
        return False
    try:
        actor.fork(Stream(0, "fork", 1, "target"))
    except (TypeError, NotImplementedError, AttributeError):
        return False  # it offers a fork that something inside of it cannot make
    return True


class KeptTarget:
    """A target whose actors are copied after each turn, so that branches can begin there.

    Args:
        target: Whose actors offer ``fork()``.

    Attributes:
        target: The same, which keeps nothing.
    """

    def __init__(self, target: Target) -> None:
        self.name = target.name
        self.target = target
        self._kept: dict[str, dict[int, Forkable]] = {}

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode that is kept."""
        actor = self.target.begin(brief, stream)
        assert isinstance(actor, Forkable)
        kept = self._kept[brief.episode] = {0: _copied(actor, brief.episode)}
        return _KeptActor(actor, kept, brief.episode)

    def at(self, key: str, turn: int) -> Forkable | None:
        """Return what the target was like when a turn of an episode began; None if that was not kept."""
        kept = self._kept.get(key, {})
        return kept.get(max((t for t in kept if t <= turn), default=-1))

    def episodes(self) -> frozenset[str]:
        """Return the keys of the episodes that are kept."""
        return frozenset(self._kept)

    def keep(self, keys: Collection[str]) -> None:
        """Let go of all episodes but these, because the others will have no branches."""
        self._kept = {key: kept for key, kept in self._kept.items() if key in keys}


class _KeptActor:
    """An actor that is copied after each of its turns."""

    def __init__(self, actor: Actor, kept: dict[int, Forkable], key: str) -> None:
        self._actor = actor
        self._kept = kept
        self._key = key

    async def act(self, observation: Observation) -> Action | str:
        """Act, and keep what that left behind."""
        reply = await self._actor.act(observation)
        assert isinstance(self._actor, Forkable)
        self._kept[observation.turn + 1] = _copied(self._actor, self._key)
        return reply

    def final_state(self) -> Mapping[str, JsonValue] | None:
        """Return what the target says to be the case."""
        return final_state(self._actor)


def _copied(actor: Forkable, key: str) -> Forkable:
    copy = actor.fork(Stream(0, key, 0, "kept"))  # nothing is drawn before a branch forks it again
    assert isinstance(copy, Forkable)
    return copy


def branch_plan(trunk: EpisodePlan, turn: int, number: int, move: str = "") -> EpisodePlan:
    """Return the plan of a branch.

    Its random numbers come from the path of the trunk's with turn and number behind it, its key from the trunk's with turn,
    number and move.

    Args:
        trunk: The plan of the episode that is continued.
        turn: First turn of its own, from 0.
        number: Which continuation of the trunk this is, from 1.
        move: What whoever speaks first in the branch does, if the player's actor is :class:`Steerable`; "": what it draws.
    """
    text = "\x1f".join([trunk.key, str(turn), str(number), move])
    key = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
    briefs = {agent: brief.model_copy(update={"episode": key}) for agent, brief in trunk.briefs.items()}
    return replace(trunk, key=key, briefs=briefs, branch=Branch(trunk=trunk.key, turn=turn, number=number, move=move))


async def run_branch(
    trunk: EpisodePlan,
    record: EpisodeRecord,
    branch: EpisodePlan,
    environment: Environment,
    target: Target,
    player: Player,
    judges: Sequence[Judge] = (),
    timeouts: Timeouts | None = None,
) -> EpisodeRecord:
    """Continue an episode in another way and have the whole of it judged.

    Args:
        trunk: The plan of the episode that is continued.
        record: That episode as it was played, at least up to the branch's turn.
        branch: What :func:`branch_plan` made of ``trunk``.
        environment: Any environment of this scenario and these people.
        target: The system under test: stateless, or the :class:`KeptTarget` that played the trunk. If the latter
            did not keep the trunk, because it was played in an earlier session, it plays the turns of the prefix again, and
            they are counted.
        player: Plays everybody else; its actors offer ``fork()``.
        judges: Read the finished episode, in this order.
        timeouts: Longest waits; the defaults if None.

    Returns:
        The record of the branch, prefix included; its usage counts what the branch spent alone. If people or target do
        not repeat what stands in the record its verdict is ``infrastructure``.
    """
    assert branch.branch is not None
    waits = timeouts or Timeouts()
    turn, move = branch.branch.turn, branch.branch.move
    inner = target.target if isinstance(target, KeptTarget) else target
    kept = target.at(trunk.key, turn) if isinstance(target, KeptTarget) else None

    async def begin() -> dict[str, Actor]:
        again = kept is None and not is_stateless(inner)
        actors = await retrace(trunk, record, turn, environment, player, waits, inner if again else None)
        forked = _forked(actors, branch, kept, again, inner)
        first = environment.agent_selection if environment.agents else ""
        speaker = forked.get(first)
        if move and first != branch.target and isinstance(speaker, Steerable):
            speaker.prefer(move)
        return forked

    return await run_episode(branch, environment, inner, player, judges, waits, begin=begin)


async def retrace(
    trunk: EpisodePlan,
    record: EpisodeRecord,
    turn: int,
    environment: Environment,
    player: Player,
    waits: Timeouts,
    target: Target | None = None,
    actors: dict[str, Actor] | None = None,
) -> dict[str, Actor]:
    """Bring an environment and the people in it to the beginning of a turn of an episode that was played.

    Args:
        trunk: Its plan.
        record: What was said in it.
        turn: Where to stop.
        environment: Of the same scenario and people; reset here, unless ``actors`` have come some way in it.
        player: Acts the people once more, with the same random numbers.
        waits: Longest waits.
        target: Plays its part once more, and its calls count; None: the record speaks for it.
        actors: Who is under way, from an earlier turn of the same episode.

    Returns:
        Everybody who has begun.

    Raises:
        ActorFault: If what comes out is not what stands in the record.
    """
    if actors is None:
        environment.reset(seed=trunk.environment_seed())
        actors = started(trunk, player)
    await play(trunk, environment, actors, target or ReplayTarget(record), player, waits, until=turn, counted=target is not None)
    _same(record, environment, "player" if target is None else "target")
    return actors


def _forked(actors: Mapping[str, Actor], branch: EpisodePlan, kept: Forkable | None, again: bool, target: Target) -> dict[str, Actor]:
    """Return copies of everybody for a branch; who has not begun begins with the branch's own random numbers."""
    out: dict[str, Actor] = {}
    for agent, actor in actors.items():
        if agent == branch.target and not again:
            continue
        if not isinstance(actor, Forkable):
            raise ActorFault("player", "raised", f"expected an actor that offers fork(stream), got {type(actor).__name__}")
        out[agent] = _fork(actor, branch, agent)
    if kept is not None:
        out[branch.target] = _fork(kept, branch, branch.target)
    elif not again and branch.target in actors:
        out[branch.target] = target.begin(branch.briefs[branch.target], branch.stream("target"))
    return out


def _fork(actor: Forkable, branch: EpisodePlan, agent: str) -> Actor:
    role = "target" if agent == branch.target else "player"
    try:
        return actor.fork(branch.stream(role if role == "target" else f"player:{agent}"))
    except Exception as error:
        raise ActorFault(role, "raised", f"fork: {said(error)}") from error


def _same(record: EpisodeRecord, environment: Environment, who: str) -> None:
    """Refuse a prefix that came out differently from what stands in the record."""
    now = environment.account().messages
    for message in now:
        then = record.messages[message.index] if message.index < len(record.messages) else None
        if then != message:
            what = (
                f"message {message.index} of {record.key} was {then.text[:80] if then else 'nothing'!r}, and is now {message.text[:80]!r}"
            )
            raise ActorFault(who, "raised", f"the {who} does not repeat itself, so no branch can begin there: {what}")
