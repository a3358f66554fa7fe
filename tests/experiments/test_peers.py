"""The peer benchmark: what becomes of readings, how processes are told apart, and Outskirts' own adapter. Nothing is installed."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.peers import places, rounds, table, worker, workers
from benchmarks.peers.catalogue import PEERS, Peer
from benchmarks.peers.rounds import Bench
from benchmarks.peers.table import Comparison, Reading, Row, Share, Spread

HERE = Path(worker.__file__).parent


def peer(adapter: str, **given: object) -> Peer:
    return Peer.model_validate(
        {"name": adapter, "adapter": adapter, "distribution": "pytest", "requirements": (), "conversations": 2, "note": ""} | given
    )


def costs(*values: float) -> dict[int, float]:
    return dict(enumerate(values))


def test_what_a_run_takes_to_begin_cancels() -> None:
    found = table.marginal((1.5, 1.1), (1.66, 1.18), conversations=10, turns=8)
    assert (found.wall, found.processor) == (pytest.approx(2_000), pytest.approx(1_000))


def test_noise_does_not_make_a_cost_negative() -> None:
    assert table.marginal((1.0, 1.0), (0.9, 1.0), 10, 8) == Reading(wall=0, processor=0)


@pytest.mark.parametrize(("conversations", "at_once", "seconds"), [(200, 100, 3.2), (500, 500, 1.6), (101, 100, 3.2), (3, 100, 1.6)])
def test_ideal_is_the_time_of_the_waits(conversations: int, at_once: int, seconds: float) -> None:
    assert table.ideal(conversations, at_once, 8, 0.2) == pytest.approx(seconds)


def test_ratios_are_taken_within_a_round() -> None:
    found = table.ratios({0: 100.0, 1: 400.0, 2: 90.0}, {0: 10.0, 1: 20.0, 3: 1.0})
    assert found == Spread(median=15, least=10, most=20, rounds=2)
    assert table.ratios({0: 1.0}, {1: 1.0}) is None


def test_the_best_peer_is_none_of_our_own_rows() -> None:
    readings = {
        "ours": costs(50, 60, 80),
        "ours, in memory": costs(30, 30, 30),
        "slow": costs(9_000, 9_000, 9_000),
        "fast": costs(1_000, 600, 500),
        "none": {},
    }
    found = table.compare("all", readings, ["ours", "ours, in memory"])
    assert found == Comparison(what="all", best="fast", ratio=Spread(median=0.1, least=0.05, most=0.16, rounds=3))
    assert found.reached
    assert table.compare("all", {"ours": costs(50), "fast": costs(499)}, ["ours"]).reached is False  # type: ignore[union-attr]
    assert table.compare("all", {"ours": costs(50)}, ["ours"]) is None


def test_the_table_says_who_is_missing_and_why() -> None:
    spread = Spread(median=1234.5, least=9.87, most=2000, rounds=5)
    shares = {
        100: Share(of_ideal=Spread(median=0.5, least=0.4, most=0.625, rounds=3)),
        500: Share(below=0.02, reason="not done after 80 s"),
    }
    rows = [
        Row(
            name="a",
            version="1.0",
            import_seconds=2.04,
            wall=spread,
            processor=spread,
            ratio=spread,
            shares=shares,
            work={100: spread},
            note="Keeps all.",
        ),
        Row(name="b", reason="no such package"),
    ]
    settled = [Comparison(what="alone", best="a", ratio=Spread(median=0.2, least=0.1, most=0.3, rounds=5))]
    lines = table.markdown(rows, [100, 500], settled, "A machine.").splitlines()
    cells = ["a [1]", "1.0", *["1,234 (9.87-2,000)"] * 3, "0.50 (0.40-0.62)", "1,234 (9.87-2,000)", "< 0.02", "-", "2.0"]
    assert lines[2] == f"| {' | '.join(cells)} |"
    assert "[1] Keeps all." in lines
    assert "- a, 500 at once: not done after 80 s" in lines
    assert "- b was not measured: no such package" in lines
    assert lines[-1].endswith("of its cost a turn; asked at most 0.1: not reached.")


@pytest.mark.parametrize("options", [[], ["--memory"]])
def test_our_own_adapter_plays_every_turn(options: list[str]) -> None:
    null = worker.Null()
    play = worker.adapter(HERE / "adapters" / "outskirts.py").load(null, options)
    found = worker.carry_out({"conversations": 6, "at_once": 3, "wait": 0.0}, play, null)
    assert found["answered"] == 6 * null.turns
    assert float(str(found["seconds"])) > 0


def test_the_target_of_our_own_adapter_waits_and_all_wait_together() -> None:
    null = worker.Null()
    play = worker.adapter(HERE / "adapters" / "outskirts.py").load(null, ["--memory"])
    found = worker.carry_out({"conversations": 4, "at_once": 4, "wait": 0.02}, play, null)
    assert 8 * 0.02 <= float(str(found["seconds"])) < 3 * 8 * 0.02


FAKE = """
def load(null, options):
    print("what a peer says itself", flush=True)
    def play(conversations, at_once, wait):
        if at_once == 7:
            raise ValueError("no sevens")
        import time
        time.sleep(wait)
        for _ in range(conversations * (null.turns if at_once == 1 else 1)):
            null.answer()
    return play
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "adapters").mkdir()
    (tmp_path / "worker.py").write_text((HERE / "worker.py").read_text())
    (tmp_path / "adapters" / "json.py").write_text(FAKE)  # a name that would hide a module if its folder were on the path
    monkeypatch.setattr(workers, "HERE", tmp_path)
    return tmp_path


def test_a_process_answers_orders_and_failures_have_reasons(fake: Path) -> None:
    it = peer("json")
    with workers.Worker(it, Path(sys.executable), places.surroundings(it, fake), fake) as at_work:
        assert at_work.hello()["version"] == pytest.__version__
        seconds, processor = at_work.ask(3, 1, 0.01, limit=20)
        assert seconds >= 0.01 > processor
        with pytest.raises(workers.Failed, match="ValueError: no sevens"):
            at_work.ask(1, 7, 0.0, limit=20)
        with pytest.raises(workers.Failed, match="answered 2 times, not 16"):
            at_work.ask(2, 2, 0.0, limit=20)
        with pytest.raises(workers.OutOfTime, match=r"not done after 0\.05 s"):
            at_work.ask(1, 1, 30.0, limit=0.05)
    assert "what a peer says itself" in (fake / "said.log").read_text()


def test_who_cannot_be_installed_or_imported_is_a_row_with_the_reason(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fake / "adapters" / "broken.py").write_text("import no_such_module_here\n")
    monkeypatch.setattr(places, "_uv", lambda: sys.executable)  # which knows no ``venv`` file
    bench = Bench([peer("json"), peer("broken"), peer("absent", requirements=("nothing==1",))], limit=20)
    with ExitStack() as stack:
        bench.start(fake, stack)
        for round_ in range(2):
            bench.cost(round_)
    ours, broken, absent = bench.rows()
    assert ours.wall is not None
    assert ours.wall.rounds == 2
    assert bench.settled() == []
    assert broken.reason == "ModuleNotFoundError: No module named 'no_such_module_here'"
    assert "venv" in (absent.reason or "")


def test_many_at_once_are_measured_until_one_size_fails(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "CROWDS", {1: 2, 7: 7})
    bench = Bench([peer("json")], limit=20)
    with ExitStack() as stack:
        bench.start(fake, stack)
        bench.throughput(0)
        bench.throughput(1)
    (row,) = bench.rows()
    assert row.shares[1].of_ideal is not None
    assert row.shares[1].of_ideal.rounds == row.work[1].rounds == 2
    assert row.shares[7].reason == "ValueError: no sevens"
    assert set(row.work) == {1}


def test_a_peer_sees_no_key_and_no_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    for one in PEERS:
        found = places.surroundings(one, tmp_path)
        assert "secret" not in json.dumps(found)
        assert found["https_proxy"] == places.NOWHERE


def test_every_row_is_pinned_and_has_an_adapter_and_a_footnote() -> None:
    for one in PEERS:
        assert (HERE / "adapters" / f"{one.adapter}.py").exists()
        assert one.note
        assert all("==" in requirement for requirement in one.requirements)
    assert len({one.name for one in PEERS}) == len(PEERS)
