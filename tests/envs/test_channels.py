"""Who hears whom: kinds of channels, bad graphs, and messages that cannot be sent."""

from __future__ import annotations

import networkx as nx
import pytest
from pettingzoo.test import api_test, parallel_api_test

from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.parallel import ParallelConversationEnv
from outskirts.sim.actions import MAX_CHARS, InvalidActionError
from outskirts.sim.declare import Channel, Opening, Room
from outskirts.sim.errors import InputError
from outskirts.sim.types import Action
from tests.conftest import make_scenario
from tests.envs.rooms import TARGET, WHISPERS, make_room, people_of, say, texts

EVERYBODY = ("person_0", "person_1", "person_2", TARGET)


def graph_of(channel: str = "group", speakers=EVERYBODY, hearers=EVERYBODY, bystanders=(), name: str = "main") -> nx.DiGraph:
    """Return a graph with one channel."""
    graph = nx.DiGraph()
    graph.add_nodes_from(EVERYBODY)
    graph.add_node(name, channel=channel)
    graph.add_edges_from((agent, name) for agent in speakers)
    graph.add_edges_from((name, agent) for agent in hearers)
    graph.add_edges_from(((name, agent) for agent in bystanders), bystander=True)
    return graph


def hearers(env: ConversationEnv, text: str = "hear me") -> set[str]:
    return {agent for agent in env.possible_agents if text in texts(env, agent)}


def test_everybody_hears_what_is_said_in_a_group():
    assert hearers(say(make_room(graph=graph_of()), "hear me")) == set(EVERYBODY)


def test_on_a_direct_channel_only_those_hear_it_whom_it_is_for():
    env = say(make_room(graph=graph_of("direct", name="aside")), Action(text="hear me", channel="aside", to=("person_2",)))
    assert hearers(env) == {"person_0", "person_2"}


def test_on_a_broadcast_everybody_hears_the_one_who_may_speak():
    env = make_room(graph=graph_of(speakers=[TARGET]))
    assert env.agent_selection == TARGET
    assert hearers(say(env, "hear me")) == set(EVERYBODY)


def test_a_bystander_hears_and_never_gets_the_floor():
    env = make_room(graph=graph_of(speakers=("person_0", "person_2", TARGET)))
    said = [env.agent_selection for _ in range(6) if say(env, "hear me")]
    assert "person_1" not in said
    assert len(texts(env, "person_1")) == 6


def test_a_bystander_of_a_direct_channel_reads_along():
    graph = graph_of("direct", speakers=("person_0", TARGET), hearers=("person_0", TARGET), bystanders=["person_2"], name="aside")
    graph.add_node("main", channel="group")
    graph.add_edges_from([*((a, "main") for a in EVERYBODY), *(("main", a) for a in EVERYBODY)])
    env = say(make_room(graph=graph), Action(text="hear me", channel="aside", to=(TARGET,)))
    assert hearers(env) == {"person_0", "person_2", TARGET}


def test_in_a_graph_of_agents_the_neighbours_hear():
    env = make_room(graph=nx.path_graph(EVERYBODY))
    assert hearers(say(env, "hear me")) == {"person_0", "person_1"}


def test_in_a_directed_graph_of_agents_the_successors_hear():
    graph = nx.DiGraph([("person_0", "person_1"), ("person_1", TARGET), (TARGET, "person_2")])
    env = make_room(graph=graph)
    assert hearers(say(env, "hear me")) == {"person_0", "person_1"}
    assert env.agent_selection == "person_1"
    assert say(env, "then me").agent_selection == TARGET  # nobody hears person_2, so it has no floor


def test_what_nobody_else_hears_reaches_nobody_else():
    graph = graph_of(hearers=(TARGET,))
    env = say(make_room(graph=graph), "a", "b", "c", "hear me")
    assert hearers(env) == {TARGET}


def test_a_plain_text_goes_where_the_agent_may_speak():
    table = Channel(name="table", speakers=("person",))
    note = Channel(name="note", direct=True)
    env = say(make_room(room=Room(channels=(note, table))), "to the table", "and I", "and I", "a note to all")
    assert [(m.channel, m.to) for m in env.account().messages[2:]] == [("table", ()), ("note", ("person_0", "person_1", "person_2"))]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("room", [WHISPERS, Room(channels=(Channel(name="note", direct=True),)), Room(order="wish", speakers=1)])
def test_pettingzoos_own_tests_pass_with_any_channels(room):
    scenario = make_scenario().model_copy(update={"room": room})
    api_test(ConversationEnv(scenario, people_of(scenario, 3)), num_cycles=20)
    parallel_api_test(ParallelConversationEnv(ConversationEnv(scenario, people_of(scenario, 3))), num_cycles=20)


def _with(*edges, **nodes):
    graph = graph_of(name="main")
    for node, kind in nodes.items():
        graph.add_node(node, channel=kind)
    graph.add_edges_from(edges)
    return graph


@pytest.mark.parametrize(
    ("graph", "says"),
    [
        (nx.path_graph((*EVERYBODY, "person_9")), "expected agents of this episode .*, got 'person_9'"),
        (graph_of(speakers=EVERYBODY[1:], hearers=EVERYBODY[1:]), "expected an edge for each agent.*, got 'person_0 isolated'"),
        (nx.path_graph(EVERYBODY[1:]), "expected an edge for each agent.*, got 'person_0 isolated'"),
        (_with(("person_1", "person_1")), "expected no self-loops, got 'person_1 with an edge to itself'"),
        (_with(("main", "main")), "expected no self-loops, got 'main with an edge to itself'"),
        (_with(aside="whisper"), "expected 'group' or 'direct' as the attribute 'channel' of a node, got 'whisper'"),
        (_with(("person_0", "person_1")), "expected edges between agents and channels.*, got 'person_0 with an edge to person_1'"),
        (_with(("person_0", "aside"), aside="direct"), "expected somebody who hears each channel.*, got 'aside that nobody hears'"),
        (_with(("person_0", "tools"), ("tools", TARGET), tools="group"), "expected channels with names of their own"),
        (graph_of(speakers=EVERYBODY[:3]), "expected a target that may speak.*, got 'target_0 that only hears'"),
        ({"person_0": [TARGET]}, "expected a networkx graph, got 'dict'"),
    ],
)
def test_a_bad_graph_is_refused(graph, says):
    with pytest.raises(InputError, match=f"^graph: {says}"):
        make_room(graph=graph)


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (Action(text="x", channel="attic"), "expected one of the channels main, direct, got 'attic'"),
        (Action(text="x", channel="direct"), "expected in 'to' whom it is for, on the channel 'direct', got nobody"),
        (Action(text="x", channel="direct", to=("person_0",)), "expected other agents of this episode in 'to', got 'person_0'"),
        (Action(text="x", channel="direct", to=("person_9",)), "expected other agents of this episode in 'to', got 'person_9'"),
        (Action(text="x" * (MAX_CHARS + 1)), "expected at most 20,000 characters, got 20,001"),
        (Action(text="a", also=(Action(text="x" * (MAX_CHARS + 1)),)), "expected at most 20,000 characters, got 20,001"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_and_nothing_of_it_was_said(action, says):
    env = make_room(room=WHISPERS)
    with pytest.raises(InvalidActionError, match=f"^{says}"):
        env.step(action)
    assert env.account().messages == ()
    assert env.agent_selection == "person_0"


def test_speaking_where_one_only_hears_is_refused():
    env = make_room(room=Room(channels=(Channel(), Channel(name="news", speakers=("target",)))))
    with pytest.raises(InvalidActionError, match=r"^expected a channel that person_0 may speak on, got 'news'"):
        env.step(Action(text="x", channel="news"))


def test_writing_to_somebody_who_does_not_hear_the_channel_is_refused():
    env = make_room(room=Room(channels=(Channel(), Channel(name="line", direct=True, hearers=("target",)))))
    with pytest.raises(InvalidActionError, match=r"^expected agents that hear the channel 'line' in 'to', got 'person_1'"):
        env.step(Action(text="x", channel="line", to=("person_1",)))


@pytest.mark.parametrize(
    ("room", "says"),
    [
        ({"channels": (Channel(), Channel())}, "channels: expected at least one, each name once, got"),
        ({"opening": (Opening(seat=0, text="x", channel="attic"),)}, "opening: channel 'attic' is not declared; known: main"),
        ({"opening": (Opening(seat=0, text="x", to=(0,)),)}, "opening: expected others in 'to', got 0, who speaks"),
        (
            {"channels": (Channel(direct=True),), "opening": (Opening(seat=0, text="x"),)},
            "opening: expected in 'to' whom it is for, on the direct channel 'main'",
        ),
    ],
)
def test_a_room_whose_parts_do_not_fit_is_refused(room, says):
    with pytest.raises(ValueError, match=says):
        Room(**room)


def test_a_room_for_roles_that_the_scenario_does_not_have_is_refused():
    scenario = make_scenario()
    with pytest.raises(InputError, match=r"^room: expected one for scenario tiny, got .*'guard' is not declared; known: person, target"):
        ConversationEnv(scenario, room=Room(channels=(Channel(speakers=("guard",)),)))
