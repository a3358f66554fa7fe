"""The conversation environment: people and one target take turns to speak (PettingZoo AEC)."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pettingzoo import AECEnv

from ..personas.persona import Persona
from ..personas.population import draw_person
from ..personas.scenario import Scenario
from ..sim.actions import as_action, as_text
from ..sim.declare import Room
from ..sim.errors import InputError, UnknownNameError
from ..sim.seeds import check_seed, derive, new_seed
from ..sim.types import Account, Action, Departure, Message, Observation, Regime
from . import visibility
from .channels import SCENE, TOOLS, Channels
from .spaces import Utterance, View
from .stage import JUST_TALK, Spoken, Stage
from .world import World

if TYPE_CHECKING:
    import networkx as nx


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
        channels = None
        if graph is not None:
            channels = Channels(graph, self.possible_agents)
        elif self.room.channels != Room().channels:
            channels = Channels.of(self.room, self._seats, self.target, (role.name, self.target.rpartition("_")[0]))
        self._stage = Stage(scenario, self._seats, self.target, information, self.room, channels)
        if len(self._stage.late) == count:
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
        self._stage.begin(people)
        self.agents = list(self.world.present)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in self.agents}
        self._skip_agent_selection: str | None = None
        self._happen()
        self.agent_selection = self._stage.floor("")

    def _draw_people(self, seed: int | None) -> tuple[Persona, ...]:
        """Draw one person a seat from the reference density."""
        if seed is not None or not self._draws:
            self.np_random_seed = new_seed() if seed is None else seed
            self._draws = [derive(self.np_random_seed, "person", i) for i in range(len(self._seats))]
        return tuple(draw_person(self.scenario, draws, number=i) for i, draws in enumerate(self._draws))

    @property
    def world(self) -> World:
        """What is the case now; only the environment's own transition changes it."""
        return self._stage.world

    @property
    def people(self) -> dict[str, Persona]:
        """Who sits behind the agents of this episode; not for the eyes of whoever plays one."""
        return self._stage.people

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels there are."""
        return self._stage.channels

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
            said = JUST_TALK
        else:
            said, repairs = as_action(action)
            text = said.text
        stage, world = self._stage, self.world
        spoken = stage.checked(agent, text, said)
        calls = said.calls if stage.may_call(agent, said) else ()
        may_answer = world.calls <= self.room.tool_calls  # who has just been told to stop calling has the floor once more
        world.repairs += repairs
        self._cumulative_rewards[agent] = 0.0
        for message, act in spoken:
            stage.say(message, act)
        for call in calls:
            stage.call(call, agent)
        world.wishes[agent] = said.wish
        if said.leave:
            world.until[agent] = len(world.messages) - 1
            world.public = False
            world.departures.append(Departure(agent=agent, turn=world.turn, message=world.until[agent]))
        if calls and not said.leave and not self.at_once and may_answer:
            return  # the results come back before anybody else speaks
        self._advance(agent, said.leave, spoken)

    def _advance(self, agent: str, left: bool, spoken: Spoken) -> None:
        """Give the word to the next who is still there; end the turn after the target, the episode after the last turn."""
        world = self.world
        ends_turn = agent == self.target and world.route is None
        world.route = None
        if agent != self.target:
            world.spoken[agent] = None
            if not self.at_once and not left:  # who has left would not read the answer
                world.route = self._stage.private_route(agent, spoken)
        if left:
            self.terminations[agent] = True
            world.present.remove(agent)
            if agent == self.target or (len(world.present) == 1 and not self._stage.expected(self.max_cycles)):
                self._end(self.terminations)
                return
        if ends_turn and not self._next_turn():
            return
        self.agent_selection = self._stage.floor(agent)
        if left:
            self._deads_step_first()

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

    def _happen(self) -> None:
        """Let the turn begin: whoever comes with it is an agent from now on."""
        for agent in self._stage.happen():
            self.agents.insert(self._stage.place(agent, self.agents), agent)
            self.rewards[agent] = self._cumulative_rewards[agent] = 0.0
            self.terminations[agent] = self.truncations[agent] = False
            self.infos[agent] = {}

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
            arrivals=(*world.arrivals, *self._stage.awaited()),
            ledger=tuple(world.ledger),
            turns=world.turn + (1 if world.spoken or world.calls or self.target in world.until else 0),
            repairs=world.repairs,
            state=state,
        )

    def snapshot(self) -> Snapshot:
        """Return this point of the episode: state, ledger, tools and the position of every generator.

        Raises:
            RuntimeError: Before ``reset``.
        """
        if not hasattr(self._stage, "world"):
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
        self._stage.put(snapshot.world, snapshot.people)
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
        other._stage = copy.copy(self._stage)
        del other._stage.world  # which is this one's, and would be closed
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
        self._stage.close()

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
