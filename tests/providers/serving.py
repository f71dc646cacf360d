"""A server on loopback for code that runs a loop of its own: it answers from a thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Seen:
    url: str
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list, repr=False)
    """``(method, path, headers by lower-case name)``."""
    bodies: list[bytes] = field(default_factory=list, repr=False)


@contextmanager
def model_server(*, status: int = 200, body: object = None, key: str = "") -> Iterator[Seen]:
    """Answers everything with ``body`` (else a list of two models), and 401 where ``key`` is another's; an error
    repeats the headers that it was sent, as careless services do."""
    seen = Seen("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.requests.append((self.command, self.path, headers))
            seen.bodies.append(self.rfile.read(int(headers.get("content-length", "0"))))
            wrong = bool(key) and key not in "".join(headers.values())
            data = body if body is not None else {"object": "list", "data": [{"id": "small"}, {"id": "large"}]}
            if wrong or status != 200:
                data = {"error": {"message": f"refused with {headers}", "type": "invalid_request_error"}}
            raw = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(401 if wrong else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        seen.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()
