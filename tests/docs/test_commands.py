"""The commands that a page shows are run, in order, with the files that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from outskirts.experiments.cli import main

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"^```\w+ title=(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [page for page in sorted((ROOT / "docs").glob("*.md")) if SHELL.search(page.read_text(encoding="utf-8"))]
SLOW = {"branching.md", "evolution.md", "judges.md", "rooms.md"}


@pytest.mark.parametrize("page", [pytest.param(p, marks=pytest.mark.slow) if p.name in SLOW else p for p in PAGES], ids=lambda p: p.name)
def test_the_commands_of_a_page_run_in_order(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    commands = [line for block in SHELL.findall(text) for line in block.splitlines() if line.startswith("outskirts ")]
    assert commands
    for command in commands:
        assert main(shlex.split(command, comments=True)[1:]) == 0, (command, capsys.readouterr().err)


def test_the_pages_on_people_have_commands():
    assert {"questionnaires.md", "generators.md", "people.md"} <= {page.name for page in PAGES}
