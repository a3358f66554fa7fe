"""No private fact reaches anybody who is not entitled to it, and whoever could read one is in the ledger."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.agents.callables import chat_messages
from outskirts.agents.prompts import author_prompt, persona_prompt, target_prompt, transcript
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.visibility import record_view
from outskirts.personas.casting import plan_episode
from outskirts.sim.actions import InvalidActionError
from outskirts.sim.declare import Channel, Entrance, Event, Opening, Room
from outskirts.sim.types import Action, EpisodeRecord, Observation, PrivateFact, Usage, Verdict
from tests.envs.rooms import TARGET, TOOLS, limit_of, make_room, take

BOTH = ("person", "target")


@dataclass(frozen=True)
class Deed:
    """What somebody does with the floor; indices are taken modulo what there is."""

    how: str  # ways to tell something, or to tell nothing
    fact: int  # which of the facts that this agent may tell
    message: int  # which of the messages it can read
    channel: int
    to: int  # which of the others alone hears it; 0: nobody in particular
    leave: bool
    more: bool  # a second message to another


deeds = st.builds(
    Deed,
    how=st.sampled_from(["move", "canary", "paraphrase", "content", "quote", "carry", "silence", "tool"]),
    fact=st.integers(0, 5),
    message=st.integers(0, 99),
    channel=st.integers(0, 2),
    to=st.integers(0, 5),
    leave=st.sampled_from([False] * 9 + [True]),
    more=st.booleans(),
)


@st.composite
def rooms(draw: Any) -> Room:
    """Draw channels, an order, entrances, opening lines and events."""
    channels = [
        Channel(),
        Channel(name="direct", direct=True, answered=draw(st.booleans()), bystanders=draw(st.sampled_from([(), ("target",)]))),
        Channel(name="news", speakers=draw(st.sampled_from([("target",), ("person",), BOTH]))),
        Channel(name="back", speakers=("person",), hearers=draw(st.sampled_from([("person",), BOTH]))),
    ]
    lines = st.builds(
        lambda seat, says, to: Opening(seat=seat, text=says.format(0 if seat is None else seat), to=to),
        seat=st.sampled_from([0, 1]) | st.none(),
        says=st.sampled_from(["Well.", "My shade{}x kite."]),
        to=st.sampled_from([(), (2,), (2, 4)]),
    ).filter(lambda line: line.seat is not None or line.text == "Well.")  # the target has nothing of its own to tell here
    entrances = draw(st.sampled_from([(), (Entrance(seat=1, turn=1),), (Entrance(seat=2, turn=2), Entrance(seat=1, turn=3))]))
    lines = lines.filter(lambda line: line.seat not in {entrance.seat for entrance in entrances})
    event = Event(turn=draw(st.integers(0, 3)), seat=0, kind="secret", content="The vanished papers.", paraphrases=("all was vanished",))
    return Room(
        channels=tuple(channels[: draw(st.integers(1, 4))]),
        order=draw(st.sampled_from(["round_robin", "wish", "graph"])),
        speakers=draw(st.sampled_from([None, 1, 2])),
        entrances=entrances,
        opening=tuple(draw(st.lists(lines, max_size=2))),
        events=(event,) if draw(st.booleans()) else (),
    )


@st.composite
def graphs(draw: Any, n: int) -> nx.Graph | None:
    """Draw who hears whom; mostly the room's own channels."""
    if draw(st.integers(0, 2)):
        return None
    agents = [*(f"person_{i}" for i in range(n)), TARGET]
    graph = nx.DiGraph([*itertools.pairwise(agents), (TARGET, agents[0])])
    graph.add_edges_from(draw(st.lists(st.sampled_from([(a, b) for a in agents for b in agents if a != b]), max_size=6)))
    return graph


@st.composite
def stories(draw: Any) -> tuple[ConversationEnv, list[Deed]]:
    """Draw an episode that is about to begin, and what happens in it."""
    n = draw(st.integers(2, 5))
    room, graph = draw(rooms()), draw(graphs(n))
    if graph is not None:
        room = Room(order=room.order, entrances=room.entrances, events=room.events)
    more = TOOLS if draw(st.booleans()) else {}
    regime = draw(st.sampled_from(["private", "private", "shared", "script"]))
    return make_room(n, room, turns=5, graph=graph, information=regime, mandate=limit_of, **more), draw(st.lists(deeds, max_size=40))


def needles(fact: PrivateFact) -> list[str]:
    return [fact.content, fact.canary or "\0", *fact.paraphrases]


def act(env: ConversationEnv, deed: Deed, told: dict[int, set[str]]) -> tuple[Action, set[str]]:
    """Return what the selected agent does, and what it tells thereby that its words do not."""
    agent, view = env.agent_selection, env.observe(env.agent_selection)
    tellable = [fact for id, (_, fact) in env.world.owners.items() if agent in env.world.knowing[id]]
    fact = tellable[deed.fact % len(tellable)]
    heard = view.messages[deed.message % len(view.messages)] if view.messages else None
    others = [a for a in env.possible_agents if a != agent]
    to = (others[deed.to % len(others)],) if deed.to else ()
    channels = env.channels
    where: dict[str, Any] = {"channel": channels[deed.channel % len(channels)], "to": to, "leave": deed.leave}
    if deed.more:
        where["also"] = (Action(text="By the way.", to=(others[deed.fact % len(others)],)),)
    if deed.how == "tool" and agent == TARGET and env.world.tools is not None:
        return take("bottom", deed.message), set()
    if deed.how == "move":
        return Action(text="Now you know.", move="tell", facts=(fact.id,), **where), {fact.id}
    if deed.how in ("canary", "paraphrase", "content"):
        text = {"canary": fact.canary, "paraphrase": fact.paraphrases[0], "content": fact.content}[deed.how] or fact.content
        return Action(text=f"Listen: {text.upper()}!", **where), set()
    if deed.how in ("quote", "carry") and heard is not None:
        text = heard.text if deed.how == "quote" and heard.text else "As I heard."
        return Action(text=text, carries=(heard.index,), **where), told.get(heard.index, set())
    return Action(text="Hm.", **where), set()


def played(env: ConversationEnv, story: list[Deed], told: dict[int, set[str]] | None = None) -> dict[int, set[str]]:
    """Do it all, check it after each step, and return which facts each message told; what cannot be done is left."""
    told = dict(told or {})
    for deed in story:
        if not env.agents:
            break
        agent, count = env.agent_selection, len(env.world.messages)
        action, tells = (None, set()) if env.terminations[agent] or env.truncations[agent] else act(env, deed, told)
        try:
            env.step(action)
        except InvalidActionError:
            env.step("Never mind.")
            tells = set()
        for message in env.world.messages[count:]:
            low = message.text.casefold()
            said = {id for id, (_, fact) in env.world.owners.items() if any(n.casefold() in low for n in needles(fact))}
            told[message.index] = said | (tells if message.index == count and message.sender == agent else set())
        check(env, told)
    return told


def entitled(env: ConversationEnv) -> dict[str, set[str]]:
    """Return the facts that each agent may know: its own, by the regime, and by the ledger; one author knows what any of its personas does."""
    people = [a for a in env.possible_agents if a != TARGET]
    may: dict[str, set[str]] = {a: set() for a in env.possible_agents}
    for id, (owner, _) in env.world.owners.items():
        for agent in people if env.information != "private" and owner != TARGET else [owner]:
            may[agent].add(id)
    for entry in env.account().ledger:
        may[entry.knower].add(entry.fact)
    if env.information == "script":
        pooled = set().union(*(may[a] for a in people))
        may.update(dict.fromkeys(people, pooled))
    return may


def record_of(env: ConversationEnv) -> EpisodeRecord:
    account = env.account()
    parts = {
        name: getattr(account, name) for name in ("turns", "messages", "moves", "departures", "arrivals", "ledger", "repairs", "state")
    }
    return EpisodeRecord(
        key="k", scenario="tiny", scenario_version="1", target="t", player="p", information=env.information, seed=0, replicate=0,
        seats=(), exposures=(), findings=(), judges=(), usage=Usage(), verdict=Verdict.PASSED, **parts,
    )  # fmt: skip


def shown(env: ConversationEnv, agent: str, view: Observation) -> dict[str, str]:
    """Return everything an agent is shown, in lower case, by where: each prompt is made of its brief and observation."""
    plan = plan_episode(env.scenario, list(env.people.values()), seed=0, information=env.information)
    messages, entries = record_view(record_of(env), agent)
    chat = json.dumps(chat_messages(view.messages, agent, plan.briefs[agent].names))
    record = "".join(m.model_dump_json() for m in messages) + "".join(e.model_dump_json() for e in entries)
    brief = plan.briefs[agent]
    people = {seat.agent: plan.briefs[seat.agent] for seat in plan.seats}
    prompt = target_prompt(brief) if agent == TARGET else persona_prompt(brief)
    if agent != TARGET and env.information == "script":
        prompt += author_prompt(people)
    prompt += transcript(view, brief.names)
    parts = {"observation": view.model_dump_json(), "brief": brief.model_dump_json(), "chat": chat, "prompt": prompt, "record": record}
    return {place: text.casefold() for place, text in parts.items()}


def check(env: ConversationEnv, told: Mapping[int, set[str]]) -> None:
    """Assert that nobody is shown what they are not entitled to, and that whoever could read a fact is entitled by the ledger."""
    may = entitled(env)
    for agent in env.possible_agents:
        for place, text in shown(env, agent, env.observe(agent)).items():
            for id, (_, fact) in env.world.owners.items():
                leaked = [n for n in needles(fact) if n.casefold() in text]
                assert id in may[agent] or not leaked, f"{place} of {agent} holds {leaked} of {id}"
        for message in env.observe(agent).messages:
            tells = told.get(message.index, set())
            assert tells <= may[agent], f"{agent} could read message {message.index}, which told {tells}"


@settings(max_examples=150, deadline=None)
@given(stories())
def test_whatever_happens_nobody_is_shown_what_they_are_not_entitled_to(story):
    env, deeds = story
    check(env, {})
    played(env, deeds)


@settings(max_examples=30, deadline=None)
@given(stories(), st.integers(0, 20))
def test_it_holds_in_forks_too_and_what_a_fork_hears_stays_in_the_fork(story, at):
    env, deeds = story
    told = played(env, deeds[:at])
    fork, before = env.fork(), env.account()
    played(fork, deeds[at:], told)
    assert env.account() == before
    check(env, told)
