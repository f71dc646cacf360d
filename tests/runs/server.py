"""A model server on loopback that speaks OpenAI's chat, as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer(ThreadingHTTPServer):
    """``pieces``: of the answer, ``finish``: why it ends; in the place of an answer ``status``, ``error`` and ``code``;
    ``ends``: with its end mark; ``hold``: after the first piece nothing comes until it is set. ``gone``: a client went
    away."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pieces = ["Hel", "lo"]
        self.status = 200
        self.error = ""
        self.code = ""
        self.ends = True
        self.finish = "stop"
        self.hold: threading.Event | None = None
        self.gone = threading.Event()
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []

    def said(self) -> Iterable[str]:
        """The pieces of the answer to the last request."""
        return self.pieces

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what some tests are about."""
        self.gone.set()


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("connection", "close")
        if self.server.status != 200:
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(
                json.dumps({"error": {"message": self.server.error, "code": self.server.code or None}}).encode()
            )
            return
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for piece in self.server.said():
            self._event({"choices": [{"index": 0, "delta": {"content": piece}}]})
            if self.server.hold is not None:
                self.server.hold.wait()
        if self.server.ends:
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": self.server.finish}]})
            self._event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, data: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps({'id': 'c1', 'model': 'tiny-1', **data})}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        if server.hold is not None:
            server.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
