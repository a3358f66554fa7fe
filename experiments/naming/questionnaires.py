"""Questionnaires by name or file: the shipped suite, the published instruments, and the user's own."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.errors import InputError

if TYPE_CHECKING:
    from ...personas.questionnaires.context import Context


def find_context(given: str) -> Context:
    """Return the context that the user named.

    Args:
        given: A YAML file, the name of a published instrument, or that of a context of the suite.

    Raises:
        InputError: If it is none of these, or the file is wrong.
    """
    from ...personas.questionnaires.files import load_file
    from ...personas.questionnaires.instruments import INSTRUMENTS, instrument
    from ...personas.questionnaires.suite import context_names, suite_context

    if Path(given).is_file() or given.endswith((".yaml", ".yml")) or os.sep in given:
        return load_file(given)
    if given in INSTRUMENTS:
        return instrument(given)
    splits = context_names()
    if splits.get(given) == "sealed":
        hint = "It comes with its split only: outskirts coverage --benchmark --split sealed."
        raise InputError("questionnaire", "a context that is not sealed", given, hint)
    if given not in splits:
        open_names = [*INSTRUMENTS, *(name for name, split in splits.items() if split != "sealed")]
        close = difflib.get_close_matches(given, open_names, n=1, cutoff=0.5)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        expected = "a YAML file, ipip-50, dass-21, or a context of the suite"
        raise InputError("questionnaire", expected, given, f"{hint}They are listed by: outskirts list questionnaires.")
    return suite_context(given)


def described() -> Mapping[str, str]:
    """Return every questionnaire that has a name, with what it is in a line."""
    from ...personas.questionnaires.instruments import INSTRUMENTS, instrument
    from ...personas.questionnaires.suite import context_names

    lines = {name: f"published instrument: {', '.join(instrument(name).questionnaire.names)}" for name in INSTRUMENTS}
    return lines | {name: f"suite, {split.replace('_', ' ')}" for name, split in context_names().items() if split != "sealed"}
