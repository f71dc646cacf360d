"""Roles with nothing below them, and a header with no prompt below it (dotpromptz 0.2.0 ``to_messages``).

A role only says who speaks next: where another one follows, there is no such message. Comments leave no text; any
other tag may make some.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptls.formats.dotprompt.roles import Switch
from promptls.syntax.frontmatter import FrontMatter
from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import TemplateTree
from promptls.text import Span


def empty_messages(found: tuple[Switch, ...], tree: TemplateTree, text: str) -> Iterator[Problem]:
    """One problem per role that nothing follows; ``data``: ``remove``, what to take out."""
    shown = _without_comments(tree, text)
    start = tree.span.start
    ends = [switch.tag.start for switch in found[1:]] + [tree.span.end]
    for switch, end in zip(found, ends, strict=False):
        if switch.block is not None or shown[switch.tag.end - start : end - start].strip():
            continue
        last = switch is found[-1]
        which = "the last " if last else ""
        message = f'Nothing stands below {which}`{{{{role "{switch.role.name}"}}}}`: there is no such message'
        data = {"remove": _lines(switch.tag, end, text), "severity": "information" if last else "warning"}
        yield Problem(switch.tag, "empty-message", message, data=data)


def empty_body(front: FrontMatter, tree: TemplateTree, text: str) -> Iterator[Problem]:
    """A header that is closed, and behind it white space and comments at most. At the closing fence."""
    if front.closer is not None and not _without_comments(tree, text).strip():
        message = "There is no prompt below the header: Dotprompt sends no message"
        yield Problem(front.closer, "empty-body", message)


def _without_comments(tree: TemplateTree, text: str) -> str:
    pieces, done = [], tree.span.start
    for node in tree.root.walk_bodies():
        if node.kind == "comment" and node.span.start >= done:
            pieces += [text[done : node.span.start], " " * (node.span.end - node.span.start)]
            done = node.span.end
    return "".join([*pieces, text[done : tree.span.end]])


def _lines(tag: Span, end: int, text: str) -> Span:
    """The tag, and the rest of its line where nothing else stands on it."""
    newline = text.find("\n", tag.end, end)
    begins = text[text.rfind("\n", 0, tag.start) + 1 : tag.start].strip() == ""
    alone = begins and newline >= 0 and not text[tag.end : newline].strip()
    return Span(tag.start, newline + 1) if alone else tag
