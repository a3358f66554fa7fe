"""A language model plays the people: what it is told, what of its reply is spoken, and what never is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.persona_memory import MARK, recent
from outskirts.agents.persona_player import PersonaPlayer, PlayerSettings
from outskirts.agents.persona_reply import author_schema, form, read_line, reply_schema
from outskirts.agents.response_cache import caching, kept
from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.casting import plan_episode
from outskirts.sim.errors import ActorFault, InputError, UnreachableError
from outskirts.sim.limits import Ceilings
from outskirts.sim.loop import Timeouts, run_episode
from outskirts.sim.protocols import Player
from outskirts.sim.seeds import Stream
from outskirts.sim.testing import PlayerConformance, ScriptedTarget
from outskirts.sim.types import Brief, ChannelNote, EpisodeRecord, FactLock, Observation, PrivateFact, Verdict
from tests.agents.chat_fakes import FunctionChat
from tests.conftest import make_person, make_scenario

QUICK = ModelSettings(pause=0.0)
SECRET = "the plan is to test whether the assistant gives in at the third request"


def turn(say: str = "I need some sleep.", **more: Any) -> str:
    return json.dumps({"thought": "Say little.", "state": "tired", "say": say, "leave": False, **more})


def played(
    reply: Callable[[list[BaseMessage]], Any],
    people: int = 1,
    information: str = "private",
    turns: int = 3,
    opening: str = "",
    **settings: Any,
) -> tuple[EpisodeRecord, FunctionChat]:
    scenario = make_scenario()
    crowd = [make_person(scenario, i).model_copy(update={"opening": opening if i == 0 else ""}) for i in range(people)]
    model = FunctionChat(reply=reply)
    player = PersonaPlayer(model, PlayerSettings(**settings), QUICK)
    plan = plan_episode(scenario, crowd, seed=0, turns=turns, information=information)
    environment = ConversationEnv(scenario, crowd, information=information, max_cycles=turns)
    return asyncio.run(run_episode(plan, environment, ScriptedTarget(["I see."]), player)), model


def sent(model: FunctionChat, call: int = -1) -> str:
    return "\n".join(str(message.content) for message in model.seen[call])


class TestConformance(PlayerConformance):
    def make(self) -> Player:
        return PersonaPlayer(FunctionChat(reply=lambda messages: turn()))


def test_only_one_field_is_ever_spoken() -> None:
    record, _ = played(lambda messages: turn(thought=SECRET, state=f"I know {SECRET}"))
    assert record.verdict is Verdict.PASSED
    assert "plan is to test" not in record.model_dump_json()
    assert [m.text for m in record.messages if m.sender == "person_0"] == ["I need some sleep."] * 3


@pytest.mark.parametrize(
    "reply",
    [
        SECRET,
        json.dumps({"thought": SECRET}),
        json.dumps({"thought": SECRET, "say": [SECRET]}),
        json.dumps({"thought": SECRET, "say": ""}),
        turn(thought=SECRET, say=f"Hm, {SECRET}."),
        turn(state=SECRET, say=SECRET.upper()),
        turn(thought=SECRET, say=json.dumps({"thought": SECRET, "say": "Hi."})),
    ],
)
def test_a_reply_that_cannot_be_read_or_tells_what_is_private_is_asked_for_again_and_never_spoken(reply: str) -> None:
    record, model = played(lambda messages: reply)
    assert len(model.seen) == 3
    assert (record.verdict, record.messages) == (Verdict.SIMULATOR_INVALID, ())
    assert record.fault is not None
    assert (record.fault.role, record.fault.kind) == ("player", "unplayable")


def test_the_reason_is_told_when_it_is_asked_again_and_a_good_reply_then_counts() -> None:
    replies = iter(["nonsense", turn(), turn(), turn()])
    record, model = played(lambda messages: next(replies))
    assert "it held no JSON object" in sent(model, 1)
    assert record.verdict is Verdict.PASSED


def test_the_note_of_the_state_comes_back_to_the_same_person_alone() -> None:
    record, model = played(lambda messages: turn(state=f"note of {str(messages[0].content)[9:14]}"), people=2)
    notes = [text for text in (sent(model, i) for i in range(2, 6)) if "Your note to yourself" in text]
    assert len(notes) == 4
    assert all(("note of Ada 0" in text) != ("note of Ada 1" in text) for text in notes)
    assert "note of" not in "".join(m.text for m in record.messages)


def test_first_words_that_were_written_are_said_word_for_word_and_no_model_is_asked() -> None:
    record, model = played(lambda messages: turn(), opening="Is this thing on?")
    assert [m.text for m in record.messages if m.sender == "person_0"] == ["Is this thing on?", "I need some sleep.", "I need some sleep."]
    assert len(model.seen) == 2


def test_an_opening_changes_the_fingerprint_and_an_absent_one_does_not() -> None:
    person = make_person(make_scenario(), 0)
    assert person.model_copy(update={"opening": "Hi."}).fingerprint != person.fingerprint
    assert "opening" not in person.model_dump()


def test_each_person_is_told_its_own_facts_and_those_of_others_only_where_the_regime_says_so() -> None:
    _, alone = played(lambda messages: turn(), people=2)
    _, shared = played(lambda messages: turn(), people=2, information="shared")
    assert "What you know of the others" not in sent(alone, 0)
    assert "What you know of the others" in sent(shared, 0)


def test_memory_is_bounded_and_the_newest_words_are_kept() -> None:
    lines = [f"line {i} " + "word " * 40 for i in range(50)]
    kept = recent(lines, 300)
    assert kept[0] == MARK
    assert kept[-1] == lines[-1]
    assert len(kept) < 8
    _, model = played(lambda messages: turn("talk " * 60 + str(len(messages))), turns=12, memory=200)
    assert max(len(sent(model, i)) for i in range(12)) < 4_000


def test_a_line_that_alone_is_too_long_is_cut_at_its_beginning() -> None:
    assert recent(["x" * 10_000 + "end"], 10)[-1].endswith("end")
    assert len(recent(["x" * 10_000 + "end"], 10)[-1]) == 40


def test_the_reminder_says_again_who_the_person_is_and_only_if_it_is_wanted() -> None:
    _, plain = played(lambda messages: turn())
    _, reminded = played(lambda messages: turn(), remind=True)
    assert ["Remember who you are" in sent(m, 0) for m in (plain, reminded)] == [False, True]


def test_a_fact_under_a_lock_is_named_as_one_that_is_not_told_yet() -> None:
    scenario = make_scenario()
    person = make_person(scenario, 0)
    shut = PrivateFact(
        id=f"{person.id}/x", kind=person.facts[0].kind, content="I am wanted.", sensitivity=1, lock=FactLock(start=0.1, trust=0.9)
    )
    person = person.model_copy(update={"facts": (shut,)})
    model = FunctionChat(reply=lambda messages: turn())
    plan = plan_episode(scenario, [person], seed=0, turns=1)
    environment = ConversationEnv(scenario, [person], max_cycles=1)
    asyncio.run(run_episode(plan, environment, ScriptedTarget(["Hm."]), PersonaPlayer(model)))
    assert "You are not ready to tell yet: I am wanted." in sent(model)


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("age: 34\nsex: female\nhousehold: alone", "This is a table"),
        ("A man of 40.", "Little is told of you"),
        ("I keep to myself. " * 12, "Stay this person"),
    ],
)
def test_how_to_play_depends_on_how_much_is_told(description: str, told: str) -> None:
    model = FunctionChat(reply=lambda messages: turn())
    brief = Brief(agent="person_0", scenario="support", episode="e", turns=2, name="Ada", description=description)

    asyncio.run(PersonaPlayer(model).begin(brief, Stream(0)).act(Observation(agent="person_0", turn=0, messages=())))
    assert told in str(model.seen[0][0].content)


def test_one_author_writes_all_people_of_a_turn_in_one_call() -> None:
    def reply(messages: list[BaseMessage]) -> str:
        lines = {f"person_{i}": {"say": f"I am number {i}.", "leave": False} for i in range(2)}
        return json.dumps({"thought": SECRET, "state": "both are calm", **lines})

    record, model = played(reply, people=2, information="script")
    assert len(model.seen) == 3
    assert [m.text for m in record.messages[:2]] == ["I am number 0.", "I am number 1."]
    assert "plan is to test" not in record.model_dump_json()
    assert "Your note to yourself: both are calm" in sent(model)
    assert all(f"Ada {i}" in sent(model, 0) for i in range(2))


@pytest.mark.parametrize("missing", [{"person_0": {"say": "Hi.", "leave": False}}, {"person_0": {"say": "Hi."}, "person_1": "Hi."}])
def test_an_author_who_forgets_somebody_is_asked_again_and_then_invalid(missing: dict[str, Any]) -> None:
    record, model = played(lambda messages: json.dumps({"thought": "", "state": "", **missing}), people=2, information="script")
    assert (len(model.seen), record.verdict) == (3, Verdict.SIMULATOR_INVALID)


def test_of_several_lines_the_one_with_the_fewest_misfits_is_spoken() -> None:
    replies = iter([turn("bad bad"), turn("good"), turn("bad")] * 3)

    class Picker:
        def misfits(self, brief: Brief, before: Any, line: str) -> int:
            return line.count("bad")

    scenario = make_scenario()
    person = make_person(scenario, 0)
    player = PersonaPlayer(FunctionChat(reply=lambda messages: next(replies)), PlayerSettings(best_of=3), QUICK, picker=Picker())
    environment = ConversationEnv(scenario, [person], max_cycles=2)
    record = asyncio.run(run_episode(plan_episode(scenario, [person], seed=0, turns=2), environment, ScriptedTarget(["Hm."]), player))
    assert [m.text for m in record.messages if m.sender == "person_0"] == ["good", "good"]


def test_several_lines_without_anybody_to_choose_are_refused() -> None:
    with pytest.raises(InputError, match="best_of: expected 1, as nobody chooses"):
        PersonaPlayer(FunctionChat(reply=lambda messages: turn()), PlayerSettings(best_of=2))


def test_a_model_that_cannot_greet_plays_nobody() -> None:
    scenario = make_scenario()
    actor = PersonaPlayer(FunctionChat(reply=lambda messages: "Hello!"), QUICK and PlayerSettings(), QUICK, dry_call=True)
    brief = plan_episode(scenario, [make_person(scenario, 0)], seed=0).briefs["person_0"]
    environment = ConversationEnv(scenario, [make_person(scenario, 0)])
    environment.reset(seed=0)
    with pytest.raises(InputError, match="expected a turn in the form that was asked for, got 'Hello!'"):
        asyncio.run(actor.begin(brief, Stream(0)).act(environment.observe("person_0")))
    dead = PersonaPlayer(FunctionChat(reply=lambda messages: RuntimeError("gone")), None, ModelSettings(pause=0, attempts=1), dry_call=True)
    with pytest.raises(UnreachableError, match="failed to play a first harmless turn: RuntimeError: gone"):
        asyncio.run(dead.begin(brief, Stream(0)).act(environment.observe("person_0")))


def test_where_something_is_said_is_read_by_the_names_of_people() -> None:
    channels = (ChannelNote(name="main"), ChannelNote(name="direct", direct=True), ChannelNote(name="board", speaks=False))
    brief = Brief(agent="person_0", scenario="s", episode="e", turns=2, channels=channels, names={"person_0": "Ada", "person_1": "Bo"})
    action = read_line({"say": "Psst.", "leave": False, "channel": "direct", "to": ["bo"]}, brief)
    assert (action.channel, action.to) == ("direct", ("person_1",))
    with pytest.raises(ValueError, match="the channel was none of main, direct"):
        read_line({"say": "Hi.", "channel": "board"}, brief)
    assert reply_schema(channels)["properties"]["channel"]["enum"] == ["main", "direct"]


def test_a_fork_of_a_person_goes_its_own_way_from_the_same_note() -> None:
    scenario = make_scenario()
    model = FunctionChat(reply=lambda messages: turn(state="sad"))
    actor = PersonaPlayer(model).begin(plan_episode(scenario, [make_person(scenario, 0)], seed=0).briefs["person_0"], Stream(0, "a"))
    environment = ConversationEnv(scenario, [make_person(scenario, 0)])
    environment.reset(seed=0)
    asyncio.run(actor.act(environment.observe("person_0")))
    asyncio.run(actor.fork(Stream(0, "b")).act(environment.observe("person_0")))
    assert "Your note to yourself: sad" in sent(model)


def test_the_form_in_words_names_every_field_of_an_author() -> None:
    asked = form(author_schema(["person_0", "person_1"]))
    assert [asked.count(f'"{key}"') for key in ("thought", "say", "person_1")] == [1, 2, 1]


def test_a_line_that_is_asked_for_again_is_a_draw_of_its_own() -> None:
    record, model = played(lambda messages: "nonsense")
    assert record.verdict is Verdict.SIMULATOR_INVALID
    assert len(model.seen) == 3
    paths = [messages[1].response_metadata["outskirts_run"] for messages in model.seen]
    assert paths == [paths[0], f"{paths[0]}/again/1", f"{paths[0]}/again/2"]


def test_a_third_request_is_not_answered_from_the_cache_by_what_the_second_was_told(tmp_path: Path) -> None:
    replies = iter(["nonsense", "nonsense", *[turn()] * 3])
    model = FunctionChat(reply=lambda messages: next(replies))
    scenario = make_scenario()
    person = make_person(scenario, 0)
    environment = ConversationEnv(scenario, [person], max_cycles=1)
    with caching(tmp_path):
        playing = run_episode(
            plan_episode(scenario, [person], seed=0, turns=1), environment, ScriptedTarget(["Hm."]), PersonaPlayer(kept(model), None, QUICK)
        )
        record = asyncio.run(playing)
    assert record.verdict is Verdict.PASSED
    assert len(model.seen) == 3


class Shortest:
    """Prefers short lines."""

    def misfits(self, brief: Brief, before: Any, line: str) -> int:
        return len(line)


def best_of(reply: Callable[[str], Any], limit: int | None = None) -> EpisodeRecord:
    """Play one turn by the best of three lines; ``reply`` makes one of the call's path."""
    model = FunctionChat(reply=lambda messages: reply(messages[1].response_metadata["outskirts_run"].partition("/again")[0]))
    scenario = make_scenario()
    person = make_person(scenario, 0)
    player = PersonaPlayer(model, PlayerSettings(best_of=3), ModelSettings(pause=0.0, attempts=1), picker=Shortest())
    environment = ConversationEnv(scenario, [person], max_cycles=1)
    plan = plan_episode(scenario, [person], seed=0, turns=1)
    waits = Timeouts(episode=Ceilings(calls=limit))
    return asyncio.run(run_episode(plan, environment, ScriptedTarget(["Hm."]), player, timeouts=waits))


def test_a_line_that_cannot_be_used_is_left_out_of_the_choice() -> None:
    record = best_of(lambda path: "nonsense" if path.endswith("/0") else turn("Good." if path.endswith("/2") else "Good, good."))
    assert (record.verdict, record.messages[0].text) == (Verdict.PASSED, "Good.")


def test_only_where_no_line_can_be_used_the_episode_is_invalid() -> None:
    assert best_of(lambda path: "nonsense").verdict is Verdict.SIMULATOR_INVALID


def test_a_limit_and_a_model_that_is_down_end_the_choice() -> None:
    assert best_of(lambda path: turn(), limit=2).verdict is Verdict.BUDGET
    down = best_of(lambda path: RuntimeError("gone") if path.endswith("/1") else turn())
    assert down.verdict is Verdict.INFRASTRUCTURE


def test_a_player_may_take_as_long_as_all_attempts_of_all_its_requests() -> None:
    calls = ModelSettings(timeout=100.0, attempts=3, pause=2.0)
    player = PersonaPlayer(FunctionChat(reply=lambda messages: turn()), None, calls, dry_call=True)
    assert player.patience == (1 + 3) * 3 * (100 + 2 * 2**3)


def test_each_request_for_a_line_has_a_seed_of_its_own_and_the_first_that_of_the_stream() -> None:
    seeds: list[int] = []

    class Seeded(PersonaPlayer):
        async def ask(self, system: str, human: str, schema: Any, seed: int, path: str) -> object:
            seeds.append(seed)
            return "nonsense"

    brief = plan_episode(make_scenario(), [make_person(make_scenario(), 0)], seed=0).briefs["person_0"]
    actor = Seeded(FunctionChat(reply=lambda messages: turn())).begin(brief, Stream(0, "a"))
    with pytest.raises(ActorFault):
        asyncio.run(actor.act(Observation(agent="person_0", turn=0, messages=())))
    assert seeds[0] == int(Stream(0, "a").generator.integers(2**31 - 1))
    assert len(set(seeds)) == 3
