"""The commands that a page shows are run, in order, with the files that it shows."""

from __future__ import annotations

import contextlib
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from outskirts.experiments.cli import main

ROOT = Path(__file__).parents[2]
FILE = re.compile(r'^```\w+ title="([^"\n]+)"\n(.*?)^```', re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PORT = re.compile(r"http://127\.0\.0\.1:(\d+)")
PAGES = [page for page in sorted((ROOT / "docs").glob("*.md")) if SHELL.search(page.read_text(encoding="utf-8"))]
SLOW = {"branching.md", "budgets.md", "evolution.md", "judges.md", "rooms.md", "your-assistant.md"}


@pytest.mark.parametrize("page", [pytest.param(p, marks=pytest.mark.slow) if p.name in SLOW else p for p in PAGES], ids=lambda p: p.name)
def test_the_commands_of_a_page_run_in_order(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    lines = [line for block in SHELL.findall(text) for line in block.splitlines()]
    assert any(line.startswith("outskirts ") for line in lines)
    with contextlib.ExitStack() as servers:
        for line in lines:
            if line.startswith("python3 ") and line.endswith(" &"):
                servers.enter_context(_running(line.removeprefix("python3 ").removesuffix(" &"), PORT.findall(text)))
            if line.startswith("outskirts "):
                assert main(shlex.split(line, comments=True)[1:]) == 0, (line, capsys.readouterr().err)


@contextlib.contextmanager
def _running(script, ports):
    """Run a script that a page starts in the background until the block ends; it serves on the first port that the page names."""
    with subprocess.Popen([sys.executable, script]) as process:
        try:
            end = time.monotonic() + 20
            while not _listens(int(ports[0])):
                assert process.poll() is None, script
                assert time.monotonic() < end, script
                time.sleep(0.02)
            yield
        finally:
            process.kill()


def _listens(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def test_the_pages_on_people_have_commands():
    assert {"start.md", "questionnaires.md", "generators.md", "people.md", "your-assistant.md"} <= {page.name for page in PAGES}


def test_every_named_file_is_named_as_both_readers_of_the_pages_want_it():
    bare = [
        (page.name, line)
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        if re.match(r"```\w+ title=[^\"]", line)
    ]
    assert bare == []
