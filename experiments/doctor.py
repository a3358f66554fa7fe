"""What this machine offers, for ``outskirts doctor``. Keys are told by name, never by value."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

State = Literal["ok", "note", "wrong"]

KEYS = (
    "ANTHROPIC_API_KEY",
    "AZURE_OPENAI_API_KEY",
    "COHERE_API_KEY",
    "DEEPSEEK_API_KEY",
    "GOOGLE_API_KEY",
    "GROQ_API_KEY",
    "HF_TOKEN",
    "MISTRAL_API_KEY",
    "OPENAI_API_KEY",
    "OPENROUTER_API_KEY",
    "TOGETHER_API_KEY",
)
"""Environment variables that model providers read; none is needed."""


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Programs that a browser of the Chromium family is called by."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the examination."""

    name: str
    state: State  # note: nothing is wrong, but something is off or absent
    found: str


def examine(folder: Path, environment: Mapping[str, str]) -> list[Check]:
    """Look at the machine; imports nothing heavy and connects to nothing.

    Args:
        folder: Where runs would be written.
        environment: Environment variables.
    """
    from .config import versions

    found = versions()
    return [
        Check("outskirts", "ok", found.pop("outskirts")),
        _python(found.pop("python")),
        Check("cores", "ok", _cores()),
        _writable(folder),
        *(Check(name, "wrong" if version == "missing" else "ok", version) for name, version in found.items()),
        _nltk(),
        *_sandbox(),
        _ray(),
        _chromium(environment),
        _tracking(folder, environment),
        _keys(environment),
    ]


def _python(version: str) -> Check:
    recent = tuple(int(part) for part in platform.python_version_tuple()[:2]) >= (3, 11)
    return Check("python", "ok" if recent else "wrong", version if recent else f"{version}; 3.11 or later is needed")


def _cores() -> str:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{usable} usable of {os.cpu_count()}"


def _writable(folder: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check("folder", "ok", f"{folder} is writable")
    except OSError as error:
        return Check("folder", "wrong", f"{folder} cannot be written: {error.strerror}")


def _nltk() -> Check:
    there = importlib.util.find_spec("nltk") is not None
    return Check("eliza", "ok" if there else "wrong", "NLTK's ELIZA is there" if there else "needs NLTK, which is missing")


def _sandbox() -> list[Check]:
    """Return what protects this machine from programs that nobody has read, a line for each layer."""
    from ..personas.sandbox.layers import probe
    from ..sim.errors import InputError

    try:
        found = probe()
    except InputError as error:
        return [Check("sandbox", "note", f"none: {error.got}; generators ending in .py do not run here")]
    enough = found.level != "none"
    state: State = "ok" if enough else "note"
    more = "" if enough else "; generators ending in .py run here with --unsafe only"
    return [Check("sandbox", state, found.level + more), *(Check(name, state, words) for name, words in found.words().items())]


def _ray() -> Check:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return Check("ray", "ok", version("ray"))
    except PackageNotFoundError:
        return Check("ray", "note", "not installed, not needed: episodes run on this machine (--executor local or processes)")


def _chromium(environment: Mapping[str, str]) -> Check:
    paths = (shutil.which(name, path=environment.get("PATH", "")) for name in BROWSERS)
    found = next((path for path in paths if path), None)
    if found is None:
        return Check("chromium", "note", "not found on PATH; any browser shows a report, only the tests of the report want this one")
    return Check("chromium", "ok", found)


def _tracking(folder: Path, environment: Mapping[str, str]) -> Check:
    uri = environment.get("MLFLOW_TRACKING_URI")
    if uri:
        return Check("tracking", "ok", f"MLFLOW_TRACKING_URI: {_without_login(uri)} (not contacted)")
    store = folder / "mlflow.db"
    return Check("tracking", "ok", f"MLflow in {store}" + ("" if store.exists() else " (made at the first run)"))


def _without_login(uri: str) -> str:
    """Return an address without user, password and query, which may hold secrets."""
    parts = urlsplit(uri)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _keys(environment: Mapping[str, str]) -> Check:
    present = [name for name in KEYS if environment.get(name)]
    return Check("keys", "ok" if present else "note", f"set: {', '.join(present)}" if present else "none set, none needed")
