"""Whole runs with targets that are somewhere else: every fault ends in the right verdict, and no secret is written anywhere."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from outskirts.experiments.naming import secrets
from outskirts.sim import secrets as hidden
from outskirts.sim.types import Verdict
from tests.integration.conftest import Cli
from tests.integration.runs import SMALL, TINY, episodes, exported, summary
from tests.target_server import FAILING, TargetServer, target_server

MANY = ("--personas", "40", "--replicates", "2", "--turns", "4", "--runs", "2", "--controls", "none", "--no-mlflow", "--no-confirm")
KIND = {"429": "rate_limited", "500": "transient", "reset": "transient", "stall": "timeout", "drip": "timeout"}


@pytest.fixture(autouse=True)
def nothing_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hidden, "_hidden", set())
    monkeypatch.setattr(hidden, "_guessed", set())
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def every_tenth(number: int) -> str | None:
    """Let one request in ten fail, each kind in turn; the greeting does not."""
    return FAILING[number // 10 % len(FAILING)] if number % 10 == 7 else None


@contextmanager
def failing() -> Iterator[TargetServer]:
    """Run a server a tenth of whose answers fail; its redirects lead to another one, which must not be sent anything."""
    with target_server() as other:
        away = {"elsewhere": lambda request: web.Response(status=307, headers={"Location": other.plain + "?key=s3cr3t"})}
        with target_server(every_tenth, faults=away) as server:
            yield server
        assert other.requests == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "options", "more"),
    [
        ("openai", "?timeout=1", ()),
        ("openai", "?timeout=1&stream=true", ()),
        ("plain", "#timeout=1", ()),
        ("openai", "?timeout=1", ("--executor", "processes", "--workers", "2")),
        ("chat", "?timeout=3", ()),  # its package reads in small pieces, and the server shares this process
    ],
)
def test_with_a_tenth_of_the_calls_failing_every_episode_ends_in_the_right_verdict(
    kind: str, options: str, more: tuple[str, ...], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        if kind == "chat":
            monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
        spec = {"openai": server.openai, "plain": server.plain, "chat": "chat:openai:test"}[kind] + options
        priced = spec if kind == "plain" else "test"
        (tmp_path / "prices.yaml").write_text(f"'{priced}': {{call: 0.5}}\n", encoding="utf-8")
        done = cli("run", "--target", spec, *MANY, *more, "--prices", "prices.yaml", "--out", "run")
        sent, failed = len(server.requests), sum(server.faults.values())
    assert done.status == 0, done
    assert set(server.faults) == set(FAILING)
    found = episodes(tmp_path / "run")
    assert len(found) == 80
    assert len({e.key for e in found}) == 80
    broken = [e for e in found if e.verdict is Verdict.INFRASTRUCTURE]
    assert len(broken) == failed  # each failing call ends one episode, and nothing else does
    assert all(e.fault is not None and e.fault.role == "target" and not e.findings for e in broken)
    said = Counter(e.fault.kind for e in broken if e.fault)
    assert said == Counter(KIND.get(name, "invalid_response") for name in server.faults.elements())
    cost = summary(tmp_path / "run")["cost"]
    calls = cost["by_role"]
    assert calls["target"]["calls"] + calls["dry"]["calls"] == cost["calls"] == sent
    assert cost["money"] == 0.5 * sent
    assert sum(sum(e.usage.calls.values()) for e in found) == calls["target"]["calls"]


@pytest.mark.slow
def test_with_retries_no_episode_is_lost_and_each_call_is_counted_once(cli: Cli, tmp_path: Path) -> None:
    with failing() as server:
        done = cli("run", "--target", server.openai + "?timeout=1&retries=4", *MANY, "--out", "run")
        sent = len(server.requests)
    assert done.status == 0, done
    found = summary(tmp_path / "run")
    assert found["verdicts"]["infrastructure"] == 0
    assert sum(found["verdicts"].values()) == 80
    assert sum(role["calls"] for role in found["cost"]["by_role"].values()) == sent > sum(server.faults.values()) > 0
    with target_server() as clean:
        assert cli("run", "--target", clean.openai, *MANY, "--out", "clean").status == 0
    texts = [
        [[m.text for m in e.messages] for e in sorted(episodes(tmp_path / d), key=lambda e: (e.replicate, e.seats[0].persona))]
        for d in ("run", "clean")
    ]
    assert texts[0] == texts[1]  # a fault that was overcome leaves no trace in what was said


def test_an_episode_that_a_fault_ended_is_tried_again_and_its_attempts_are_counted(cli: Cli, tmp_path: Path) -> None:
    from outskirts.experiments.store.store import RunStore

    broken = {"now": True}
    with target_server(lambda number: "500" if broken["now"] and number % 3 == 2 else None) as server:
        assert cli("run", "--target", server.plain, *SMALL, "--controls", "none", "--out", "run").status == 0
        assert summary(tmp_path / "run")["verdicts"]["infrastructure"] > 0
        broken["now"] = False
        assert cli("resume", "run").status == 0
        sent = len(server.requests)
    assert summary(tmp_path / "run")["verdicts"]["infrastructure"] == 0
    calls = summary(tmp_path / "run")["cost"]["by_role"]
    assert calls["target"]["calls"] + calls["dry"]["calls"] == sent
    with RunStore.open(tmp_path / "run", readonly=True) as store:
        assert {row.attempts for row in store.rows() if row.arm == "target"} == {1, 2}


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("401", 4, ("status 401", "the key in OPENAI_API_KEY", "outskirts resume run")),
        ("404", 4, ("status 404", "the model `test` does not exist", "outskirts resume run")),
    ],
)
def test_a_key_that_is_refused_in_the_midst_ends_the_run_at_once(
    fault: str, status: int, words: tuple[str, ...], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
    with target_server(lambda number: fault if number > 5 else None) as server:
        done = cli("run", "--target", server.openai, *SMALL, "--concurrency", "1", "--out", "run")
        assert len(server.requests) == 7
    assert done.status == status
    assert all(word in done.out + done.err for word in words), done
    assert sum(e.verdict is Verdict.INFRASTRUCTURE for e in episodes(tmp_path / "run")) == 1


@pytest.mark.parametrize("fault", ["401", "404"])
def test_a_target_that_refuses_the_greeting_leaves_nothing_behind(
    fault: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-0123456789")
    with target_server(fault) as server:
        assert f"status {fault}" in cli("run", "--target", server.openai, *TINY, "--out", "run").refused(4)
    assert not (tmp_path / "run").exists()


BOT = """
import json, sys
for line in sys.stdin:
    heard = json.loads(line)["messages"]
    print(json.dumps({"reply": f"Message {len(heard)}.", "state": {"heard": len(heard)}}), flush=True)
"""


@pytest.mark.parametrize("shared", ["false", "true"])
def test_a_process_is_met_from_greeting_to_final_state(shared: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT, encoding="utf-8")
    assert cli("run", "--target", f"command:{sys.executable} bot.py?shared={shared}", *TINY, "--out", "run").status == 0
    found = episodes(tmp_path / "run")
    assert all(e.verdict in (Verdict.PASSED, Verdict.FAILED) for e in found)
    assert all(e.state["target"]["heard"] == len(e.messages) - 1 for e in found if not e.departures)  # type: ignore[index, call-overload]


PLANTED = {
    "environment": "env-planted-4711-abcdef",
    "login": "url-planted-4712-abcdef",
    "query": "qry-planted-4713-abcdef",
    "header": "hdr-planted-4714-abcdef",
}
BASIC = b64encode(f"ada:{PLANTED['login']}".encode()).decode()


def everything_written(folder: Path) -> bytes:
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


@pytest.mark.slow
@pytest.mark.parametrize("fault", [None, "401", "some"])
def test_no_secret_is_written_anywhere(fault: str | None, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", PLANTED["environment"])
    monkeypatch.setenv("BOT_HEADER", PLANTED["header"])
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")

    def echo(request: dict) -> str:  # type: ignore[type-arg]
        return f"I was sent {server.headers[-1]}, I hear you."

    wrong = (lambda number: "401" if number > 3 and number % 4 == 0 else None) if fault == "some" else fault
    said = []
    with target_server(wrong, reply=echo) as server:
        base = server.url.replace("http://", f"http://ada:{PLANTED['login']}@")
        (tmp_path / "remote.yaml").write_text(
            f"target: {{name: '{base}/chat?api_key={PLANTED['query']}', headers: {{X-Token: 'Bearer $BOT_HEADER'}}}}\n", encoding="utf-8"
        )
        size = [option for option in SMALL if option != "--no-mlflow"]
        for given in (["remote.yaml"], ["--target", f'openai:test@{server.url}/v1?headers=%7B"X-Token":"$BOT_HEADER"%7D']):
            done = cli("run", *given, *size, "--out", f"run{len(said)}")
            said.append(done.out + done.err)
            assert done.status == (0 if fault is None else 4), done
        assert any("planted" in str(headers) for headers in server.headers)  # they were sent
        assert PLANTED["environment"] in str(server.headers)
        assert PLANTED["header"] in str(server.headers)
    (tmp_path / "remote.yaml").unlink()
    for directory in tmp_path.glob("run*"):
        (tmp_path / f"{directory.name}.jsonl").write_bytes(exported(directory))
    written = everything_written(tmp_path) + "\n".join(said).encode()
    assert (fault == "401") == (not list(tmp_path.glob("run*")))
    for where, secret in PLANTED.items():
        assert secret.encode() not in written, where
    assert b"YWRhOnVyb" not in written  # the login as it is sent


@pytest.mark.slow
@pytest.mark.parametrize("fault", [None, "500", "401"])
def test_no_secret_of_a_respondent_or_a_price_is_written_and_workers_keep_quiet_too(
    fault: str | None, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", PLANTED["environment"])
    monkeypatch.setenv("BOT_HEADER", PLANTED["header"])

    def echo(request: dict) -> Any:  # type: ignore[type-arg]
        told = f"{server.headers[-1]}"
        form = {"situation": told, "person": told, "action": told, "answer": 2}
        return json.dumps(form) if "answer" in str(request["messages"][0]) else told

    def wrong(number: int) -> str | None:
        return fault if fault is not None and number > 3 else None

    with target_server(wrong, reply=echo) as server:
        login = server.url.replace("http://", f"http://ada:{PLANTED['login']}@")
        target = f"{login}/chat?token={PLANTED['query']}"
        respondent = f"openai:test@{login if fault == '500' else server.url}/v1?attempts=1"
        (tmp_path / "given.yaml").write_text(
            f"target: '{target}'\nrespondent: '{respondent}'\ncache: kept\nprices: {{'{target}': {{call: 0.1}}, '{respondent}': {{call: 0.1}}}}\n",
            encoding="utf-8",
        )
        size = ("--personas", "4", "--runs", "2", "--replicates", "1", "--controls", "none", "--no-mlflow", "--executor", "processes")
        done = cli("run", "given.yaml", *size, "--out", "run")
        sent = f"Bearer {PLANTED['environment']}" if fault != "500" else f"Basic {BASIC}"
        asked = [h for request, h in zip(server.requests, server.headers, strict=True) if "model" in request]  # not those of the target
        assert {headers["Authorization"] for headers in asked} == {sent}
    assert done.status == (0 if fault is None else 4), done
    (tmp_path / "given.yaml").unlink()
    written = everything_written(tmp_path) + (done.out + done.err).encode()
    for where, secret in PLANTED.items():
        assert secret.encode() not in written, where
    assert b"YWRhOnVyb" not in written


def test_a_run_whose_address_held_a_secret_is_resumed_with_the_address_from_the_environment(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with target_server() as server:
        url = server.plain.replace("http://", f"http://ada:{PLANTED['login']}@")
        assert cli("run", "--target", url, *SMALL, "--max-calls", "40", "--out", "run").status == 3
        assert "***@" in (tmp_path / "run" / "config.yaml").read_text()
        assert f"Set {secrets.ADDRESS} to the whole address" in cli("resume", "run", "--max-calls", "400").refused()
        monkeypatch.setenv(secrets.ADDRESS, url)
        assert cli("resume", "run", "--max-calls", "400").status == 0
        assert len({headers["Authorization"] for headers in server.headers}) == 1
    assert sum(summary(tmp_path / "run")["verdicts"].values()) == 12


def test_a_traceback_in_the_log_holds_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from outskirts.experiments import exits

    monkeypatch.setenv("BOT_API_KEY", PLANTED["environment"])
    monkeypatch.setattr(exits, "_directory", None)

    def command() -> None:
        exits.note_directory(tmp_path)
        raise RuntimeError(f"sent {PLANTED['environment']}")

    assert exits.call(command) == 70
    assert PLANTED["environment"].encode() not in everything_written(tmp_path) + "".join(capsys.readouterr()).encode()
    assert b"sent ***" in everything_written(tmp_path)
