import asyncio
import subprocess
import sys
import threading
from itertools import repeat

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables import RunnableLambda

from outskirts.agents.drycall import dry_call
from outskirts.agents.runnables import RunnableTarget, is_runnable
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.naming.registry import as_target
from outskirts.sim.errors import BudgetExceeded, InputError, UnreachableError
from outskirts.sim.limits import Limit
from outskirts.sim.prices import Price, Prices
from outskirts.sim.seeds import Stream
from outskirts.sim.testing import ScriptedTarget, TargetConformance
from outskirts.sim.types import Brief, Message, Observation

BRIEF = Brief(agent="assistant_0", scenario="support", episode="k1", turns=4)
TALK = (
    Message(index=0, turn=0, sender="person_0", text="Hello."),
    Message(index=1, turn=0, sender="assistant_0", text="Hi."),
    Message(index=2, turn=1, sender="person_0", text="I am sad."),
)


def said(runnable, **options):
    actor = RunnableTarget(runnable, "mine", **options).begin(BRIEF, Stream(0, "f", 3, "target"))
    return asyncio.run(actor.act(Observation(agent="assistant_0", turn=1, messages=TALK)))


def answering(value):
    async def reply(messages):
        return value

    return RunnableLambda(reply)


class TestAsynchronousRunnable(TargetConformance):
    def make(self):
        return RunnableTarget(answering("fine"), "fine")


class TestSynchronousRunnable(TargetConformance):
    def make(self):
        return RunnableTarget(RunnableLambda(lambda messages: messages[-1].content), "echo")


def test_a_chat_model_answers_with_the_text_of_its_message():
    assert said(FakeListChatModel(responses=["I hear you."])) == "I hear you."


def test_the_conversation_arrives_as_human_and_ai_messages():
    async def reply(messages):
        return repr([(type(m), m.content) for m in messages])

    assert said(RunnableLambda(reply)) == repr([(HumanMessage, "Hello."), (AIMessage, "Hi."), (HumanMessage, "I am sad.")])


@pytest.mark.parametrize(
    "value",
    [
        "fine",
        AIMessage("fine"),
        AIMessage([{"type": "text", "text": "fi"}, {"type": "image", "url": "x"}, "ne"]),
        {"output": "fine"},
        {"content": "fine"},
        {"answer": AIMessage("fine")},
        {"messages": [HumanMessage("x"), AIMessage("fine")]},
    ],
)
def test_every_usual_shape_of_a_reply_gives_its_text(value):
    assert said(answering(value)) == "fine"


@pytest.mark.parametrize("value", [None, 3, b"x", {"other": "x"}])
def test_what_holds_no_text_passes_for_the_environment_to_refuse(value):
    assert said(answering(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        HumanMessage("I am you."),
        {"messages": [HumanMessage("I am you.")]},
        {"messages": [{"role": "user", "content": "I am you."}]},
        {"role": "user", "content": "I am you."},
    ],
)
def test_a_reply_in_another_role_is_refused_as_wrong_input(value):
    target = RunnableTarget(answering(value), "chain")
    with pytest.raises(InputError, match=r"expected a reply that is text, to a greeting, got .*I am you"):
        asyncio.run(dry_call(target, SCENARIO))


USED = {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}


def _chat(usage=USED):
    return GenericFakeChatModel(messages=repeat(AIMessage("fine", usage_metadata=usage)))


async def _thrice(messages):
    return [await _chat().ainvoke(messages) for _ in range(3)][-1]


def _breaking(messages):
    _chat().invoke(messages)
    raise ValueError("no")


@pytest.mark.parametrize(
    ("chain", "total", "known"),
    [
        (_chat() | StrOutputParser(), 7, True),
        (RunnableLambda(_thrice), 21, True),
        (RunnableLambda(lambda messages: _chat().invoke(messages).content), 7, True),
        (_chat(None) | StrOutputParser(), 0, False),
        (RunnableLambda(lambda messages: [_chat(None).invoke(messages), _chat().invoke(messages)][1]), 7, False),
    ],
    ids=["text", "three models", "in a thread", "silent", "one silent"],
)
def test_what_the_models_of_a_chain_used_counts_whatever_the_chain_returns(chain, total, known):
    prices = Prices({"mine": Price(input=1.0, output=1.0)})
    with Limit("run", prices=prices) as limit:
        said(chain)
    assert limit.usage().tokens.get("target", 0) == total
    assert (limit.tally.n_unpriced == 0) == known


def test_what_the_models_of_a_chain_used_counts_also_if_the_chain_fails_afterwards():
    with Limit("run") as limit, pytest.raises(ValueError, match="no"):
        said(RunnableLambda(_breaking))
    assert limit.usage().tokens == {"target": 7}


def test_reported_tokens_count_against_the_limit():
    usage = {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}
    with Limit("run") as limit:
        said(answering(AIMessage("fine", usage_metadata=usage)))
        said(answering({"messages": [*TALK, AIMessage("a", usage_metadata=usage), AIMessage("b", usage_metadata=usage)]}))
    assert limit.usage().tokens == {"target": 21}


def test_a_chain_that_wants_a_mapping_gets_it_under_the_input_key():
    prompt = ChatPromptTemplate.from_messages([("system", "Be kind."), MessagesPlaceholder("history")])
    chain = prompt | RunnableLambda(lambda value: str(len(value.messages)))
    assert said(chain, input_key="history") == "4"


def test_only_the_last_text_goes_to_a_runnable_that_wants_text():
    assert said(RunnableLambda(lambda text: f"<{text}>"), input_text=True) == "<I am sad.>"
    assert said(RunnableLambda(lambda given: given["q"]), input_key="q", input_text=True) == "I am sad."


def test_without_history_only_what_is_new_is_sent_and_the_episode_names_the_thread():
    async def reply(messages, config):
        return f"{[m.content for m in messages]} {config['configurable']['thread_id']}"

    assert said(RunnableLambda(reply), history=False) == "['I am sad.'] k1"


class SynchronousChat(GenericFakeChatModel):
    """Says in which kind of thread it runs."""

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        said = AIMessage(str(threading.current_thread().daemon))
        return ChatResult(generations=[ChatGeneration(message=said)])


def test_a_chat_model_without_an_asynchronous_method_runs_in_a_daemon_thread():
    assert said(SynchronousChat(messages=repeat(""))) == "True"


def test_a_synchronous_runnable_runs_in_a_daemon_thread():
    assert said(RunnableLambda(lambda messages: str(threading.current_thread().daemon))) == "True"


def test_options_of_the_wrong_kind_are_refused():
    with pytest.raises(InputError, match="target mine input_text: expected true or false, got 1"):
        RunnableTarget(answering("x"), "mine", input_text=1)
    with pytest.raises(InputError, match="one of the options history, input_key, input_text, stateless, got 'inputkey'"):
        as_target(answering("x"), "mine", {"inputkey": "q"})


def test_what_is_no_runnable_is_told_apart_without_importing_langchain():
    assert is_runnable(answering("x"))
    assert not is_runnable(print)
    code = "import sys\nfrom outskirts.agents.runnables import is_runnable\nassert not is_runnable(print)\nassert 'langchain_core' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_a_function_that_returns_a_runnable_is_taken_as_that_runnable():
    assert isinstance(as_target(lambda: answering("x"), "mine"), RunnableTarget)


def dry(fn, timeout=5.0):
    return asyncio.run(dry_call(as_target(fn, "mine"), SCENARIO, timeout))


def test_the_dry_call_returns_the_reply_and_counts_as_one_call_of_its_own_role():
    with Limit("run") as limit:
        assert dry(lambda messages: f"You said {messages[0]['content']}") == "You said Hello."
    assert limit.usage().calls == {"dry": 1}


def test_a_target_that_raises_is_unreachable():
    with pytest.raises(UnreachableError, match="mine failed to answer a greeting: ZeroDivisionError: division by zero"):
        dry(lambda messages: 1 / 0)


@pytest.mark.parametrize("error", [SystemExit("out"), asyncio.CancelledError()])
def test_a_target_that_exits_or_cancels_itself_is_unreachable(error):
    class Absent(ScriptedTarget):
        def begin(self, brief, stream):
            raise error

    for target in (ScriptedTarget([error]), Absent()):
        with pytest.raises(UnreachableError, match=f"scripted failed to answer a greeting: .*{type(error).__name__}: "):
            asyncio.run(dry_call(target, SCENARIO))


def test_a_target_that_hangs_is_unreachable():
    gate = threading.Event()
    with pytest.raises(UnreachableError, match=r"mine did not answer a greeting within 0\.05 s"):
        dry(lambda messages: gate.wait(), timeout=0.05)
    gate.set()


@pytest.mark.parametrize("junk", [None, b"x", "", "a" * 10_000_000, 3])
def test_a_reply_that_is_no_text_is_wrong_input(junk):
    with pytest.raises(InputError, match="target mine: expected a reply that is text, to a greeting"):
        dry(lambda messages: junk)


def test_no_dry_call_is_made_past_the_limit():
    with Limit("run", calls=0), pytest.raises(BudgetExceeded, match="limit of 0 calls"):
        dry(lambda messages: "x")
