"""A server on loopback that does exactly what a test says, and remembers what it was sent."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from promptls.providers.request import Endpoint, HttpRequest

CERTIFICATES = Path(__file__).parent / "certificates"


@dataclass
class Received:
    line: str
    headers: dict[str, str] = field(repr=False)
    body: bytes
    reader: asyncio.StreamReader = field(repr=False)


Reply = Callable[[asyncio.StreamWriter, Received], Awaitable[None]]


@dataclass
class Server:
    """``received``: the requests so far; ``connections``: how many were taken; ``closed``: how many the client has
    ended, as far as a reply waits for it (``until_closed``)."""

    url: str = ""
    connections: int = 0
    received: list[Received] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    def endpoint(self, **more: object) -> Endpoint:
        values: dict[str, object] = {"provider": "local", "service": "openai-compatible", "wire": "openai-chat"}
        return Endpoint(**{**values, "base_url": self.url, **more})  # type: ignore[arg-type]

    def post(self, path: str = "/v1/x", **more: object) -> HttpRequest:
        return HttpRequest("POST", self.url + path, body=b'{"a": 1}', **more)  # type: ignore[arg-type]


def answer(body: bytes = b"fine", status: int = 200, headers: str = "Content-Type: text/plain\r\n") -> Reply:
    """A whole answer."""

    async def reply(writer: asyncio.StreamWriter, received: Received) -> None:
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)

    return reply


def raw(*pieces: bytes, close: bool = True) -> Reply:
    """Bytes as they are, then the end of the connection."""

    async def reply(writer: asyncio.StreamWriter, received: Received) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if close:
            writer.close()

    return reply


@asynccontextmanager
async def serving(*replies: Reply, certificate: str = "", first: bytes | None = None) -> AsyncIterator[Server]:
    """Each request gets the next reply, the last one again and again. ``first``: said before anything is read."""
    server = Server()
    left = list(replies)
    tasks: set[asyncio.Task[None]] = set()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / certificate)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            if first is not None:
                writer.write(first)
            while not writer.is_closing():
                received = await _request(reader)
                if received is None:
                    break
                server.received.append(received)
                reply = left.pop(0) if len(left) > 1 else left[0]
                await reply(writer, received)
                await writer.drain()
            server.closed.set()
        except (ConnectionError, asyncio.CancelledError, ssl.SSLError):
            server.closed.set()
        finally:
            writer.close()
            tasks.discard(task)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]
    server.url = f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


async def _request(reader: asyncio.StreamReader) -> Received | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(head[0], headers, body, reader)
