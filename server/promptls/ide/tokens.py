"""Semantic tokens: what each word of a prompt file is, in LSP's standard types.

Names are told apart by what they are (an input, a local name, an attribute, a filter), not by how they are
written; a name that nothing declares stays a plain ``variable``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from promptls.ide.yaml_nodes import every_node
from promptls.prompt.model import Document, Prompt, Template
from promptls.syntax.template import blocks_of
from promptls.syntax.template.names import Use
from promptls.syntax.template.tree import Node
from promptls.syntax.yaml_tree import Mapping, Scalar
from promptls.text import Span, Text

TYPES = (
    "namespace",
    "class",
    "enumMember",
    "parameter",
    "variable",
    "property",
    "function",
    "method",
    "macro",
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
)
MODIFIERS = ("declaration", "readonly", "deprecated", "modification", "defaultLibrary")


class Token(NamedTuple):
    """``type`` is one of TYPES, each modifier one of MODIFIERS; ``span`` lies in one line."""

    span: Span
    type: str
    modifiers: tuple[str, ...] = ()


_DECLARATION = ("declaration",)
_READONLY = ("readonly",)
_BUILT_IN = ("defaultLibrary",)
_BINDING_TYPES = {"macro": "function", "import": "namespace", "parameter": "parameter"}
_WORD = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
    |(?P<number>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d]\w*(?:-\w+)*)
    |(?P<delimiter>\{\{\{|\}\}\}|\{\{[-~]?|[-+~]?\}\}|\{%[-+]?|[-+]?%\})
    |(?P<operator>//|\*\*|[=!<>]=|[-+*/%~|=<>#^&@!])""",
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(r"[^\W\d]\w*")
_CONSTANTS = frozenset({"true", "false", "none", "True", "False", "None", "null"})
_LINE_END = re.compile(r"[\r\n]")
_YAML_COMMENT = re.compile(r"(?<![^\s])#[^\r\n]*")


def tokens_of(document: Document, span: Span | None = None) -> tuple[Token, ...]:
    """The tokens (of ``span`` only, where one is given), sorted, none over another, none across lines."""
    part = span or Span(0, len(document.text))
    base: list[Token] = list(_of_header(document))
    over: list[Token] = [_of_reference(one.kind, one.span) for one in document.references]
    for prompt in document.prompts:
        if prompt.template:
            base += _of_roles(prompt.template)
            base += _of_template(document.text.value, prompt, prompt.template, part)
    near = [token for token in base if token.span.start < part.end and part.start < token.span.end]
    whole = (piece for token in _layered(near, over) for piece in _by_line(document.text, token))
    return tuple(token for token in whole if token.span.overlaps(part) and not token.span.empty)


def _of_reference(kind: str, span: Span) -> Token:
    return Token(span, "macro" if kind == "environment" else "namespace")


# The header


def _of_header(document: Document) -> Iterator[Token]:
    if document.yaml is None or document.yaml.root is None:
        return
    declared = {item.name_location.span for prompt in document.prompts for item in prompt.inputs}
    scalars: list[Span] = []
    for node in every_node(document.yaml.root):
        if isinstance(node, Scalar):
            scalars.append(node.span)
        if isinstance(node, Mapping):
            for entry in node.entries:
                if entry.key.span in declared:
                    yield Token(entry.key.span, "parameter", _DECLARATION)
                else:
                    yield Token(entry.key.span, "property")
                if isinstance(entry.value, Scalar):
                    yield from _of_value(entry.value, declared)
        elif not isinstance(node, Scalar):
            yield from (token for item in getattr(node, "items", ()) for token in _of_value(item, declared))
    yield from _of_yaml_comments(document, sorted(scalars))


def _of_value(node: object, declared: set[Span]) -> Iterator[Token]:
    if not isinstance(node, Scalar) or node.span.empty:
        return
    if node.span in declared:
        yield Token(node.span, "parameter", _DECLARATION)
    elif isinstance(node.value, bool) or node.value is None:
        yield Token(node.span, "keyword")
    else:
        yield Token(node.span, "number" if isinstance(node.value, int | float) else "string")


def _of_yaml_comments(document: Document, scalars: list[Span]) -> Iterator[Token]:
    """``#`` to the end of its line, where it is not part of a value."""
    span = document.header or (document.yaml.span if document.yaml else Span(0, 0))
    starts = [scalar.start for scalar in scalars]
    for match in _YAML_COMMENT.finditer(document.text.value, span.start, span.end):
        at = bisect_right(starts, match.start()) - 1
        if at < 0 or not scalars[at].holds(match.start()):
            yield Token(Span(match.start(), match.start() + len(match[0].rstrip())), "comment")


# The body


def _of_roles(template: Template) -> Iterator[Token]:
    for role in template.roles:
        if not role.known:
            continue
        yield Token(role.role_span, "class")
        for _, name, _, value in role.attributes:
            yield Token(name, "property")
            yield Token(value, "string")


def _of_template(text: str, prompt: Prompt, template: Template, part: Span) -> Iterator[Token]:
    meanings = dict(_meanings(prompt, template))
    word = "variable" if blocks_of(template.dialect) == "value" else "keyword"
    for span, comment in _tags(template.tree.root, part):
        if comment:
            yield Token(span, "comment")
        else:
            yield from _of_tag(text, span, meanings, word)


def _tags(root: Node, part: Span) -> Iterator[tuple[Span, bool]]:
    """Each tag of the part, and whether it is a comment. What lies before or after the part is passed by."""
    todo = [root]
    while todo:
        node = todo.pop()
        if node.span.end < part.start or part.end < node.span.start:
            continue
        if node.kind in ("block", "branch", "raw"):
            if node.tag:
                yield node.tag, False
            if node.close:
                yield node.close, False
        elif node.kind not in ("text", "template"):
            yield node.tag or node.span, node.kind == "comment"
        todo.extend(reversed(node.body))


def _meanings(prompt: Prompt, template: Template) -> Iterator[tuple[int, tuple[int, str, tuple[str, ...]]]]:
    """``start -> (end, type, modifiers)`` of each name whose meaning is known."""
    analysis = template.analysis
    inputs = {item.name for item in prompt.inputs}
    for mention in analysis.mentions:
        kind = "keyword" if mention.kind == "tag" else "function"
        yield mention.span.start, (mention.span.end, kind, () if kind == "keyword" else _BUILT_IN)
    for use in analysis.uses:
        yield use.spans[0].start, (use.spans[0].end, *_root_meaning(use, inputs, prompt))
        for span in use.spans[1:]:
            yield span.start, (span.end, "property", ())
    for include in analysis.includes:
        if include.kind == "partial":
            yield include.span.start, (include.span.end, "namespace", ())
    for binding in analysis.bindings:
        kind = _BINDING_TYPES.get(binding.kind, "variable")
        yield binding.span.start, (binding.span.end, kind, _DECLARATION)


def _root_meaning(use: Use, inputs: set[str], prompt: Prompt) -> tuple[str, tuple[str, ...]]:
    if use.binding and not use.builtin:
        return _BINDING_TYPES.get(use.binding.kind, "variable"), _READONLY
    if use.name in inputs:
        return "parameter", _READONLY
    if use.path and use.path[0] != use.name:
        return "property", ()
    if use.name in prompt.ambient or use.builtin:
        return "variable", _BUILT_IN
    return "variable", ()


def _of_tag(text: str, tag: Span, meanings: dict[int, tuple[int, str, tuple[str, ...]]], other: str) -> Iterator[Token]:
    """``other``: what a word is that nothing is known of."""
    at = tag.start
    while match := _WORD.search(text, at, tag.end):
        start, end = match.span()
        at = end
        kind = str(match.lastgroup)
        if start in meanings:
            end, type_, modifiers = meanings[start]
            at = max(at if kind == "string" else start + 1, min(end, tag.end))
            yield Token(Span(start, at), type_, modifiers)
        elif kind == "name":
            # A name of several parts (`user-name`) is one in Mustache only, where its meaning is known.
            part = _PART.match(text, start)
            at = part.end() if part else end
            before = text[start - 1] if start > tag.start else ""
            word = text[start:at]
            constant = word in _CONSTANTS
            yield Token(Span(start, at), "property" if before == "." and not constant else other)
        elif kind != "delimiter":
            yield Token(Span(start, end), kind)
        else:
            yield Token(Span(start, end), "operator")


# Layers and lines


def _layered(base: Iterable[Token], over: Iterable[Token]) -> list[Token]:
    """All tokens, sorted; what lies below another one is cut to what shows, the first of two equals wins."""
    tops = list(_disjoint(sorted(over)))
    out = list(tops)
    done = at = 0
    for token in sorted(base, key=lambda token: (token.span.start, -token.span.end)):
        start, end = max(token.span.start, done), token.span.end
        if start >= end:
            continue
        while at < len(tops) and tops[at].span.end <= start:
            at += 1
        for top in tops[at:]:
            if top.span.start >= end:
                break
            if top.span.start > start:
                out.append(token._replace(span=Span(start, top.span.start)))
            start = top.span.end
        if start < end:
            out.append(token if start == token.span.start else token._replace(span=Span(start, end)))
        done = end
    return sorted(out)


def _disjoint(tokens: Iterable[Token]) -> Iterator[Token]:
    done = 0
    for token in tokens:
        if token.span.start >= done and not token.span.empty:
            yield token
            done = token.span.end


def _by_line(text: Text, token: Token) -> Iterator[Token]:
    start, end = token.span
    if not _LINE_END.search(text.value, start, end):
        yield token
        return
    for line in range(text.line_at(start), text.line_at(end) + 1):
        whole = text.line_span(line)
        first, last = max(whole.start, start), min(whole.end, end)
        first += len(text.value[first:last]) - len(text.value[first:last].lstrip())
        if first < last:
            yield token._replace(span=Span(first, last))
