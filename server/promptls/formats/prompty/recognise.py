"""Which Prompty a file is: v1, v2, promptflow's flavour of v1, a mixture, or unclear.

The clues are those of prompt-formats.md 1.1, measured on 179 files of microsoft/prompty, main 75e4d0e and
branch v1 1df84bd. A weak clue counts only where there is no other: a later file may have it by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from promptls.formats.prompty.header import opened
from promptls.prompt.model import Recognised
from promptls.syntax.yaml import resolve
from promptls.syntax.yaml_tree import Mapping, Node, Path, Scalar, Sequence, YamlTree
from promptls.text import Span

KEY = "prompty"
KEYS = ("prompty", "prompty-v1", "prompty-v2")

V1, PROMPTFLOW, V2, UNCLEAR = "v1", "promptflow", "v2", "unclear"
UNGUARDED = "v2-unguarded"
"""A v2 prompt with ``template.format.strict: false``: its values may write role lines."""
TITLES = {
    V1: "Prompty v1",
    PROMPTFLOW: "Prompty v1 (promptflow)",
    V2: "Prompty v2",
    UNCLEAR: "Prompty, version unclear",
}

TOP_V1 = ("sample", "base", "authors", "tags", "version")
MODEL_V1 = ("configuration", "parameters", "api", "response")
MODEL_V2 = ("connection", "options", "provider", "apiType", "id")
TOP_WEAK_V2 = ("displayName", "metadata", "tools")
BY_COMMENT, BY_CONFIGURATION = "a comment in the file says so", "the configuration says so"
LIGHT = {"authors", "tags", "version", "api", "response"}
"""Keys that v2 files carry along from v1 without meaning v1."""
PROMPTFLOW_TYPES = {"int", "double", "bool", "list", "image"}

_COMMENT = re.compile(r"promptls:[ \t]*format\[[ \t]*(prompty(?:-v[12])?)[ \t]*\]")


class Clue(NamedTuple):
    """``words`` says it to a person; ``span`` is the key that gives it away."""

    version: str
    words: str
    weight: int
    path: Path
    span: Span


def version_of(variant: str) -> str:
    """``v1`` or ``v2``: whose loader decides. What is unclear is read as the current version."""
    return V1 if variant in (V1, PROMPTFLOW) else V2


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    """``as_format`` (from the configuration) and a comment ``# promptls: format[prompty-v1]`` go before all clues."""
    if as_format not in KEYS and not name.lower().endswith(".prompty"):
        return None
    tree = opened(text).tree
    strong, weak = clues(text)
    told = _told(text, as_format)
    if told is not None:
        variant = V2 if told[0].endswith("v2") else _flavour(tree)
        return _named(variant, told[1])
    if not strong and not weak:
        return _named(UNCLEAR, "no key belongs to one version only")
    counted = strong or weak
    ours = _winner(counted)
    variant = _flavour(tree) if ours == V1 else V2
    why = _listed([clue.words for clue in counted if clue.version == ours])
    odd = [clue.words for clue in strong if clue.version != ours]
    return _named(variant, f"{why}; but {_listed(odd)}" if odd else why)


def is_told(recognised: Recognised) -> bool:
    """Whether somebody said which version it is, in the file or in the configuration."""
    return recognised.why in (BY_COMMENT, BY_CONFIGURATION)


def odd_clues(text: str, variant: str) -> tuple[Clue, ...]:
    """The keys of the other version in a file that mixes both; none where all fits."""
    strong, _ = clues(text)
    ours = version_of(variant)
    if variant == UNCLEAR or not any(clue.version == ours for clue in strong):
        return ()
    return tuple(clue for clue in strong if clue.version != ours)


@lru_cache(maxsize=16)
def clues(text: str) -> tuple[tuple[Clue, ...], tuple[Clue, ...]]:
    """``(strong, weak)``, in the order of the file."""
    tree = opened(text).tree
    root = _mapping(tree, tree.root) if tree is not None else None
    if tree is None or root is None:
        return (), ()
    strong = sorted(_strong(tree, root), key=lambda clue: clue.span)
    weak = sorted(_weak(tree, root), key=lambda clue: clue.span)
    return tuple(strong), tuple(weak)


def _strong(tree: YamlTree, root: Mapping) -> Iterator[Clue]:
    for entry in root.entries:
        value = resolve(tree, entry.value)
        key = entry.key.span
        if entry.name in TOP_V1:
            yield Clue(V1, f"`{entry.name}`", _weight(entry.name), (entry.name,), key)
        elif entry.name == "inputs" and isinstance(value, Sequence):
            yield Clue(V2, "`inputs` as a list", 2, ("inputs",), key)
        elif entry.name == "template":
            yield from _template(value, key)
        elif entry.name == "model" and isinstance(value, Scalar) and isinstance(value.value, str):
            if not value.text.startswith("${"):
                yield Clue(V2, "`model` as a string", 2, ("model",), key)
        elif entry.name == "model" and isinstance(value, Mapping):
            for inner in value.entries:
                version = V1 if inner.name in MODEL_V1 else V2 if inner.name in MODEL_V2 else ""
                if version:
                    words = f"`model.{inner.name}`"
                    yield Clue(version, words, _weight(inner.name), ("model", inner.name), inner.key.span)


def _template(value: Node, key: Span) -> Iterator[Clue]:
    if isinstance(value, Mapping) and value.entries:
        old = value.entry("type") is not None and value.entry("format") is None
        words = "`template.type`" if old else "`template` as a mapping"
        yield Clue(V1 if old else V2, words, 2, ("template",), key)
    elif isinstance(value, Scalar) and isinstance(value.value, str) and not value.text.startswith("${"):
        yield Clue(V1, "`template` as a string", 2, ("template",), key)


def _weak(tree: YamlTree, root: Mapping) -> Iterator[Clue]:
    for entry in root.entries:
        value = resolve(tree, entry.value)
        if entry.name in TOP_WEAK_V2:
            yield Clue(V2, f"`{entry.name}`", 1, (entry.name,), entry.key.span)
        elif entry.name == "outputs" and isinstance(value, Sequence):
            yield Clue(V2, "`outputs` as a list", 1, ("outputs",), entry.key.span)
        elif entry.name in ("inputs", "outputs") and isinstance(value, Mapping):
            for inner in value.entries:
                about = _mapping(tree, inner.value)
                for key, version in (("kind", V2), ("type", V1)):
                    found = about.entry(key) if about is not None else None
                    if found is not None:
                        path: Path = (entry.name, inner.name, key)
                        yield Clue(version, f"`{key}` of `{inner.name}`", 1, path, found.key.span)


def _flavour(tree: YamlTree | None) -> str:
    """Promptflow's files name a connection, give ``sample`` as a path and use types of their own."""
    root = _mapping(tree, tree.root) if tree is not None else None
    if tree is None or root is None:
        return V1
    model = _mapping(tree, root.get("model"))
    configuration = _mapping(tree, model.get("configuration")) if model is not None else None
    if configuration is not None and configuration.entry("connection") is not None:
        return PROMPTFLOW
    sample = root.get("sample")
    if isinstance(sample, Scalar) and isinstance(sample.value, str) and not sample.text.startswith("${"):
        return PROMPTFLOW
    inputs = _mapping(tree, root.get("inputs"))
    for entry in inputs.entries if inputs is not None else ():
        about = _mapping(tree, entry.value)
        kind = about.get("type") if about is not None else None
        if isinstance(kind, Scalar) and kind.text in PROMPTFLOW_TYPES:
            return PROMPTFLOW
    return V1


def _told(text: str, as_format: str | None) -> tuple[str, str] | None:
    """``(key, why)`` where somebody said which version it is."""
    front = opened(text).front
    comment = _COMMENT.search(text, 0, front.body.start)
    if comment is not None and comment[1] != KEY:
        return comment[1], BY_COMMENT
    if as_format in KEYS and as_format != KEY:
        return as_format, BY_CONFIGURATION
    return None


def _winner(found: tuple[Clue, ...]) -> str:
    """The version with more weight. On a tie v2: its loader drops what it does not know, v1's refuses it."""
    weight = {V1: 0, V2: 0}
    for clue in found:
        weight[clue.version] += clue.weight
    return V1 if weight[V1] > weight[V2] else V2


def _weight(name: str) -> int:
    return 1 if name in LIGHT else 2


def _named(variant: str, why: str) -> Recognised:
    return Recognised(KEY, TITLES[variant], why, variant)


def _listed(words: list[str]) -> str:
    shown = words[:4]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _mapping(tree: YamlTree, node: Node | None) -> Mapping | None:
    found = resolve(tree, node) if node is not None else None
    return found if isinstance(found, Mapping) else None
