"""Every episode record of a run in one file, sorted by arm and key, without wall-clock times."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from pydantic_core import from_json, to_json

from ...sim.errors import InputError, UnknownNameError
from ...sim.files import atomic
from ...sim.types import EpisodeRecord, Verdict
from .store import RunStore

_ROWS_A_GROUP = 1_000

Text = tuple[str, str, bytes]  # arm, key, the record's JSON


def export(directory: str | Path, format: str = "jsonl", out: str | Path | None = None) -> Path:
    """Write every episode record of a run, from a run that has ended or is under way.

    A line of ``jsonl`` is the record's JSON as it was stored, with ``arm`` put before its first key. The same
    seed gives the same bytes, whatever the concurrency, the order of execution and the number of resumptions.
    In ``parquet`` each key of the record is a column; lists and mappings are JSON in strings.

    Args:
        directory: The run directory.
        format: ``jsonl`` or ``parquet``.
        out: The file; ``episodes.<format>`` in the run directory if None. It is replaced in one step.

    Returns:
        The path of the file.

    Raises:
        UnknownNameError: If there is no such format.
        InputError: If ``out`` is a directory or lies in none, or ``parquet`` is asked for without pyarrow.
        StoreError: If the run cannot be read or the file not be written.
    """
    if format not in _FORMATS:
        raise UnknownNameError("format", format, _FORMATS)
    path = Path(directory) / f"episodes.{format}" if out is None else Path(out)
    if path.is_dir():
        raise InputError("out", "a file", str(path), "It is a directory.")
    with RunStore.open(directory, readonly=True) as store:
        if not path.parent.is_dir():
            raise InputError("out", "a file in a directory that exists", str(path))
        with atomic(path) as file:
            _FORMATS[format](file, store.texts())
    return path


def _write_lines(file: BinaryIO, texts: Iterable[Text]) -> None:
    for arm, _, text in texts:
        file.write(b'{"arm":' + json.dumps(arm, ensure_ascii=False).encode() + b"," + text[1:] + b"\n")


def _write_parquet(file: BinaryIO, texts: Iterable[Text]) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError("format", "jsonl, as pyarrow is not installed", "parquet", "`pip install pyarrow` adds it.") from error
    kinds: dict[Any, Any] = {int: pa.int64(), str: pa.string(), Verdict: pa.string()}
    plain = {name for name, field in EpisodeRecord.model_fields.items() if field.annotation in kinds or name == "information"}
    columns = [(name, kinds.get(field.annotation, pa.string())) for name, field in EpisodeRecord.model_fields.items()]
    schema = pa.schema([("arm", pa.string()), *columns])
    rows = iter(texts)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(rows, _ROWS_A_GROUP)):
            records = [(arm, from_json(text)) for arm, _, text in group]
            cells = {name: [_cell(record.get(name), name in plain) for _, record in records] for name, _ in columns}
            writer.write_table(pa.table({"arm": [arm for arm, _ in records], **cells}, schema=schema))


def _cell(value: Any, plain: bool) -> Any:
    """Scalars as they are, an absent value or field as null, everything else as JSON."""
    return value if plain or value is None else to_json(value).decode()


_FORMATS: dict[str, Callable[[BinaryIO, Iterable[Text]], None]] = {"jsonl": _write_lines, "parquet": _write_parquet}
