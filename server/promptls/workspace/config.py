"""`promptls.yaml`: what a team decides once for editor, command line and CI."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from promptls.syntax.yaml import parse_yaml, resolve
from promptls.syntax.yaml_data import to_data
from promptls.syntax.yaml_tree import Mapping as YamlMapping
from promptls.syntax.yaml_tree import Scalar, YamlTree
from promptls.text import Text
from promptls.text.uris import uri_to_path
from promptls.workspace.globs import matches
from promptls.workspace.layer import Layer, combine, read_layer
from promptls.workspace.protection import UNTIL_MENDED, misread
from promptls.workspace.running import Running

CONFIG_NAME = "promptls.yaml"
_NO_LINE_END = re.compile(r"[^\r\n]")
LEVELS = ("off", "error", "warning", "information", "hint")


@dataclass(frozen=True, slots=True)
class HostNames:
    """What the application that loads the prompts registers with its template engine."""

    filters: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()
    helpers: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    extensions: tuple[str, ...] = ()


class DeclaredInputs(NamedTuple):
    """The inputs of some templates: the `file` with their JSON Schema, relative to `root`, or their declarations
    themselves, `text` with blanks for all else so that offsets hold."""

    file: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """One configuration, read. `root`: the path of its folder with `/`; None without a file. `uri`: the file's.

    `rules`: level by code; `rules_in`: the same below a pattern, later ones win over earlier ones.
    """

    root: str | None = None
    uri: str | None = None
    text: Text | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    rules_in: tuple[tuple[str, Mapping[str, str]], ...] = ()
    host: HostNames = HostNames()
    roots: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    """Files and folders of JSON Schemas, relative to `root`, and names that the application alone knows."""
    formats: tuple[tuple[str, str], ...] = ()
    inputs: tuple[tuple[str, DeclaredInputs], ...] = ()
    """What `inputs:` declares for the templates that fit a pattern."""
    problem: str = ""
    """Why the file was not read, or not what it forbids, and no good text of it was ever seen."""
    own: Layer = field(default_factory=Layer)
    """What this file alone says of runs."""
    running: Running = field(default_factory=Running)
    """What is said of runs in all: with the user's file, the editor and the policy where an edge looks at those."""

    def severity(self, code: str, path: str) -> str | None:
        """The level that is set for a rule in a file (`path` relative to the root), or None."""
        level = self.rules.get(code)
        for pattern, rules in self.rules_in:
            if code in rules and matches(pattern, path):
                level = rules[code]
        return level

    def format_of(self, path: str) -> str | None:
        """The format that `formats:` gives a file, the last pattern that fits; `off`: not a prompt file."""
        return next((name for pattern, name in reversed(self.formats) if matches(pattern, path)), None)

    def inputs_of(self, path: str) -> DeclaredInputs | None:
        """What `inputs:` declares for a file, by the last pattern that fits."""
        return next((found for pattern, found in reversed(self.inputs) if matches(pattern, path)), None)


def read_config(text: Text, root: str, uri: str) -> Config | None:
    """The configuration of a text; None where its YAML is broken, so that the last good one stays in force."""
    tree = parse_yaml(text.value)
    if any(problem.code == "yaml-syntax" for problem in tree.problems):
        return None
    data = to_data(tree)
    settings = data if isinstance(data, dict) else {}
    templates = _mapping(settings.get("templates"))
    rules = _mapping(settings.get("rules"))
    own = read_layer(settings, "workspace", root)
    wrong = misread(tree, data, text.value)
    return Config(
        root=root,
        uri=uri,
        text=text,
        rules={code: level for code, level in rules.items() if _is_level(level)},
        rules_in=tuple(
            (pattern, {code: level for code, level in inner.items() if _is_level(level)})
            for pattern, inner in rules.items()
            if isinstance(inner, dict)
        ),
        host=HostNames(
            filters=_names(templates.get("filters")),
            tests=_names(templates.get("tests")),
            globals=_names(templates.get("globals")),
            helpers=_names(templates.get("helpers")),
            tags=_names(templates.get("tags")),
            extensions=tuple(sorted(_names(templates.get("extensions")))),
        ),
        roots=tuple(item for item in _list(templates.get("roots")) if isinstance(item, str)),
        schemas=tuple(sorted(_names(templates.get("schemas")))),
        formats=tuple(
            (pattern, name) for pattern, name in _mapping(settings.get("formats")).items() if isinstance(name, str)
        ),
        inputs=tuple(_inputs(tree, text.value)),
        problem=f"{uri_to_path(uri) or uri} {wrong}; {UNTIL_MENDED}" if wrong else "",
        own=own,
        running=combine((own,)),
    )


_MOST_INPUTS = 200
"""Patterns of `inputs:` that are read: each holds a text as long as the file."""


def _inputs(tree: YamlTree, text: str) -> Iterator[tuple[str, DeclaredInputs]]:
    root = tree.root
    written = root.get("inputs") if isinstance(root, YamlMapping) else None
    inputs = resolve(tree, written) if written is not None else None
    for entry in inputs.entries[:_MOST_INPUTS] if isinstance(inputs, YamlMapping) else ():
        value = resolve(tree, entry.value)
        if isinstance(value, Scalar):
            if isinstance(value.value, str) and value.text:
                yield entry.name, DeclaredInputs(file=value.text)
        else:
            start, end = value.span
            yield entry.name, DeclaredInputs(text=_blank(text[:start]) + text[start:end] + _blank(text[end:]))


def _blank(text: str) -> str:
    return _NO_LINE_END.sub(" ", text)


def _is_level(level: Any) -> bool:
    return isinstance(level, str) and level in LEVELS


def _mapping(value: Any) -> dict[str, Any]:
    return {key: item for key, item in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(value: Any) -> frozenset[str]:
    """Names from a list of names or of `{name: …}`, or from the keys of a map."""
    names = list(value) if isinstance(value, dict) else _list(value)
    return frozenset(
        name for item in names if isinstance(name := item.get("name") if isinstance(item, dict) else item, str) and name
    )
