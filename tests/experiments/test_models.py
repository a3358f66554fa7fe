"""Language models by SPEC: as respondents and as writers for generators. Nothing is contacted here."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from outskirts.agents.model_respondent import ModelRespondent
from outskirts.agents.text_model import LangChainTextModel
from outskirts.experiments.naming.models import as_batch, make_text_model, secrets, shown
from outskirts.experiments.naming.registry import make_respondent
from outskirts.experiments.naming.spec import parse_spec, require_kind, split_endpoint
from outskirts.sim.errors import InputError, UnreachableError
from outskirts.sim.protocols import Question
from outskirts.sim.seeds import Stream
from tests.personas.respondents import make_questionnaire

ASKED = make_questionnaire()
HERE = "openai:test@http://127.0.0.1:9/v1"
MINE = """
from langchain_core.language_models import FakeListChatModel
from langchain_core.runnables import RunnableLambda

REPLY = '{"answer": 4}'
model = FakeListChatModel(responses=[REPLY])
chain = RunnableLambda(lambda messages: REPLY)

def make(*, answer=4):
    return FakeListChatModel(responses=['{"answer": %d}' % answer])

def about(questionnaire):
    return FakeListChatModel(responses=['{"answer": %d}' % len(questionnaire.axes)])

class Chat(FakeListChatModel):
    responses: list[str] = [REPLY]

class Respondent:
    name = "own"
    async def answer(self, description, questions, stream):
        return [2 for _ in questions]

class Writer:
    name = "own"
    async def complete(self, prompts):
        return [p.upper() for p in prompts]

respondent, writer, number = Respondent(), Writer(), 3
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)


def answers(spec: str) -> Any:
    return asyncio.run(make_respondent(spec, ASKED).answer("I am Ada.", [Question(id="a", text="Rain?")], Stream(0, "p", 0)))


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("attribute", "answer"),
    [("model", 4), ("chain", 4), ("make", 4), ("make?answer=5", 5), ("about", 2), ("Chat", 4), ("respondent", 2), ("Respondent", 2)],
)
def test_a_respondent_of_ones_own_is_a_respondent_a_model_or_a_factory_of_one(attribute: str, answer: int) -> None:
    assert answers(f"python:mine.py:{attribute}") == [answer]


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("attribute", ["model", "chain", "make", "Chat"])
def test_a_writer_of_ones_own_may_be_a_model_or_a_factory_of_one(attribute: str) -> None:
    assert as_batch(make_text_model(f"python:mine.py:{attribute}"))(["a", "b"]) == ['{"answer": 4}'] * 2


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("attribute", ["writer", "Writer"])
def test_a_writer_of_ones_own_may_be_a_text_model(attribute: str) -> None:
    assert as_batch(make_text_model(f"python:mine.py:{attribute}"))(["a", "b"]) == ["A", "B"]


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("number", "respondent: expected a Respondent with a name and answer.*, or a LangChain chat model or Runnable, got 'int'"),
        ("writer", "expected a Respondent with a name and answer.*, got 'Writer'"),
        ("model?timeout=0", r"respondent mine\.py:model\.timeout: expected a number above 0, got 0"),
        ("model?timeot=5", "Did you mean 'timeout'"),
        ("model?temperature=1", "got 'temperature'"),
        ("model?concurrency=0", "expected a whole number of 1 or more, got 0"),
        ("respondent?timeout=5", "expected no options, got 'timeout'"),
        ("make?anser=5", "Did you mean 'answer'"),
    ],
)
def test_what_cannot_answer_is_refused_in_one_line(attribute: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_respondent(f"python:mine.py:{attribute}", ASKED)


@pytest.mark.usefixtures("mine")
def test_options_of_a_wrapped_model_and_its_name_are_those_of_the_spec() -> None:
    made = make_respondent("python:mine.py:model?timeout=5&concurrency=2", ASKED)
    assert made.name == "python:mine.py:model?concurrency=2&timeout=5"


def test_an_endpoint_is_named_without_being_contacted() -> None:
    made = make_respondent(f"{HERE}?temperature=0.7&timeout=5&concurrency=2", ASKED)
    assert isinstance(made, ModelRespondent)
    assert made.name == f"{HERE}?concurrency=2&temperature=0.7&timeout=5"
    assert isinstance(make_text_model(HERE), LangChainTextModel)


def test_a_provider_is_named_without_being_contacted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-key-at-all")
    assert make_respondent("chat:openai:some-model?temperature=1", ASKED).name == "chat:openai:some-model?temperature=1"
    assert make_text_model("chat:openai:some-model").name == "chat:openai:some-model"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "chat:nobody:some-model",
            "respondent: expected a model that LangChain can make, got 'nobody:some-model'. ValueError: Unsupported provider",
        ),
        ("chat:anthropic:some-model", "expected a provider whose package is installed, got 'anthropic'.*pip install langchain-anthropic"),
        (f"{HERE}?temperature=-1", "temperature: expected a number of 0 or more, got -1"),
        (
            f"{HERE}?top_p=1",
            "expected one of the options attempts, concurrency, pause, rate, temperature, timeout, token_rate, got 'top_p'",
        ),
        ("openai:test", r"respondent: expected openai:MODEL@BASE_URL, got 'openai:test'\.$"),
        ("openai:test@127.0.0.1:9", "expected openai:MODEL@BASE_URL"),
        ("chat:openai", r"respondent: expected chat:PROVIDER:MODEL, got 'chat:openai'\.$"),
        ("http://127.0.0.1:9/", "expected a registered respondent, chat:PROVIDER:MODEL, openai:MODEL@BASE_URL or python:path/file.py:attr"),
    ],
)
def test_a_model_that_cannot_be_made_is_refused_in_one_line(spec: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_respondent(spec, ASKED)


@pytest.mark.parametrize(("package", "spec"), [("langchain_openai", HERE), ("langchain.chat_models", "chat:openai:some-model")])
def test_missing_packages_are_told_with_what_installs_them(package: str, spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, "outskirts.agents.endpoint", raising=False)
    with pytest.raises(InputError, match=r'model: expected the packages for .* Install them: pip install "outskirts\[models\]"'):
        make_text_model(spec)


def test_no_key_is_a_line_and_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(InputError, match=r"respondent: expected a model that LangChain can make, got 'openai:some-model'.*OPENAI_API_KEY"):
        make_respondent("chat:openai:some-model", ASKED)


def test_a_registered_name_is_no_model() -> None:
    with pytest.raises(InputError, match=r"model: expected chat:PROVIDER:MODEL, openai:MODEL@BASE_URL or python:.*, got 'lexical'"):
        make_text_model("lexical")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("m@http://127.0.0.1:1/v1", ("m", "http://127.0.0.1:1/v1")),
        ("org/m@2@https://127.0.0.1/v1", ("org/m@2", "https://127.0.0.1/v1")),
        ("m@http://me:you@127.0.0.1/v1", ("m", "http://me:you@127.0.0.1/v1")),
        ("@http://127.0.0.1", None),
        ("m@", None),
        ("m@http://", None),
    ],
)
def test_model_and_address_of_an_endpoint_are_told_apart(name: str, parts: tuple[str, str] | None) -> None:
    assert split_endpoint(name) == parts


def test_a_login_in_an_address_is_shown_nowhere() -> None:
    spec = parse_spec("openai:m@http://me:secret@127.0.0.1:9/v1", "respondent")
    assert shown(spec) == "openai:m@http://127.0.0.1:9/v1"
    assert "me:secret" in secrets(spec)
    assert make_respondent(spec, ASKED).name == "openai:m@http://127.0.0.1:9/v1"


def test_keys_of_the_environment_are_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "sk-0123456789")
    monkeypatch.setenv("SOME_TOKEN", "short")
    found = secrets(parse_spec(HERE, "model"))
    assert "sk-0123456789" in found
    assert "short" not in found


@pytest.mark.parametrize("role", ["generator", "scenario"])
def test_other_roles_take_no_named_model(role: Any) -> None:
    with pytest.raises(InputError, match=f"This version does not run openai:MODEL@BASE_URL as a {role}"):
        require_kind(parse_spec(HERE, role), role)


class Odd:
    name = "odd"

    def __init__(self, texts: Any) -> None:
        self.texts = texts

    async def complete(self, prompts: Any) -> Any:
        if isinstance(self.texts, Exception):
            raise self.texts
        return self.texts


@pytest.mark.parametrize(("texts", "got"), [(["a"], "1 of them"), ("ab", "str"), (None, "NoneType"), (["a", 3], "int")])
def test_a_batch_that_does_not_fit_its_prompts_is_refused(texts: Any, got: str) -> None:
    with pytest.raises(InputError, match=f"model odd: expected a list of 2 texts, got '{got}'"):
        as_batch(Odd(texts))(["x", "y"])


def test_what_a_model_raises_comes_out_of_its_batch() -> None:
    with pytest.raises(UnreachableError, match="gone"):
        as_batch(Odd(UnreachableError("gone")))(["x"])


def test_a_batch_can_be_asked_for_while_an_event_loop_runs() -> None:
    async def inside() -> list[str]:
        return as_batch(Odd(["z"]))(["x"])

    assert asyncio.run(inside()) == ["z"]
