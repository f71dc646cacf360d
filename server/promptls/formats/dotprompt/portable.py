"""What only one of Dotprompt's runtimes makes of a file as it is meant: npm dotprompt 1.1.2 or PyPI dotpromptz 0.2.0.

Measured by running both on the same files; each thing is said once in a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from promptls.formats.source import Source, as_mapping
from promptls.prompt.model import Input
from promptls.prompt.types import ANY, ValueType
from promptls.syntax.frontmatter import FrontMatter
from promptls.syntax.problem import Problem
from promptls.syntax.template.names import EACH, Use
from promptls.text import Span

_COUNTED = frozenset(["array", "string", "null"])


def fence_at_the_end(front: FrontMatter, text: str) -> Iterator[Problem]:
    """npm dotprompt looks for the closing fence with a line end behind it (``js/src/parse.ts``)."""
    if front.closer is None or "\n" in text[front.closer.end :]:
        return
    message = "npm dotprompt sees no header here and sends all of it as the prompt: end the last line"
    end = len(text)
    data = {"severity": "information", "edits": [(Span(end, end), "\n")], "title": "End the line"}
    yield Problem(front.closer, "not-portable", message, "fence", data)


def defaults(source: Source, given: Iterable[str], read: frozenset[str]) -> Iterator[Problem]:
    """npm dotprompt renders without the file's defaults (``js/src/dotprompt.ts``); Genkit for JavaScript uses it."""
    if read.isdisjoint(given):
        return
    root = source.root()
    about = as_mapping(source, root.get("input")) if root is not None else None
    entry = about.entry("default") if about is not None else None
    if entry is not None:
        message = (
            "npm dotprompt does not fill in `default` when it renders: a program in JavaScript gives all values itself"
        )
        yield Problem(entry.key.span, "not-portable", message, "default", {"severity": "information"})


def lengths(inputs: Iterable[Input], uses: Iterable[Use]) -> Iterator[Problem]:
    """Lists and texts have a length in JavaScript; dotpromptz prints nothing for it, and takes it for false."""
    types = {item.name: item.type for item in inputs if item.origin == "declared"}
    found = [use for use in uses if use.path and use.path[-1] == "length" and _is_counted(types, use.path[:-1])]
    if found:
        times = f" (used {len(found)} times)" if len(found) > 1 else ""
        message = f"Only npm dotprompt knows the `length` of a list or a text: to dotpromptz it is nothing{times}"
        first = min(use.spans[-1] for use in found)
        yield Problem(first, "not-portable", message, "length", {"severity": "information"})


def _is_counted(types: Mapping[str, ValueType], path: tuple[str, ...]) -> bool:
    type = types.get(path[0], ANY) if path else ANY
    for step in path[1:]:
        type = (type.items or ANY) if step == EACH else type.properties.get(step, ANY)
    return bool(type.kinds - {"null"}) and type.kinds <= _COUNTED
