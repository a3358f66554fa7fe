"""Tool calls in OpenAI's and LangChain's form, from and to actions, by functions and by Runnables."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.runnables import RunnableLambda

from outskirts.agents.callables import CallableTarget, chat_messages
from outskirts.agents.drycall import dry_call
from outskirts.agents.lexical_player import LexicalPlayer
from outskirts.agents.runnables import RunnableTarget
from outskirts.agents.tool_calls import MAX_CALLS, as_reply, calls_of, function_tools, langchain_message
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.desk import SCENARIO
from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.casting import plan_episode
from outskirts.personas.population import draw_person
from outskirts.sim.errors import InputError
from outskirts.sim.loop import run_episode
from outskirts.sim.seeds import Stream, derive
from outskirts.sim.types import Action, Brief, Message, Observation, ToolCall, ToolSpec

from .chat_fakes import ToolChat

TOOL = ToolSpec(name="ring", description="Ring the bell.", parameters={"type": "object", "properties": {"times": {"type": "integer"}}})
BRIEF = Brief(agent="target_0", scenario="tiny", episode="k1", turns=4, tools=(TOOL,))
RING = ToolCall(id="a1", name="ring", arguments={"times": 2})
OPENAI = {"id": "a1", "type": "function", "function": {"name": "ring", "arguments": '{"times": 2}'}}
TALK = (
    Message(index=0, turn=0, sender="customer_0", text="Ring it."),
    Message(index=1, turn=0, sender="target_0", text="A moment."),
    Message(index=2, turn=0, sender="target_0", text="", calls=(RING,), channel="tools", heard_by=("target_0",)),
    Message(index=3, turn=0, sender="tools", text="rang", answers="a1", channel="tools", heard_by=("target_0",)),
)
ENTRIES = [
    {"role": "user", "content": "Ring it."},
    {"role": "assistant", "content": "A moment.", "tool_calls": [OPENAI]},
    {"role": "tool", "tool_call_id": "a1", "content": "rang"},
]


def answer(target, messages=TALK, brief=BRIEF):
    actor = target.begin(brief, Stream(0, "f", 0, "target"))
    return asyncio.run(actor.act(Observation(agent="target_0", turn=0, messages=messages)))


def test_tools_are_described_as_function_tools():
    assert function_tools([TOOL]) == [
        {"type": "function", "function": {"name": "ring", "description": "Ring the bell.", "parameters": dict(TOOL.parameters)}}
    ]


def test_a_transcript_holds_calls_and_results_as_the_chat_api_has_them():
    assert chat_messages(TALK, "target_0") == ENTRIES


def test_a_call_without_words_is_a_message_of_its_own():
    entries = chat_messages((TALK[0], *TALK[2:], *TALK[2:]), "target_0")
    assert [(e["role"], "tool_calls" in e) for e in entries[1:]] == [("assistant", True), ("tool", False)] * 2


def test_results_of_tools_make_no_second_user():
    assert all("name" not in entry for entry in chat_messages(TALK, "target_0"))


def test_langchain_gets_the_same_as_its_own_messages():
    user, call, tool = map(langchain_message, ENTRIES)
    assert isinstance(user, HumanMessage)
    assert isinstance(call, AIMessage)
    assert call.tool_calls == [{"name": "ring", "args": {"times": 2}, "id": "a1", "type": "tool_call"}]
    assert (type(tool), tool.tool_call_id, tool.content) == (ToolMessage, "a1", "rang")
    assert isinstance(langchain_message({"role": "system", "content": "Be kind."}), SystemMessage)


def test_a_malformed_call_goes_back_as_it_came():
    message = TALK[2].model_copy(update={"calls": (ToolCall(id="a1", name="ring", malformed='{"ti'),)})
    (entry,) = chat_messages((message,), "target_0")
    assert entry["tool_calls"][0]["function"]["arguments"] == '{"ti'
    assert langchain_message(entry).invalid_tool_calls[0]["args"] == '{"ti'


CALLED = [
    {"content": None, "tool_calls": [OPENAI]},
    {"role": "assistant", "content": "", "tool_calls": [OPENAI]},
    SimpleNamespace(
        content=None,
        tool_calls=[SimpleNamespace(id="a1", type="function", function=SimpleNamespace(name="ring", arguments='{"times": 2}'))],
    ),
    AIMessage("", tool_calls=[{"name": "ring", "args": {"times": 2}, "id": "a1"}]),
    {"content": "", "tool_calls": [{"id": "a1", "function": {"name": "ring", "arguments": {"times": 2}}}]},
]


@pytest.mark.parametrize("reply", CALLED)
def test_calls_are_read_in_every_usual_form(reply):
    assert as_reply(reply) == Action(text="", calls=(RING,))


def test_words_beside_calls_are_kept_and_words_alone_are_text():
    assert as_reply({"content": "A moment.", "tool_calls": [OPENAI]}) == Action(text="A moment.", calls=(RING,))
    assert as_reply(AIMessage([{"type": "text", "text": "Hel"}, "lo"])) == "Hello"
    assert as_reply({"role": "assistant", "content": "Hello"}) == "Hello"


@pytest.mark.parametrize("value", [None, 3, "text", ["text"], {"content": "x"}, Action(text="x")])
def test_what_is_no_message_passes_through(value):
    assert as_reply(value) == value


@pytest.mark.parametrize(
    ("arguments", "malformed"),
    [
        ('{"times": 2', '{"times": 2'),
        ("[1]", "[1]"),
        ('"ring"', '"ring"'),
        ('{"times": NaN}', '{"times": NaN}'),
        ('{"times": 1e999}', '{"times": 1e999}'),
        ("[" * 15_000, "[" * 15_000),
        ("x" * 30_000, "x" * 200 + "..."),
        ("1" * 5_000, "1" * 5_000),
        (3, "3"),
        ({"times": object}, "{'times': <class 'object'>}"),
    ],
)
def test_arguments_that_are_no_json_object_are_passed_on_as_malformed(arguments, malformed):
    (call,) = calls_of({"tool_calls": [{"id": "a1", "function": {"name": "ring", "arguments": arguments}}]})
    assert (call.malformed, call.arguments) == (malformed, {})


def test_invalid_calls_of_langchain_are_calls_too():
    message = AIMessage("", invalid_tool_calls=[{"name": "ring", "args": '{"ti', "id": "a1", "error": "bad"}])
    assert calls_of(message) == (ToolCall(id="a1", name="ring", malformed='{"ti'),)


@pytest.mark.parametrize("arguments", [None, "", "{}", {}])
def test_a_call_without_arguments_has_none(arguments):
    assert calls_of({"tool_calls": [{"id": "a1", "function": {"name": "ring", "arguments": arguments}}]}) == (
        ToolCall(id="a1", name="ring"),
    )


def test_what_a_call_leaves_out_is_filled_in_and_what_no_file_can_hold_is_cleaned():
    calls = calls_of({"tool_calls": [{}, {"function": {"name": "ri\ud800ng", "arguments": '{"a": "\\ud800", "\\u0000": [1.5]}'}}, 7]})
    assert [(c.id, c.name) for c in calls] == [("call_0", ""), ("call_1", "ri\ufffdng"), ("call_2", "")]
    assert calls[1].arguments == {"a": "\ufffd", "": [1.5]}


def test_no_more_than_a_bounded_number_of_calls_is_taken():
    assert len(calls_of({"tool_calls": [OPENAI] * 10_000})) == MAX_CALLS


def test_a_function_gets_the_tools_where_its_signature_has_them():
    assert answer(CallableTarget(lambda messages, tools: tools[0]["function"]["name"], "mine")) == "ring"
    assert answer(CallableTarget(lambda messages, episode, tools, /: episode["key"] + tools[0]["type"], "mine")) == "k1function"
    assert answer(CallableTarget(lambda *, tools, messages: str(len(tools)), "mine")) == "1"
    with pytest.raises(InputError, match=r"episode \(a dict\) and tools \(a list\)"):
        CallableTarget(lambda tools: "", "mine")


def test_a_function_of_a_scenario_without_tools_gets_none_and_calls_nothing():
    plain = BRIEF.model_copy(update={"tools": ()})
    assert answer(CallableTarget(lambda messages, tools: repr(tools), "mine"), TALK[:1], plain) == "[]"
    said = {"role": "assistant", "content": "Hello"}
    assert answer(CallableTarget(lambda messages: said, "mine"), TALK[:1], plain) == said


@pytest.mark.parametrize(
    "target",
    [CallableTarget(lambda messages: CALLED[0], "mine"), RunnableTarget(RunnableLambda(lambda messages: CALLED[3]), "mine")],
    ids=["function", "runnable"],
)
def test_a_call_in_a_scenario_without_tools_is_refused_in_those_words(target):
    expected = "expected a reply without tool calls, as the scenario support has no tools, got 'ring'"
    with pytest.raises(InputError, match=f"^target mine: {expected}"):
        asyncio.run(dry_call(target, SUPPORT))
    person = draw_person(SUPPORT, derive(0, "someone"), number=0)
    plan = plan_episode(SUPPORT, [person], seed=0)
    record = asyncio.run(run_episode(plan, ConversationEnv(SUPPORT, [person]), target, LexicalPlayer(SUPPORT)))
    assert record.fault is not None
    assert record.fault.message.startswith(expected)


def test_the_dry_call_takes_a_call_where_there_are_tools_and_tells_the_situation():
    seen = []

    def call(messages, tools):
        seen.append((messages, [t["function"]["name"] for t in tools]))
        return CALLED[0]

    assert asyncio.run(dry_call(CallableTarget(call, "mine"), SCENARIO)) == ""
    ((messages, tools),) = seen
    assert [m["role"] for m in messages] == ["system", "user"]
    assert tools == [t.name for t in SCENARIO.tools]


def test_a_function_may_call_by_a_message_and_a_generator_too():
    def pieces(messages):
        yield CALLED[0]

    assert (
        answer(CallableTarget(lambda messages: CALLED[0], "mine"))
        == answer(CallableTarget(pieces, "mine"))
        == Action(text="", calls=(RING,))
    )


def test_a_chat_model_is_bound_to_the_tools_and_its_calls_are_run():
    model = ToolChat(reply=lambda messages: AIMessage("", tool_calls=[{"name": "ring", "args": {"times": 2}, "id": "a1"}]))
    assert answer(RunnableTarget(model, "mine")) == Action(text="", calls=(RING,))
    assert model.kwargs_seen[0]["tools"] == function_tools([TOOL])
    assert [type(m) for m in model.seen[0]] == [HumanMessage, AIMessage, ToolMessage]


def test_a_chat_model_without_tools_speaks_all_the_same():
    assert answer(RunnableTarget(FakeListChatModel(responses=["Hello."]), "mine")) == "Hello."


@pytest.mark.parametrize("wrap", [lambda m: m, lambda m: {"messages": [HumanMessage("x"), m]}, lambda m: {"output": m}])
def test_calls_are_found_in_what_chains_and_agents_return(wrap):
    async def reply(messages):
        return wrap(CALLED[3])

    assert answer(RunnableTarget(RunnableLambda(reply), "mine")) == Action(text="", calls=(RING,))


def test_a_runnable_that_remembers_gets_only_new_results():
    given = []

    async def reply(messages):
        given.append([m.content for m in messages])
        return "x"

    actor = RunnableTarget(RunnableLambda(reply), "mine", history=False).begin(BRIEF, Stream(0, "f", 0, "target"))
    two = (*TALK, *(m.model_copy(update={"index": m.index + 2}) for m in TALK[2:]))
    one_more = (*two, *(m.model_copy(update={"index": m.index + 4, "text": m.text and "again"}) for m in TALK[2:]))
    spoken = (
        *one_more,
        Message(index=8, turn=0, sender="target_0", text="Rang."),
        Message(index=9, turn=1, sender="customer_0", text="Thanks."),
    )
    for messages in (TALK[:1], two, one_more, spoken):
        asyncio.run(actor.act(Observation(agent="target_0", turn=0, messages=messages)))
    assert given == [["Ring it."], ["rang", "rang"], ["again"], ["Thanks."]]


def _episode(target):
    people = [draw_person(SCENARIO, derive(7, "person"), number=1)]
    plan = plan_episode(SCENARIO, people, seed=7)
    return asyncio.run(run_episode(plan, ConversationEnv(SCENARIO, people), target, LexicalPlayer(SCENARIO)))


def test_a_function_and_a_chat_model_serve_at_the_desk():
    def serve(messages, tools):
        if messages[-1]["role"] == "tool":
            return "It says: " + json.loads(messages[-1]["content"])["topic"]
        return {
            "content": "",
            "tool_calls": [{"id": "a", "type": "function", "function": {"name": "policy", "arguments": '{"topic": "data"}'}}],
        }

    def reply(messages):
        if isinstance(messages[-1], ToolMessage):
            return "It says: " + json.loads(messages[-1].content)["topic"]
        return AIMessage("", tool_calls=[{"name": "policy", "args": {"topic": "data"}, "id": "a"}])

    one, two = _episode(CallableTarget(serve, "mine")), _episode(RunnableTarget(ToolChat(reply=reply), "mine"))
    assert one.fault is None
    assert one.messages == two.messages
    assert {entry["tool"] for entry in one.state["log"]} == {"policy"}


def test_a_target_that_calls_for_ever_comes_to_speak_no_more_than_the_turns_allow():
    record = _episode(CallableTarget(lambda messages: CALLED[0], "mine"))
    assert record.fault is None
    assert (
        sum(len(m.calls) for m in record.messages) <= (SCENARIO.room.tool_calls + 2) * SCENARIO.turns
    )  # the one that is refused, and one more


def test_a_target_without_tools_can_serve_at_the_desk():
    record = _episode(CallableTarget(lambda messages: "I see.", "mine"))
    assert record.fault is None
    assert record.state["log"] == []
