"""What happens in a room: the one way from what agents do to what is the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.actions import InvalidActionError, as_text, no_tools
from ..sim.declare import Event, Opening, Room
from ..sim.room import spent
from ..sim.types import Action, Arrival, LedgerEntry, Message, PrivateFact, Regime, ToolCall
from . import visibility
from .channels import MAIN, SCENE, TOOLS, Channels
from .needles import Needles
from .orders import ORDERS
from .world import World

JUST_TALK = Action(text="")
"""What else a plain string does: nothing."""

Spoken = list[tuple[Message, Action]]


class Stage:
    """The transition of one episode after another: it alone changes their worlds and writes their ledgers.

    Args:
        scenario: The declared domain.
        seats: Agents of the people, in order.
        target: The target's agent.
        information: Information regime.
        room: In which order people speak, and what happens by itself.
        channels: Who hears whom; None: one room in which everybody hears everything.

    Attributes:
        world: What is the case now.
        people: Who sits behind the agents.
        late: Who comes later, and at which turn.
    """

    world: World
    people: dict[str, Persona]

    def __init__(
        self, scenario: Scenario, seats: Sequence[str], target: str, information: Regime, room: Room, channels: Channels | None
    ) -> None:
        self.scenario = scenario
        self.room = room
        self.late = {seats[e.seat]: e.turn for e in room.entrances if e.seat < len(seats)}
        self._seats = tuple(seats)
        self._target = target
        self._information = information
        self._channels = channels

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels there are."""
        return (MAIN,) if self._channels is None else self._channels.names

    def begin(self, people: Sequence[Persona]) -> None:
        """Make the world of an episode as it is before the first turn, opening lines said."""
        self.people = dict(zip(self._seats, people, strict=True))
        scenario = self.scenario
        facts: dict[str, tuple[PrivateFact, ...]] = {agent: person.facts for agent, person in self.people.items()}
        if scenario.mandate is not None:
            facts[self._target] = scenario.mandate(people)
        owners = {fact.id: (agent, fact) for agent, own in facts.items() for fact in own}
        self._needles = Needles(fact for _, fact in owners.values())
        self.world = World(
            facts=facts,
            owners=owners,
            knowing={known: self._knowing_from_the_start(agent) for known, (agent, _) in owners.items()},
            present=[a for a in (*self._seats, self._target) if a not in self.late],
            since=dict.fromkeys(self.late, visibility.NEVER),
            public=not self.late,
            state={} if scenario.start is None else scenario.start(people),
            tools=None if scenario.toolbox is None else scenario.toolbox(people),
        )
        for line in self.room.opening:
            self._open_with(line)

    def put(self, world: World, people: Mapping[str, Persona]) -> None:
        """Go on from another point: of the same scenario, room and seats."""
        self.world = world.fork()
        self.people = dict(people)
        self._needles = Needles(fact for _, fact in self.world.owners.values())

    def close(self) -> None:
        """Give back what the tools of the present world hold."""
        world = getattr(self, "world", None)
        if world is not None and world.tools is not None:
            world.tools.close()

    def _knowing_from_the_start(self, owner: str) -> set[str]:
        """Return who knows a fact without being told."""
        return {owner} if self._information == "private" or owner == self._target else {owner, *self._seats}

    def _open_with(self, line: Opening) -> None:
        """Enter a line that was said before the first turn."""
        if line.seat is not None and line.seat >= len(self._seats):
            return
        to = tuple(agent for agent in (self._seats[i] for i in line.to if i < len(self._seats)) if agent in self.world.present)
        if line.to and not to:
            return  # it was for nobody who is there, and is not for the others
        agent = self._target if line.seat is None else self._seats[line.seat]
        names = [person.name for person in self.people.values()]
        words = line.text.format(*names, *["somebody"] * 20)
        said = Action(text=words, channel=line.channel, to=to)
        for message, act in self.checked(agent, words, said):
            self.say(message, act)

    def checked(self, agent: str, text: str, said: Action) -> Spoken:
        """Return what an action says, checked, before anything of it is in the world.

        Raises:
            InvalidActionError: If part of it cannot be said.
        """
        acts = (said, *said.also)
        if len(acts) > self.room.messages:
            raise InvalidActionError(f"expected at most {self.room.messages} messages of one agent in a turn, got {len(acts)}")
        out: Spoken = []
        index, turn = len(self.world.messages), self.world.turn
        for act in acts:
            words = text if act is said else act.text
            if act is said and act.calls and not words:
                continue  # the calls are a message of their own
            channel, to = act.channel, act.to
            if self.world.route is not None and channel == MAIN and not to and act is said:
                channel, to = self.world.route[0], (self.world.route[1],)
            elif self._channels is not None and channel == MAIN and (act is JUST_TALK or MAIN not in self._channels.names):
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
            if fact not in self.world.owners or not visibility.knows(self.world, agent, fact, self._target, self._information):
                raise InvalidActionError(f"expected facts that {agent} knows, got {fact!r}")
        read = {m.index for m in visibility.seen(self.world, agent, self._target, self._information)} if said.carries else ()
        for index in said.carries:
            if index not in read:
                raise InvalidActionError(f"expected in 'carries' messages that {agent} could read, got {index}")
        for other in to:
            if other not in (*self._seats, self._target) or other == agent:
                raise InvalidActionError(f"expected other agents of this episode in 'to', got {other!r}")
        if to and not any(other in self.world.present for other in to):
            raise InvalidActionError(f"expected somebody in the room in 'to', got {', '.join(to)}, who left or has not come")

    def say(self, message: Message, said: Action) -> None:
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

    def may_call(self, agent: str, said: Action) -> bool:
        """Tell whether the action's tool calls are to be run.

        Raises:
            InvalidActionError: If there are none to call, or a person calls.
        """
        if not said.calls:
            return False
        if self.world.tools is None:
            raise InvalidActionError(f"expected {no_tools(self.scenario.name)}, got {said.calls[0].name!r} from {agent}")
        if agent != self._target:
            raise InvalidActionError(f"expected tool calls of a target only, got {said.calls[0].name!r} from {agent}")
        return True

    def call(self, call: ToolCall, agent: str) -> None:
        """Run a tool; the call and its result are messages that only the target reads."""
        world = self.world
        assert world.tools is not None
        world.calls += 1
        if world.calls > self.room.tool_calls:
            result = spent(self.room.tool_calls)
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
                self._enter_ledger(message, JUST_TALK)  # a look-up can tell the target what nobody told it
        world.public = False

    def private_route(self, agent: str, spoken: Spoken) -> tuple[str, str] | None:
        """Return how the target answers at once, if ``agent`` has just written to it on a channel that is answered."""
        if self._channels is None:
            return None
        answered = self._channels.answered
        return next(((m.channel, agent) for m, _ in spoken if m.channel in answered and self._target in m.to), None)

    def floor(self, last: str) -> str:
        """Return who speaks next in this turn."""
        world, room = self.world, self.room
        if world.route is not None:
            return self._target
        if room.speakers is not None and len(world.spoken) >= room.speakers:
            return self._target
        mute = () if self._channels is None else self._channels.mute
        waiting = [a for a in world.present[:-1] if a not in world.spoken and a not in mute]
        if not waiting:
            return self._target
        return ORDERS[room.order](world, waiting, last, self._near)

    def _near(self, one: str, other: str) -> bool:
        """Tell whether two agents are next to each other; in one room without channels all are."""
        return self._channels is None or self._channels.near(one, other)

    def expected(self, turns: int) -> bool:
        """Tell whether somebody is still to come in an episode of so many turns."""
        return any(self.world.since[a] == visibility.NEVER and turn < turns for a, turn in self.late.items())

    def awaited(self) -> list[Arrival]:
        """Return an arrival after the last word for everybody who has not come yet: nothing that was said reached them."""
        world = self.world
        return [Arrival(agent=a, turn=world.turn, message=len(world.messages)) for a in self.late if world.since[a] == visibility.NEVER]

    def happen(self) -> list[str]:
        """Let in who comes with this turn, change what changes, and return who came."""
        world = self.world
        came = []
        for agent, turn in self.late.items():
            alone = len(world.present) == 1  # nobody is there to talk to: who is expected comes now
            if world.since[agent] == visibility.NEVER and (turn <= world.turn or alone):
                self._let_in(agent)
                came.append(agent)
        for event in self.room.events:
            if event.turn == world.turn and event.seat < len(self._seats) and self._seats[event.seat] in world.present:
                self._change(event, self._seats[event.seat])
        return came

    def _change(self, event: Event, agent: str) -> None:
        """Change a private fact, and tell its owner."""
        world = self.world
        before = next((f for f in world.facts[agent] if f.kind == event.kind), None)
        fact = PrivateFact(
            id=f"{self.people[agent].id}/{event.kind}@{event.turn}",
            kind=event.kind,
            content=event.content,
            sensitivity=next(k.sensitivity for k in self.scenario.facts if k.name == event.kind),
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
        world.present.insert(self.place(agent, world.present), agent)
        world.since[agent] = len(world.messages)
        world.arrivals.append(Arrival(agent=agent, turn=world.turn, message=len(world.messages)))

    def place(self, agent: str, agents: Sequence[str]) -> int:
        """Return where ``agent`` stands among ``agents``, by seats."""
        earlier = set(self._seats[: self._seats.index(agent)])
        return sum(a in earlier for a in agents)

    def _narrate(self, text: str, to: tuple[str, ...]) -> None:
        """Say what happens by itself to whom it concerns."""
        world = self.world
        world.messages += (Message(index=len(world.messages), turn=world.turn, sender=SCENE, text=text, channel=SCENE, heard_by=to),)
        world.moves.append("")
        world.public = False
