"""What commands print where nobody watches is plain and the same again; with NO_COLOR a terminal gets no colour."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from outskirts.experiments.cli import main

TINY = ("--personas", "6", "--replicates", "1", "--turns", "3", "--runs", "2", "--controls", "careful", "--no-mlflow")
COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
BOXES = "─│━┃╭╮╰╯┏┓┗┛"
TIMES = re.compile(r"\d+(?:\.\d+)? ?(?:ms|s|seconds?|min)\b")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small runs over the same people, and a file of people."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTSKIRTS_STATE", str(tmp_path / "state"))
    for target in ("eliza", "careful"):
        assert main(["run", "--target", target, *TINY, "--quiet", "--out", target]) == 0
    return tmp_path


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "run": lambda out: ["run", "--target", "eliza", *TINY, "--out", out],
    "compare": lambda out: ["compare", "eliza", "careful", "--fail-if-worse", "0.9"],
    "coverage": lambda out: ["coverage", "eliza/personas.jsonl", "--runs", "2"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_printed_to_a_pipe_is_plain_and_the_same_again(
    runs: Path, name: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    printed = []
    for out in ("first-out", "second-out"):
        capfd.readouterr()
        main(COMMANDS[name](out))
        printed.append(TIMES.sub("TIME", capfd.readouterr().out.replace(f"{out}/", "OUT/").replace(f" {out}", " OUT")))
    assert printed[0] == printed[1]
    assert len(printed[0].splitlines()) >= 3
    assert "\x1b" not in printed[0]
    assert "\r" not in printed[0]
    assert not set(printed[0]) & set(BOXES)
    assert max(map(len, printed[0].splitlines())) <= 200


def on_a_terminal(arguments: list[str], **environment: str) -> str:
    """Run the command line on a terminal of its own and return what that was sent."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "outskirts.experiments.cli", *arguments]
    environment = {"TERM": "xterm-256color", "COLUMNS": "100"} | environment
    clean = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=clean | environment)
    os.close(child)
    sent = b""
    while True:
        try:
            more = os.read(parent, 65_536)
        except OSError:  # the other end was closed
            break
        if not more:
            break
        sent += more
    os.close(parent)
    process.wait()
    return sent.decode()


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_terminal_gets_colour_and_with_no_color_none(runs: Path, name: str) -> None:
    assert COLOUR.search(on_a_terminal(COMMANDS[name]("one")))
    plain = on_a_terminal(COMMANDS[name]("two"), NO_COLOR="1")
    assert len(plain) > 200
    assert not COLOUR.search(plain)
