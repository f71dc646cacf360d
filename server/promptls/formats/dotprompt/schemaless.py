"""Properties right below `input` or `output`, where Dotprompt's loaders look for `schema` and drop the rest."""

from __future__ import annotations

from collections.abc import Iterator

from promptls.formats.dotprompt.picoschema import SCALARS
from promptls.formats.source import Source, as_mapping
from promptls.syntax.problem import Problem
from promptls.syntax.yaml_tree import Entry, Mapping, Scalar
from promptls.text import Span

_KNOWN = {"input": ("schema", "default"), "output": ("schema", "format")}


def properties_without_schema(source: Source) -> Iterator[Problem]:
    """One for each map that says no known key, at its first property; only of what is written as Picoschema is."""
    root = source.root()
    for name, known in _KNOWN.items():
        holder = as_mapping(source, root.get(name)) if root is not None else None
        if holder is None or any(holder.entry(key) for key in known) or not holder.entries:
            continue
        first = holder.entries[0]
        if all(_is_property(entry) for entry in holder.entries):
            message = f"Dotprompt ignores `{first.name}`: the properties of `{name}` belong below `{name}.schema`"
            data = {"edits": _below_schema(source.text, holder), "title": "Put them below `schema`"}
            yield Problem(first.key.span, "ignored-key", message, "no-schema", data)


def _is_property(entry: Entry) -> bool:
    value = entry.value
    return isinstance(value, Scalar) and value.text.partition(",")[0].strip() in SCALARS


def _below_schema(text: str, holder: Mapping) -> tuple[tuple[Span, str], ...]:
    """Block style only: one more line, and the others moved to the right."""
    if holder.flow:
        return ()
    starts = [text.rfind("\n", 0, entry.key.span.start) + 1 for entry in holder.entries]
    margin = text[starts[0] : holder.entries[0].key.span.start]
    if margin.strip() or len(set(starts)) < len(starts):
        return ()
    step = margin if 0 < len(margin) <= 4 else "  "
    eol = "\r\n" if text[: starts[0]].endswith("\r\n") else "\n"
    return tuple((Span(at, at), f"{margin}schema:{eol}{step}" if at == starts[0] else step) for at in starts)
