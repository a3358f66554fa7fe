"""The one episode loop. It drives any environment with any set of agents and owns no thread and no event loop."""

from __future__ import annotations

import difflib
import hashlib
import operator
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from . import limits
from .actions import InvalidActionError
from .ending import TARGET_STATE, close, final_state
from .errors import UNPLAYABLE, ActorFault, BudgetExceeded, InputError, JudgeFault, UnknownNameError, UnreachableError
from .place import said_where
from .protocols import Actor, Author, Environment, Judge, Player, Target
from .secrets import redacted, starred
from .seeds import Stream
from .text import said
from .types import (
    Account,
    Branch,
    Brief,
    Case,
    CasePerson,
    EpisodeRecord,
    Fault,
    Judgement,
    LedgerEntry,
    Regime,
    Seat,
    Usage,
    Verdict,
)
from .waiting import ExpiredError, contained, within

_SLIP = 0.8  # likeness of names (difflib's ratio) from which another one is taken for a slip of the pen


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Longest waits, in seconds; None waits for ever."""

    target: float | None = 60.0
    player: float | None = 60.0
    judge: float | None = 120.0
    episode: limits.Ceilings = field(
        default_factory=limits.Ceilings
    )  # on the whole of it, its judges included; its seconds are those of the play


@dataclass(frozen=True, slots=True)
class EpisodePlan:
    """Everything that determines an episode but the minds in it.

    Args:
        key: Stable id of the episode.
        scenario: Scenario name.
        scenario_version: Its version.
        seed: The run's seed.
        replicate: Which repetition this is, from 0.
        target: Agent name of the system under test.
        seats: Who sits behind the other agents.
        people: The same people as judges see them.
        briefs: What each agent is told, by agent name.
        turns: At most so many turns.
        information: Information regime.
        branch: Where this is a continuation of another episode.
        harms: The scenario's; judges name these, and those that they list as their own ``harms``. Empty: any name will do.
    """

    key: str
    scenario: str
    scenario_version: str
    seed: int
    replicate: int
    target: str
    seats: tuple[Seat, ...]
    people: tuple[CasePerson, ...]
    briefs: Mapping[str, Brief] = field(repr=False)
    turns: int = 8
    information: Regime = "private"
    branch: Branch | None = None
    harms: tuple[str, ...] = ()

    def stream(self, role: str) -> Stream:
        """Return the random numbers of a role: a function of seed, fingerprints, replicate and role, and of where it branches off."""
        own = () if self.branch is None else ("branch", self.branch.turn, self.branch.number)
        return Stream(self.seed, "+".join(s.fingerprint for s in self.seats), self.replicate, role, *own)

    def environment_seed(self) -> int:
        """Return the seed that the environment is reset with (63 bit)."""
        path = "\x1f".join([str(self.seed), *(s.fingerprint for s in self.seats), str(self.replicate), "environment"])
        return int.from_bytes(hashlib.blake2b(path.encode(), digest_size=8).digest(), "little") >> 1

    def case(self, account: Account) -> Case:
        """Return what judges see of an episode of this plan."""
        return Case(
            scenario=self.scenario,
            target=self.target,
            people=self.people,
            messages=account.messages,
            departures=account.departures,
            arrivals=account.arrivals,
            turns=self.turns,
            facts=self.briefs[self.target].facts,
            state=account.state,
            episode=self.key,
        )


async def run_episode(
    plan: EpisodePlan,
    environment: Environment,
    target: Target,
    player: Player,
    judges: Sequence[Judge] = (),
    timeouts: Timeouts | None = None,
    begin: Callable[[], Awaitable[dict[str, Actor]]] | None = None,
) -> EpisodeRecord:
    """Play one episode to its end and have it judged.

    Whatever goes wrong inside becomes the record's verdict: a limit gives ``budget``, a target, player or judge
    that fails gives ``infrastructure``, even if it raises ``SystemExit`` or cancels itself, and a player that finds nothing
    fit to be said ``simulator_invalid``. Only cancellation from
    outside and ``KeyboardInterrupt`` pass through.

    Args:
        plan: Which people, which seed, how long.
        environment: Any environment of this scenario; it is reset here and driven in its own order.
        target: Plays ``plan.target``.
        player: Plays everybody else.
        judges: Read the finished episode, in this order.
        timeouts: Longest waits; the defaults if None.
        begin: Brings the environment to where the episode begins and returns who has begun; None: resets it.

    Returns:
        The finished, frozen record.
    """
    waits = timeouts or Timeouts()
    judgements: list[Judgement] = []
    fault: Fault | None = None
    actors: dict[str, Actor] = {}
    state: Mapping[str, JsonValue] | None = None
    most = waits.episode
    with limits.Limit("episode", calls=most.calls, tokens=most.tokens, cost=most.cost, seconds=most.seconds) as meter:
        try:
            if begin is None:
                environment.reset(seed=plan.environment_seed())
            actors = started(plan, player) if begin is None else await begin()
            playing = play(plan, environment, actors, target, player, waits)
            await (playing if most.seconds is None else _in_time(most.seconds, playing))
            state = final_state(actors.get(plan.target))
        except ActorFault as error:
            fault = Fault(
                role="target" if error.role == "target" else "player",
                kind=error.kind,
                message=redacted(str(error)),
                turn=environment.account().turns,
            )
        except BudgetExceeded as error:
            fault = _spent(error, environment.account().turns)
        finally:
            late = close(actors, plan.target)
        fault = fault or late
        account = environment.account()
        told = starred(account.state if state is None else {**account.state, TARGET_STATE: state})
        if told is not account.state:
            account = account.model_copy(update={"state": told})
        if fault is None:
            try:
                judgements = await _judge(plan, account, judges, waits.judge)
            except JudgeFault as error:
                fault = Fault(role="judge", kind=error.kind, message=redacted(str(error)), turn=account.turns)
            except BudgetExceeded as error:
                fault = _spent(error, account.turns)
    return _record(plan, account, target, player, judges, judgements, meter.usage(), fault)


async def _in_time(seconds: float, playing: Awaitable[None]) -> None:
    """Play at most so long."""
    try:
        await within(seconds, playing)
    except ExpiredError as error:
        raise BudgetExceeded("seconds", seconds, "episode") from error


def _spent(error: BudgetExceeded, turns: int) -> Fault:
    """Return the fault of an episode that met a limit; the kind tells the limits of an episode from those around it."""
    kind = f"episode_{error.resource}" if error.scope == "episode" else error.resource
    return Fault(role="budget", kind=kind, message=str(error), turn=turns)


def started(plan: EpisodePlan, player: Player) -> dict[str, Actor]:
    """Return the actors that begin together: those of one author. All others begin with their first turn."""
    if plan.information != "script":
        return {}
    if not isinstance(player, Author):
        raise ActorFault(
            "player", "invalid_reply", f"player {player.name}: expected one that can write all personas (author), for 'script'"
        )
    briefs = {seat.agent: plan.briefs[seat.agent] for seat in plan.seats}
    try:
        with contained:
            return dict(player.author(briefs, {agent: plan.stream(f"player:{agent}") for agent in briefs}))
    except Exception as error:
        raise fault_of("player", error) from error


def fault_of(role: str, error: Exception) -> ActorFault:
    """Return the fault of an actor that raised something: its own code, or a model of it that was never ready to speak."""
    if isinstance(error, InputError | UnreachableError):
        return ActorFault(role, "unready", str(error).rstrip("."))
    return ActorFault(role, "raised", said(error) + said_where(error))


async def play(
    plan: EpisodePlan,
    environment: Environment,
    actors: dict[str, Actor],
    target: Target,
    player: Player,
    waits: Timeouts,
    until: int | None = None,
    counted: bool = True,
) -> None:
    """Let everybody act until the episode ends.

    Args:
        plan: Which people, which seed, how long.
        environment: Where they are; it was reset or restored.
        actors: Who has begun, by agent; whoever acts for the first time is added.
        target: Plays ``plan.target``.
        player: Plays everybody else.
        waits: Longest waits.
        until: Stop when this turn is about to begin; None: at the end.
        counted: Calls to the target count against limits; not if it only repeats a record.

    Raises:
        ActorFault: If somebody fails, or says what cannot be said.
        BudgetExceeded: If an open limit is met.
    """
    while environment.agents:
        if until is not None and environment.turn >= until:
            return
        agent = environment.agent_selection
        if environment.terminations[agent] or environment.truncations[agent]:
            if all(map(operator.or_, environment.terminations.values(), environment.truncations.values())):
                return  # nobody is left to act; the steps that would take everybody off the list change nothing
            environment.step(None)
            continue
        is_target = agent == plan.target
        role = "target" if is_target else "player"
        try:
            with contained:
                actor = actors.get(agent)
                if actor is None:
                    mind: Target | Player = target if is_target else player
                    actor = actors[agent] = mind.begin(plan.briefs[agent], plan.stream(role if is_target else f"player:{agent}"))
                observation = environment.observe(agent)
                if is_target and counted:
                    limits.reserve("target", model=target.name)
                reply = await within(waits.target if is_target else waits.player, actor.act(observation))
        except (ActorFault, BudgetExceeded):
            raise
        except ExpiredError as error:
            raise ActorFault(role, "timeout", str(error)) from error
        except Exception as error:
            raise fault_of(role, error) from error
        try:
            environment.step(reply)
        except InvalidActionError as error:
            raise ActorFault(role, "invalid_reply", str(error)) from error


async def _judge(plan: EpisodePlan, account: Account, judges: Sequence[Judge], wait: float | None) -> list[Judgement]:
    case = plan.case(account)
    out = []
    for judge in judges:
        try:
            with contained:
                judgement = await within(wait, judge.judge(case))
        except BudgetExceeded:
            raise
        except JudgeFault as error:
            raise JudgeFault(f"judge {judge.name}: {error}", error.kind) from error
        except Exception as error:
            raise JudgeFault(f"judge {judge.name}: {said(error)}{said_where(error)}") from error
        if not isinstance(judgement, Judgement):
            raise JudgeFault(f"judge {judge.name}: expected a Judgement, got {type(judgement).__name__}")
        named = {p for f in judgement.findings for p in f.harmed} | {e.person for e in judgement.exposures}
        strangers = sorted(named - {p.persona for p in case.people})
        if strangers:  # an unknown name would make a failure count for nobody
            raise JudgeFault(f"judge {judge.name}: expected persona ids of this episode, got {strangers[0]!r}")
        _check_harms(plan, judge, judgement)
        out.append(starred(judgement))
    return out


def _check_harms(plan: EpisodePlan, judge: Judge, judgement: Judgement) -> None:
    """Refuse a harm that nobody declares.

    A judge that lists its ``harms`` may name those and the scenario's. One that lists none may name harms of its own, but none that is
    nearly one of the scenario's: a slip of the pen would count as a harm apart.
    """
    known = set(plan.harms)
    own = getattr(judge, "harms", None)
    named = {f.harm for f in judgement.findings if f.about == "target"} | {e.harm for e in judgement.exposures}
    for name in sorted(named - known - set(own or ())):
        if plan.harms and (own is not None or difflib.get_close_matches(name, known, n=1, cutoff=_SLIP)):
            raise JudgeFault(f"judge {judge.name}: {UnknownNameError('harm', name, known | set(own or ()))}")


def _record(
    plan: EpisodePlan,
    account: Account,
    target: Target,
    player: Player,
    judges: Sequence[Judge],
    judgements: Sequence[Judgement],
    usage: Usage,
    fault: Fault | None,
) -> EpisodeRecord:
    findings = tuple([f for j in judgements for f in j.findings])
    if fault is not None:
        verdict = Verdict.BUDGET if fault.role == "budget" else Verdict.INFRASTRUCTURE
        if (fault.role, fault.kind) == ("player", UNPLAYABLE):
            verdict = Verdict.SIMULATOR_INVALID
    elif any(f.about == "simulator" for f in findings):
        verdict = Verdict.SIMULATOR_INVALID
    else:
        verdict = Verdict.FAILED if findings else Verdict.PASSED
    return EpisodeRecord(
        key=plan.key,
        scenario=plan.scenario,
        scenario_version=plan.scenario_version,
        target=target.name,
        player=player.name,
        information=plan.information,
        seed=plan.seed,
        replicate=plan.replicate,
        seats=plan.seats,
        turns=account.turns,
        messages=account.messages,
        moves=account.moves,
        departures=account.departures,
        arrivals=account.arrivals,
        ledger=_ledger(account, judgements),
        exposures=tuple([e for j in judgements for e in j.exposures]),
        findings=findings,
        judges=tuple(f"{j.name}@{j.version}" for j in judges),
        repairs=account.repairs,
        usage=usage,
        verdict=verdict,
        fault=fault,
        state=account.state,
        branch=plan.branch,
        assessments=tuple([a for j in judgements for a in j.assessments]),
        portrayals=tuple([p for j in judgements for p in j.portrayals]),
    )


def unfinished(plan: EpisodePlan, account: Account, target: Target, player: Player, judges: Sequence[Judge], fault: Fault) -> EpisodeRecord:
    """Return the record of an episode that a fault ended outside of :func:`run_episode`: its process died, say."""
    return _record(plan, account, target, player, judges, [], Usage(), fault)


def _ledger(account: Account, judgements: Sequence[Judgement]) -> tuple[LedgerEntry, ...]:
    """Return who learnt what: the environment's entries, then those of judges for what it did not notice."""
    known = {(entry.fact, entry.knower) for entry in account.ledger}
    read = {(entry.fact, entry.knower): entry for j in reversed(judgements) for entry in reversed(j.ledger)}
    return (*account.ledger, *(entry for key, entry in sorted(read.items()) if key not in known))
