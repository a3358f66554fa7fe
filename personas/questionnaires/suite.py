"""The shipped suite of 60 contexts in four splits, with their hashes.

Generators are developed on ``train`` and chosen on ``validation``. ``held_out`` is looked at once by whoever reports a
figure; ``sealed`` is opened once a release, and asks for that release's number.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Literal, cast

from ...sim.errors import InputError, UnknownNameError
from .context import Context
from .files import load_text

Split = Literal["train", "validation", "held_out", "sealed"]
SPLITS: tuple[Split, ...] = ("train", "validation", "held_out", "sealed")


def suite(split: str, *, release: str | None = None) -> tuple[Context, ...]:
    """Return the contexts of a split, in the order of their names.

    Args:
        split: ``train``, ``validation``, ``held_out`` or ``sealed``.
        release: For ``sealed`` only: the version whose figures are being made.

    Raises:
        InputError: If there is no such split, the sealed one is asked for without this release's number, or a file is not
            the one whose hash was recorded.
    """
    if split not in SPLITS:
        raise UnknownNameError("split", split, SPLITS)
    if split == "sealed" and release != (installed := version("outskirts")):
        hint = "The sealed contexts are opened once a release: give its number, and report what you find whatever it is."
        raise InputError("release", f"{installed}, the version that is installed", release, hint)
    return _load(split)


def context_names() -> dict[str, str]:
    """Return the split of every context of the suite, by name, without reading them."""
    return {name: split for split, files in recorded_hashes().items() for name in files}


def suite_context(name: str) -> Context:
    """Return one context of the suite by name; sealed ones only come with their split.

    Raises:
        UnknownNameError: If there is none of that name.
    """
    open_names = {n: split for n, split in context_names().items() if split != "sealed"}
    if name not in open_names:
        raise UnknownNameError("questionnaire", name, open_names)
    return next(context for context in suite(open_names[name]) if context.name == name)


def suite_hash(split: str) -> str:
    """Return one hash (16 hex digits) over the recorded hashes of a split, for tables that speak of it."""
    return hashlib.sha256(json.dumps(recorded_hashes()[split], sort_keys=True).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def recorded_hashes() -> dict[str, dict[str, str]]:
    """Return split to context name to the recorded SHA-256 of its file."""
    return cast("dict[str, dict[str, str]]", json.loads(_folder().joinpath("hashes.json").read_text(encoding="utf-8")))


def found_hashes() -> dict[str, dict[str, str]]:
    """Return the same, computed from the files as they are."""
    return {split: {path.name.removesuffix(".yaml"): file_hash(path.read_bytes()) for path in _files(split)} for split in SPLITS}


@lru_cache(maxsize=len(SPLITS))
def _load(split: Split) -> tuple[Context, ...]:
    recorded = recorded_hashes()[split]
    files = _files(split)
    names = [path.name.removesuffix(".yaml") for path in files]
    if sorted(recorded) != names:
        raise InputError(f"suite {split}", "the contexts " + ", ".join(sorted(recorded)), names)
    contexts = []
    for name, path in zip(names, files, strict=True):
        content = path.read_bytes()
        if file_hash(content) != recorded[name]:
            raise InputError(
                f"suite {split}, {name}", f"the file with hash {recorded[name][:12]}", file_hash(content)[:12], "It was changed."
            )
        contexts.append(load_text(content.decode("utf-8"), f"{split}/{path.name}"))
    return tuple(contexts)


def _folder() -> Traversable:
    return resources.files(__name__.rsplit(".", 2)[0]).joinpath("data/suite")


def _files(split: str) -> list[Traversable]:
    return sorted((p for p in _folder().joinpath(split).iterdir() if p.name.endswith(".yaml")), key=lambda p: p.name)


def file_hash(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, line ends as on Unix."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
