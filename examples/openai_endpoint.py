"""Meet a model behind any OpenAI-compatible endpoint (vLLM, Ollama, llama.cpp, a gateway). Here a small one is started on loopback."""

from __future__ import annotations

import json
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import outskirts


class Endpoint(BaseHTTPRequestHandler):
    """Speaks as POST /v1/chat/completions does, streamed or not."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer with a canned text that depends on how long the conversation is."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = ("I hear you.", "That sounds hard.", "What would help most right now?")[len(request["messages"]) % 3]
        self.send_response(200)
        if request.get("stream"):
            pieces = [{"choices": [{"index": 0, "delta": {"content": word + " "}}]} for word in text.split()]
            pieces.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": {"total_tokens": 20}})
            body, kind = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + "data: [DONE]\n\n", "text/event-stream"
        else:
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            body, kind = json.dumps({"choices": [choice], "usage": {"total_tokens": 20}}), "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing of each request."""


class Server(ThreadingHTTPServer):
    """Lets many people come at once."""

    daemon_threads = True
    request_queue_size = 128


with Server(("127.0.0.1", 0), Endpoint) as server, tempfile.TemporaryDirectory() as folder:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/v1"
    for options in ("temperature=0.7&max_tokens=200", "stream=true"):
        target = f"openai:small-model@{base}?{options}"
        result = outskirts.run(target=target, personas=8, replicates=1, controls="none", out=f"{folder}/{options}", mlflow=False)
        print(options, result.summary.verdicts, f"{result.summary.cost.tokens:,} tokens")
    server.shutdown()
