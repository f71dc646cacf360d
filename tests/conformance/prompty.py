"""Prompty's vectors: ``DIR/vectors.json`` and ``DIR/fixtures/``, as microsoft/prompty generates them.

Four of its operations are about the file format: ``load``, ``render``, ``parse`` and ``renderSegments``. Three are
about providers, in ``prompty_wires``. The others are about agents that run by themselves, and about lists of models.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from promptls.formats.base import OpenSibling, Sibling
from promptls.formats.prompty import load
from promptls.formats.prompty.messages import messages
from promptls.formats.prompty.sending import template_values
from promptls.prompt.message import Message, Part
from promptls.prompt.model import Input, Prompt
from promptls.prompt.types import ValueType
from promptls.render import Renderer
from promptls.render.segments import output_tags, split
from promptls.syntax.template import parse_template
from promptls.text import Location, Span
from tests.conformance import prompty_wires

DIALECTS = {"jinja2": "jinja", "mustache": "mustache"}
ROLES = ("system", "user", "assistant", "developer")

Vector = Mapping[str, Any]


def run(folder: Path) -> Iterator[tuple[str, str | None]]:
    """``(operation/name, what is wrong or None)`` of each vector."""
    listed = json.loads((folder / "vectors.json").read_text(encoding="utf-8"))
    with Renderer(deadline=20) as renderer:
        operations: dict[str, Callable[[Vector], Any]] = {
            "load": partial(_load, folder),
            "render": partial(_render, renderer),
            "parse": _parse,
            "renderSegments": partial(_segments, renderer),
            "toRequest": prompty_wires.to_request,
            "process": prompty_wires.process,
            "processStream": prompty_wires.process_stream,
        }
        for each in listed:
            operation = operations.get(each["operation"])
            if operation is None:
                continue
            vector = each["vector"]
            yield (
                f"{each['operation']}/{vector['name']}",
                _wrong(vector["expected"], partial(operation, vector["input"])),
            )


def _wrong(expected: Any, operation: Callable[[], Any]) -> str | None:
    wanted = expected.get("error") if isinstance(expected, Mapping) else None
    try:
        found = operation()
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        if wanted is None or str(wanted).casefold() not in said.casefold():
            return f"wanted {wanted or 'no error'}, got {said}"
        field = expected.get("error_field")
        return None if field is None or field == getattr(error, "field", None) else f"the error is not about {field}"
    if wanted is not None:
        return f"wanted the error {wanted}, got {found}"
    return _difference(expected, found, "")


def _difference(expected: Any, found: Any, path: str) -> str | None:
    """Where ``found`` is not as ``expected``, of which it may hold more; None where it is."""
    if isinstance(expected, Mapping):
        if "nonce_pattern" in expected:
            return None if re.search(expected["nonce_pattern"], found["rendered"]) else f"{found} is not as the pattern"
        if isinstance(found, list):
            found = {item.get("name"): item for item in found}
        if not isinstance(found, Mapping):
            return f"{path or 'all'}: wanted {expected}, got {found!r}"
        return next(
            filter(None, (_difference(expected[key], found.get(key), f"{path}.{key}") for key in expected)), None
        )
    if isinstance(expected, list):
        if not isinstance(found, list) or len(expected) != len(found):
            return f"{path}: wanted {expected}, got {found!r}"
        pairs = enumerate(zip(expected, found, strict=True))
        return next(filter(None, (_difference(one, other, f"{path}[{at}]") for at, (one, other) in pairs)), None)
    # None and nothing are one to the vectors, and True is not 1.
    same = (expected is None and not found) or (expected == found and (type(expected) is bool) == (type(found) is bool))
    return None if same else f"{path}: wanted {expected!r}, got {found!r}"


def _load(folder: Path, given: Vector) -> Any:
    environment = given.get("env") or {}
    open_file = _files(given.get("files") or {}, folder / "fixtures")
    if "fixture" in given:
        loaded = load.load((folder / "fixtures" / given["fixture"]).read_text("utf-8"), open_file, environment)
    elif "frontmatter_raw" in given:
        loaded = load.load(given["frontmatter_raw"], open_file, environment)
    else:
        loaded = load.load_data(given["frontmatter"], open_file, environment)
    if "inputs" in given:
        loaded["validated_inputs"] = load.fill_inputs(loaded, given["inputs"])
    return loaded


def _files(written: Mapping[str, Any], fixtures: Path) -> OpenSibling:
    """The files that a vector describes, else those of the fixtures; by paths relative to the prompt."""
    texts = {
        posixpath.normpath(path): content if isinstance(content, str) else json.dumps(content)
        for path, content in written.items()
    }

    def open_file(path: str) -> Sibling:
        path = posixpath.normpath(path)
        if path in texts:
            return Sibling(f"file:///{path}", texts[path], True)
        file = fixtures / path
        if path.startswith("..") or not file.is_file():
            return Sibling(exists=False)
        return Sibling(file.as_uri(), file.read_text("utf-8"), True)

    return open_file


def _render(renderer: Renderer, given: Vector) -> Any:
    kinds = {name: value["_kind"] for name, value in given["inputs"].items() if _is_rich(value)}
    values = template_values(_prompt(kinds), given["inputs"])
    rendered = renderer.render(DIALECTS[given.get("engine", "jinja2")], given["template"], values)
    if rendered.error:
        raise ValueError(rendered.error.message)
    return {"rendered": rendered.text}


def _is_rich(value: Any) -> bool:
    return isinstance(value, Mapping) and "_kind" in value


def _parse(given: Vector) -> Any:
    threads = given.get("thread_inputs") or {}
    parsed = messages(_prompt(dict.fromkeys(threads, "thread")), given["rendered"], threads)
    return {"messages": [_as_vector(message) for message in parsed]}


def _as_vector(message: Message) -> dict[str, Any]:
    shown: dict[str, Any] = {"role": message.role, "content": [_part(part) for part in message.parts]}
    if message.metadata:
        shown["metadata"] = dict(message.metadata)
    return shown


def _part(part: Part) -> dict[str, Any]:
    return {"kind": part.type, "value" if part.type == "text" else "source": part.value}


def _segments(renderer: Renderer, given: Vector) -> Any:
    dialect = DIALECTS[given.get("engine", "jinja2")]
    tags = output_tags(parse_template(dialect, given["template"]))
    rendered = renderer.render(dialect, given["template"], given["inputs"], mark=[tag.span for tag in tags])
    if rendered.error or rendered.marks is None:
        raise ValueError(rendered.error.message if rendered.error else "the text cannot be told apart")
    pieces = split(rendered.text, rendered.marks, tags, strict=given.get("strict_props") or (), roles=ROLES)
    return {
        "segments": [{key: getattr(piece, key) for key in ("kind", "text", "source", "strict")} for piece in pieces]
    }


def _prompt(kinds: Mapping[str, str]) -> Prompt:
    nowhere = Location("", Span(0, 0))
    inputs = tuple(Input(name, nowhere, nowhere, ValueType(label=kind)) for name, kind in kinds.items())
    return Prompt("", "vector", Span(0, 0), inputs=inputs, variant="v2")
