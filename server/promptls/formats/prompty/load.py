"""A v2 file as prompty 2.1.0 loads it: shorthands expanded, references resolved, or refused with a reason.

Follows ``core/loader.py`` and ``model/`` of 2.1.0 and the ``load`` vectors. One thing is left out: 2.1.0's check of
the endpoint (``core/endpoint_trust.py``), which is about who gets credentials and not about the file; a run has
its own consent. ``read`` never calls this: it is what a run uses, and what the official vectors test.
"""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from promptls.formats.base import FormatError, MissingInput, OpenSibling
from promptls.formats.prompty.header import opened
from promptls.formats.prompty.visits import VISITS, Visit
from promptls.syntax.yaml import parse_yaml, to_data
from promptls.syntax.yaml_tree import YamlTree

DEEPEST = 50
_DRIVE = re.compile(r"[A-Za-z]:|[\\/]")


class LoadError(FormatError):
    """The loader would refuse the file, or cannot read what it names."""


@dataclass(frozen=True, slots=True)
class Place:
    """What references resolve against, and where in the header we are (for messages)."""

    open_file: OpenSibling
    environ: Mapping[str, str]
    path: str = ""
    depth: int = 0

    def at(self, step: str | int) -> Place:
        if self.depth >= DEEPEST:
            raise LoadError("too-deep", f"`{self.path}` is nested too deeply")
        path = f"{self.path}[{step}]" if isinstance(step, int) else f"{self.path}.{step}".lstrip(".")
        return Place(self.open_file, self.environ, path, self.depth + 1)


def load(text: str, open_file: OpenSibling, environ: Mapping[str, str]) -> dict[str, Any]:
    """The loaded prompt, its collections as lists. ``open_file``: paths below the prompt's own folder.

    Raises LoadError with a sentence for a person.
    """
    return load_data(_header(text), open_file, environ)


def load_data(data: Mapping[str, Any], open_file: OpenSibling, environ: Mapping[str, str]) -> dict[str, Any]:
    """As ``load``, of a header that is data already; ``instructions`` holds the template."""
    written = copy.deepcopy(dict(data))
    template = written.get("template")
    if isinstance(template, str) and not template.startswith("${"):
        raise LoadError("invalid-template", f"Invalid template format: `{template}` is no mapping of format and parser")
    return {"kind": "prompt", **_mapping(written, "root", Place(open_file, environ))}


def fill_inputs(loaded: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values and the defaults of the loaded prompt (2.1.0 ``validate_inputs``). Raises MissingInput."""
    filled = dict(given)
    missing = []
    for item in loaded.get("inputs") or ():
        if item["name"] in filled:
            continue
        if item.get("default") is not None:
            filled[item["name"]] = item["default"]
        elif item.get("required"):
            missing.append(item["name"])
    if missing:
        raise MissingInput(tuple(missing))
    return filled


def _header(text: str) -> dict[str, Any]:
    front, tree = opened(text)
    if tree is None:
        # 2.1.0 takes a file without front matter for YAML as a whole: most often one long string.
        whole = _data(parse_yaml(text))
        return whole if isinstance(whole, dict) else {"instructions": whole} if isinstance(whole, str) else {}
    if front.closer is None:
        raise LoadError("invalid-frontmatter", "invalid frontmatter: the header is never closed")
    header = _data(tree)
    if header is not None and not isinstance(header, dict):
        raise LoadError("invalid-frontmatter", "invalid frontmatter: the header is no mapping of keys to values")
    # 2.1.0 keeps the last line end of the file; the vectors, as the other runtimes, do not.
    return {**(header or {}), "instructions": front.body.slice(text).strip()}


def _data(tree: YamlTree) -> Any:
    broken = next((problem for problem in tree.problems if problem.code == "yaml-syntax"), None)
    if broken is not None:
        raise LoadError("invalid-frontmatter", f"invalid frontmatter: {broken.message}")
    return to_data(tree, tree, yaml11=True)


def _mapping(data: Any, name: str, place: Place) -> dict[str, Any]:
    """One mapping that the loader visits: its references resolved, its parts loaded. ``name``: of its visit."""
    visit = VISITS[name]
    if isinstance(data, str) or (isinstance(data, int | float) and name == "property"):
        data = _scalar(data, visit, name)
    if not isinstance(data, dict):
        raise LoadError("wrong-type", f"`{place.path or 'the header'}` must be a mapping, not `{data}`")
    resolved = {key: _resolved(key, value, place) for key, value in data.items()}
    _require(resolved, name, place)
    loaded: dict[str, Any] = {}
    for key, value in resolved.items():
        if visit.keys is not None and key not in visit.keys:
            continue
        if key in visit.one:
            loaded[key] = _mapping(value, visit.one[key], place.at(key))
        elif key in visit.many:
            loaded[key] = _collection(value, visit.many[key], place.at(key))
        elif value is not None:
            loaded[key] = value
    return loaded


def _collection(data: Any, name: str, place: Place) -> list[dict[str, Any]]:
    """A list of mappings, or a map of them by name; a scalar in the map stands for the shorthand key."""
    if isinstance(data, dict):
        return [_mapping(_entry(key, value, name, place), name, place.at(str(key))) for key, value in data.items()]
    if not isinstance(data, list):
        raise LoadError("wrong-type", f"`{place.path}` must be a list or a mapping, not `{data}`")
    return [_mapping(item, name, place.at(index)) for index, item in enumerate(data)]


def _entry(key: Any, value: Any, name: str, place: Place) -> dict[str, Any]:
    if isinstance(value, list):
        raise LoadError("wrong-type", f"`{place.path}.{key}` must be a mapping, not a list")
    return {"name": key, **value} if isinstance(value, dict) else {"name": key, VISITS[name].shorthand: value}


def _scalar(value: str | float, visit: Visit, name: str) -> Any:
    """What a scalar stands for where a mapping is expected; itself where nothing."""
    if name != "property":
        return {visit.shorthand: value} if visit.shorthand else value
    names = {bool: "boolean", int: "integer", float: "float", str: "string"}
    return {"kind": names[type(value)], visit.shorthand: value}


def _require(data: Mapping[str, Any], name: str, place: Place) -> None:
    kind = data.get("kind")
    needs = VISITS[name].needs
    if name == "property" and kind == "array":
        needs = (*needs, "items")
    elif name == "tool" and kind != "function":
        needs = (*needs, "connection")
    for key in needs:
        if data.get(key) is None or (key == "kind" and (not isinstance(kind, str) or not kind)):
            raise LoadError("missing-key", f"`{f'{place.path}.{key}'.lstrip('.')}`: missing required field")


def _resolved(key: str, value: Any, place: Place) -> Any:
    if not isinstance(value, str) or not value.startswith("${") or not value.endswith("}"):
        return value
    protocol, _, named = value[2:-1].partition(":")
    if protocol.lower() == "env":
        name, _, default = named.partition(":")
        found = place.environ.get(name)
        if found is None and not default:
            raise LoadError("env-not-set", f"Environment variable '{name}' not set for key '{key}'", name)
        return default if found is None else found
    return _file(key, named, place) if protocol.lower() == "file" else value


def _file(key: str, path: str, place: Place) -> Any:
    slashed = path.replace("\\", "/")
    if _DRIVE.match(path) or posixpath.normpath(slashed).split("/")[0] == "..":
        raise LoadError(
            "outside-roots", f"File reference '{path}' resolves outside allowed roots: the file's own folder"
        )
    found = place.open_file(slashed)
    if found.text is None:
        raise LoadError(
            "file-not-found", f"FileNotFoundError: referenced file '{path}' not found for key '{key}'", path
        )
    if slashed.endswith((".json", ".yaml", ".yml")):
        return _data(parse_yaml(found.text))
    return found.text
