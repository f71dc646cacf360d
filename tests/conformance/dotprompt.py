"""Dotprompt's cases: every ``*.yaml`` below DIR in the layout of google/dotprompt's ``spec/`` (``schema.json`` there).

A file is a list of groups ``{name, template, partials?, resolverPartials?, schemas?, resolverSchemas?, data?, tests}``.
The comparison is that of ``js/test/spec.test.ts``: what is rendered, less ``raw`` and ``input``; ``raw`` where a case
speaks of it; then the metadata alone, ``input`` included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from promptls import formats
from promptls.formats.base import OpenSibling, Sibling
from promptls.formats.dotprompt.load import load
from promptls.formats.dotprompt.messages import HISTORY
from promptls.formats.dotprompt.picoschema import FindSchema, Named
from promptls.prompt.message import Message, Part
from promptls.render import Renderer
from promptls.render.prompt import render_prompt

Group = Mapping[str, Any]


def run(folder: Path) -> Iterator[tuple[str, str | None]]:
    """``(file/group/case, what is wrong or None)`` of each case."""
    with Renderer(deadline=20) as renderer:
        for path in sorted(folder.rglob("*.yaml")):
            for group in yaml.safe_load(path.read_text("utf-8")):
                for case in group["tests"]:
                    described = str(case.get("desc", "")).replace(" ", "_")
                    name = f"{path.relative_to(folder).with_suffix('').as_posix()}/{group['name']}/{described}"
                    try:
                        yield name, _wrong(group, case, renderer)
                    except Exception as error:
                        yield name, f"{type(error).__name__}: {error}"


def _wrong(group: Group, case: Group, renderer: Renderer) -> str | None:
    expected = dict(case["expect"])
    data = {**(group.get("data") or {}), **(case.get("data") or {})}
    metadata = load(group["template"], _schemas(group), case.get("options"))
    found = {**metadata, "messages": [shown(message) for message in _messages(group, metadata, data, renderer)]}
    complete = {"ext": {}, "config": {}, "metadata": {}, **expected}
    return (
        _differ("rendered", _without(complete, "raw", "input"), _without(found, "raw", "input"))
        or ("raw" in expected and _differ("raw", expected["raw"], found.get("raw")))
        or _differ("metadata", _without(complete, "raw", "messages"), _without(found, "raw", "messages"))
        or None
    )


def _messages(group: Group, metadata: Group, data: Group, renderer: Renderer) -> tuple[Message, ...]:
    """All the way through the house: read, fill, render in the child, part into messages."""
    open_sibling = _partials(group)
    document = formats.read("file:///case.prompt", group["template"], open_sibling, "dotprompt")
    assert document is not None
    (prompt,) = document.prompts
    defaults = (metadata.get("input") or {}).get("default") or {}
    given = {**defaults, **(data.get("input") or {})}
    given |= {f"@{name}": value for name, value in (data.get("context") or {}).items()}
    given[HISTORY] = data.get("messages") or []
    templates = formats.templates(document, prompt, open_sibling)
    rendering = render_prompt(document, prompt, given, renderer, templates=templates)
    assert not rendering.problems, "; ".join(problem.message for problem in rendering.problems)
    return rendering.messages


def _partials(group: Group) -> OpenSibling:
    texts = {**(group.get("resolverPartials") or {}), **(group.get("partials") or {})}

    def open_sibling(path: str) -> Sibling:
        name = path.removeprefix("_").removesuffix(".prompt")
        known = path == f"_{name}.prompt" and name in texts
        return Sibling(f"file:///{path}", texts[name], True) if known else Sibling(exists=False)

    return open_sibling


def _schemas(group: Group) -> FindSchema:
    schemas = {**(group.get("resolverSchemas") or {}), **(group.get("schemas") or {})}
    return lambda name: Named(schemas[name]) if name in schemas else None


def shown(message: Message) -> dict[str, Any]:
    shown: dict[str, Any] = {"role": message.role, "content": [_part(part) for part in message.parts]}
    return {**shown, "metadata": dict(message.metadata)} if message.metadata else shown


def _part(part: Part) -> dict[str, Any]:
    if part.type == "text":
        return {"text": part.value}
    if part.type == "section":
        return {"metadata": {"purpose": part.value, "pending": True}}
    about = {"contentType": part.media_type} if part.media_type else {}
    return {"media": {"url": part.value, **about}}


def _without(data: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys and value is not None}


def _differ(what: str, expected: Any, found: Any) -> str | None:
    return None if expected == found else f"{what}: wanted {expected}, got {found}"
