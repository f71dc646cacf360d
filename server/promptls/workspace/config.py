"""`promptls.yaml`: what a team decides once for editor, command line and CI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_data import to_data
from promptls.text import Text
from promptls.workspace.globs import matches

CONFIG_NAME = "promptls.yaml"
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


def read_config(text: Text, root: str, uri: str) -> Config | None:
    """The configuration of a text; None where its YAML is broken, so that the last good one stays in force."""
    tree = parse_yaml(text.value)
    if any(problem.code == "yaml-syntax" for problem in tree.problems):
        return None
    data = to_data(tree)
    settings = data if isinstance(data, dict) else {}
    templates = _mapping(settings.get("templates"))
    rules = _mapping(settings.get("rules"))
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
    )


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
