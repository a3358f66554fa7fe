"""A server on loopback that speaks as OpenAI-compatible endpoints and as plain services do, and fails as it is told to."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

REPLY = "I hear you. Are you safe right now?"
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}

Fault = Callable[[int], "str | None"]
"""From the number of a request (from 0) to the name of what goes wrong with it; None: nothing does."""


@dataclass
class TargetServer:
    """A running server, and what it was sent."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    ports: set[int] = field(default_factory=set)  # of the other side, one for each connection
    faults: Counter[str] = field(default_factory=Counter)
    reply: Callable[[dict[str, Any]], Any] = lambda request: REPLY  # text, or the whole JSON

    @property
    def openai(self) -> str:
        """SPEC of the endpoint."""
        return f"openai:test@{self.url}/v1"

    @property
    def plain(self) -> str:
        """SPEC of the service."""
        return f"{self.url}/chat"


async def _reset(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def _stall(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    return web.Response()


async def _drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for letter in json.dumps(whole("x" * 1000)).encode():
        await response.write(bytes([letter]))
        await asyncio.sleep(0.5)
    return response


async def _huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(50):
        await response.write(b" " * 2**20)
    return response


def whole(text: str | None, **message: Any) -> dict[str, Any]:
    """Return a chat completion, which is a plain reply as well."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "model": "test", "choices": [choice], "usage": USAGE, "reply": text, **message}


def _json(found: Any, status: int = 200, **headers: str) -> web.Response:
    return web.Response(text=json.dumps(found), content_type="application/json", status=status, headers=headers)


def _error(status: int, text: str, **headers: str) -> web.Response:
    return _json({"error": {"message": text, "type": "test"}}, status, **headers)


Faults = Mapping[str, Callable[[web.Request], Any]]

FAULTS: Faults = {
    "429": lambda r: _error(429, "too many", **{"Retry-After": "0.05"}),
    "429 late": lambda r: _error(429, "too many", **{"Retry-After": "3600"}),
    "500": lambda r: _error(500, "trouble"),
    "401": lambda r: _error(401, f"bad key {r.headers.get('Authorization', 'none')}"),
    "404": lambda r: _error(404, "the model `test` does not exist"),
    "400": lambda r: _error(400, "temperature is not supported"),
    "reset": _reset,
    "stall": _stall,
    "drip": _drip,
    "truncated": lambda r: web.Response(text='{"choices": [{"mess', content_type="application/json"),
    "empty": lambda r: web.Response(text="", content_type="application/json"),
    "refusal": lambda r: _json(whole(None, refusal="I cannot help with that.")),
    "html": lambda r: web.Response(text="<html><body>Please log in</body></html>", content_type="text/html"),
    "huge": _huge,
    "latin": lambda r: web.Response(body='{"reply": "caf\xe9"}'.encode("latin-1"), content_type="application/json"),
    "elsewhere": lambda r: web.Response(status=307, headers={"Location": "http://127.0.0.2:9/v1?key=s3cr3t"}),
    "moved": lambda r: web.Response(status=301, headers={"Location": "/v2/chat"}),
    "here": lambda r: web.Response(status=307, headers={"Location": "/again"}),
    "no choices": lambda r: _json({"choices": []}),
    "null": lambda r: _json(whole(None)),
    "user": lambda r: _json(whole("I am the user now.", role="user")),
    "no object": lambda r: _json([1, 2]),
    "error 200": lambda r: _json({"error": {"message": "overloaded"}}),
}
"""What can go wrong, by name."""

FAILING = (
    "429",
    "500",
    "reset",
    "stall",
    "drip",
    "truncated",
    "empty",
    "refusal",
    "html",
    "huge",
    "latin",
    "elsewhere",
    "no choices",
    "null",
)
"""Faults that are neither the key's nor the request's."""


async def _streamed(request: web.Request, text: str, calls: list[dict[str, Any]]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)

    async def event(piece: dict[str, Any]) -> None:
        await response.write(f"data: {json.dumps(piece)}\n\n".encode())

    await response.write(b": keep alive\n\n")
    await event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
    for i in range(0, len(text), 7):
        await event({"choices": [{"index": 0, "delta": {"content": text[i : i + 7]}}]})
    for index, call in enumerate(calls):
        arguments = call["function"]["arguments"]
        await event({"choices": [{"delta": {"tool_calls": [{"index": index, **call, "function": {**call["function"], "arguments": ""}}]}}]})
        for letter in arguments:
            await event({"choices": [{"delta": {"tool_calls": [{"index": index, "function": {"arguments": letter}}]}}]})
    await event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    await event({"choices": [], "usage": USAGE})
    await response.write(b"data: [DONE]\n\n")
    return response


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    while True:
        await response.write(f"data: {json.dumps({'choices': [{'delta': {'content': 'and so on '}}]})}\n\n".encode() * 50)


def _application(server: TargetServer, fault: Fault, delay: float, faults: Faults) -> web.Application:
    async def handle(request: web.Request) -> web.StreamResponse:
        given = await request.json()
        number = len(server.requests)
        server.requests.append(given)
        server.headers.append(dict(request.headers))
        assert request.transport is not None
        server.ports.add(request.transport.get_extra_info("peername")[1])
        wrong = fault(number) if request.path != "/again" else None
        if delay:
            await asyncio.sleep(delay)
        if wrong == "endless":
            return await _endless(request)
        if wrong == "cut" and given.get("stream"):
            return web.Response(text='data: {"choices": [{"delta": {"content": "half"}}]}\n\n', content_type="text/event-stream")
        if wrong is not None:
            server.faults[wrong] += 1
            made = faults[wrong](request)
            return await made if asyncio.iscoroutine(made) else made
        found = server.reply(given)
        if isinstance(found, str):
            found = whole(found)
        if given.get("stream"):
            message = found["choices"][0]["message"]
            return await _streamed(request, message["content"] or "", message.get("tool_calls", []))
        response = _json(found)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression()
        return response

    application = web.Application()
    for path in ("/v1/chat/completions", "/chat", "/again"):
        application.router.add_post(path, handle)
    return application


@contextmanager
def target_server(
    fault: Fault | str | None = None, delay: float = 0.0, reply: Any = REPLY, faults: Faults | None = None
) -> Iterator[TargetServer]:
    """Run a server on a free port of loopback, in a thread of its own.

    Args:
        fault: What goes wrong with each request; a name: with every one.
        delay: Seconds before each answer.
        reply: What is said: a text, a JSON object, or a function of the request's JSON that returns one of these.
        faults: Further things that can go wrong, by name.
    """
    server = TargetServer("")
    server.reply = reply if callable(reply) else lambda request: reply
    wrong: Fault = fault if callable(fault) else lambda number: fault
    loop, up = asyncio.new_event_loop(), threading.Event()

    async def begin() -> web.AppRunner:
        runner = web.AppRunner(
            _application(server, wrong, delay, {**FAULTS, **(faults or {})}),
            access_log=None,
            shutdown_timeout=0.01,
            handler_cancellation=True,
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def serve() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(begin())
        up.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    up.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
