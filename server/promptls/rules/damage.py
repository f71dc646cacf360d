"""Which parts of a template are broken, so that a rule says nothing about names that stand there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from promptls.prompt.model import Template
from promptls.syntax.problem import Problem
from promptls.syntax.template.names import Mention, Use
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

_LONGEST_WORD = 40
_BINDING = ("for", "set", "macro", "with", "call", "import", "from", "block", "filter", "each")


def is_broken(template: Template) -> bool:
    """Whether any part could not be read, so that a name that seems to be absent may stand there."""
    return bool(template.tree.problems)


def sound_uses(template: Template, text: str) -> tuple[Use, ...]:
    """The uses that stand in tags that were read well, in the order of the text.

    Where a broken tag may be one that binds names (a half-typed ``for``, an ``endfor`` without its ``for``),
    local names are not known and no use counts.
    """
    broken = _broken_tags(template)
    if not broken:
        return template.analysis.uses
    if any(_may_bind(text[start : min(end, start + _LONGEST_WORD)]) for start, end in broken):
        return ()
    return tuple(use for use in template.analysis.uses if not _overlaps(broken, use.span))


def sound_mentions(template: Template, kind: str) -> tuple[Mention, ...]:
    """The mentions of a kind (``filter``, ``test``, ``tag``) that stand in tags that were read well."""
    broken = _broken_tags(template)
    mentions = tuple(mention for mention in template.analysis.mentions if mention.kind == kind)
    return tuple(mention for mention in mentions if not _overlaps(broken, mention.span)) if broken else mentions


def is_sound(template: Template) -> Callable[[Span], bool]:
    """Whether a place is in no tag that could not be read; asked of many places, the tags are looked for once."""
    broken = _broken_tags(template)
    return lambda place: not (broken and _overlaps(broken, place))


def is_in_broken_tag(template: Template | None, place: Span) -> bool:
    """Whether a tag that could not be read stands in, or around, a part of the text."""
    return template is not None and _overlaps(_broken_tags(template), place)


_last: list[tuple[TemplateTree, list[Span]]] = []
"""Of the tree that was asked for last: rules ask for one tree once a name, and a half-typed tag may hold thousands."""


def _broken_tags(template: Template) -> list[Span]:
    """The tags that a problem touches, and the places of the problems themselves: sorted, none of them empty."""
    known = next((broken for tree, broken in _last if tree is template.tree), None)
    if known is None:
        known = _find_broken_tags(template)
        _last[:] = [(template.tree, known)]
    return known


def _find_broken_tags(template: Template) -> list[Span]:
    places = [problem.span for problem in template.tree.problems if _damages(problem)]
    if not places:
        return []
    places = _joined(sorted(place if not place.empty else Span(place.start, place.start + 1) for place in places))
    broken = [tag for tag in _tags(template.tree.root) if _overlaps(places, tag)]
    return _joined(sorted([*places, *broken]))


def _joined(spans: list[Span]) -> list[Span]:
    """Sorted spans as disjoint ones, so that a place is found by bisection."""
    joined = spans[:1]
    for span in spans[1:]:
        if span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _overlaps(spans: list[Span], place: Span) -> bool:
    """Whether one of sorted, disjoint spans overlaps a place."""
    at = bisect_right(spans, (place.start, place.start))
    return any(span.overlaps(place) for span in spans[max(at - 1, 0) : at + 1])


def _damages(problem: Problem) -> bool:
    """A block without its end, or a tag that is not known, was itself read well."""
    return problem.code == "template-syntax" and problem.kind != "unclosed-block"


def _tags(root: Node) -> Iterator[Span]:
    for node in root.walk_bodies():
        if node.kind in ("output", "statement", "include", "error"):
            yield node.span
        elif node.kind in ("block", "branch"):
            yield from (span for span in (node.tag, node.close) if span)


def _may_bind(tag: str) -> bool:
    """Whether this is a tag, or the start of one, whose names hold elsewhere."""
    inside = tag.lstrip("{").lstrip("%#^~-+ \t\r\n")
    if not tag.startswith(("{%", "{{#", "{{^")):
        return False
    word = ""
    for char in inside.removeprefix("end"):
        if not char.isalpha():
            break
        word += char
    return any(name.startswith(word) for name in _BINDING)
