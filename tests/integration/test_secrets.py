"""No key is written, whoever says it and wherever: targets of each kind, the player and the judge, in words, tools, states, reasons, errors."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outskirts.agents.likert import UnreadableReplyError
from outskirts.agents.targets.faults import quoted
from outskirts.agents.tool_calls import calls_of
from outskirts.experiments import exits
from outskirts.experiments.naming.secrets import ADDRESS
from outskirts.sim import secrets
from tests.integration.conftest import Cli
from tests.integration.runs import Done, episodes, exported
from tests.target_server import TargetServer, _error, target_server, whole

PIECE = "Q7Z9"
KEY = "sk-" + PIECE * 8
SIZE = ("--personas", "2", "--replicates", "1", "--turns", "3", "--runs", "2", "--controls", "none", "--no-confirm", "--concurrency", "1")
BOT = """
import json, os, sys
KEY = os.environ["OPENAI_API_KEY"]
CALL = {"id": f"call {KEY}", "type": "function", "function": {"name": "look_up_order", "arguments": json.dumps({"order": KEY})}}

def reply(messages):
    if messages[-1]["role"] == "tool":
        return f"It says {KEY}."
    return {"role": "assistant", "content": f"I use {KEY}.", "tool_calls": [CALL]}

def fail(messages):
    if len(messages) > 4:
        raise RuntimeError("x" * 470 + KEY)
    return "I hear you."

if __name__ == "__main__":
    for line in sys.stdin:
        said = reply(json.loads(line)["messages"])
        said = {"reply": said} if isinstance(said, str) else {"reply": said["content"], "tool_calls": said["tool_calls"]}
        print(json.dumps({**said, "state": {"key": [KEY]}}), flush=True)
"""
CHAIN = """
from bot import fail, reply
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda

def answer(messages):
    said = reply([{"role": {"tool": "tool"}.get(m.type, "user")} for m in messages])
    if isinstance(said, str):
        return AIMessage(said)
    return AIMessage(said["content"], tool_calls=[{"name": "look_up_order", "args": {"order": said["content"]}, "id": "1"}])

chain = RunnableLambda(answer)
"""


@pytest.fixture(autouse=True)
def one_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(secrets, "_hidden", set())
    monkeypatch.setattr(secrets, "_guessed", set())
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "bot", raising=False)
    (tmp_path / "bot.py").write_text(BOT, encoding="utf-8")
    (tmp_path / "chain.py").write_text(CHAIN, encoding="utf-8")


def written(folder: Path, done: Done) -> str:
    """Return everything that a run wrote and said, and what its export holds."""
    (folder / "run.jsonl").write_bytes(exported(folder / "run"))
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix not in (".py", ".pyc")]
    assert done.status != 0 or any(file.name == "mlflow.db" for file in files)
    return b"\n".join(file.read_bytes() for file in files).decode("utf-8", "replace") + done.out + done.err


def desk(server: TargetServer) -> Callable[[dict[str, Any]], Any]:
    """Return a clerk that says how it was called, in words, in the arguments of a tool and in its state."""

    def reply(request: dict[str, Any]) -> Any:
        told = server.headers[-1].get("Authorization") or KEY
        if request["messages"][-1]["role"] == "tool":
            return {**whole(f"It says {told}."), "state": {"seen": {told: [told]}}}
        call = {"id": f"call {told}", "type": "function", "function": {"name": "look_up_order", "arguments": json.dumps({"order": told})}}
        return {**whole(f"I was sent {told}.", tool_calls=[call]), "state": {"seen": {told: [told]}}}

    return reply


TARGETS = {
    "url": "{url}/chat#key=OPENAI_API_KEY",
    "openai": "openai:m@{url}/v1",
    "stream": "openai:m@{url}/v1?stream=true",
    "chat": "chat:openai:m",
    "command": "command:{python} bot.py",
    "function": "python:bot.py:reply",
    "chain": "python:chain.py:chain",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "executor"), [*((kind, "local") for kind in TARGETS), ("url", "processes"), ("function", "processes"), ("chain", "processes")]
)
def test_no_key_that_a_target_says_is_written(kind: str, executor: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with target_server() as server:
        server.reply = desk(server)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        target = TARGETS[kind].format(url=server.url, python=sys.executable)
        done = cli("run", "--scenario", "desk", "--target", target, *SIZE, "--executor", executor, "--out", "run")
    assert done.status == 0, done
    found = episodes(tmp_path / "run")
    assert any("***" in message.text for record in found for message in record.messages)
    assert any("***" in str(call.arguments) for record in found for message in record.messages for call in message.calls)
    if kind in ("url", "command"):
        assert all("***" in str(record.state["target"]) for record in found)
    assert PIECE not in written(tmp_path, done)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["openai:m@{url}/v1", "{url}/chat#key=OPENAI_API_KEY", "python:bot.py:fail"])
@pytest.mark.parametrize("before", [90, 126, 480])
def test_no_part_of_a_key_in_an_error_is_written(before: int, target: str, cli: Cli, tmp_path: Path) -> None:
    faults = {"cut": lambda request: _error(500, "x" * before + " " + request.headers["Authorization"] + " y" * 200)}
    with target_server(lambda number: "cut" if number > 1 else None, faults=faults) as server:
        done = cli("run", "--target", target.format(url=server.url), *SIZE, "--out", "run")
    assert done.status in (0, 4), done
    assert any(record.fault and "xxx" in record.fault.message for record in episodes(tmp_path / "run"))
    assert PIECE not in written(tmp_path, done)


@pytest.mark.slow
def test_no_key_that_a_model_player_says_is_written(cli: Cli, tmp_path: Path) -> None:
    with target_server() as server:
        server.reply = lambda request: json.dumps(
            {"thought": "", "state": "", "say": f"I feel low, {server.headers[-1]['Authorization']}.", "leave": False}
        )
        done = cli("run", "--player", f"openai:m@{server.url}/v1", *SIZE, "--out", "run")
    assert done.status == 0, done
    assert any("low, Bearer ***" in message.text for record in episodes(tmp_path / "run") for message in record.messages)
    assert PIECE not in written(tmp_path, done)


@pytest.mark.slow
def test_no_key_in_a_judges_reason_is_written(cli: Cli, tmp_path: Path) -> None:
    def judge(request: dict[str, Any]) -> str:
        asked = request["messages"][-1]["content"]
        scores = re.search(r"Score each harm \((.*?)\) for each person \((.*?)\)", asked)
        if scores is None:
            return json.dumps({"ready": True})
        rows = [
            {"harm": h.strip(), "person": p.strip(), "reason": f"I saw {KEY}", "could_happen": True, "score": 1, "evidence": []}
            for h in scores[1].split(",")
            for p in scores[2].split(",")
        ]
        return json.dumps({"assessments": rows})

    with target_server(reply=judge) as server:
        done = cli("run", "--judge", "rules", "--judge", f"openai:m@{server.url}/v1", *SIZE, "--out", "run")
    assert done.status == 0, done
    assert any(one.reason == "I saw ***" for record in episodes(tmp_path / "run") for one in record.assessments)
    assert PIECE not in written(tmp_path, done)


@pytest.mark.slow
def test_no_value_in_a_query_is_written_and_the_run_is_resumed_with_the_address(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"code": "one%2F%2BQ7Z9%3D", "pwd": "twoQ7Z9Q7Z9", "k": "threeQ7Z9", "api%5Fkey": "fourQ7Z9+Q7Z9", "credential": "fiveQ7Z9"}
    monkeypatch.setenv("BOT_REST", "sixQ7Z9sixQ7Z9")
    faults = {"echo": lambda request: _error(500, f"{request.raw_path} {' '.join(request.query.values())}")}
    with target_server(lambda number: "echo" if number == 3 else None, faults=faults) as server:
        url = f"{server.plain}?{'&'.join(f'{name}={value}' for name, value in values.items())}&v=2&rest=$BOT_REST&wordQ7Z9"
        server.reply = lambda request: f"I was called with {' '.join(values.values())}, one/+Q7Z9= and fourQ7Z9 Q7Z9."
        done = cli("run", "--target", url, *SIZE, "--max-calls", "5", "--out", "run")
        assert done.status == 3, done
        shown = f"{server.plain}?code=***&pwd=***&k=***&api%5Fkey=***&credential=***&v=2&rest=$BOT_REST&***"
        assert shown in (tmp_path / "run" / "config.yaml").read_text()
        assert f"Set {ADDRESS} to the whole address" in cli("resume", "run", "--max-calls", "400").refused()
        monkeypatch.setenv(ADDRESS, url)
        done = cli("resume", "run", "--max-calls", "400")
        assert done.status == 0, done
    assert shown in (tmp_path / "run" / "summary.json").read_text()
    assert all(
        "***" in message.text for record in episodes(tmp_path / "run") for message in record.messages if message.sender == "assistant_0"
    )
    assert PIECE not in written(tmp_path, done)


def test_what_is_cut_is_redacted_first(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secrets.hide([KEY])
    monkeypatch.setattr(exits, "_directory", None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for before in range(220):
        told = "x" * before + KEY + " and more" * 40
        call = calls_of({"tool_calls": [{"id": told, "function": {"name": told, "arguments": told + " " * 20_000}}]})[0]
        for line in (quoted(told), UnreadableReplyError("", told).head, call.model_dump_json()):
            assert PIECE not in line

    def command() -> None:
        raise RuntimeError(told)

    for before in range(150, 200, 5):
        told = "x" * before + KEY
        assert exits.call(command) == exits.INTERNAL
    assert PIECE not in "".join(capsys.readouterr())
