"""What a template uses that its language has not, though the language that it is written as has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from promptls.prompt.model import Prompt, Template
from promptls.rules.constructs import Construct, constructs_of
from promptls.rules.damage import is_sound
from promptls.rules.dialects import names_of
from promptls.schema.dialects import Words, lacking
from promptls.syntax.template.names import Use
from promptls.syntax.template.tree import Node
from promptls.text import Span

Row = Mapping[str, Any]


def borrowed(prompt: Prompt, template: Template, host: frozenset[str]) -> Iterator[tuple[Construct, Row]]:
    """Each such place with its row of the table. ``host``: names of tags and globals that the application adds."""
    table = lacking(template.dialect)
    if not table:
        return
    text = prompt.text.value
    sound = is_sound(template)
    for one in (*constructs_of(template), *_syntax(template, text), *_called(template)):
        row = _row(table, one)
        if not row.get("message") or not sound(one.span):
            continue
        if one.section in ("tags", "globals") and (one.name in host or prompt.input(one.name)):
            continue
        if one.span.slice(text) in row.get("words", (one.span.slice(text),)):
            yield one, row


def _row(table: Mapping[str, Words], one: Construct) -> Row:
    name, _, member = one.name.partition(".")
    rows = table.get(one.section, {})
    found: Row = rows.get(one.name, {}) if one.section != "special" else rows.get(name, {}).get("members", {})
    return found.get(member, {}) if one.section == "special" else found


def _called(template: Template) -> Iterator[Construct]:
    for use in template.analysis.uses:
        if use.called and _is_free(use):
            yield Construct("globals", use.name, use.spans[0])
        if use.method and use.method_span:
            builtin = use.binding is not None and use.binding.kind == "builtin"
            name = f"{use.name}.{use.method}" if builtin else use.method
            yield Construct("special" if builtin else "methods", name, use.method_span)


def _is_free(use: Use) -> bool:
    return use.binding is None and len(use.names) == 1


def _syntax(template: Template, text: str) -> Iterator[Construct]:
    own = names_of(template, "filters")
    for node in template.tree.root.walk():
        for name, span in _of_tag(node, text):
            yield Construct("syntax", name, span)
        if node.kind == "filter" and node.name in own and node.name not in _TAKE_NAMES:
            for each in (one for one in node.head[1:] if one.kind == "keyword"):
                yield Construct("syntax", "filter-keyword", each.span)
        elif node.kind == "unary" and node.name in ("*", "**"):
            yield Construct("syntax", "spread", node.name_span or node.span)
        elif node.kind == "attribute" and node.name.isdigit():
            yield Construct("syntax", "number-attribute", node.name_span or node.span)
        elif node.kind == "conditional" and len(node.head) > 2 and node.head[2].kind == "conditional":
            yield Construct("syntax", "condition-chain", node.head[2].span)


_TAKE_NAMES = frozenset(["sort"])
"""Filters that Nunjucks makes with ``makeMacro``, which takes arguments by name."""


def _of_tag(node: Node, text: str) -> Iterator[tuple[str, Span]]:
    for tag in (node.tag, node.close):
        if tag is None:
            continue
        if text.startswith("+", tag.start + 2):
            yield "plus", Span(tag.start, tag.start + 3)
        elif text.endswith(("+%}", "+}}"), tag.start, tag.end):
            yield "plus", Span(tag.end - 3, tag.end)
    if node.kind == "raw" and node.close is not None and "-" in node.close.slice(text):
        yield "raw-dash", node.close
    head = node.head
    if node.kind not in ("block", "statement") or not head:
        return
    match node.name:
        case "for" if head[0].kind == "group":
            yield "loop-group", head[0].span
        case "set" if head[0].kind == "attribute":
            yield "set-attribute", head[0].span
        case "set" if node.kind == "block" and len(head) > 1:
            yield "set-filter", head[1].name_span or head[1].span
        case "block" if len(head) > 1:
            yield "block-word", head[1].span
        case "include":
            yield from (("include-context", one.span) for one in head[1:] if one.name.endswith("context"))
            if head[0].kind in ("list", "tuple"):
                yield "include-list", head[0].span
