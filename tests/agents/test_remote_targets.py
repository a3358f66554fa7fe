"""Services and OpenAI-compatible endpoints as targets: what they are sent, what they may answer, and what each fault becomes."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from aiohttp import web

from outskirts.agents.drycall import dry_call
from outskirts.agents.targets.faults import CallFault
from outskirts.experiments.naming.registry import make_respondent, make_scenario, make_target
from outskirts.sim.actions import as_action
from outskirts.sim.errors import BudgetExceeded, InputError, UnreachableError
from outskirts.sim.limits import Limit
from outskirts.sim.prices import Price, Prices
from outskirts.sim.seeds import Stream
from outskirts.sim.types import Action, Brief, Message, Observation, ToolSpec
from outskirts.sim.waiting import within
from tests.target_server import FAILING, REPLY, target_server, whole

TOOLS = (ToolSpec(name="ring", description="Ring the bell.", parameters={"type": "object", "properties": {}}),)
CALL = {"id": "c1", "type": "function", "function": {"name": "ring", "arguments": '{"times": 2}'}}


def observation(*texts):
    """Return what a target sees of a person and itself in turn."""
    senders = ["person_0", "assistant_0"]
    messages = tuple(Message(index=i, turn=i // 2, sender=senders[i % 2], text=t) for i, t in enumerate(texts))
    return Observation(agent="assistant_0", turn=len(texts) // 2, messages=messages)


def asked(spec, *texts, tools=(), actor_out=None, **options):
    """Return what a target of this SPEC answers in an episode."""
    target = make_target({"name": spec, **options}, make_scenario())

    async def go():
        brief = Brief(agent="assistant_0", scenario="support", episode="e1", turns=8, tools=tools)
        actor = target.begin(brief, Stream(0, "a", 0, "target"))
        try:
            return await actor.act(observation(*(texts or ("Hello.",))))
        finally:
            if actor_out is not None:
                actor_out.append(actor)

    return asyncio.run(go())


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def test_a_service_gets_messages_and_episode_and_nothing_else():
    with target_server() as server:
        assert asked(server.plain, "Hello.", "Hi.", "I am sad.") == REPLY
        sent = [("user", "Hello."), ("assistant", "Hi."), ("user", "I am sad.")]
        assert server.requests == [{"messages": [{"role": r, "content": t} for r, t in sent], "episode": "e1"}]


def test_several_messages_and_a_state_may_come_back():
    actors = []
    with target_server(reply={"replies": ["One.", "Two."], "state": {"ticket": 7}}) as server:
        reply = asked(server.plain, actor_out=actors)
    assert reply == Action(text="One.", also=(Action(text="Two."),))
    assert actors[0].final_state() == {"ticket": 7}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"answer": REPLY}, "answer"),
        ({"data": {"text": REPLY}, "reply": 1}, "data.text"),
        ([{"out": REPLY}], "0.out"),
        ({"says": [REPLY]}, "says"),
    ],
)
def test_a_reply_may_stand_under_a_key_of_the_services_own(body, where):
    with target_server(reply=body) as server:
        assert asked(server.plain, reply=where) == REPLY


def test_a_state_stands_beside_a_reply_under_another_key():
    actors = []
    with target_server(reply={"answer": "Hm.", "state": {"ticket": 7}}) as server:
        assert asked(server.plain, reply="answer", actor_out=actors) == "Hm."
    assert actors[0].final_state() == {"ticket": 7}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r'expected a JSON object {"reply": "..."}, got one with the keys answer \(under another key: the option reply=KEY\)'),
        (
            {"reply": "data.text"},
            "expected a reply under data.text, as the option reply says, got nothing under data of an object with the keys",
        ),
        ({"reply": "answer.text"}, "got nothing under text of '\"Hm.\"'"),
    ],
)
def test_a_reply_that_is_not_where_it_should_be_is_told_with_what_to_write(options, message):
    with target_server(reply={"answer": "Hm."}) as server, pytest.raises(CallFault, match=message):
        asked(server.plain, **options)


@pytest.mark.parametrize(
    ("spec", "called"),
    [
        (
            {"name": "http://127.0.0.1:9/chat", "headers": {"X-Tenant": "a&b", "Accept": "c"}, "timeout": 5},
            "http://127.0.0.1:9/chat#timeout=5",
        ),
        ({"name": "http://127.0.0.1:9/chat?v=2", "headers": {"X-Tenant": "a"}}, "http://127.0.0.1:9/chat?v=2"),
        (
            {"name": "openai:m@http://127.0.0.1:9/v1", "headers": {"X-Tenant": "a"}, "stream": True},
            "openai:m@http://127.0.0.1:9/v1?stream=true",
        ),
    ],
)
def test_a_target_is_called_by_its_spec_without_headers(spec, called):
    assert make_target(spec, make_scenario()).name == called


def test_a_place_of_the_reply_that_names_no_key_is_wrong_input():
    with pytest.raises(InputError, match=r"target.*reply"):
        make_target({"name": "http://127.0.0.1:9/", "reply": "data..text"}, make_scenario())


@pytest.mark.parametrize("stream", [False, True])
def test_an_endpoint_is_asked_as_openai_is(stream):
    with target_server() as server:
        with Limit("run") as limit:
            options = {"temperature": 0.5, "max_tokens": 9, "system": "Be kind.", "extra": {"top_p": 0.9}}
            assert asked(server.openai, stream=stream, **options) == REPLY
        (request,) = server.requests
        assert request["messages"] == [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello."}]
        assert (request["model"], request["temperature"], request["max_tokens"], request["top_p"]) == ("test", 0.5, 9, 0.9)
        assert ("stream" in request) == stream
        assert limit.usage().tokens == {"target": 18}
        assert "Authorization" not in server.headers[0]


@pytest.mark.parametrize("stream", [False, True])
def test_tools_are_offered_and_their_calls_come_back(stream):
    with target_server(reply=whole("", tool_calls=[CALL])) as server:
        reply = asked(server.openai, tools=TOOLS, stream=stream)
        assert [(c.id, c.name, dict(c.arguments)) for c in reply.calls] == [("c1", "ring", {"times": 2})]
        assert server.requests[0]["tools"][0]["function"]["name"] == "ring"


def test_a_service_may_call_tools_without_a_word():
    with target_server(reply={"tool_calls": [CALL]}) as server:
        assert asked(server.plain, tools=TOOLS).calls[0].name == "ring"
        assert "tools" in server.requests[0]


@pytest.mark.parametrize("body", [{"tool_calls": [CALL]}, {"text": None, "tool_calls": [CALL]}, {"text": "", "tool_calls": [CALL]}])
def test_a_service_with_a_key_of_its_own_may_call_tools_without_a_word(body):
    with target_server(reply=body) as server:
        assert asked(server.plain, tools=TOOLS, reply="text").calls[0].name == "ring"


KINDS = {
    "429": "rate_limited",
    "500": "transient",
    "reset": "transient",
    "stall": "timeout",
    "drip": "timeout",
    "truncated": "invalid_response",
    "empty": "invalid_response",
    "refusal": "invalid_response",
    "html": "invalid_response",
    "huge": "invalid_response",
    "latin": "invalid_response",
    "elsewhere": "invalid_response",
    "no choices": "invalid_response",
    "null": "invalid_response",
    "user": "invalid_response",
    "no object": "invalid_response",
    "error 200": "transient",
    "moved": "invalid_response",
    "401": "auth",
    "404": "not_found",
    "400": "bad_request",
}


@pytest.mark.parametrize("fault", KINDS)
def test_what_comes_back_is_one_kind_of_fault_or_another(fault):
    with target_server(fault) as server, pytest.raises(CallFault) as found:
        asked(server.openai, timeout=0.4)
    assert found.value.kind == KINDS[fault]
    assert len(server.requests) == 1  # nothing is repeated, and no redirect is followed


@pytest.mark.parametrize("fault", ["429", "500", "reset", "stall", "truncated", "empty", "html", "huge", "latin", "elsewhere", "null"])
def test_a_plain_service_fails_in_the_same_kinds(fault):
    with target_server(fault) as server, pytest.raises(CallFault) as found:
        asked(server.plain, timeout=0.4)
    assert found.value.kind == KINDS[fault]


def test_every_fault_that_a_network_can_have_is_tried():
    assert set(FAILING) <= set(KINDS)


def test_a_refusal_can_be_what_the_person_hears():
    with target_server("refusal") as server:
        assert asked(server.openai, refusal="said") == "I cannot help with that."


def test_a_redirect_within_the_origin_keeps_method_and_body():
    with target_server("here") as server:
        assert asked(server.plain) == REPLY
        assert server.requests[0] == server.requests[1]


@pytest.mark.parametrize(("fault", "kind", "message"), [("endless", "invalid_response", "20,000"), ("cut", "transient", "ended before")])
def test_a_stream_that_never_ends_or_ends_early_is_a_fault(fault, kind, message):
    with target_server(fault) as server, pytest.raises(CallFault, match=message) as found:
        asked(server.openai, stream=True, timeout=5)
    assert found.value.kind == kind


def test_a_turn_is_repeated_only_where_the_spec_says_so_and_each_call_counts():
    with target_server(lambda number: "429" if number < 2 else None) as server:
        with Limit("run") as limit:
            assert asked(server.openai, retries=2) == REPLY
        assert len(server.requests) == 3
        assert limit.usage().calls == {"target": 2}  # the first is counted by the loop


def test_a_repeated_turn_stops_at_a_budget():
    with target_server("500") as server, Limit("run", calls=1), pytest.raises(BudgetExceeded):
        asked(server.openai, retries=5)


def test_a_pause_between_two_calls_counts_against_no_time_out():
    with target_server(lambda number: "429" if number < 3 else None) as server:
        target = make_target({"name": server.plain, "retries": 3, "timeout": 5}, make_scenario())

        async def go():
            actor = target.begin(Brief(agent="assistant_0", scenario="support", episode="e1", turns=8), Stream(0, "a", 0, "target"))
            return await within(0.5, actor.act(observation("Hello.")))  # the pauses alone may take longer

        assert asyncio.run(go()) == REPLY


@pytest.mark.parametrize("kind", ["openai", "plain"])
def test_no_more_calls_are_made_at_once_than_the_spec_allows_and_waiting_is_nobodys_slowness(kind):
    with target_server(delay=0.1) as server:
        target = make_target({"name": getattr(server, kind), "concurrency": 2, "timeout": 0.4}, make_scenario())
        brief = Brief(agent="assistant_0", scenario="support", episode="e1", turns=8)

        async def go():
            actors = [target.begin(brief, Stream(0, str(i), 0, "target")) for i in range(12)]
            started = time.monotonic()
            said = await asyncio.gather(*[actor.act(observation("Hello.")) for actor in actors])
            return said, time.monotonic() - started

        said, seconds = asyncio.run(go())
    assert said == [REPLY] * 12
    assert seconds > 6 * 0.1


def test_a_target_waits_in_one_line_with_whoever_else_calls_the_model_there():
    target = make_target("openai:gpt@http://127.0.0.1:9/v1/", make_scenario())
    respondent = make_respondent("openai:gpt@http://127.0.0.1:9/v1?concurrency=3&rate=600", make_scenario().questionnaire)
    assert target.limiter.pace.concurrency == 3
    assert target.limiter.pace.rate == 600
    assert make_target("openai:other@http://127.0.0.1:9/v1", make_scenario()).limiter is not target.limiter
    assert respondent.name  # it holds its place in the line


@pytest.mark.parametrize("stream", [False, True])
def test_tokens_have_a_price_and_none_told_is_not_nothing(stream):
    with target_server() as server, target_server(reply=whole(REPLY) | {"usage": None}) as silent:
        prices = Prices({server.openai + f"?stream={str(stream).lower()}": Price(input=1e6, output=2e6), silent.openai: Price(input=1.0)})
        with Limit("run", prices=prices) as limit:
            assert asked(server.openai + f"?stream={str(stream).lower()}") == REPLY
        assert (limit.usage().tokens, limit.cost) == ({"target": 18}, 11 + 2 * 7)
        with Limit("run", prices=prices) as limit:
            assert asked(silent.openai) == REPLY
        assert limit.tally.sums().unpriced == {"target": 1}


@pytest.mark.parametrize("kind", ["openai", "plain"])
def test_nothing_is_sent_to_another_origin(kind):
    with target_server() as other:
        away = web.Response(status=307, headers={"Location": other.plain})
        with (
            target_server("away", faults={"away": lambda request: away}) as server,
            pytest.raises(CallFault, match="redirects to") as found,
        ):
            asked(getattr(server, kind), timeout=5)
        assert found.value.kind == "invalid_response"
        assert other.requests == []


def test_who_asks_for_an_hour_of_patience_is_not_asked_again():
    with target_server("429 late") as server, pytest.raises(CallFault, match="status 429") as found:
        asked(server.plain, retries=5)
    assert found.value.retry_after == 3600
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({"answer": "x"}, r"expected a JSON object \{\"reply\": \"...\"\}, got one with the keys answer"),
        ({"reply": 3}, "expected a reply that is text, got '3'"),
        ({"reply": " "}, "the reply is empty"),
        ({"replies": []}, "replies"),
        ({"reply": "x", "role": "user"}, "got one of the role 'user'"),
        ({"reply": "x", "state": [1]}, "a state that is a JSON object"),
        ({"reply": "x", "state": {"a": "b" * 300_000}}, "at most 262,144 characters"),
        ({"choices": []}, "looks like an OpenAI-compatible endpoint"),
    ],
)
def test_what_is_no_reply_says_what_was_expected(reply, message):
    with target_server(reply=reply) as server, pytest.raises(CallFault, match=message):
        asked(server.plain)


def greeted(spec, **options):
    scenario = make_scenario()
    return asyncio.run(dry_call(make_target({"name": spec, **options}, scenario), scenario, 5.0))


@pytest.mark.parametrize("kind", ["plain", "openai"])
def test_a_greeting_is_repeated_where_that_may_help(kind):
    with target_server(lambda number: "500" if number < 2 else None) as server, Limit("run") as limit:
        assert greeted(getattr(server, kind)) == REPLY
        assert limit.usage().calls == {"dry": 3}


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ("404", UnreachableError, r"the model `test` does not exist.*the base URL .* often in /v1"),
        ("400", UnreachableError, "temperature is not supported"),
        ("html", InputError, "the response is HTML: '<html>"),
        ("user", InputError, "role 'user'"),
    ],
)
def test_a_target_that_cannot_greet_says_why(fault, error, message):
    with target_server(fault) as server, pytest.raises(error, match=message):
        greeted(server.openai)


def test_a_key_that_is_refused_is_named_by_its_variable_and_never_said(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
    with target_server("401") as server:
        with pytest.raises(UnreachableError, match=r"status 401 .*bad key Bearer \*\*\*.*\(look at the key in OPENAI_API_KEY\)") as found:
            greeted(server.openai)
        assert server.headers[0]["Authorization"] == "Bearer sk-planted-0123456789"
    assert "planted" not in str(found.value)


def test_a_key_that_is_missing_is_asked_for_by_its_variable():
    with target_server("401") as server, pytest.raises(InputError, match="a key in the environment variable OPENAI_API_KEY"):
        greeted(server.openai)
    with pytest.raises(InputError, match="the environment variable OPENAI_API_KEY to hold a value"):
        make_target("openai:gpt@https://api.example/v1", make_scenario())
    with pytest.raises(InputError, match="the environment variable MY_KEY to hold a value"):
        make_target("openai:gpt@http://127.0.0.1:1/v1?key=MY_KEY", make_scenario())


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("http://", "an http"),
        ("http://h:99999/", "an http"),
        ("http://127.0.0.1:1/#retry=2", "Did you mean 'retries'"),
        ("http://127.0.0.1:1/#timeout=0", "a number above 0"),
        ("openai:m@http://127.0.0.1:1/v1?temperature=hot", "temperature"),
        ({"name": "http://127.0.0.1:1/", "headers": {"X-Api-Key": "abc"}}, r"such as 'Bearer \$NAME', got '\*\*\*'"),
        ({"name": "http://127.0.0.1:1/", "headers": {"X-Api-Key": "$NOT_THERE"}}, "the environment variable NOT_THERE"),
        ({"name": "http://127.0.0.1:1/", "headers": {"X Y": "1"}}, "names of headers"),
        ("command:./no-such-bot", "a command whose program can be found"),
        ("command:'", "a command that a shell could read"),
    ],
)
def test_a_wrong_spec_is_refused_before_anything_is_called(spec, message):
    with pytest.raises(InputError, match=message):
        make_target(spec, make_scenario())


def test_no_connection_is_a_fault_of_the_network():
    with target_server() as server:
        spec = server.plain
    with pytest.raises(CallFault, match=r"no connection to http://127\.0\.0\.1:\d+: Connection refused$") as found:
        asked(spec)
    assert found.value.kind == "transient"


def test_a_key_that_the_target_says_is_starred(monkeypatch):
    monkeypatch.setenv("BOT_TOKEN", "tok-planted-0123456789")
    with target_server(reply=lambda request: json.dumps("I was sent tok-planted-0123456789.")) as server:
        said, _ = as_action(asked(server.plain, headers={"X-Token": "$BOT_TOKEN"}))
        assert "planted" not in said.text
        assert server.headers[0]["X-Token"] == "tok-planted-0123456789"
