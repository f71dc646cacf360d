"""What a template reads and binds: plain data, made by ``analyse``."""

from __future__ import annotations

from typing import NamedTuple

from promptls.text import Span

EACH = "[]"
"""The step in a resolved path that stands for any element of an array."""


class Binding(NamedTuple):
    """A name that the template itself gives a value to, and the part of the text where it holds.

    ``kind``: ``loop``, ``set``, ``macro``, ``parameter``, ``with``, ``import``, ``block-parameter``, or
    ``builtin`` for a name that a tag brings with it (``loop``, ``caller``, ``super``; ``span`` is the tag's
    word; only uses refer to it, it is not among an analysis's bindings), or
    ``section`` (see ``Analysis.contexts``). ``path``: what it stands for, from
    the root of the inputs (``item`` in ``for item in items`` is ``("items", "[]")``); None where that is not
    known.
    """

    name: str
    span: Span
    kind: str
    scope: Span
    path: tuple[str, ...] | None = None


class Use(NamedTuple):
    """One place where an expression reads a name, with the attributes read from it.

    ``names``/``spans``: as written (``item``, ``name``); an integer subscript and the filters ``first`` and
    ``last`` are the name ``[]``, a string subscript is an attribute. ``path``: from the root of the inputs,
    through bindings (``("items", "[]", "name")``); None where it does not come from an input (a computed
    local, a global of the dialect). ``binding``: the local definition of the first name; with a path that
    starts with the same name it holds only sometimes (set in an ``if``).

    ``guarded``: tested, defaulted, or inside a branch that tests it, so a missing value is meant.
    ``guarded_to``: how many of the first names are guarded, if not all: inside of ``{% if user %}`` that is 1
    for ``user.name``.

    ``wants``: JSON Schema type names (``string number boolean array object``), each of which this use can work
    with; empty is any. ``literals``: what it is compared with or defaults to. ``position``: ``printed`` (its
    text goes into the result), ``tested`` (only asked whether it is true), or empty.

    ``method``: called on the value, as ``upper`` in ``name.upper()``; it is no attribute of the data and not in
    ``names``. ``called``: the value itself is called, so it is a function of the host. ``others``: the other
    paths it may stand for, where the dialect looks a name up in several places (Mustache).
    """

    names: tuple[str, ...]
    spans: tuple[Span, ...]
    path: tuple[str, ...] | None
    binding: Binding | None = None
    guarded: bool = False
    wants: frozenset[str] = frozenset()
    literals: tuple[str | float | bool, ...] = ()
    guarded_to: int = 0
    position: str = ""
    method: str = ""
    method_span: Span | None = None
    called: bool = False
    others: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def span(self) -> Span:
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def builtin(self) -> bool:
        """A global of the dialect, or a name that a tag brings with it."""
        return self.path is None and (self.binding is None or self.binding.kind == "builtin")

    @property
    def roots(self) -> frozenset[str]:
        """The inputs that this may read."""
        return frozenset(path[0] for path in (self.path, *self.others) if path)


class Mention(NamedTuple):
    """A filter, a test, a tag or a helper that the template names."""

    kind: str
    name: str
    span: Span


class Include(NamedTuple):
    """Another template that this one names by a string: ``include``, ``import``, ``extends``, a ``partial``.

    ``span``: the name without its quotes. ``optional``: nothing fails where it is missing. ``context``: what the
    names in it are looked up in, from the root of the inputs (``()`` is the root, None is not known).
    ``arguments``: the names that are given to it beside that, with their places.
    """

    kind: str
    target: str
    span: Span
    optional: bool = False
    context: tuple[str, ...] | None = ()
    arguments: tuple[tuple[str, Span], ...] = ()


class Analysis(NamedTuple):
    """All names of one template, in the order of the text."""

    uses: tuple[Use, ...] = ()
    bindings: tuple[Binding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    includes: tuple[Include, ...] = ()
    open_scopes: tuple[Span, ...] = ()
    """Parts where any name may be bound by something outside of the file (``extends``)."""
    contexts: tuple[Binding, ...] = ()
    """What a bare name is looked up in, and where: outer ones first, the outermost is the inputs themselves (``()``).
    Of kind ``section``: a list, a map or a condition, nobody knows. None in a dialect that looks nothing up so."""

    @property
    def roots(self) -> frozenset[str]:
        """The inputs that any of the uses may read."""
        return frozenset(path[0] for use in self.uses for path in (use.path, *use.others) if path)

    def contexts_at(self, offset: int) -> tuple[Binding, ...]:
        """The contexts around ``offset``, the innermost first."""
        return tuple(one for one in reversed(self.contexts) if one.scope.touches(offset))

    def path_of(self, names: tuple[str, ...], offset: int) -> tuple[str, ...] | None:
        """The path from the root of the inputs that these names would have at ``offset``; None where that is not known
        (a computed local, a word of the dialect)."""
        contexts = self.contexts_at(offset)
        up = at = 0
        while contexts and at < len(names) and names[at] in ("..", ".", "this"):
            up += names[at] == ".."
            at += 1
        if contexts and names[0] == "@root":
            return names[1:]
        binding = None if at else self.visible(offset).get(names[0])
        if binding is not None:
            return None if binding.path is None else (*binding.path, *names[1:])
        if not contexts:
            return names
        start = contexts[up].path if up < len(contexts) else None
        return None if start is None else (*start, *names[at:])

    def visible(self, offset: int) -> dict[str, Binding]:
        """The bindings that hold at ``offset``, the innermost of each name."""
        found: dict[str, Binding] = {}
        for binding in self.bindings:
            known = found.get(binding.name)
            if binding.scope.touches(offset) and (known is None or known.scope.covers(binding.scope)):
                found[binding.name] = binding
        return found
