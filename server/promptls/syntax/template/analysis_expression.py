"""What Jinja's expressions read: every name with its path, its guards and the types it is used as.

Operands on the left (``a + b + c``, ``x|f|g``) are followed in a loop, everything else by recursion, whose depth
the parser bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from promptls.syntax.template import filters
from promptls.syntax.template.drafts import (
    MOST_FACTS,
    MOST_STEPS,
    Facts,
    Paths,
    Scope,
    Value,
    ask,
    compare,
    computed,
    place,
    test,
    tested_in,
    true_facts,
    uses_of,
)
from promptls.syntax.template.literals import constant, literals_in
from promptls.syntax.template.names import EACH, Mention
from promptls.syntax.template.tree import Node
from promptls.text import Span

_NUMBERS = frozenset(["-", "/", "//", "**"])
_EQUALS = frozenset(["==", "!=", "===", "!=="])
_ORDER = frozenset(["<", ">", "<=", ">="])
_LENGTHS = frozenset(["length", "count", "wordcount", "int", "float", "abs", "round", "sum"])


class ExpressionAnalysis:
    """``scope`` is the innermost scope where the analysis stands; ``globals`` are names of the dialect."""

    globals = filters.GLOBALS
    properties: Mapping[str, frozenset[str]] = {}
    """Attributes that the engine's own values have -> the types that have them."""

    def __init__(self, scope: Scope, text: str) -> None:
        self.text = text
        self.scope = scope
        self.facts = Facts()
        self.values: list[Value] = []
        self.mentions: list[Mention] = []
        self.late: list[Value] | None = None
        """Inside of a macro or a block: names that are not bound yet, but may be when it is called."""

    def value(self, node: Node) -> Value:
        spine: list[Node] = []
        while node.kind in _COMBINE and node.head:
            spine.append(node)
            node = node.head[0]
        value = self._leaf(node)
        while spine:
            outer = spine.pop()
            value = _COMBINE[outer.kind](self, outer, value)
        return value

    def values_of(self, nodes: tuple[Node, ...]) -> list[Value]:
        return [self.value(node) for node in nodes]

    def given(self, facts: Paths, node: Node) -> Value:
        """The value, read where these facts hold."""
        self.facts.add(facts)
        value = self.value(node)
        self.facts.remove(facts)
        return value

    # -- leaves

    def _leaf(self, node: Node) -> Value:
        if node.kind == "name":
            return self.name(node)
        value = computed()
        match node.kind:
            case "string":
                value.literal = node.name
            case "constant":
                value.literal = constant(node.name)
            case "list" | "tuple" | "dict" | "pair" | "keyword" | "slice":
                self.values_of(node.head)
            case "conditional":
                return self._conditional(node)
        return value

    def name(self, node: Node) -> Value:
        span = node.name_span or node.span
        value = Value((node.name,), (span,), None, None)
        held = self.scope.find(node.name)
        if held is None:
            if node.name not in self.globals:
                value.path = (node.name,)
            if self.late is not None:
                self.late.append(value)
        else:
            value.binding = held.binding
            value.path = (node.name,) if held.sometimes else held.binding.path
            value.safe = held.sometimes
        self.facts.check(value)
        self.values.append(value)
        return value

    def _conditional(self, node: Node) -> Value:
        """``value if condition else other``: the condition guards the value, its opposite the other."""
        condition = self.value(node.head[1])
        test(condition)
        parts = [self.given(true_facts(condition), node.head[0])]
        if len(node.head) > 2:
            parts.append(self.given(condition.known_false, node.head[2]))
        result = computed()
        result.parts = tuple(use for part in parts for use in uses_of(part))
        return result

    # -- what follows a value

    def _attribute(self, node: Node, base: Value) -> Value:
        if not base.names:
            return computed()
        if node.name in self.properties and not (base.binding and base.binding.kind == "builtin"):
            ask(base, self.properties[node.name])
            return computed()
        if node.name:
            step = EACH if node.name[0].isdigit() else node.name
            self.extend(base, step, node.name_span or node.span)
        return base

    def extend(self, value: Value, step: str, span: Span) -> None:
        if len(value.names) >= MOST_STEPS:
            return
        value.names += (step,)
        value.spans += (span,)
        if value.path is not None:
            value.path = value.element if step == EACH and value.element else (*value.path, step)
            value.element = None
            self.facts.check(value)

    def _item(self, node: Node, base: Value) -> Value:
        if len(node.head) == 2 and base.names:
            index = node.head[1]
            if index.kind == "string":
                self.extend(base, index.name, index.name_span or index.span)
                return base
            if index.kind == "constant" and index.name.isdigit():
                self.extend(base, EACH, index.span)
                return base
            if index.kind == "unary" and index.head[0].kind == "constant":
                self.extend(base, EACH, index.span)
                return base
            if index.kind == "slice":
                self.value(index)
                ask(base, filters.ELEMENTS)
                return base
        self.values_of(node.head[1:])
        return computed()

    def _call(self, node: Node, called: Value) -> Value:
        arguments = node.head[1:]
        result = computed()
        if called.names and len(called.names) > 1 and called.names[-1] != EACH:
            result = self._method(called, arguments)
        elif called.names:
            called.called = True
        for argument, value in zip(arguments, self.values_of(arguments), strict=True):
            if called.called and called.path is None and called.names == ("range",) and argument.kind != "keyword":
                ask(value, filters.NUMBER)
        return result

    def _method(self, value: Value, arguments: tuple[Node, ...]) -> Value:
        """A method is no attribute of the data: the use ends before it."""
        value.method, value.method_span = value.names[-1], value.spans[-1]
        value.names, value.spans = value.names[:-1], value.spans[:-1]
        if value.path is not None:
            value.path = value.path[:-1]
        value.guarded_to = min(value.guarded_to, len(value.names))
        if value.binding and value.binding.kind in ("builtin", "import"):
            return computed()
        ask(value, filters.METHODS.get(value.method, frozenset()))
        if value.method == "get" and arguments and arguments[0].kind == "string":
            self.extend(value, arguments[0].name, arguments[0].name_span or arguments[0].span)
            value.wants = frozenset()
            value.safe = True
            return value
        return computed()

    def _filter(self, node: Node, base: Value) -> Value:
        name = node.name
        if name:
            self.mentions.append(Mention("filter", name, node.name_span or node.span))
        arguments = node.head[1:]
        if name in ("default", "d"):
            return self._default(base, arguments)
        values = self.values_of(arguments)
        if name in filters.ELEMENT and base.names:
            ask(base, filters.ELEMENTS)
            base.wants = frozenset()
            self.extend(base, EACH, node.name_span or node.span)
            return base
        result = self._attribute_argument(node, base)
        if name in filters.SAME:
            ask(base, filters.SAME[name])
            return base
        if name == "attr" and base.names and values and isinstance(values[0].literal, str):
            self.extend(base, values[0].literal, arguments[0].name_span or arguments[0].span)
            return base
        ask(base, filters.FILTERS.get(name, frozenset()))
        result.known_true = true_facts(base)
        return result

    def _default(self, base: Value, arguments: tuple[Node, ...]) -> Value:
        for one in uses_of(base):
            one.safe = True
        values = self.values_of(arguments)
        if not arguments:
            return base
        compare(base, [values[0].literal])
        if arguments[0].kind in ("list", "dict"):
            ask(base, filters.ARRAY if arguments[0].kind == "list" else filters.OBJECT)
        return base

    def _attribute_argument(self, node: Node, base: Value) -> Value:
        """``items|map(attribute="name")`` reads ``name`` of each item."""
        result = computed()
        if node.name not in filters.TAKES_ATTRIBUTE or not base.names or base.path is None:
            return result
        named = next((one.head[0] for one in node.head[1:] if one.kind == "keyword" and one.name == "attribute"), None)
        position = filters.ATTRIBUTE_ARGUMENT.get(node.name, -1) + 1
        if named is None and 0 < position < len(node.head):
            named = node.head[position]
        if named is None or named.kind != "string" or not named.name:
            return result
        use = Value(base.names, base.spans, base.path, base.binding)
        use.element = base.element
        use.guarded_to = base.guarded_to
        use.safe = base.safe or node.name in ("selectattr", "rejectattr")
        self.extend(use, EACH, node.name_span or node.span)
        at = (named.name_span or named.span).start
        for part in named.name.split("."):
            self.extend(use, EACH if part.isdigit() else part, Span(at, at + len(part)))
            at += len(part) + 1
        self.values.append(use)
        if node.name == "map":
            result = Value((), (), base.path, None)
            result.element = use.path
        return result

    def _test(self, node: Node, base: Value) -> Value:
        name = node.name
        if name:
            self.mentions.append(Mention("test", name, node.name_span or node.span))
        values = self.values_of(node.head[1:])
        result = computed()
        paths = true_facts(base)
        if name in ("undefined", "none"):
            result.known_false = paths
        else:
            result.known_true = paths
        if name in filters.ASKS_KIND:
            for one in uses_of(base):
                one.safe = True
        ask(base, filters.TESTS.get(name, frozenset()))
        if name in filters.COMPARES:
            compare(base, literals_in(node.head[1:], values))
        return result

    # -- operators

    def _unary(self, node: Node, base: Value) -> Value:
        result = computed()
        if node.name == "not":
            result.known_true, result.known_false = base.known_false, true_facts(base)
            result.tested = tested_in(base)
        elif node.name in ("-", "+"):
            ask(base, filters.NUMBER)
            if isinstance(base.literal, (int, float)):
                result.literal = -base.literal if node.name == "-" else base.literal
        return result

    def _binary(self, node: Node, left: Value) -> Value:
        match node.name:
            case "and":
                return self._and(node, left)
            case "or":
                return self._or(node, left)
        right = self.value(node.head[1])
        result = computed()
        match node.name:
            case "==" | "!=" | "===" | "!==" | "in" | "not in":
                compare(left, literals_in(node.head[1:], [right]))
                if node.name in _EQUALS:
                    compare(right, [left.literal])
                else:
                    ask(right, filters.COUNTED)
                self._know_by_comparison(node, left, right, result)
            case "~":
                place(left, "printed")
                place(right, "printed")
            case "%" | "*" | "+":
                if isinstance(right.literal, (int, float)) and not isinstance(left.literal, str):
                    ask(left, filters.NUMBER)
                if isinstance(left.literal, (int, float)) or (isinstance(left.literal, str) and node.name == "*"):
                    ask(right, filters.NUMBER)
            case name if name in _NUMBERS:
                ask(left, filters.NUMBER)
                ask(right, filters.NUMBER)
            case name if name in _ORDER:
                if isinstance(right.literal, (int, float)):
                    ask(left, filters.NUMBER)
                if isinstance(left.literal, (int, float)):
                    ask(right, filters.NUMBER)
                result.known_true = true_facts(left) + true_facts(right)
        return result

    def _and(self, node: Node, left: Value) -> Value:
        test(left)
        known = true_facts(left)
        right = self.given(known, node.head[1])
        result = computed()
        result.known_true = (known + true_facts(right))[-MOST_FACTS:]
        result.tested = tested_in(right)
        return result

    def _or(self, node: Node, left: Value) -> Value:
        test(left)
        right = self.given(left.known_false, node.head[1])
        result = computed()
        result.known_false = (left.known_false + right.known_false)[-MOST_FACTS:]
        both = set(true_facts(left)) & set(true_facts(right))
        result.known_true = tuple(sorted(both))
        result.tested = tested_in(right)
        if left.names and not right.names and node.head[1].kind in ("string", "constant", "list", "dict"):
            # `user or {}` is the user where there is one.
            compare(left, [right.literal])
            return left
        result.parts = (*uses_of(left), *uses_of(right))[:8]
        return result

    def _know_by_comparison(self, node: Node, left: Value, right: Value, result: Value) -> None:
        if node.name in ("==", "==="):
            result.known_true = true_facts(left) + true_facts(right)
        elif node.name == "in":
            result.known_true = true_facts(left) + true_facts(right)
            if isinstance(left.literal, str) and right.names and right.path is not None:
                result.known_true += ((*right.path, left.literal),)


_COMBINE: dict[str, Callable[[ExpressionAnalysis, Node, Value], Value]] = {
    "attribute": ExpressionAnalysis._attribute,
    "item": ExpressionAnalysis._item,
    "call": ExpressionAnalysis._call,
    "filter": ExpressionAnalysis._filter,
    "test": ExpressionAnalysis._test,
    "unary": ExpressionAnalysis._unary,
    "binary": ExpressionAnalysis._binary,
    "group": lambda self, node, value: value,
}
