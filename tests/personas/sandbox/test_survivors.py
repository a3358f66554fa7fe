"""Nothing of the sandbox outlives whoever used it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time

import pytest

from outskirts.personas.sandbox.box import Sandbox
from outskirts.personas.sandbox.launch import PACKAGE
from outskirts.personas.sandbox.protocol import Call

from .arena import processes_of
from .attack import Attack

STAYING = Attack(
    "stay",
    """
for number in range(1, 65):
    attempt(number, lambda: signal.signal(number, signal.SIG_IGN))
call("prctl", 1, 0, 0, 0, 0)
attempt("daemon", lambda: os.fork() and os._exit(0))
attempt("session", os.setsid)
while True:
    time.sleep(0.01)
""",
)
HARNESS = """
import sys
from outskirts.personas.sandbox.box import Sandbox
from outskirts.personas.sandbox.protocol import Call
box = Sandbox(policy=False, without=(sys.argv[1],))
box.start()
def work():
    print("ready", flush=True)
    if sys.argv[2] == "busy":
        box.run(sys.stdin.read(), [Call(function="attack", arguments={"arena": {}})])
    sys.stdin.read() or __import__("time").sleep(60)
if sys.argv[3] == "thread":
    import threading
    made = threading.Thread(target=work)
    made.start()
    made.join()
work()
"""


def _there(token: str, number: int, within: float) -> list[int]:
    """Return who is there once they are so many, or after so many seconds."""
    until = time.monotonic() + within
    while len(found := processes_of(token)) != number and time.monotonic() < until:
        time.sleep(0.02)
    return found


@pytest.mark.parametrize("where", ["main", "thread"])
@pytest.mark.parametrize("state", ["busy", "idle"])
def test_nothing_survives_the_harness_by_a_second_after_kill_9(state, where):
    token = secrets.token_hex(8)
    harness = subprocess.Popen(
        [sys.executable, "-c", HARNESS, token, state, where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)},
        cwd="/",
    )
    assert harness.stdin is not None
    assert harness.stdout is not None
    with harness:
        assert harness.stdout.readline() == b"ready\n"
        if state == "busy":
            harness.stdin.write(STAYING.source.encode())
            harness.stdin.close()
        expected = 3 if state == "busy" else 2  # harness, zygote, child
        assert len(_there(token, expected, 5.0)) == expected
        harness.send_signal(signal.SIGKILL)
        harness.wait()
        assert _there(token, 0, 1.0) == []


def test_nothing_is_left_when_the_sandbox_is_closed():
    token = secrets.token_hex(8)
    with Sandbox(policy=False, without=(token,)) as box:
        assert len(_there(token, 1, 1.0)) == 1
        box.run("def attack(): return 1", [Call(function="attack", arguments={})])
    assert _there(token, 0, 1.0) == []


def test_a_sandbox_that_is_let_go_ends_its_zygote():
    token = secrets.token_hex(8)
    box = Sandbox(policy=False, without=(token,))
    box.start()
    assert len(_there(token, 1, 1.0)) == 1
    del box
    assert _there(token, 0, 1.0) == []


def test_a_zygote_that_was_killed_is_replaced_at_the_next_call():
    token = secrets.token_hex(8)
    call = Call(function="attack", arguments={})
    with Sandbox(policy=False, without=(token,)) as box:
        os.kill(box._zygote.pid, signal.SIGKILL)
        assert box.run("def attack(): return 1", [call]).results == (1,)
        os.kill(box._zygote.pid, signal.SIGKILL)
        assert box.run("def attack(): return 2", [call]).results == (2,)


def test_an_interrupt_at_the_terminal_leaves_the_zygote_alone():
    token = secrets.token_hex(8)
    with Sandbox(without=(token,)):
        [zygote] = _there(token, 1, 1.0)
        assert os.getpgid(zygote) != os.getpgid(0)
        os.kill(zygote, signal.SIGINT)
        time.sleep(0.1)
        assert processes_of(token) == [zygote]
