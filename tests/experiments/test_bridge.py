"""Where coroutines run, and what a Ctrl-C does there."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from outskirts.experiments.bridge import complete


async def busy() -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        sum(range(1000))


def test_an_interrupt_is_heard_by_a_coroutine_that_never_waits_and_the_signal_is_given_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            complete(busy())
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_code_that_cancels_its_own_task_is_an_error_of_a_name() -> None:
    async def cancels() -> None:
        import asyncio

        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(1)

    with pytest.raises(RuntimeError, match="cancelled from within"):
        complete(cancels())
