"""Which of the user's own code took part in a run, so that a resumed one says when it was changed meanwhile."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path

import yaml

from ..config import ExperimentConfig
from .spec import parse_spec
from .userfile import split_place

Code = dict[str, list[str]]
"""SPEC to the hashes of its file, in the order in which the sessions of a run met them."""


def code_of(config: ExperimentConfig, before: Code | None = None) -> Code:
    """Return the hash (12 hex digits) of every file of the user's, programs included, that decides what an episode says.

    Args:
        config: Settings of the run.
        before: What earlier sessions of the run met; another hash is appended to it.
    """
    code = {spec: list(seen) for spec, seen in (before or {}).items()}
    for role, spec in (
        ("scenario", config.scenario),
        ("target", config.target),
        ("player", config.player),
        ("respondent", config.respondent),
        ("generator", config.generator),
        *(("generator", spec) for spec in [config.beside] if spec),
        *(("target", control) for control in config.controls),
        *(("judge", judge) for judge in config.judge),
        *(("model", model) for model in map(_model_of, config.judge) if model),
    ):
        parsed = parse_spec(spec, role)  # type: ignore[arg-type]
        file = _file(parsed.name) if parsed.kind in ("python", "program") else None
        if file is not None and file.is_file():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
            seen = code.setdefault(spec, [])
            if not seen or seen[-1] != digest:
                seen.append(digest)
    return code


def changed(code: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the SPECs whose code is not the same in all sessions of a run."""
    return tuple(sorted(spec for spec, seen in code.items() if len(set(seen)) > 1))


def read_code(config_file: Path) -> Code:
    """Return what a run's ``config.yaml`` says of the user's code."""
    settings = yaml.safe_load(config_file.read_text(encoding="utf-8")) or {}
    found = settings.get("code") or {}
    return {str(spec): [str(digest) for digest in seen] for spec, seen in found.items()}


def _model_of(judge: str) -> str:
    """Return the SPEC of the model that a judge asks, if one names it."""
    model = parse_spec(judge, "judge").options.get("model")
    return parse_spec(model, "model").text if isinstance(model, str | Mapping) else ""


def _file(where: str) -> Path | None:
    source, _ = split_place(where)
    if source.endswith(".py"):
        return Path(source)
    try:
        found = importlib.util.find_spec(source)
    except (ImportError, ValueError):
        return None
    return Path(found.origin) if found is not None and found.origin else None
