"""A language model as a respondent, with fake chat models."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.globals import set_llm_cache
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda
from pydantic import BaseModel

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.model_respondent import ModelRespondent
from outskirts.personas.measurement import measure
from outskirts.personas.persona import Persona
from outskirts.personas.questionnaires.instruments import instrument
from outskirts.sim.errors import BudgetExceeded, InputError, UnreachableError
from outskirts.sim.limits import Limit
from outskirts.sim.protocols import Question, Respondent
from outskirts.sim.seeds import Stream
from outskirts.sim.testing.conformance import RespondentConformance
from tests.agents.chat_fakes import FunctionChat, ToolChat, likert, planted
from tests.personas.respondents import make_people, make_questionnaire

TWO = (Question(id="a", text="I like rain."), Question(id="b", text="I like snow."))
QUICK = ModelSettings(pause=0.0)


def ask(model: Any, questions: Any = TWO, run: int = 0, settings: ModelSettings = QUICK, **options: Any) -> tuple[Any, ModelRespondent]:
    respondent = ModelRespondent(model, settings=settings, **options)
    return asyncio.run(respondent.answer("I am Ada.", questions, Stream(0, "p", run, "respondent"))), respondent


class TestConformance(RespondentConformance):
    def make(self) -> Respondent:
        return ModelRespondent(FunctionChat(reply=lambda messages: likert(4)))


@pytest.fixture
def cache() -> Iterator[None]:
    set_llm_cache(InMemoryCache())
    yield
    set_llm_cache(None)


def test_every_item_is_asked_alone_as_one_system_and_one_human_message() -> None:
    model = FunctionChat(reply=lambda messages: likert(4))
    ask(model)
    assert [[m.type for m in messages] for messages in model.seen] == [["system", "human"]] * 2
    asked = [str(messages[1].content) for messages in model.seen]
    assert ["rain" in text for text in asked] == [True, False]
    assert ["snow" in text for text in asked] == [False, True]


def test_a_published_instrument_is_put_to_a_model_in_its_own_words() -> None:
    model, asked = FunctionChat(reply=lambda messages: likert("very accurate")), instrument("ipip-50").questionnaire
    ann = Persona(id="p0", name="Ann", position=dict.fromkeys(asked.names, 0.5), description="I am Ann.")
    found = asyncio.run(measure([ann], asked, ModelRespondent(model), runs=1))
    sent = "\n".join(str(message.content) for messages in model.seen for message in messages)
    assert "\n1 = very inaccurate\n" in sent
    assert "agree" not in sent.replace("agreeable", "")
    assert (found.answers == 5).all()


def test_the_model_sees_person_and_context_but_neither_axis_nor_key() -> None:
    asked = make_questionnaire().model_copy(update={"context": "At the harbour."})
    model = FunctionChat(reply=lambda messages: likert(4))
    respondent = ModelRespondent(model, asked)
    asyncio.run(respondent.answer("I am Ada.", [Question(id="a1_0", text="Ships are fine.")], Stream(0)))
    sent = "\n".join(str(message.content) for message in model.seen[0])
    assert "I am Ada." in sent
    assert "At the harbour." in sent
    assert "a1" not in sent


@pytest.mark.parametrize("kind", [FunctionChat, ToolChat])
def test_a_planted_model_is_measured_where_its_rule_says(kind: type[FunctionChat]) -> None:
    people = make_people([[0.0, 1.0], [0.5, 0.5], [1.0, 0.0], [1.0, 1.0]])
    model = kind(reply=planted(gain=0.5))
    found = asyncio.run(measure(people, make_questionnaire(points=5), ModelRespondent(model), runs=2))
    # half of the way from the centre, on five points: answers 2, 3 and 4
    assert found.run_means == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5], [0.75, 0.25], [0.75, 0.75]]))
    assert [one and one.slope for one in found.fidelity.values()] == pytest.approx([0.5, 0.5])
    assert found.unreadable == 0
    assert len(model.seen) == 4 * 2 * 8


def test_structured_output_is_used_where_the_model_has_it() -> None:
    model = ToolChat(reply=lambda messages: likert(2))
    answers, _ = ask(model)
    assert answers == [2, 2]
    assert all("tools" in kwargs for kwargs in model.kwargs_seen)


def test_a_model_that_ignores_its_structured_output_is_read_as_text() -> None:
    assert ask(ToolChat(reply=lambda messages: "Sure:\n" + likert(5)))[0] == [5, 5]


def test_a_model_with_synchronous_methods_only_answers_too() -> None:
    assert ask(FakeListChatModel(responses=[likert(1), likert(1)]))[0] == [1, 1]


class Parsed(BaseModel):
    answer: int


@pytest.mark.parametrize("result", [likert(3), {"answer": 3}, Parsed(answer=3), AIMessage(likert(3)), {"raw": AIMessage("x"), "answer": 3}])
def test_any_runnable_from_messages_may_answer(result: object) -> None:
    async def reply(messages: object) -> object:
        return result

    assert ask(RunnableLambda(reply))[0] == [3, 3]


def test_an_unreadable_reply_is_asked_for_again_with_the_reason_and_without_the_reply() -> None:
    model = FunctionChat(reply=lambda messages: likert(9) if len(messages[1].content) < 900 and len(model.seen) == 1 else likert(2))
    answers, respondent = ask(model, TWO[:1])
    assert answers == [2]
    assert "off the scale, which runs from 1 to 5." in str(model.seen[1][1].content)
    assert "Sip." not in str(model.seen[1])
    assert respondent.usage.calls == 2
    assert not respondent.unreadable_heads


@pytest.mark.parametrize("reply", ["I would rather not.", likert(6), likert(None), "", "{}"])
def test_after_two_re_asks_the_answer_is_none_and_the_head_is_kept(reply: str) -> None:
    answers, respondent = ask(FunctionChat(reply=lambda messages: reply), TWO[:1])
    assert answers == [None]
    assert respondent.usage.calls == 3
    (kept,) = respondent.unreadable_heads
    assert (kept.item, kept.head) == ("a", reply)


def test_unreadable_answers_are_counted_and_only_the_last_heads_are_kept() -> None:
    respondent = ModelRespondent(FunctionChat(reply=lambda messages: "no"))
    found = asyncio.run(measure(make_people([[0, 0], [1, 1]]), make_questionnaire(), respondent, runs=2))
    assert found.unreadable == 2 * 2 * 8
    assert not found.measured.any()
    assert len(respondent.unreadable_heads) == 20


class Status(Exception):
    def __init__(self, status_code: int, text: str = "no") -> None:
        self.status_code = status_code
        super().__init__(text)


@pytest.mark.parametrize("error", [Status(429), Status(500), Status(503), ValueError("no JSON")])
def test_a_fault_that_may_pass_is_retried(error: Exception) -> None:
    model = FunctionChat(reply=lambda messages: error if len(model.seen) <= 2 else likert(4))
    answers, respondent = ask(model, TWO[:1])
    assert answers == [4]
    assert respondent.usage.calls == 3


@pytest.mark.parametrize(("error", "calls"), [(Status(500), 4), (Status(401), 1), (Status(404), 1), (ConnectionError("refused"), 1)])
def test_a_model_that_never_answers_is_called_so_often_and_raises(error: Exception, calls: int) -> None:
    model = FunctionChat(reply=lambda messages: error)
    with pytest.raises(type(error), match=r"no|refused"):
        ask(model, TWO[:1])
    assert len(model.seen) == calls


def test_a_lost_connection_is_retried_once_the_model_was_heard() -> None:
    model = FunctionChat(reply=lambda messages: ConnectionError("lost") if len(model.seen) == 2 else likert(4))
    assert ask(model, settings=ModelSettings(pause=0.0, concurrency=1))[0] == [4, 4]


def test_what_a_model_raises_becomes_an_error_that_names_model_and_person() -> None:
    respondent = ModelRespondent(FunctionChat(reply=lambda messages: Status(403, "not for you")), name="mine", settings=QUICK)
    with pytest.raises(UnreachableError, match="the respondent mine failed to answer as person p0: Status: not for you"):
        asyncio.run(measure(make_people([[0, 0]]), make_questionnaire(), respondent, runs=1))


def test_an_exit_of_the_models_code_is_an_error_and_not_the_end() -> None:
    def leave(messages: object) -> str:
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        ask(RunnableLambda(leave), TWO[:1], settings=ModelSettings(attempts=1))


def test_a_model_that_hangs_runs_into_the_time_out() -> None:
    async def hang(messages: object) -> str:
        await asyncio.Event().wait()
        return ""

    with pytest.raises(TimeoutError, match=r"no reply within 0\.01 s"):
        ask(RunnableLambda(hang), TWO[:1], settings=ModelSettings(timeout=0.01))


def test_no_more_calls_run_at_once_than_allowed() -> None:
    running: list[int] = [0]
    most: list[int] = [0]

    async def reply(messages: object) -> str:
        running[0] += 1
        most[0] = max(most[0], running[0])
        await asyncio.sleep(0)
        running[0] -= 1
        return likert(3)

    ask(RunnableLambda(reply), [Question(id=str(i), text="?") for i in range(20)], settings=ModelSettings(concurrency=3))
    assert most == [3]


@pytest.mark.parametrize("status", [400, 422])
def test_a_model_that_refuses_structured_output_is_asked_without(status: int) -> None:
    model = ToolChat(reply=lambda messages: Status(status) if "tools" in model.kwargs_seen[-1] else likert(4))
    answers, respondent = ask(model)
    assert answers == [4, 4]
    assert respondent.usage.calls <= 4


def test_an_item_that_is_refused_once_others_were_answered_is_unreadable() -> None:
    model = FunctionChat(reply=lambda messages: Status(400, "filtered") if "snow" in str(messages[1].content) else likert(4))
    answers, respondent = ask(model, settings=ModelSettings(concurrency=1))
    assert answers == [4, None]
    assert "filtered" in respondent.unreadable_heads[0].head


def test_runs_differ_in_seed_and_the_same_run_has_the_same() -> None:
    class Seeded(FunctionChat):
        seed: int | None = None

        async def _agenerate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> Any:
            seeds.append(self.seed)
            return await super()._agenerate(messages, stop, run_manager, **kwargs)

    seeds: list[int | None] = []
    model = Seeded(reply=lambda messages: likert(4), seed=7)
    for run in (0, 1, 0):
        ask(model, TWO[:1], run=run)
    assert None not in seeds
    assert seeds[0] == seeds[2] != seeds[1]


@pytest.mark.usefixtures("cache")
def test_a_cache_never_answers_one_run_from_another() -> None:
    model = FunctionChat(reply=lambda messages: likert(4))
    for run in (0, 1, 0):
        ask(model, run=run)
    assert len(model.seen) == 4  # two items in run 0 and in run 1; run 0 again comes from the cache


def test_calls_and_tokens_are_counted_also_against_open_limits() -> None:
    usage = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    model = FunctionChat(reply=lambda messages: AIMessage(likert(4), usage_metadata=usage))
    with Limit("run") as limit:
        _, respondent = ask(model)
    assert (respondent.usage.calls, respondent.usage.input_tokens, respondent.usage.output_tokens) == (2, 20, 10)
    assert limit.usage().calls == {"respondent": 2}
    assert limit.usage().tokens == {"respondent": 30}


def test_a_limit_on_calls_ends_the_asking() -> None:
    model = FunctionChat(reply=lambda messages: likert(4))
    with Limit("run", calls=1), pytest.raises(BudgetExceeded, match="the run's limit of 1 calls was reached"):
        ask(model)
    assert len(model.seen) == 1


def test_the_dry_call_asks_one_harmless_question_before_anything_else() -> None:
    model = FunctionChat(reply=lambda messages: likert(4))
    ask(model, dry_call=True)
    assert len(model.seen) == 3
    assert "Ada" not in str(model.seen[0])
    assert "tea" in str(model.seen[0])


def test_a_dry_call_that_fails_costs_one_call_however_many_wait() -> None:
    model = FunctionChat(reply=lambda messages: Status(401, "no such key"))
    respondent = ModelRespondent(model, name="mine", dry_call=True)
    with pytest.raises(UnreachableError, match="the model mine failed to answer a first harmless question: Status: no such key"):
        asyncio.run(measure(make_people([[0, 0], [1, 1]]), make_questionnaire(), respondent, runs=3))
    assert len(model.seen) == 1


def test_a_model_that_cannot_keep_the_form_is_refused_by_the_dry_call() -> None:
    with pytest.raises(InputError, match=r"respondent mine: .* harmless question, got 'Four\.'\. It was asked 3 times"):
        ask(FunctionChat(reply=lambda messages: "Four."), name="mine", dry_call=True)


def test_secrets_stand_neither_in_errors_nor_in_kept_replies() -> None:
    with pytest.raises(RuntimeError, match=r"^Status: bad key \*\*\*$"):
        ask(FunctionChat(reply=lambda messages: Status(401, "bad key sk-12345")), secrets=("sk-12345",))
    _, respondent = ask(FunctionChat(reply=lambda messages: "My key is sk-12345."), TWO[:1], secrets=("sk-12345",))
    assert respondent.unreadable_heads[0].head == "My key is ***."


def test_a_secret_at_the_end_of_a_long_error_is_not_half_told() -> None:
    with pytest.raises(RuntimeError, match=r"x\*\*\*$"):
        ask(FunctionChat(reply=lambda messages: Status(401, "x" * 488 + "sk-12345")), secrets=("sk-12345",))


def test_whoever_is_cancelled_cancels_the_calls_under_way() -> None:
    ended: list[str] = []

    async def hang(messages: object) -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        return ""

    async def given_up() -> None:
        task = asyncio.ensure_future(ModelRespondent(RunnableLambda(hang)).answer("I am Ada.", TWO, Stream(0, "p", 0)))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()

    asyncio.run(given_up())
    assert ended == ["cancelled"] * 2


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(InputError, match="model: expected a LangChain chat model or Runnable, got 'function'"):
        ModelRespondent(ask)


def test_a_respondent_answers_in_one_event_loop_after_another() -> None:
    respondent = ModelRespondent(FunctionChat(reply=lambda messages: likert(4)), settings=ModelSettings(concurrency=1), dry_call=True)
    for run in range(3):
        assert asyncio.run(respondent.answer("I am Ada.", TWO, Stream(0, "p", run))) == [4, 4]
    assert json.dumps(respondent.usage.calls) == "7"
