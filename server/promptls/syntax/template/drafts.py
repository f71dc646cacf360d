"""What an analysis works with while it goes through a template: values being read, scopes, facts.

Shared by the dialects. Facts are paths that are known to exist where the analysis stands (inside of
``{% if user %}`` that is ``("user",)``), each with all its beginnings.
"""

from __future__ import annotations

from collections.abc import Iterable

from promptls.syntax.template.names import Binding, Use
from promptls.text import Span

Path = tuple[str, ...]
Paths = tuple[Path, ...]
Literal = str | float | bool

MOST_STEPS = 64
"""Names in one path; a longer one was not written by a person."""

MOST_FACTS = 16
"""Facts that one condition may give; a longer one is no guard that a person wrote."""


class Value:
    """The value of an expression; with ``names``, a use that may still grow (``user`` -> ``user.name``).

    ``element``: the path of an element, where it is not ``path`` + ``[]``. ``known_true``/``known_false``:
    paths that exist if the value is true or false. ``parts``: the uses that its value is one of, or made of.
    ``tested``: the uses whose truth decides its truth.
    """

    # On the class, because most values change few of them.
    guarded_to = 0
    safe = False
    wants: frozenset[str] = frozenset()
    literals: tuple[Literal, ...] = ()
    literal: Literal | None = None
    position = ""
    method = ""
    method_span: Span | None = None
    called = False
    others: tuple[Path, ...] = ()
    element: Path | None = None
    known_true: Paths = ()
    known_false: Paths = ()
    parts: Values = ()
    tested: Values = ()

    def __init__(
        self, names: tuple[str, ...], spans: tuple[Span, ...], path: Path | None, binding: Binding | None
    ) -> None:
        self.names = names
        self.spans = spans
        self.path = path
        self.binding = binding

    def use(self) -> Use:
        count = len(self.names)
        guarded = self.safe or self.guarded_to >= count
        return Use(
            self.names,
            self.spans,
            self.path,
            self.binding,
            guarded,
            self.wants,
            self.literals,
            count if guarded else self.guarded_to,
            self.position,
            self.method,
            self.method_span,
            self.called,
            self.others,
        )


Values = tuple[Value, ...]


def computed() -> Value:
    """A value that is no input, nor part of one."""
    return Value((), (), None, None)


def ask(value: Value, wants: frozenset[str]) -> None:
    """The value is used where only these types work."""
    for one in uses_of(value):
        both = one.wants & wants if one.wants else wants
        one.wants = both or one.wants


def place(value: Value, position: str) -> None:
    for one in uses_of(value):
        one.position = one.position or position


def test(value: Value) -> None:
    """Only the truth of the value counts, so what is missing is as good as false."""
    for one in tested_in(value):
        one.safe = True
        one.position = one.position or "tested"


def tested_in(value: Value) -> Values:
    """The uses whose truth decides the truth of the value."""
    return (value,) if value.names else value.tested


def compare(value: Value, literals: Iterable[Literal | None]) -> None:
    for one in uses_of(value):
        one.literals += tuple(literal for literal in literals if literal is not None)


def true_facts(value: Value) -> Paths:
    """The paths that exist if the value is true."""
    if value.names:
        return (value.path,) if value.path else ()
    return value.known_true[:MOST_FACTS]


def uses_of(value: Value) -> Values:
    """The uses that the value is, or is made of."""
    return (value,) if value.names else value.parts


class Facts:
    """Paths that exist where the analysis stands."""

    def __init__(self) -> None:
        self._known: dict[Path, int] = {}

    def add(self, paths: Paths) -> None:
        known = self._known
        for path in paths:
            for length in range(1, len(path) + 1):
                known[path[:length]] = known.get(path[:length], 0) + 1

    def remove(self, paths: Paths) -> None:
        for path in paths:
            for length in range(1, len(path) + 1):
                self._known[path[:length]] -= 1

    def check(self, value: Value) -> None:
        """Note whether all that the value names so far is known to exist."""
        if value.path and self._known.get(value.path):
            value.guarded_to = len(value.names)


class Held:
    """A binding as a scope holds it. ``sometimes``: it is made in a branch that may not be taken."""

    __slots__ = ("binding", "sometimes")

    def __init__(self, binding: Binding, sometimes: bool = False) -> None:
        self.binding = binding
        self.sometimes = sometimes


class Scope:
    """Names and what they are bound to. ``span``: where it holds. A branch is a scope whose names outlive it."""

    __slots__ = ("names", "outer", "span")

    def __init__(self, span: Span, outer: Scope | None = None) -> None:
        self.span = span
        self.outer = outer
        self.names: dict[str, Held] = {}

    def find(self, name: str) -> Held | None:
        scope: Scope | None = self
        while scope is not None:
            held = scope.names.get(name)
            if held is not None:
                return held
            scope = scope.outer
        return None

    def merge(self, branches: list[Scope], *, one_is_taken: bool) -> None:
        """Take over what the branches of an ``if`` bind. ``one_is_taken``: there is an ``else``."""
        for name in dict.fromkeys(name for branch in branches for name in branch.names):
            found = [branch.names[name] for branch in branches if name in branch.names]
            before = self.find(name)
            always = one_is_taken and len(found) == len(branches) and not any(held.sometimes for held in found)
            paths = {held.binding.path for held in found}
            if not always and before:
                paths.add(before.binding.path)
            binding = found[-1].binding
            if len(paths) > 1:
                binding = binding._replace(path=None)
            self.names[name] = Held(binding, sometimes=not always and (before is None or before.sometimes))
