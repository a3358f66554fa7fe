"""Replies that were paid for: the same draw is answered from the cache, a repeat and a target never are."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.globals import set_llm_cache
from langchain_core.messages import AIMessage, HumanMessage

from outskirts.agents.chat_models import ChatSettings, ModelSettings, endpoint_chat
from outskirts.agents.model_calls import ModelCalls
from outskirts.agents.model_respondent import ModelRespondent
from outskirts.agents.response_cache import FILE, ReplyCache, caching, kept
from outskirts.agents.runnables import RunnableTarget
from outskirts.sim import secrets
from outskirts.sim.errors import InputError
from outskirts.sim.limits import Limit
from outskirts.sim.protocols import Question
from outskirts.sim.seeds import Stream
from tests.agents.chat_fakes import FunctionChat, ToolChat, likert
from tests.integration.chat_server import chat_server

USAGE = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
QUESTION = Question(id="trust", text="I tell a stranger what troubles me.", points=5)


def counting(model: type[FunctionChat] = FunctionChat) -> Any:
    return kept(model(reply=lambda messages: AIMessage(likert(2), usage_metadata=USAGE)))


def answers(model: Any, replicate: int, person: str = "Ada.") -> list[int | None]:
    respondent = ModelRespondent(model)
    return asyncio.run(respondent.answer(person, [QUESTION], Stream(0, "ada", replicate, "respondent")))


@pytest.mark.parametrize("kind", [FunctionChat, ToolChat])
def test_the_same_draw_comes_from_the_cache_and_a_repeat_does_not(kind: type[FunctionChat], tmp_path: Path) -> None:
    model = counting(kind) if kind is FunctionChat else kept(kind(reply=lambda messages: likert(2)))
    with caching(tmp_path):
        assert answers(model, 0) == answers(model, 0) == [2]
        assert len(model.seen) == 1
        answers(model, 1)
        answers(model, 0, "Somebody else.")
    assert len(model.seen) == 3
    with caching(tmp_path):  # another session
        answers(model, 1)
    assert len(model.seen) == 3
    answers(model, 0)  # outside of a run there is no cache
    assert len(model.seen) == 4


def test_what_comes_from_the_cache_is_not_counted(tmp_path: Path) -> None:
    model = counting()
    with caching(tmp_path):
        answers(model, 0)
        with Limit("run", calls=1) as limit:
            respondent = ModelRespondent(model)
            for _ in range(3):
                asyncio.run(respondent.answer("Ada.", [QUESTION], Stream(0, "ada", 0, "respondent")))
    assert (limit.usage().calls, limit.usage().tokens) == ({"respondent": 0}, {})
    assert (respondent.usage.calls, respondent.usage.total_tokens) == (0, 0)


def test_a_prompt_without_a_path_is_never_answered_from_the_cache(tmp_path: Path) -> None:
    model = counting()
    calls = ModelCalls(model, "m", "player", ModelSettings())
    with caching(tmp_path):
        for _ in range(2):
            asyncio.run(calls.call(model, [HumanMessage("Hello.")], {}, lambda result: result))
    assert len(model.seen) == 2


def test_a_target_is_never_cached_not_even_by_the_users_own_cache(tmp_path: Path) -> None:
    model = FunctionChat(reply=lambda messages: "Go on.")
    target = RunnableTarget(model, "bot")
    message = HumanMessage("Hello.", response_metadata={"outskirts_run": "0/ada/0"})
    set_llm_cache(InMemoryCache())
    try:
        with caching(tmp_path):
            for _ in range(2):
                asyncio.run(target.reply(target.runnable, [message], {"key": "k"}))
    finally:
        set_llm_cache(None)
    assert len(model.seen) == 2


def test_a_reply_is_kept_as_it_is_said_in_a_dialogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_hidden", set())
    monkeypatch.setattr(secrets, "_guessed", set())
    secrets.hide(["password"], guessed=True)
    secrets.hide(["sk-0123456789"])
    cache = ReplyCache(tmp_path)
    cache.put("a", '{"response_password": "I forgot my password sk-0123456789."}')
    assert cache.get("a") == '{"response_password": "I forgot my password ***."}'
    cache.close()


def test_a_cache_of_the_users_own_is_left_alone() -> None:
    own = InMemoryCache()
    assert kept(FunctionChat(reply=lambda messages: "a", cache=own)).cache is own


CHILD = """
import asyncio, sys
from pathlib import Path
from outskirts.agents.chat_models import ChatSettings, endpoint_chat
from outskirts.agents.model_respondent import ModelRespondent
from outskirts.agents.response_cache import caching, kept
from outskirts.sim.protocols import Question
from outskirts.sim.seeds import Stream
model = kept(endpoint_chat("test", sys.argv[1], "none", ChatSettings()))
with caching(Path(sys.argv[2])):
    question = Question(id="trust", text="I tell a stranger what troubles me.", points=5)
    print(asyncio.run(ModelRespondent(model).answer("Ada.", [question], Stream(0, "ada", 0, "respondent"))))
"""


@pytest.mark.slow
def test_another_process_is_answered_from_the_cache(tmp_path: Path) -> None:
    with chat_server() as server:
        model = kept(endpoint_chat("test", server.url, "none", ChatSettings()))
        with caching(tmp_path):
            assert answers(model, 0) == [4]
        before = len(server.requests)
        done = subprocess.run([sys.executable, "-c", CHILD, server.url, str(tmp_path)], capture_output=True, text=True, check=True)
        assert (done.stdout.strip(), len(server.requests)) == ("[4]", before)
        assert b"none" not in (tmp_path / FILE).read_bytes()  # the key


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cache: expected a folder in which a SQLite file can be kept"), caching(tmp_path / "file"):
        pass
    (tmp_path / FILE).write_text("no database " * 100)
    with pytest.raises(InputError, match="cache: expected a folder"), caching(tmp_path):
        pass
