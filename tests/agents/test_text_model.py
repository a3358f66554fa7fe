"""A language model as a writer for generators, with fake chat models."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.globals import set_llm_cache
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.text_model import LangChainTextModel
from outskirts.sim.errors import InputError, UnreachableError
from outskirts.sim.protocols import TextModel
from outskirts.sim.testing.conformance import TextModelConformance
from tests.agents.chat_fakes import FunctionChat

QUICK = ModelSettings(pause=0.0)


def echo(messages: list[Any]) -> str:
    return f"You said {messages[0].content}"


class TestConformance(TextModelConformance):
    def make(self) -> TextModel:
        return LangChainTextModel(FunctionChat(reply=echo))


@pytest.fixture
def cache() -> Iterator[None]:
    set_llm_cache(InMemoryCache())
    yield
    set_llm_cache(None)


def test_texts_come_in_the_order_of_the_prompts_whatever_finishes_first() -> None:
    first = asyncio.Event()

    async def reply(messages: list[Any]) -> str:
        if messages[0].content == "one":
            await first.wait()
        else:
            first.set()
        return str(messages[0].content).upper()

    assert asyncio.run(LangChainTextModel(RunnableLambda(reply)).complete(["one", "two"])) == ["ONE", "TWO"]


def test_every_prompt_is_a_conversation_of_its_own() -> None:
    model = FunctionChat(reply=echo)
    assert asyncio.run(LangChainTextModel(model).complete(["a", "b"])) == ["You said a", "You said b"]
    assert [len(messages) for messages in model.seen] == [1, 1]


@pytest.mark.parametrize("bad", [ValueError("flaky"), "", AIMessage(""), "  \n"])
def test_a_prompt_that_fails_is_retried(bad: Any) -> None:
    model = FunctionChat(reply=lambda messages: bad if len(model.seen) == 1 else "fine")
    assert asyncio.run(LangChainTextModel(model, QUICK).complete(["a"])) == ["fine"]


def test_a_prompt_that_keeps_failing_says_which_one_it_is() -> None:
    model = FunctionChat(reply=lambda messages: ValueError("boom") if messages[0].content == "be\nbad" else "fine")
    with pytest.raises(UnreachableError, match=r"the model mine failed on prompt 2 of 3 \('be bad'\): ValueError: boom"):
        asyncio.run(LangChainTextModel(model, QUICK, name="mine").complete(["ok", "be\nbad", "ok"]))
    assert sum("bad" in str(messages[0].content) for messages in model.seen) == 4


def test_a_reply_without_text_is_said_to_be_empty() -> None:
    with pytest.raises(UnreachableError, match=r"prompt 1 of 1 .*ValueError: the reply was empty"):
        asyncio.run(LangChainTextModel(FunctionChat(reply=lambda messages: ""), QUICK).complete(["a"]))


@pytest.mark.parametrize(("prompts", "got"), [("a", "'a'"), ([""], "''"), ([3], "3")])
def test_prompts_that_are_no_texts_are_refused(prompts: Any, got: str) -> None:
    with pytest.raises(InputError, match=f"prompts: expected a list of texts, got {got}"):
        asyncio.run(LangChainTextModel(FunctionChat(reply=echo)).complete(prompts))


@pytest.mark.usefixtures("cache")
def test_a_cache_never_answers_one_prompt_or_batch_from_another() -> None:
    model = FunctionChat(reply=lambda messages: f"text {len(model.seen)}")
    writer = LangChainTextModel(model)
    texts = [asyncio.run(writer.complete(["same", "same"])) for _ in range(2)]
    assert sorted(text for batch in texts for text in batch) == ["text 1", "text 2", "text 3", "text 4"]


@pytest.mark.usefixtures("cache")
def test_the_same_batches_of_another_writer_come_from_the_cache() -> None:
    model = FunctionChat(reply=lambda messages: f"text {len(model.seen)}")
    first, again = (asyncio.run(LangChainTextModel(model, seed=5).complete(["a", "b"])) for _ in range(2))
    assert first == again
    assert len(model.seen) == 2


def test_seeds_differ_by_prompt_and_by_the_writers_seed() -> None:
    class Seeded(FunctionChat):
        seed: int | None = None

        async def _agenerate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> Any:
            seeds.append(self.seed)
            return await super()._agenerate(messages, stop, run_manager, **kwargs)

    seeds: list[int | None] = []
    for seed in (0, 1):
        asyncio.run(LangChainTextModel(Seeded(reply=echo), seed=seed).complete(["a", "a"]))
    assert len(set(seeds)) == 4


def test_calls_are_counted_with_the_dry_one() -> None:
    writer = LangChainTextModel(FunctionChat(reply=echo), dry_call=True)
    asyncio.run(writer.complete(["a", "b"]))
    assert writer.usage.calls == 3


def test_a_dry_call_that_fails_sends_no_prompt() -> None:
    model = FunctionChat(reply=lambda messages: ConnectionRefusedError("nobody there"))
    with pytest.raises(UnreachableError, match="the model mine failed to answer a first harmless prompt: ConnectionRefusedError"):
        asyncio.run(LangChainTextModel(model, name="mine", dry_call=True).complete(["a", "b"]))
    assert len(model.seen) == 1


def test_control_characters_are_taken_out_of_texts() -> None:
    assert asyncio.run(LangChainTextModel(FunctionChat(reply=lambda messages: "a\x00b")).complete(["a"])) == ["ab"]
