"""A new sample beside a prompt file: every input with a value of its type, to be filled in by a person."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from promptls.actions.error import ActionError
from promptls.formats.beside import ENDINGS
from promptls.formats.written import as_yaml
from promptls.prompt.infer import infer_types
from promptls.prompt.model import MISSING, Document, Input, Prompt
from promptls.prompt.types import ANY, ValueType, sharpen
from promptls.syntax.template.names import EACH
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Mapping, Sequence
from promptls.text.uris import uri_to_path
from promptls.workspace.snapshot import Snapshot

_DEEPEST = 6
_EMPTY: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False}


def new_sample(document: Document, prompt: Prompt, snapshot: Snapshot) -> tuple[str, str]:
    """``(path, text)`` of ``NAME.sample.yaml``; where there is one already, its text with one sample more.

    Values: the example or default of the input, else an empty one of its type. Raises ActionError where there is no
    place for it, or what is there cannot be added to.
    """
    path = uri_to_path(document.uri)
    if path is None:
        raise ActionError("Save the prompt first: a sample stands in a file beside it")
    stem = os.path.splitext(path)[0]
    lines = list(_lines(prompt, snapshot))
    if not lines:
        raise ActionError(f"`{prompt.name}` has no inputs, so there is nothing to give values to")
    for ending in ENDINGS:
        there = snapshot.sibling(document.uri, os.path.basename(stem + ending))
        if there.exists:
            return stem + ending, _with_one_more(os.path.basename(stem + ending), there.text, lines)
    about = f"# Values for the inputs of {os.path.basename(path)}. Several samples: a list, each begins with `- `.\n"
    return stem + ENDINGS[0], about + "".join(f"{line}\n" for line in lines)


def _lines(prompt: Prompt, snapshot: Snapshot) -> Iterator[str]:
    types = snapshot.types(prompt)
    shown = infer_types(prompt.template.analysis) if prompt.template is not None else {}
    for item in prompt.inputs:
        of = sharpen(types.get(item.name, ANY), shown.get(item.name, ANY))
        yield from _entry(item.name, _value(item, of), _about(item, of))
    declared = {item.name for item in prompt.inputs}
    for name, of in shown.items():
        if not prompt.declares and name not in declared and name not in prompt.ambient and name != EACH:
            yield from _entry(name, _of_type(of), str(of) if not of.any else "")


def _value(item: Input, of: ValueType) -> Any:
    for known in (item.example, item.default):
        if known is not MISSING and known is not None:
            return known
    return item.enum[0] if item.enum else _of_type(of)


def _of_type(of: ValueType, depth: int = 0) -> Any:
    if of.label == "thread":
        return [{"role": "user", "content": ""}]
    if depth < _DEEPEST and "array" in of.kinds:
        return [_of_type(of.items or ANY, depth + 1)]
    if depth < _DEEPEST and "object" in of.kinds:
        return {name: _of_type(each, depth + 1) for name, each in of.properties.items()}
    return next((_EMPTY[kind] for kind in ("string", "number", "integer", "boolean") if kind in of.kinds), "")


def _about(item: Input, of: ValueType) -> str:
    """``string, one of `a`, `b`: the description``; on one line, as it is a comment."""
    words = [str(of)] if not of.any else []
    words += ["one of " + ", ".join(f"`{value}`" for value in item.enum)] if item.enum else []
    words += [] if item.required else ["optional"]
    said = ", ".join(words) + (f": {item.description}" if item.description else "")
    return " ".join(re.sub(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]", " ", said).split())[:200]


def _entry(name: str, value: Any, about: str) -> Iterator[str]:
    comment = f"  # {about}" if about else ""
    key = as_yaml(name)
    if isinstance(value, dict | list) and value:
        yield f"{key}:{comment}"
        yield from (f"  {line}" for line in _block(value))
    else:
        yield f"{key}: {as_yaml(value)}{comment}"


def _block(value: Any) -> Iterator[str]:
    """A value as lines of YAML."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _entry(str(name), each, "")
    elif isinstance(value, list) and value:
        for each in value:
            inner = list(_block(each))
            yield f"- {inner[0]}"
            yield from (f"  {line}" for line in inner[1:])
    else:
        yield as_yaml(value)


def _with_one_more(name: str, text: str | None, lines: list[str]) -> str:
    """The file's text with a further item; a file that holds one sample becomes a list of two."""
    root = parse_yaml(text).root if text is not None and not name.endswith(".json") else None
    if text is None or not isinstance(root, Mapping | Sequence) or root.flow:
        raise ActionError(f"{name} is not written in lines of YAML: add the sample there by hand")
    if isinstance(root, Mapping):
        start = text.rfind("\n", 0, root.span.start) + 1
        first, *rest = text[start:].rstrip().split("\n")
        text = (
            text[:start] + "\n".join([f"- {first}", *(f"  {line}" if line.strip() else line for line in rest)]) + "\n"
        )
        margin = ""
    else:
        margin = " " * (root.span.start - text.rfind("\n", 0, root.span.start) - 1)
    first, *rest = lines
    added = [f"{margin}- {first}", *(f"{margin}  {line}" for line in rest)]
    return text.rstrip() + "\n" + "".join(f"{line}\n" for line in added)
