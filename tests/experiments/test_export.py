from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from outskirts.experiments.store.export import export
from outskirts.experiments.store.store import RunStore, pack
from outskirts.sim.errors import InputError, StoreError, UnknownNameError
from outskirts.sim.types import EpisodeRecord, Verdict
from tests.experiments.fakes_store import make_record

RECORDS = (make_record("k1", Verdict.FAILED), make_record("k2", text="wäre “besser”"), make_record("k3", Verdict.INFRASTRUCTURE))


def filled(directory: Path, order: tuple[int, ...] = (0, 1, 2), seconds: float = 0.0) -> Path:
    directory.mkdir(exist_ok=True)
    with RunStore.create(directory, "c") as store:
        for i in order:
            store.commit([pack("main", RECORDS[i], seconds)])
        store.commit([pack("careful", RECORDS[0], seconds)])
    return directory


def test_a_line_is_the_record_as_stored_with_the_arm_before_it(tmp_path: Path) -> None:
    lines = export(filled(tmp_path)).read_text().splitlines()
    assert lines[0] == '{"arm":"careful",' + RECORDS[0].model_dump_json()[1:]
    assert [(json.loads(line)["arm"], json.loads(line)["key"]) for line in lines] == [
        ("careful", "k1"),
        ("main", "k1"),
        ("main", "k2"),
        ("main", "k3"),
    ]


def test_a_line_without_its_arm_is_a_record_again(tmp_path: Path) -> None:
    line = json.loads(export(filled(tmp_path)).read_text().splitlines()[2])
    assert line.pop("arm") == "main"
    assert EpisodeRecord.model_validate(line) == RECORDS[1]


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_neither_order_nor_time_nor_attempts_change_a_byte(tmp_path: Path, kind: str) -> None:
    one = export(filled(tmp_path / "a"), kind)
    other = export(filled(tmp_path / "b", (2, 2, 1, 0), seconds=3.5), kind)
    assert one.read_bytes() == other.read_bytes()


def test_parquet_holds_scalars_as_they_are_and_the_rest_as_json(tmp_path: Path) -> None:
    rows = pq.read_table(export(filled(tmp_path), "parquet")).to_pylist()
    assert tuple(rows[0][name] for name in ("arm", "key", "verdict", "turns")) == ("careful", "k1", "failed", 2)
    assert json.loads(rows[2]["messages"])[0]["text"] == RECORDS[1].messages[0].text
    assert (rows[2]["fault"], json.loads(rows[3]["fault"])["role"]) == (None, "target")


def test_a_run_without_episodes_exports_no_rows(tmp_path: Path) -> None:
    RunStore.create(tmp_path, "c").close()
    assert export(tmp_path).read_bytes() == b""
    assert pq.read_table(export(tmp_path, "parquet")).num_rows == 0


def test_a_run_under_way_can_be_exported_to_another_place(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with RunStore.create(tmp_path / "run", "c") as store:
        store.commit([pack("main", RECORDS[0])])
        assert export(tmp_path / "run", out=tmp_path / "x.jsonl") == tmp_path / "x.jsonl"
    assert len((tmp_path / "x.jsonl").read_text().splitlines()) == 1


def test_an_unknown_format_lists_the_choices(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"format: expected one of jsonl, parquet, got 'parket'. Did you mean 'parquet'\?"):
        export(tmp_path, "parket")


def test_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    with pytest.raises(InputError, match=r"out: expected a file, got .* It is a directory"):
        export(tmp_path, out=tmp_path)
    with pytest.raises(InputError, match="out: expected a file in a directory that exists"):
        export(tmp_path, out=tmp_path / "missing" / "x.jsonl")


def test_a_directory_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no run"):
        export(tmp_path)
    assert list(tmp_path.iterdir()) == []
