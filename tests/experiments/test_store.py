from __future__ import annotations

import asyncio
import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from outskirts.experiments.screen.wording import divergence_line
from outskirts.experiments.store.store import RunStore, Spent, StoreWriter, pack
from outskirts.sim.errors import InputError, StoreError
from outskirts.sim.types import EpisodeRecord, Usage, Verdict
from tests.experiments.fakes_store import make_record

CONFIG = "c0ffee"


def filled(directory: Path, *records: EpisodeRecord, arm: str = "main") -> RunStore:
    store = RunStore.create(directory, CONFIG)
    store.commit([pack(arm, record) for record in records])
    return store


def run_python(code: str, *arguments: str, file_limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a child that knows the fakes; with ``file_limit`` no file of it grows beyond so many bytes."""

    def limit() -> None:
        assert file_limit is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, preexec_fn=limit if file_limit else None, timeout=60, check=False
    )


def test_a_committed_record_is_there_after_the_store_was_closed_and_opened(tmp_path: Path) -> None:
    filled(tmp_path, make_record("k1", Verdict.FAILED)).close()
    with RunStore.open(tmp_path, CONFIG) as store:
        assert list(store.records()) == [("main", make_record("k1", Verdict.FAILED))]


def test_records_come_by_arm_and_key_whatever_the_order_of_writing(tmp_path: Path) -> None:
    with filled(tmp_path, *(make_record(k) for k in ("k3", "k1", "k2"))) as store:
        store.commit([pack("careful", make_record("k9"))])
        assert [(arm, r.key) for arm, r in store.records()] == [("careful", "k9"), ("main", "k1"), ("main", "k2"), ("main", "k3")]
        assert [r.key for _, r in store.records("main")] == ["k1", "k2", "k3"]


def test_a_light_row_tells_what_the_record_says_and_its_digest(tmp_path: Path) -> None:
    record = make_record("k1", Verdict.FAILED)
    with RunStore.create(tmp_path, CONFIG) as store:
        store.commit([pack("main", record, 1.5)])
        (row,) = store.rows()
    assert row == ("main", "k1", "p-k1", 0, "failed", hashlib.sha256(record.model_dump_json().encode()).hexdigest(), 1, 1.5)


def test_the_personas_of_a_group_are_joined_in_the_row() -> None:
    record = make_record("k1")
    group = record.model_copy(update={"seats": (*record.seats, record.seats[0].model_copy(update={"persona": "p-other"}))})
    assert pack("main", group).persona == "p-k1+p-other"


def test_the_same_record_twice_is_one_row_and_no_divergence(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("k1"), make_record("k1")) as store:
        store.commit([pack("main", make_record("k1"))])
        assert (len(list(store.rows())), store.divergent()) == (1, 0)
        assert divergence_line(store) is None


def test_another_content_under_a_taken_key_is_counted_and_the_first_stays(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("k1")) as store:
        store.commit([pack("main", make_record("k0")), pack("main", make_record("k1", text="other"))])
        assert store.divergent() == 1
        assert str(divergence_line(store)).startswith("1 record came for an episode stored before, with another content")
        assert {r.key: r for _, r in store.records()}["k1"] == make_record("k1")


def test_an_infrastructure_episode_is_not_done_and_its_next_attempt_takes_its_place(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("k1", Verdict.INFRASTRUCTURE), make_record("k2")) as store:
        assert store.done("main") == {"k2"}
        store.commit([pack("main", make_record("k1"))])
        assert store.done("main") == {"k1", "k2"}
        assert [(r.verdict, r.attempts) for r in store.rows()] == [("passed", 2), ("passed", 1)]
        assert store.divergent() == 0


def test_a_late_fault_does_not_replace_an_episode_that_is_done(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("k1")) as store:
        store.commit([pack("main", make_record("k1", Verdict.INFRASTRUCTURE))])
        (row,) = store.rows()
        assert (row.verdict, row.attempts, store.divergent()) == ("passed", 2, 0)


def test_attempts_are_counted_over_repeated_faults(tmp_path: Path) -> None:
    with filled(tmp_path, *[make_record("k1", Verdict.INFRASTRUCTURE)] * 3) as store:
        assert [r.attempts for r in store.rows()] == [3]


def test_done_is_asked_of_one_arm(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("k1"), arm="careful") as store:
        assert store.done("main") == set()


def test_a_budget_record_is_refused() -> None:
    with pytest.raises(ValueError, match="k1: a record with verdict 'budget' is never stored"):
        pack("main", make_record("k1", Verdict.BUDGET))


def test_what_was_spent_is_kept_with_the_episodes(tmp_path: Path) -> None:
    spent = Spent(seconds=2.5, cost=0.1, usage=Usage(calls={"target": 8}))
    with RunStore.create(tmp_path, CONFIG) as store:
        assert store.spent() == Spent()
        store.commit([pack("main", make_record("k1"))], spent)
    with RunStore.open(tmp_path, readonly=True) as store:
        assert store.spent() == spent


@pytest.mark.parametrize("prefix", ["abc1", "main/abc1", "abc1ff"])
def test_an_episode_is_found_by_the_beginning_of_its_key(tmp_path: Path, prefix: str) -> None:
    with filled(tmp_path, make_record("abc1ff"), make_record("abc2ff")) as store:
        assert store.get(prefix) == ("main", make_record("abc1ff"))


def test_an_unknown_or_ambiguous_prefix_is_an_input_error(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("abc1"), make_record("abc2")) as store:
        with pytest.raises(InputError, match=r"only one episode begins with, got 'abc'. It could be main/abc1, main/abc2\."):
            store.get("abc")
        with pytest.raises(InputError, match="the beginning of an episode's key"):
            store.get("%")


def test_another_configuration_is_refused_by_name(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with pytest.raises(StoreError, match="another configuration: it has c0ffee, and beef was asked for"):
        RunStore.open(tmp_path, "beef")


def test_another_schema_is_refused_by_name(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with sqlite3.connect(tmp_path / "run.db") as other:
        other.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    other.close()
    with pytest.raises(StoreError, match="has schema 99, and this version of Outskirts reads schema 1"):
        RunStore.open(tmp_path, CONFIG, readonly=True)


def test_a_run_is_not_created_over_another(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with pytest.raises(StoreError, match=r"holds a run already. Go on with `outskirts resume"):
        RunStore.create(tmp_path, CONFIG)
    RunStore.open(tmp_path, CONFIG).close()  # the refusal holds no lock


@pytest.mark.parametrize("readonly", [True, False])
def test_a_directory_without_a_run_is_refused_and_left_empty(tmp_path: Path, readonly: bool) -> None:
    with pytest.raises(StoreError, match=r"holds no run: there is no run\.db in it"):
        RunStore.open(tmp_path, readonly=readonly)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("begun", [None, b""])
def test_resume_makes_the_store_where_the_run_was_stopped_before_it_had_one(tmp_path: Path, begun: bytes | None) -> None:
    if begun is not None:
        (tmp_path / "run.db").write_bytes(begun)
    RunStore.resume(tmp_path, CONFIG).close()
    RunStore.open(tmp_path, CONFIG).close()
    with pytest.raises(StoreError, match="another configuration"):
        RunStore.resume(tmp_path, "beef")


@pytest.mark.parametrize("readonly", [True, False])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, readonly: bool) -> None:
    (tmp_path / "run.db").write_bytes(b"not a database at all " * 100)
    with pytest.raises(StoreError, match=r"run\.db is no run store, or it is damaged"):
        RunStore.open(tmp_path, readonly=readonly)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "run.db") as other:
        other.execute("CREATE TABLE shopping (item)")
    other.close()
    with pytest.raises(StoreError, match="is a database, but no run store"):
        RunStore.open(tmp_path, readonly=True)


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, *(make_record(f"k{i}") for i in range(50))).close()
    path = tmp_path / "run.db"
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
    with pytest.raises(StoreError, match="is damaged"):
        RunStore.open(tmp_path, CONFIG)


def test_a_damaged_page_is_found_before_anything_is_written(tmp_path: Path) -> None:
    filled(tmp_path, *(make_record(f"k{i}") for i in range(50))).close()
    with (tmp_path / "run.db").open("r+b") as file:
        file.seek(-4096, os.SEEK_END)
        file.write(b"\xff" * 4096)
    with pytest.raises(StoreError, match="is damaged"):
        RunStore.open(tmp_path, CONFIG)


def test_a_commit_is_all_or_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    bad = pack("main", make_record("k2"))._replace(persona=None)  # type: ignore[arg-type]
    with RunStore.create(tmp_path, CONFIG) as store:
        with pytest.raises(StoreError, match=r"could not be used \(NOT NULL constraint failed"):
            store.commit([pack("main", make_record("k1")), bad])
        store.commit([pack("main", make_record("k3"))])
        assert store.done("main") == {"k3"}


@pytest.mark.parametrize("body", ["x'00'", "(SELECT body FROM episodes WHERE key = 'k2')"])
def test_a_damaged_row_is_named_when_it_is_read(tmp_path: Path, body: str) -> None:
    filled(tmp_path, make_record("k1"), make_record("k2")).close()
    with sqlite3.connect(tmp_path / "run.db") as other:
        other.execute(f"UPDATE episodes SET body = {body} WHERE key = 'k1'")
    other.close()
    with (
        RunStore.open(tmp_path) as store,
        pytest.raises(StoreError, match=r"damaged: episode k1 (cannot be unpacked|does not match its digest)"),
    ):
        list(store.records())


def test_a_file_system_without_shared_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect  # SQLite's dot-file layer has no shared memory, as most network file systems
    monkeypatch.setattr(sqlite3, "connect", lambda file, **more: connect(f"{file}&vfs=unix-dotfile", **more))
    with pytest.raises(StoreError, match=r"cannot keep a write-ahead log .* local disk with --out"):
        RunStore.create(tmp_path, CONFIG)


def test_a_full_disk_is_a_plain_sentence_and_what_was_committed_stays(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("k1")) as store:
        store._connection.execute("PRAGMA max_page_count = 12")
        with pytest.raises(StoreError, match=r"The disk is full: .*run.db cannot grow. Everything committed so far is kept"):
            store.commit([pack("main", make_record(f"big{i}", text=os.urandom(4000).hex())) for i in range(20)])
        assert store.done("main") == {"k1"}


def test_a_store_that_becomes_read_only_is_a_plain_sentence(tmp_path: Path) -> None:
    with filled(tmp_path) as store:
        store._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match=r"run\.db is read-only"):
            store.commit([pack("main", make_record("k1"))])


def test_a_file_that_may_not_grow_stops_the_run_and_loses_nothing_acknowledged(tmp_path: Path) -> None:
    child = run_python(
        """
        import asyncio, os, sys
        from fakes_store import make_record
        from outskirts.experiments.store.store import RunStore, StoreWriter
        async def main(store):
            with StoreWriter(store) as writer:
                for i in range(10_000):
                    await writer.put("main", make_record(f"k{i}", text=os.urandom(500).hex()))
                    print(f"k{i}", flush=True)
        with RunStore.create(sys.argv[1], "c0ffee") as store:
            asyncio.run(main(store))
        """,
        str(tmp_path),
        file_limit=300_000,
    )
    assert "StoreError: " in child.stderr
    assert "Everything committed so far is kept" in child.stderr
    acknowledged = set(child.stdout.split())
    with RunStore.open(tmp_path, CONFIG) as store:
        assert acknowledged <= store.done("main")
    assert len(acknowledged) > 10


def test_a_second_process_is_told_who_holds_the_directory(tmp_path: Path) -> None:
    code = "import sys; from outskirts.experiments.store.store import RunStore; RunStore.open(sys.argv[1])"
    with filled(tmp_path):
        refused = run_python(code, str(tmp_path))
    assert f"StoreError: {tmp_path} is in use by another process (pid {os.getpid()})" in refused.stderr
    assert run_python(code, str(tmp_path)).returncode == 0


def test_readers_need_no_lock_and_see_what_is_committed(tmp_path: Path) -> None:
    with filled(tmp_path, make_record("k1")) as store, RunStore.open(tmp_path, CONFIG, readonly=True) as reader:
        store.commit([pack("main", make_record("k2"))])
        assert [r.key for _, r in reader.records()] == ["k1", "k2"]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with RunStore.open(tmp_path, readonly=True) as reader, pytest.raises(StoreError, match="is read-only"):
        reader.commit([pack("main", make_record("k1"))])


def test_a_failed_open_lets_go_of_the_lock(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with pytest.raises(StoreError, match="another configuration"):
        RunStore.open(tmp_path, "beef")
    RunStore.open(tmp_path, CONFIG).close()


def test_the_writer_returns_only_once_a_reader_can_see_the_episode(tmp_path: Path) -> None:
    async def main(store: RunStore) -> set[str]:
        with StoreWriter(store) as writer:
            await writer.put("main", make_record("k1"))
            with RunStore.open(tmp_path, readonly=True) as reader:
                return reader.done("main")

    with RunStore.create(tmp_path, CONFIG) as store:
        assert asyncio.run(main(store)) == {"k1"}


def test_episodes_that_finish_together_are_committed_in_groups(tmp_path: Path) -> None:
    async def main(store: RunStore) -> int:
        with StoreWriter(store) as writer:
            await asyncio.gather(*(writer.put("main", make_record(f"k{i}")) for i in range(200)))
            return writer.commits

    with RunStore.create(tmp_path, CONFIG) as store:
        assert asyncio.run(main(store)) == 4  # 64 + 64 + 64 + 8
        assert len(store.done("main")) == 200


def test_a_failed_commit_fails_everyone_who_waits_and_everyone_after(tmp_path: Path) -> None:
    async def main(store: RunStore) -> list[BaseException | None]:
        with StoreWriter(store) as writer:
            store._connection.execute("PRAGMA query_only = ON")
            waiting = await asyncio.gather(*(writer.put("main", make_record(f"k{i}")) for i in range(3)), return_exceptions=True)
            later = await asyncio.gather(writer.put("main", make_record("k9")), return_exceptions=True)
        return waiting + later

    with RunStore.create(tmp_path, CONFIG) as store:
        assert [type(error) for error in asyncio.run(main(store))] == [StoreError] * 4
        assert store.done("main") == set()


def test_who_waits_hears_when_nobody_can_tell_what_was_spent(tmp_path: Path) -> None:
    def broken() -> Spent:
        raise ArithmeticError("no sum")

    async def main(store: RunStore) -> None:
        with StoreWriter(store, broken) as writer, pytest.raises(StoreError, match="the store failed: ArithmeticError: no sum"):
            await writer.put("main", make_record("k1"))

    with RunStore.create(tmp_path, CONFIG) as store:
        asyncio.run(main(store))


def test_the_loop_goes_on_while_the_disk_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = 0
    gone_on = threading.Event()

    async def count() -> None:
        nonlocal turns
        for turns in range(1, 4):  # noqa: B007
            await asyncio.sleep(0)
        gone_on.set()

    async def main(store: RunStore) -> int:
        commit = store.commit

        def slow(*given: Any) -> None:
            assert gone_on.wait(30), "the loop stood still"
            commit(*given)

        monkeypatch.setattr(store, "commit", slow)
        with StoreWriter(store) as writer:
            counting = asyncio.create_task(count())
            await asyncio.gather(*(writer.put("main", make_record(f"k{i}")) for i in range(3)))
            await counting
            return writer.commits

    with RunStore.create(tmp_path, CONFIG) as store:
        assert asyncio.run(main(store)) == 1
        assert turns == 3


def test_closing_the_writer_commits_what_a_cancelled_caller_left(tmp_path: Path) -> None:
    async def main(store: RunStore) -> None:
        with StoreWriter(store) as writer:
            task = asyncio.create_task(writer.put("main", make_record("k1")))
            await asyncio.sleep(0)
            task.cancel()

    with RunStore.create(tmp_path, CONFIG) as store:
        asyncio.run(main(store))
        assert store.done("main") == {"k1"}


def test_closing_the_writer_raises_where_nobody_else_would_hear_of_the_failure(tmp_path: Path) -> None:
    async def main(store: RunStore) -> None:
        with StoreWriter(store) as writer:
            task = asyncio.create_task(writer.put("main", make_record("k1")))
            await asyncio.sleep(0)
            task.cancel()
            store._connection.execute("PRAGMA query_only = ON")

    with RunStore.create(tmp_path, CONFIG) as store, pytest.raises(StoreError, match="is read-only"):
        asyncio.run(main(store))


def test_the_writer_keeps_what_was_spent_up_to_its_end(tmp_path: Path) -> None:
    seconds = iter([1.0, 2.0])

    async def main(store: RunStore) -> None:
        with StoreWriter(store, spent=lambda: Spent(seconds=next(seconds))) as writer:
            await writer.put("main", make_record("k1"))
            assert store.spent().seconds == 1.0

    with RunStore.create(tmp_path, CONFIG) as store:
        asyncio.run(main(store))
        assert store.spent().seconds == 2.0


def test_a_store_may_be_made_in_one_thread_and_used_in_another(tmp_path: Path) -> None:
    with RunStore.create(tmp_path, CONFIG) as store, ThreadPoolExecutor(1) as pool:
        pool.submit(store.commit, [pack("main", make_record("k1"))]).result()
        assert store.done("main") == {"k1"}
