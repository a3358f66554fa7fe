"""People in a room with others: whom they mean, what they take in, what knowing and authoring change."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.agents.addressing import named_in
from outskirts.agents.lexical import LexicalPlayer
from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.casting import plan_episode
from outskirts.sim.declare import Channel, Concept, Event, Move, Pattern, Phrase, Room
from outskirts.sim.loop import run_episode
from outskirts.sim.seeds import Stream
from outskirts.sim.testing import ScriptedTarget
from outskirts.sim.types import Message, Observation
from tests.conftest import make_person, make_scenario

ROOM = Room(channels=(Channel(), Channel(name="direct", direct=True)))


def move(name: str, text: str, **more: object) -> Move:
    return Move(
        **{
            "name": name,
            "meaning": name,
            "phrases": (Phrase(text=text),),
            "utility": {"bias": 0.0},
            "when": "any",
            "at_most": 99,
            "again": True,
            **more,
        }
    )


def scenario(*moves: Move, **more: object):
    attack = Concept(name="attack", meaning="", patterns=(Pattern(regex=r"\bfool\b"),))
    base = make_scenario(turns=3)
    return base.model_copy(update={"moves": moves, "concepts": (*base.concepts, attack), "room": ROOM, **more})


def play(declared, people: int = 3, information: str = "private", target: str = "Go on."):
    crowd = [make_person(declared, i) for i in range(people)]
    plan = plan_episode(declared, crowd, seed=0, information=information)
    env = ConversationEnv(declared, crowd, information=information, max_cycles=plan.turns)
    return asyncio.run(run_episode(plan, env, ScriptedTarget([target]), LexicalPlayer(declared)))


def said(record, name: str):
    return [m for m, label in zip(record.messages, record.moves, strict=True) if label == name]


def test_a_move_about_anyone_names_another_who_is_there() -> None:
    record = play(scenario(move("greet", "Hello {other}.", about="anyone")))
    assert record.verdict == "passed"
    for message in said(record, "greet"):
        own = f"Ada {message.sender[-1]}"
        assert message.text in {f"Hello Ada {i}." for i in range(3)} - {f"Hello {own}."}


def test_a_move_about_somebody_is_not_possible_alone() -> None:
    record = play(scenario(move("greet", "Hello {other}.", about="anyone"), move("talk", "Well.")), people=1)
    assert said(record, "greet") == []
    assert said(record, "talk")


def test_what_is_for_the_target_alone_goes_by_its_channel() -> None:
    record = play(scenario(move("confide", "Between us.", channel="direct", to="target")))
    assert {(m.channel, m.to) for m in said(record, "confide")} == {("direct", ("target_0",))}


def test_what_is_for_another_alone_is_read_by_that_one() -> None:
    record = play(scenario(move("whisper", "Psst, {other}.", channel="direct", to="other", about="anyone")))
    assert all(m.to == (f"person_{m.text[-2]}",) for m in said(record, "whisper"))


def observation(*lines: tuple[str, str, tuple[str, ...]]) -> Observation:
    messages = tuple(Message(index=i, turn=0, sender=s, text=t, to=to) for i, (s, t, to) in enumerate(lines))
    return Observation(agent="person_0", turn=1, messages=messages, present=("person_0", "person_1", "person_2", "target_0"))


FEATURES = {
    "others:attack": "Others were attacked.",
    "at_me:attack": "I was attacked.",
    "named": "I was named.",
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("person_1", "Ada 2 is a fool.", ()), {"others:attack"}),
        (("person_1", "Ada 0 is a fool.", ()), {"others:attack", "at_me:attack", "named"}),
        (("person_1", "You fool.", ("person_0",)), {"others:attack", "at_me:attack", "named"}),
        (("target_0", "Ada 0 is a fool.", ()), set()),
    ],
)
def test_what_the_others_say_makes_moves_more_useful(line, expected) -> None:
    declared = scenario(
        *(move(text, text, utility={feature: 50.0}) for feature, text in FEATURES.items()),
        move("nothing", "Nothing.", utility={"bias": 20.0}),
    )
    crowd = [make_person(declared, i) for i in range(3)]
    brief = plan_episode(declared, crowd, seed=0).briefs["person_0"]
    chosen = set()
    for seed in range(40):
        actor = LexicalPlayer(declared).begin(brief, Stream(seed))
        chosen.add(asyncio.run(actor.act(observation(line))).text)
    assert chosen == ({FEATURES[f] for f in expected} or {"Nothing."})


def test_a_pile_on_is_about_whom_somebody_else_named() -> None:
    declared = scenario(move("join", "Yes, {other}!", about="named"))
    crowd = [make_person(declared, i) for i in range(3)]
    brief = plan_episode(declared, crowd, seed=0).briefs["person_0"]
    actor = LexicalPlayer(declared).begin(brief, Stream(0))
    assert asyncio.run(actor.act(observation(("person_1", "Ada 2 is a fool.", ())))).text == "Yes, Ada 2!"


KNOWING = (
    move("tell_on", "{other}: {content}", about="known", of="secret", utility={"bias": 5.0}),
    move("talk", "Well."),
)


@pytest.mark.parametrize("information", ["private", "shared", "script"])
def test_what_others_hide_is_spoken_of_only_where_the_regime_lets_one_know_it(information) -> None:
    record = play(scenario(*KNOWING), information=information)
    assert record.fault is None
    assert bool(said(record, "tell_on")) == (information != "private")
    if information != "private":
        told = {(e.fact, e.knower) for e in record.ledger}
        assert told == {(f"p{i:04d}/secret", "target_0") for i in range(3)}


@pytest.mark.parametrize(("information", "authored"), [("private", False), ("shared", False), ("script", True)])
def test_only_an_author_does_what_is_planted_for_authors(information, authored) -> None:
    moves = (move("agree", "We all agree.", utility={"authored": 50.0}), move("argue", "No.", utility={"bias": 25.0}))
    record = play(scenario(*moves), information=information)
    assert (len(said(record, "agree")) > 0) == authored


def test_a_fact_that_changed_can_be_told_anew() -> None:
    told = move("tell", "{content}", tells="secret", utility={"bias": 50.0})
    room = Room(events=(Event(turn=1, seat=0, kind="secret", content="It is gone now."),))
    record = play(scenario(told, move("talk", "Well."), room=room), people=1)
    assert [m.text for m in said(record, "tell")] == ["I keep a green kite in the cellar.", "It is gone now."]
    assert [e.fact for e in record.ledger] == ["p0000/secret", "p0000/secret@1"]


def test_a_fork_goes_on_as_the_original_would_and_leaves_it_alone() -> None:
    declared = make_scenario()
    brief = plan_episode(declared, [make_person(declared)], seed=0).briefs["person_0"]
    actor, other = (LexicalPlayer(declared).begin(brief, Stream(3)) for _ in range(2))

    def act(one, turn: int) -> str:
        messages = tuple(Message(index=i, turn=i, sender="target_0", text=f"Hm {i}.") for i in range(turn))
        return asyncio.run(one.act(Observation(agent="person_0", turn=turn, messages=messages))).text

    assert act(actor, 0) == act(other, 0)
    stream = Stream(3)
    stream.generator.bit_generator.state = actor._stream.generator.bit_generator.state
    fork = actor.fork(stream)
    assert [act(fork, t) for t in (1, 2)] == [act(other, t) for t in (1, 2)]


CAKE = "There was cake at work and I cried."


def cakes(people: int, again: bool):
    """Declare one move with two phrases, of which another person has said one."""
    declared = scenario(
        Move(
            name="tell",
            meaning="",
            phrases=(Phrase(text=CAKE), Phrase(text="I dug the whole garden.")),
            utility={"bias": 0.0},
            when="any",
            again=again,
        )
    )
    brief = plan_episode(declared, [make_person(declared, i) for i in range(people)], seed=0).briefs["person_0"]
    said_by = "person_1" if people > 1 else "target_0"
    seen = observation((said_by, f"Well. {CAKE.lower()}", ()))
    actors = [LexicalPlayer(declared).begin(brief, Stream(seed)) for seed in range(20)]
    return actors, seen


@pytest.mark.parametrize(("people", "again", "told"), [(3, False, 1), (3, True, 2), (1, False, 2)])
def test_what_another_person_told_is_not_told_as_ones_own(people, again, told) -> None:
    actors, seen = cakes(people, again)
    assert len({asyncio.run(actor.act(seen)).text for actor in actors}) == told


def test_a_fork_has_heard_what_the_others_told() -> None:
    (actor, *_), seen = cakes(3, False)
    fork = actor.fork(Stream(1))
    assert asyncio.run(actor.act(seen)).text != CAKE
    assert fork._company.echoed == frozenset()
    assert actor.fork(Stream(1))._company.echoed == {CAKE}


def test_a_move_may_depend_on_what_one_did_before() -> None:
    declared = scenario(move("withdraw", "I'll listen.", utility={"bias": 50.0, "did:withdraw": -99.0}), move("talk", "Well."))
    record = play(declared, people=1)
    assert len(said(record, "withdraw")) == 1
    assert said(record, "talk")
    parts = {name: getattr(declared, name) for name in type(declared).model_fields}
    unknown = move("rest", "Hm.", utility={"did:sleep": 1.0})
    with pytest.raises(ValueError, match="move rest: 'sleep' is not declared"):
        type(declared)(**{**parts, "moves": (unknown,)})


def test_names_are_whole_words() -> None:
    assert named_in("Adam, not Ada.", {"a": "Ada", "b": "Adam", "c": "Da"}) == ["a", "b"]


def test_a_name_that_ends_in_an_initial_is_found_before_a_blank() -> None:
    assert named_in("Well, Ada B. said so.", {"a": "Ada B.", "b": "Ada C."}) == ["a"]
