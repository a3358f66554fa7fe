"""The shell completes commands, options and the names that options take."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from outskirts.experiments.cli import completion
from outskirts.experiments.naming.registered import REGISTRY

COMMAND = [sys.executable, "-m", "outskirts.experiments.cli"]


def completed(words: str) -> list[str]:
    """Return what bash is told to offer for the last of the words."""
    asked = {"_OUTSKIRTS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    return subprocess.run(COMMAND, env=os.environ | asked, capture_output=True, text=True, check=True).stdout.split()


def test_bash_gets_the_names_that_begin_so():
    assert completed("outskirts run --target gu") == ["guarded-eliza"]


def test_commands_are_completed_too():
    assert completed("outskirts rep") == ["report", "replay"]


@pytest.mark.parametrize("role", REGISTRY)
def test_every_role_offers_its_registered_names_with_what_they_are(role):
    offered = dict(completion.names_of(role)(""))
    assert offered == {entry.name: entry.description for entry in REGISTRY[role].values()}
    assert completion.names_of(role)("python:my") == []


def test_every_option_that_takes_a_name_completes_it():
    from typer.main import get_command

    from outskirts.experiments.cli import app

    roles = {"--scenario", "--target", "--generator", "--player", "--respondent", "--judge", "--beside", "--controls", "--questionnaire"}
    silent = [
        (command.name, option)
        for command in get_command(app).commands.values()
        for parameter in command.params
        for option in roles & set(parameter.opts)
        if parameter._custom_shell_complete is None
    ]
    assert silent == [("evolve", "--controls")]  # those are arms of a search, and no names of a role


def test_controls_complete_the_last_name_and_offer_none_twice():
    offered = [name for name, _ in completion.controls("careful,mute,s")]
    assert {"careful,mute,shuffled", "careful,mute,single_persona"} <= set(offered)
    assert [name for name, _ in completion.controls("careful,car")] == []


def test_questionnaires_complete_by_name():
    assert [name for name, _ in completion.questionnaires("ipip")] == ["ipip-50"]


def test_the_script_for_the_shell_that_asks_is_shown():
    shown = subprocess.run(["bash", "-c", '"$@" --show-completion; exit $?', "bash", *COMMAND], capture_output=True, text=True, check=True)
    assert "complete -o default -F _outskirts_completion outskirts" in shown.stdout


def test_the_script_is_installed_where_the_shell_reads_it(tmp_path):
    asked = os.environ | {"HOME": str(tmp_path)}
    subprocess.run(["bash", "-c", '"$@" --install-completion; exit $?', "bash", *COMMAND], env=asked, capture_output=True, check=True)
    (written,) = tmp_path.rglob("outskirts.sh")
    assert "_OUTSKIRTS_COMPLETE=complete_bash" in written.read_text(encoding="utf-8")
    assert str(written) in (tmp_path / ".bashrc").read_text(encoding="utf-8")
