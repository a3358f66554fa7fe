"""Options of registered names, as pydantic models: read from a SPEC, and told by ``outskirts list``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from ...sim.errors import InputError
from ...sim.validation import input_error
from .spec import Role, Spec, check_options

Settings = TypeVar("Settings", bound=BaseModel)


class Option(NamedTuple):
    """One option in words."""

    name: str
    values: str  # what may be given: "0 to 1", "one of run, develop"
    default: str


def read_options(kind: type[Settings], options: Mapping[str, object], role: Role, name: str) -> Settings:
    """Build the settings of a registered name.

    Args:
        kind: The model that declares the options.
        options: What was given.
        role: What the name stands for.
        name: The registered name.

    Raises:
        InputError: If an option is unknown or its value is wrong.
    """
    check_options(Spec("name", name, options, name), kind.model_fields, role)
    for key, value in options.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise InputError(f"{role} {name}.{key}", "a finite number", value)
    try:
        return kind.model_validate(dict(options), strict=True)
    except ValidationError as error:
        found = input_error(error, prefix=f"{role} {name}.")
        if error.errors()[0]["type"] == "missing":
            found = InputError(found.field, found.expected, found.got, f"Write {name}?{error.errors()[0]['loc'][0]}=...")
        raise found from None


def told(kind: type[BaseModel]) -> tuple[Option, ...]:
    """Return what each option of a model may be, and what it is by default."""
    found = kind.model_json_schema()["properties"]
    return tuple(Option(name, _values(schema), _default(schema)) for name, schema in found.items())


def _values(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return "some of " + ", ".join(map(str, schema["items"]["enum"])) + ", joined by commas"
    if "additionalProperties" in schema:
        return f"a mapping of words to numbers, each {_range(schema['additionalProperties'])}"
    return _range(schema)


def _range(schema: Mapping[str, Any]) -> str:
    least, above, most = (schema.get(key) for key in ("minimum", "exclusiveMinimum", "maximum"))
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    if least is not None:
        return f"{least:g} or more"
    if schema["type"] == "boolean":
        return "true or false"
    return str(schema["type"]) if above is None else f"above {above:g}"


def _default(schema: Mapping[str, Any]) -> str:
    default = schema.get("default", "none")
    if isinstance(default, list):
        return ",".join(map(str, default)) or "none"
    return f"{default:g}" if isinstance(default, float) else str(default) or "none"
