"""Rooms: who comes and goes, what was said before, what happens by itself, private answers, and sizes."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.parallel import ParallelConversationEnv
from outskirts.envs.visibility import record_view
from outskirts.personas.casting import plan_episode
from outskirts.sim.actions import InvalidActionError
from outskirts.sim.declare import Entrance, Event, Opening, Room
from outskirts.sim.errors import InputError
from outskirts.sim.loop import run_episode
from outskirts.sim.testing import EnvironmentConformance, ScriptedPlayer, ScriptedTarget
from outskirts.sim.types import Action
from tests.conftest import make_scenario
from tests.envs.rooms import ASKED, TARGET, WHISPERS, finish, known, make_room, order_of, people_of, say, texts

LATE = Room(entrances=(Entrance(seat=1, turn=1),))


class TestRoomWithEverything(EnvironmentConformance):
    def make(self):
        room = Room(channels=ASKED.channels, order="wish", speakers=2, entrances=LATE.entrances, events=(event(1),))
        return make_room(room=room)


def event(turn: int, **more) -> Event:
    return Event(turn=turn, seat=0, kind="secret", content="The papers are gone.", paraphrases=("nothing is left there",), **more)


def test_who_comes_late_gets_the_floor_from_then_on_and_reads_what_is_said_from_then_on():
    env = make_room(2, LATE)
    assert order_of(env, 5) == ["person_0", TARGET, "person_0", "person_1", TARGET]
    assert [m.index for m in env.observe("person_1").messages] == [2, 3, 4]
    assert [(a.agent, a.turn, a.message) for a in env.account().arrivals] == [("person_1", 1, 2)]


def test_who_has_not_come_yet_reads_and_learns_nothing():
    env = say(make_room(2, LATE), "There is a shade0x kite.")
    assert texts(env, "person_1") == []
    assert known(env) == {("p0000/secret", TARGET)}
    assert env.observe(TARGET).present == ("person_0", TARGET)


def test_who_never_came_can_read_nothing_of_the_record():
    account = finish(make_room(2, Room(entrances=(Entrance(seat=1, turn=9),)))).account()
    plan = plan_episode(make_scenario(), people_of(make_scenario(), 2), seed=0)
    assert plan.case(account).readable("person_1") == ()
    assert len(plan.case(account).readable("person_0")) == 8


def test_who_is_expected_comes_at_once_where_nobody_else_is_left():
    env = make_room(2, Room(entrances=(Entrance(seat=1, turn=3),)))
    say(env, Action(text="Bye.", leave=True), None, "Who is there?")
    assert env.agent_selection == "person_1"
    assert env.turn == 1


def test_entrances_that_leave_nobody_at_the_beginning_or_name_a_seat_twice_are_refused():
    with pytest.raises(InputError, match=r"^room\.entrances: expected somebody who is there from the beginning, got '2 of 2 people"):
        make_room(2, Room(entrances=(Entrance(seat=0, turn=1), Entrance(seat=1, turn=1))))
    with pytest.raises(ValueError, match=r"entrances: expected each seat once, got \[1, 1\]"):
        Room(entrances=(Entrance(seat=1, turn=1), Entrance(seat=1, turn=2)))


def test_who_has_left_reads_and_learns_nothing_more():
    env = say(make_room(2), Action(text="Bye.", leave=True), None, "There is a shade1x kite.")
    assert texts(env, "person_0") == ["Bye."]
    assert known(env) == {("p0001/secret", TARGET)}


def test_in_the_parallel_view_too_who_has_left_reads_nothing_more():
    env = ParallelConversationEnv(make_room(2))
    env.reset()
    seen, *_ = env.step({"person_0": Action(text="Bye.", leave=True), "person_1": "Oh.", TARGET: "I see."})
    assert [m.text for m in seen["person_0"].messages] == ["Bye."]


def test_all_end_when_the_last_person_or_the_target_leaves():
    env = say(make_room(2), Action(text="Bye.", leave=True), None, Action(text="", leave=True))
    assert all(env.terminations.values())
    other = say(make_room(2), "a", "b", Action(text="I am done.", leave=True))
    assert all(other.terminations.values())
    assert other.account().turns == 1


def test_an_opening_was_said_before_the_first_turn_and_is_in_the_ledger():
    lines = (Opening(seat=None, text="Welcome, {0} and {1}."), Opening(seat=0, text="My shade0x kite..."))
    env = make_room(2, Room(opening=lines))
    assert texts(env, "person_1") == ["Welcome, Ada 0 and Ada 1.", "My shade0x kite..."]
    assert env.agent_selection == "person_0"
    assert known(env) == {("p0000/secret", "person_1"), ("p0000/secret", TARGET)}


def test_an_opening_for_somebody_who_is_not_there_is_not_for_the_others():
    env = make_room(2, Room(opening=(Opening(seat=0, text="psst", to=(2,)), Opening(seat=3, text="hello"))))
    assert env.account().messages == ()


def test_an_event_changes_a_fact_at_its_turn_and_tells_its_owner_alone():
    env = say(make_room(2, Room(events=(event(1, says="You look: they are gone."),))), "a", "b")
    assert [f.id for f in env.observe("person_0").facts] == ["p0000/secret"]
    say(env, "c")
    assert [(f.id, f.content) for f in env.observe("person_0").facts] == [("p0000/secret@1", "The papers are gone.")]
    assert texts(env, "person_0")[-1] == "You look: they are gone."
    assert texts(env, "person_1") == texts(env, TARGET) == ["a", "b", "c"]


def test_a_fact_that_came_by_an_event_is_told_like_any_other():
    env = say(make_room(2, Room(events=(event(0),))), "Alas, nothing is left there!", Action(text="So.", carries=(1,)))
    assert known(env) == {("p0000/secret@0", "person_1"), ("p0000/secret@0", TARGET)}
    assert env.account().ledger[0].how == "paraphrase"


def test_who_passes_on_what_the_scene_said_tells_the_fact():
    env = say(make_room(1, Room(events=(event(0),))), Action(text="It said so.", carries=(0,)))
    assert known(env) == {("p0000/secret@0", TARGET)}


def test_an_event_for_a_seat_or_a_kind_that_is_not_there_does_nothing_or_is_refused():
    make_room(1, Room(events=(Event(turn=0, seat=3, kind="secret", content="x"),)))
    with pytest.raises(InputError, match=r"^room: .*event: 'dream' is not declared; known: limit, secret"):
        ConversationEnv(make_room(1).scenario, room=Room(events=(Event(turn=0, seat=0, kind="dream", content="x"),)))


def test_several_messages_in_one_turn_go_each_to_whom_it_is_for():
    env = make_room(room=WHISPERS)
    say(env, Action(text="To all.", also=(Action(text="To you.", channel="direct", to=("person_2",)), Action(text="Again to all."))))
    assert texts(env, "person_2") == ["To all.", "To you.", "Again to all."]
    assert texts(env, "person_1") == ["To all.", "Again to all."]
    assert env.agent_selection == "person_1"


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (Action(text="a", also=(Action(text="b"),) * 4), "expected at most 4 messages of one agent in a turn, got 5"),
        (Action(text="a", also=(Action(text="b", leave=True),)), "expected plain messages in 'also'"),
        (Action(text="a", also=(Action(text=" "),)), "expected some text, got an empty string"),
        (Action(text="a", carries=(0,)), "expected in 'carries' messages that person_0 could read, got 0"),
        (Action(text="a", facts=("p0001/secret",)), "expected facts that person_0 knows, got 'p0001/secret'"),
        (7, r"expected text \(a str or an Action\), got int"),
        (None, r"expected text \(a str or an Action\), got NoneType"),
    ],
)
def test_an_action_of_the_wrong_kind_is_refused_and_changes_nothing(action, says):
    env = make_room()
    with pytest.raises(InvalidActionError, match=f"^{says}"):
        env.step(action)
    assert (env.account().messages, env.agent_selection) == ((), "person_0")


def test_nobody_carries_what_was_said_before_they_came_or_to_others():
    env = say(make_room(2, LATE), "There is a shade0x kite.", "I see.", "b")
    with pytest.raises(InvalidActionError, match="messages that person_1 could read, got 0"):
        env.step(Action(text="So I heard.", carries=(0,)))
    other = say(make_room(room=WHISPERS), Action(text="psst", channel="direct", to=(TARGET,)))
    with pytest.raises(InvalidActionError, match="messages that person_1 could read, got 0"):
        other.step(Action(text="So I heard.", carries=(0,)))


def test_what_is_written_to_the_target_where_it_answers_is_answered_at_once_and_in_private():
    env = say(make_room(room=ASKED), Action(text="May I?", channel="direct", to=(TARGET,)))
    assert (env.agent_selection, env.observe(TARGET).private_to) == (TARGET, "person_0")
    say(env, "You may.")
    assert (texts(env, "person_0"), texts(env, "person_1")) == (["May I?", "You may."], [])
    assert order_of(env, 4) == ["person_1", "person_2", TARGET, "person_0"]


def test_it_is_answered_at_once_too_where_more_was_said_in_the_same_turn():
    env = say(make_room(room=ASKED), Action(text="May I?", channel="direct", to=(TARGET,), also=(Action(text="Hello all."),)))
    assert env.agent_selection == TARGET
    assert texts(say(env, "You may."), "person_1") == ["Hello all."]


def test_the_target_may_answer_in_public_what_was_said_in_private():
    env = say(make_room(room=ASKED), Action(text="shade0x kite", channel="direct", to=(TARGET,)))
    say(env, Action(text="Between us.", also=(Action(text="By the way!", carries=(0,)),)))
    assert texts(env, "person_1") == ["By the way!"]
    assert known(env) == {("p0000/secret", agent) for agent in (TARGET, "person_1", "person_2")}


def test_in_the_parallel_view_an_answer_is_given_in_the_next_turn():
    env = ParallelConversationEnv(make_room(2, ASKED))
    env.reset()
    seen, *_ = env.step({"person_0": Action(text="May I?", channel="direct", to=(TARGET,)), "person_1": "Hi.", TARGET: "Welcome."})
    assert [m.text for m in seen[TARGET].messages] == ["May I?", "Hi.", "Welcome."]
    assert [m.text for m in seen["person_1"].messages] == ["Hi.", "Welcome."]


def test_the_authors_personas_know_what_any_of_them_was_told():
    env = make_room(2, WHISPERS, information="script")
    say(env, "a", "b", Action(text="shade0x kite", channel="direct", to=("person_0",)))
    assert "shade0x kite" in texts(env, "person_1")
    say(env, "c", Action(text="So I heard.", carries=(2,)))
    assert known(env) == {("p0000/secret", TARGET)}


def test_nobody_to_talk_to_is_refused_and_one_is_enough():
    with pytest.raises(InputError, match=r"^people: expected 1 to 1000 people for scenario tiny, got 0"):
        make_room(0)
    assert finish(make_room(1)).account().turns == 4


def test_a_person_on_two_seats_is_refused():
    one = people_of(make_scenario(), 1)[0]
    with pytest.raises(InputError, match=r"^people: expected everybody on one seat, got 'p0000 on seats 0 and 1'"):
        ConversationEnv(make_scenario(), [one, one])


def test_a_thousand_people_in_one_room_finish_and_are_recorded():
    env = make_room(1000, WHISPERS, max_cycles=2)
    people = list(env.people.values())
    plan = plan_episode(env.scenario, people, seed=0, turns=2)
    whisper = ScriptedPlayer([Action(text="psst", channel="direct", to=(TARGET,))])
    record = asyncio.run(run_episode(plan, env, ScriptedTarget(["I hear you all."]), whisper))
    assert len(record.messages) == 2002
    assert [len(record_view(record, agent)[0]) for agent in ("person_7", TARGET)] == [4, 2002]


def test_stepping_after_the_end_says_what_to_call():
    with pytest.raises(RuntimeError, match="step: nobody is left to act; call reset before step"):
        finish(make_room()).step("More.")


def test_a_message_for_nobody_who_is_there_is_refused():
    env = make_room(2, WHISPERS)
    env.step(Action(text="Bye.", leave=True))
    env.step(None)
    with pytest.raises(InvalidActionError, match=r"expected somebody in the room in 'to', got person_0, who left or has not come"):
        env.step(Action(text="Psst.", channel="direct", to=("person_0",)))


def test_who_leaves_with_a_private_word_is_not_answered():
    env = make_room(2, ASKED)
    env.step(Action(text="I am off.", channel="direct", to=("target_0",), leave=True))
    env.step(None)
    assert env.agent_selection == "person_1"


@pytest.mark.parametrize(
    ("room", "says"),
    [
        ({"opening": (Opening(seat=0, text="Hello {name}."),)}, r"expected \{0\}, \{1\}, ... for people's names, got \{name\}"),
        ({"opening": (Opening(seat=0, text="Hi."),), "entrances": (Entrance(seat=0, turn=1),)}, r"seat 0, who comes later"),
    ],
)
def test_an_opening_that_cannot_be_said_is_refused(room, says):
    with pytest.raises(ValueError, match=says):
        Room(**room)
