from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from outskirts.experiments.rundir import RunDir
from outskirts.experiments.store.store import RunStore, pack
from outskirts.sim.errors import InputError, StoreError
from outskirts.sim.files import atomic, write_atomic
from tests.experiments.fakes_store import make_record

NOW = datetime(2026, 11, 4, 15, 30, 12)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Act as nobody in particular where the tests are run by root, whom no permission stops."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def open_to_all(path: Path) -> None:
    """Let anyone pass through to a directory of pytest."""
    for folder in (path, *path.parents[:3]):
        folder.chmod(0o755)


def test_the_default_name_has_time_and_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert RunDir.create(None, "support", NOW).path == Path("runs/20261104-153012-support")
    assert (tmp_path / "runs/20261104-153012-support").is_dir()


def test_a_second_run_in_the_same_second_gets_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [RunDir.create(None, "support", NOW).path.name for _ in range(3)]
    assert names == ["20261104-153012-support", "20261104-153012-support-2", "20261104-153012-support-3"]


def test_a_scenario_given_as_a_path_makes_a_plain_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert RunDir.create(None, "python:../my file.py:SCENARIO", NOW).path.name == "20261104-153012-python-my-file-py-SCENARIO"


def test_an_empty_directory_may_be_used_and_a_missing_one_is_made(tmp_path: Path) -> None:
    assert RunDir.create(tmp_path, "support").path == tmp_path
    assert RunDir.create(tmp_path / "a" / "b", "support").path.is_dir()


def test_a_directory_with_files_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").touch()
    with pytest.raises(
        InputError, match=r"out: expected a directory that is empty .* Go on with `outskirts resume .*`, or choose another --out\."
    ):
        RunDir.create(tmp_path, "support")


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"out: expected a directory, got .* It is a file"):
        RunDir.create(tmp_path / "file", "support")
    with pytest.raises(InputError, match=r"out: expected a place that can be written, got .* Not a directory"):
        RunDir.create(tmp_path / "file" / "below", "support")


def test_a_parent_that_is_read_only_is_refused(tmp_path: Path) -> None:
    open_to_all(tmp_path)
    tmp_path.chmod(0o555)
    with without_privileges(), pytest.raises(InputError, match=r"out: expected a place that can be written, got .* Permission denied"):
        RunDir.create(tmp_path / "new", "support")
    tmp_path.chmod(0o755)


def test_open_wants_a_directory_with_a_configuration(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"DIR: expected a run directory, got .* There is no config\.yaml in it"):
        RunDir.open(tmp_path)
    with pytest.raises(InputError, match="There is no such directory"):
        RunDir.open(tmp_path / "missing")
    (tmp_path / "config.yaml").touch()
    assert RunDir.open(tmp_path).personas == tmp_path / "personas.jsonl"


def test_an_atomic_write_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    write_atomic(path, "old")
    write_atomic(path, "nëw")
    assert path.read_bytes() == "nëw".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    write_atomic(path, "old")
    with pytest.raises(TypeError, match="bytes-like object is required"), atomic(path) as file:
        file.writelines([b"new", "not bytes"])  # type: ignore[list-item]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_a_plain_sentence_and_the_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    write_atomic(path, "old")
    with files_at_most(10_000), pytest.raises(StoreError, match=r"The disk is full: .*summary\.json could not be written"):
        write_atomic(path, "x" * 20_000)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_that_is_read_only_is_a_plain_sentence(tmp_path: Path) -> None:
    open_to_all(tmp_path)
    tmp_path.chmod(0o555)
    with without_privileges():
        with pytest.raises(StoreError, match=r"summary\.json cannot be written \(Permission denied\)"):
            write_atomic(tmp_path / "summary.json", "new")
        with pytest.raises(StoreError, match=r"cannot be written \(Permission denied\)"):
            RunStore.create(tmp_path, "c")
    tmp_path.chmod(0o755)


def test_a_finished_run_can_be_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    with RunStore.create(tmp_path, "c") as store:
        store.commit([pack("main", make_record("k1"))])
    open_to_all(tmp_path)
    tmp_path.chmod(0o555)
    with without_privileges(), RunStore.open(tmp_path, "c", readonly=True) as store:
        assert store.done("main") == {"k1"}
    tmp_path.chmod(0o755)
