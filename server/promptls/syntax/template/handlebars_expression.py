"""Handlebars' expressions (handlebars.js 4.7 ``handlebars.yy``), tolerant: what is missing becomes a node.

A path is a ``name`` with ``attribute`` nodes around it; its first name may be ``this``, ``.``, ``..`` or a data
variable with its ``@``. A name with arguments is a ``call``, whose arguments are nodes and then ``keyword`` nodes;
``(lookup a b)`` is a ``group`` around a call.
"""

from __future__ import annotations

from typing import NamedTuple

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.reader import TagReader
from promptls.syntax.template.tokens import Tag, Token
from promptls.syntax.template.tree import Node, made
from promptls.text import Span

DEEPEST_EXPRESSION = 60

CONSTANTS = frozenset(["true", "false", "null", "undefined"])
_HERE = frozenset([".", "..", "this"])
_SEPARATORS = frozenset([".", "/"])


class Callee(NamedTuple):
    """What a tag names first, with its arguments where these are read. ``key``: the name as a closing tag must
    repeat it; ``place``: where it is written."""

    node: Node
    key: str
    place: Span


class HandlebarsExpression(TagReader):
    """Reads the inside of one tag. ``depth``: how deep the sub-expression that is being read is nested."""

    def __init__(self, tag: Tag, problems: Problems, text: str) -> None:
        super().__init__(tag, problems, 0)
        self.problems = problems
        self.text = text
        self.depth = 0

    def warn(self, message: str, span: Span) -> None:
        """What handlebars.js refuses and other engines read."""
        if not self._quiet:
            self.quiet()
            self.problems.add("expected", span.start, span.end, message, severity="warning")

    def call(self) -> Callee:
        """A path or a literal with its arguments; the bare node where it has none."""
        callee = self.callee()
        arguments = self.arguments()
        if not arguments:
            return callee
        span = Span(callee.node.span.start, max(callee.node.span.end, arguments[-1].span.end))
        return callee._replace(node=Node("call", span, "", None, (callee.node, *arguments)))

    def callee(self) -> Callee:
        if self.sees("("):
            group = self.group()
            self.warn("handlebars.js wants a name here; a sub-expression can only be an argument", group.span)
            return _callee(group, "")
        return self.value("A name is expected here")

    def arguments(self) -> tuple[Node, ...]:
        """Positional arguments, then ``name=value``."""
        found: list[Node] = []
        named = False
        while True:
            token = self.next
            if self._stands_no_value():
                return tuple(found)
            if token.kind == "name" and self.tokens[self.at + 1][:2] == ("operator", "="):
                found.append(self._keyword(token))
                named = True
                continue
            argument = self._argument()
            if named:
                self.warn("handlebars.js wants this argument before those with a name", argument.span)
            found.append(argument)

    def block_parameters(self) -> tuple[Node, ...]:
        """The names of ``as |item index|``."""
        if not self.take("as |"):
            return ()
        found: list[Node] = []
        while self.next.kind == "name":
            found.append(self.word("target", ""))
        if not found:
            self.fail("expected", "A name is expected between the bars")
        self.expect("|")
        return tuple(found)

    def _keyword(self, token: Token) -> Node:
        self.at += 2
        if self._stands_no_value():
            value = self.missing("A value is expected after `=`")
        else:
            value = self._argument()
        name, place = _segment(token)
        end = max(value.span.end, self.last_end)
        return Node("keyword", Span(token.start, end), name, place, (value,))

    def _argument(self) -> Node:
        return self.group() if self.sees("(") else self.value("A value is expected here").node

    def group(self) -> Node:
        start = self.next.start
        if self.depth >= DEEPEST_EXPRESSION:
            self.fail("too-deep", f"This expression is nested more than {DEEPEST_EXPRESSION} deep")
            self.at = len(self.tokens) - 1
            return Node("missing", Span(start, start))
        self.depth += 1
        self.at += 1
        inner = self.call().node
        if inner.kind not in ("call", "missing"):
            inner = Node("call", inner.span, "", None, (inner,))
        self.expect(")")
        self.depth -= 1
        return Node("group", Span(start, self.last_end), "", None, (inner,))

    def value(self, message: str) -> Callee:
        token = self.next
        span = Span(token.start, token.end)
        if token.kind == "string":
            self.at += 1
            quoted = len(token.text) > 1 and token.text[-1] == token.text[0]
            inner = Span(token.start + 1, token.end - quoted)
            value = inner.slice(self.text).replace(f"\\{token.text[0]}", token.text[0])
            return _callee(Node("string", span, value, inner), value)
        if token.kind == "number" or (token.text in CONSTANTS and not self._goes_on()):
            self.at += 1
            return _callee(Node("constant", span, token.text, span), token.text)
        if token.kind == "name" or self.sees("@"):
            return self._path()
        missing = self.missing(message)
        if token.kind == "bad" or self.sees(*_SEPARATORS):
            self.at += 1
        return _callee(missing, "")

    def _stands_no_value(self) -> bool:
        """Whether an argument cannot start here."""
        kind, text = self.next[:2]
        return kind in ("end", "bad") or (kind == "operator" and text not in ("(", "@"))

    def _goes_on(self) -> bool:
        """Whether the next token is followed by what makes it part of a path, or the name of an argument."""
        following = self.tokens[self.at + 1]
        return following.kind == "operator" and following.text in ("=", ".", "/")

    def _path(self) -> Callee:
        start = self.next.start
        data = self.take("@")
        first = self.next
        if first.kind != "name":
            return _callee(self.missing("A name is expected after `@`"), "@")
        self.at += 1
        name, place = _segment(first)
        if data:
            name, place = f"@{name}", Span(start, place.end)
        node = made(("name", Span(start, first.end), name, place, (), (), None, None))
        key = name
        goes_down = first.text not in _HERE
        while True:
            token = self.next
            if token.kind == "operator" and token.text in _SEPARATORS:
                self.at += 1
                part = self.next
                if part.kind != "name":
                    self.fail("expected", f"A name is expected after the `{token.text}`", Span(token.start, token.end))
                    end = Span(token.end, token.end)
                    return _callee(Node("attribute", Span(start, token.end), "", end, (node,)), key)
                self.at += 1
            elif token.kind == "name" and token.text == "." and token.start == self.last_end:
                # `{{user.}}`: handlebars.js reads a call of `user` with the argument `.`.
                self.at += 1
                self.warn("A name is expected after the dot", Span(token.start, token.end))
                end = Span(token.end, token.end)
                return _callee(Node("attribute", Span(start, token.end), "", end, (node,)), key)
            else:
                return _callee(node, key)
            name, place = _segment(part)
            if goes_down and part.text in _HERE:
                message = f"`{part.text}` can only stand at the start of a path"
                if part.text == "..":
                    self.fail("expected", message, Span(part.start, part.end))
                else:
                    self.warn(message, Span(part.start, part.end))
            goes_down = goes_down or part.text not in _HERE
            node = made(("attribute", Span(start, part.end), name, place, (node,), (), None, None))
            key += token.text + name


def _callee(node: Node, key: str) -> Callee:
    return Callee(node, key, node.span)


def _segment(token: Token) -> tuple[str, Span]:
    """The name and its place without the brackets of ``[a b]``."""
    if token.text[0] != "[":
        return token.text, Span(token.start, token.end)
    inner = token.text[1:-1].replace("\\]", "]").replace("\\\\", "\\")
    return inner, Span(token.start + 1, token.end - 1)
