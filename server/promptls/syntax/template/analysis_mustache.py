"""What a Mustache template reads.

A name is looked up in the innermost section first and then outwards, and nothing in the template says whether a
section is a list, an object or a condition. A use inside of sections stands for the path in the innermost one, is
guarded, and lists its other paths in ``others``.
"""

from __future__ import annotations

from promptls.syntax.template.drafts import Facts, Path, Value
from promptls.syntax.template.names import EACH, Analysis, Include, Mention
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

_MOST_SECTIONS = 8
"""Sections around a name, from the inside out, in which it is looked for."""


def analyse_mustache(tree: TemplateTree) -> Analysis:
    found = _MustacheAnalysis()
    found.nodes(tree.root.body)
    uses = sorted((value.use() for value in found.values), key=lambda use: use.spans[0])
    return Analysis(tuple(uses), (), tuple(found.mentions), tuple(found.includes))


class _MustacheAnalysis:
    def __init__(self) -> None:
        self.values: list[Value] = []
        self.mentions: list[Mention] = []
        self.includes: list[Include] = []
        self.facts = Facts()
        self.sections: list[Path] = []
        """The paths of the sections around, outermost first, each as written."""

    def nodes(self, body: tuple[Node, ...]) -> None:
        for node in body:
            if node.kind == "output":
                for one in node.head:
                    self._use(one, "printed")
            elif node.kind == "include":
                self._include("partial", node.head[0])
            elif node.kind == "block":
                self._block(node)

    def _block(self, node: Node) -> None:
        head = node.head[0]
        if node.name not in ("#", "^"):
            if node.name == "<":
                self._include("extends", head)
            self.nodes(node.body)
            return
        value = self._use(head, "tested")
        if value is None or value.path is None:
            self.nodes(node.body)
            return
        value.safe = True
        if node.name == "^":
            self.nodes(node.body)
            return
        self.facts.add((value.path,))
        self.sections.append(value.path)
        self.nodes(node.body)
        self.sections.pop()
        self.facts.remove((value.path,))

    def _include(self, kind: str, node: Node) -> None:
        if node.kind == "string":
            if node.name:
                self.includes.append(Include(kind, node.name, node.span, optional=True))
        else:
            self._use(node, "")

    def _use(self, node: Node, position: str) -> Value | None:
        names: list[str] = []
        spans: list[Span] = []
        while True:
            if node.kind not in ("name", "attribute"):
                return None
            names.append(node.name)
            spans.append(node.name_span or node.span)
            if not node.head:
                break
            node = node.head[0]
        names.reverse()
        spans.reverse()
        implicit = names == ["."]
        if implicit:
            names, paths = [EACH], [(*self.sections[-1], EACH)] if self.sections else []
        else:
            own = tuple(names)
            paths = []
            for section in reversed(self.sections[-_MOST_SECTIONS:]):
                paths += [(*section, EACH, *own), (*section, *own)]
            paths.append(own)
        value = Value(tuple(names), tuple(spans), paths[0] if paths else None, None)
        value.others = tuple(paths[1:])
        value.position = position
        value.safe = bool(self.sections) or implicit
        self.facts.check(value)
        self.values.append(value)
        return value
