"""Every request on real files, whole and cut off anywhere: each is answered, and nothing fails."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from promptls.text import Text
from tests.lsp.frames import Server, sent_findings, server
from tests.lsp.test_documents import change
from tests.shared_files import corpus, needs_shared
from tests.torture.tally import SHARE, share

REFUSED = -32803
"""A rename that would break the file is refused with a sentence: that is an answer."""


@needs_shared
@pytest.mark.parametrize("name", ["vscode", "bare"])
def test_every_request_on_some_real_files(name: str) -> None:
    sweep(name, random.Random(f"some {name}").sample(corpus(), 8), places=3, cuts=2)


@needs_shared
@pytest.mark.torture
@pytest.mark.parametrize("name", ["vscode", "neovim", "bare"])
def test_every_request_on_all_real_files(name: str) -> None:
    sweep(name, share(corpus(), 0, SHARE * 2), places=4, cuts=3)


def sweep(name: str, files: Sequence[Path], places: int, cuts: int) -> None:
    chance = random.Random(name)
    with server() as one:
        one.start(**sent_findings(name))
        for number, path in enumerate(files):
            text = path.read_bytes().decode("utf-8", "replace")
            uri = f"file:///corpus/{number}/{path.name}"
            one.open(uri, text)
            one.findings(uri, 1)
            ask(one, uri, text, [chance.randrange(len(text) + 1) for _ in range(places)])
            for version in range(2, cuts + 2):
                cut = chance.randrange(len(text) + 1)
                one.send(change(uri, version, {"text": text[:cut]}))
                one.findings(uri, version)
                ask(one, uri, text[:cut], [cut])
            one.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert one.stop() == 0
    assert one.errors == b""


def ask(one: Server, uri: str, text: str, offsets: list[int]) -> None:
    document = {"textDocument": {"uri": uri}}
    whole = ("documentSymbol", "foldingRange", "documentLink", "semanticTokens/full")
    requests: list[tuple[str, dict[str, Any]]] = [(method, document) for method in whole]
    requests.append(("semanticTokens/full/delta", {**document, "previousResultId": "none"}))
    for offset in offsets:
        line, column = Text(text).place(offset)
        position = {"line": line, "character": column}
        span = {"start": position, "end": {"line": line + 3, "character": 0}}
        at = {**document, "position": position}
        requests += [
            (method, at)
            for method in (
                *("hover", "completion", "definition", "documentHighlight", "prepareRename"),
                *("signatureHelp", "linkedEditingRange"),
            )
        ]
        requests += [
            ("references", {**at, "context": {"includeDeclaration": True}}),
            ("rename", {**at, "newName": "other"}),
            ("selectionRange", {**document, "positions": [position]}),
            ("codeAction", {**document, "range": span, "context": {"diagnostics": []}}),
            ("semanticTokens/range", {**document, "range": span}),
        ]
    for method, params in requests:
        answer = one.request(f"textDocument/{method}", params)
        assert answer.get("error", {}).get("code") in (None, REFUSED), (uri, method, params, answer)
        for item in answer["result"]["items"][:2] if method == "completion" else ():
            assert one.result("completionItem/resolve", item)["label"] == item["label"]
