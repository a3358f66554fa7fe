"""Where coroutines run, and what a Ctrl-C does there."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from outskirts.experiments.bridge import complete


async def busy() -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        sum(range(1000))


@pytest.fixture
def usual() -> Iterator[None]:
    """Ctrl-C means what it means in an interpreter of its own."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("usual")
def test_an_interrupt_is_heard_by_a_coroutine_that_never_waits_and_the_signal_is_given_back() -> None:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        complete(busy())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


class Finalized:
    """Is interrupted while it goes away, where nothing that is raised gets out."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)
        for _ in range(100):
            pass


@pytest.mark.usefixtures("usual")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seconds", [None, 20])
def test_an_interrupt_that_a_finalizer_swallows_ends_the_coroutine_all_the_same(seconds: int | None) -> None:
    came: list[str] = []

    async def unaware() -> None:
        Finalized()
        came.append("on")
        if seconds is not None:
            await asyncio.sleep(seconds)
            came.append("to the end")

    with pytest.raises(KeyboardInterrupt):
        complete(unaware())
    assert came == ["on"]


def test_code_that_cancels_its_own_task_is_an_error_of_a_name() -> None:
    async def cancels() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(1)

    with pytest.raises(RuntimeError, match="cancelled from within"):
        complete(cancels())
