"""Folding: header, nested keys, messages, template blocks, long comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from promptls.ide.outline import Section, sections
from promptls.prompt.model import Document
from promptls.syntax.template.tree import Node as Tag
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence
from promptls.text import Span, Text

_FAR_IN = 500
_FENCE_LINE = 100
"""Characters of a fence's line, blanks behind it included."""


class Fold(NamedTuple):
    """``span`` starts on the line that stays visible and ends on the last line that is folded away.
    ``kind``: LSP's ``region`` or ``comment``, None for anything else."""

    span: Span
    kind: str | None = None


def folds_of(document: Document) -> tuple[Fold, ...]:
    """Folds of more than one line, in the order of the text, one a line, nested or apart."""
    found = [*_header(document), *_comments(document), *(Fold(one.span, "region") for one in document.passages)]
    for prompt in document.prompts:
        for section in sections(document, prompt):
            found += _section(document.text, section)
        if prompt.template:
            found += _template_comments(prompt.template.tree.root)
    widest: dict[int, Fold] = {}
    for fold in found:
        first, last = document.text.line_at(fold.span.start), document.text.line_at(fold.span.end)
        known = widest.get(first)
        if last > first and (known is None or known.span.end < fold.span.end):
            widest[first] = fold
    return tuple(sorted(widest.values(), key=lambda fold: fold.span))


def _header(document: Document) -> Iterator[Fold]:
    text = document.text.value
    if document.header and _is_fenced(text, document.header.start):
        start, end = document.header
        opener = start - 1 if text[start - 1] in "\r\n" else start
        if text.startswith(("---", "+++"), end):
            end += 3
        else:
            end = start + len(text[start:end].rstrip())
        yield Fold(Span(max(opener - 1, 0), end), "region")
    if document.yaml and document.yaml.root:
        yield from _below(document.yaml.root, document.text.value)


def _is_fenced(text: str, start: int) -> bool:
    """Some formats count the rest of the fence's line to the header, others not."""
    return text[max(start - _FENCE_LINE, 0) : start].rstrip().endswith(("---", "+++"))


def _below(root: Node, text: str) -> Iterator[Fold]:
    """Every key or item whose value goes over its line."""
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, Mapping):
            for entry in node.entries:
                yield _fold(text, entry.span.start, entry.span.end)
                todo.append(entry.value)
        elif isinstance(node, Sequence):
            for item in node.items:
                if not isinstance(item, Scalar):
                    yield _fold(text, item.span.start, item.span.end)
                    todo.append(item)


def _fold(text: str, start: int, end: int) -> Fold:
    return Fold(Span(start, start + len(text[start:end].rstrip())))


def _section(text: Text, section: Section) -> Iterator[Fold]:
    if isinstance(section.what, Tag):
        yield from _block(text, section.what)
    else:
        yield Fold(section.span, "region")
    for child in section.children:
        yield from _section(text, child)


def _block(text: Text, block: Tag) -> Iterator[Fold]:
    """A fold for each part between ``if``, ``elif``, ``else`` and ``endif``; these lines stay visible."""
    starts = [block, *(node for node in block.body if node.kind == "branch")]
    ends = [*(node.span.start for node in starts[1:]), block.close.start if block.close else block.span.end]
    for part, end in zip(starts, ends, strict=True):
        line = text.line_starts[text.line_at(end)]
        start = part.tag.end if part.tag else part.span.start
        # Only a tag alone on its line gives that line up; one far in is not looked at further.
        alone = (0 < end - line < _FAR_IN and not text.value[line:end].strip()) or end == line
        yield _fold(text.value, start, line if alone else end)


def _template_comments(root: Tag) -> Iterator[Fold]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.kind == "comment":
            yield Fold(node.span, "comment")
        todo.extend(node.body)


def _comments(document: Document) -> Iterator[Fold]:
    """Runs of ``#`` lines in the header, outside of scalars."""
    if not document.header:
        return
    text = document.text
    held = _scalar_lines(document)
    run: list[int] = []
    last = text.line_at(document.header.end)
    for line in range(text.line_at(document.header.start), last + 1):
        if line not in held and line < last and text.line_text(line).lstrip(" ").startswith("#"):
            run.append(line)
            continue
        if len(run) > 1:
            yield Fold(Span(text.line_span(run[0]).start, text.line_span(run[-1]).end), "comment")
        run = []


def _scalar_lines(document: Document) -> set[int]:
    """Lines inside of scalars that are written over several lines."""
    held: set[int] = set()
    todo = [document.yaml.root] if document.yaml and document.yaml.root else []
    while todo:
        node = todo.pop()
        if isinstance(node, Mapping):
            todo += [part for entry in node.entries for part in (entry.key, entry.value)]
        elif isinstance(node, Sequence):
            todo += node.items
        elif isinstance(node, Scalar) and node.style != "plain":
            held.update(range(document.text.line_at(node.span.start) + 1, document.text.line_at(node.span.end) + 1))
    return held
