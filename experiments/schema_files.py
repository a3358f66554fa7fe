"""JSON Schemas of what users' scripts read: they ship beside the package and are versioned with it.

``python -m outskirts.experiments.schema_files`` writes them anew; a test says when that is due.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from ..personas.persona import Persona
from ..sim.types import EpisodeRecord
from .config import ExperimentConfig
from .summary import Summary

FOLDER = Path(__file__).parent / "schemas"

MODELS: Mapping[str, type[BaseModel]] = {
    "summary": Summary,  # summary.json
    "persona": Persona,  # a line of personas.jsonl, which adds schema, fingerprint and checksum
    "episode": EpisodeRecord,  # a line of `outskirts export`, which adds the arm
    "experiment": ExperimentConfig,  # an experiment file
}
VERSION = 1
"""Version of all the schemas; rises when a key changes its meaning, which no key may do lightly."""


def path_of(name: str) -> Path:
    """Return where the schema of one of :data:`MODELS` ships."""
    return FOLDER / f"{name}.schema.json"


def schema_text(name: str) -> str:
    """Return the schema of one of :data:`MODELS` as it ships."""
    schema = MODELS[name].model_json_schema(by_alias=True, mode="validation" if name == "experiment" else "serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "version": VERSION}
    return json.dumps({**head, **schema}, indent=2, sort_keys=True) + "\n"


def write_schemas() -> None:
    """Write all schemas to where they ship."""
    for name in MODELS:
        path_of(name).write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
