"""What a Jinja template reads and binds, by jinja2's scopes (3.1 ``idtracking.py``).

``for``, ``with``, macros and blocks have scopes of their own, ``if`` has none. A macro or a block may also read
what the template binds at its top level further down. Three things differ from
``jinja2.meta.find_undeclared_variables`` on purpose: those late names count as bound; a name that is bound in one
branch of an ``if`` is an input only where no binding is taken, and so guarded; names in the head of a tag that
jinja2 does not know count as guarded uses.
"""

from __future__ import annotations

from collections.abc import Callable

from promptls.syntax.template import filters
from promptls.syntax.template.analysis_expression import ExpressionAnalysis
from promptls.syntax.template.drafts import (
    MOST_FACTS,
    MOST_STEPS,
    Held,
    Path,
    Paths,
    Scope,
    Value,
    ask,
    computed,
    place,
    test,
    true_facts,
)
from promptls.syntax.template.names import EACH, Analysis, Binding, Include, Mention
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span


def analyse_jinja(tree: TemplateTree, text: str) -> Analysis:
    return JinjaAnalysis(tree, text).analysis()


class JinjaAnalysis(ExpressionAnalysis):
    loops: frozenset[str] = frozenset(["for"])
    """The tags whose names hold up to their first branch."""

    def __init__(self, tree: TemplateTree, text: str) -> None:
        super().__init__(Scope(tree.span), text)
        self.tree = tree
        self.top = self.scope
        self.bindings: list[Binding] = []
        self.includes: list[Include] = []
        self.open_scopes: list[Span] = []
        self.all_late: list[Value] = []

    def analysis(self) -> Analysis:
        self.nodes(self.tree.root.body)
        self._bind_late()
        return Analysis(
            tuple(sorted((value.use() for value in self.values if value.names), key=lambda use: use.spans[0])),
            tuple(sorted(self.bindings, key=lambda binding: binding.span)),
            tuple(sorted(self.mentions, key=lambda mention: mention.span)),
            tuple(self.includes),
            tuple(self.open_scopes),
        )

    def _bind_late(self) -> None:
        """Give the names that macros and blocks read what the top level binds in the end."""
        for value in self.all_late:
            held = self.top.names.get(value.names[0])
            if held is None:
                continue
            value.binding = held.binding
            if held.sometimes:
                value.safe = True
            elif value.path is not None:
                path = held.binding.path
                value.path = None if path is None else (*path, *value.path[1:])

    # -- bodies

    def nodes(self, body: tuple[Node, ...]) -> None:
        for node in body:
            kind = node.kind
            if kind == "output":
                for one in node.head:
                    place(self.value(one), "printed")
            elif kind in ("block", "statement"):
                self.mention(node)
                self.read_tag(node)
            elif kind in ("branch", "error"):
                self.mention(node)
                self.values_of(node.head)
                self.nodes(node.body)
            elif kind == "raw":
                self.mention(node)

    def read_tag(self, node: Node) -> None:
        _TAGS.get(node.name, JinjaAnalysis._unknown)(self, node)

    def mention(self, node: Node) -> None:
        if node.name_span and node.name:
            self.mentions.append(Mention("tag", node.name, node.name_span))

    def inside(self, node: Node, scope: Scope, body: tuple[Node, ...] | None = None) -> None:
        outer, self.scope = self.scope, scope
        self.nodes(node.body if body is None else body)
        self.scope = outer

    def _new_scope(self, node: Node, outer: Scope | None = None) -> Scope:
        start = node.tag.end if node.tag else node.span.start
        end = node.close.start if node.close else node.span.end
        if node.name in self.loops:
            end = next((one.span.start for one in node.body if one.kind == "branch"), end)
        return Scope(Span(start, end), outer or self.scope)

    # -- binding

    def _bind(self, target: Node, kind: str, scope: Scope, path: Path | None = None, start: int | None = None) -> None:
        """Bind what the target names in ``scope``, from ``start`` on (the whole scope, where None is given)."""
        if target.kind == "target":
            span = target.name_span or target.span
            if path and len(path) > MOST_STEPS:
                path = None
            where = Span(scope.span.start if start is None else start, scope.span.end)
            binding = Binding(target.name, span, kind, where, path)
            self.bindings.append(binding)
            scope.names[target.name] = Held(binding)
        elif target.kind == "group":
            self._bind(target.head[0], kind, scope, path, start)
        elif target.kind == "tuple":
            for one in target.head:
                self._bind(one, kind, scope, None, start)
        elif target.kind == "attribute":
            self.value(target)

    def _bind_builtin(self, node: Node, scope: Scope, *names: str) -> None:
        for name in names:
            scope.names[name] = Held(Binding(name, node.name_span or node.span, "builtin", scope.span))

    # -- tags

    def read_loop(self, node: Node) -> None:
        scope = self._new_scope(node)
        self._bind_builtin(node, scope, "loop")
        facts: Paths = ()
        if len(node.head) > 1:
            iterable = self.value(node.head[1])
            ask(iterable, filters.ITERABLE)
            facts = true_facts(iterable)
            self._bind(node.head[0], "loop", scope, _element(iterable))
        self.facts.add(facts)
        for condition in node.head[2:]:
            if condition.kind != "word":
                outer, self.scope = self.scope, scope
                value = self.value(condition)
                test(value)
                self.scope = outer
                more = true_facts(value)
                self.facts.add(more)
                facts = facts + more
        self.inside(node, scope, tuple(one for one in node.body if one.kind != "branch"))
        self.facts.remove(facts)
        for branch in node.body:
            if branch.kind == "branch":
                self.mention(branch)
                self.inside(branch, self._new_scope(branch))

    def read_condition(self, node: Node) -> None:
        """Each branch knows that its own condition is true and that those before are false."""
        branches = [node, *(one for one in node.body if one.kind == "branch")]
        scopes: list[Scope] = []
        false: Paths = ()
        for branch in branches:
            if branch is not node:
                self.mention(branch)
            self.facts.add(false)
            condition = self.value(branch.head[0]) if branch.head else computed()
            test(condition)
            true = true_facts(condition)
            self.facts.add(true)
            scope = Scope(self.scope.span, self.scope)
            scopes.append(scope)
            self.inside(branch, scope, tuple(one for one in branch.body if one.kind != "branch"))
            self.facts.remove(true)
            self.facts.remove(false)
            false = (false + condition.known_false)[-MOST_FACTS:]
        self.scope.merge(scopes, one_is_taken=branches[-1].name == "else")

    def _set(self, node: Node) -> None:
        if not node.head:
            return
        target, rest = node.head[0], node.head[1:]
        path = None
        if node.kind == "block":
            self.inside(node, self._new_scope(node))
            self.values_of(rest)
        elif rest:
            value = self.value(rest[0])
            path = value.path if value.names and not value.called else None
        self._bind(target, "set", self.scope, path, node.span.end)

    def _with(self, node: Node) -> None:
        scope = self._new_scope(node)
        values = [self.value(one.head[1]) for one in node.head if one.kind == "assign"]
        for one, value in zip((one for one in node.head if one.kind == "assign"), values, strict=True):
            self._bind(one.head[0], "with", scope, value.path if value.names and not value.called else None)
        self.inside(node, scope)

    def _macro(self, node: Node) -> None:
        if node.head:
            self._bind(node.head[0], "macro", self.scope, None, node.span.start)
        self._function(node, node.head[1:], self._new_scope(node))

    def _call_block(self, node: Node) -> None:
        if node.head:
            self.value(node.head[-1])
        self._function(node, node.head[:-1], self._new_scope(node))

    def _function(self, node: Node, parameters: tuple[Node, ...], scope: Scope) -> None:
        """A body that runs when it is called, when more names may be bound than now."""
        self._bind_builtin(node, scope, "caller", "varargs", "kwargs")
        for parameter in parameters:
            outer, self.scope = self.scope, scope
            self.values_of(parameter.head)
            self.scope = outer
            self._bind(parameter, "parameter", scope)
        self._later(node, scope)

    def _block(self, node: Node) -> None:
        """A block sees the top level only, unless it is ``scoped``."""
        scoped = any(word.name == "scoped" for word in node.head)
        scope = self._new_scope(node, None if scoped else self.top)
        self._bind_builtin(node, scope, "super")
        self._later(node, scope)

    def _later(self, node: Node, scope: Scope) -> None:
        outermost = self.late is None
        late: list[Value] = [] if self.late is None else self.late
        self.late = late
        self.inside(node, scope)
        if outermost:
            self.late = None
            self.all_late.extend(late)

    def _scope(self, node: Node) -> None:
        self.values_of(node.head)
        self.inside(node, self._new_scope(node))

    def _trans(self, node: Node) -> None:
        scope = self._new_scope(node)
        for one in node.head:
            if one.kind == "assign":
                value = self.value(one.head[1])
                self._bind(one.head[0], "set", scope, value.path if value.names else None)
            elif one.kind == "name":
                self.value(one)
        self.inside(node, scope)

    def _statement(self, node: Node) -> None:
        for value in self.values_of(node.head):
            if node.name == "print":
                place(value, "printed")

    def _include(self, node: Node) -> None:
        if not node.head:
            return
        self.value(node.head[0])
        optional = any(word.name == "ignore missing" for word in node.head[1:])
        self._include_all(node.name, node.head[0], optional)
        if node.name == "extends":
            self.open_scopes.append(self.tree.span)

    def _import(self, node: Node) -> None:
        if not node.head:
            return
        self.value(node.head[0])
        self._include_all("import", node.head[0], False)
        for one in node.head[1:]:
            target = one.head[0] if one.kind == "import" else one
            self._bind(target, "import", self.scope, None, node.span.end)

    def _include_all(self, kind: str, node: Node, optional: bool) -> None:
        """Each name that is written; of a list, the first that exists is taken."""
        if node.kind == "string":
            self.includes.append(Include(kind, node.name, node.name_span or node.span, optional))
        elif node.kind in ("list", "tuple"):
            for one in node.head:
                self._include_all(kind, one, optional or len(node.head) > 1)
        elif node.kind == "group":
            self._include_all(kind, node.head[0], optional)
        elif node.kind == "conditional":
            for one in (node.head[0], *node.head[2:]):
                self._include_all(kind, one, optional)

    def _unknown(self, node: Node) -> None:
        """A tag of the host: what its words mean is its own business."""
        before = len(self.values)
        self.values_of(node.head)
        for value in self.values[before:]:
            value.safe = True
        self.nodes(node.body)


_TAGS: dict[str, Callable[[JinjaAnalysis, Node], None]] = {
    "for": JinjaAnalysis.read_loop,
    "if": JinjaAnalysis.read_condition,
    "set": JinjaAnalysis._set,
    "with": JinjaAnalysis._with,
    "macro": JinjaAnalysis._macro,
    "call": JinjaAnalysis._call_block,
    "block": JinjaAnalysis._block,
    "filter": JinjaAnalysis._scope,
    "autoescape": JinjaAnalysis._scope,
    "trans": JinjaAnalysis._trans,
    "do": JinjaAnalysis._statement,
    "print": JinjaAnalysis._statement,
    "break": JinjaAnalysis._statement,
    "continue": JinjaAnalysis._statement,
    "debug": JinjaAnalysis._statement,
    "include": JinjaAnalysis._include,
    "extends": JinjaAnalysis._include,
    "import": JinjaAnalysis._import,
    "from": JinjaAnalysis._import,
}


def _element(iterable: Value) -> Path | None:
    """The path of what a loop over the value binds."""
    if iterable.element:
        return iterable.element
    if not iterable.names or iterable.path is None or iterable.called:
        return None
    return (*iterable.path, EACH)
