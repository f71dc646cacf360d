"""Edits that give inputs a sample value, where the version keeps those."""

from __future__ import annotations

from collections.abc import Mapping as Data
from typing import Any

from promptls.formats.placing import (
    in_flow,
    is_broken,
    layout,
    lines_after,
    margin_of,
    name_of,
    new_key,
)
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.prompty.spelling import BEFORE_INPUTS, declaration_of, flow
from promptls.formats.written import as_yaml
from promptls.prompt.model import Document, Prompt
from promptls.prompt.types import ValueType
from promptls.syntax.yaml_tree import Entry, Mapping, Node, Scalar, Sequence, YamlTree
from promptls.text import Edit, Span


def add_samples(document: Document, prompt: Prompt, values: Data[str, Any]) -> tuple[Edit, ...]:
    """v1: entries of ``sample``. v2: ``example`` of each input, which documents and previews it and leaves a run as
    it is; ``default`` would be sent when a caller forgets the value. Inputs that have a value keep it."""
    tree = document.yaml
    if tree is None or not isinstance(tree.root, Mapping) or is_broken(document):
        return ()
    wanted = {name: value for name, value in values.items() if _lacks_sample(prompt, name)}
    if not wanted:
        return ()
    if version_of(prompt.variant) != V1:
        inputs = tree.root.get("inputs")
        found = [_example(document, tree, inputs, name, value, prompt) for name, value in wanted.items()]
        return tuple(edit for edits in found for edit in edits)
    written = {name: as_yaml(value) for name, value in wanted.items()}
    entry = tree.root.entry("sample")
    if entry is not None:
        return more_values(document, entry, written)
    if tree.root.flow:
        inside = ", ".join(f"{as_yaml(name, flow=True)}: {value}" for name, value in written.items())
        return in_flow(document, tree.root, f"sample: {{{inside}}}")
    place = layout(document, tree.root)
    lines = [f"{place.margin}sample:", *(f"{place.margin}{place.step}{as_yaml(n)}: {v}" for n, v in written.items())]
    return (new_key(document, tree.root, lines, (*BEFORE_INPUTS, "inputs", "outputs")),)


def _lacks_sample(prompt: Prompt, name: str) -> bool:
    item = prompt.input(name)
    return item is not None and not any(name in sample.values for sample in prompt.samples)


def more_values(document: Document, entry: Entry, values: Data[str, str]) -> tuple[Edit, ...]:
    """Further entries of v1's sample; none where it is the name of a file."""
    found = entry.value
    margin = margin_of(document, entry.key.span.start)
    if isinstance(found, Scalar) and found.value is None and found.span.empty:
        return (
            lines_after(document, entry, [f"{margin}  {as_yaml(name)}: {value}" for name, value in values.items()]),
        )
    if not isinstance(found, Mapping):
        return ()
    if found.flow:
        return in_flow(document, found, ", ".join(f"{as_yaml(n, flow=True)}: {value}" for n, value in values.items()))
    inner = margin_of(document, found.entries[0].key.span.start)
    lines = [f"{inner}{as_yaml(name)}: {value}" for name, value in values.items()]
    return (lines_after(document, found.entries[-1], lines),)


def _example(
    document: Document, tree: YamlTree, inputs: Node | None, name: str, value: Any, prompt: Prompt
) -> tuple[Edit, ...]:
    about: Node | None = None
    if isinstance(inputs, Sequence):
        about = next((item for item in inputs.items if name_of(tree, item) == name), None)
    elif isinstance(inputs, Mapping):
        entry = inputs.entry(name)
        about = entry.value if entry is not None else None
        if entry is not None and isinstance(about, Scalar) and about.value is None and about.span.empty:
            item = prompt.input(name)
            keys = declaration_of(item.type if item is not None else ValueType(), prompt.variant)
            written = flow([*keys, ("example", as_yaml(value, flow=True))])
            return (Edit(document.uri, Span(entry.key.span.end, about.span.end), f": {written}"),)
    if not isinstance(about, Mapping) or about.entry("example") is not None:
        return ()
    if about.flow:
        return in_flow(document, about, f"example: {as_yaml(value, flow=True)}")
    margin = margin_of(document, about.entries[0].key.span.start)
    return (lines_after(document, about.entries[-1], [f"{margin}example: {as_yaml(value)}"]),)
