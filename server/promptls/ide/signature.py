"""Signature help: what a filter, a test, a function, a macro or a helper takes, and which of it is being written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from promptls.ide.builtins import words
from promptls.ide.markdown import paragraphs, short
from promptls.ide.places import template_at
from promptls.prompt.model import Document, Prompt, Template
from promptls.syntax.template.calls import Call, call_in_template
from promptls.syntax.template.tree import Node
from promptls.text import Span
from promptls.text.markdown import fenced

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_TABLES = {"filter": ("filter",), "test": ("test",), "function": ("global", "special"), "helper": ("helper", "tag")}
_NAME = re.compile(r"\*{0,2}[\w.-]+")
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class Parameter(NamedTuple):
    """``span``: its place in the label of its signature. ``name``: with its stars, if it takes all that is left.
    ``named``: given by its name only."""

    name: str
    span: Span
    documentation: str = ""
    named: bool = False


class Signature(NamedTuple):
    label: str
    parameters: tuple[Parameter, ...]
    documentation: str = ""


class SignatureHelp(NamedTuple):
    """``active``: the signature that fits what is written; ``parameter``: which of its parameters is being written,
    None where it takes no such argument."""

    signatures: tuple[Signature, ...]
    active: int
    parameter: int | None


def signature_at(document: Document, offset: int, snapshot: Snapshot) -> SignatureHelp | None:
    """Help for the call whose arguments ``offset`` is in; None outside of calls and for what nothing is known of."""
    inside = template_at(document, offset)
    if inside is None:
        return None
    prompt, template = inside
    call = call_in_template(template.tree, document.text.value, offset)
    signatures = _signatures(document.text.value, prompt, template, call, offset) if call else ()
    if call is None or not signatures:
        return None
    fits = [set(call.keywords) <= {one.name for one in signature.parameters} for signature in signatures]
    active = fits.index(True) if any(fits) else 0
    return SignatureHelp(signatures, active, _active(signatures[active], call))


def _signatures(text: str, prompt: Prompt, template: Template, call: Call, offset: int) -> tuple[Signature, ...]:
    if call.kind == "function":
        binding = template.analysis.visible(offset).get(call.path[0])
        if binding is not None and binding.kind != "builtin":
            macro = _macro(template.tree.root, binding.span) if len(call.path) == 1 else None
            return (_of_macro(text, macro),) if macro else ()
        if prompt.input(call.path[0]):
            return ()
    about = _about(template, call)
    if about is None:
        return ()
    if call.kind == "helper":
        return (_of_helper(call.path[0], about, template.dialect),)
    lead = "".join(f"{name}." for name in call.path[:-1])
    documentation = _documentation(about, template.dialect)
    written = str(about.get("signature") or call.path[-1]).split(" | ")
    return tuple(_parsed(lead + one, documentation) for one in written)


def _about(template: Template, call: Call) -> Mapping[str, Any] | None:
    """The table's row of what is called; of ``loop.cycle`` that of ``cycle``."""
    for kind in _TABLES[call.kind]:
        about: Mapping[str, Any] | None = words(template.dialect, kind, template.runtime).get(call.path[0])
        for step in call.path[1:]:
            about = about.get("members", {}).get(step) if about else None
        if about is not None:
            return about
    return None


def _documentation(about: Mapping[str, Any], dialect: str) -> str:
    example = str(about.get("example") or "")
    return paragraphs(str(about.get("description") or ""), fenced(example, dialect) if example else "")


def _parsed(label: str, documentation: str) -> Signature:
    """A signature as the tables write it: ``name(first, second=1, *more)``."""
    start, end = label.find("("), label.rfind(")")
    if start < 0 or end < start:
        return Signature(label, (), documentation)
    return Signature(label, tuple(_parameters(label, start + 1, end)), documentation)


def _parameters(label: str, start: int, end: int) -> Iterator[Parameter]:
    depth, at, quote = 0, start, ""
    for index in range(start, end + 1):
        char = label[index]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif index == end or (char == "," and not depth):
            span = _trimmed(label, at, index)
            name = _NAME.match(label, span.start)
            if name and not span.empty:
                yield Parameter(name[0], span)
            at = index + 1
        else:
            depth += _BRACKETS.get(char, 0)


def _trimmed(label: str, start: int, end: int) -> Span:
    part = label[start:end]
    start += len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))


def _macro(root: Node, name: Span) -> Node | None:
    """The macro whose name stands there."""
    found = (node for node in root.walk() if node.kind == "block" and node.name == "macro" and node.head)
    return next((node for node in found if node.head[0].span == name), None)


def _of_macro(text: str, macro: Node) -> Signature:
    label = f"{macro.head[0].name}("
    parameters: list[Parameter] = []
    for target in macro.head[1:]:
        default = f"={short(target.head[0].span.slice(text), 30)}" if target.head else ""
        label += ", " if parameters else ""
        parameters.append(Parameter(target.name, Span(len(label), len(label) + len(target.name + default))))
        label += target.name + default
    return Signature(f"{label})", tuple(parameters), "A macro of this file.")


def _of_helper(name: str, about: Mapping[str, Any], dialect: str) -> Signature:
    """``json value [indent=…]``: what the table says of arguments by place and by name."""
    label = name
    parameters: list[Parameter] = []
    for argument in about.get("arguments") or ():
        span = Span(len(label) + 1, len(label) + 1 + len(argument["name"]))
        parameters.append(Parameter(argument["name"], span, str(argument.get("description") or "")))
        label += f" {argument['name']}"
    for key, argument in (about.get("named") or {}).items():
        bracket = not argument.get("required")
        span = Span(len(label) + 1 + bracket, len(label) + 1 + bracket + len(key) + 2)
        parameters.append(Parameter(key, span, str(argument.get("description") or ""), named=True))
        label += f" [{key}=…]" if bracket else f" {key}=…"
    return Signature(label, tuple(parameters), _documentation(about, dialect))


def _active(signature: Signature, call: Call) -> int | None:
    names = [one.name for one in signature.parameters]
    if call.keyword:
        if call.keyword in names:
            return names.index(call.keyword)
        return next((index for index, name in enumerate(names) if name.startswith("**")), None)
    places = [index for index, one in enumerate(signature.parameters) if not one.named]
    rest = next((index for index in places if names[index].startswith("*")), len(places))
    index = min(call.position, rest)
    return index if index < len(places) else None
