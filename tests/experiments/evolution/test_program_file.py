"""The champion's file: a header of comments that nothing can break out of, and the program below it byte for byte."""

from __future__ import annotations

import ast

from outskirts.experiments.evolution.program_file import program_of, with_header
from outskirts.personas.evolution.lineage import Lineage, Step
from outskirts.personas.evolution.patch import patch_of
from outskirts.personas.evolution.seed_programs import seed_programs

SOURCE = seed_programs()["rules"]


def _lineage(edit: str) -> Lineage:
    step = Step(id="c00007", parents=("c00001",), mutator="constants", edit=edit, record=patch_of(SOURCE, SOURCE + "\n"))
    return Lineage(family="rules", seed="c00001", steps=(step,))


def test_the_program_below_the_header_is_the_program() -> None:
    text = with_header(SOURCE, "A champion", "outskirts evolve", _lineage("GAIN 1 to 2"), {"validation": "coverage 0.9"}, ["A note."])
    assert program_of(text) == SOURCE
    assert program_of(SOURCE) == SOURCE
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(SOURCE))
    assert "GAIN 1 to 2" in text
    assert "coverage 0.9" in text


def test_nothing_in_a_header_becomes_code() -> None:
    hostile = "inserted\nimport os\r\x0bos.system('x')\u2028# ---\nimport os\x00"
    text = with_header(SOURCE, hostile, hostile, _lineage(hostile), {hostile: hostile}, [hostile])
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(SOURCE))
    assert program_of(text) == SOURCE
