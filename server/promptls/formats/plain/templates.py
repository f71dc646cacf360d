"""Other templates that a template names: ``{% include "header.j2" %}``, ``{% extends %}``, ``{{> card }}``.

All names count from the roots of the engine's loader, also those in an included template. Where these are is said by
``templates: roots:`` in promptls.yaml; else they are guessed: the file's own folder and the two above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from promptls.formats.base import OpenSibling, Sibling
from promptls.formats.plain.header import front_of
from promptls.prompt.model import Reference, TemplatePlaces
from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.names import Analysis, Include
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

MOST = 200
"""Templates that one template leads to."""

_FOLDERS = ("", "root:", "../", "../../")
_PARTIALS = ("", "partials/", "root:", "root:partials/", "../", "../partials/")
PLACES = {
    "jinja": TemplatePlaces(_FOLDERS, (("", ""),)),
    "nunjucks": TemplatePlaces(_FOLDERS, (("", ""),)),
    "mustache": TemplatePlaces(_PARTIALS, (("", ".mustache"), ("_", ".mustache"), ("", ""))),
    "handlebars": TemplatePlaces(_PARTIALS, (("", ".hbs"), ("_", ".hbs"), ("", ".handlebars"))),
}
PATHS = ("jinja", "nunjucks")
"""The dialects in which the names of templates are paths."""
_NAMING = ("include", "extends", "import", "from")


class Read(NamedTuple):
    """``names``: the inputs that other templates read. ``all``: each of them could be read, so there are no others.

    ``binds``: a template that this one extends gives names values, which its blocks may read.
    """

    names: frozenset[str] = frozenset()
    all: bool = True
    binds: bool = False


class _Part(NamedTuple):
    """A template that another one names. ``dynamic``: it names some by an expression, so they are not known."""

    analysis: Analysis
    dynamic: bool


def find(name: str, dialect: str, open_sibling: OpenSibling) -> Sibling:
    """The first file there is of that name; no text where there is none."""
    places = PLACES.get(dialect)
    if places is None or not name or name.startswith(("/", "~")) or ":" in name or "\\" in name:
        return Sibling()
    return next((found for found in map(open_sibling, places.paths(name)) if found.text is not None), Sibling())


def references(tree: TemplateTree, includes: tuple[Include, ...], open_sibling: OpenSibling) -> Iterator[Reference]:
    """One for each name that is written. It is known not to exist only where it is known where to look: below a root
    of the configuration, or beside the file, where others were found."""
    dialect, certain = tree.dialect, _always(tree)
    found = [(include, find(include.target, dialect, open_sibling)) for include in includes]
    beside = any(there.text is not None for _, there in found)
    for include, there in found:
        exists = True if there.text is not None else None
        if exists is None and include.target and ":" not in include.target:
            rooted = open_sibling(f"root:{include.target}").exists
            exists = False if rooted is False or (beside and open_sibling(include.target).exists is False) else None
        yield Reference(
            "template",
            include.target,
            include.span,
            # `ignore missing`: nothing takes its place.
            default="" if include.optional and dialect in PATHS else None,
            uri=there.uri,
            exists=exists,
            needed=not include.optional or dialect == "mustache",
            guarded=not any(tag.covers(include.span) for tag in certain),
        )


def _always(tree: TemplateTree) -> list[Span]:
    """The tags that are reached whatever the values are: outside of conditions, loops and macros."""
    found: list[Span] = []
    todo = [tree.root]
    while todo and len(found) < MOST:
        for node in todo.pop().body:
            if _names_a_template(node):
                found.append(node.span)
            elif node.kind == "block" and node.name in ("block", "with", "filter", "autoescape", "$", "<"):
                todo.append(node)
                found += [node.tag] if node.name == "<" and node.tag is not None else []
    return found


def texts(includes: tuple[Include, ...], dialect: str, open_sibling: OpenSibling) -> Mapping[str, str]:
    """The templates that can be reached, by the names that are written."""
    return {name: text for name, text, _ in _reached(includes, dialect, open_sibling) if text is not None}


def read_by(tree: TemplateTree, analysis: Analysis, open_sibling: OpenSibling) -> Read:
    """What the templates that this one leads to read. A circle is read once."""
    if not analysis.includes and not is_dynamic(tree, analysis):
        return Read(all=not analysis.open_scopes)
    names: set[str] = set()
    every, binds = not is_dynamic(tree, analysis), False
    for _, text, kind in _reached(analysis.includes, tree.dialect, open_sibling):
        if text is None:
            every = every and kind == "optional"
            continue
        part = _part(tree.dialect, text)
        names |= part.analysis.roots
        every = every and not part.dynamic
        binds = binds or (kind == "extends" and _binds(part.analysis))
    return Read(frozenset(names), every, binds)


def is_dynamic(tree: TemplateTree, analysis: Analysis) -> bool:
    """Whether it names a template by an expression."""
    known = sorted(include.span.start for include in analysis.includes)
    naming = [node for node in tree.root.walk() if _names_a_template(node)]
    return any(not any(node.span.start <= at < node.span.end for at in known) for node in naming[:MOST])


def _names_a_template(node: Node) -> bool:
    return (node.kind == "statement" and node.name in _NAMING) or node.kind == "include"


def _binds(analysis: Analysis) -> bool:
    return any(binding.kind in ("set", "import", "macro") for binding in analysis.bindings)


def _reached(
    includes: tuple[Include, ...], dialect: str, open_sibling: OpenSibling
) -> Iterator[tuple[str, str | None, str]]:
    """``(name, text, kind)`` of each template, once; no text where it cannot be found, or they are too many."""
    seen: set[str] = set()
    todo = list(includes)
    while todo and len(seen) < MOST:
        include = todo.pop(0)
        if include.target in seen:
            continue
        seen.add(include.target)
        text = find(include.target, dialect, open_sibling).text
        kind = "optional" if text is None and include.optional else include.kind
        yield include.target, text if text is None else body_of(text), kind
        if text is not None:
            todo += _part(dialect, body_of(text)).analysis.includes
    if todo:
        yield "", None, ""


def body_of(text: str) -> str:
    """Without front matter, which is for whoever reads the file by itself."""
    return front_of(text, certain=False).body.slice(text)


@lru_cache(maxsize=64)
def _part(dialect: str, text: str) -> _Part:
    tree = parse_template(dialect, text)
    analysis = analyse(tree, text)
    return _Part(analysis, is_dynamic(tree, analysis))
