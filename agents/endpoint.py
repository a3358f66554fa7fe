"""LangChain's model of OpenAI-compatible endpoints, made to be called often and from any event loop."""

from __future__ import annotations

from typing import Any, Final
from urllib.request import getproxies

from aiohttp import ClientConnectionError
from httpx2 import ConnectError, Limits, TimeoutException
from httpx_aiohttp.httpx2 import AiohttpTransport
from langchain_openai import ChatOpenAI
from openai import DefaultAsyncHttpxClient, DefaultHttpxClient

from .loop_bound import LoopBound
from .targets.posting import IDLE, POOL, new_session
from .targets.settings import MIB

MAX_BYTES: Final = 4 * MIB
"""Longest body of a response that is awaited, and not streamed."""

_OF_TRANSFER = frozenset({"content-encoding", "content-length", "transfer-encoding"})  # untrue of a body that was read


class OverlongError(ValueError):
    """Raised in place of a response that is too long, whoever asked for it."""


class EndpointChat(ChatOpenAI):
    """A ``ChatOpenAI`` whose messages are sent as LangChain wrote them.

    OpenAI's package walks through each of them, on every call, to rename fields that none of them has; that takes a third of a
    call's time. What goes into ``extra_body`` it leaves alone.
    """

    def _get_request_payload(self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(input_, stop=stop, **kwargs)
        if "messages" not in payload:  # OpenAI's newer interface has its own form
            return payload
        body = {**(payload.get("extra_body") or {}), "messages": payload["messages"]}
        return {**payload, "messages": (), "extra_body": body}


class LoopedClient(DefaultAsyncHttpxClient):
    """A client whose requests are sent by one of the running event loop's own, closed when that loop shuts down.

    A chat model lives longer than a loop, and a kept connection belongs to the loop that opened it. Redirects are not
    followed: they would carry the key and the people to another address.
    """

    def __init__(self) -> None:
        super().__init__(follow_redirects=False)
        self._clients: LoopBound[DefaultAsyncHttpxClient] = LoopBound(_client, lambda client: client.aclose())

    async def send(self, request: Any, *, stream: bool = False, **options: Any) -> Any:
        """Send a request that this client built, and read the body unless it is to be streamed.

        Raises:
            OverlongError: If the body is longer than any reply.
        """
        client = await self._clients.here()
        response = await client.send(request, stream=True, **options)
        if stream:
            return response
        try:
            body = await _whole(response)
        finally:
            await response.aclose()
        headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_TRANSFER]
        return type(response)(response.status_code, headers=headers, content=body, request=request, extensions=response.extensions)


async def _whole(response: Any) -> bytes:
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > MAX_BYTES:
            raise OverlongError(f"the response is longer than {MAX_BYTES:,} bytes")
        parts.append(part)
    return b"".join(parts)


def endpoint_model(**options: Any) -> EndpointChat:
    """Make a model with connections of the running event loop's own. Nothing is contacted; options are those of ``ChatOpenAI``."""
    clients: dict[str, Any] = {"http_client": DefaultHttpxClient(follow_redirects=False), "http_async_client": LoopedClient()}
    # options of sockets are for clients that LangChain makes, and would have it warn that a proxy of the environment is not used
    return EndpointChat(max_retries=0, http_socket_options=(), **clients, **options)


class _Transport(AiohttpTransport):
    """Sends over aiohttp, at about half of what httpx's own transport takes."""

    def get_client(self) -> Any:
        return new_session(self.ssl_context)

    async def handle_async_request(self, request: Any) -> Any:
        try:
            return await super().handle_async_request(request)
        except TimeoutException as error:
            cause = error.__cause__
            if isinstance(cause, ClientConnectionError) and not isinstance(cause, TimeoutError):  # it was lost, and not late
                raise ConnectError(str(error)) from cause
            raise


def _client() -> DefaultAsyncHttpxClient:
    if getproxies():  # httpx knows more kinds of them than aiohttp
        limits = Limits(max_connections=POOL, max_keepalive_connections=POOL, keepalive_expiry=IDLE)
        return DefaultAsyncHttpxClient(follow_redirects=False, limits=limits)
    return DefaultAsyncHttpxClient(follow_redirects=False, transport=_Transport())
