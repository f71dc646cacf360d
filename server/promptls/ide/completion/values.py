"""Values of the header: those the schema allows, names of inputs, paths, ``${env:NAME}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from promptls.ide.completion.inputs import input_data, input_names, prompt_near
from promptls.ide.completion.item import Completion
from promptls.ide.completion.order import arranged
from promptls.ide.completion.paths import environment, files
from promptls.ide.completion.rerun import samples, targets
from promptls.ide.completion.snippets import plain
from promptls.ide.completion.targets import routes
from promptls.ide.header import notes_at, takes_text
from promptls.prompt.model import Document
from promptls.schema.complete import ValueChoice, values_at
from promptls.schema.describe import describe
from promptls.schema.words import as_yaml
from promptls.syntax.yaml_cursor import YamlCursor
from promptls.syntax.yaml_tree import Path
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_REFERENCE = re.compile(r"\$(?:\{(?:(env|file):([^{}\s:]*)|\w*))?")
_SPECIAL_IN_FLOW = re.compile(r"[,\[\]{}]")
STRICT = ("enum", "const", "boolean")


def values(
    document: Document, schema: str, data: Any, cursor: YamlCursor, offset: int, snapshot: Snapshot, asked: bool
) -> tuple[Completion, ...]:
    """The values that may stand at the cursor; without being asked only those of which one has to be chosen."""
    path = cursor.path
    if cursor.prefix.startswith("$"):
        reference = _REFERENCE.fullmatch(cursor.prefix)
        return _reference(document, cursor, reference, offset, snapshot) if reference else ()
    notes = notes_at(schema, data, path)
    if notes.get("value") == "path":
        return arranged(files(document, snapshot, cursor.prefix, offset), cursor.prefix.rpartition("/")[2])
    if notes.get("value") == "input":
        return arranged(_inputs(document, cursor, snapshot), cursor.prefix)
    if notes.get("value") in ("sample", "target"):
        choices = (samples if notes["value"] == "sample" else targets)(document, cursor, snapshot)
        return arranged([_quoted(document, cursor, title, item) for title, item in choices], cursor.prefix)
    if notes.get("value") == "route":
        choices = routes(document, cursor, snapshot, data)
        return arranged([_quoted(document, cursor, title, item) for title, item in choices], cursor.prefix)
    found = list(allowed(document, schema, data, path, cursor))
    if not asked:
        found = [item for item in found if item.kind == "constant"]
    if (
        asked
        and not cursor.prefix
        and takes_text(schema, data, path)
        and not any(item.kind == "constant" for item in found)
    ):
        found += _references(document, cursor, Span(offset, offset), "")
    return arranged(found, cursor.prefix)


def allowed(document: Document, schema: str, data: Any, path: Path, cursor: YamlCursor) -> Iterator[Completion]:
    """The values that the schema names at ``path``: all there are, or examples."""
    choices = values_at(schema, data, path)
    if any(choice.kind == "boolean" for choice in choices):
        # What holds anyway need not be written: the other one is meant.
        about = describe(schema, data, path)
        usual = str(about.default).lower() if about else ""
        choices.sort(key=lambda choice: choice.value == usual)
    for choice in choices:
        if cursor.prefix and " " in choice.value and choice.kind not in STRICT:
            # An example of prose is for a look, not to get in the way of who writes their own.
            continue
        yield _value(document, path, cursor, choice)


def _value(document: Document, path: Path, cursor: YamlCursor, choice: ValueChoice) -> Completion:
    label = choice.value
    if len(label) > 1 and label[0] == label[-1] and label[0] in "\"'":
        label = label[1:-1]
    return Completion(
        label,
        "constant" if choice.kind in STRICT else "value",
        cursor.replace,
        _written(document, cursor, choice.value, label),
        detail="" if choice.kind in STRICT else choice.kind,
        data={"kind": "value", "uri": document.uri, "path": list(path), "value": choice.value},
    )


def _inputs(document: Document, cursor: YamlCursor, snapshot: Snapshot) -> Iterator[Completion]:
    prompt = prompt_near(document, cursor.replace.start, snapshot)
    if prompt is None:
        return
    for name, kind in input_names(prompt, snapshot):
        text = _written(document, cursor, name, name)
        data = input_data(prompt, name)
        yield Completion(name, "variable", cursor.replace, text, detail=str(kind), data=data)


def _quoted(document: Document, cursor: YamlCursor, title: str, item: Completion) -> Completion:
    return replace(item, text=_written(document, cursor, as_yaml(title), title))


def _written(document: Document, cursor: YamlCursor, yaml: str, bare: str) -> str:
    """A value as it has to be written here: inside the quotes that are open, behind a space, safe in a flow map."""
    text = document.text.value
    if cursor.quote:
        escaped = bare.replace("'", "''") if cursor.quote == "'" else bare.replace("\\", "\\\\").replace('"', '\\"')
        return escaped if text.startswith(cursor.quote, cursor.replace.end) else escaped + cursor.quote
    if cursor.flow and yaml == bare and _SPECIAL_IN_FLOW.search(bare):
        yaml = '"' + bare.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _space(document, cursor.replace.start) + yaml


def _space(document: Document, at: int) -> str:
    """YAML wants a space behind a colon and a dash."""
    return " " if document.text.value[at - 1 : at] in (":", "-") else ""


# ${env:NAME} and ${file:path}


def _reference(
    document: Document, cursor: YamlCursor, typed: re.Match[str], offset: int, snapshot: Snapshot
) -> tuple[Completion, ...]:
    close = "" if document.text.value.startswith("}", offset) else "}"
    if typed[1] == "env":
        place = Span(offset - len(typed[2]), offset)
        return arranged(environment(document, snapshot, cursor.key or "", place, close), typed[2])
    if typed[1] == "file":
        return arranged(files(document, snapshot, typed[2], offset, close), typed[2].rpartition("/")[2])
    return arranged(_references(document, cursor, Span(offset - len(typed[0]), offset), typed[0]), typed[0])


def _references(document: Document, cursor: YamlCursor, replace: Span, typed: str) -> Iterator[Completion]:
    """The two kinds of references; the name is asked for next."""
    text = document.text.value
    close = "" if text.startswith("}", replace.end) else "}"
    space = _space(document, replace.start) if not typed and not cursor.quote else ""
    for kind, what in (("env", "from the environment"), ("file", "from a file beside this one")):
        yield Completion(
            f"${{{kind}:…}}",
            "value",
            replace,
            f"{space}${{{kind}:",
            f"{space}{plain('${')}{kind}:$0{plain(close)}",
            detail=what,
            filter=f"${{{kind}:",
            again=True,
        )
