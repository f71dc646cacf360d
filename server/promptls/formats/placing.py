"""Where new lines go in a header: after which key, how far in, with or without a comma."""

from __future__ import annotations

from typing import NamedTuple

from promptls.formats.extent import count, line_end, line_start, part
from promptls.prompt.model import Document
from promptls.syntax.yaml import resolve
from promptls.syntax.yaml_tree import Entry, Mapping, Node, Scalar, Sequence, YamlTree
from promptls.text import Edit, Span


class Layout(NamedTuple):
    """``margin``: what the keys of the header stand behind; ``step``: one level further in."""

    margin: str
    step: str


def layout(document: Document, root: Mapping) -> Layout:
    text = document.text.value
    margin = _margin(text, root.entries[0].key.span.start) if root.entries else ""
    for entry in root.entries:
        value = entry.value
        if isinstance(value, Mapping) and not value.flow and value.entries:
            inner = _margin(text, value.entries[0].key.span.start)
            if inner.startswith(margin) and len(inner) > len(margin):
                return Layout(margin, inner[len(margin) :])
    return Layout(margin, "  ")


def lines_after(document: Document, node: Node | Entry, lines: list[str]) -> Edit:
    """New lines below the last line of a node."""
    text = document.text.value
    header = document.header or Span(0, len(text))
    last = node.span.start + len(node.span.slice(text).rstrip())
    at = min(line_end(text, last), header.end)
    started = at == 0 or text[at - 1] in "\r\n"
    return Edit(document.uri, Span(at, at), ("" if started else "\n") + "".join(f"{line}\n" for line in lines))


def new_key(document: Document, root: Mapping, lines: list[str], after: tuple[str, ...]) -> Edit:
    """A new key of the header, below the last of the keys ``after`` that it has, else on top."""
    known = [entry for entry in root.entries if entry.name in after]
    if known:
        return lines_after(document, known[-1], lines)
    first = root.entries[0]
    at = line_start(document.text.value, first.key.span.start)
    if document.text.value[at : first.key.span.start].strip():
        return lines_after(document, root.entries[-1], lines)
    return Edit(document.uri, Span(at, at), "".join(f"{line}\n" for line in lines))


def in_flow(document: Document, parent: Mapping | Sequence, written: str) -> tuple[Edit, ...]:
    """A further part of ``{…}`` or ``[…]``, on a line of its own where they are; none while its end is not written."""
    text, uri = document.text.value, document.uri
    closer = parent.span.end - 1
    if text[closer : closer + 1] not in ("}", "]"):
        return ()
    if not count(parent):
        return (Edit(uri, Span(parent.span.start + 1, parent.span.start + 1), written),)
    last = part(parent, count(parent) - 1)
    rest = text[last.end : closer]
    comma = last.end + len(rest) - len(rest.lstrip())
    ended = text.startswith(",", comma)
    line = line_start(text, closer)
    if last.end <= line and not text[line:closer].strip():
        new = Edit(uri, Span(line, line), f"{margin_of(document, last.start)}{written}\n")
        return (new,) if ended else (Edit(uri, Span(last.end, last.end), ","), new)
    at = comma + 1 if ended else last.end
    return (Edit(uri, Span(at, at), f" {written}" if ended else f", {written}"),)


def margin_of(document: Document, offset: int) -> str:
    return _margin(document.text.value, offset)


def _margin(text: str, offset: int) -> str:
    """The white space that stands before ``offset`` on its line; anything else counts as a blank."""
    start = line_start(text, offset)
    return "".join(character if character in " \t" else " " for character in text[start:offset])


def name_of(tree: YamlTree, item: Node) -> str:
    """The ``name`` of an item in a list of inputs; empty where it has none."""
    about = resolve(tree, item)
    name = about.get("name") if isinstance(about, Mapping) else None
    return name.text if isinstance(name, Scalar) else ""


def is_broken(document: Document) -> bool:
    """Whether the header is too broken to write into."""
    return bool(document.problems_of("yaml-syntax") or document.problems_of("front-matter-unclosed"))
