"""Who gets the floor next."""

from __future__ import annotations

import networkx as nx

from outskirts.sim.declare import Room
from outskirts.sim.types import Action
from tests.envs.rooms import TARGET, make_room, order_of, say

PEOPLE = ["person_0", "person_1", "person_2"]


def test_round_robin_goes_by_seats_and_then_to_the_target():
    assert order_of(make_room(), 8) == [*PEOPLE, TARGET] * 2


def test_with_fewer_speakers_a_turn_the_rest_listen():
    assert order_of(make_room(room=Room(speakers=2)), 6) == ["person_0", "person_1", TARGET] * 2


def test_by_wish_who_wants_most_speaks_first():
    env = make_room(room=Room(order="wish"))
    say(env, *(Action(text="x", wish=wish) for wish in (0.1, 0.9, 0.4)), "I see.")
    assert order_of(env, 4) == ["person_1", "person_2", "person_0", TARGET]


def test_by_wish_who_was_silent_longest_goes_before_those_who_want_it_as_much():
    assert order_of(make_room(room=Room(order="wish", speakers=1)), 8) == [
        "person_0",
        TARGET,
        "person_1",
        TARGET,
        "person_2",
        TARGET,
        "person_0",
        TARGET,
    ]


def test_by_graph_a_neighbour_of_the_last_speaker_goes_next():
    graph = nx.Graph([("person_0", "person_2"), ("person_2", "person_1"), ("person_1", TARGET)])
    assert order_of(make_room(room=Room(order="graph"), graph=graph), 4) == ["person_0", "person_2", "person_1", TARGET]


def test_by_graph_where_no_neighbour_waits_who_was_silent_longest_goes_next():
    graph = nx.Graph([("person_0", TARGET), ("person_1", TARGET), ("person_2", TARGET)])
    assert order_of(make_room(room=Room(order="graph", speakers=1), graph=graph), 6) == [
        "person_0",
        TARGET,
        "person_1",
        TARGET,
        "person_2",
        TARGET,
    ]


def test_who_has_left_gets_no_floor():
    env = say(make_room(), Action(text="Bye.", leave=True), None)
    assert order_of(env, 5) == ["person_1", "person_2", TARGET, "person_1", "person_2"]
