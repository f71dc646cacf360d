"""What a Prompty file declares as inputs: a list, a map, a map of plain values, or v1's sample alone."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Data
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from promptls.formats.extent import declaration
from promptls.formats.prompty.header import included
from promptls.formats.prompty.recognise import PROMPTFLOW, V1, version_of
from promptls.formats.prompty.types import property_type
from promptls.formats.source import Source, as_mapping, bare, file_source, real
from promptls.prompt.model import MISSING, Input
from promptls.prompt.types import ANY, type_of
from promptls.syntax.yaml_tree import Alias, Mapping, Node, Path, Scalar, Sequence
from promptls.text import Span

Place: TypeAlias = "tuple[Span, Span, Path]"
"""The whole declaration, the name alone, and its path in the header."""


class Declared(NamedTuple):
    """``names``: the file says which inputs there are; ``complete``: all of it could be read.

    ``filled``: what the loader uses for an input that nobody gives a value (v1: its sample).
    """

    inputs: tuple[Input, ...]
    names: bool = False
    complete: bool = True
    filled: Data[str, Any] = {}


def read_inputs(source: Source, variant: str) -> Declared:
    """The inputs of a header, in the order of the file; of two with one name the first."""
    root = source.root()
    if root is None:
        return Declared(())
    declared = _declared(source, root.get("inputs"), variant)
    if version_of(variant) != V1:
        return declared
    sampled = _sampled(source, root.get("sample"))
    return Declared(
        merged(declared.inputs, sampled.inputs),
        declared.names or sampled.names,
        declared.complete and sampled.complete,
        {**declared.filled, **sampled.filled},
    )


def merged(first: tuple[Input, ...], more: tuple[Input, ...]) -> tuple[Input, ...]:
    """All inputs, the first of each name; a later one lends its example where the first has none."""
    found: dict[str, Input] = {}
    for item in (*first, *more):
        known = found.get(item.name)
        if known is None:
            found[item.name] = item
        elif known.example is MISSING and item.example is not MISSING:
            found[item.name] = replace(known, example=item.example)
    return tuple(found.values())


def _declared(source: Source, written: Node | None, variant: str) -> Declared:
    if written is None:
        return Declared(())
    opened = included(source, written)
    if opened is None:
        return Declared((), names=True, complete=False)
    there, node = opened
    if isinstance(node, Scalar) or node is None:
        return Declared((), names=False, complete=True)
    found = tuple(_items(there, node, variant))
    filled = {item.name: item.default for item, fills in found if fills and item.default is not MISSING}
    return Declared(merged(tuple(item for item, _ in found), ()), names=True, filled=filled)


def _items(source: Source, node: Node, variant: str) -> Iterator[tuple[Input, bool]]:
    """Each input, and whether its default is used when no value is given.

    In v1 only a plain value and promptflow's default are: 0.1.50 fills from ``sample`` and from nothing else.
    """
    filling = version_of(variant) != V1 or variant == PROMPTFLOW
    if isinstance(node, Sequence):
        for index, each in enumerate(node.items):
            item = _of_list(source, node, index, each)
            if item is not None:
                yield item, filling
    elif isinstance(node, Mapping):
        for index, entry in enumerate(node.entries):
            if not entry.name or not isinstance(entry.key, Scalar):
                continue
            opened = included(source, entry.value)
            value = opened[0].data(opened[1]) if opened is not None else MISSING
            place = declaration(source.text, node, index), bare(entry.key), ("inputs", entry.name)
            if isinstance(value, dict) and (version_of(variant) != V1 or is_settings(value)):
                yield _input(source, entry.name, value, place), filling
            else:
                yield _plain(source, entry.name, value, place), True


def _of_list(source: Source, parent: Sequence, index: int, written: Node) -> Input | None:
    node = as_mapping(source, written)
    name = real(source, node.get("name")) if node is not None else None
    if node is None or not isinstance(name, Scalar) or not name.text:
        return None
    name_span = written.span if isinstance(written, Alias) else bare(name)
    place: Place = declaration(source.text, parent, index), name_span, ("inputs", index)
    return _input(source, name.text, source.data(node), place)


def _plain(source: Source, name: str, value: Any, place: Place) -> Input:
    """``question: What is the meaning of life?``: a value instead of a description."""
    whole, name_span, path = place
    default = MISSING if value is MISSING or value is None else value
    kind = type_of(value) if default is not MISSING else ANY
    return Input(name, source.location(whole), source.location(name_span), kind, default=default, path=path)


def _input(source: Source, name: str, about: Any, place: Place) -> Input:
    whole, name_span, path = place
    found: Data[str, Any] = about if isinstance(about, dict) else {}
    enum = found.get("enumValues")
    return Input(
        name,
        source.location(whole),
        source.location(name_span),
        type=property_type(found),
        required=found.get("required") is True,
        # The loaders take `default: null` for no default.
        default=MISSING if found.get("default") is None else found["default"],
        example=_example(found),
        description=found["description"] if isinstance(found.get("description"), str) else "",
        enum=tuple(enum) if isinstance(enum, list) else (),
        path=path,
        untrusted=found.get("x-untrusted") is True,
    )


def _example(about: Data[str, Any]) -> Any:
    """v2 says ``example``; files on the way from v1 say ``sample`` in the property."""
    return next((about[key] for key in ("example", "sample") if about.get(key) is not None), MISSING)


def is_settings(value: Data[str, Any]) -> bool:
    """Whether a map is the description of an input, not a value that an input is given (v1 has both)."""
    known = {"type", "kind", "default", "description", "sample", "required", "items", "properties", "enumValues"}
    word = value.get("type", value.get("kind"))
    return bool(value) and value.keys() <= known and ("default" in value or isinstance(word, str))


def _sampled(source: Source, written: Node | None) -> Declared:
    """v1's ``sample``: a map of values, or the name of a file that holds one (promptflow writes the bare path)."""
    if written is None:
        return Declared(())
    opened = sample_file(source, written)
    if opened is None:
        return Declared((), names=True, complete=False)
    there, node = opened
    if not isinstance(node, Mapping):
        return Declared(())
    items = []
    for index, entry in enumerate(node.entries):
        if entry.name and isinstance(entry.key, Scalar):
            whole = declaration(there.text, node, index)
            place = there.location(whole), there.location(bare(entry.key))
            value = there.data(entry.value)
            items.append(Input(entry.name, *place, example=value, origin="sample", path=("sample", entry.name)))
    return Declared(merged(tuple(items), ()), names=True, filled={item.name: item.example for item in items})


def sample_file(source: Source, written: Node) -> tuple[Source, Node | None] | None:
    """The map that ``sample`` stands for, and where it is written; None where a file could not be read."""
    node = real(source, written)
    if isinstance(node, Scalar) and isinstance(node.value, str) and not node.text.strip().startswith("${"):
        return file_source(source, node.text.strip().removeprefix("file:"))
    return included(source, written)
