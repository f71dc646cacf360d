"""A file as dotpromptz 0.2.0 loads it: its metadata, defaults and schemas in their final shape.

Follows ``parse_document`` and ``render_metadata``. ``read`` never calls this: it is what a run uses, and what the
official cases test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from promptls.formats.base import FormatError, no_siblings
from promptls.formats.dotprompt.header import RESERVED, header_data, opened
from promptls.formats.dotprompt.picoschema import FindSchema, convert
from promptls.formats.source import Source
from promptls.syntax.frontmatter import BOM
from promptls.syntax.yaml import parse_yaml, to_data

Metadata = dict[str, Any]


def load(text: str, find_schema: FindSchema, options: Mapping[str, Any] | None = None) -> Metadata:
    """The metadata of a prompt; ``options`` lie over what the file says, `config` and `input.default` key by key.

    Raises FormatError where the loader does.
    """
    if text.startswith(BOM):
        return _overlaid({"ext": {}, "config": {}, "metadata": {}}, options or {})
    front, tree = opened(text)
    if front.header is not None and front.closer is None:
        raise FormatError("front-matter-unclosed", "The header is never closed")
    broken = next((problem for problem in tree.problems if problem.code == "yaml-syntax"), None) if tree else None
    if broken is not None:
        raise FormatError("invalid-frontmatter", f"The header is not valid YAML: {broken.message}")
    if tree is not None and isinstance(to_data(tree, tree), list | str):
        raise FormatError("invalid-frontmatter", "The header must be a map of keys to values")
    raw = header_data(text)
    _check_types(raw)
    found: Metadata = {key: raw[key] for key in RESERVED if raw.get(key) is not None and key not in ("ext", "raw")}
    found |= {"ext": _extensions(raw), "config": raw.get("config") or {}, "metadata": raw.get("metadata") or {}}
    if front.header is not None:
        found["raw"] = raw
    found = _overlaid(found, options or {})
    for part, code in (("input", "invalid-value"), ("output", "invalid-output-schema")):
        found = _with_schema(found, part, code, find_schema)
    return found


_STRINGS = ("name", "variant", "version", "description", "model")
_MAPS = ("config", "ext", "raw", "input", "output", "metadata")


def _check_types(raw: Mapping[str, Any]) -> None:
    """As ``ParsedPrompt`` of ``_typing.py`` has them; nothing at all is always fine."""
    wanted: list[tuple[str, Any, type, str]] = [
        *((key, raw.get(key), str, "a string") for key in _STRINGS),
        *((key, raw.get(key), dict, "a map") for key in _MAPS),
        *((key, raw.get(key), list, "a list") for key in ("tools", "toolDefs")),
    ]
    for key, value, kind, words in wanted:
        _check(key, value, kind, words)
    _check("input.default", _inner(raw, "input", "default"), dict, "a map")
    _check("output.format", _inner(raw, "output", "format"), str, "a string")
    for at, tool in enumerate(raw.get("tools") or (), 1):
        if not isinstance(tool, str):
            raise FormatError("wrong-type", f"item {at} of `tools` must be a string: Dotprompt refuses the file")
    for at, tool in enumerate(raw.get("toolDefs") or (), 1):
        if not isinstance(tool, dict) or not isinstance(tool.get("name"), str) or "inputSchema" not in tool:
            raise FormatError("wrong-type", f"item {at} of `toolDefs` needs a `name` and an `inputSchema`")


def _inner(raw: Mapping[str, Any], key: str, inner: str) -> Any:
    about = raw.get(key)
    return about.get(inner) if isinstance(about, Mapping) else None


def _check(key: str, value: Any, kind: type, words: str) -> None:
    if value is not None and not isinstance(value, kind):
        raise FormatError("wrong-type", f"`{key}` must be {words}: Dotprompt refuses the file")


def _extensions(raw: Mapping[str, Any]) -> Metadata:
    """``ns.key: value`` is ``{ns: {key: value}}``; of several dots the last one parts them."""
    found: Metadata = {}
    for key, value in raw.items():
        if isinstance(key, str) and "." in key and key not in RESERVED:
            namespace, _, field = key.rpartition(".")
            found.setdefault(namespace, {})[field] = value
    return found


def _overlaid(found: Metadata, over: Mapping[str, Any]) -> Metadata:
    merged = {**found, **{key: value for key, value in over.items() if value is not None}}
    merged["config"] = {**found.get("config", {}), **(over.get("config") or {})}
    own, more = found.get("input"), over.get("input")
    if isinstance(own, Mapping) and isinstance(more, Mapping):
        merged["input"] = {**own, **more}
        if "default" in own or "default" in more:
            merged["input"]["default"] = {**(own.get("default") or {}), **(more.get("default") or {})}
    return merged


def _with_schema(found: Metadata, part: str, code: str, find_schema: FindSchema) -> Metadata:
    about = found.get(part)
    if not isinstance(about, Mapping) or not about.get("schema"):
        return found
    # What the options give has no place in the file; JSON is YAML, so it is read from a text of its own.
    written = json.dumps(about["schema"])
    source = Source("", written, parse_yaml(written), no_siblings)
    node = source.tree.root
    if node is None:
        return found
    converted = convert(source, node, code, find_schema)
    for problem in converted.problems:
        if problem.data.get("severity") == "error" or "schema" in problem.data:
            raise FormatError("invalid-schema", problem.message)
    return {**found, part: {**about, "schema": converted.schema}}
