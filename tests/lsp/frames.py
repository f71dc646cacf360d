"""A small client that sends bytes and keeps what comes back: nothing between the test and the protocol."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from promptls.lsp.framing import Frames, frame

PATIENCE = 90.0
"""Seconds until a test gives up; nothing is expected to take this long."""
SERVE = "import sys; from promptls.lsp import serve; sys.exit(serve(sys.argv[1] if sys.argv[1:] else None))"


class Server:
    """A server process and all that it sent. Every wait is bounded."""

    def __init__(self, *arguments: str, code: str = SERVE, env: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-c", code, *arguments]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=env)
        self.received: list[Any] = []
        self.errors = b""
        self._arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()
        self._ids = 0

    def _read(self) -> None:
        assert self.process.stdout is not None
        frames = Frames()
        while data := self.process.stdout.read1(1 << 16):  # type: ignore[attr-defined]
            for body in frames.feed(data):
                assert isinstance(body, bytes), f"no protocol on standard output: {data!r}"
                self._arrived.put(json.loads(body))
        self._arrived.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.errors = self.process.stderr.read()

    def raw(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, *messages: Any) -> None:
        """All messages in one write."""
        self.raw(b"".join(frame(json.dumps(message).encode()) for message in messages))

    def notify(self, method: str, params: Any = None) -> None:
        self.send(notification(method, params))

    def request(self, method: str, params: Any = None) -> Any:
        """Send a request and wait for its answer: the whole message."""
        self._ids += 1
        self.send(request(self._ids, method, params))
        return self.answer(self._ids)

    def result(self, method: str, params: Any = None) -> Any:
        answer = self.request(method, params)
        assert "result" in answer, answer
        return answer["result"]

    def answer(self, identifier: Any) -> Any:
        return self.wait(lambda message: "method" not in message and message.get("id") == identifier)

    def notified(self, method: str, fits: Callable[[Any], bool] = lambda params: True) -> Any:
        """The parameters of the next notification or request of that name that fits."""
        return self.wait(lambda message: message.get("method") == method and fits(message.get("params")))["params"]

    def wait(self, fits: Callable[[Any], bool]) -> Any:
        """The first message, of those that came and those that come, that fits. It is taken out."""
        for index, message in enumerate(self.received):
            if fits(message):
                return self.received.pop(index)
        while True:
            try:
                message = self._arrived.get(timeout=PATIENCE)
            except queue.Empty:
                raise AssertionError(f"nothing fitting came; there was {self.received}") from None
            assert message is not None, f"the server ended: {self.errors!r}, there was {self.received}"
            if fits(message):
                return message
            self.received.append(message)

    def findings(self, uri: str, version: int | None) -> list[Any]:
        """The diagnostics that were published for that version."""
        params = self.notified(
            "textDocument/publishDiagnostics",
            lambda params: params["uri"] == uri and params.get("version") == version,
        )
        return list(params["diagnostics"])

    def start(self, capabilities: Any = None, **params: Any) -> Any:
        """``initialize`` and ``initialized``; the server's capabilities."""
        result = self.result("initialize", {"processId": None, "capabilities": capabilities or {}, **params})
        self.notify("initialized", {})
        return result["capabilities"]

    def open(self, uri: str, text: str, version: int = 1) -> None:
        document = {"uri": uri, "languageId": "prompty", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def end_of_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def code(self) -> int:
        """The exit code, once the process has ended by itself."""
        return self.process.wait(PATIENCE)

    def stop(self) -> int:
        assert self.request("shutdown").get("result", 0) is None
        self.notify("exit")
        return self.code()

    def drain(self) -> list[Any]:
        """Everything that came until the server ended, in order."""
        while (message := self._arrived.get(timeout=PATIENCE)) is not None:
            self.received.append(message)
        return self.received


def eventually(found: Callable[[], Any], what: str) -> None:
    """Returns once it is so; AssertionError where it never is."""
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, f"it did not happen within {PATIENCE:g} seconds: {what}"
        time.sleep(0.02)


def request(identifier: Any, method: str, params: Any = None) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "id": identifier, "method": method}
    return message if params is None else message | {"params": params}


def notification(method: str, params: Any = None) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "method": method}
    return message if params is None else message | {"params": params}


@contextmanager
def server(*arguments: str, code: str = SERVE, env: dict[str, str] | None = None) -> Iterator[Server]:
    one = Server(*arguments, code=code, env=env)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait(PATIENCE)
        for thread in one._threads:
            thread.join(PATIENCE)
        for pipe in (one.process.stdin, one.process.stdout, one.process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def profile(name: str) -> Any:
    """The parameters of ``initialize`` as a real client sends them."""
    return json.loads((Path(__file__).parent / "profiles" / f"{name}.json").read_text(encoding="utf-8"))


def sent_findings(name: str) -> Any:
    """A client like that, which is sent its findings: it cannot be told to ask for them again."""
    client = profile(name)
    client["capabilities"].get("workspace", {}).pop("diagnostics", None)
    return client
