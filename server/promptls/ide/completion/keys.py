"""Keys of the header: those that the schema knows and that are not there yet, required ones first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from promptls.ide.completion.inputs import input_data, input_names, prompt_near
from promptls.ide.completion.item import Completion
from promptls.ide.completion.snippets import plain
from promptls.ide.completion.targets import providers, well_known
from promptls.ide.completion.values import STRICT
from promptls.ide.header import data_around, notes_at
from promptls.prompt.model import Document
from promptls.rules.registry import rules
from promptls.schema.complete import KeyChoice, keys_at, values_at
from promptls.syntax.yaml_cursor import YamlCursor
from promptls.syntax.yaml_tree import Path
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_LIST, _MAP, _VALUE = ":\n  - $0", ":\n  $0", ": "
_EMPTY_MAP = ": {$0}"


def keys(document: Document, schema: str, data: Any, cursor: YamlCursor, snapshot: Snapshot) -> Iterator[Completion]:
    """The keys that may stand at the cursor."""
    hidden = {name for name in cursor.siblings if name != cursor.key}
    named = notes_at(schema, data, cursor.path).get("names")
    if named == "input":
        yield from _names_of_inputs(document, cursor, snapshot, hidden)
        return
    if named == "rule":
        yield from _codes_of_rules(document, cursor, hidden)
    if named in ("service", "provider"):
        known = well_known() if named == "service" else providers(document, snapshot, data)
        for name, title in known.items():
            if name not in hidden:
                tail = _EMPTY_MAP if named == "service" else _MAP
                text, snippet = _written(document, cursor, name, tail)
                yield Completion(name, "property", cursor.replace, text, snippet, detail=title)
    for choice in keys_at(schema, data, cursor.path):
        if choice.name not in hidden:
            path = (*cursor.path, choice.name)
            again = _goes_on(schema, data, path, choice.value_snippet)
            yield _key(document, cursor, choice, again)


def _key(document: Document, cursor: YamlCursor, choice: KeyChoice, again: bool) -> Completion:
    text, snippet = _written(document, cursor, choice.name, choice.value_snippet)
    return Completion(
        choice.name,
        "property",
        cursor.replace,
        text,
        snippet,
        detail=choice.type + (", required" if choice.required else ""),
        data={"kind": "key", "uri": document.uri, "path": [*cursor.path, choice.name]},
        again=again and text.endswith((":", ": ")),
    )


def _goes_on(schema: str, data: Any, path: Path, tail: str) -> bool:
    """Whether there is a choice to make where the cursor stands after the key."""
    if tail == _MAP:
        return bool(keys_at(schema, data_around(data, (*path, "")), path))
    if tail.startswith(":\n"):
        return tail.endswith(": $0") and not tail.endswith("name: $0")
    choices = values_at(schema, data, path)
    return any(choice.kind in STRICT for choice in choices) or "value" in notes_at(schema, data, path)


def _names_of_inputs(
    document: Document, cursor: YamlCursor, snapshot: Snapshot, hidden: set[str]
) -> Iterator[Completion]:
    """The names of inputs, where a map gives them values."""
    prompt = prompt_near(document, cursor.replace.start, snapshot)
    if prompt is None:
        return
    for name, kind in input_names(prompt, snapshot, but=cursor.replace.end):
        if name not in hidden:
            tail = _LIST if "array" in kind.kinds else _MAP if "object" in kind.kinds else _VALUE
            text, snippet = _written(document, cursor, name, tail)
            data = input_data(prompt, name)
            yield Completion(name, "variable", cursor.replace, text, snippet, detail=str(kind), data=data)


def _codes_of_rules(document: Document, cursor: YamlCursor, hidden: set[str]) -> Iterator[Completion]:
    for code, rule in rules().items():
        if code not in hidden:
            text, snippet = _written(document, cursor, code, _VALUE)
            again = text.endswith(": ")
            yield Completion(code, "property", cursor.replace, text, snippet, documentation=rule.title, again=again)


def _written(document: Document, cursor: YamlCursor, name: str, tail: str) -> tuple[str, str | None]:
    """The key as text and as snippet. A colon that is there already is not written twice."""
    text = document.text.value
    if cursor.quote:
        closed = text.startswith(cursor.quote, cursor.replace.end)
        return (name if closed else name + cursor.quote), None
    rest = text[cursor.replace.end : document.text.line_span(document.text.line_at(cursor.replace.end)).end]
    if rest.lstrip(" \t").startswith(":"):
        return name, None
    if tail == _VALUE:
        return f"{name}: ", None
    if cursor.flow:
        pair = {_LIST: "[]", _MAP: "{}"}.get(tail)
        return f"{name}: ", f"{plain(name)}: {pair[0]}$0{plain(pair[1])}" if pair else None
    return f"{name}:" if tail.startswith(":\n") else f"{name}: ", plain(name) + _indented(
        document, cursor.replace, tail
    )


def _indented(document: Document, replace: Span, tail: str) -> str:
    """Editors give every line of a snippet the indentation of its first line; a key behind a dash stands deeper."""
    line = document.text.line_span(document.text.line_at(replace.start))
    before = document.text.value[line.start : replace.start]
    return tail.replace("\n", "\n" + " " * len(before.lstrip(" ")))
