"""What a template reads and binds: plain data, made by ``analysis.analyse``."""

from __future__ import annotations

from dataclasses import dataclass, field

from promptls.text import Span

EACH = "[]"
"""The step in a resolved path that stands for any element of an array."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that the template itself gives a value to, and the part of the text where it holds.

    ``kind``: ``loop``, ``set``, ``macro``, ``parameter``, ``with``, ``import``, ``block-parameter``.
    ``path``: what it stands for, from the root of the inputs (``item`` in ``for item in items`` is
    ``("items", "[]")``); None where that is not known.
    """

    name: str
    span: Span
    kind: str
    scope: Span
    path: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One place where an expression reads a name, with the attributes read from it.

    ``names``/``spans``: as written (``item``, ``name``). ``path``: from the root of the inputs, through
    bindings (``("items", "[]", "name")``); None where it does not come from an input (a computed local,
    a global of the dialect). ``binding``: the local definition of the first name. ``guarded``: tested,
    defaulted, or inside a branch that tests it, so a missing value is meant. ``wants``: JSON Schema type
    names that this use asks for (``string number boolean array object``); ``literals``: what it is
    compared with.
    """

    names: tuple[str, ...]
    spans: tuple[Span, ...]
    path: tuple[str, ...] | None
    binding: Binding | None = None
    guarded: bool = False
    wants: frozenset[str] = frozenset()
    literals: tuple[str | float | bool, ...] = ()

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def span(self) -> Span:
        return Span(self.spans[0].start, self.spans[-1].end)


@dataclass(frozen=True, slots=True)
class Mention:
    """A filter, a test, a tag or a helper that the template names."""

    kind: str
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Include:
    """Another template that this one names by a string: ``include``, ``import``, ``extends``, a partial."""

    kind: str
    target: str
    span: Span


@dataclass(frozen=True, slots=True)
class Analysis:
    """All names of one template, in the order of the text."""

    uses: tuple[Use, ...] = ()
    bindings: tuple[Binding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    includes: tuple[Include, ...] = ()
    open_scopes: tuple[Span, ...] = field(default=())
    """Parts where any name may be bound by something outside of the file (a wildcard import, ``extends``)."""

    def visible(self, offset: int) -> dict[str, Binding]:
        """The bindings that hold at ``offset``, the innermost of each name."""
        found: dict[str, Binding] = {}
        for binding in self.bindings:
            known = found.get(binding.name)
            if binding.scope.touches(offset) and (known is None or known.scope.covers(binding.scope)):
                found[binding.name] = binding
        return found
