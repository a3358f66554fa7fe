"""One POST of JSON: bounded in time and size, never redirected to another origin, faults in one enumeration."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ssl import SSLContext
from typing import Any, Final

import aiohttp
from pydantic_core import from_json
from yarl import URL

from ...sim.secrets import LONGEST, redacted
from ...sim.text import said
from ..loop_bound import LoopBound
from ..pauses import seconds_asked
from .faults import CallFault, CallKind, invalid, kind_of_status, quoted

POOL: Final = 512
"""Most connections at once in an event loop; further calls wait, which counts against their time-out."""

IDLE: Final = 1.5
"""Seconds after which an idle connection is not used again: below what servers keep one open (2 to 5), so that none is lost in a race."""

_HOPS = 3  # redirects within an origin that are followed
_ERROR_BYTES = 64 * 1024  # of the body of an error that is read
_SAME_METHOD = (307, 308)


def new_session(ssl: SSLContext | None = None) -> aiohttp.ClientSession:
    """Return a pool: no cookies, which would be state shared by episodes, and no time-outs, which the caller sets around the whole."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=POOL, keepalive_timeout=IDLE, ssl=ssl or True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=30.0),
        requote_redirect_url=False,
    )


_pool: LoopBound[aiohttp.ClientSession] = LoopBound(new_session, lambda session: session.close())


def origin(url: URL) -> str:
    """Return scheme, host and port of an address: all of it that a message may say."""
    return str(url.origin())


@asynccontextmanager
async def posted(url: URL, body: bytes, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
    """Send a request and give the response, its status being success and its body unread.

    Raises:
        CallFault: If there is none, or what is done with it inside the block fails for a reason of the network.
    """
    session = await _pool.here()
    try:
        for _ in range(_HOPS + 1):
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                if 200 <= response.status < 300:
                    yield response
                    return
                if 300 <= response.status < 400:
                    url = _next(url, response)
                    continue
                raise await _refused(url, response)
        raise invalid(f"{origin(url)} redirects more than {_HOPS} times")
    except (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError) as error:
        raise CallFault(CallKind.TRANSIENT, f"the connection to {origin(url)} was lost: {said(error)}") from None
    except aiohttp.ClientResponseError as error:
        raise invalid(f"what came from {origin(url)} is no HTTP: {said(error)}") from None
    except (aiohttp.ClientError, OSError) as error:
        if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
            raise  # the caller's own
        raise CallFault(CallKind.TRANSIENT, f"no connection to {origin(url)}: {_cause(error)}") from None


def _cause(error: Exception) -> str:
    """Return why there is no connection, in the system's words where it was the system."""
    number = error.os_error.errno if isinstance(error, aiohttp.ClientConnectorError) else None
    return os.strerror(number) if number is not None and number > 0 else said(error)  # names that are not found have negative ones


def _next(url: URL, response: aiohttp.ClientResponse) -> URL:
    """Return where a redirect within the origin leads, if the request may be sent there as it is."""
    where = response.headers.get("Location", "")
    try:
        target = url.join(URL(where))
    except ValueError:
        raise invalid(f"status {response.status} from {origin(url)} with no usable address") from None
    if target.scheme not in ("http", "https") or target.origin() != url.origin():
        to = origin(target) if target.scheme in ("http", "https") and target.host else "somewhere else"
        raise invalid(f"{origin(url)} redirects to {to}, which is not followed: messages and key would go there")
    if response.status not in _SAME_METHOD:
        raise invalid(f"status {response.status} from {origin(url)}: the address has moved; write the new one, which ends in {target.path}")
    return target


async def _refused(url: URL, response: aiohttp.ClientResponse) -> CallFault:
    """Return the fault that a status other than success means."""
    status = response.status
    body = await _up_to(response, _ERROR_BYTES)
    text = redacted(body.decode("utf-8", "replace"))
    if len(body) == _ERROR_BYTES:  # what is left of a secret where it was cut goes too
        text = text[:-LONGEST]
    asked = seconds_asked(response.headers.get("Retry-After"))
    kind = kind_of_status(status)
    if status == 503 and asked is not None:
        kind = CallKind.RATE_LIMITED
    told = _told(text)
    return CallFault(kind, f"status {status} from {origin(url)}" + (f": {quoted(told)}" if told else ""), asked, status)


def _told(text: str) -> str:
    """Return the message in the body of an error, where it has the usual form."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for key in ("error", "message", "detail"):
        if isinstance(found, Mapping) and key in found:
            found = found[key]
    return found if isinstance(found, str) else text


async def _up_to(response: aiohttp.ClientResponse, most: int) -> bytes:
    parts, size = [], 0
    while size < most and (part := await response.content.readany()):
        parts.append(part)
        size += len(part)
    return b"".join(parts)[:most]


async def whole(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Read a body of at most ``most`` bytes.

    Raises:
        CallFault: If there is more, or the body ends early.
    """
    if (response.content_length or 0) > most:
        raise _too_long(most)
    parts, size = [], 0
    while part := await response.content.readany():
        size += len(part)
        if size > most:
            raise _too_long(most)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def lines(response: aiohttp.ClientResponse, most: int) -> AsyncIterator[bytes]:
    """Yield the lines of a body as they come, without their ends, at most ``most`` bytes in all.

    Raises:
        CallFault: If there is more.
    """
    rest, size = b"", 0
    while part := await response.content.readany():
        size += len(part)
        if size > most:
            raise _too_long(most)
        *ready, rest = (rest + part).split(b"\n")
        for line in ready:
            yield line.rstrip(b"\r")
    if rest:
        yield rest


def _too_long(most: int) -> CallFault:
    return invalid(f"the response is longer than {most:,} bytes (max_bytes)")


def read_json(body: bytes, what: str = "response") -> Any:
    """Return the JSON value in a body.

    Raises:
        CallFault: If it is empty, no UTF-8 or no JSON.
    """
    if not body.strip():
        raise invalid(f"the {what} is empty")
    try:
        return from_json(body)
    except ValueError:  # what is wrong is found out slowly
        pass
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise invalid(f"the {what} is no UTF-8 (byte {error.start:,})") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        kind = "HTML" if text.lstrip()[:1] == "<" else "no JSON"
        raise invalid(f"expected JSON, and the {what} is {kind}: {quoted(text)}") from None
