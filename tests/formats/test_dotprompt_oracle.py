"""The same answers as dotpromptz 0.2.0 (recorded by tests/oracles/dotprompt.py): schemas, messages, whole files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from promptls.actions.render import render_document
from promptls.formats.base import FormatError, no_siblings
from promptls.formats.dotprompt.messages import HISTORY, messages
from promptls.formats.dotprompt.picoschema import Named, convert
from promptls.formats.source import Source
from promptls.prompt.model import Prompt
from promptls.render import Renderer
from promptls.rules import Severity
from promptls.rules.engine import findings
from promptls.syntax.yaml import parse_yaml
from promptls.text import Span
from promptls.workspace.files import Workspace
from tests.conformance.dotprompt import shown

ANSWERS = json.loads((Path(__file__).parents[1] / "oracles" / "dotprompt.json").read_text("utf-8"))
FOO = {"type": "number", "description": "a foo"}
TURNS = [
    {"role": "user", "content": [{"text": "q"}]},
    {"role": "model", "content": [{"text": "a"}], "metadata": {"k": 1}},
]


def test_schemas() -> None:
    wrong = []
    for schema, answer, *wanted in ANSWERS["schemas"]:
        written = json.dumps(schema)
        tree = parse_yaml(written)
        assert tree.root is not None
        source = Source("", written, tree, no_siblings)
        found = convert(source, tree.root, "code", lambda name: Named(dict(FOO)) if name == "Foo" else None)
        refused = any(one.data["severity"] == "error" or "schema" in one.data for one in found.problems)
        if refused != (answer == "error") or (answer == "ok" and found.schema != wanted[0]):
            wrong.append((schema, wanted, found))
    assert wrong == []


def test_messages() -> None:
    nowhere = Prompt("", "", Span(0, 0))
    for text, turns, answer, *wanted in ANSWERS["texts"]:
        if answer == "error":
            with pytest.raises(FormatError):
                messages(nowhere, text, {HISTORY: TURNS[:turns]})
            continue
        found = [shown(message) for message in messages(nowhere, text, {HISTORY: TURNS[:turns]})]
        assert found == wanted[0], text


def test_whole_files() -> None:
    """An error is reported, and nothing rendered, exactly where the loader refuses a file."""
    with Renderer(deadline=20) as renderer:
        for text, answer, *wanted in ANSWERS["files"]:
            errors, found = outcome(text, renderer)
            assert bool(errors) == (answer == "error"), (text, errors)
            assert found == (wanted[0] if wanted else None), text


def outcome(text: str, renderer: Renderer) -> tuple[list[str], list[dict[str, Any]] | None]:
    """The errors in a file, and its messages where it has any."""
    workspace = Workspace()
    uri = "file:///w/a.txt"
    workspace.open("file:///w/promptls.yaml", "formats: {'*.txt': dotprompt}")
    workspace.open(uri, text)
    snapshot = workspace.snapshot()
    document = snapshot.document(uri)
    assert document is not None
    errors = [one.message for one in findings(document, snapshot) if one.severity is Severity.ERROR]
    rendering = render_document(document, document.prompts[0], {"a": "A"}, snapshot, renderer)
    return errors, None if rendering.problems else [shown(message) for message in rendering.messages]
