"""Jinja's expressions (the grammar of jinja2 3.1 ``parser.py``), tolerant: what is missing becomes a node."""

from __future__ import annotations

from collections.abc import Mapping

from promptls.syntax.template.reader import TagReader
from promptls.syntax.template.strings import unquote
from promptls.syntax.template.tree import Node, made
from promptls.text import Span

DEEPEST_EXPRESSION = 60

CONSTANTS = frozenset(["true", "false", "none", "True", "False", "None"])
LEVELS = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(["==", "!=", "<", ">", "<=", ">=", "in"], 4),
    **dict.fromkeys(["+", "-"], 5),
    "~": 6,
    **dict.fromkeys(["*", "/", "//", "%"], 7),
    "**": 8,
}
_NOT_LEVEL = 3
_NOT_AFTER = {
    "": frozenset(["*", "**", "keyword"]),
    "keyword": frozenset(["**"]),
    "*": frozenset(["*", "**"]),
    "**": frozenset(["**"]),
}
"""What an argument of a kind may not follow: ``*x``, ``**x``, ``name=x``."""


class JinjaExpression(TagReader):
    """Reads expressions. ``depth``: how deep the one that is being read is nested."""

    depth = 0
    levels: Mapping[str, int] = LEVELS
    constants: frozenset[str] = CONSTANTS

    def too_deep(self) -> Node:
        start = self.tokens[self.at].start
        self.fail("too-deep", f"This expression is nested more than {DEEPEST_EXPRESSION} deep")
        self.at = len(self.tokens) - 1
        return Node("missing", Span(start, start))

    def dotted(self, message: str) -> tuple[str, Span]:
        """The name of a filter or a test, and its place; empty where there is none."""
        token = self.tokens[self.at]
        if token.kind != "name":
            at = self.last_end
            self.fail("expected", message)
            return "", Span(at, at)
        self.at += 1
        name, end = token.text, token.end
        while self.take("."):
            part = self.tokens[self.at]
            if part.kind != "name":
                self.fail("expected", message)
                return name + ".", Span(token.start, self.last_end)
            self.at += 1
            name, end = f"{name}.{part.text}", part.end
        return name, Span(token.start, end)

    # -- expressions

    def one_or_more(self, *, conditions: bool = True) -> Node:
        """One expression, or several with commas between."""
        first = self.expression(conditions=conditions)
        if not self.sees(","):
            return first
        items = [first]
        while self.take(","):
            if self.ended or self.sees(")"):
                break
            items.append(self.expression(conditions=conditions))
        return Node("tuple", Span(first.span.start, self.last_end), "", None, tuple(items))

    def expression(self, *, conditions: bool = True) -> Node:
        node = self._binary(1)
        if not conditions or self.tokens[self.at].text != "if" or not self.sees("if"):
            return node
        deep = self.depth
        while self.take("if"):
            if self.depth >= DEEPEST_EXPRESSION:
                self.too_deep()
                break
            self.depth += 1
            head = [node, self._binary(1)]
            if self.take("else"):
                head.append(self.expression())
            node = Node("conditional", Span(node.span.start, head[-1].span.end), "if", None, tuple(head))
        self.depth = deep
        return node

    def _binary(self, lowest: int) -> Node:
        if self.depth >= DEEPEST_EXPRESSION:
            return self.too_deep()
        token = self.tokens[self.at]
        if token.kind == "name" and self.tokens[self.at + 1].kind == "end" and token.text != "not":
            return self.primary()  # a name alone is what most tags hold
        self.depth += 1
        left = self._not() if lowest <= _NOT_LEVEL and self.tokens[self.at].text == "not" else self._unary()
        while True:
            kind, text, start, end = self.tokens[self.at]
            if kind not in ("operator", "name"):
                break
            if text == "not" and self.sees_words("not", "in"):
                text, end = "in", self.tokens[self.at + 1].end
                negated = True
            else:
                negated = False
            level = self.levels.get(text, 0)
            if level < lowest or not level:
                break
            self.at += 1 + negated
            right = self._binary(level + 1)
            name = "not in" if negated else text
            left = Node("binary", Span(left.span.start, right.span.end), name, Span(start, end), (left, right))
        self.depth -= 1
        return left

    def _not(self) -> Node:
        """``not`` before a comparison; elsewhere jinja2 takes the word for a name."""
        words = []
        while (word := self.tokens[self.at]).text == "not" and word.kind == "name":
            words.append(word)
            self.at += 1
        if not words:
            return self._unary()
        node = self._binary(_NOT_LEVEL + 1)
        for word in reversed(words):
            span = Span(word.start, word.end)
            node = Node("unary", Span(word.start, node.span.end), "not", span, (node,))
        return node

    def _unary(self) -> Node:
        signs = []
        while (sign := self.tokens[self.at]).kind == "operator" and sign.text in "-+":
            signs.append(sign)
            self.at += 1
        node = self.postfix(self.primary())
        for sign in reversed(signs):
            span = Span(sign.start, sign.end)
            node = self.postfix(Node("unary", Span(sign.start, node.span.end), sign.text, span, (node,)))
        return self.filters(node)

    def primary(self) -> Node:
        kind, text, start, end = self.tokens[self.at]
        span = Span(start, end)
        if kind == "name":
            self.at += 1
            return made(("constant" if text in self.constants else "name", span, text, span, (), (), None, None))
        if kind == "string":
            return self._string()
        if kind == "number":
            if text[0] == "0" and text.isdigit() and text.strip("0"):
                self.fail("expected", f"`{text}` is not a number; without the leading zero it is")
            self.at += 1
            return Node("constant", span, text, span)
        if text == "(":
            return self._group()
        if text == "[":
            self.at += 1
            items = self._items("]")
            return Node("list", Span(start, self.last_end), "", None, items)
        if text == "{":
            self.at += 1
            pairs = self._pairs()
            return Node("dict", Span(start, self.last_end), "", None, pairs)
        return self.missing("A value is expected here")

    def _string(self) -> Node:
        first = last = self.tokens[self.at]
        value = ""
        while self.tokens[self.at].kind == "string":
            last = self.tokens[self.at]
            value += unquote(last.text)
            self.at += 1
        quoted = len(last.text) > 1 and last.text[-1] == last.text[0]
        content = Span(first.start + 1, last.end - quoted)
        return Node("string", Span(first.start, last.end), value, content)

    def _group(self) -> Node:
        start = self.tokens[self.at].start
        self.at += 1
        if self.take(")"):
            return Node("tuple", Span(start, self.last_end))
        inner = self.one_or_more()
        self.expect(")")
        return Node("group", Span(start, self.last_end), "", None, (inner,))

    def _items(self, closer: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.sees(closer) and not self.ended:
            items.append(self.expression())
            if not self.take(","):
                break
        self.expect(closer)
        return tuple(items)

    def _pairs(self) -> tuple[Node, ...]:
        pairs: list[Node] = []
        while not self.sees("}") and not self.ended:
            key = self.key()
            self.expect(":")
            value = self.expression()
            pairs.append(Node("pair", Span(key.span.start, max(key.span.end, value.span.end)), "", None, (key, value)))
            if not self.take(","):
                break
        self.expect("}")
        return tuple(pairs)

    def key(self) -> Node:
        """The key of a pair in ``{…}``."""
        return self.expression()

    # -- what follows a value

    def postfix(self, node: Node) -> Node:
        while True:
            kind, text, _, end = self.tokens[self.at]
            if kind != "operator":
                return node
            if text == ".":
                self.at += 1
                token = self.tokens[self.at]
                if token.kind in ("name", "number"):
                    self.at += 1
                    name, place = token.text, Span(token.start, token.end)
                else:
                    self.fail("expected", "A name is expected after the dot")
                    name, place = "", Span(end, end)
                node = Node("attribute", Span(node.span.start, place.end), name, place, (node,))
            elif text == "[":
                node = self._subscript(node)
            elif text == "(":
                args = self.arguments()
                node = Node("call", Span(node.span.start, self.last_end), "", None, (node, *args))
            else:
                return node

    def _subscript(self, node: Node) -> Node:
        self.at += 1
        indices: list[Node] = []
        while not self.sees("]") and not self.ended:
            indices.append(self._index())
            if not self.take(","):
                break
            if self.sees("]"):
                indices.append(self.missing("A subscript is expected after the comma"))
        self.expect("]")
        return Node("item", Span(node.span.start, self.last_end), "", None, (node, *indices))

    def _index(self) -> Node:
        start = self.tokens[self.at].start
        parts: list[Node] = []
        colons = 0
        while not self.sees("]", ",") and not self.ended:
            if colons < 2 and self.take(":"):
                colons += 1
                continue
            if len(parts) > colons:
                break
            parts.append(self.expression())
        if not colons and parts:
            return parts[0]
        if not colons:
            return self.missing("A subscript is expected here")
        start = min(start, parts[0].span.start) if parts else start
        return Node("slice", Span(start, self.last_end), "", None, tuple(parts))

    def filters(self, node: Node) -> Node:
        while True:
            kind, text, *_ = self.tokens[self.at]
            if kind == "operator" and text == "|":
                self.at += 1
                node = self.filter(node)
            elif kind == "name" and text == "is":
                self.at += 1
                node = self._test(node)
            elif kind == "operator" and text == "(":
                args = self.arguments()
                node = Node("call", Span(node.span.start, self.last_end), "", None, (node, *args))
            else:
                return node

    def filter(self, operand: Node) -> Node:
        """A filter's name and arguments, after the ``|``."""
        name, place = self.dotted("The name of a filter is expected here")
        args = self.arguments() if self.sees("(") else ()
        end = max(self.last_end, place.end)
        return made(("filter", Span(operand.span.start, end), name, place, (operand, *args), (), None, None))

    def _test(self, operand: Node) -> Node:
        negation = self.take("not")
        name, place = self.dotted("The name of a test is expected here")
        args: tuple[Node, ...] = ()
        token = self.tokens[self.at]
        if self.sees("("):
            args = self.arguments()
        elif self.sees("is") and token.kind == "name":
            self.fail("trailing", "Tests cannot be chained; join them with `and`")
        elif (token.kind in ("name", "string", "number") and token.text not in ("else", "or", "and")) or (
            self.sees("[", "{")
        ):
            args = (self.postfix(self.primary()),)
        end = max(self.last_end, place.end)
        node = Node("test", Span(operand.span.start, end), name, place, (operand, *args))
        if negation:
            node = Node("unary", node.span, "not", Span(negation.start, negation.end), (node,))
        return node

    def arguments(self) -> tuple[Node, ...]:
        """What stands in the parentheses of a call, from the ``(`` on."""
        self.at += 1
        args: list[Node] = []
        kinds: set[str] = set()
        while not self.sees(")") and not self.ended:
            token = self.tokens[self.at]
            if token.kind == "operator" and token.text in ("*", "**"):
                kind, self.at = token.text, self.at + 1
            elif token.kind == "name" and self.tokens[self.at + 1][:2] == ("operator", "="):
                kind, self.at = "keyword", self.at + 2
            else:
                kind = ""
            if kinds & _NOT_AFTER[kind]:
                self.fail("expected", "This argument cannot follow the ones before it")
            kinds.add(kind)
            value = self.expression()
            if kind:
                name = token.text
                place = Span(token.start, token.end)
                end = max(value.span.end, self.last_end)
                value = Node("keyword" if kind == "keyword" else "unary", Span(token.start, end), name, place, (value,))
            args.append(value)
            if not self.take(","):
                break
        self.expect(")")
        return tuple(args)
