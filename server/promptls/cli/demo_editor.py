"""A very small editor: it starts the real server, as any editor does, and asks what an editor asks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from promptls.rules.finding import Finding, Severity
from promptls.text import Location, Span, Text
from promptls.text.uris import path_to_uri


class Editor:
    """One file open in one server, over stdio. Use it as a context manager: the server ends with it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.uri = path_to_uri(str(folder / name))
        self.text = Text((folder / name).read_text("utf-8"))
        self._version = 1
        self._id = 0
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "promptls", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        capabilities = {
            # Code points, which is how the text counts as well.
            "general": {"positionEncodings": ["utf-32"]},
            "textDocument": {
                "publishDiagnostics": {"versionSupport": True},
                "hover": {"contentFormat": ["markdown"]},
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
            },
        }
        root = path_to_uri(str(folder))
        folders = [{"uri": root, "name": folder.name}]
        self._ask("initialize", {"processId": None, "capabilities": capabilities, "workspaceFolders": folders})
        self._tell("initialized", {})
        document = {"uri": self.uri, "languageId": "prompty", "version": 1, "text": self.text.value}
        self._tell("textDocument/didOpen", {"textDocument": document})

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._ask("shutdown", None)
            self._tell("exit", None)
            self._process.wait(5)
        except (OSError, EOFError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def findings(self) -> list[Finding]:
        """What the server says about the text as it is now."""
        while True:
            message = self._read()
            if message.get("method") != "textDocument/publishDiagnostics":
                continue
            if message["params"].get("version") == self._version:
                return [self._finding(one) for one in message["params"]["diagnostics"]]

    def hover(self, offset: int) -> str:
        answer = self._ask("textDocument/hover", self._at(offset))
        return str(answer["contents"]["value"]) if answer else ""

    def complete(self, offset: int) -> list[Mapping[str, Any]]:
        answer = self._ask("textDocument/completion", self._at(offset)) or []
        items = answer["items"] if isinstance(answer, dict) else answer
        return sorted(items, key=lambda item: str(item.get("sortText") or item["label"]))

    def preferred_fix(self, finding: Finding) -> tuple[str, list[tuple[Span, str]]]:
        """The title and the edits of the fix that an editor would offer first."""
        line = {"range": self._range(finding.location.span), "textDocument": {"uri": self.uri}}
        actions = self._ask("textDocument/codeAction", {**line, "context": {"diagnostics": [], "only": ["quickfix"]}})
        chosen = next((action for action in actions if action.get("isPreferred")), actions[0])
        changes = chosen["edit"].get("changes") or {
            change["textDocument"]["uri"]: change["edits"] for change in chosen["edit"]["documentChanges"]
        }
        return chosen["title"], [(self._span(edit["range"]), edit["newText"]) for edit in changes[self.uri]]

    def type(self, edits: list[tuple[Span, str]]) -> None:
        """Make edits, all of the same text, and tell the server."""
        self._version += 1
        changes = [{"range": self._range(span), "text": text} for span, text in sorted(edits, reverse=True)]
        self.text = self.text.apply(edits)
        document = {"uri": self.uri, "version": self._version}
        self._tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def _finding(self, one: Mapping[str, Any]) -> Finding:
        place = Location(self.uri, self._span(one["range"]))
        return Finding(place, one["message"], severity=Severity(one["severity"]), code=one["code"])

    def _at(self, offset: int) -> dict[str, Any]:
        line, column = self.text.place(offset)
        return {"textDocument": {"uri": self.uri}, "position": {"line": line, "character": column}}

    def _span(self, where: Mapping[str, Any]) -> Span:
        start, end = (self.text.offset(where[side]["line"], where[side]["character"]) for side in ("start", "end"))
        return Span(start, end)

    def _range(self, span: Span) -> dict[str, Any]:
        places = {"start": self.text.place(span.start), "end": self.text.place(span.end)}
        return {side: {"line": line, "character": column} for side, (line, column) in places.items()}

    def _ask(self, method: str, params: Any) -> Any:
        self._id += 1
        self._write({"id": self._id, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._id and "method" not in message:
                return message.get("result")

    def _tell(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def _write(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while (header := self._process.stdout.readline()) not in (b"\r\n", b""):
            if header.lower().startswith(b"content-length:"):
                length = int(header.partition(b":")[2])
        if not length:
            raise EOFError("the server ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "id" in message and "method" in message:
            self._write({"id": message["id"], "result": None})
        return message
