"""Targets that raise, hang or return rubbish: told at the greeting, and in the midst of a run nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from outskirts.sim.types import Verdict
from tests.integration.conftest import Cli
from tests.integration.runs import SMALL, TINY, bot, episodes, exported, figures, summary

pytestmark = pytest.mark.slow

LATER = """
import asyncio, threading
{kind} reply(messages, episode):
    if episode["replicate"] == 1 and episode["turn"] == 1:
        {deed}
    return f"Message {{len(messages)}}."
"""
DEEDS = [
    ("def", "raise KeyError('q')", "raised", "KeyError: 'q'"),
    ("async def", "raise SystemExit('out')", "raised", "SystemExit: out"),
    ("async def", "raise asyncio.CancelledError", "raised", "CancelledError"),
    ("async def", "await asyncio.sleep(600)", "timeout", "no reply within 0.2 s"),
    ("def", "threading.Event().wait()", "timeout", "no reply within 0.2 s"),
    ("def", "return None", "invalid_reply", "got NoneType"),
    ("def", "return b'x'", "invalid_reply", "got bytes"),
    ("def", "return ''", "invalid_reply", "got an empty string"),
    ("def", "return 'x' * 10_000_000", "invalid_reply", "got 10,000,000"),
    ("def", "return '\\x00\\x07'", "invalid_reply", "nothing but control characters"),
]


@pytest.mark.parametrize(("kind", "deed", "fault", "message"), DEEDS)
def test_a_target_that_breaks_in_the_midst_of_a_run_costs_only_its_episodes(
    kind: str, deed: str, fault: str, message: str, cli: Cli, tmp_path: Path
) -> None:
    spec = bot(tmp_path, LATER.format(kind=kind, deed=deed))
    done = cli("run", "--target", spec, *SMALL, "--target-timeout", "0.2", "--out", "run")
    assert done.status == 0, done
    broken = [e for e in episodes(tmp_path / "run") if e.replicate == 1]
    assert {e.verdict for e in broken} == {Verdict.INFRASTRUCTURE}
    assert {(e.fault.role, e.fault.kind) for e in broken if e.fault} == {("target", fault)}
    assert all(message in e.fault.message for e in broken if e.fault)
    found = summary(tmp_path / "run")
    assert (found["verdicts"]["infrastructure"], found["failure_rate"]["denominator"]) == (6, 6)
    assert sum(found["verdicts"].values()) == 12


def test_code_that_breaks_often_is_the_last_thing_that_is_said_with_where_and_how_to_go_on(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, LATER.format(kind="def", deed="raise KeyError('q')"))
    done = cli("run", "--target", spec, *SMALL, "--quiet", "--out", "run")
    assert done.out.endswith(
        f"6 episodes of 12 tell nothing of {spec}, because a fault ended them: KeyError: 'q', in line 5 of bot.py. Do not rely on the "
        "figures before that is put right. Mend that code first; then play them again with: outskirts resume run"
    )
    broken = next(e for e in episodes(tmp_path / "run") if e.fault)
    assert broken.fault
    assert broken.fault.message == "KeyError: 'q', in line 5 of bot.py"
    shown = cli("replay", "run", f"target/{broken.key}").out
    assert "Not played again from its record, which ends where a fault ended the episode; outskirts resume meets this person anew." in shown


def test_an_exception_whose_text_differs_each_time_is_one_line(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, LATER.format(kind="def", deed="raise KeyError(id(messages))"))
    out = cli("run", "--target", spec, *SMALL, "--quiet", "--out", "run").out
    assert out.count("6 of the episodes with the target ended without a verdict: such as KeyError: ") == 1
    assert "other fault" not in out


def test_a_rare_fault_is_no_reason_to_distrust_the_figures(cli: Cli, tmp_path: Path) -> None:
    code = LATER.format(kind="def", deed="raise KeyError('q')").replace("threading", "itertools; met = itertools.count()", 1)
    code = code.replace('episode["turn"] == 1', 'episode["turn"] == 1 and next(met) < 3')
    done = cli("run", "--target", bot(tmp_path, code), "--personas", "24", *SMALL[2:], "--quiet", "--out", "run")
    assert summary(tmp_path / "run")["verdicts"]["infrastructure"] == 3
    assert (
        "ended without a verdict: KeyError: 'q', in line 5 of bot.py (once that is mended, outskirts resume tries them again)" in done.out
    )
    assert "tell nothing" not in done.out


OBJECT = """
import asyncio
class Bot:
    name = "bot"
    def begin(self, brief, stream):
        made = Bot()
        made.replicate = stream.path[1]
        if made.replicate == 1 and brief.episode != "dry":
            {begin}
        return made
    async def act(self, observation):
        if self.replicate == 1 and observation.turn == 1:
            {act}
        return "Go on."
"""


@pytest.mark.parametrize(
    ("begin", "act", "message"),
    [
        ("pass", "raise SystemExit(0)", "SystemExit: 0"),
        ("pass", "raise asyncio.CancelledError", "CancelledError"),
        ("raise SystemExit('no room')", "pass", "SystemExit: no room"),
    ],
)
def test_a_target_object_that_exits_or_cancels_itself_costs_only_its_episodes(
    begin: str, act: str, message: str, cli: Cli, tmp_path: Path
) -> None:
    spec = bot(tmp_path, OBJECT.format(begin=begin, act=act)).replace(":reply", ":Bot")
    assert cli("run", "--target", spec, *SMALL, "--out", "run").status == 0
    broken = [e for e in episodes(tmp_path / "run") if e.fault]
    assert {(e.replicate, e.fault.role, e.fault.kind) for e in broken if e.fault} == {(1, "target", "raised")}
    assert all(message in e.fault.message for e in broken if e.fault)
    assert summary(tmp_path / "run")["verdicts"]["infrastructure"] == 6


@pytest.mark.parametrize("reply", ["'\\ud800 half a \\udfff pair'", "'bell \\x07 and \\x00 null'", "'\\u202eevil\\u2028line'"])
def test_text_that_no_file_could_hold_is_repaired_and_counted(reply: str, cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, f"def reply(messages):\n    return {reply}")
    assert cli("run", "--target", spec, *TINY, "--out", "run").status == 0
    texts = [m.text for e in episodes(tmp_path / "run") for m in e.messages if not m.sender.startswith("person")]
    assert texts
    assert all(text.encode() and not any(ord(c) < 32 for c in text) for text in texts)
    assert exported(tmp_path / "run").decode().count("\n") == 4
    if "u202e" not in reply:
        assert all(e.repairs >= 2 for e in episodes(tmp_path / "run"))


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("return ''", 2, "expected a reply that is text, to a greeting, got ''"),
        ("return '\\x00'", 2, "nothing but control characters"),
        ("return {'reply': 'x'}", 2, "expected text (a str or an Action), got dict"),
        ("import sys; sys.exit(1)", 4, "SystemExit: 1"),
        ("raise RuntimeError('a [red]b[/red] \\n c')", 4, "RuntimeError: a [red]b[/red] c"),
    ],
)
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_target_that_cannot_greet_ends_the_run_before_it_begins(
    kind: str, code: str, status: int, message: str, cli: Cli, tmp_path: Path
) -> None:
    spec = bot(tmp_path, f"{kind} reply(messages):\n    {code}")
    assert message in cli("run", "--target", spec, *TINY, "--out", "run").refused(status)
    assert not (tmp_path / "run").exists()


def test_a_target_that_only_greets_is_given_up_with_everything_kept(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "def reply(messages, episode):\n    if episode['key'] != 'dry': raise OSError('gone')\n    return 'Hello.'")
    options = ["--personas", "8", "--replicates", "2", "--concurrency", "1", "--controls", "none", "--no-mlflow"]
    line = cli("run", "--target", spec, *options, "--out", "run").refused(4)
    assert "target never finished an episode (OSError: gone, in line 2 of bot.py)" in line
    assert "Mend it, then go on with: outskirts resume run" in line
    assert "outskirts resume run" in line
    assert {e.verdict for e in episodes(tmp_path / "run")} == {Verdict.INFRASTRUCTURE}


def test_a_broken_target_that_was_mended_is_resumed_to_the_same_result(cli: Cli, tmp_path: Path) -> None:
    code = LATER.format(kind="def", deed="if __import__('os').path.exists('broken'): raise OSError('gone')")
    spec = bot(tmp_path, code)
    (tmp_path / "broken").touch()
    assert cli("run", "--target", spec, *SMALL, "--out", "run").status == 0
    assert summary(tmp_path / "run")["verdicts"]["infrastructure"] == 6
    (tmp_path / "broken").unlink()
    assert cli("resume", "run").status == 0
    assert cli("run", "--target", spec, *SMALL, "--out", "whole").status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")
    assert figures(tmp_path / "run") == figures(tmp_path / "whole")


def test_functions_that_hang_do_not_keep_the_process_alive(tmp_path: Path) -> None:
    spec = bot(tmp_path, LATER.format(kind="def", deed="threading.Event().wait()"))
    command = ["run", "--target", spec, *SMALL, "--target-timeout", "0.2", "--quiet", "--out", "run"]
    done = subprocess.run([sys.executable, "-m", "outskirts.experiments.cli", *command], cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 0
    assert summary(tmp_path / "run")["verdicts"]["infrastructure"] == 6
