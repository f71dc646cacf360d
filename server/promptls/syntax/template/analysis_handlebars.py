"""What a Handlebars template reads and binds.

A bare name is looked up in the context, which ``each`` and ``with`` change: inside of them a name is an attribute of
``this``, and so is the use of it: ``{{name}}`` in ``{{#each items}}`` has the names ``this``, ``name`` (the first of
them without a place of its own) and the path ``items``, ``[]``, ``name``. ``../x`` and ``@root.x`` name an input where
they lead to the root.

Nothing in the template says whether ``{{#x}}`` is a list, an object or a condition: uses in such a section are guarded
and list their other paths in ``others``, as in Mustache.
"""

from __future__ import annotations

from promptls.syntax.template.analysis_handlebars_paths import BLOCKS, Context, PathAnalysis, callee_name, literal
from promptls.syntax.template.drafts import MOST_FACTS, Path, Paths, Value, compare, place, test
from promptls.syntax.template.names import EACH, Analysis, Binding, Include, Mention
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

_CONDITIONS = {"if": True, "unless": False}
_COMPARISONS = {"ifEquals": True, "unlessEquals": False}
_MOST_OTHERS = 8


def analyse_handlebars(tree: TemplateTree, text: str, alone: frozenset[str] = frozenset()) -> Analysis:
    """``alone``: helpers that are called without arguments (``{{history}}``), where a name is else a variable."""
    return _HandlebarsAnalysis(text, alone).analysis(tree)


class _HandlebarsAnalysis(PathAnalysis):
    def __init__(self, text: str, alone: frozenset[str]) -> None:
        super().__init__(text, alone)
        self.bindings: list[Binding] = []
        self.contexts: list[Binding] = []
        self.includes: list[Include] = []
        self.inline: set[str] = set()

    def analysis(self, tree: TemplateTree) -> Analysis:
        self.contexts.append(Binding("this", Span(tree.span.start, tree.span.start), "builtin", tree.span, ()))
        self.nodes(tree.root.body)
        return Analysis(
            tuple(sorted((value.use() for value in self.values), key=lambda use: use.spans[0])),
            tuple(sorted(self.bindings, key=lambda binding: binding.span)),
            tuple(sorted(self.mentions, key=lambda mention: mention.span)),
            tuple(one for one in self.includes if one.target not in self.inline),
            tuple(self.open_scopes),
            tuple(self.contexts),
        )

    # -- bodies

    def nodes(self, body: tuple[Node, ...]) -> None:
        for node in body:
            match node.kind:
                case "output":
                    for value in self.shown(node.head[0]) if node.head else ():
                        place(value, "printed")
                case "block":
                    self._block(node)
                case "include":
                    self._include(node, node.name_span or node.span, optional=False)
                case "raw" | "statement" | "error" if node.head:
                    self.call(node.head[0])
                case "branch":
                    self._branch_word(node)
                    self.nodes(node.body)

    # -- blocks

    def _block(self, node: Node) -> None:
        mark = node.head[-1].name if node.head and node.head[-1].kind == "word" else ""
        if mark == ">":
            self._include(node, node.name_span or node.span, optional=True)
            self._guarded(node.body)
        elif mark == "*":
            self._inline(node)
        else:
            self._chain(node, inverted=mark == "^")

    def _chain(self, block: Node, *, inverted: bool) -> None:
        """A block and its branches, each with what is known where those before it were not taken."""
        branches = [one for one in block.body if one.kind == "branch"]
        known: Paths = ()
        for index, tag in enumerate((block, *branches)):
            main = tag.body if index else tuple(one for one in block.body if one.kind != "branch")
            self.facts.add(known)
            more: Paths = ()
            if index:
                self._branch_word(tag)
            if tag.head:
                more = self._called(block, tag, main, inverted=inverted and not index)
            else:
                self.nodes(main)
            self.facts.remove(known)
            known = (known + more)[-MOST_FACTS:]

    def _called(self, block: Node, tag: Node, main: tuple[Node, ...], *, inverted: bool) -> Paths:
        """What a block or a branch like ``{{else if x}}`` calls, and its own body; what is known in the branches
        that follow."""
        call = tag.head[0]
        callee, arguments = (call.head[0], call.head[1:]) if call.kind == "call" else (call, ())
        name = callee_name(callee)
        start = tag.tag.end if tag.tag else tag.span.start
        scope = Span(start, max(start, main[-1].span.end) if main else start)
        path = callee.kind in ("name", "attribute") and not arguments
        if inverted or (path and name not in BLOCKS and not self.is_alone(callee)):
            self._section(block, tag, call, scope, main, inverted=inverted)
        elif name in _CONDITIONS or name in _COMPARISONS:
            return self._condition(name, call, main)
        elif name in ("each", "with"):
            self._enter(name, call, tag, scope, main)
        else:
            self.call(call)
            self._bind(tag, scope, None, first=False)
            self._guarded(main)
            self.parameters.pop()
        return ()

    def _branch_word(self, branch: Node) -> None:
        if branch.name_span:
            word = branch.name_span.slice(self.text)
            self.mentions.append(Mention("tag", word, branch.name_span))

    def _condition(self, name: str, call: Node, main: tuple[Node, ...]) -> Paths:
        values = [value for value in self.call(call) if value is not None]
        if name in _CONDITIONS:
            for value in values:
                test(value)
        literals = [literal(argument) for argument in call.head[1:] if argument.kind != "keyword"]
        if name in _COMPARISONS:
            for value in values:
                compare(value, literals)
        exists = name in _CONDITIONS or any(one is not None for one in literals)
        known = tuple(value.path for value in values if value.path and exists)[:MOST_FACTS]
        if not {**_CONDITIONS, **_COMPARISONS}[name]:
            self.nodes(main)
            return known
        self._given(known, main)
        return ()

    def _given(self, known: Paths, body: tuple[Node, ...]) -> None:
        self.facts.add(known)
        self.nodes(body)
        self.facts.remove(known)

    def _enter(self, name: str, call: Node, tag: Node, scope: Span, main: tuple[Node, ...]) -> None:
        """``each`` and ``with``: the body has another context, the branches have not."""
        values = self.call(call)
        value = next(iter(values), None)
        path = value.path if value is not None else None
        known = (path,) if path else ()
        inner = path
        if name == "each" and path is not None:
            inner = (*path, EACH)
        if path is None and name == "with" and call.kind == "call" and self._is_root(call.head[1]):
            inner = ()
        this = Binding("this", tag.name_span or tag.span, "builtin", scope, inner)
        self.contexts.append(this)
        self.stack.append(Context(() if inner is None else (inner,), this))
        self._bind(tag, scope, inner, first=True)
        self._given(known, main)
        self.parameters.pop()
        self.stack.pop()

    def _bind(self, tag: Node, scope: Span, path: Path | None, *, first: bool) -> None:
        """Block parameters; the ``first`` stands for ``path``."""
        names: dict[str, Binding] = {}
        for index, target in enumerate(one for one in tag.head if one.kind == "target"):
            binding = Binding(target.name, target.span, "block-parameter", scope, path if first and not index else None)
            names[target.name] = binding
            self.bindings.append(binding)
        self.parameters.append(names)

    def _section(
        self, block: Node, tag: Node, call: Node, scope: Span, main: tuple[Node, ...], *, inverted: bool
    ) -> None:
        """``{{#x}}``: goes through a list, enters an object, or shows its body where ``x`` is true."""
        value = self.value(call.head[0] if call.kind == "call" else call)
        self._repeat_in_end(block, tag, value)
        path = value.path if value is not None else None
        if value is not None:
            test(value)
        if inverted:
            self.nodes(main)
            return
        outer = self.stack[-1].paths
        paths = ((*path, EACH), path, *outer)[:_MOST_OTHERS] if path else outer
        self.contexts.append(Binding("this", tag.name_span or tag.span, "section", scope, paths[0] if paths else None))
        self.stack.append(Context(paths, None, safe=True))
        self._bind(tag, scope, None, first=False)
        self._given((path,) if path else (), main)
        self.parameters.pop()
        self.stack.pop()

    def _repeat_in_end(self, block: Node, tag: Node, value: Value | None) -> None:
        """The closing tag names the section once more, so that a new name is written there too."""
        if tag is not block or block.close is None or block.name_span is None or value is None or not value.names[0]:
            return
        written = block.name_span.slice(self.text)
        at = self.text.find(written, block.close.start, block.close.end)
        if at < 0:
            return
        moved = Value(
            value.names,
            tuple(span.shift(at - block.name_span.start) for span in value.spans),
            value.path,
            value.binding,
        )
        moved.others = value.others
        moved.safe = True
        self.values.append(moved)

    def _guarded(self, body: tuple[Node, ...]) -> None:
        """What is in a body that somebody else calls, perhaps with another context."""
        self.unknown += 1
        self.nodes(body)
        self.unknown -= 1

    # -- partials

    def _inline(self, node: Node) -> None:
        call = node.head[0]
        self.call(call)
        named = call.head[1] if call.kind == "call" and len(call.head) > 1 else None
        if named is not None and named.kind == "string":
            self.inline.add(named.name)
        self._guarded(node.body)

    def _include(self, node: Node, span: Span, *, optional: bool) -> None:
        named, *rest = node.head
        here = self.stack[-1]
        context: Path | None = here.paths[0] if here.paths and not here.safe else None
        given: list[tuple[str, Span]] = []
        for one in rest:
            if one.kind == "keyword":
                given.append((one.name, one.name_span or one.span))
                self.argument(one.head[0])
            elif one.kind not in ("word", "target"):
                value = self.argument(one)
                context = () if self._is_root(one) else value.path if value is not None else None
        if named.kind != "string":
            # Any partial may be meant, which may read any input.
            self.argument(named)
            self.open_scopes.append(node.tag or node.span)
        elif named.name and named.name != "@partial-block":
            self.includes.append(
                Include("partial", named.name, named.name_span or span, optional, context, tuple(given))
            )

    def _is_root(self, node: Node) -> bool:
        if node.kind != "name":
            return False
        if node.name == "@root":
            return True
        up = {".": 0, "this": 0, "..": 1}.get(node.name, len(self.stack))
        return up < len(self.stack) and self.stack[len(self.stack) - 1 - up].paths == ((),)
