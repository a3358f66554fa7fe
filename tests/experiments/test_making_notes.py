"""What is said of people when they are made: who wrote about them, and who is there more than once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outskirts.experiments.cli import main

ONE = """
def place(context, axes, n, seed, llm=None):
    return [{axis["name"]: 0.5 for axis in axes} for _ in range(n)]

def portray(context, axes, people, seed, llm=None, feedback=None):
    return [{"name": "A", "description": "Somebody."} for _ in people]
"""
MODEL = """
class Mute:
    name = "mute"

    async def complete(self, prompts):
        return ["" for _ in prompts]

mute = Mute()
"""
COPIED = "6 people stand on 1 position with 1 description: people who are alike cover no more than one of them."


def made(tmp_path: Path, *options: str) -> dict[str, object]:
    assert main(["generate", "--personas", "6", "--out", str(tmp_path / "p.jsonl"), *options]) == 0
    card: dict[str, object] = json.loads((tmp_path / "p.card.json").read_text())
    return card


def test_a_generator_that_returns_one_person_six_times_is_found_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.py").write_text(ONE)
    card = made(tmp_path, "--generator", f"python:{tmp_path / 'one.py'}")
    assert COPIED in capsys.readouterr().out
    assert COPIED in card["limits"]


def test_of_a_foreign_program_nobody_claims_to_know_who_wrote(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(ONE)
    limits = " ".join(made(tmp_path, "--generator", f"python:{tmp_path / 'one.py'}")["limits"])
    assert "no language model wrote" not in limits
    assert "whether a language model wrote its descriptions is not known here" in limits


def test_of_a_registered_generator_without_a_model_the_card_says_that_none_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = made(tmp_path)
    assert "Descriptions are put together from the axis statements; no language model wrote them." in card["limits"]
    assert "written_by_model" not in card
    assert "wrote" not in capsys.readouterr().out


@pytest.mark.parametrize(("generator", "what"), [("diagram", "diagrams"), ("motivation", "descriptions")])
def test_a_model_whose_replies_are_of_no_use_is_said_to_have_written_nothing(
    generator: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models.py").write_text(MODEL)
    card = made(tmp_path, "--generator", generator, "--model", f"python:{tmp_path / 'models.py'}:mute")
    note = f"The model wrote 0 of 6 {what}; the others were made without one."
    assert note in card["limits"]
    assert card["written_by_model"] == 0
    assert note in capsys.readouterr().out
