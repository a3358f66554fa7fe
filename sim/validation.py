"""What a failed validation says, in the one line that a user reads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from .errors import InputError

_EXPECTED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "bool_parsing": "true or false",
    "float_type": "a number",
    "string_type": "text",
    "string_too_short": "some text",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "missing": "a value",
    "extra_forbidden": "a known key",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys and values",
    "mapping_type": "keys and values",
    "model_type": "keys and values",
}


class _Missing:
    """Stands for a value that is not there."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()


class Complaint(NamedTuple):
    """The first thing that a validation found wrong."""

    path: tuple[str | int, ...]  # where, from the root
    expected: str
    got: object


def complaint(error: ValidationError) -> Complaint:
    """Return the first complaint of a validation, in plain words."""
    first = error.errors()[0]
    context: dict[str, Any] = first.get("ctx", {})
    kind = first["type"]
    if isinstance(first["input"], float) and math.isnan(first["input"]):
        return Complaint(first["loc"], "a finite number", first["input"])  # NaN breaks whichever bound is looked at first
    number = "a whole number" if type(context.get("ge", context.get("le"))) is int else "a number"
    if kind in _EXPECTED:
        expected = _EXPECTED[kind]
    elif kind == "greater_than_equal":
        expected = f"{number} of {context['ge']:g} or more"
    elif kind == "greater_than":
        expected = f"a number above {context['gt']:g}"
    elif kind == "less_than":
        expected = f"a number below {context['lt']:g}"
    elif kind == "less_than_equal":
        expected = f"{number} of {context['le']:g} or less"
    elif kind == "literal_error":
        expected = f"one of {str(context['expected']).replace(' or ', ', ')}"
    elif kind in ("too_short", "too_long"):
        bound = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return Complaint(first["loc"], f"{bound} entries", context["actual_length"])
    elif kind == "string_pattern_mismatch":
        expected = f"text of the form {context['pattern']}"
    else:
        expected = f"something else ({first['msg']})"
    return Complaint(first["loc"], expected, MISSING if kind == "missing" else first["input"])


def input_error(error: ValidationError, prefix: str = "", places: Mapping[str, str] | None = None) -> InputError:
    """Turn the first complaint of a validation into one line that names field, expected and got.

    Args:
        error: What pydantic says.
        prefix: Before the field's name.
        places: Names of fields with the place they came from.
    """
    found = complaint(error)
    path = ".".join(str(part) for part in found.path) or "value"
    top = str(found.path[0]) if found.path else path
    return InputError(f"{prefix}{(places or {}).get(top, path)}", found.expected, found.got)
