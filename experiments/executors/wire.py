"""Messages between a run and its worker processes: pickled, each behind its length, over a socket of the machine's own."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import socket
import struct
from typing import Any

_HEAD = struct.Struct("!Q")


class Wire:
    """One end of the connection, on the running event loop.

    Both ends belong to one run on one machine: what comes in is trusted.

    Args:
        ours: A stream socket of a pair; it stays open when the wire is shut, so that another loop can go on with it.
    """

    def __init__(self, ours: socket.socket) -> None:
        self._socket = ours
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self) -> None:
        """Connect to the running loop."""
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._socket.dup())

    def send(self, message: object) -> None:
        """Send a message; it is on its way when the loop goes on. Nothing happens where the other end has gone."""
        body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._writer.write(_HEAD.pack(len(body)) + body)

    async def drain(self) -> None:
        """Wait until what was sent has left, if the other end is still there."""
        await self._writer.drain()

    async def receive(self) -> Any:
        """Return the next message.

        Raises:
            EOFError: If the other end has gone.
        """
        try:
            (length,) = _HEAD.unpack(await self._reader.readexactly(_HEAD.size))
            body = await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise EOFError from error
        return pickle.loads(body)  # noqa: S301 - the other end is a process of ours

    async def shut(self) -> None:
        """Disconnect from the loop."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
