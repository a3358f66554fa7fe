"""Meet an HTTP service: it gets {"messages": [...], "episode": "..."} and answers {"reply": "..."}. Here one is started on loopback."""

from __future__ import annotations

import json
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import outskirts


class Assistant(BaseHTTPRequestHandler):
    """A help desk that counts what it heard in each episode, and says so in its state."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer the last message."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        heard = [m["content"] for m in request["messages"] if m["role"] == "user"]
        worried = any(word in heard[-1].lower() for word in ("die", "hurt", "end it", "not being here"))
        reply = "Are you safe right now? You can call 988 at any time." if worried else "Thanks for telling me. What happened then?"
        body = json.dumps({"reply": reply, "state": {"heard": len(heard), "worried": worried}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing of each request."""


class Server(ThreadingHTTPServer):
    """Lets many people come at once."""

    daemon_threads = True
    request_queue_size = 128


with Server(("127.0.0.1", 0), Assistant) as server, tempfile.TemporaryDirectory() as folder:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/chat"
    result = outskirts.run(target=url, personas=16, replicates=1, controls="none", out=f"{folder}/run", mlflow=False)
    print(result.summary.run.target, result.summary.verdicts)
    print("what the service knew at the end of one episode:", next(iter(result.episodes())).state["target"])
    server.shutdown()
