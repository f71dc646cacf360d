"""What is said of runs outside of the workspace: by the user, for all projects, by the editor, and by a policy."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_data import to_data
from promptls.workspace.layer import Layer, read_layer
from promptls.workspace.places import USER_VARIABLE, user_file
from promptls.workspace.protection import UNTIL_MENDED, misread
from promptls.workspace.running import Policy

POLICY_VARIABLE: Final = "PROMPTLS_POLICY"
_LARGEST: Final = 1_000_000
"""Bytes of a file that is read."""
_POLICY_KEYS: Final = ("hosts", "models", "providers", "limits", "budget", "offline", "prompts")
_LISTS: Final = ("hosts", "models")


@dataclass(frozen=True, slots=True)
class Outside:
    """``user_path``: where the user's own file is or would be; it is no project's, wherever it lies."""

    user: Layer = field(default_factory=Layer)
    editor: Layer = field(default_factory=Layer)
    policy_layer: Layer = field(default_factory=Layer)
    policy: Policy = field(default_factory=Policy)
    user_path: str = ""


def read_outside(environment: Mapping[str, str], editor: Any = None) -> Outside:
    """Both files, read now. ``editor``: its settings, `{target, keys, offline}`.

    Never raises. Where one of the files is there and cannot be read nothing is allowed: what it forbids is unknown.
    """
    path = user_file(environment)
    data, wrong = _data(path)
    layer, policy = _policy(environment.get(POLICY_VARIABLE, ""))
    if wrong and not policy.problem:
        policy = replace(policy, problem=f"your configuration {path} {wrong}; {UNTIL_MENDED}")
    return Outside(read_layer(data, "user", str(path.parent)), editor_layer(editor), layer, policy, str(path))


def editor_layer(settings: Any) -> Layer:
    """The editor's settings: a target in the place of `default`, and for each provider the name of the variable that
    has its key. A folder's own settings come with the folder, so no address and no command is read of them."""
    if not isinstance(settings, Mapping):
        return Layer()
    keys = settings.get("keys")
    providers = (
        {str(name): {"api_key": reference} for name, reference in keys.items() if isinstance(reference, str)}
        if isinstance(keys, Mapping)
        else {}
    )
    return read_layer(
        {"default": settings.get("target"), "providers": providers, "offline": settings.get("offline")}, "editor", ""
    )


def outside_of(environment: Mapping[str, str], editor: Callable[[], Any] = lambda: None) -> Callable[[], Outside]:
    """`read_outside`, read again only after one of the files, or the editor's settings, have changed."""
    known: list[tuple[Any, Outside]] = []

    def look() -> Outside:
        settings = editor()
        paths = (known[0][1].user_path if known else str(user_file(environment)), environment.get(POLICY_VARIABLE, ""))
        stamp = (environment.get(USER_VARIABLE), *map(_stamp, paths), repr(settings))
        if not known or known[0][0] != stamp:
            known[:] = [(stamp, read_outside(environment, settings))]
        return known[0][1]

    return look


def _policy(name: str) -> tuple[Layer, Policy]:
    if not name:
        return Layer(), Policy()
    path = Path(os.path.abspath(name))
    data, wrong = _data(path)
    wrong = wrong or _unlike_a_policy(data)
    if wrong:
        problem = f"the policy {path} (PROMPTLS_POLICY) {wrong}; {UNTIL_MENDED}"
        return Layer(offline=True), Policy((), (), str(path), problem)
    hosts, models = (None if data.get(key) is None else tuple(data[key]) for key in _LISTS)
    return read_layer(data, "policy", str(path.parent)), Policy(hosts, models, str(path))


def _unlike_a_policy(data: Any) -> str:
    if data is None:
        return "is not there, or empty"
    if not isinstance(data, Mapping):
        return "cannot be read as a YAML map"
    unknown = next((str(key) for key in data if key not in _POLICY_KEYS), None)
    if unknown is not None:
        return f"has `{unknown}`, which is none of {', '.join(_POLICY_KEYS)}"
    for key in _LISTS:
        value = data.get(key)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            return f"has `{key}` that is no list of texts"
    return ""


def _data(path: Path) -> tuple[Any, str]:
    """The YAML of a file, None where there is none; and why it, or what it says to protect, cannot be read."""
    try:
        if not os.path.lexists(path):
            return None, ""
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None, "is no file that can be read"
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError):
        return None, "cannot be read as UTF-8"
    tree = parse_yaml(text)
    if any(problem.code == "yaml-syntax" for problem in tree.problems):
        return None, "cannot be read as YAML"
    data = to_data(tree)
    return data, misread(tree, data, text)


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path) if path else None
    except (OSError, ValueError):
        return None
    return (status.st_mtime_ns, status.st_size) if status else None
