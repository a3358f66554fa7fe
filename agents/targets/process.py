"""A process that answers JSON lines with JSON lines; it is killed with its children at the end."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import signal
from collections.abc import Sequence
from typing import Any, Final

from ...sim.secrets import LONGEST, redacted
from ...sim.text import clean
from .faults import CallFault, CallKind, invalid, quoted
from .posting import read_json

LAST_WORDS: Final = 4096
"""Bytes of standard error that are kept, for the message if the process ends."""

GRACE: Final = 1.0
"""Seconds that a process has to end once its standard input is closed, before it is killed."""

_TICKS = 3  # rounds of the loop in which pipes that were closed let go of their files

_groups: set[int] = set()  # of processes that may still live


class LineProcess:
    """One process, made at the first request, and again at the first one after a request that failed.

    Lifecycle: ``ask`` as often as there are requests, one at a time; then ``close``. It has a process group of its own, which
    is killed as a whole. What it writes to standard error is read and, but for the end, forgotten.

    Args:
        command: Program and arguments.
        most: Longest line of an answer, in bytes.
        again: Whether one that ended between two requests is simply started again; else the next request fails, because what it
            remembered is lost.
    """

    def __init__(self, command: Sequence[str], most: int, again: bool = False) -> None:
        self._command = tuple(command)
        self._most = most
        self._again = again
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._last_words = b""
        self.starts = 0  # how often it was started

    async def ask(self, request: bytes) -> Any:
        """Send one line and return the JSON value of the line that comes back.

        A process that did not answer as it should is killed: what it writes later would be taken for the next answer.

        Raises:
            CallFault: If it cannot be started, ends, or writes something else.
        """
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        answered = False
        try:
            _check_unasked(process)
            if process.stdin.is_closing():  # uvloop refuses to write then, by an error that says nothing of the process
                raise await self._ended(process, b"")
            process.stdin.write(request + b"\n")
            await process.stdin.drain()
            while (line := await process.stdout.readline()).isspace():
                pass  # blank lines say nothing
            if not line.endswith(b"\n"):
                raise await self._ended(process, line)
            found = read_json(line, "line of standard output")
            answered = True
            return found
        except ValueError:  # what asyncio raises for a line over its limit
            raise invalid(f"a line of standard output is longer than {self._most:,} bytes (max_bytes)") from None
        except (BrokenPipeError, ConnectionResetError):
            raise await self._ended(process, b"") from None
        finally:
            if not answered:
                self.kill()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._process is not None and not self._again:
            fault = await self._ended(self._process, b"")
            self._release()
            raise fault
        self._release()
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, stderr=pipe, limit=self._most, start_new_session=True
            )
        except OSError as error:
            raise CallFault(CallKind.TARGET_CRASH, f"{self._command[0]} cannot be started: {error.strerror or error}") from None
        if not _groups:
            atexit.register(_kill_all)
        _groups.add(process.pid)
        self.starts += 1
        self._process, self._last_words = process, b""
        self._listening = asyncio.ensure_future(self._listen(process))
        return process

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Read standard error so that the process never waits for a reader, and keep its end."""
        assert process.stderr is not None
        while part := await process.stderr.read(65_536):
            if process is self._process:
                self._last_words = (self._last_words + part)[-LAST_WORDS - LONGEST :]

    async def _ended(self, process: asyncio.subprocess.Process, rest: bytes) -> CallFault:
        """Return the fault of a process that closed its standard output."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await process.wait()
                if self._listening is not None:
                    await asyncio.wait([self._listening])
        code = process.returncode
        how = "closed its standard output" if code is None else f"ended with status {code}" if code >= 0 else f"was ended by signal {-code}"
        words = self._told().strip().splitlines()
        last = f"; its last words: {quoted(words[-1])}" if words else ""
        half = f"; its last line was not complete: {quoted(rest.decode('utf-8', 'replace'))}" if rest else ""
        return CallFault(CallKind.TARGET_CRASH, f"the process {how} before it answered{half}{last}")

    def _told(self) -> str:
        """Return the end of standard error; what is left of a secret where it was cut goes too."""
        words = redacted(clean(self._last_words.decode("utf-8", "replace"))[0])
        return words if len(self._last_words) < LAST_WORDS + LONGEST else words[LONGEST:]

    def kill(self) -> None:
        """End the process and everything that it started, at once; the next request starts another."""
        if self._process is not None:
            _kill(self._process.pid)
        self._release()

    def _release(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process.pid)  # its children may have outlived it
        _reap(process)

    def close(self) -> None:
        """Close standard input, and kill the process and its children after a moment.

        Raises:
            CallFault: If it had written more than it was asked for: its replies may have been those to earlier requests.
        """
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        _reap(process, GRACE)
        _check_unasked(process)


def _check_unasked(process: asyncio.subprocess.Process) -> None:
    """Raise if a process has written something that nobody has read: it would be taken for the next answer."""
    written = bytes(getattr(process.stdout, "_buffer", b"")).strip()  # there is no public way to look
    if written:
        raise invalid(f"the process wrote a line that nobody had asked for: {quoted(written.decode('utf-8', 'replace'))}")


_dying: dict[asyncio.subprocess.Process, asyncio.AbstractEventLoop] = {}
_tasks: set[asyncio.Task[None]] = set()  # a task that nobody holds may vanish


def _reap(process: asyncio.subprocess.Process, grace: float = 0.0) -> None:
    """See to it that a process ends, by itself within so many seconds or else killed, and that nothing of it is left."""
    _dying[process] = asyncio.get_running_loop()

    async def wait() -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await process.wait()
        await _buried(process)

    task = asyncio.ensure_future(wait())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _buried(process: asyncio.subprocess.Process) -> None:
    """Kill a process and its children, wait until it is gone, and close its pipes."""
    _kill(process.pid)
    await process.wait()
    process._transport.close()  # type: ignore[attr-defined]  # a grandchild that got away may hold the pipes
    for _ in range(_TICKS):
        await asyncio.sleep(0)
    _dying.pop(process, None)


async def reaped() -> None:
    """Kill what was closed in this loop and has not ended, and wait until all of it is gone."""
    loop = asyncio.get_running_loop()
    for process, of in list(_dying.items()):
        if of is loop:
            await _buried(process)


def _kill(group: int) -> None:
    if group in _groups:
        _groups.discard(group)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _kill_all() -> None:
    for group in tuple(_groups):
        _kill(group)
