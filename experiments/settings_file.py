"""Settings from a YAML file, with the line of whatever is wrong, and the command line laid over them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ..sim.errors import InputError
from ..sim.validation import input_error

M = TypeVar("M", bound=BaseModel)


def validated(
    model: type[M], settings: Mapping[str, object], given: Mapping[str, object], lines: Mapping[str, int], path: str | Path | None
) -> M:
    """Return settings of a file with those of the command line laid over them, as a model.

    Args:
        model: What they must be.
        settings: From the file.
        given: From the command line; these win.
        lines: On which line of the file a key stands.
        path: The file, for error messages.

    Raises:
        InputError: One line that names the key (with the line it stands on), what was expected and what came.
    """
    places = {key: f"{key} ({path}, line {line})" for key, line in lines.items() if key not in given}
    merged = {**settings, **given}
    for key in merged:
        _known(key, model.model_fields, places)
    try:
        return model.model_validate(merged)
    except ValidationError as error:
        raise input_error(error, places=places) from None
    except InputError as error:
        raise InputError(places.get(error.field, error.field), error.expected, error.got, error.hint) from None


def _known(key: str, fields: Mapping[str, object], places: Mapping[str, str]) -> None:
    if key not in fields:
        close = difflib.get_close_matches(key, fields, n=1, cutoff=0.5)
        known = ", ".join(fields)
        hint = f"Did you mean {close[0]!r}?" if close else f"The keys are {known}."
        raise InputError(places.get(key, key), "a key of an experiment", key, hint)


def read_text(path: Path, field: str) -> str:
    """Return the text of a file the user named.

    Raises:
        InputError: If it cannot be read or is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(field, "a file that can be read", str(path), f"{error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(field, "a text file in UTF-8", str(path)) from None


def read_yaml(path: Path) -> tuple[dict[str, object], dict[str, int]]:
    """Return an experiment file's settings, and the line on which each key stands (from 1)."""
    text = read_text(path, "experiment")
    lines: dict[str, int] = {}
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        settings = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"line {mark.line + 1}: " if mark else ""
        raise InputError("experiment", "YAML", str(path), f"{at}{error.problem or error.context}.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError("experiment", "YAML", str(path), f"{' '.join(str(error).split())}.") from None
    if settings is None:
        return {}, {}
    if not isinstance(settings, dict) or not isinstance(root, yaml.MappingNode):
        raise InputError("experiment", f"keys and values in {path}", settings)
    for node, _ in root.value:
        key = str(node.value)
        if key in lines:
            raise InputError(f"{key} ({path}, line {node.start_mark.line + 1})", "each key once", key)
        lines[key] = node.start_mark.line + 1
    return {str(key): value for key, value in settings.items()}, lines
