"""Edits that give inputs a sample value: in their declarations, else in ``NAME.sample.yaml``."""

from __future__ import annotations

from collections.abc import Mapping as Data
from typing import Any

from promptls.formats.beside import ENDINGS
from promptls.formats.placing import in_flow, is_broken, lines_after, margin_of, name_of
from promptls.formats.plain.header import OWN_KEY
from promptls.formats.plain.names import file_name
from promptls.formats.written import as_yaml
from promptls.prompt.model import Document, Prompt
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence
from promptls.text import Edit, Span


def add_samples(document: Document, prompt: Prompt, values: Data[str, Any]) -> tuple[Edit, ...]:
    """``example`` of each input that front matter declares, where it has none and no sample has its value."""
    given = {name for sample in prompt.samples for name in sample.values}
    wanted = {name: value for name, value in values.items() if prompt.input(name) is not None and name not in given}
    if not wanted or is_broken(document):
        return ()
    tree = document.yaml
    inputs = tree.root.get(OWN_KEY) if tree is not None and isinstance(tree.root, Mapping) else None
    if isinstance(inputs, Mapping | Sequence) and tree is not None:
        found = [_example(document, inputs, name, value) for name, value in wanted.items()]
        return tuple(edit for edits in found for edit in edits)
    return () if prompt.samples else _file(document, wanted)


def _example(document: Document, inputs: Mapping | Sequence, name: str, value: Any) -> tuple[Edit, ...]:
    about: Node | None
    written = as_yaml(value, flow=True)
    if isinstance(inputs, Mapping):
        entry = inputs.entry(name)
        about = entry.value if entry is not None else None
        if entry is not None and isinstance(about, Scalar):
            kind = f"type: {about.text}, " if about.value is not None else ""
            span = Span(entry.key.span.end, max(about.span.end, entry.key.span.end))
            return (Edit(document.uri, span, f": {{{kind}example: {written}}}"),)
    else:
        tree = document.yaml
        about = next(
            (
                item
                for item in inputs.items
                if (item.text if isinstance(item, Scalar) else name_of(tree, item) if tree else "") == name
            ),
            None,
        )
        if isinstance(about, Scalar):
            return (Edit(document.uri, about.span, f"{{name: {as_yaml(name, flow=True)}, example: {written}}}"),)
    if not isinstance(about, Mapping) or about.entry("example") is not None:
        return ()
    if about.flow:
        return in_flow(document, about, f"example: {written}")
    margin = margin_of(document, about.entries[0].key.span.start)
    return (lines_after(document, about.entries[-1], [f"{margin}example: {as_yaml(value)}"]),)


def _file(document: Document, values: Data[str, Any]) -> tuple[Edit, ...]:
    if not document.uri.startswith("file:"):
        return ()
    folder, _, base = document.uri.rpartition("/")
    ending = file_name(document.uri).base.rpartition(".")[2]
    lines = [f"{as_yaml(name)}: {as_yaml(value)}\n" for name, value in values.items()]
    return (Edit(f"{folder}/{base.removesuffix('.' + ending)}{ENDINGS[0]}", Span(0, 0), "".join(lines)),)
