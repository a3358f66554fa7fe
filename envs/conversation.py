"""The conversation environment: people and one target take turns to speak (PettingZoo AEC)."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from pettingzoo import AECEnv

from ..personas.persona import Persona
from ..personas.population import draw_person
from ..personas.scenario import Scenario
from ..sim.actions import InvalidActionError, as_action, as_text
from ..sim.declare import Room
from ..sim.errors import InputError, UnknownNameError
from ..sim.seeds import check_seed, derive, new_seed
from ..sim.types import Account, Action, Arrival, Departure, LedgerEntry, Message, Observation, PrivateFact, Regime, ToolCall
from . import visibility
from .channels import MAIN, SCENE, TOOLS, Channels
from .needles import Needles
from .orders import ORDERS
from .spaces import Utterance, View
from .world import World

_JUST_TALK = Action(text="")  # what else a plain string does: nothing


@dataclass(frozen=True)
class Snapshot:
    """A point of an episode, as :meth:`ConversationEnv.snapshot` returns it; only ``restore`` reads it.

    Close it when it is of no more use, where the scenario has tools: it holds a copy of what they act upon.
    """

    world: World
    people: Mapping[str, Persona]
    cycle: Mapping[str, Any]  # PettingZoo's own attributes
    draws: tuple[np.random.Generator, ...]
    seed: int | None

    def close(self) -> None:
        """Give back what the tools at this point hold."""
        if self.world.tools is not None:
            self.world.tools.close()


class ConversationEnv(AECEnv[str, Observation, Action | str]):  # type: ignore[misc]
    """One episode: in every turn the people have the floor one after the other, then the target replies.

    Lifecycle: ``reset`` first; then ``step`` for ``agent_selection`` until ``agents`` is empty. An agent that has
    terminated or was truncated takes one ``step(None)``, as PettingZoo asks. A person leaves by an action with
    ``leave=True``; when nobody is left or still to come, or the target leaves, all terminate. After ``max_cycles``
    turns all are truncated. Rewards are 0, or at the end the scenario's declared payoff for the target.

    The target keeps the floor while it calls tools, and gets it at once where somebody writes to it on a channel that
    is ``answered``. The environment is synchronous, draws nothing at random once people are given, and is the only
    writer of the ledger. It can be reset and used again.

    Args:
        scenario: The declared domain.
        people: Who takes part, in the order of seats. None: at each reset as many as the scenario needs are drawn from the
            reference density.
        information: Information regime.
        max_cycles: Turns at most; the scenario's own number if None.
        render_mode: ``ansi`` makes ``render`` return the transcript.
        room: Who hears whom, in which order people speak, and what happens by itself; the scenario's own if None.
        graph: Who hears whom in place of the room's channels, see :class:`~.channels.Channels`.

    Attributes:
        np_random_seed: The seed that decides who comes: the last one given to ``reset``, or the one that was drawn
            from the operating system because the first ``reset`` had none. None before, and where people were given.
        at_once: Everybody chooses before anybody is heard, as in the parallel view: nobody gets the floor twice in a turn.

    Raises:
        InputError: If the number of people or of turns does not fit the scenario, somebody has two seats, or the graph is wrong.
        InvalidActionError: From ``step``, if an action is no usable text, tells a fact that is not the speaker's, or is
            for nobody who could hear it.
    """

    def __init__(
        self,
        scenario: Scenario,
        people: Sequence[Persona] | None = None,
        *,
        information: Regime = "private",
        max_cycles: int | None = None,
        render_mode: str | None = None,
        room: Room | None = None,
        graph: nx.Graph | None = None,
    ) -> None:
        super().__init__()
        role = scenario.seats
        count = role.at_least if people is None else len(people)
        if not role.at_least <= count <= role.at_most:
            raise InputError("people", f"{role.at_least} to {role.at_most} people for scenario {scenario.name}", count)
        if people is not None and count > 1:
            _check_seats(people)
        self.scenario = scenario
        self.information: Regime = information
        self.max_cycles = scenario.turns if max_cycles is None else max_cycles
        if self.max_cycles < 1:
            raise InputError("max_cycles", "at least 1 turn", max_cycles)
        self.render_mode = render_mode
        self.metadata = {"name": f"{scenario.name}_v0", "render_modes": ["ansi"], "is_parallelizable": True}
        self.at_once = False
        self.room = scenario.room if room is None else _checked(scenario, room)
        self._given = tuple(people) if people is not None else None
        self._seats = [scenario.agent("persona", i) for i in range(count)]
        self.target = scenario.agent("target")
        self.possible_agents = [*self._seats, self.target]
        self._channels: Channels | None = None  # None: one room in which everybody hears everything
        if graph is not None:
            self._channels = Channels(graph, self.possible_agents)
        elif self.room.channels != Room().channels:
            self._channels = Channels.of(self.room, self._seats, self.target, (role.name, self.target.rpartition("_")[0]))
        self._late = {self._seats[e.seat]: e.turn for e in self.room.entrances if e.seat < count}
        if len(self._late) == count:
            raise InputError("room.entrances", "somebody who is there from the beginning", f"{count} of {count} people who come later")
        self._views: dict[str, View] = {}  # spaces are made when first asked for: the episode loop never does
        self._sayings: dict[str, Utterance] = {}
        self.agents: list[str] = []
        self.np_random_seed: int | None = None
        self._draws: list[np.random.Generator] = []  # one a seat; a reset without a seed goes on with them

    def observation_space(self, agent: str) -> View:
        """Return the space of what ``agent`` may be shown."""
        if agent not in self._views:
            self._views[agent] = View(agent)
        return self._views[agent]

    def action_space(self, agent: str) -> Utterance:
        """Return the space of what ``agent`` may say."""
        if agent not in self._sayings:
            self._sayings[agent] = Utterance()
        return self._sayings[agent]

    def reset(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> None:
        """Start an episode.

        Args:
            seed: Decides who comes, now and at later resets, when no people were given; has no other effect. None:
                the next people come; at the first reset a seed is drawn for them.
            options: Not used; PettingZoo's own tests give one that no environment knows.

        Raises:
            InputError: If the seed is no whole number from 0 to 2**63 - 1.
        """
        if seed is not None:
            seed = check_seed(seed)
        people = self._given if self._given is not None else self._draw_people(seed)
        self.close()
        self.people: dict[str, Persona] = dict(zip(self._seats, people, strict=True))
        self.world = self._begin(people)
        self.agents = list(self.world.present)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in self.agents}
        self._skip_agent_selection: str | None = None
        for line in self.room.opening:
            self._open_with(line.seat, line.text, line.channel, line.to)
        self._happen()
        self.agent_selection = self._floor("")

    def _begin(self, people: Sequence[Persona]) -> World:
        """Return the world before anything was said."""
        scenario = self.scenario
        facts: dict[str, tuple[PrivateFact, ...]] = {agent: person.facts for agent, person in self.people.items()}
        if scenario.mandate is not None:
            facts[self.target] = scenario.mandate(people)
        owners = {fact.id: (agent, fact) for agent, own in facts.items() for fact in own}
        self._needles = Needles(fact for _, fact in owners.values())
        return World(
            facts=facts,
            owners=owners,
            knowing={known: self._knowing_from_the_start(agent) for known, (agent, _) in owners.items()},
            present=[a for a in self.possible_agents if a not in self._late],
            since=dict.fromkeys(self._late, visibility.NEVER),
            public=not self._late,
            state={} if scenario.start is None else scenario.start(people),
            tools=None if scenario.toolbox is None else scenario.toolbox(people),
        )

    def _knowing_from_the_start(self, owner: str) -> set[str]:
        """Return who knows a fact without being told."""
        return {owner} if self.information == "private" or owner == self.target else {owner, *self._seats}

    def _draw_people(self, seed: int | None) -> tuple[Persona, ...]:
        """Draw one person a seat from the reference density."""
        if seed is not None or not self._draws:
            self.np_random_seed = new_seed() if seed is None else seed
            self._draws = [derive(self.np_random_seed, "person", i) for i in range(len(self._seats))]
        return tuple(draw_person(self.scenario, draws, number=i) for i, draws in enumerate(self._draws))

    @property
    def turn(self) -> int:
        """The turn that is being played, from 0; the number of turns once the last is over."""
        return self.world.turn

    def observe(self, agent: str) -> Observation:
        """Return what ``agent`` may know now; ``UnknownNameError`` if it has no part in this episode."""
        if agent not in self.people and agent != self.target:
            raise UnknownNameError("agent", agent, self.possible_agents)
        return visibility.view(self.world, agent, self.target, self.information)

    def step(self, action: Action | str | None) -> None:
        """Let the selected agent speak, and perhaps call tools or leave."""
        if not self.agents:
            raise RuntimeError("step: nobody is left to act; call reset before step")
        agent = self.agent_selection
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(action)
            return
        if isinstance(action, str):  # a text alone needs no Action of its own
            text, repairs = as_text(action)
            said = _JUST_TALK
        else:
            said, repairs = as_action(action)
            text = said.text
        world = self.world
        spoken = self._messages(agent, text, said)
        calls = said.calls if self._may_call(agent, said) else ()
        may_answer = world.calls <= self.room.tool_calls  # who has just been told to stop calling has the floor once more
        world.repairs += repairs
        self._cumulative_rewards[agent] = 0.0
        for message, act in spoken:
            self._say(message, act)
        for call in calls:
            self._call(call, agent)
        world.wishes[agent] = said.wish
        if said.leave:
            world.until[agent] = len(world.messages) - 1
            world.public = False
            world.departures.append(Departure(agent=agent, turn=world.turn, message=world.until[agent]))
        if calls and not said.leave and not self.at_once and may_answer:
            return  # the results come back before anybody else speaks
        self._advance(agent, said.leave, spoken)

    def _messages(self, agent: str, text: str, said: Action) -> list[tuple[Message, Action]]:
        """Return what an action says, checked, before anything of it is in the world.

        Raises:
            InvalidActionError: If part of it cannot be said.
        """
        acts = (said, *said.also)
        if len(acts) > self.room.messages:
            raise InvalidActionError(f"expected at most {self.room.messages} messages of one agent in a turn, got {len(acts)}")
        out: list[tuple[Message, Action]] = []
        index, turn = len(self.world.messages), self.world.turn
        for act in acts:
            words = text if act is said else act.text
            if act is said and act.calls and not words:
                continue  # the calls are a message of their own
            channel, to = act.channel, act.to
            if self.world.route is not None and channel == MAIN and not to and act is said:
                channel, to = self.world.route[0], (self.world.route[1],)
            elif self._channels is not None and channel == MAIN and (act is _JUST_TALK or MAIN not in self._channels.names):
                channel, to = self._channels.place(agent, to)
            if act.facts or act.carries or to:
                self._check(agent, act, to)
            heard = self._audience(agent, channel, to)
            out.append(
                (
                    Message(index=index + len(out), turn=turn, sender=agent, text=words, channel=channel, to=to, heard_by=heard)
                    if to or heard or channel != MAIN
                    else Message(index=index + len(out), turn=turn, sender=agent, text=words),
                    act,
                )
            )
        return out

    def _audience(self, agent: str, channel: str, to: tuple[str, ...]) -> tuple[str, ...]:
        """Return who else hears a message, where its addressees do not say so already."""
        if self._channels is not None:
            heard = self._channels.audience(agent, channel, to)
            return () if heard == to else heard
        if channel != MAIN:
            raise InvalidActionError(f"expected one of the channels {MAIN}, got {channel!r}")
        return ()

    def _check(self, agent: str, said: Action, to: tuple[str, ...]) -> None:
        for fact in said.facts:
            if fact not in self.world.owners or not visibility.knows(self.world, agent, fact, self.target, self.information):
                raise InvalidActionError(f"expected facts that {agent} knows, got {fact!r}")
        read = {m.index for m in visibility.seen(self.world, agent, self.target, self.information)} if said.carries else ()
        for index in said.carries:
            if index not in read:
                raise InvalidActionError(f"expected in 'carries' messages that {agent} could read, got {index}")
        for other in to:
            if other not in self.possible_agents or other == agent:
                raise InvalidActionError(f"expected other agents of this episode in 'to', got {other!r}")

    def _say(self, message: Message, said: Action) -> None:
        """Enter a message, who learns what through it, and what it changes."""
        world = self.world
        world.messages += (message,)
        world.moves.append(said.move)
        world.last[message.sender] = message.index
        world.public = world.public and not message.heard_by and not message.to
        if self.world.owners:
            self._enter_ledger(message, said)
        if self.scenario.transition is not None:
            world.state = self.scenario.transition(world.state, message)

    def _enter_ledger(self, message: Message, said: Action) -> None:
        """Note who learns which fact through this message: by the speaker's own account, else by the words themselves."""
        world = self.world
        told = dict.fromkeys(said.facts, "")
        for index in said.carries:
            told.update(dict.fromkeys(world.carried.get(index, ()), ""))
        for fact_id, how in self._needles.found(message.text, told, lambda fact: message.sender in world.knowing[fact]).items():
            told.setdefault(fact_id, how)
        if not told:
            return
        world.carried[message.index] = tuple(told)
        for fact_id, how in told.items():
            owner, _ = self.world.owners[fact_id]
            for knower in visibility.learners(message, world.present, world.knowing[fact_id]):
                world.knowing[fact_id].add(knower)
                world.ledger.append(
                    LedgerEntry(
                        fact=fact_id,
                        owner=self.people[owner].id if owner in self.people else owner,
                        knower=knower,
                        turn=message.turn,
                        message=message.index,
                        known_by="canary" if how else "move",
                        how=how or said.move,
                    )
                )

    def _may_call(self, agent: str, said: Action) -> bool:
        """Tell whether the action's tool calls are to be run.

        Raises:
            InvalidActionError: If there are none to call, or a person calls.
        """
        if not said.calls:
            return False
        if agent != self.target or self.world.tools is None:
            who = "a target" if self.world.tools is not None else f"a scenario with tools ({self.scenario.name} has none)"
            raise InvalidActionError(f"expected tool calls of {who} only, got {said.calls[0].name!r} from {agent}")
        return True

    def _call(self, call: ToolCall, agent: str) -> None:
        """Run a tool; the call and its result are messages that only the target reads."""
        world = self.world
        assert world.tools is not None
        world.calls += 1
        if world.calls > self.room.tool_calls:
            result = f"error: no more than {self.room.tool_calls} tool calls in one turn; answer the person now"
        else:
            result = as_text(world.tools.call(call), may_be_empty=True)[0]
        index, turn = len(world.messages), world.turn
        mine = {"turn": turn, "channel": TOOLS, "heard_by": (agent,)}
        for message in (
            Message(index=index, sender=agent, text="", calls=(call,), **mine),  # type: ignore[arg-type]
            Message(index=index + 1, sender=TOOLS, text=result, answers=call.id, **mine),  # type: ignore[arg-type]
        ):
            world.messages += (message,)
            world.moves.append("")
            if world.owners:
                self._enter_ledger(message, _JUST_TALK)  # a look-up can tell the target what nobody told it
        world.public = False

    def _advance(self, agent: str, left: bool, spoken: Sequence[tuple[Message, Action]]) -> None:
        """Give the word to the next who is still there; end the turn after the target, the episode after the last turn."""
        world = self.world
        ends_turn = agent == self.target and world.route is None
        if agent != self.target:
            world.spoken[agent] = None
            world.route = self._private_route(agent, spoken) if self._channels is not None and not self.at_once else None
        else:
            world.route = None
        if left:
            self.terminations[agent] = True
            world.present.remove(agent)
            if agent == self.target or (len(world.present) == 1 and not self._expected()):
                self._end(self.terminations)
                return
        if ends_turn and not self._next_turn():
            return
        self.agent_selection = self._floor(agent)
        if left:
            self._deads_step_first()

    def _private_route(self, agent: str, spoken: Sequence[tuple[Message, Action]]) -> tuple[str, str] | None:
        """Return how the target answers at once, if ``agent`` has just written to it on a channel that is answered."""
        assert self._channels is not None
        for message, _ in spoken:
            if message.channel in self._channels.answered and self.target in message.to:
                return message.channel, agent
        return None

    def _next_turn(self) -> bool:
        """Begin the next turn; false if there is none."""
        world = self.world
        world.turn += 1
        world.spoken.clear()
        world.calls = 0
        if world.turn >= self.max_cycles:
            self._end(self.truncations)
            return False
        self._happen()
        return True

    def _floor(self, last: str) -> str:
        """Return who speaks next in this turn."""
        world, room = self.world, self.room
        if world.route is not None:
            return self.target
        if room.speakers is not None and len(world.spoken) >= room.speakers:
            return self.target
        mute = () if self._channels is None else self._channels.mute
        waiting = [a for a in world.present[:-1] if a not in world.spoken and a not in mute]
        if not waiting:
            return self.target
        return ORDERS[room.order](world, waiting, last, self._near)

    def _near(self, one: str, other: str) -> bool:
        """Tell whether two agents are next to each other; in one room without channels all are."""
        return self._channels is None or self._channels.near(one, other)

    def _expected(self) -> bool:
        """Tell whether somebody is still to come before the last turn."""
        return any(self.world.since[a] == visibility.NEVER and turn < self.max_cycles for a, turn in self._late.items())

    def _happen(self) -> None:
        """Let in who comes with this turn, and change what changes."""
        world = self.world
        for agent, turn in self._late.items():
            alone = len(world.present) == 1  # nobody is there to talk to: who is expected comes now
            if world.since[agent] == visibility.NEVER and (turn <= world.turn or alone):
                self._let_in(agent)
        for event in self.room.events:
            if event.turn == world.turn and event.seat < len(self._seats) and self._seats[event.seat] in world.present:
                agent = self._seats[event.seat]
                owner = self.people[agent]
                before = next((f for f in world.facts[agent] if f.kind == event.kind), None)
                kind = next(k for k in self.scenario.facts if k.name == event.kind)
                fact = PrivateFact(
                    id=f"{owner.id}/{event.kind}@{event.turn}",
                    kind=event.kind,
                    content=event.content,
                    sensitivity=kind.sensitivity,
                    tell=event.tell,
                    paraphrases=event.paraphrases,
                    details=event.details,
                )
                world.facts[agent] = (*(f for f in world.facts[agent] if f is not before), fact)
                world.owners[fact.id] = (agent, fact)
                self._needles.add(fact)
                world.knowing[fact.id] = self._knowing_from_the_start(agent)
                world.carried[len(world.messages)] = (fact.id,)
                self._narrate(event.says or event.content, (agent,))

    def _let_in(self, agent: str) -> None:
        world = self.world
        earlier = set(self._seats[: self._seats.index(agent)])
        for agents in (world.present, self.agents):  # the second may still hold somebody who left
            agents.insert(sum(a in earlier for a in agents), agent)
        self.rewards[agent] = self._cumulative_rewards[agent] = 0.0
        self.terminations[agent] = self.truncations[agent] = False
        self.infos[agent] = {}
        world.since[agent] = len(world.messages)
        world.arrivals.append(Arrival(agent=agent, turn=world.turn, message=len(world.messages)))

    def _narrate(self, text: str, to: tuple[str, ...]) -> None:
        """Say what happens by itself to whom it concerns."""
        world = self.world
        world.messages += (Message(index=len(world.messages), turn=world.turn, sender=SCENE, text=text, channel=SCENE, heard_by=to),)
        world.moves.append("")
        world.public = False

    def _open_with(self, seat: int | None, text: str, channel: str, to: tuple[int, ...]) -> None:
        """Enter a line that was said before the first turn."""
        if seat is not None and seat >= len(self._seats):
            return
        if to and min(to) >= len(self._seats):
            return  # it was for nobody who is in this episode, and is not for the others
        agent = self.target if seat is None else self._seats[seat]
        names = [person.name for person in self.people.values()]
        words = text.format(*names, *["somebody"] * 20)
        said = Action(text=words, channel=channel, to=tuple(self._seats[i] for i in to if i < len(self._seats)))
        for message, act in self._messages(agent, words, said):
            self._say(message, act)

    def _end(self, how: dict[str, bool]) -> None:
        """End the episode for everybody: ``how`` is ``terminations`` or ``truncations``."""
        how.update(dict.fromkeys(self.agents, True))
        self._pay()
        self.agent_selection = self.agents[0]

    def _pay(self) -> None:
        if self.scenario.payoff is not None:
            self.rewards[self.target] = float(self.scenario.payoff(self.account(), self.people))
            self._accumulate_rewards()

    def account(self) -> Account:
        """Return what happened so far, for the record."""
        world = self.world
        state = dict(world.state)
        if world.tools is not None:
            state |= world.tools.state()
        return Account(
            messages=world.messages,
            moves=tuple(world.moves),
            departures=tuple(world.departures),
            arrivals=(*world.arrivals, *self._awaited()),
            ledger=tuple(world.ledger),
            turns=world.turn + (1 if world.spoken or world.calls or self._left(self.target) else 0),
            repairs=world.repairs,
            state=state,
        )

    def _awaited(self) -> list[Arrival]:
        """Return an arrival after the last word for everybody who has not come yet: nothing that was said reached them."""
        world = self.world
        return [Arrival(agent=a, turn=world.turn, message=len(world.messages)) for a in self._late if world.since[a] == visibility.NEVER]

    def _left(self, agent: str) -> bool:
        return agent in self.world.until

    def snapshot(self) -> Snapshot:
        """Return this point of the episode: state, ledger, tools and the position of every generator.

        Raises:
            RuntimeError: Before ``reset``.
        """
        if not hasattr(self, "world"):
            raise RuntimeError("snapshot: nothing has happened yet; call reset before snapshot")
        return Snapshot(self.world.fork(), dict(self.people), self._cycle(), tuple(copy.deepcopy(self._draws)), self.np_random_seed)

    def _cycle(self) -> dict[str, Any]:
        """Return a copy of PettingZoo's own attributes."""
        cycle = {
            name: copy.copy(getattr(self, name))
            for name in (
                "agents",
                "rewards",
                "_cumulative_rewards",
                "terminations",
                "truncations",
                "agent_selection",
                "_skip_agent_selection",
            )
        }
        cycle["infos"] = {agent: dict(info) for agent, info in self.infos.items()}
        return cycle

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a point of an episode of the same scenario and people; it can be restored any number of times."""
        self.close()
        self.world = snapshot.world.fork()
        self.people = dict(snapshot.people)
        self._needles = Needles(fact for _, fact in self.world.owners.values())
        self._draws = list(copy.deepcopy(snapshot.draws))
        self.np_random_seed = snapshot.seed
        for name, value in snapshot.cycle.items():
            setattr(self, name, copy.deepcopy(value))

    def fork(self) -> ConversationEnv:
        """Return another environment at the same point of the same episode; what happens in one does not show in the other.

        Raises:
            RuntimeError: Before ``reset``.
        """
        point = self.snapshot()
        other = copy.copy(self)
        other._views, other._sayings = {}, {}
        del other.world  # which is this one's, and would be closed
        other.restore(point)
        point.close()
        return other

    def render(self) -> str | None:
        """Return the transcript so far in render mode ``ansi``, else None."""
        if self.render_mode != "ansi":
            return None
        return "\n".join(f"{m.sender}{_privately(m)}: {m.text or _called(m)}" for m in self.world.messages)

    def close(self) -> None:
        """Give back what the tools of the present episode hold."""
        world = getattr(self, "world", None)
        if world is not None and world.tools is not None:
            world.tools.close()

    def __str__(self) -> str:
        return str(self.metadata["name"])


def _checked(scenario: Scenario, room: Room) -> Room:
    """Return a room that fits a scenario."""
    try:
        scenario.check_room(room)
    except ValueError as error:
        raise InputError("room", f"one for scenario {scenario.name}", str(error)) from None
    return room


def _check_seats(people: Sequence[Persona]) -> None:
    """Refuse a person on two seats, and two people with one id."""
    seen: dict[str, int] = {}
    for seat, person in enumerate(people):
        if person.id in seen:
            raise InputError("people", "everybody on one seat", f"{person.id} on seats {seen[person.id]} and {seat}")
        seen[person.id] = seat


def _privately(message: Message) -> str:
    hearers = message.to or message.heard_by
    return f" (to {', '.join(hearers)})" if hearers and message.channel not in (SCENE, TOOLS) else ""


def _called(message: Message) -> str:
    return ", ".join(f"{call.name}({', '.join(f'{k}={v!r}' for k, v in call.arguments.items())})" for call in message.calls)
