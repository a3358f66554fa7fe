"""An OpenAI-compatible endpoint on loopback whose answers are a function of the request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

ANSWER = {"situation": "A question.", "person": "Somebody.", "action": "They answer.", "answer": 4}
"""What a model that follows the form says."""


class Sent(NamedTuple):
    """What the server sends back."""

    body: str
    status: int = 200
    headers: dict[str, str] = {}
    kind: str = "application/json"


Reply = Callable[[dict[str, Any], int], "Sent | str | None"]
"""From the request's JSON and its number (from 0) to text of the assistant, a whole response, or None: never answers."""


@dataclass
class ChatServer:
    """A running server and what it was sent."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


def completion(text: str | None, finish: str = "stop", calls: list[dict[str, Any]] | None = None) -> str:
    """Return a chat completion as such endpoints send it."""
    message = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return json.dumps({"id": "c", "object": "chat.completion", "created": 0, "model": "test", "choices": [choice], "usage": usage})


def likert(request: dict[str, Any], number: int) -> str:
    """Follow the form."""
    return json.dumps(ANSWER)


@contextmanager
def chat_server(reply: Reply = likert) -> Iterator[ChatServer]:
    """Run a server on a free port of loopback."""
    lock, over = threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                number = len(server.requests)
                server.requests.append(request)
                server.headers.append({k.lower(): v for k, v in self.headers.items()})
                server.paths.append(self.path)
            sent = reply(request, number)
            if sent is None:
                over.wait()
                self.close_connection = True
                return
            self._send(sent if isinstance(sent, Sent) else Sent(completion(sent)))

        def _send(self, sent: Sent) -> None:
            body = sent.body.encode()
            self.send_response(sent.status)
            for name, value in {"Content-Type": sent.kind, "Content-Length": str(len(body)), **sent.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = ChatServer(f"http://127.0.0.1:{http.server_address[1]}/v1")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        over.set()
        http.shutdown()
        http.server_close()
        thread.join()


def closed_port() -> str:
    """Return the base URL of a port of loopback where nothing listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as http:
        return f"http://127.0.0.1:{http.server_address[1]}/v1"
