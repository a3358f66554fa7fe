"""The champion as a file to keep: where it comes from and what it scored above the program itself."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from ...personas.evolution.lineage import Lineage
from ...sim.text import clean

_WIDTH = 118
END = "# ---"
"""Ends the header; the program begins on the next line, byte for byte as it was measured."""


def with_header(source: str, title: str, command: str, lineage: Lineage, scores: Mapping[str, str], notes: Sequence[str]) -> str:
    """Return a program under a header of comments.

    Args:
        source: The program.
        title: One line.
        command: What to type to get it again.
        lineage: Its edits.
        scores: What it scored, in words, by what it was scored on.
        notes: Further lines.
    """
    lines = [title, "", f"Made by: {command}", "", f"Lineage: the seed program {lineage.family!r} ({lineage.seed}), then"]
    lines += [f"  {step.id} {step.mutator}: {step.edit}" for step in lineage.steps] or ["  nothing: no child was better"]
    lines += ["", "Scores:", *(f"  {what}: {figures}" for what, figures in scores.items()), "", *notes]
    return "\n".join([*(_comment(line) for line in lines), END, source])


def program_of(text: str) -> str:
    """Return the program below a header, or the text itself where there is none."""
    head, mark, program = text.partition(f"\n{END}\n")
    return program if mark and all(line.startswith("#") for line in head.splitlines()) else text


def _comment(line: str) -> str:
    """Return a line as comments that cannot end, whatever stands in it."""
    plain = " ".join(clean(line)[0].splitlines())
    indent = "    " if plain.startswith("  ") else ""
    parts = textwrap.wrap(plain, _WIDTH, initial_indent=plain[: len(plain) - len(plain.lstrip())], subsequent_indent=indent) or [""]
    return "\n".join(f"# {part}".rstrip() for part in parts)
