"""What a header says beside its inputs and its model: name, template language, tools."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from promptls.formats.prompty.recognise import TITLES, V1, version_of
from promptls.formats.source import Source, as_mapping, bare, real, string
from promptls.syntax.problem import Problem
from promptls.syntax.yaml_tree import Mapping, Scalar, Sequence
from promptls.text.uris import path_in

DIALECTS = {"jinja2": "jinja", "mustache": "mustache"}
"""The template languages that both loaders register (``renderers``), by the names of ``syntax.template``."""


def prompt_name(source: Source, uri: str) -> str:
    """``name`` of the header, else the file's name without its ending."""
    root = source.root()
    named = string(source, root.get("name")) if root is not None else ""
    return named or posixpath.splitext(posixpath.basename(path_in(uri)))[0]


def description(source: Source) -> str:
    root = source.root()
    return string(source, root.get("description")) if root is not None else ""


def dialect_of(source: Source, variant: str) -> str:
    """The template language, Jinja where none is named; by the file's own word where no loader knows it."""
    written = _named_dialect(source)
    return DIALECTS.get(written.text.strip(), written.text.strip()) if written is not None else "jinja"


def foreign_dialect(source: Source, variant: str) -> Iterator[Problem]:
    """A template language that the reference loaders have no renderer for: ``prepare`` raises (0.1.50 ``invoker.py``,
    2.1.0 ``core/registry.py``), unless the program that runs the prompt registers one.

    The TypeScript runtime registers its Nunjucks under ``nunjucks`` and ``jinja2`` (``packages/core/src/index.ts``).
    """
    written = _named_dialect(source)
    if written is None or written.text.strip() in DIALECTS:
        return
    word = written.text.strip()
    loader = TITLES[V1] if version_of(variant) == V1 else "Prompty's Python runtime"
    message = f"{loader} has no renderer `{word}`: a run fails unless your program registers one"
    if word == "nunjucks":
        message = f"Only Prompty's TypeScript runtime knows `{word}`, the Python one refuses it; `jinja2` works in both"
    data = {"severity": "warning", "suggestion": "jinja2" if word == "nunjucks" else ""}
    yield Problem(bare(written), "not-portable", message, "dialect", data)


def _named_dialect(source: Source) -> Scalar | None:
    """Where the template language is named; None where Jinja is meant without a word, or a variable decides."""
    root = source.root()
    written = real(source, root.get("template")) if root is not None else None
    if isinstance(written, Mapping):
        # v1's mapping says `type`, v2's `format`, itself a mapping with `kind` or a word.
        written = real(source, written.get("format") or written.get("type"))
        if isinstance(written, Mapping):
            written = real(source, written.get("kind"))
    if not isinstance(written, Scalar) or not isinstance(written.value, str):
        return None
    word = written.text.strip()
    return None if not word or word == "*" or word.startswith("${") else written


def tool_names(source: Source) -> tuple[str, ...]:
    return tuple(name for name, _ in tools_of(source) if name)


def tool_inputs(source: Source) -> Iterator[str]:
    """The inputs that tools are bound to: ``bindings: {unit: {input: preferred_unit}}``, or the bare name."""
    for _, tool in tools_of(source):
        bindings = source.data(tool.get("bindings"))
        if isinstance(bindings, dict):
            bindings = list(bindings.values())
        for each in bindings if isinstance(bindings, list) else []:
            name = each.get("input") if isinstance(each, dict) else each
            if isinstance(name, str):
                yield name


def tools_of(source: Source) -> Iterator[tuple[str, Mapping]]:
    """Each tool with its name, empty where it has none."""
    root = source.root()
    written = real(source, root.get("tools")) if root is not None else None
    if isinstance(written, Sequence):
        for item in written.items:
            tool = as_mapping(source, item)
            if tool is not None:
                yield string(source, tool.get("name") or tool.get("id")), tool
    elif isinstance(written, Mapping):
        for entry in written.entries:
            tool = as_mapping(source, entry.value)
            yield entry.name, tool or Mapping(entry.value.span, ())
