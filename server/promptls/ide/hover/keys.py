"""Cards of the header's keys and values, from the format's schema."""

from __future__ import annotations

from typing import Any

from promptls.ide.hover.card import Card
from promptls.ide.markdown import bullets, paragraphs, short, value
from promptls.prompt.model import Document
from promptls.schema.complete import values_at
from promptls.schema.describe import KeyCard, describe
from promptls.syntax.yaml import entry_at, node_at, path_at
from promptls.syntax.yaml_data import to_data
from promptls.syntax.yaml_tree import Path, Scalar
from promptls.text.markdown import code, escape


def key_card(document: Document, offset: int) -> Card | None:
    """The card of the key or of the known value that ``offset`` touches."""
    tree = document.yaml
    if tree is None or document.schema is None:
        return None
    path = path_at(tree, offset)
    if not path:
        return None
    data = to_data(tree)
    entry = entry_at(tree, path)
    if entry and entry.key.span.touches(offset):
        about = describe(document.schema, data, path)
        return Card(entry.key.span, key_text(about, path)) if about else None
    node = node_at(tree, path)
    if not isinstance(node, Scalar) or node.span.empty or not node.span.touches(offset):
        return None
    text = _value_text(document.schema, data, path, node)
    return Card(node.span, text) if text else None


def key_text(about: KeyCard, path: Path) -> str:
    """Type, what it is for, default, choices, what replaces it, and where the format says so."""
    title = code(".".join(str(step) for step in path if not isinstance(step, int)) or about.name)
    allowed = list(about.enum or ())
    examples = list(about.examples or ())
    return paragraphs(
        title + (f": {about.type}" if about.type else ""),
        about.description or "",
        bullets(
            [
                _replaced(about),
                f"ignored by {about.ignored_by}" if about.ignored_by else "",
                f"default {_word(about.default)}" if about.default is not None else "",
                "one of " + _listed(allowed) if allowed else "",
                ("example " if len(examples) == 1 else "examples ") + _listed(examples[:3])
                if examples and not allowed
                else "",
            ]
        ),
        f"*{escape(about.source)}*" if about.source else "",
    )


def _replaced(about: KeyCard) -> str:
    if about.replaced_by:
        return f"deprecated: use {code(about.replaced_by)}"
    return "deprecated" if about.deprecated else ""


def _listed(values: list[Any]) -> str:
    return ", ".join(_word(one) for one in values[:20]) + (", …" if len(values) > 20 else "")


def _word(one: Any) -> str:
    """A value as the header has it: a string without quotes."""
    return code(short(one)) if isinstance(one, str) and one else value(one)


def _value_text(schema: str, data: Any, path: Path, node: Scalar) -> str:
    for choice in values_at(schema, data, path):
        if choice.description and choice.value.strip("\"'") == node.text:
            return paragraphs(code(node.text), choice.description)
    return ""
