"""Partials: ``{{> card}}`` is the file ``_card.prompt``, as Genkit registers them (``js/ai/src/prompt.ts``).

What an application registers by code cannot be seen here, so a partial that is no file may still exist. A partial's
text is used as it stands in its file, header and comment lines included: nothing parses it before it is rendered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from promptls.formats.base import OpenSibling, Sibling
from promptls.formats.source import from_folder_of
from promptls.prompt.model import Reference, TemplatePlaces
from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.names import Analysis, Include
from promptls.syntax.template.tree import TemplateTree

DIALECT = "handlebars"
PLACES = TemplatePlaces(
    ("", "partials/", "../", "../partials/", "../../", "../../partials/", "root:", "root:partials/"),
    (("_", ".prompt"), ("", ".prompt"), ("_", ".hbs"), ("", ".hbs"), ("", ".handlebars")),
)
MOST = 200
"""Partials that one prompt leads to."""


class Partial(NamedTuple):
    """``open_sibling``: paths from the folder that it stands in. ``sibling.text`` is None where it is not there."""

    sibling: Sibling
    open_sibling: OpenSibling


def find(name: str, open_sibling: OpenSibling) -> Partial:
    """The first file there is of that name; else what the likeliest place says."""
    looked: Sibling | None = None
    for path in PLACES.paths(name):
        found = open_sibling(path)
        if found.text is not None:
            inner = open_sibling if path.startswith("root:") else from_folder_of(path, open_sibling)
            return Partial(found, inner)
        looked = looked or found
    return Partial(looked or Sibling(), open_sibling)


def references(includes: tuple[Include, ...], open_sibling: OpenSibling) -> Iterator[Reference]:
    for include in includes:
        if include.target and not include.target.startswith("@"):
            there = find(include.target, open_sibling).sibling
            yield Reference(
                "template",
                include.target,
                include.span,
                uri=there.uri if there.text is not None else None,
                exists=True if there.text is not None else there.exists,
                needed=not include.optional,
            )


def texts(includes: tuple[Include, ...], open_sibling: OpenSibling) -> Mapping[str, str]:
    """All partials that can be reached, by name; of two with one name the one that is found first."""
    found: dict[str, str] = {}
    todo = [(include.target, open_sibling) for include in includes]
    while todo and len(found) < MOST:
        name, opener = todo.pop(0)
        if not name or name in found or name.startswith("@"):
            continue
        partial = find(name, opener)
        if partial.sibling.text is not None:
            found[name] = partial.sibling.text
            todo += [(inner.target, partial.open_sibling) for inner in analysed(partial.sibling.text).includes]
    return found


def read_by(includes: tuple[Include, ...], open_sibling: OpenSibling) -> frozenset[str]:
    """The inputs that the partials read, and those that they include: what is looked up at the root."""
    read: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = [(include, open_sibling, frozenset[str]()) for include in includes]
    while todo and len(seen) < MOST:
        include, opener, given = todo.pop(0)
        if include.context is not None and include.context != ():
            continue
        given = given | {name for name, _ in include.arguments}
        if (include.target, given) in seen:
            continue
        seen.add((include.target, given))
        partial = find(include.target, opener)
        if partial.sibling.text is None:
            continue
        analysis = analysed(partial.sibling.text)
        read.update(*(use.roots - given for use in analysis.uses))
        todo += [(inner, partial.open_sibling, given) for inner in analysis.includes]
    return frozenset(read)


@lru_cache(maxsize=64)
def analysed(text: str) -> Analysis:
    return analysis_of(parse_template(DIALECT, text), text)


def analysis_of(tree: TemplateTree, text: str) -> Analysis:
    """``{{history}}`` is a call, though it looks like a variable."""
    return analyse(tree, text, frozenset({"history"}))
