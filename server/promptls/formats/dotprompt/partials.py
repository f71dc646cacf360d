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
from promptls.schema.dialects import called_alone
from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.names import Analysis, Include
from promptls.syntax.template.tree import TemplateTree

DIALECT = "handlebars"
RUNTIME = "dotprompt"
"""Whose helpers there are, in schemas/data/handlebars.json."""
PLACES = TemplatePlaces(
    ("", "partials/", "../", "../partials/", "root:", "root:partials/"),
    (("_", ".prompt"), ("", ".prompt"), ("_", ".hbs"), ("", ".hbs")),
)
MOST = 200
"""Partials that one prompt leads to, and places that are looked at for one file's."""


class Partial(NamedTuple):
    """``open_sibling``: paths from the folder that it stands in. ``sibling.text`` is None where it is not there."""

    sibling: Sibling
    open_sibling: OpenSibling


class Finder:
    """Finds the partials that one file names, each once."""

    def __init__(self, open_sibling: OpenSibling) -> None:
        self._open_sibling = open_sibling
        self._found: dict[str, Partial] = {}

    def find(self, name: str) -> Partial:
        """The first file there is of that name; else what the likeliest place says."""
        if name not in self._found:
            if not name or name.startswith("@") or len(self._found) >= MOST:
                return Partial(Sibling(), self._open_sibling)
            self._found[name] = self._look(name)
        return self._found[name]

    def _look(self, name: str) -> Partial:
        looked: Sibling | None = None
        for path in PLACES.paths(name):
            found = self._open_sibling(path)
            if found.text is not None:
                root = path.startswith("root:")
                return Partial(found, self._open_sibling if root else from_folder_of(path, self._open_sibling))
            looked = looked or found
        return Partial(looked or Sibling(), self._open_sibling)


def references(includes: tuple[Include, ...], finder: Finder) -> Iterator[Reference]:
    for include in includes:
        if include.target and not include.target.startswith("@"):
            there = finder.find(include.target).sibling
            yield Reference(
                "template",
                include.target,
                include.span,
                uri=there.uri if there.text is not None else None,
                exists=True if there.text is not None else there.exists,
                needed=not include.optional,
            )


def texts(includes: tuple[Include, ...], finder: Finder) -> Mapping[str, str]:
    """All partials that can be reached, by name; of two with one name the one that is found first."""
    found: dict[str, str] = {}
    todo = [(include.target, finder) for include in includes]
    while todo and len(found) < MOST:
        name, here = todo.pop(0)
        partial = here.find(name)
        if name not in found and partial.sibling.text is not None:
            found[name] = partial.sibling.text
            there = Finder(partial.open_sibling)
            todo += [(inner.target, there) for inner in analysed(partial.sibling.text).includes]
    return found


def read_by(includes: tuple[Include, ...], finder: Finder) -> frozenset[str]:
    """The inputs that the partials read, and those that they include: what is looked up at the root."""
    read: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = [(include, finder, frozenset[str]()) for include in includes]
    while todo and len(seen) < MOST:
        include, here, given = todo.pop(0)
        if include.context is not None and include.context != ():
            continue
        given = given | {name for name, _ in include.arguments}
        if (include.target, given) in seen:
            continue
        seen.add((include.target, given))
        partial = here.find(include.target)
        if partial.sibling.text is None:
            continue
        analysis = analysed(partial.sibling.text)
        read |= analysis.roots - given
        there = Finder(partial.open_sibling)
        todo += [(inner, there, given) for inner in analysis.includes]
    return frozenset(read)


@lru_cache(maxsize=64)
def analysed(text: str) -> Analysis:
    return analysis_of(parse_template(DIALECT, text), text)


def analysis_of(tree: TemplateTree, text: str) -> Analysis:
    """``{{history}}`` is a call, though it looks like a variable."""
    return analyse(tree, text, called_alone(DIALECT, RUNTIME))
