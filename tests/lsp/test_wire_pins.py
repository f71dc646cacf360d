"""Names every internal of pygls and lsprotocol that `lsp/wire.py` rests on, at the versions that are pinned.

When one of these fails after an update: read `lsp/wire.py`, compare, then move the pin.
"""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import lsprotocol
import pytest
from pygls.protocol.json_rpc import JsonRPCProtocol

import promptls
from promptls.lsp.wire import STOCK, Connection, InvalidParamsError, types
from tests.lsp.frames import PATIENCE

PLACE = {"line": 1, "character": 2}
RANGE = {"start": PLACE, "end": PLACE}
DOCUMENT = {"uri": "file:///c%3A/x.prompty"}
AT = {"textDocument": DOCUMENT, "position": PLACE}
SHOWN = {"range": RANGE, "message": "m", "severity": 1, "code": "c", "tags": [1, -1], "data": {"a-b": [1, None]}}
CHANGES = [{"text": "a"}, {"range": RANGE, "text": "b"}, {"range": RANGE, "rangeLength": 0, "text": "c"}]
ITEM = {"label": "x", "kind": 99, "data": {"user-name": 1}, "textEdit": {"range": RANGE, "newText": "x"}}
PARAMS: dict[str, Any] = {
    "textDocument/didOpen": {"textDocument": {**DOCUMENT, "languageId": "prompty", "version": 1, "text": "x"}},
    "textDocument/didChange": {"textDocument": {**DOCUMENT, "version": 2}, "contentChanges": CHANGES},
    "textDocument/didSave": {"textDocument": DOCUMENT, "text": "x"},
    "textDocument/didClose": {"textDocument": DOCUMENT},
    "textDocument/hover": AT,
    "textDocument/completion": {**AT, "context": {"triggerKind": 2, "triggerCharacter": "{"}},
    "completionItem/resolve": ITEM,
    "textDocument/codeAction": {
        "textDocument": DOCUMENT,
        "range": RANGE,
        "context": {"diagnostics": [SHOWN], "only": ["source.fixAll", "strange.kind"], "triggerKind": 7},
    },
    "textDocument/documentSymbol": {"textDocument": DOCUMENT, "workDoneToken": "t"},
    "textDocument/foldingRange": {"textDocument": DOCUMENT, "partialResultToken": 5},
    "textDocument/documentLink": {"textDocument": DOCUMENT},
    "textDocument/semanticTokens/full": {"textDocument": DOCUMENT},
    "textDocument/semanticTokens/range": {"textDocument": DOCUMENT, "range": RANGE},
    "workspace/didChangeWatchedFiles": {"changes": [{"uri": "u", "type": 2}]},
    "workspace/didChangeConfiguration": {"settings": {"promptls": {"a-b": 1}}},
    "workspace/didChangeWorkspaceFolders": {"event": {"added": [{"uri": "u", "name": "n"}], "removed": []}},
    "$/setTrace": {"value": "verbose"},
    "initialized": {},
    "shutdown": None,
}
BOTH_WAYS = f"""
import json, sys
from promptls.lsp.wire import Connection, types
connection = Connection(lambda data: None)
for method, params in json.loads(sys.stdin.read()).items():
    read = connection.params(method, params)
    print(method, read, json.dumps(connection._converter.unstructure(read)))
print({STOCK!r} in __import__("os").environ, types.Position is __import__("lsprotocol.types").types.Position)
"""


def test_the_versions_are_those_that_were_read() -> None:
    assert importlib.metadata.version("pygls") == "2.1.1"
    assert importlib.metadata.version("lsprotocol") == "2025.0.0"


def test_pygls_keeps_what_is_used_of_it() -> None:
    used = {"_converter", "_request_futures", "_result_types", "_send_data"}
    used |= {"send_request_async", "notify", "get_message_type"}
    connection = Connection(lambda data: None)
    assert isinstance(connection, JsonRPCProtocol)
    assert not [name for name in used if not hasattr(connection, name)]


def test_lsprotocol_makes_its_classes_with_a_bare_define() -> None:
    """The short cut replaces `attrs.define`; a class that passed options would lose them."""
    tree = ast.parse((Path(lsprotocol.__file__).parent / "types.py").read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    made = [node for node in classes if any("define" in ast.unparse(one) for one in node.decorator_list)]
    assert len(made) == 554
    assert {ast.unparse(one) for node in made for one in node.decorator_list} == {
        "attrs.define",
        "functools.total_ordering",
    }
    assert all(not node.bases for node in made), "a class that inherits would find its parent's fields"


def test_the_short_cut_is_taken_back() -> None:
    assert attrs.define.__module__ == "attr._next_gen"


@pytest.mark.parametrize("method", PARAMS)
def test_parameters_are_read_by_type(method: str) -> None:
    read = Connection(lambda data: None).params(method, PARAMS[method])
    kind = attrs.fields_dict(types.METHOD_TO_TYPES[method][0])["params"].type
    assert read is None or type(read) is kind or type(read).__name__ in str(kind)


def test_the_short_cut_changes_nothing_but_the_time() -> None:
    """Every message that we read, read both ways in a fresh process each, is the same."""
    env = {key: value for key, value in os.environ.items() if key != STOCK}
    outputs = []
    for setting in ({}, {STOCK: "1"}):
        command = [sys.executable, "-c", BOTH_WAYS]
        done = subprocess.run(
            command, input=json.dumps(PARAMS).encode(), capture_output=True, env=env | setting, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout.decode().splitlines())
    assert outputs[0][:-1] == outputs[1][:-1]
    assert [output[-1] for output in outputs] == ["False True", "True True"]


@pytest.mark.parametrize(
    ("method", "params", "place"),
    [
        ("textDocument/hover", {"textDocument": DOCUMENT, "position": {"line": "secret", "character": 0}}, "position"),
        ("textDocument/hover", {"textDocument": DOCUMENT, "position": {"line": -1, "character": 0}}, "position"),
        ("textDocument/hover", {"textDocument": DOCUMENT}, "position"),
        ("textDocument/hover", {"textDocument": {"uri": 7}, "position": PLACE}, "textDocument.uri"),
        ("textDocument/hover", None, ""),
        ("textDocument/hover", ["secret"], ""),
        (
            "textDocument/didChange",
            {"textDocument": DOCUMENT, "contentChanges": [{"text": 7}]},
            "contentChanges[0].text",
        ),
        ("textDocument/completion", {**AT, "context": {"triggerKind": {"secret": 1}}}, "context.triggerKind"),
    ],
)
def test_wrong_parameters_are_named_and_not_quoted(method: str, params: Any, place: str) -> None:
    with pytest.raises(InvalidParamsError) as caught:
        Connection(lambda data: None).params(method, params)
    assert method in str(caught.value)
    assert place in str(caught.value)
    assert "secret" not in str(caught.value)


def test_numbers_beyond_the_protocol_are_the_largest() -> None:
    params = {"textDocument": DOCUMENT, "position": {"line": 2**32, "character": 3.0}}
    read = Connection(lambda data: None).params("textDocument/hover", params)
    assert (read.position.line, read.position.character) == (2**31 - 1, 3)


def test_only_the_wire_imports_them() -> None:
    house = Path(promptls.__file__).parent
    for path in house.rglob("*.py"):
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            + ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        }
        if path.relative_to(house).as_posix() != "lsp/wire.py":
            assert not imported & {"pygls", "lsprotocol", "cattrs"}, path
