"""Edits of the header: an input more, an input less, values for inputs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping as Data
from typing import Any

from promptls.formats.dotprompt.header import GENKIT, RESERVED
from promptls.formats.extent import count, declaration
from promptls.formats.placing import in_flow, is_broken, layout, lines_after, margin_of, new_key
from promptls.formats.written import as_yaml
from promptls.prompt.model import Document, Input, Prompt
from promptls.prompt.types import ValueType
from promptls.syntax.yaml_tree import Entry, Mapping, Scalar, Sequence
from promptls.text import Edit, Span

_ABOVE = tuple(key for key in (*RESERVED, *GENKIT) if key not in ("input", "output", "ext", "raw"))
"""The keys that people write above the inputs."""
_SCALARS = ("string", "integer", "number", "boolean")
_DEEPEST = 6


def declare_input(document: Document, prompt: Prompt, name: str, type: ValueType) -> tuple[Edit, ...]:
    """Adds a field to ``input.schema``, as Picoschema, or as JSON Schema where that is what stands there.

    None where the schema is a name or the header is too broken to write into.
    """
    pico = f"{_key(name, type)}: {_pico(type)}"
    if document.yaml is None or document.header is None:
        return _first_header(document, ["input:", "  schema:", f"    {pico}"])
    if is_broken(document):
        return ()
    root = document.yaml.root
    if root is None or (isinstance(root, Scalar) and root.value is None):
        at = document.header.end
        return (Edit(document.uri, Span(at, at), f"input:\n  schema:\n    {pico}\n"),)
    if not isinstance(root, Mapping):
        return ()
    schema = _below(root, "input", "schema")
    if isinstance(schema, Mapping) and schema.entries:
        properties = schema.get("properties")
        if isinstance(properties, Mapping) and properties.entries:
            return _further(document, properties, as_yaml(name, flow=True), f"{{{_json(type)}}}")
        if isinstance(properties, Mapping) or _is_json(schema):
            return ()
        return _further(document, schema, _key(name, type), _pico(type))
    return _at(document, root, ("input", "schema"), [(_key(name, type), _pico(type))])


def add_samples(document: Document, prompt: Prompt, values: Data[str, Any]) -> tuple[Edit, ...]:
    """Entries of ``input.default``, which a run uses too where the caller gives nothing: Dotprompt has no other place.

    Inputs that have a value keep it.
    """
    tree = document.yaml
    wanted = {name: value for name, value in values.items() if _lacks_value(prompt, name)}
    if tree is None or not isinstance(tree.root, Mapping) or is_broken(document) or not wanted:
        return ()
    return _at(document, tree.root, ("input", "default"), [(as_yaml(n), as_yaml(v)) for n, v in wanted.items()])


def remove_input(document: Document, prompt: Prompt, item: Input) -> tuple[Edit, ...]:
    """Takes the declaration and the default away, and the keys above them when nothing else is left there."""
    tree = document.yaml
    if item.location.uri != document.uri or tree is None or not isinstance(tree.root, Mapping) or is_broken(document):
        return ()
    about = _below(tree.root, "input")
    if not isinstance(about, Mapping):
        return ()
    text = document.text.value
    spans: list[Span] = []
    emptied = 0
    for index, entry in enumerate(about.entries):
        if entry.name not in ("schema", "default") or not isinstance(entry.value, Mapping):
            continue
        in_schema = entry.name == "schema" and item.path[:2] == ("input", "schema")
        gone = _field(text, entry.value, item) if in_schema else _value(text, entry.value, item.name, entry.name)
        spans += gone if gone is not None else [declaration(text, about, index)]
        emptied += gone is None
    if emptied and emptied == count(about):
        at = next(index for index, entry in enumerate(tree.root.entries) if entry.value is about)
        spans = [declaration(text, tree.root, at)]
    return tuple(Edit(document.uri, span, "") for span in sorted(set(spans)))


def _field(text: str, schema: Mapping, item: Input) -> list[Span] | None:
    """What declares the input; None where nothing else is declared."""
    as_json = item.path[2:3] == ("properties",) and len(item.path) > 3
    fields = schema.get("properties") if as_json else schema
    if not isinstance(fields, Mapping) or len(fields.entries) < 2:
        return None
    # By its place, as 15,000 inputs that nothing reads would else be looked for one by one.
    at = bisect_right(fields.entries, item.name_location.span.start, key=lambda entry: entry.key.span.start) - 1
    spans = [declaration(text, fields, max(at, 0))]
    required = schema.get("required") if as_json else None
    if isinstance(required, Sequence):
        named = [at for at, one in enumerate(required.items) if isinstance(one, Scalar) and one.text == item.name]
        spans += [declaration(text, required, at) for at in named]
    return spans


def _value(text: str, values: Mapping, name: str, of: str) -> list[Span] | None:
    """What gives the input its default; None where there is no other."""
    own = [at for at, entry in enumerate(values.entries) if entry.name == name] if of == "default" else []
    if own and len(own) == len(values.entries):
        return None
    return [declaration(text, values, at) for at in own]


def _at(document: Document, root: Mapping, path: tuple[str, str], fields: list[tuple[str, str]]) -> tuple[Edit, ...]:
    """The fields below ``path``, whose keys are made where they are not there."""
    outer, inner = path
    place = layout(document, root)
    entry = root.entry(outer)
    lines = [f"{key}: {value}" for key, value in fields]
    if entry is None:
        if root.flow:
            return in_flow(document, root, f"{outer}: {{{inner}: {{{', '.join(lines)}}}}}")
        margin, step = place
        written = [f"{margin}{outer}:", f"{margin}{step}{inner}:", *(f"{margin}{step * 2}{line}" for line in lines)]
        return (new_key(document, root, written, _ABOVE),)
    margin = margin_of(document, entry.key.span.start)
    about = entry.value
    if _is_nothing(about):
        below = [f"{margin}{place.step}{inner}:", *(f"{margin}{place.step * 2}{line}" for line in lines)]
        return (lines_after(document, entry, below),)
    if not isinstance(about, Mapping):
        return ()
    found = about.entry(inner)
    if found is None:
        if about.flow:
            return in_flow(document, about, f"{inner}: {{{', '.join(lines)}}}")
        margin = margin_of(document, about.entries[0].key.span.start)
        below = [f"{margin}{inner}:", *(f"{margin}{place.step}{line}" for line in lines)]
        return (lines_after(document, about.entries[-1], below),)
    return _into(document, found, place.step, lines)


def _into(document: Document, found: Entry, step: str, lines: list[str]) -> tuple[Edit, ...]:
    node = found.value
    if _is_nothing(node):
        margin = margin_of(document, found.key.span.start)
        return (lines_after(document, found, [f"{margin}{step}{line}" for line in lines]),)
    if not isinstance(node, Mapping):
        return ()
    if node.flow:
        return in_flow(document, node, ", ".join(lines))
    margin = margin_of(document, node.entries[0].key.span.start)
    return (lines_after(document, node.entries[-1], [f"{margin}{line}" for line in lines]),)


def _further(document: Document, fields: Mapping, key: str, value: str) -> tuple[Edit, ...]:
    if fields.flow:
        return in_flow(document, fields, f"{key}: {value}")
    margin = margin_of(document, fields.entries[0].key.span.start)
    return (lines_after(document, fields.entries[-1], [f"{margin}{key}: {value}"]),)


def _first_header(document: Document, lines: list[str]) -> tuple[Edit, ...]:
    """A file without front matter gets one; a file whose first character hides it cannot have any."""
    if document.problems_of("front-matter-unclosed") or document.problems_of("byte-order-mark"):
        return ()
    return (Edit(document.uri, Span(0, 0), "".join(f"{line}\n" for line in ("---", *lines, "---"))),)


def _below(root: Mapping, *path: str) -> object:
    node: object = root
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _is_json(schema: Mapping) -> bool:
    named = schema.get("type")
    return isinstance(named, Scalar) and named.text in (*_SCALARS, "object", "array", "null", "any")


def _is_nothing(node: object) -> bool:
    return isinstance(node, Scalar) and node.value is None and node.span.empty


def _lacks_value(prompt: Prompt, name: str) -> bool:
    return prompt.input(name) is not None and not any(name in sample.values for sample in prompt.samples)


def _key(name: str, type: ValueType) -> str:
    """``tags(array)``: what a field's key says of its type."""
    kind = _only(type)
    return as_yaml(f"{name}({kind})", flow=True) if kind in ("array", "object") else as_yaml(name, flow=True)


def _pico(type: ValueType, depth: int = 0) -> str:
    kind = _only(type)
    if kind == "array":
        inner = type.items or ValueType()
        # A list in a list has no name to be written at.
        return "any" if _only(inner) == "array" or depth > _DEEPEST else _pico(inner, depth + 1)
    if kind == "object":
        if not type.properties or depth > _DEEPEST:
            return '{"(*)": any}'
        return (
            "{"
            + ", ".join(f"{_key(name, each)}: {_pico(each, depth + 1)}" for name, each in type.properties.items())
            + "}"
        )
    return kind if kind in _SCALARS else "any" if type.kinds else "string"


def _json(type: ValueType) -> str:
    kind = _only(type)
    if kind == "array":
        return f"type: array, items: {{{_json(type.items or ValueType())}}}"
    return f"type: {kind if kind in (*_SCALARS, 'object') else 'string'}"


def _only(type: ValueType) -> str:
    kinds = type.kinds - {"null"}
    return "number" if kinds == {"integer", "number"} else next(iter(kinds)) if len(kinds) == 1 else ""
