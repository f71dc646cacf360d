"""What Handlebars' paths and calls read: every name with its path, from the context in which it stands."""

from __future__ import annotations

from typing import NamedTuple

from promptls.syntax.template import filters
from promptls.syntax.template.drafts import Facts, Literal, Path, Paths, Value, ask
from promptls.syntax.template.names import EACH, Binding, Mention
from promptls.syntax.template.tree import Node
from promptls.text import Span

BLOCKS = frozenset(["if", "unless", "each", "with", "inline"])
"""Blocks that are part of the language; what else a tag calls is a helper."""
_WANTS = {("each", 0): filters.ITERABLE, ("lookup", 0): filters.ITERABLE, ("media", "url"): filters.STRING}
"""What an argument must be, by its place or its name."""


class Context(NamedTuple):
    """What a bare name is looked up in. ``paths``: what it may be, from the root of the inputs, the likeliest first;
    none where it is computed. ``this``: the binding that stands for it; None where it is the root itself, or a
    section's, which may be several things. ``safe``: nobody knows whether it is this context that holds."""

    paths: Paths
    this: Binding | None = None
    safe: bool = False


class PathAnalysis:
    """``alone``: helpers that are called without arguments. ``stack``: the contexts around, outermost first;
    ``parameters``: the block parameters of the blocks around; ``unknown``: how many blocks around are those of a
    host's helper, which decides on the context; ``open_scopes``: where all inputs are read at once."""

    def __init__(self, text: str, alone: frozenset[str]) -> None:
        self.text = text
        self.alone = alone
        self.facts = Facts()
        self.values: list[Value] = []
        self.mentions: list[Mention] = []
        self.stack = [Context(((),))]
        self.parameters: list[dict[str, Binding]] = []
        self.unknown = 0
        self.open_scopes: list[Span] = []

    def shown(self, node: Node) -> tuple[Value, ...]:
        """The value that an output shows, where it is one."""
        if node.kind in ("name", "attribute") and not self.is_alone(node):
            value = self.value(node)
            return (value,) if value else ()
        self.call(node)
        return ()

    def is_alone(self, node: Node) -> bool:
        return node.kind == "name" and node.name in self.alone and not self._find(node.name)

    def call(self, call: Node) -> list[Value | None]:
        """A call of a helper, or a name alone that is one: its arguments."""
        callee, arguments = (call.head[0], call.head[1:]) if call.kind == "call" else (call, ())
        name = callee_name(callee)
        if name:
            kind = "tag" if name in BLOCKS else "helper"
            self.mentions.append(Mention(kind, name, callee.span))
        elif callee.kind == "group":
            self.argument(callee)
        return self._arguments(name, arguments)

    def _arguments(self, name: str, arguments: tuple[Node, ...]) -> list[Value | None]:
        values: list[Value | None] = []
        for index, argument in enumerate(arguments):
            key: int | str = index
            if argument.kind == "keyword":
                key, argument = argument.name, argument.head[0]
            value = self.argument(argument)
            if value is not None:
                ask(value, _WANTS.get((name, key), frozenset()))
            if key == index:
                values.append(value)
        if name == "lookup" and len(arguments) > 1 and values[0] is not None and arguments[1].kind == "string":
            self._step(values[0], arguments[1].name, arguments[1].name_span or arguments[1].span)
            values[0].wants = frozenset()
        return values

    def argument(self, node: Node) -> Value | None:
        """The use that an argument is; None for literals and sub-expressions."""
        if node.kind in ("name", "attribute"):
            return self.value(node)
        if node.kind == "group" and node.head:
            self.call(node.head[0])
        return None

    def value(self, node: Node) -> Value | None:
        """A use of a path; None for a broken one."""
        parts: list[Node] = []
        while node.kind == "attribute":
            parts.append(node)
            node = node.head[0]
        if node.kind != "name":
            return None
        parts.append(node)
        parts.reverse()
        if node.name.startswith("@") and not self._bracketed(node):
            return self._data(parts)
        found = self._find(node.name) if not self._bracketed(node) else None
        if found is not None:
            value = self._start((node.name,), (_place(node),), found.path, found)
            return self._down(value, parts[1:])
        up = 0
        at = 0
        while at < len(parts) and not self._bracketed(parts[at]) and parts[at].name in ("..", ".", "this"):
            up += parts[at].name == ".."
            at += 1
        if up >= len(self.stack):
            return None
        leading = Span(_place(parts[0]).start, _place(parts[at - 1]).end) if at else None
        return self._relative(self.stack[len(self.stack) - 1 - up], leading, parts[at:])

    def _relative(self, context: Context, leading: Span | None, parts: list[Node]) -> Value | None:
        """``parts`` of a context. ``leading``: where ``this``, ``./`` or ``../`` stands."""
        at = leading or Span(parts[0].span.start, parts[0].span.start)
        path = context.paths[0] if context.paths else None
        named = bool(parts and parts[0].name)
        if path == () or context.this is None:
            if not named:
                word = leading.slice(self.text) if leading else ""
                own = path or None
                value = self._start((word,), (at,), own, None)
                value.others = tuple(one for one in context.paths[1:] if one)
                if not own:
                    self.open_scopes.append(at)
            else:
                first, parts = parts[0], parts[1:]
                value = self._start(
                    (first.name,), (_place(first),), None if path is None else (*path, first.name), None
                )
                value.others = tuple((*one, first.name) for one in context.paths[1:])
        else:
            word = leading.slice(self.text) if leading else "this"
            value = self._start((word,), (at,), path, context.this)
        value.safe = context.safe or self.unknown > 0
        return self._down(value, parts)

    def _start(
        self, names: tuple[str, ...], spans: tuple[Span, ...], path: Path | None, binding: Binding | None
    ) -> Value:
        value = Value(names, spans, path, binding)
        if path:
            self.facts.check(value)
        self.values.append(value)
        return value

    def _down(self, value: Value, parts: list[Node]) -> Value:
        for part in parts:
            if part.name and (part.name != "this" or self._bracketed(part)):
                self._step(value, part.name, _place(part))
        return value

    def _step(self, value: Value, name: str, span: Span) -> None:
        step = EACH if name.isdigit() else name
        value.names += (step,)
        value.spans += (span,)
        value.others = tuple((*one, step) for one in value.others)
        if value.path is not None:
            value.path = (*value.path, step)
            self.facts.check(value)

    def _data(self, parts: list[Node]) -> Value:
        """``@index`` is given by a block, ``@root`` is where the inputs are; what else there is comes from the host."""
        first = parts[0]
        value = Value((first.name,), (_place(first),), None, None)
        self.values.append(value)
        if first.name == "@root" and len(parts) > 1 and parts[1].name:
            named = parts[1]
            value = self._start((named.name,), (_place(named),), (named.name,), None)
            return self._down(value, parts[2:])
        if first.name == "@root":
            self.open_scopes.append(_place(first))
        return self._down(value, parts[1:])

    def _bracketed(self, node: Node) -> bool:
        """Whether the name is written ``[so]``, which has no meaning but itself."""
        return self.text.startswith("[", _place(node).start - 1)

    def _find(self, name: str) -> Binding | None:
        return next((names[name] for names in reversed(self.parameters) if name in names), None)


def callee_name(node: Node) -> str:
    """What is called, as it is written without blanks; empty for what is not a name."""
    names: list[str] = []
    while node.kind == "attribute":
        names.append(node.name)
        node = node.head[0]
    if node.kind not in ("name", "string"):
        return ""
    names.append(node.name)
    return ".".join(reversed(names))


def _place(node: Node) -> Span:
    return node.name_span or node.span


def literal(node: Node) -> Literal | None:
    if node.kind == "string":
        return node.name
    if node.kind != "constant":
        return None
    if node.name in ("true", "false"):
        return node.name == "true"
    try:
        return float(node.name) if "." in node.name else int(node.name)
    except ValueError:
        return None
