"""Where a header sets the model's options."""

from __future__ import annotations

from promptls.formats.source import Source, as_mapping
from promptls.schema.settings import parameter_of
from promptls.syntax.yaml_tree import Node, Path
from promptls.text import Span

DEEPEST = 4


def option_places(source: Source, node: Node | None, schema: str, path: Path) -> dict[str, Span]:
    """The key of each option, by our name for it. ``path``: of ``node`` in the schema of that name."""
    found: dict[str, Span] = {}
    mapping = as_mapping(source, node)
    for entry in mapping.entries if mapping is not None else ():
        named = parameter_of(schema, path, entry.name)
        if named:
            found[named] = entry.key.span
        elif named is None and len(path) < DEEPEST:
            found |= option_places(source, entry.value, schema, (*path, entry.name))
    return found
