"""Role lines in a template: where a loader starts a new message.

v1 (0.1.50 ``parsers.py``): ``(?i)^\\s*#?\\s*(role)\\s*:\\s*\\n`` over the rendered text; white space may even hold
line ends, and a last line without one is text. v2 (2.1.0 ``parsers/prompty.py``): every line, stripped, with
attributes. The patterns here match in the same places, in linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from promptls.formats.prompty.recognise import V1, version_of
from promptls.prompt.model import RoleLine
from promptls.syntax.template.tree import TemplateTree
from promptls.text import Span

ROLES_V1 = ("system", "user", "assistant", "function")
ROLES_V2 = ("system", "user", "assistant", "developer")

_ATTRIBUTES = r"\[(?:\w++\s*+=\s*+(?:\"[^\"]*\"|[^\",\]]*+)\s*+,?+\s*+)+\]"
V1_LINE = re.compile(r"(?im)^[^\S\n]*+(?:#\s*+)?(" + "|".join(ROLES_V1) + r")\s*+:[^\S\n]*+\n")
V2_LINE = re.compile(r"(?i)\s*#?\s*(" + "|".join(ROLES_V2) + rf")({_ATTRIBUTES})?\s*:\s*$")
ATTRIBUTE = re.compile(r'(?<!\w)(\w++)\s*+=\s*+"?([^",]*)"?')
"""One attribute between the brackets, as 2.1.0 reads it."""

_FURTHER_LINE_ENDS = dict.fromkeys(map(ord, "\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
"""Where Python's ``splitlines``, which 2.1.0 uses, ends a line too."""
_V2_CANDIDATE = re.compile(r"(?im)^[^\S\n]*+#?[^\S\n]*+(?:" + "|".join(ROLES_V2) + r")\b[^\n]*$")


class Body(NamedTuple):
    """The template's text from ``start`` on, its line ends all ``\\n``, every character at its place.

    ``shown``: with comments and tags blanked out, as they leave no text; ``comments``: where those stand.
    """

    start: int
    flat: str
    shown: str
    comments: tuple[Span, ...]

    def in_comment(self, offset: int) -> bool:
        """Whether ``offset``, counted from ``start``, is in a comment."""
        before = bisect_right(self.comments, (offset, len(self.flat) + 1)) - 1
        return before >= 0 and self.comments[before].holds(offset)


class Found(NamedTuple):
    """A role line, its places counted from the template's start; ``below``: where its message starts."""

    line: Span
    role: Span
    brackets: Span | None
    below: int


def role_names(variant: str) -> tuple[str, ...]:
    return ROLES_V1 if version_of(variant) == V1 else ROLES_V2


def body_of(text: str, tree: TemplateTree, variant: str) -> Body:
    start = tree.span.start
    flat = tree.span.slice(text).replace("\r\n", " \n").replace("\r", "\n")
    if version_of(variant) != V1:
        flat = flat.translate(_FURTHER_LINE_ENDS)
    comments, tags = [], []
    for node in tree.root.walk_bodies():
        if node.kind == "comment":
            comments.append(node.span)
        elif node.kind in ("statement", "delimiters"):
            tags.append(node.span)
        elif node.kind in ("block", "branch", "raw"):
            tags += [span for span in (node.tag, node.close) if span is not None]
    shown = _blanked(flat, start, [*comments, *tags])
    return Body(start, flat, shown, tuple(span.shift(-start) for span in sorted(comments)))


def known_role_lines(body: Body, variant: str, dialect: str) -> tuple[RoleLine, ...]:
    """The lines that start a message, in the order of the text."""
    found = list(_v1(body, dialect) if version_of(variant) == V1 else _v2(body))
    starts = [body.flat.rfind("\n", 0, each.line.start) + 1 for each in found]
    start = body.start
    return tuple(
        RoleLine(
            each.role.slice(body.flat).lower(),
            each.line.shift(start),
            each.role.shift(start),
            Span(start + each.below, start + end),
            attributes=read_attributes(each.brackets.slice(body.flat), start + each.brackets.start)
            if each.brackets is not None
            else (),
        )
        for each, end in zip(found, [*starts[1:], len(body.flat)], strict=False)
    )


def read_attributes(brackets: str, start: int) -> tuple[tuple[str, Span, str, Span], ...]:
    """``[name="Al", id=7]`` at ``start`` -> the name and the value of each, with their places."""
    inner = brackets.strip("[]")
    start += len(brackets) - len(brackets.lstrip("[]"))
    found = []
    for match in ATTRIBUTE.finditer(inner):
        value = match[2].strip()
        at = start + match.start(2) + len(match[2]) - len(match[2].lstrip())
        name = Span(*match.span(1)).shift(start)
        found.append((match[1], name, value, Span(at, at + len(value))))
    return tuple(found)


def _v1(body: Body, dialect: str) -> Iterator[Found]:
    # Jinja drops the last line end of a template, so a role line there has none and is text.
    shown = body.shown.removesuffix("\n") if dialect == "jinja" else body.shown
    for match in V1_LINE.finditer(shown):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = shown.index(":", match.end(1)) + 1
        yield Found(Span(start, end), Span(*match.span(1)), None, match.end())


def _v2(body: Body) -> Iterator[Found]:
    for candidate in _V2_CANDIDATE.finditer(body.flat):
        line = candidate[0].strip()
        match = V2_LINE.match(line)
        start = candidate.start() + len(candidate[0]) - len(candidate[0].lstrip())
        if match is None or body.in_comment(start):
            continue
        brackets = Span(*match.span(2)).shift(start) if match[2] else None
        below = min(candidate.end() + 1, len(body.flat))
        yield Found(Span(start, start + len(line)), Span(*match.span(1)).shift(start), brackets, below)


def _blanked(flat: str, first: int, spans: list[Span]) -> str:
    """``flat``, which starts at ``first`` of the text, with these spans of the text as spaces."""
    pieces, done = [], first
    for start, end in sorted(spans):
        if start >= done:
            pieces += [flat[done - first : start - first], " " * (end - start)]
            done = end
    return "".join([*pieces, flat[done - first :]])
