"""A server on loopback that gives back a provider's bytes, breaks off, or falls silent, as a test says."""

from __future__ import annotations

import json
import select
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.providers.loopback import CERTIFICATES
from tests.real.spoken import Refusal, Spoken

SILENCE = object()
"""In the place of a piece: nothing comes until the client has gone."""
CUT = object()
"""In the place of a piece: the connection is closed, in the middle of a chunk's framing."""


@dataclass(frozen=True)
class Stream:
    """``pieces``: of the body, each sent as one chunk, SILENCE or CUT. ``mute``: nothing is said at all, not even a
    status."""

    content_type: str
    pieces: Sequence[Any]
    mute: bool = False


def stream(spoken: Spoken, *more: Any) -> Stream:
    """The first words of an answer, and what comes then."""
    return Stream(spoken.content_type, (spoken.begin + spoken.texts[0], *more))


def whole(spoken: Spoken) -> Stream:
    return Stream(spoken.content_type, (spoken.begin, *spoken.texts, spoken.end))


class Replay(ThreadingHTTPServer):
    """Each request gets the next reply, the last one again and again. ``gone``: a client went during SILENCE.

    An error that repeats ``CANARY`` is sent the client's own key there, as careless services do."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, replies: Sequence[Stream | Refusal], certificate: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = list(replies)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.gone = threading.Event()
        self.ending = threading.Event()
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATES / certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    def next_reply(self) -> Stream | Refusal:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or will not trust this server, is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Replay
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        self.server.requests.append((self.path, headers, body))
        reply = self.server.next_reply()
        if isinstance(reply, Refusal):
            self._refuse(reply, headers)
            return
        if reply.mute:
            self._wait()
            return
        self.send_response(200)
        self.send_header("content-type", reply.content_type)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for piece in reply.pieces:
            if piece is SILENCE:
                self._wait()
                return
            if piece is CUT:
                self.wfile.write(b"ff\r\nda")
                self.close_connection = True
                return
            if piece:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _refuse(self, reply: Refusal, headers: dict[str, str]) -> None:
        key = (headers.get("authorization") or headers.get("api-key") or "").removeprefix("Bearer ")
        body = json.dumps(reply.body).replace("CANARY", key).encode()
        self.send_response(reply.status)
        for name, value in {"content-type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _wait(self) -> None:
        self.close_connection = True
        while not self.server.ending.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.02)
            if readable and not self.connection.recv(1):
                self.server.gone.set()
                return

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def replaying(*replies: Stream | Refusal, certificate: str = "") -> Iterator[Replay]:
    server = Replay(replies, certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()
