"""The types of the inputs, as far as a template shows them by what it does with them.

``{% for x in items %}{{ x.name|upper }}`` shows that ``items`` is an array of objects with a string ``name``. Uses
that contradict each other show nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from promptls.prompt.types import ANY, ValueType
from promptls.syntax.template.names import EACH, Analysis, Use

_DEEPEST = 20
_SCALARS = frozenset(["string", "number", "boolean"])
_PREFERRED = ("array", "object", "number", "string", "boolean")
"""Where several types would do (``length`` counts arrays, objects and strings): the one that is meant most often."""


def infer_types(analysis: Analysis, names: Container[str] | None = None) -> dict[str, ValueType]:
    """The type of each input that the template reads (of each in ``names``, where they are given), by its name;
    functions of the host are not among them."""
    root = _Shape()
    uses = [use for use in analysis.uses if use.path and (names is None or use.path[0] in names)]
    functions = {use.path[0] for use in uses if use.called and use.path and len(use.path) == 1}
    for use in uses:
        if use.path and use.path[0] not in functions:
            root.add(use)
    return {name: shape.type() for name, shape in root.members.items()}


class _Shape:
    """All that the uses of one path show. ``asks``: what each of them can work with."""

    __slots__ = ("asks", "literals", "members", "printed", "tested")

    def __init__(self) -> None:
        self.members: dict[str, _Shape] = {}
        self.asks: set[frozenset[str]] = set()
        self.literals: set[str] = set()
        self.printed = False
        self.tested = False

    def add(self, use: Use) -> None:
        shape = self
        for step in (use.path or ())[:_DEEPEST]:
            known = shape.members.get(step)
            if known is None:
                known = shape.members[step] = _Shape()
            shape = known
        if len(use.path or ()) > _DEEPEST:
            return
        if use.wants:
            shape.asks.add(use.wants)
        shape.literals.update(_kind_of(literal) for literal in use.literals)
        shape.printed = shape.printed or use.position == "printed"
        shape.tested = shape.tested or use.position == "tested"

    def type(self) -> ValueType:
        kinds = self._kinds()
        if not kinds:
            return ANY
        element = self.members.get(EACH)
        if kinds == {"array"}:
            return ValueType(frozenset(kinds), items=element.type() if element else None)
        if kinds == {"object"}:
            properties = {name: shape.type() for name, shape in self.members.items() if name != EACH}
            return ValueType(frozenset(kinds), properties)
        return ValueType(frozenset(kinds))

    def _kinds(self) -> set[str]:
        """One type, or nothing where the uses leave it open or contradict each other."""
        asks = set(self.asks)
        properties = self.members.keys() - {EACH}
        if properties:
            asks.add(frozenset(["object"]))
        elif EACH in self.members:
            # A loop goes over the elements of an array, or over the keys of an object.
            asks.add(frozenset(["array", "object", "string"]))
        possible = _all_of(asks)
        if possible is None:
            if len(self.literals) > 1:
                return set()
            if self.literals:
                return set(self.literals)
            return {"string"} if self.printed else {"boolean"} if self.tested else set()
        if self.literals and possible & self.literals:
            possible &= self.literals
        elif self.literals - {"boolean"} and not self.members:
            # `x == "none"` beside a loop over x: no single type explains both.
            return set()
        if self.printed and possible & _SCALARS and not self.members:
            possible &= _SCALARS
        return {next(kind for kind in _PREFERRED if kind in possible)} if possible else set()


def _all_of(asks: Iterable[frozenset[str]]) -> set[str] | None:
    """The types that all uses can work with; None where no use asks for any."""
    result: set[str] | None = None
    for kinds in asks:
        result = set(kinds) if result is None else result & kinds
    return result


def _kind_of(literal: str | float | bool) -> str:
    if isinstance(literal, bool):
        return "boolean"
    return "string" if isinstance(literal, str) else "number"
