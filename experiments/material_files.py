"""Files of material: documents, interviews and logged conversations that people are made of."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..personas.generators import Batch
from ..personas.material.documents import SUFFIXES, Document, parse_document
from ..personas.material.people import people_from
from ..personas.material.report import MaterialReport
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.errors import InputError
from ..sim.files import write_atomic

MOST_BYTES = 5_000_000
"""Largest file that is read."""

MOST_BYTES_TOGETHER = 20_000_000
"""Largest size of all files together."""

StrPath = str | os.PathLike[str]


def read_documents(paths: Sequence[StrPath]) -> tuple[Document, ...]:
    """Read files of material: text, Markdown, interview transcripts, logged conversations.

    Args:
        paths: Files that end in ``.txt``, ``.md``, ``.jsonl`` or ``.json``. Evidence names a file by as much of the
            end of its path as tells it from the others.

    Raises:
        InputError: If there is none, one is there twice, too large, or cannot be read as what it is; names file and line.
    """
    if isinstance(paths, str | os.PathLike) or not paths:
        raise InputError("from", "one or more files", paths if paths else "none")
    files = [Path(path) for path in paths]
    where: dict[Path, Path] = {}
    for file in files:
        full = Path(os.path.realpath(file))
        if full in where:
            raise InputError("from", "each file once", str(file), f"It is the same file as {where[full]}." if where[full] != file else "")
        where[full] = file
    contents = []
    for file in files:
        contents.append(_content(file))
        if sum(map(len, contents)) > MOST_BYTES_TOGETHER:
            raise InputError("from", f"files of at most {MOST_BYTES_TOGETHER:,} bytes together", str(file))
    names = _names([Path(os.path.abspath(file)) for file in files])
    return tuple(parse_document(name, content, file.suffix, str(file)) for name, content, file in zip(names, contents, files, strict=True))


def people_from_files(
    paths: Sequence[StrPath], scenario: Scenario, n: int, seed: int, llm: Batch | None = None
) -> tuple[tuple[Persona, ...], MaterialReport]:
    """Make n people of files; see :func:`outskirts.personas.material.people.people_from`.

    Raises:
        InputError: If a file, n or the seed is no use, or nobody in the files takes a stand.
    """
    return people_from(read_documents(paths), scenario, n, seed, llm)


def sources_path(path: StrPath) -> Path:
    """Return where the report on a file of people stands."""
    return Path(path).with_suffix(".sources.json")


def write_sources(path: StrPath, report: MaterialReport) -> Path:
    """Write the report beside a file of people.

    Returns:
        The report's path.

    Raises:
        StoreError: If it cannot be written.
    """
    target = sources_path(path)
    write_atomic(target, report.model_dump_json(indent=2) + "\n")
    return target


def _content(file: Path) -> bytes:
    """Return a file's bytes, no more than are allowed."""
    if file.suffix.lower() not in SUFFIXES:
        raise InputError(str(file), "a file that ends in " + ", ".join(SUFFIXES), file.suffix or "no ending")
    try:
        if not file.is_file() and file.exists():
            raise InputError(str(file), "a file", "a directory" if file.is_dir() else "something else")
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(str(file), "a file that can be read", getattr(error, "strerror", None) or str(error)) from None
    if len(content) > MOST_BYTES:
        raise InputError(str(file), f"a file of at most {MOST_BYTES:,} bytes", "a larger one", "Split it.")
    return content


def _names(files: Sequence[Path]) -> list[str]:
    """Return for each path the shortest end that no other path has."""
    depth = [1] * len(files)
    while True:
        names = ["/".join(file.parts[-d:]) for file, d in zip(files, depth, strict=True)]
        twice = {name for name, count in Counter(names).items() if count > 1}
        if not twice:
            return names
        depth = [d + (name in twice) for d, name in zip(depth, names, strict=True)]
