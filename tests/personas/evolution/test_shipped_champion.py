"""The champion that ships: its lineage's edits make it again, byte for byte, and it keeps the contract."""

from __future__ import annotations

from pathlib import Path

from outskirts.experiments.evolution.program_file import program_of
from outskirts.personas.evolution.contract import fault
from outskirts.personas.evolution.lineage import Lineage, replay
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.personas.generators import axis_dicts, from_object
from outskirts.personas.questionnaires.suite import suite

FOLDER = Path(__file__).parents[3] / "examples" / "generators"
TEXT = (FOLDER / "champion.py").read_text(encoding="utf-8")
LINEAGE = Lineage.model_validate_json((FOLDER / "champion.json").read_text(encoding="utf-8"))


def test_the_edits_of_its_lineage_make_it_again() -> None:
    assert LINEAGE.steps
    assert replay(seed_programs(), LINEAGE).encode() == program_of(TEXT).encode()


def test_it_keeps_the_contract_on_contexts_of_any_number_of_axes() -> None:
    assert fault(program_of(TEXT)) == ""
    program: dict[str, object] = {}
    exec(compile(TEXT, "champion.py", "exec"), program)
    generator = from_object(program, "champion", "champion")
    for context in suite("train")[:6]:
        axes = axis_dicts(context.questionnaire, context.density)
        people = [{"id": f"p{i:04d}", "position": at} for i, at in enumerate(generator.place("", axes, 12, 0))]
        assert len({one["description"] for one in generator.portray("", axes, people, 0)}) == 12


def test_its_header_says_how_it_was_made() -> None:
    head = TEXT.partition("\n# ---\n")[0]
    assert "outskirts evolve" in head
    assert all(step.id in head for step in LINEAGE.steps)
    assert "evidence about the machinery, not about humans" in head
