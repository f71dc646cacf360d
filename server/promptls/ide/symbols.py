"""Document symbols: the header's keys, the messages by role, the blocks inside of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from promptls.ide.outline import Section, sections
from promptls.prompt.model import Document, RoleLine
from promptls.syntax.template.tree import Node as Tag
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence
from promptls.text import Span

_LEVELS = 3
_DETAIL = 60
_NAMING_KEYS = ("name", "id", "kind", "type", "role")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Symbol:
    """``kind``: ``key``, ``object``, ``array``, ``message``, ``section``, ``block``,
    ``macro``.     ``span`` covers the children's; ``name_span`` lies in ``span``."""

    name: str
    detail: str
    kind: str
    span: Span
    name_span: Span
    children: tuple[Symbol, ...] = ()


def symbols_of(document: Document) -> tuple[Symbol, ...]:
    """The outline of a document, in the order of the text."""
    header = _of_node(document.yaml.root, _LEVELS) if document.yaml and document.yaml.root else ()
    body = [_of_section(document, one) for prompt in document.prompts for one in sections(document, prompt)]
    body += [Symbol(one.title, "", one.kind, one.span, one.title_span) for one in document.passages]
    return (*header, *sorted(body, key=lambda symbol: symbol.span))


def _of_node(node: Node, levels: int) -> tuple[Symbol, ...]:
    if levels == 0:
        return ()
    match node:
        case Mapping():
            return tuple(
                _symbol(entry.name, entry.value, entry.span, entry.key.span, levels)
                for entry in node.entries
                if entry.name
            )
        case Sequence() if not all(isinstance(item, Scalar) for item in node.items):
            return tuple(
                _symbol(_item_name(item, index), item, item.span, _item_name_span(item), levels)
                for index, item in enumerate(node.items)
                if not item.span.empty
            )
    return ()


def _symbol(name: str, value: Node, span: Span, name_span: Span, levels: int) -> Symbol:
    children = _of_node(value, levels - 1)
    end = max([span.end, *(child.span.end for child in children)])
    kind = {Mapping: "object", Sequence: "array"}.get(type(value), "key")
    return Symbol(name, _value_detail(value), kind, Span(span.start, end), name_span, children)


def _value_detail(value: Node) -> str:
    match value:
        case Scalar():
            return _short(value.text)
        case Sequence() if value.items and all(isinstance(item, Scalar) for item in value.items[:8]):
            return _short(", ".join(item.text for item in value.items[:8] if isinstance(item, Scalar)))
    return ""


def _item_name(item: Node, index: int) -> str:
    if isinstance(item, Mapping):
        for key in _NAMING_KEYS:
            value = item.get(key)
            if isinstance(value, Scalar) and value.text.strip():
                return _short(value.text)
    if isinstance(item, Scalar) and item.text.strip():
        return _short(item.text)
    return f"[{index}]"


def _item_name_span(item: Node) -> Span:
    """The place of the item's name; of its first key where it has none."""
    if isinstance(item, Mapping) and item.entries:
        for key in _NAMING_KEYS:
            value = item.get(key)
            if isinstance(value, Scalar) and value.text.strip():
                return value.span
        return item.entries[0].key.span
    return item.span


def _of_section(document: Document, section: Section) -> Symbol:
    children = tuple(_of_section(document, child) for child in section.children)
    text = document.text.value
    match section.what:
        case RoleLine() as role:
            first = text[role.span.end : section.span.end]
            return Symbol(role.role, _short(first), "message", section.span, role.role_span, children)
        case Tag() as block:
            tag = block.tag or block.name_span or Span(block.span.start, block.span.start)
            kind = "macro" if block.name == "macro" else "block"
            name = _tag_text(tag.slice(text)) or block.name or "block"
            return Symbol(name, "", kind, section.span, tag, children)


def _tag_text(tag: str) -> str:
    """The inside of a tag: ``for item in items``."""
    return _short(tag.strip("{}").strip("%").strip("-+~ \t\r\n"))


def _short(text: str) -> str:
    text = _SPACE.sub(" ", text[: _DETAIL * 4]).strip()
    return text if len(text) <= _DETAIL else text[: _DETAIL - 1].rstrip() + "…"
