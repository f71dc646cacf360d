"""What a template declares as inputs: in its front matter, in a schema beside it, or in promptls.yaml.

The first of the three that says anything counts. Front matter and promptls.yaml hold a map from each name to a type
(``topic: string``, ``count: {type: integer, default: 3}``) or a list; ``NAME.schema.json`` is the JSON Schema of all
values together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from promptls.formats.extent import declaration
from promptls.formats.plain.header import OWN_KEY
from promptls.formats.plain.names import file_name
from promptls.formats.schema_types import value_type
from promptls.formats.source import Source, bare, file_source, real
from promptls.prompt.model import MISSING, Input, OtherFile
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Mapping as YamlMapping
from promptls.syntax.yaml_tree import Node, Path, Scalar, Sequence
from promptls.text import Span

SCHEMAS = (".schema.json", ".schema.yaml", ".schema.yml")
"""The endings of a file beside the template that declares its inputs."""
CONFIGURATION = "promptls.yaml"
IN_CONFIGURATION = "inputs:"
"""What a sibling is asked for: the part of promptls.yaml that is about this file, or the schema that it names there."""


class Declared(NamedTuple):
    """``names``: somebody says which inputs there are; ``complete``: all of it could be read, and there are no others.

    ``elsewhere``: the file that says it, where it is not the template's own.
    """

    inputs: tuple[Input, ...] = ()
    names: bool = False
    complete: bool = True
    elsewhere: OtherFile | None = None


def read_inputs(source: Source, uri: str) -> Declared:
    root = source.root()
    written = root.get(OWN_KEY) if root is not None else None
    node = real(source, written) if written is not None else None
    if isinstance(node, YamlMapping | Sequence):
        return Declared(_once(_listed(source, node, (OWN_KEY,))), names=True)
    return _beside(source, uri) or _configured(source) or Declared()


def _beside(source: Source, uri: str) -> Declared | None:
    for ending in SCHEMAS:
        path = file_name(uri).stem + ending
        there = source.open_sibling(path)
        if there.text is not None and there.uri is not None:
            found = file_source(source, path)
            other = OtherFile(there.uri, there.text, schema=True)
            return _of_schema(found[0], other) if found is not None else Declared((), True, False, other)
    return None


def _configured(source: Source) -> Declared | None:
    there = source.open_sibling(IN_CONFIGURATION)
    if there.text is None or there.uri is None:
        return Declared((), names=True, complete=False) if there.exists is not None else None
    tree = parse_yaml(there.text)
    inside = Source(there.uri, there.text, tree, source.open_sibling)
    if file_name(there.uri).base != CONFIGURATION:
        return _of_schema(inside, OtherFile(there.uri, there.text, schema=True))
    other = OtherFile(there.uri, there.text)
    if isinstance(tree.root, YamlMapping | Sequence):
        return Declared(_once(_listed(inside, tree.root, ())), names=True, elsewhere=other)
    return Declared((), names=True, complete=tree.root is None, elsewhere=other)


def _of_schema(source: Source, other: OtherFile) -> Declared:
    """The properties of a JSON Schema."""
    whole = source.data(source.tree.root)
    root = source.root()
    written = root.get("properties") if root is not None else None
    properties = real(source, written) if written is not None else None
    if not isinstance(whole, dict) or not isinstance(properties, YamlMapping):
        return Declared((), names=True, complete=False, elsewhere=other)
    required = whole.get("required")
    inputs = []
    for index, entry in enumerate(properties.entries):
        if entry.name and isinstance(entry.key, Scalar):
            about = source.data(entry.value)
            needed = isinstance(required, list) and entry.name in required
            place = declaration(source.text, properties, index), bare(entry.key)
            inputs.append(_input(source, entry.name, about, place, (), whole, needed))
    more = whole.get("additionalProperties")
    complete = more in (None, False) and not any(
        key in whole for key in ("patternProperties", "allOf", "anyOf", "$ref")
    )
    return Declared(_once(inputs), names=True, complete=complete, elsewhere=other)


def _listed(source: Source, node: YamlMapping | Sequence, path: Path) -> Iterator[Input]:
    """Of a map ``name: type``, or of a list of names or of ``{name: …}``."""
    if isinstance(node, YamlMapping):
        for index, entry in enumerate(node.entries):
            if entry.name and isinstance(entry.key, Scalar):
                place = declaration(source.text, node, index), bare(entry.key)
                yield _input(source, entry.name, source.data(entry.value), place, (*path, entry.name) if path else ())
        return
    for index, item in enumerate(node.items):
        named = _name_in(source, item)
        if named is not None:
            place = declaration(source.text, node, index), bare(named)
            yield _input(source, named.text, source.data(item), place, (*path, index) if path else ())


def _name_in(source: Source, item: Node) -> Scalar | None:
    found = real(source, item)
    if isinstance(found, YamlMapping):
        written = found.get("name")
        found = real(source, written) if written is not None else None
    return found if isinstance(found, Scalar) and isinstance(found.value, str) and found.text else None


def _input(
    source: Source, name: str, about: Any, place: tuple[Span, Span], path: Path, root: Any = None, needed: bool = False
) -> Input:
    whole, name_span = place
    said: Mapping[str, Any] = about if isinstance(about, dict) else {}
    kind = value_type(about if not isinstance(about, str) or about != name else None, root)
    examples = said.get("examples")
    first = examples[0] if isinstance(examples, list) and examples else MISSING
    return Input(
        name,
        source.location(whole),
        source.location(name_span),
        type=kind,
        required=needed or said.get("required") is True,
        default=said.get("default", MISSING),
        example=said.get("example", first),
        description=said["description"] if isinstance(said.get("description"), str) else "",
        enum=tuple(said["enum"]) if isinstance(said.get("enum"), list) else (),
        path=path,
        untrusted=said.get("x-untrusted") is True,
    )


def _once(inputs: Any) -> tuple[Input, ...]:
    """Of two with one name the first."""
    found: dict[str, Input] = {}
    for item in inputs:
        found.setdefault(item.name, item)
    return tuple(found.values())
