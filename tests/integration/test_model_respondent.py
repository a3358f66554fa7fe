"""A language model behind an OpenAI-compatible endpoint on loopback, as ChatOpenAI meets it, and through the command line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from outskirts.experiments.naming.models import as_batch, make_text_model
from outskirts.experiments.naming.registry import make_respondent
from outskirts.personas.people_file import write_people
from outskirts.sim.errors import InputError, UnreachableError
from outskirts.sim.protocols import Question
from outskirts.sim.seeds import Stream
from tests.integration.chat_server import ANSWER, ChatServer, Reply, Sent, chat_server, closed_port, completion, likert
from tests.integration.conftest import Cli
from tests.personas.respondents import make_people, make_questionnaire

TWO = (Question(id="a", text="I like rain."), Question(id="b", text="I like snow."))


def ask(server: ChatServer, run: int = 0, questions: tuple[Question, ...] = TWO, options: str = "") -> tuple[list[int | None], Any]:
    respondent: Any = make_respondent(f"openai:test@{server.url}?pause=0&concurrency=1{options}", make_questionnaire())
    return asyncio.run(respondent.answer("I am Ada.", questions, Stream(0, "p", run, "respondent"))), respondent


def test_each_item_is_a_request_of_its_own_with_a_schema_and_a_seed() -> None:
    with chat_server() as server:
        answers, respondent = ask(server, options="&temperature=0.7")
    assert answers == [4, 4]
    assert [[m["role"] for m in request["messages"]] for request in server.requests] == [["system", "user"]] * 3  # the first is dry
    assert {request["response_format"]["type"] for request in server.requests} == {"json_schema"}
    assert {request["temperature"] for request in server.requests} == {0.7}
    assert all(isinstance(request["seed"], int) for request in server.requests)
    assert set(server.paths) == {"/v1/chat/completions"}
    assert (respondent.usage.calls, respondent.usage.total_tokens) == (3, 54)


def test_runs_are_sent_different_seeds_and_nothing_of_the_run_in_the_text() -> None:
    with chat_server() as server:
        ask(server, 0)
        ask(server, 1)
    first, second = server.requests[1], server.requests[4]
    assert first["seed"] != second["seed"]
    assert first["messages"] == second["messages"]


def test_without_a_key_the_endpoint_gets_none_and_else_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with chat_server() as server:
        ask(server)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
        ask(server)
    assert [headers["authorization"] for headers in server.headers] == ["Bearer none"] * 3 + ["Bearer sk-0123456789"] * 3


def fenced(request: dict[str, Any], number: int) -> str:
    return f"Here it is:\n```json\n{json.dumps(ANSWER)}\n```"


def no_structure(request: dict[str, Any], number: int) -> Sent | str:
    return Sent('{"error": {"message": "response_format?"}}', 400) if "response_format" in request else likert(request, number)


def no_seed(request: dict[str, Any], number: int) -> Sent | str:
    return Sent('{"error": {"message": "seed?"}}', 422) if "seed" in request else likert(request, number)


def busy(request: dict[str, Any], number: int) -> Sent | str:
    return Sent('{"error": {"message": "busy"}}', 429, {"Retry-After": "0"}) if number % 3 else likert(request, number)


def broken(request: dict[str, Any], number: int) -> Sent | str:
    return Sent("oops", 500, kind="text/plain") if number % 3 != 2 else likert(request, number)


def garbage(request: dict[str, Any], number: int) -> Sent | str:
    choices = completion("x").replace('"choices": [', '"choices": [], "others": [')
    return {1: Sent("<html>", kind="text/html"), 2: Sent(choices), 3: Sent('{"cut')}.get(number, likert(request, number))


@pytest.mark.parametrize(
    ("reply", "calls"), [(likert, 3), (fenced, 3), (no_structure, 5), (no_seed, 4), (busy, 7), (broken, 9), (garbage, 6)]
)
def test_an_endpoint_with_its_own_ways_is_understood(reply: Reply, calls: int) -> None:
    with chat_server(reply) as server:
        assert ask(server)[0] == [4, 4]
    assert len(server.requests) == calls


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("I would say four.", "no JSON object"),
        (json.dumps(ANSWER | {"answer": 7}), "off the scale"),
        (Sent(completion("")), "it was empty"),
        (Sent(completion(None)), "it was empty"),
        (Sent(completion('{"situation": "Long', "length")), "did not finish it"),
        (Sent(completion(None, "content_filter")), "did not finish it"),
        (Sent('{"error": {"message": "not this one"}}', 400), "the endpoint refused to answer"),
    ],
)
def test_a_reply_that_cannot_be_read_is_asked_for_thrice_and_counted(sent: Sent | str, reason: str) -> None:
    with chat_server(lambda request, number: sent if "snow" in str(request["messages"]) else likert(request, number)) as server:
        answers, respondent = ask(server)
    assert answers == [4, None]
    assert reason in respondent.unreadable_heads[0].reason
    assert len(server.requests) == 1 + 1 + 3


def test_a_model_that_answers_by_a_tool_call_in_place_of_text_is_unreadable_and_not_guessed() -> None:
    calls = [{"id": "1", "type": "function", "function": {"name": "likert_answer", "arguments": json.dumps(ANSWER)}}]
    with chat_server(lambda request, number: Sent(completion(None, "tool_calls", calls)) if number else likert(request, 0)) as server:
        assert ask(server, questions=TWO[:1])[0] == [None]


@pytest.mark.parametrize(
    ("sent", "calls", "said"),
    [
        (Sent('{"error": {"message": "no key sk-0123456789"}}', 401), 1, r"no key \*\*\*"),
        (Sent('{"error": {"message": "no such model"}}', 404), 1, "no such model"),
        (Sent("", 302, {"Location": "/elsewhere"}), 1, "302|Redirect"),
        (Sent("down", 503), 4, "503|down"),
        (None, 1, r"no reply within 0\.2 s"),
    ],
)
def test_an_endpoint_that_does_not_answer_is_unreachable(sent: Sent | None, calls: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789")
    expected = f"the model openai:test@http.*failed to answer a first harmless question: .*({said})"
    with chat_server(lambda request, number: sent) as server, pytest.raises(UnreachableError, match=expected):
        ask(server, options="&timeout=0.2" if sent is None else "")
    assert (len(server.requests), set(server.paths)) == (calls, {"/v1/chat/completions"})


def test_a_hang_in_the_middle_is_a_time_out_after_every_attempt() -> None:
    hang: Reply = lambda request, number: likert(request, number) if number < 2 else None  # noqa: E731
    with chat_server(hang) as server, pytest.raises(TimeoutError, match=r"no reply within 0\.2 s"):
        ask(server, options="&timeout=0.2&attempts=2")
    assert len(server.requests) == 4


def test_a_writer_sends_batch_after_batch_over_the_bridge() -> None:
    with chat_server(lambda request, number: request["messages"][-1]["content"].upper()) as server:
        batch = as_batch(make_text_model(f"openai:test@{server.url}"))
        assert [batch(["one", "two"]), batch(["three"])] == [["ONE", "TWO"], ["THREE"]]
    assert len(server.requests) == 4


@pytest.fixture
def place(tmp_path: Path) -> tuple[str, str]:
    """A file of three people, and their questionnaire."""
    items = ["a{} yes", "a{} yes, yes", {"text": "a{} not", "reverse": True}, {"text": "a{} is not", "reverse": True}]
    axes = [json.loads(json.dumps({"name": "a{}", "low": "no", "high": "yes", "items": items}).replace("a{}", f"a{i}")) for i in (0, 1)]
    asked = tmp_path / "asked.yaml"
    asked.write_text(json.dumps({"name": "test", "context": "A test.", "axes": axes}))
    people = make_people([[0.0, 1.0], [0.5, 0.5], [1.0, 0.25]])
    write_people(tmp_path / "people.jsonl", people, dict)
    return str(tmp_path / "people.jsonl"), str(asked)


def planted(request: dict[str, Any], number: int) -> str:
    """Answer where the description of ``make_people`` says."""
    system, user = (message["content"] for message in request["messages"])
    line = next((line for line in system.splitlines() if line.startswith("[")), "")
    item = next((line for line in user.splitlines() if line.startswith("a")), "")
    if not (line and item):
        return json.dumps(ANSWER | {"answer": 3})
    x = json.loads(line)[int(item[1])]
    return json.dumps(ANSWER | {"answer": round(1 + 4 * (1 - x if item.endswith("not") else x))})


def test_coverage_asks_a_model_end_to_end(cli: Cli, place: tuple[str, str]) -> None:
    people, asked = place
    with chat_server(planted) as server:
        done = cli("coverage", people, "--questionnaire", asked, "--respondent", f"openai:test@{server.url}", "--runs", "2", "--json")
    assert done.status == 0, done
    report = json.loads(done.out)
    assert report["slope"] == pytest.approx({"a0": 1.0, "a1": 1.0})
    assert report["placement_error"] == pytest.approx(0.0)
    assert len(server.requests) == 1 + 4 * 3 * 2 * 8  # dry; these people and three reference rows; people, runs, items


@pytest.mark.parametrize("command", ["coverage", "closed"])
def test_an_endpoint_that_fails_ends_a_command_with_status_4_and_one_line(
    command: str, cli: Cli, place: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
    people, asked = place
    with chat_server(lambda request, number: Sent('{"error": {"message": "who are you?"}}', 401)) as server:
        url = closed_port() if command == "closed" else server.url
        done = cli("coverage", people, "--questionnaire", asked, "--respondent", f"openai:test@{url}")
    line = done.refused(4)
    assert line.startswith(f"error: the model openai:test@{url} failed to answer a first harmless question: ")
    assert ("Connection" if command == "closed" else "who are you?") in line


@pytest.mark.parametrize("secure", [False, True])
def test_a_key_that_is_missing_is_asked_for_by_its_variable(
    secure: bool, cli: Cli, place: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    people, asked = place
    with chat_server(lambda request, number: Sent('{"error": {"message": "who are you?"}}', 401)) as server:
        url = server.url.replace("http:", "https:") if secure else server.url
        line = cli("coverage", people, "--questionnaire", asked, "--respondent", f"openai:test@{url}").refused(2)
        assert len(server.requests) == (0 if secure else 1)
    assert "environment variable OPENAI_API_KEY" in line


def test_a_model_that_talks_is_refused_before_anything_is_spent(cli: Cli, place: tuple[str, str]) -> None:
    people, asked = place
    with chat_server(lambda request, number: "Let me think about that.") as server:
        done = cli("coverage", people, "--questionnaire", asked, "--respondent", f"openai:test@{server.url}")
    assert "got 'Let me think about that.'. It was asked 3 times" in done.refused(2)
    assert len(server.requests) == 3


def test_a_malformed_endpoint_is_refused_with_the_form(cli: Cli, place: tuple[str, str]) -> None:
    people, asked = place
    line = cli("coverage", people, "--questionnaire", asked, "--respondent", "openai:test").refused()
    assert line == "error: respondent: expected openai:MODEL@BASE_URL, got 'openai:test'.\n"


def test_the_options_of_an_endpoint_are_checked_before_it_is_asked() -> None:
    with chat_server() as server, pytest.raises(InputError, match="timeout: expected a number above 0, got -1"):
        make_respondent(f"openai:test@{server.url}?timeout=-1", make_questionnaire())
    assert server.requests == []
