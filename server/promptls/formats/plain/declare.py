"""Edits that declare an input, or take its declaration away, where the template keeps its declarations.

Where it has none yet: in front matter, if it has some or speaks in role lines; else in ``NAME.schema.json`` beside it,
so that a template that an engine reads as it is stays as it is.
"""

from __future__ import annotations

import json
import posixpath
from typing import Any

from promptls.formats.extent import declaration
from promptls.formats.placing import in_flow, is_broken, layout, lines_after, margin_of, name_of, new_key
from promptls.formats.plain.header import OTHER_KEYS, OWN_KEY
from promptls.formats.plain.inputs import SCHEMAS
from promptls.formats.plain.names import file_name
from promptls.formats.schema_types import OPEN, schema_of
from promptls.formats.written import as_yaml
from promptls.prompt.model import Document, Input, OtherFile, Prompt
from promptls.prompt.types import ValueType
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Entry, Mapping, Scalar, Sequence
from promptls.text import Edit, Span, Text


def declare_input(document: Document, prompt: Prompt, name: str, type: ValueType) -> tuple[Edit, ...]:
    """Adds a declaration in the style of those that are there; none where the place is too broken to write into."""
    schema = schema_of(type)
    if prompt.declared_in is not None:
        return _elsewhere(document, prompt.declared_in, name, schema)
    if is_broken(document):
        return ()
    if document.header is None:
        return _first(document, prompt, name, schema)
    tree = document.yaml
    root = tree.root if tree is not None else None
    if root is None or (isinstance(root, Scalar) and root.value is None):
        return _lines(document, document.header.end, [f"{OWN_KEY}:", f"  {_pair(name, schema)}"])
    if not isinstance(root, Mapping):
        return ()
    entry = root.entry(OWN_KEY)
    if entry is not None:
        return _further(document, entry, name, schema)
    if root.flow:
        return in_flow(document, root, f"{OWN_KEY}: {{{_pair(name, schema)}}}")
    place = layout(document, root)
    lines = [f"{place.margin}{OWN_KEY}:", f"{place.margin}{place.step}{_pair(name, schema)}"]
    return (new_key(document, root, lines, OTHER_KEYS),)


def remove_input(document: Document, prompt: Prompt, item: Input) -> tuple[Edit, ...]:
    """Takes a declaration away, and its key when it was the last one below it; none where it stands elsewhere."""
    tree = document.yaml
    if item.location.uri != document.uri or tree is None or not isinstance(tree.root, Mapping) or is_broken(document):
        return ()
    at = next((index for index, entry in enumerate(tree.root.entries) if entry.name == OWN_KEY), None)
    found = tree.root.entries[at].value if at is not None else None
    if at is None or not isinstance(found, Mapping | Sequence) or tree.anchors:
        return ()
    text = document.text.value
    if isinstance(found, Mapping):
        names = [entry.name for entry in found.entries]
    else:
        names = [each.text if isinstance(each, Scalar) else name_of(tree, each) for each in found.items]
    own = [index for index, each in enumerate(names) if each == item.name]
    if len(own) == len(names):
        return (Edit(document.uri, declaration(text, tree.root, at), ""),)
    return tuple(Edit(document.uri, declaration(text, found, index), "") for index in own)


def flow(value: Any) -> str:
    """A schema, or part of one, on one line: ``{type: array, items: {type: string}}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key, flow=True)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return as_yaml(value, flow=True)


def short(schema: dict[str, Any]) -> str:
    """One word, where one is enough."""
    if not schema:
        return OPEN
    word = schema["type"]
    return word if isinstance(word, str) and len(schema) == 1 else flow(schema)


def _pair(name: str, schema: dict[str, Any]) -> str:
    return f"{as_yaml(name, flow=True)}: {short(schema)}"


def _first(document: Document, prompt: Prompt, name: str, schema: dict[str, Any]) -> tuple[Edit, ...]:
    template = prompt.template
    if template is None:
        return ()
    if template.roles:
        return _lines(document, template.span.start, ["---", f"{OWN_KEY}:", f"  {_pair(name, schema)}", "---"])
    written = f"{json.dumps(name)}: {json.dumps(schema, ensure_ascii=False)}"
    folder = document.uri.rpartition("/")[0]
    stem = document.uri.rpartition("/")[2].removesuffix(posixpath.splitext(file_name(document.uri).base)[1])
    if not folder or not document.uri.startswith("file:"):
        return ()
    target = f"{folder}/{stem}{SCHEMAS[0]}"
    lines = ["{", '  "type": "object",', '  "properties": {', f"    {written}", "  }", "}"]
    return (Edit(target, Span(0, 0), "".join(f"{line}\n" for line in lines)),)


def _elsewhere(document: Document, there: OtherFile, name: str, schema: dict[str, Any]) -> tuple[Edit, ...]:
    """In the schema beside the template, or in promptls.yaml."""
    tree = parse_yaml(there.text)
    root = tree.root
    if any(problem.code == "yaml-syntax" for problem in tree.problems) or not isinstance(root, Mapping):
        return ()
    text = Text(there.text)
    other = Document(there.uri, text, document.recognised, header=Span(0, len(text)), yaml=tree)
    if not there.schema:
        return _into(other, root, name, schema)
    entry = root.entry("properties")
    properties = entry.value if entry is not None else None
    if not isinstance(properties, Mapping):
        return ()
    if properties.flow:
        return in_flow(other, properties, f"{json.dumps(name)}: {json.dumps(schema, ensure_ascii=False)}")
    return _block(other, properties, f"{as_yaml(name)}: {flow(schema)}")


def _further(document: Document, entry: Entry, name: str, schema: dict[str, Any]) -> tuple[Edit, ...]:
    found = entry.value
    if isinstance(found, Scalar) and found.value is None:
        margin = margin_of(document, entry.key.span.start)
        if found.span.empty:
            return (lines_after(document, entry, [f"{margin}  {_pair(name, schema)}"]),)
        written = f":\n{margin}  {_pair(name, schema)}"
        return (Edit(document.uri, Span(entry.key.span.end, found.span.end), written),)
    if isinstance(found, Mapping):
        return _into(document, found, name, schema)
    if not isinstance(found, Sequence) or not found.items:
        return in_flow(document, found, as_yaml(name, flow=True)) if isinstance(found, Sequence) else ()
    last = found.items[-1]
    written = as_yaml(name, flow=True) if isinstance(last, Scalar) else flow({"name": name, **schema})
    if found.flow:
        return in_flow(document, found, written)
    line = document.text.value.rfind("-", 0, last.span.start)
    return (lines_after(document, last, [f"{margin_of(document, max(line, 0))}- {written}"]),)


def _into(document: Document, found: Mapping, name: str, schema: dict[str, Any]) -> tuple[Edit, ...]:
    return in_flow(document, found, _pair(name, schema)) if found.flow else _block(document, found, _pair(name, schema))


def _block(document: Document, found: Mapping, line: str) -> tuple[Edit, ...]:
    margin = margin_of(document, found.entries[-1].key.span.start)
    return (lines_after(document, found.entries[-1], [f"{margin}{line}"]),)


def _lines(document: Document, at: int, lines: list[str]) -> tuple[Edit, ...]:
    started = at == 0 or document.text.value[at - 1] in "\r\n\ufeff"
    return (Edit(document.uri, Span(at, at), ("" if started else "\n") + "".join(f"{line}\n" for line in lines)),)
