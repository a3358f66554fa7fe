"""Notes on people from material: the console and the card say what rests on no quote and who is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.experiments.cli import main
from outskirts.experiments.material_notes import QUOTED, material_limits, material_notes
from outskirts.personas.material.documents import parse_document
from outskirts.personas.material.people import people_from

PLAIN = "Q: Well?\nAnn: I want my own garden."
OPEN = "Q: Well?\nBob: I always say out loud what I feel.\nQ: So?\nEve: The rain is wet."
WAITS = "Q: Well?\nCat: I wait."


def notes(*texts: str, n: int = 3) -> tuple[str, ...]:
    documents = [parse_document(f"d{i}.txt", text) for i, text in enumerate(texts)]
    return material_notes(people_from(documents, SUPPORT, n, 0)[1], SUPPORT.axes)


def test_axes_of_which_no_quote_says_anything_are_named() -> None:
    first = (
        "No quote says anything of distress, trust, openness, hostility, readiness (5 of 5 axes): "
        "everybody is placed there by design, and may contradict what they are quoted with."
    )
    assert notes(PLAIN) == (first, QUOTED)


def test_axes_of_which_only_some_are_quoted_and_sides_are_counted_in_people() -> None:
    found = notes(PLAIN, OPEN, WAITS)
    assert found[0].startswith("No quote says anything of distress, trust, hostility (3 of 5 axes): everybody")
    assert found[1].startswith("No quote of their own says anything of openness (2 of 3 people), readiness (2 of 3 people): they")
    assert found[2] == "On readiness (1 of 3 people) a quote only says the side: they are placed by design in that half."


def test_speakers_and_texts_of_which_nothing_was_found_are_named() -> None:
    assert "Nothing usable was found of: Eve (d1.txt), d2.txt" in notes(PLAIN, OPEN, "The ward has twelve beds.")


def test_stakeholders_without_people_are_named() -> None:
    assert "Fewer people than stakeholders: nobody was made of Bob" in notes(PLAIN, OPEN, n=1)


@pytest.mark.parametrize(("own", "mixed"), [(True, False), (False, True)])
def test_the_card_says_that_domains_may_be_mixed_without_a_questionnaire(own: bool, mixed: bool) -> None:
    people, _ = people_from([parse_document("a.txt", PLAIN)], SUPPORT, 1, 0)
    limits = material_limits(people, SUPPORT, own, ("trust",))
    assert any("domains may be mixed" in limit for limit in limits) == mixed
    assert "No quote says anything of trust." in limits
    assert "Private facts are invented by the scenario support; nobody in the material told them." in limits


def test_people_without_private_facts_have_no_limit_on_them() -> None:
    people, _ = people_from([parse_document("a.txt", PLAIN)], SUPPORT, 1, 0)
    without = [person.model_copy(update={"facts": ()}) for person in people]
    assert not any("Private facts" in limit for limit in material_limits(without, SUPPORT, True, ()))


def test_several_files_may_follow_one_from_as_a_shell_writes_them(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")]
    for name in names:
        Path(name).write_text(OPEN)
    command = ["generate", "--personas", "2", "--out", str(tmp_path / "p.jsonl")]
    assert main([*command, "--from", *names]) == 0
    assert json.loads((tmp_path / "p.card.json").read_text())["material"] == names


def test_a_file_without_from_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "a.txt", "--out", str(tmp_path / "p.jsonl")]) == 2
    assert capsys.readouterr().err == "error: FILE: expected files after --from only, got 'a.txt'. People are written to --out.\n"


def test_generating_says_it_on_the_console_and_in_the_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(OPEN)
    assert main(["generate", "--from", str(tmp_path / "a.txt"), "--personas", "2", "--out", str(tmp_path / "p.jsonl")]) == 0
    said = capsys.readouterr().out
    assert "No quote says anything of distress, trust, hostility, readiness (4 of 5 axes): everybody is placed" in said
    assert "Nothing usable was found of: Eve (a.txt)" in said
    card = json.loads((tmp_path / "p.card.json").read_text())
    assert card["limits"][0].startswith("Quotes are word for word what somebody said")
    assert not any("nothing here was observed" in limit or limit.startswith("Descriptions are put") for limit in card["limits"])
    assert (card["speakers_without_statements"], card["questionnaire"]) == (["Eve (a.txt)"], None)
