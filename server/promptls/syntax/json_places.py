"""Where the values of a JSON text stand. The text has been read already, so it is known to be JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from promptls.syntax.yaml_tree import Path
from promptls.text import Span

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonPlace:
    """``key``: of the entry that holds the value, with its quotes; None in a list and at the root."""

    value: Span
    key: Span | None = None


@dataclass(slots=True)
class _Open:
    """An object or a list that is being read. ``step``: the key or index of what comes next."""

    is_object: bool
    start: int
    step: str | int
    key: Span | None = None
    at_key: bool = True


def json_places(text: str, paths: Iterable[Path], start: int = 0) -> dict[Path, JsonPlace]:
    """The places of the values at ``paths`` in the JSON that ``text`` is from ``start`` on. A path that leads
    nowhere is left out; of keys that are written twice the last one counts, as for who reads them."""
    wanted = set(paths)
    depths = {len(path) for path in wanted}
    found: dict[Path, JsonPlace] = {}
    stack: list[_Open] = []

    def note(value: Span) -> None:
        if len(stack) in depths and (path := tuple(each.step for each in stack)) in wanted:
            found[path] = JsonPlace(value, stack[-1].key if stack else None)

    for token in _TOKEN.finditer(text, start):
        written = token[0]
        inner = stack[-1] if stack else None
        match written:
            case "{" | "[":
                stack.append(_Open(written == "{", token.start(), "" if written == "{" else 0))
            case "}" | "]":
                if stack:
                    note(Span(stack.pop().start, token.end()))
            case ":":
                if inner is not None:
                    inner.at_key = False
            case ",":
                if inner is not None and isinstance(inner.step, int):
                    inner.step += 1
                elif inner is not None:
                    inner.at_key = True
            case _ if inner is not None and inner.is_object and inner.at_key:
                inner.key, inner.step = Span(*token.span()), str(json.loads(written))
            case _:
                note(Span(*token.span()))
    return found
