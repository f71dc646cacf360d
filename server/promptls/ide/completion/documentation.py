"""The documentation of a choice, looked up only when somebody reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from promptls.ide.builtins import KINDS, words
from promptls.ide.header import data_around, header_data
from promptls.ide.hover.keys import key_text
from promptls.ide.hover.templates import template_text
from promptls.ide.hover.variables import input_text
from promptls.ide.hover.words import word_text
from promptls.ide.roles import ROLES
from promptls.prompt.model import Document
from promptls.schema.complete import values_at
from promptls.schema.describe import describe

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_DEEPEST = 100


def documentation_of(data: Mapping[str, Any], snapshot: Snapshot) -> str:
    """The documentation (Markdown) of a choice, by its ``data``; empty where there is none. Never raises on data
    that an editor sends back changed."""
    kind, name = data.get("kind"), str(data.get("name", ""))
    if kind == "role":
        return ROLES.get(name.lower(), "")
    if kind == "template":
        return template_text(str(data.get("uri", "")), snapshot)
    of = str(data.get("of", ""))
    if kind == "word" and of in KINDS:
        dialect = str(data.get("dialect", ""))
        root, _, member = name.partition(".")
        about = words(dialect, of, str(data.get("runtime", ""))).get(root)
        if about and member:
            about = about.get("members", {}).get(member)
        return word_text(of, name, about, dialect) if about else ""
    document = snapshot.document(str(data.get("uri", "")))
    if document is None:
        return ""
    if kind == "input":
        items = ((prompt, item) for prompt in document.prompts if (item := prompt.input(name)))
        return next((input_text(document, prompt, item, snapshot) for prompt, item in items), "")
    path = data.get("path")
    if document.schema is None or not isinstance(path, list | tuple) or len(path) > _DEEPEST:
        return ""
    if not all(isinstance(step, str | int) for step in path):
        return ""
    return _of_header(document, document.schema, tuple(path), kind, str(data.get("value", "")))


def _of_header(document: Document, schema: str, path: tuple[Any, ...], kind: Any, value: str) -> str:
    about = data_around(header_data(document), path)
    if kind == "value":
        choices = values_at(schema, about, path)
        return next((choice.description for choice in choices if choice.value == value), "")
    card = describe(schema, about, path) if kind == "key" else None
    return key_text(card, path) if card else ""
