"""Processes as targets: one an episode or one for all, what they may write, and that none is left behind."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from outskirts.agents.drycall import dry_call
from outskirts.agents.targets.faults import CallFault
from outskirts.agents.targets.process import LineProcess, reaped
from outskirts.experiments.bridge import new_loop
from outskirts.experiments.naming.registry import make_scenario, make_target
from outskirts.sim.actions import as_action
from outskirts.sim.errors import InputError, UnreachableError
from outskirts.sim.seeds import Stream
from outskirts.sim.types import Brief
from tests.agents.test_remote_targets import observation

BOT = """
import json, os, sys
seen = 0
for line in sys.stdin:
    request = json.loads(line)
    seen += 1
    {deed}
    print(json.dumps({{"reply": f"{{os.getpid()}} {{seen}} {{request['episode']}}"}}), flush=True)
"""


@pytest.fixture
def bot(tmp_path):
    """Return the SPEC of a process that does something before each answer."""

    def write(deed="pass"):
        file = tmp_path / "bot.py"
        file.write_text(BOT.format(deed=deed), encoding="utf-8")
        return f"command:{sys.executable} {file}"

    return write


def talked(spec, episodes=1, turns=2, **options):
    """Return what a target says in each turn of episodes that take place at once, or the fault that ended each."""
    target = make_target({"name": spec, **options}, make_scenario())

    async def one(number):
        actor = target.begin(Brief(agent="assistant_0", scenario="support", episode=f"e{number}", turns=8), Stream(0, "a", 0, "target"))
        out = []
        try:
            for turn in range(turns):
                out.append(await actor.act(observation(*["Hello."] * (2 * turn + 1))))
        except CallFault as fault:
            out.append(fault)
        try:
            actor.close()
        except CallFault:  # lines beyond the one that was at fault may have come meanwhile
            assert isinstance(out[-1], CallFault)
        return out

    async def go():
        return await asyncio.gather(*[one(n) for n in range(episodes)])

    return asyncio.run(go())


def alive(pid):
    """Tell whether a process still runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid, seconds=5.0):
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not alive(pid)


def test_each_episode_has_a_process_of_its_own_that_ends_with_it(bot):
    first, second = talked(bot(), episodes=2)
    pids = {said[0].split()[0] for said in (first, second)}
    assert len(pids) == 2
    assert [said.split()[1:] for said in first] == [["1", "e0"], ["2", "e0"]]
    assert all(gone(int(pid)) for pid in pids)


def test_episodes_can_share_a_process(bot):
    said = talked(bot(), episodes=3, shared=True)
    assert len({reply.split()[0] for replies in said for reply in replies}) == 1
    assert sorted(int(reply.split()[1]) for replies in said for reply in replies) == [1, 2, 3, 4, 5, 6]


def test_what_a_process_started_is_killed_with_it(bot, tmp_path):
    deed = f"import subprocess; p = subprocess.Popen(['sleep', '600']); open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid))"
    talked(bot(deed), turns=1)
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(
    ("deed", "kind", "message"),
    [
        (
            "print('Loading model ...', flush=True)",
            "invalid_response",
            "expected JSON, and the line of standard output is no JSON: 'Loading",
        ),
        ("sys.exit(3)", "target_crash", "ended with status 3 before it answered"),
        ("raise KeyError('x')", "target_crash", "its last words: \"KeyError: 'x'\""),
        ("os.kill(os.getpid(), 9)", "target_crash", "was ended by signal 9"),
        ("sys.stdout.write('half'); sys.stdout.flush(); os._exit(0)", "target_crash", "its last line was not complete: 'half'"),
        ("print('x' * 9000, flush=True)", "invalid_response", "longer than 5,000 bytes"),
        ("sys.stdout.buffer.write(b'\\xff\\n'); sys.stdout.flush()", "invalid_response", "no UTF-8"),
        ("import time; time.sleep(600)", "timeout", "no whole reply within 0.6 s"),
        ("sys.stdout.close(); import time; time.sleep(600)", "timeout", "no whole reply"),
        ("print('[1]', flush=True)", "invalid_response", "expected a JSON object"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_a_process_that_breaks_is_a_fault_and_never_hangs(deed, kind, message, shared, bot):
    ((fault,),) = talked(bot(deed), turns=1, shared=shared, timeout=0.6, max_bytes=5000)
    assert isinstance(fault, CallFault), fault
    assert message in str(fault)
    assert fault.kind == kind


def test_a_shared_process_that_dies_is_started_again(bot):
    said = talked(bot("if seen == 2: sys.exit(1)"), episodes=3, turns=1, shared=True)
    assert sorted(isinstance(reply, CallFault) for (reply,) in said) == [False, False, True]
    assert len({reply.split()[0] for (reply,) in said if isinstance(reply, str)}) == 2


def test_an_episodes_process_that_dies_is_started_again_only_where_turns_may_be_repeated(bot):
    deed = "if len(request['messages']) == 3 and seen == 2: sys.exit(1)"
    ((first, fault),) = talked(bot(deed))
    assert fault.kind == "target_crash"
    ((first, again),) = talked(bot(deed), retries=1)
    assert again.split()[1] == "1"
    assert first.split()[0] != again.split()[0]


def test_a_process_that_ends_after_its_reply_has_lost_its_memory(bot):
    deed = "import threading; threading.Timer(0.05, lambda: os._exit(0)).start()"
    target = make_target(bot(deed), make_scenario())

    async def go():
        actor = target.begin(Brief(agent="assistant_0", scenario="support", episode="e", turns=8), Stream(0, "a", 0, "target"))
        await actor.act(observation("Hello."))
        await asyncio.sleep(0.5)
        with pytest.raises(CallFault, match="ended with status 0"):
            await actor.act(observation("Hello.", "Hi.", "Hm."))

    asyncio.run(go())


def test_a_process_that_ends_while_it_is_started_says_how_and_its_last_words(monkeypatch):
    start = asyncio.create_subprocess_exec

    async def slowly(*command, **options):
        process = await start(*command, **options)
        await process.wait()
        await asyncio.sleep(0.05)  # until nothing can be written any more
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", slowly)

    async def go():
        process = LineProcess(["sh", "-c", "echo no model file >&2; exit 7"], 1000)
        with pytest.raises(CallFault, match=r"ended with status 7 .*last words: 'no model file'"):
            await process.ask(b"{}")
        await reaped()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(go())


def test_the_last_words_of_a_process_that_ended_between_two_requests_are_waited_for():
    async def go():
        process = LineProcess(["sh", "-c", "read line; echo '{}'; (sleep 0.3; echo out of memory >&2) & exit 3"], 1000)
        await process.ask(b"{}")
        while process._process.returncode is None:
            await asyncio.sleep(0.01)
        with pytest.raises(CallFault, match=r"status 3 .*last words: 'out of memory'"):
            await process.ask(b"{}")
        await reaped()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(go())


@pytest.mark.parametrize("shared", [False, True])
def test_a_line_that_nobody_asked_for_is_never_taken_for_the_next_reply(shared, bot):
    target = make_target({"name": bot("print(json.dumps({'reply': 'first'}))"), "shared": shared}, make_scenario())

    async def go():
        actor = target.begin(Brief(agent="assistant_0", scenario="support", episode="e", turns=8), Stream(0, "a", 0, "target"))
        assert await actor.act(observation("Hello.")) == "first"  # and the usual one after it
        await asyncio.sleep(0.2)
        with pytest.raises(CallFault, match=r"wrote a line that nobody had asked for: .*reply") as fault:
            await actor.act(observation("Hello.", "first", "Hm."))
        assert fault.value.kind == "invalid_response"
        assert await actor.act(observation("Hello.")) == "first"  # of another process
        await asyncio.sleep(0.2)
        if not shared:
            with pytest.raises(CallFault, match="wrote a line that nobody had asked for"):
                actor.close()

    asyncio.run(go())


def test_blank_lines_say_nothing(bot):
    assert all(isinstance(reply, str) for reply in talked(bot("print()"), turns=3)[0])


def test_waiting_for_the_shared_process_is_nobodys_slowness(bot):
    said = talked(bot("import time; time.sleep(0.2)"), episodes=6, turns=1, shared=True, timeout=0.9)
    assert all(isinstance(reply, str) for (reply,) in said)


def test_a_process_that_writes_much_to_standard_error_neither_blocks_nor_is_kept(bot):
    ((said,),) = talked(bot("sys.stderr.write('x' * 5_000_000)"), turns=1, timeout=20)
    assert isinstance(said, str)


def test_a_process_is_killed_when_the_loop_ends_in_the_midst_of_a_reply(bot, tmp_path):
    deed = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); import time; time.sleep(600)"
    target = make_target(bot(deed), make_scenario())

    async def go():
        actor = target.begin(Brief(agent="assistant_0", scenario="support", episode="e", turns=8), Stream(0, "a", 0, "target"))
        task = asyncio.ensure_future(actor.act(observation("Hello.")))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0.01)
        return task

    asyncio.run(go())
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(
    ("deed", "error", "message"),
    [
        ("sys.exit('no model file')", UnreachableError, "did not answer a greeting: the process ended with status 1 .*no model file"),
        ("print('hello', flush=True)", InputError, "expected a reply, to a greeting, .*no JSON"),
    ],
)
def test_a_process_that_cannot_greet_says_why(deed, error, message, bot):
    scenario = make_scenario()
    with pytest.raises(error, match=message):
        asyncio.run(dry_call(make_target(bot(deed), scenario), scenario, 10.0))


def test_a_key_in_the_environment_is_there_for_the_process_and_not_for_the_record(bot, monkeypatch):
    monkeypatch.setenv("BOT_API_KEY", "sk-planted-0123456789")
    deed = "print(json.dumps({'reply': os.environ['BOT_API_KEY']}), flush=True); continue"
    ((said,),) = talked(bot(deed), turns=1)
    assert as_action(said)[0].text == "***"
    deed = "sys.exit(os.environ['BOT_API_KEY'])"
    assert "planted" not in str(talked(bot(deed), turns=1))
    assert os.environ["BOT_API_KEY"]
