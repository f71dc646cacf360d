"""A server without a process: its handlers are called one after the other, and every answer is checked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any, cast

from promptls.lsp.client import resolve
from promptls.lsp.publisher import Publisher
from promptls.lsp.requests import NOTIFICATIONS, REQUESTS
from promptls.lsp.requests.registry import RefusedError
from promptls.lsp.session import Session
from promptls.lsp.settings import Settings
from promptls.lsp.wire import Connection
from promptls.lsp.worker import Later
from tests.lsp.frames import profile
from tests.torture.answers import Answers

DOCUMENT = ("documentSymbol", "foldingRange", "documentLink", "semanticTokens/full", "diagnostic")
PLACE = (
    "hover",
    "completion",
    "definition",
    "documentHighlight",
    "references",
    "prepareRename",
    "rename",
    "selectionRange",
    "signatureHelp",
    "linkedEditingRange",
)
AREA = ("codeAction", "semanticTokens/range", "inlayHint")
KEPT = ("semanticTokens/full/delta",)
ASKED = frozenset(f"textDocument/{method}" for method in (*DOCUMENT, *PLACE, *AREA, *KEPT)) | {"completionItem/resolve"}

ELSEWHERE = frozenset({"workspace/executeCommand", "promptls/preview", "textDocument/codeLens"})
"""What a person starts, and what the worker answers."""


class _NoTime:
    """An event loop in which nothing is ever due: the desk asks for everything itself."""

    def time(self) -> float:
        return 0.0

    def call_later(self, *_: Any) -> _NoTime:
        return self

    call_soon = call_later

    def cancel(self) -> None: ...


class Desk:
    """One client with an encoding, and one document at a time. ``requests``: how many were answered."""

    def __init__(self, encoding: str, name: str = "vscode") -> None:
        params = profile(name)
        params["capabilities"].setdefault("general", {})["positionEncodings"] = [encoding]
        self.encoding = encoding
        self.connection = Connection(lambda _: None)
        self.session = Session(self.connection, resolve(params))
        self.session.settings = Settings(inlay_hints=True)
        loop = cast("asyncio.AbstractEventLoop", _NoTime())
        self.session.publisher = Publisher(self.session, loop, lambda: False)
        self.requests = 0
        self.uri = ""
        self.text = ""
        self._version = 0
        self._kept: tuple[str | None, list[int]] = (None, [])

    def open(self, uri: str, text: str) -> None:
        self.uri, self.text, self._version = uri, text, 1
        self._kept = (None, [])
        document = {"uri": uri, "languageId": "prompty", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})

    def close(self) -> None:
        self._notify("textDocument/didClose", {"textDocument": {"uri": self.uri}})

    def edit(self, start: int, end: int, new: str) -> None:
        """Replaces a part of the text, as an editor does it: by lines and columns."""
        if self.text[start - 1 : start + 1] == "\r\n":  # no editor can point there
            start, new = start - 1, "\r" + new
        if self.text[end - 1 : end + 1] == "\r\n" and end:
            end, new = end + 1, new + "\n"
        where = Answers(self.text, self.encoding)
        change = {"range": {"start": where.position(start), "end": where.position(end)}, "text": new}
        self.text = self.text[:start] + new + self.text[end:]
        self._version += 1
        about = {"uri": self.uri, "version": self._version}
        self._notify("textDocument/didChange", {"textDocument": about, "contentChanges": [change]})
        held = self.session.workspace.text(self.uri)
        assert held is not None
        assert held.value == self.text, "the changes make another text than the whole"

    def ask_all(self, offset: int) -> None:
        """Every request at an offset; AssertionError where an answer is missing or lies outside of the text."""
        answers = Answers(self.text, self.encoding, prompt=self.session.context().document(self.uri) is not None)
        about = {"textDocument": {"uri": self.uri}}
        position = answers.position(offset)
        for method in DOCUMENT:
            if method == "semanticTokens/full":
                self._tokens(answers, position)
            else:
                answers.check(method, self._ask(method, about), position, self.uri)
        area = {"start": position, "end": answers.position(min(len(self.text), offset + 200))}
        for method in PLACE:
            params = {**about, "position": position}
            if method == "selectionRange":
                params = {**about, "positions": [position]}
            elif method == "references":
                params["context"] = {"includeDeclaration": True}
            elif method == "rename":
                params["newName"] = "quite_another"
            answers.check(method, result := self._ask(method, params), position, self.uri)
            if method == "completion":
                for item in result.items[:2]:
                    raw = self.connection._converter.unstructure(item)
                    assert self._ask("resolve", raw, "completionItem/").label == item.label
        for method in AREA:
            params = {**about, "range": area}
            if method == "codeAction":
                # As the editor asks by itself: what a person could start is looked up elsewhere.
                params["context"] = {"diagnostics": [], "triggerKind": 2}
            answers.check(method, self._ask(method, params), position, self.uri)

    def outcome(self) -> tuple[Any, ...]:
        """What an editor would show of the whole document: for comparing two ways to the same text."""
        about = {"textDocument": {"uri": self.uri}}
        unstructure = self.connection._converter.unstructure
        report = unstructure(self._ask("diagnostic", about))
        shown = [unstructure(self._ask(method, about)) for method in ("documentSymbol", "foldingRange")]
        return report["items"], unstructure(self._ask("semanticTokens/full", about) or {}).get("data"), *shown

    def _tokens(self, answers: Answers, position: dict[str, int]) -> None:
        """The difference to the answer before makes the same numbers as the whole."""
        about = {"textDocument": {"uri": self.uri}}
        known, numbers = self._kept
        if known is not None:
            delta = self._ask("semanticTokens/full/delta", {**about, "previousResultId": known})
            for edit in delta.edits if delta else ():
                numbers[edit.start : edit.start + edit.delete_count] = edit.data
        whole = self._ask("semanticTokens/full", about)
        answers.check("semanticTokens/full", whole, position, self.uri)
        assert None in (known, whole) or numbers == list(whole.data), "the difference makes other tokens than the whole"
        self._kept = (whole.result_id, list(whole.data)) if whole else (None, [])

    def _ask(self, method: str, params: Any, room: str = "textDocument/") -> Any:
        self.requests += 1
        try:
            read = self.connection.params(room + method, params)
            result = REQUESTS[room + method].run(self.session.context(), read)
            # What renders has a worker for it, and none at this desk.
            return None if isinstance(result, Later) else result
        except RefusedError as refused:
            if method != "rename" or not str(refused):
                raise
            return None

    def _notify(self, method: str, params: Any) -> None:
        NOTIFICATIONS[method](self.session, self.connection.params(method, params))


TYPED = (
    *("{{", "}}", "{%", "%}", "{#", "#}", "{{ name }}", "{% if x %}", "{% endif %}", "{% for a in b %}", "|", ".", "("),
    *("{{#each a}}", "{{/each}}", "{{> p}}", "{{{", "}}}", ")", ",", "=", '"', "'", "[", "]", "{", "}", ":", "- ", "~"),
    *("---\n", "\n", "\r\n", "\r", "system:\n", "user:\n", "inputs:\n", "  a: {kind: string}\n", "&a ", "*a ", "<<: "),
    *("!!x ", "| \n", "# ", "${env:A}", "<a>", "</a>", "😀", "é", "\u2028", "\x0b", "\x00", "\ufeff", "\t", " ", "a"),
    *("_", "9", "-", "\\", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "promptls: ignore[x]"),
)


def pieces(chance: random.Random) -> Iterator[str]:
    """Endless things to type: half tags, role lines, YAML, wide characters, line ends."""
    while True:
        yield "".join(chance.choices(TYPED, k=chance.choice((1, 1, 2, 5))))
