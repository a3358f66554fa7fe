"""The conversation environment: people and one target take turns to speak (PettingZoo AEC and parallel)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pettingzoo import AECEnv, ParallelEnv

from ..personas.persona import Persona
from ..personas.population import draw_person
from ..personas.scenario import Scenario
from ..sim.actions import InvalidActionError, as_action, as_text
from ..sim.errors import InputError
from ..sim.seeds import check_seed, derive, new_seed
from ..sim.types import Account, Action, Departure, LedgerEntry, Message, Observation, PrivateFact, Regime
from . import visibility
from .spaces import Utterance, View

_JUST_TALK = Action(text="")  # what else a plain string does: nothing


class ConversationEnv(AECEnv[str, Observation, Action | str]):  # type: ignore[misc]
    """One episode: in every turn each person says something, then the target replies.

    Lifecycle: ``reset`` first; then ``step`` for ``agent_selection`` until ``agents`` is empty. An agent that has
    terminated or was truncated takes one ``step(None)``, as PettingZoo asks. A person leaves by an action with
    ``leave=True``; when the last one has left, or the target leaves, all terminate. After ``max_cycles`` turns all
    are truncated. Rewards are 0, or at the end the scenario's declared payoff for the target.

    The environment is synchronous, draws nothing at random once people are given, and is the only writer of the
    ledger. It can be reset and used again.

    Args:
        scenario: The declared domain.
        people: Who takes part. None: at each reset one person is drawn from the reference density.
        information: Information regime.
        max_cycles: Turns at most; the scenario's own number if None.
        render_mode: ``ansi`` makes ``render`` return the transcript.

    Attributes:
        np_random_seed: The seed that decides who comes: the last one given to ``reset``, or the one that was drawn
            from the operating system because the first ``reset`` had none. None before, and where people were given.

    Raises:
        InputError: If the number of people or of turns does not fit the scenario.
        InvalidActionError: From ``step``, if an action is no usable text or tells a fact that is not the speaker's.
    """

    def __init__(
        self,
        scenario: Scenario,
        people: Sequence[Persona] | None = None,
        *,
        information: Regime = "private",
        max_cycles: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        super().__init__()
        role = next(r for r in scenario.roles if r.acts == "persona")
        count = role.at_least if people is None else len(people)
        if not role.at_least <= count <= role.at_most:
            raise InputError("people", f"{role.at_least} to {role.at_most} people for scenario {scenario.name}", count)
        self.scenario = scenario
        self.information: Regime = information
        self.max_cycles = scenario.turns if max_cycles is None else max_cycles
        if self.max_cycles < 1:
            raise InputError("max_cycles", "at least 1 turn", max_cycles)
        self.render_mode = render_mode
        self.metadata = {"name": f"{scenario.name}_v0", "render_modes": ["ansi"], "is_parallelizable": True}
        self._given = tuple(people) if people is not None else None
        self._speakers = [scenario.agent("persona", i) for i in range(count)]
        self.target = scenario.agent("target")
        self.possible_agents = [*self._speakers, self.target]
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
        self.people: dict[str, Persona] = dict(zip(self._speakers, people, strict=True))
        own: dict[str, Sequence[PrivateFact]] = {agent: person.facts for agent, person in self.people.items()}
        self._facts = {a: visibility.entitled(own, a, self.target, self.information) for a in self.possible_agents}
        self._owners = {fact.id: (agent, fact) for agent, facts in own.items() for fact in facts}
        shared = self._speakers if self.information != "private" else ()
        self._knowing: dict[str, set[str]] = {known: {agent, *shared} for known, (agent, _) in self._owners.items()}
        self._canaries = [(f.canary.casefold(), f.id) for _, f in self._owners.values() if f.canary]
        self._messages: list[Message] = []
        self._moves: list[str] = []
        self._departures: list[Departure] = []
        self._ledger: list[LedgerEntry] = []
        self._turn = 0
        self._repairs = 0
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in self.agents}
        self._skip_agent_selection: str | None = None
        self.agent_selection = self.agents[0]

    def _draw_people(self, seed: int | None) -> tuple[Persona, ...]:
        """Draw one person a seat from the reference density."""
        if seed is not None or not self._draws:
            self.np_random_seed = new_seed() if seed is None else seed
            self._draws = [derive(self.np_random_seed, "person", i) for i in range(len(self._speakers))]
        return tuple(draw_person(self.scenario, draws, number=i) for i, draws in enumerate(self._draws))

    def observe(self, agent: str) -> Observation:
        """Return what ``agent`` may know now."""
        return visibility.view(agent, self._turn, self._messages, self._facts[agent])

    def step(self, action: Action | str | None) -> None:
        """Let the selected agent speak, and perhaps leave."""
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
            if said.facts or said.to:
                self._check_facts(agent, said)
        self._repairs += repairs
        self._cumulative_rewards[agent] = 0.0
        message = Message(index=len(self._messages), turn=self._turn, sender=agent, text=text, channel=said.channel, to=said.to)
        self._messages.append(message)
        self._moves.append(said.move)
        if self._owners:
            self._enter_ledger(message, said)
        if said.leave:
            self._departures.append(Departure(agent=agent, turn=self._turn, message=message.index))
        self._advance(agent, said.leave)

    def _check_facts(self, agent: str, said: Action) -> None:
        for fact in said.facts:
            if fact not in self._owners or agent not in self._knowing[fact]:
                raise InvalidActionError(f"expected facts that {agent} knows, got {fact!r}")
        for other in said.to:
            if other not in self.possible_agents or other == agent:
                raise InvalidActionError(f"expected other agents of this episode in 'to', got {other!r}")

    def _enter_ledger(self, message: Message, said: Action) -> None:
        """Note who learns which fact through this message: by the speaker's own account, else by its canary."""
        told = dict.fromkeys(said.facts, "move")
        text = message.text.casefold()
        for canary, fact_id in self._canaries:
            if canary in text:
                told.setdefault(fact_id, "canary")
        for fact_id, known_by in told.items():
            owner, fact = self._owners[fact_id]
            for knower in visibility.learners(fact, owner, message, self.agents, self._knowing[fact_id]):
                self._knowing[fact_id].add(knower)
                self._ledger.append(
                    LedgerEntry(
                        fact=fact_id,
                        owner=self.people[owner].id,
                        knower=knower,
                        turn=message.turn,
                        message=message.index,
                        known_by="move" if known_by == "move" else "canary",
                        how=said.move if known_by == "move" else "",
                    )
                )

    def _advance(self, agent: str, left: bool) -> None:
        """Give the word to the next who is still there; end the turn after the target, the episode after the last turn."""
        if left:
            self.terminations[agent] = True
            if agent == self.target or all(self.terminations.get(a, True) for a in self._speakers):
                self._end(self.terminations)
                return
        if agent == self.target:
            self._turn += 1
            if self._turn >= self.max_cycles:
                self._end(self.truncations)
                return
        order = self.agents
        self.agent_selection = order[(order.index(agent) + 1) % len(order)]
        if left:
            self._deads_step_first()

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
        return Account(
            messages=tuple(self._messages),
            moves=tuple(self._moves),
            departures=tuple(self._departures),
            ledger=tuple(self._ledger),
            turns=self._turn + (1 if self._messages and self._messages[-1].sender != self.target else 0),
            repairs=self._repairs,
        )

    def render(self) -> str | None:
        """Return the transcript so far in render mode ``ansi``, else None."""
        if self.render_mode != "ansi":
            return None
        return "\n".join(f"{m.sender}: {m.text}" for m in self._messages)

    def close(self) -> None:
        """Nothing to release."""

    def __str__(self) -> str:
        return str(self.metadata["name"])


class ParallelConversationEnv(ParallelEnv[str, Observation, Action | str]):  # type: ignore[misc]
    """The same episodes with everybody acting at once.

    One step is one turn: everybody chooses from what was said before it, then the actions happen in the order of
    the agents, through the very transition of :class:`ConversationEnv`. When the last person leaves, what the
    target would have said in that turn is not heard.

    Args:
        raw: The environment to view; it must not be stepped by anyone else.
    """

    def __init__(self, raw: ConversationEnv) -> None:
        self.raw = raw
        self.metadata = raw.metadata
        self.render_mode = raw.render_mode
        self.possible_agents = list(raw.possible_agents)
        self.agents: list[str] = []

    @property
    def max_cycles(self) -> int:
        """Turns at most; takes effect at the next reset."""
        return self.raw.max_cycles

    @max_cycles.setter
    def max_cycles(self, value: int) -> None:
        self.raw.max_cycles = value

    def observation_space(self, agent: str) -> View:
        """Return the space of what ``agent`` may be shown."""
        return self.raw.observation_space(agent)

    def action_space(self, agent: str) -> Utterance:
        """Return the space of what ``agent`` may say."""
        return self.raw.action_space(agent)

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        """Start an episode and return what everybody sees, and empty infos; as :meth:`ConversationEnv.reset`."""
        self.raw.reset(seed=seed, options=options)
        self.agents = list(self.raw.agents)
        return {a: self.raw.observe(a) for a in self.agents}, {a: {} for a in self.agents}

    def step(
        self, actions: Mapping[str, Action | str]
    ) -> tuple[dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Let everybody act once.

        Raises:
            InputError: If an action is missing for someone present, or given for someone who is not.
        """
        raw = self.raw
        if set(actions) != set(self.agents):
            raise InputError("actions", f"one for each of {self.agents}", sorted(actions))
        acted, ended = self.agents, dict.fromkeys(self.agents, (False, False))
        rewards = dict.fromkeys(acted, 0.0)
        for agent in acted:
            if agent in raw.agents and agent == raw.agent_selection:
                raw.step(actions[agent])
            while raw.agents and (raw.terminations[raw.agent_selection] or raw.truncations[raw.agent_selection]):
                dead = raw.agent_selection
                ended[dead] = (raw.terminations[dead], raw.truncations[dead])
                rewards[dead] = raw.rewards[dead]
                raw.step(None)
        self.agents = list(raw.agents)
        return (
            {a: raw.observe(a) for a in acted},
            rewards,
            {a: ended[a][0] for a in acted},
            {a: ended[a][1] for a in acted},
            {a: {} for a in acted},
        )

    def render(self) -> str | None:
        """Return the transcript so far in render mode ``ansi``, else None."""
        return self.raw.render()

    def close(self) -> None:
        """Nothing to release."""

    def __str__(self) -> str:
        return str(self.raw)
