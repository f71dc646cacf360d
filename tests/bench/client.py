"""A client that times a server over stdio: what a person waits for, seen from the editor's side."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Server:
    """`command` starts it, `name` and `language` are the file's, `text(size)` is a file of about that many bytes
    with at least one finding."""

    title: str
    command: tuple[str, ...]
    name: str
    language: str
    body: str
    filler: str
    settings: Any = None

    def text(self, size: int) -> str:
        return self.body + self.filler * max(0, (size - len(self.body)) // len(self.filler))


class Session:
    """One running server with one open document. Times are seconds of the wall clock."""

    def __init__(self, server: Server, folder: str) -> None:
        self.server = server
        self.uri = f"file://{folder}/{server.name}"
        self._id = 0
        self._version = 0
        self.started = time.perf_counter()
        # As installed: with its byte code compiled, and none of it left in the checkout.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = f"{folder}/byte_code"
        self._process = subprocess.Popen(
            server.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        capabilities = {
            "textDocument": {
                "synchronization": {},
                "publishDiagnostics": {"versionSupport": True},
                "completion": {"completionItem": {"snippetSupport": True}},
            },
            "workspace": {"configuration": True},
        }
        parameters = {
            "processId": os.getpid(),
            "rootUri": f"file://{folder}",
            "capabilities": capabilities,
            "workspaceFolders": None,
        }
        self.request("initialize", parameters)
        self.initialized = time.perf_counter() - self.started
        self.notify("initialized", {})

    def open(self, size: int) -> float:
        """Seconds from didOpen to the findings of that text."""
        self._version += 1
        document = {
            "uri": self.uri,
            "languageId": self.server.language,
            "version": self._version,
            "text": self.server.text(size),
        }
        begun = time.perf_counter()
        self.notify("textDocument/didOpen", {"textDocument": document})
        self._findings()
        return time.perf_counter() - begun

    def close(self) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": self.uri}})

    def change(self) -> float:
        """Seconds from one more typed character, so a text that was never there before, to its findings."""
        self._version += 1
        place = {"line": self.server.body.count("\n"), "character": 0}
        begun = time.perf_counter()
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self._version},
                "contentChanges": [{"range": {"start": place, "end": place}, "text": "z"}],
            },
        )
        self._findings()
        return time.perf_counter() - begun

    def complete(self, line: int, character: int) -> float:
        begun = time.perf_counter()
        position = {"line": line, "character": character}
        self.request("textDocument/completion", {"textDocument": {"uri": self.uri}, "position": position})
        return time.perf_counter() - begun

    def memory(self) -> int:
        """Resident bytes now."""
        with open(f"/proc/{self._process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def end(self) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self._process.wait(5)
        except (OSError, EOFError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def notify(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        self._id += 1
        self._write({"id": self._id, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._id and "method" not in message:
                return message.get("result")

    def _findings(self) -> None:
        while True:
            message = self._read()
            if message.get("method") != "textDocument/publishDiagnostics":
                continue
            params = message["params"]
            if params.get("version") in (None, self._version) and params["diagnostics"]:
                return

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while (header := self._process.stdout.readline()) not in (b"\r\n", b""):
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        if not length:
            raise EOFError(f"{self.server.title} ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            self._answer(message)
        return message

    def _answer(self, message: dict[str, Any]) -> None:
        items = (message.get("params") or {}).get("items", []) if message["method"].endswith("configuration") else None
        result = [self.server.settings for _ in items] if items is not None else None
        self._write({"id": message["id"], "result": result})
