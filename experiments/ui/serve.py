"""Serves a folder's reports until it is interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from aiohttp import web

from ...sim.errors import InputError
from ..tracking.outcome import without_credentials
from .site import site
from .tracking import LOOPBACK, MlflowPages, free_port, is_served, store_of

PORT = 8600
"""Where the site listens if that port is free."""

_LOOK = 0.5  # seconds between looks at the child process


def serve(root: Path, tell: Callable[[str], object], port: int | None = None, *, mlflow: bool = True) -> None:
    """Serve a folder on 127.0.0.1, and MLflow's pages beside it; return when interrupted or terminated, with both ended.

    Starts an event loop of its own and at most one child process.

    Args:
        root: A run directory, or a folder that holds some.
        tell: Is given a line for each address, once it is known.
        port: Where the site listens, 0 for any free port; None: 8600, or any free one if that is taken.
        mlflow: Start MLflow's server if there is a store.

    Raises:
        InputError: If the folder has no page, or the port cannot be had.
    """
    root = root.resolve()
    application = site(root)
    with _listening(port) as listening, contextlib.ExitStack() as children:
        store = store_of(root) if mlflow else None
        pages = None
        if store is None:
            beside = "not started (--no-mlflow)" if not mlflow else "no tracking store is there"
        elif is_served(store):
            beside = without_credentials(store)
        else:
            pages = children.enter_context(MlflowPages(store, free_port()))
            beside = f"{pages.address}/ (is there in a few seconds)"
        lines = (f"reports: http://{LOOPBACK}:{listening.getsockname()[1]}/", f"MLflow: {beside}", "Ctrl-C ends it.")
        asyncio.run(_until_interrupted(application, listening, pages, lines, tell))


def _listening(port: int | None) -> socket.socket:
    if port is not None and not 0 <= port <= 65_535:
        raise InputError("port", "a whole number from 0 to 65535", port)
    for number in (PORT, 0) if port is None else (port,):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, number))
            listening.listen()
        except OSError as error:
            listening.close()
            reason = error.strerror
        else:
            return listening
    raise InputError("port", "a port that is free", port, f"{reason}; choose another --port, or 0 for any.")


async def _until_interrupted(
    application: web.Application, listening: socket.socket, pages: MlflowPages | None, lines: Sequence[str], tell: Callable[[str], object]
) -> None:
    """Serve; the lines are told once a signal would be heard and pages are there."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C comes as an exception
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        for line in lines:
            tell(line)
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _LOOK)
            if pages is not None and pages.status is not None and not ended.is_set():
                tell(f"MLflow: its server ended with status {pages.status}; the reports go on.")
                pages = None
    finally:
        await runner.cleanup()
