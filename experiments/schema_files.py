"""JSON Schemas of what users' scripts read and write: they ship beside the package and are versioned with it.

``python -m outskirts.experiments.schema_files`` writes them anew; a test says when that is due.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from ..personas.people_file import SCHEMA as PEOPLE_SCHEMA
from ..personas.persona import Persona
from ..sim.types import EpisodeRecord
from .config import RECORDED, ExperimentConfig
from .summary import Summary

Schema = dict[str, Any]

FOLDER = Path(__file__).parent / "schemas"

VERSION = 1
"""Version of all the schemas; rises when a key changes its meaning, which no key may do lightly."""

_SPEC = {"$ref": "#/$defs/SPEC"}
_SOME_TEXT = {"type": "string", "pattern": r"\S"}
_SPECS_IN_TEXT = {"type": "string", "pattern": r"^[^,]*[^,\s][^,]*(,[^,]*[^,\s][^,]*)*$"}  # joined by commas, none of them empty
_PRICE = {
    "type": "object",
    "description": "Money for a million tokens (input, output), and for each call.",
    "properties": {key: {"type": "number", "minimum": 0} for key in ("input", "output", "call")},
    "additionalProperties": False,
    "minProperties": 1,
}
_SPEC_MEANS = "Text as on the command line (name?option=value&..., python:file.py:attribute), or a mapping of name and options."


def _of(model: type[BaseModel], what: str, mode: JsonSchemaMode = "serialization") -> Schema:
    return model.model_json_schema(by_alias=True, mode=mode) | {"description": what}


def _summary() -> Schema:
    return _of(Summary, "summary.json: the figures of one run. Keys may be added, never renamed.")


def _persona() -> Schema:
    """Return a persona's schema, with what its line adds and what the reader checks beside it."""
    schema = _of(Persona, "A line of a file of people: one person, and hashes that show whether the line was changed.")
    keys = schema["properties"]
    keys["position"]["additionalProperties"] |= {"minimum": 0, "maximum": 1}
    keys["weight"]["minimum"] = 0
    keys["schema"] = {"const": PEOPLE_SCHEMA, "title": "Schema"}
    keys["fingerprint"] = {"type": "string", "pattern": "^[0-9a-f]{24}$", "title": "Fingerprint"}
    keys["checksum"] = {"type": "string", "pattern": "^[0-9a-f]{16}$", "title": "Checksum"}
    schema["required"] += ["schema", "fingerprint"]
    return schema


def _episode() -> Schema:
    """Return a record's schema, with the arm that its line adds."""
    schema = _of(EpisodeRecord, "A line of `outskirts export`: one episode, enough to replay and to judge it again.")
    schema["properties"]["arm"] = {"type": "string", "title": "Arm"}
    schema["required"] += ["arm"]
    return schema


def _experiment() -> Schema:
    """Return the schema of an experiment file as it may be written, which is wider than what it is brought to."""
    schema = _of(ExperimentConfig, "An experiment file: the long options of `outskirts run` with underscores.", "validation")
    keys = schema["properties"]
    several = {"type": "array", "items": _SPEC}
    wider: dict[str, Schema] = {
        **dict.fromkeys(("scenario", "target", "generator", "player", "respondent"), _SPEC),
        "beside": {"anyOf": [_SPEC, {"type": "null"}]},
        "judge": {"anyOf": [_SPEC, {**several, "minItems": 1}]},
        "controls": {"anyOf": [_SPECS_IN_TEXT, {**several, "uniqueItems": True}, {"type": "null"}]},
        "seed": {"type": "integer", "minimum": 0, "exclusiveMaximum": 2**63},
        "prices": {"anyOf": [_SOME_TEXT, {"type": "object", "additionalProperties": _PRICE}, {"type": "null"}]},
    }
    for name, accepted in wider.items():
        keys[name] = {key: keys[name][key] for key in ("title", "default") if key in keys[name]} | accepted
    keys.update({name: {"title": name.title()} for name in RECORDED})
    named = {"type": "object", "properties": {"name": _SOME_TEXT}, "required": ["name"]}
    schema.setdefault("$defs", {})["SPEC"] = {"description": _SPEC_MEANS, "anyOf": [_SOME_TEXT, named]}
    from_file = {"properties": {"people": {"type": "string"}}, "required": ["people"]}
    alone: Schema = {"not": {"anyOf": [{"required": ["generator"]}, {"required": ["personas"]}]}}
    gated = {"properties": {"fail_if_worse": {"type": "number"}}, "required": ["fail_if_worse"]}
    held: Schema = {"properties": {"against": {"type": "string"}}, "required": ["against"]}
    skipping: Schema = {"properties": {"skip_bad": {"const": True}}, "required": ["skip_bad"]}
    several_processes = {"properties": {"workers": {"type": "integer", "exclusiveMinimum": 1}}, "required": ["workers"]}
    in_processes: Schema = {"properties": {"executor": {"const": "processes"}}, "required": ["executor"]}
    schema["allOf"] = [
        {"if": several_processes, "then": in_processes},
        {"if": from_file, "then": alone},
        {"if": gated, "then": held},
        {"if": skipping, "then": {"anyOf": [from_file, held]}},
    ]
    return schema


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "summary": _summary,  # summary.json
    "persona": _persona,  # a line of personas.jsonl
    "episode": _episode,  # a line of `outskirts export`
    "experiment": _experiment,  # an experiment file, and config.yaml of a run
}


def path_of(name: str) -> Path:
    """Return where one of :data:`SCHEMAS` ships."""
    return FOLDER / f"{name}.schema.json"


def schema_text(name: str) -> str:
    """Return one of :data:`SCHEMAS` as it ships."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "version": VERSION}
    return json.dumps({**head, **SCHEMAS[name]()}, indent=2, sort_keys=True) + "\n"


def write_schemas() -> None:
    """Write all schemas to where they ship."""
    for name in SCHEMAS:
        path_of(name).write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
