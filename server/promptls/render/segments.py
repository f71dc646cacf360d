"""Rendered text in pieces: what the template says, and what its expressions put in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from promptls.render.result import Mark
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """``kind``: ``literal`` (the template's own text) or ``interp`` (the value of an output tag).

    ``source``: the input that a plain ``{{ name }}`` or ``{{ name.field }}`` shows; None for anything that
    computes. ``strict``: that input may not hold role lines. ``tag``: the place of the tag in the file.
    """

    kind: str
    text: str
    source: str | None = None
    strict: bool = False
    tag: Span | None = None


class StrictViolation(ValueError):  # noqa: N818 - the specification's name for it
    """The value of a strict input holds a line that starts a message (Prompty's grammar, section 7).

    ``source``: the input's name.
    """

    def __init__(self, source: str) -> None:
        super().__init__(f"the value of `{source}` holds a line that looks like the start of another message")
        self.source = source


def output_tags(tree: TemplateTree) -> tuple[Node, ...]:
    """The output tags of a template in the order of the text."""
    return tuple(node for node in tree.root.walk_bodies() if node.kind == "output")


def split(
    text: str,
    marks: Iterable[Mark],
    tags: Sequence[Node],
    *,
    strict: Collection[str] = (),
    roles: Collection[str] = (),
) -> tuple[Segment, ...]:
    """The pieces of ``text``, which together are ``text``. Raises StrictViolation.

    A mark inside of another one (a captured block) belongs to the outer one. ``roles``: the names that start
    a message; the rule for strict inputs is that of prompty 2.1.0 (``jinja_subset/evaluator.py``).
    """
    boundary = role_boundary(roles)
    pieces: list[Segment] = []
    done = 0
    for mark in _outer(marks):
        if mark.span.start > done:
            pieces.append(Segment("literal", text[done : mark.span.start]))
        done = mark.span.end
        value, tag = mark.span.slice(text), tags[mark.tag]
        source = source_of(tag)
        if source in strict and boundary and boundary.search(value):
            raise StrictViolation(str(source))
        pieces.append(Segment("interp", value, source, source in strict, tag.span))
    if done < len(text):
        pieces.append(Segment("literal", text[done:]))
    return tuple(pieces)


def role_boundary(roles: Collection[str]) -> re.Pattern[str] | None:
    """What finds the start of a message in a value; None where no role is known."""
    return re.compile(rf"(?im)^[^\S\n]*+({'|'.join(map(re.escape, roles))})\s*+:") if roles else None


def source_of(tag: Node) -> str | None:
    """The name that an output tag shows, where it does nothing but read it."""
    node = tag.head[0] if len(tag.head) == 1 else None
    while node is not None and node.kind in ("attribute", "item", "group") and node.head:
        node = node.head[0]
    return node.name if node is not None and node.kind == "name" else None


def _outer(marks: Iterable[Mark]) -> Iterator[Mark]:
    end = 0
    for mark in marks:
        if mark.span.start >= end:
            yield mark
            end = mark.span.end
