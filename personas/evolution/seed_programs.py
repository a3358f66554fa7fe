"""Programs to start from, and programs to compare with: shipped as text, run in the sandbox like any other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

SEEDS = ("memories", "batches", "fitting", "rules", "numbers")
"""The first three after the published ones (arXiv 2602.03545, section on seeding), re-created from their ideas; two more that are unlike them."""

CONTROLS = ("anchor_paste", "single_person", "wordless")
"""What a result has to beat, written as programs."""


def seed_programs() -> Mapping[str, str]:
    """Return family name to source, in the order of seeding. None uses placement feedback beyond what ``portray`` is handed."""
    return _texts("seeds", SEEDS)


def control_programs() -> Mapping[str, str]:
    """Return name to source of the control programs."""
    return _texts("controls", CONTROLS)


@lru_cache(maxsize=2)
def _texts(folder: str, names: tuple[str, ...]) -> Mapping[str, str]:
    root = resources.files(__package__.rpartition(".")[0]).joinpath("data", "programs", folder)
    return MappingProxyType({name: root.joinpath(f"{name}.py").read_text(encoding="utf-8") for name in names})
