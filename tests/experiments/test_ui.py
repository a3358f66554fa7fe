"""The site of a folder: what it serves, what it refuses, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from aiohttp import web

from outskirts.experiments.cli import main
from outskirts.experiments.ui.site import inside, site
from outskirts.experiments.ui.tracking import is_served, store_of

PAGE = "<!doctype html><title>the report</title>"


def run_folder(folder: Path, target: str = "eliza", faults: int = 0) -> Path:
    folder.mkdir(parents=True)
    (folder / "report.html").write_text(PAGE, encoding="utf-8")
    run = {"target": target, "scenario": "support", "personas": 12, "replicates": 2}
    rate = {"estimate": 0.25, "low": 0.1, "high": 0.4}
    verdicts = {"passed": 18 - faults, "failed": 6, "simulator_invalid": 0, "infrastructure": faults, "budget": 0}
    (folder / "summary.json").write_text(json.dumps({"run": run, "verdicts": verdicts, "failure_rate": rate}), encoding="utf-8")
    (folder / "config.yaml").write_text("key: secret\n", encoding="utf-8")
    return folder


def ask(root: Path, *paths: str, host: str | None = "127.0.0.1:{port}", method: str = "GET") -> list[tuple[int, str, str]]:
    """Send requests as they are, with no client that would tidy their paths; return status, head and body of each."""

    async def asked() -> list[tuple[int, str, str]]:
        runner = web.AppRunner(site(root), access_log=None)
        await runner.setup()
        listening = socket.create_server(("127.0.0.1", 0))
        await web.SockSite(runner, listening).start()
        port = listening.getsockname()[1]
        try:
            return [await _request(port, method, path, host and host.format(port=port)) for path in paths]
        finally:
            await runner.cleanup()

    return asyncio.run(asked())


async def _request(port: int, method: str, path: str, host: str | None) -> tuple[int, str, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    named = f"Host: {host}\r\n" if host is not None else ""
    writer.write(f"{method} {path} HTTP/1.1\r\n{named}Connection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition("\r\n\r\n")
    return int(head.split()[1]), head, body


def test_the_report_of_a_run_is_what_its_folder_shows(tmp_path: Path) -> None:
    (status, head, _), (found, _, body) = ask(run_folder(tmp_path / "demo"), "/", "/report.html")
    assert status == 302
    assert "Location: /report.html" in head
    assert (found, body) == (200, PAGE)


def test_a_folder_of_several_runs_has_an_index_with_their_rates(tmp_path: Path) -> None:
    run_folder(tmp_path / "one", target="<img src=x onerror=alert(1)>")
    run_folder(tmp_path / "two three")
    status, _, body = ask(tmp_path, "/")[0]
    assert status == 200
    assert '<a href="/one/report.html">one</a>' in body
    assert '<a href="/two%20three/report.html">two three</a>' in body
    assert ask(tmp_path, "/two%20three/report.html")[0][2] == PAGE
    assert "<b>25\u00a0%</b>" in body
    assert "<img" not in body


def test_the_index_says_which_rates_rest_on_few_episodes(tmp_path: Path) -> None:
    run_folder(tmp_path / "one")
    run_folder(tmp_path / "two", faults=12)
    body = ask(tmp_path, "/")[0][2]
    assert body.count("only 12 of 24 episodes were resolved") == 1
    assert body.count("episodes were resolved") == 1


def test_an_evolution_and_a_run_whose_summary_is_gone_stand_in_the_index_beside_the_others(tmp_path: Path) -> None:
    run_folder(tmp_path / "one")
    (run_folder(tmp_path / "bare") / "summary.json").unlink()
    (tmp_path / "evo").mkdir()
    (tmp_path / "evo/evolution.html").write_text(PAGE, encoding="utf-8")
    status, _, body = ask(tmp_path, "/")[0]
    assert status == 200
    assert '<a href="/evo/evolution.html">evo</a><small>evolution</small>' in body
    assert '<a href="/bare/report.html">bare</a></th><td>–</td><td>–</td><td>–</td><td>–</td>' in body


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/..%2fsecret.html",
        "/%2e%2e%2fsecret.html",
        "/demo/../../secret.html",
        "//{outside}/secret.html",
        "/%2f{outside}/secret.html",
        "/{outside}/secret.html",
        "/..%5csecret.html",
        "/report.html%00",
        "/linked.html",
        "/linked/secret.html",
        "/config.yaml",
        "/episodes.sqlite",
        "/nothing.html",
        "/.",
    ],
)
def test_no_file_outside_the_folder_is_served_and_none_that_is_no_page(tmp_path: Path, path: str) -> None:
    outside, folder = tmp_path / "outside", run_folder(tmp_path / "outside" / "demo")
    (outside / "secret.html").write_text("secret", encoding="utf-8")
    (folder / "linked.html").symlink_to(outside / "secret.html")
    (folder / "linked").symlink_to(outside)
    (folder / "episodes.sqlite").write_text("secret", encoding="utf-8")
    status, _, body = ask(folder, path.format(outside=str(outside).lstrip("/")))[0]
    assert status in (400, 404)
    assert "secret" not in body.replace("secret.html", "")


def test_a_link_within_the_folder_is_followed_and_one_beside_a_page_is_not_sent_in_its_place(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "demo").resolve()
    (folder / "again.html").symlink_to(folder / "report.html")
    (folder / "report.html.gz").symlink_to(Path("/etc/hostname"))
    assert inside(folder, "again.html") == folder / "report.html"
    assert inside(folder, "report.html.gz") is None
    assert ask(folder, "/again.html")[0][2] == PAGE


def test_a_run_that_a_link_leads_to_elsewhere_is_not_in_the_index(tmp_path: Path) -> None:
    run_folder(tmp_path / "elsewhere")
    run_folder(tmp_path / "runs" / "one")
    run_folder(tmp_path / "runs" / "two")
    (tmp_path / "runs" / "three").symlink_to(tmp_path / "elsewhere")
    body = ask(tmp_path / "runs", "/")[0][2]
    assert "two/report.html" in body
    assert "three" not in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", "", None])
def test_a_name_that_was_made_to_point_here_is_refused(tmp_path: Path, host: str | None) -> None:
    status, _, body = ask(run_folder(tmp_path / "demo"), "/report.html", host=host)[0]
    assert status in (400, 403)
    assert PAGE not in body


def test_localhost_is_a_name_of_this_machine(tmp_path: Path) -> None:
    assert ask(run_folder(tmp_path / "demo"), "/report.html", host="LocalHost:{port}")[0][0] == 200


def test_nothing_is_taken_in_and_pages_may_ask_nothing_of_anybody(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "demo")
    assert ask(folder, "/report.html", method="POST")[0][0] == 405
    head = ask(folder, "/report.html")[0][1]
    assert "Content-Security-Policy: default-src 'none'" in head
    assert "frame-ancestors 'none'" in head
    assert "X-Content-Type-Options: nosniff" in head


def test_a_folder_without_a_report_is_wrong_input_with_a_hint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ui", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: DIR: expected a folder with a report")
    assert "outskirts run --out" in said
    (tmp_path / "summary.json").write_text("{}", encoding="utf-8")
    assert main(["ui", str(tmp_path)]) == 2
    assert f"outskirts report {tmp_path}" in capsys.readouterr().err
    assert main(["ui", str(tmp_path / "nowhere")]) == 2
    assert "There is no such folder." in capsys.readouterr().err


def test_a_port_that_is_taken_is_wrong_input_and_the_usual_one_gives_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run_folder(tmp_path / "demo")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["ui", str(folder), "--port", str(taken.getsockname()[1]), "--no-mlflow"]) == 2
    assert "choose another --port" in capsys.readouterr().err
    assert main(["ui", str(folder), "--port", "99999", "--no-mlflow"]) == 2
    assert "from 0 to 65535" in capsys.readouterr().err


def test_the_store_is_the_environment_s_then_the_run_s_and_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = run_folder(tmp_path / "demo").resolve()
    assert store_of(folder) is None
    uri = f"sqlite:///{tmp_path / 'kept.db'}"
    (folder / "tracking.json").write_text(json.dumps({"uri": uri}), encoding="utf-8")
    assert store_of(folder) is None
    (tmp_path / "kept.db").touch()
    assert store_of(folder) == uri
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    assert store_of(folder) == "http://127.0.0.1:5000"
    assert is_served("http://127.0.0.1:5000")
    assert not is_served(uri)


def start(folder: Path, *more: str, **environment: str) -> tuple[subprocess.Popen[str], list[str]]:
    """Start the command and return it with the lines that it says before it waits."""
    command = [sys.executable, "-m", "outskirts.experiments.cli", "ui", str(folder), "--port", "0", *more]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment | {"PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "Ctrl-C" not in lines[-1]:
        lines.append(process.stdout.readline().strip())
        assert lines[-1], process.communicate()[1]
    return process, lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_listens_on_loopback_alone_and_ends_when_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    process, lines = start(run_folder(tmp_path / "demo"), "--no-mlflow")
    found = re.fullmatch(r"reports: http://127\.0\.0\.1:(\d+)/", lines[0])
    assert found
    assert lines[1].startswith("MLflow: not started")
    with socket.create_connection(("127.0.0.1", int(found[1])), timeout=5):
        pass
    with socket.socket() as other:
        other.settimeout(5)
        assert other.connect_ex(("127.0.0.2", int(found[1]))) != 0
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of SQLAlchemy, at what MLflow does
def test_mlflow_s_own_pages_come_up_beside_it_and_end_with_it(tmp_path: Path) -> None:
    import mlflow

    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    mlflow.MlflowClient(tracking_uri=store).create_experiment("made")
    process, lines = start(run_folder(tmp_path / "demo"), MLFLOW_TRACKING_URI=store)
    found = re.search(r"MLflow: http://127\.0\.0\.1:(\d+)/", lines[1])
    assert found, lines
    port = int(found[1])
    end = time.monotonic() + 60
    while not _answers(port):
        assert time.monotonic() < end
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")
    assert not _answers(port)


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
