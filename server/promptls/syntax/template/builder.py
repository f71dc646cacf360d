"""From a stream of tags to the tree: closes what can be closed, reports the rest. Shared by all dialects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import Node, TemplateTree, made
from promptls.text import Span

MOST_PROBLEMS = 1000
"""A template with more is not read by a person; the rest would only cost time and memory."""

MOST_UNCLOSED = 10
"""Blocks that one text leaves open and that are each reported; the last of them speaks for those in it."""

DEEPEST_BLOCK = 100
"""Blocks nested deeper than this are kept as plain tags, so that later passes may recurse per block."""


class Problems:
    """Collects the problems of one template."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, kind: str, start: int, end: int, message: str, /, **data: Any) -> None:
        """A problem of rule ``template-syntax``."""
        self.report("template-syntax", kind, start, end, message, data)

    def report(self, code: str, kind: str, start: int, end: int, message: str, data: dict[str, Any]) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Problem(Span(start, end), code, message, kind, data))


class Frame:
    """A block or a branch that is still open. ``key`` is what its closing tag must name."""

    __slots__ = ("body", "branch", "head", "key", "kind", "name", "name_span", "tag")

    def __init__(self, kind: str, key: str, name: str, name_span: Span | None, tag: Span, head: tuple[Node, ...]):
        self.kind = kind
        self.key = key
        self.name = name
        self.name_span = name_span
        self.tag = tag
        self.head = head
        self.body: list[Node] = []
        self.branch = ""
        """On a block: the name of the branch that was opened last."""

    def node(self, end: int, close: Span | None = None) -> Node:
        span = Span(self.tag.start, end)
        return made((self.kind, span, self.name, self.name_span, self.head, tuple(self.body), self.tag, close))


class Builder:
    """``end_tag`` writes the closing tag of a key: ``if`` -> ``{% endif %}``."""

    def __init__(self, text: str, span: Span, problems: Problems, end_tag: Callable[[str], str]) -> None:
        self.text = text
        self.span = span
        self.problems = problems
        self.end_tag = end_tag
        self.root = Frame("template", "", "", None, Span(span.start, span.start), ())
        self.stack = [self.root]
        self.blocks = 0
        self.too_deep: Counter[str] = Counter()
        self.too_deep_now = 0
        self.body = self.root.body

    def add(self, node: Node) -> None:
        self.body.append(node)

    def add_text(self, start: int, end: int) -> None:
        if end > start:
            self.body.append(made(("text", Span(start, end), "", None, (), (), None, None)))

    def open(self, frame: Frame) -> None:
        """Open a block; everything that follows goes into it until its closing tag."""
        if self.blocks >= DEEPEST_BLOCK:
            if not self.too_deep:
                start, end = frame.tag
                self.problems.add("too-deep", start, end, f"Blocks are nested more than {DEEPEST_BLOCK} deep")
            self.too_deep[frame.key] += 1
            self.too_deep_now += 1
            self.add(Node("statement", frame.tag, frame.name, frame.name_span, frame.head, (), frame.tag))
            return
        self.blocks += 1
        self._push(frame)

    def branch(self, frame: Frame, blocks: Iterable[str], *, follows: Callable[[str], bool]) -> None:
        """Open a branch of the innermost block, where that is one of ``blocks`` (by key) and ``follows`` allows
        this branch after the block's last one (``""`` is none)."""
        if self.too_deep_now:
            self.add(Node("statement", frame.tag, frame.name, frame.name_span, frame.head, (), frame.tag))
            return
        block = self.innermost
        if block is None or block.key not in blocks:
            start, end = frame.tag
            of = " or ".join(f"`{name}`" for name in sorted(blocks))
            self.problems.add("stray-branch", start, end, f"`{frame.name}` is not inside of {of}", name=frame.name)
            self._add_as_tag(frame)
            return
        if not follows(block.branch):
            start, end = frame.tag
            message = f"`{frame.name}` cannot follow `{block.branch}`"
            self.problems.add("stray-branch", start, end, message, name=frame.name)
            self._add_as_tag(frame)
            return
        self._end_branch(frame.tag.start)
        block.branch = frame.name
        self._push(frame)

    def close(self, key: str, tag: Span) -> Node | None:
        """Close the innermost block of that key, and whatever is open in it; the closed block, where there is one."""
        if self.too_deep_now and self.too_deep[key]:
            self.too_deep[key] -= 1
            self.too_deep_now -= 1
            self.add(Node("statement", tag, key, None, (), (), tag))
            return None
        if self.stack[-1].kind == "block" and self.stack[-1].key == key:
            return self._pop(tag.end, tag)
        index = next(
            (
                i
                for i in range(len(self.stack) - 1, 0, -1)
                if self.stack[i].kind == "block" and self.stack[i].key == key
            ),
            None,
        )
        written = self.text[tag.start : tag.end]
        if index is None:
            innermost = self.innermost
            message = f"`{written}` closes nothing"
            expected = self.end_tag(innermost.key) if innermost else None
            if expected:
                message += f"; the innermost open block ends with `{expected}`"
            self.problems.add("stray-close", tag.start, tag.end, message, expected=expected, name=key)
            self.add(Node("error", tag, key, None, (), (), tag))
            return None
        while len(self.stack) - 1 > index:
            self._report_unclosed(self.stack[-1], tag.start, f" before `{written}`")
            self._pop(tag.start)
        return self._pop(tag.end, tag)

    def finish(self, dialect: str) -> TemplateTree:
        end = self.span.end
        unclosed = [frame for frame in self.stack if frame.kind == "block"]
        more = len(unclosed) - MOST_UNCLOSED
        for index, frame in enumerate(unclosed[:MOST_UNCLOSED], 1):
            rest = f", nor is any block in it ({more} more)" if index == MOST_UNCLOSED and more > 0 else ""
            self._report_unclosed(frame, end, rest)
        while len(self.stack) > 1:
            self._pop(end)
        root = Node("template", self.span, "", None, (), tuple(self.root.body))
        found = sorted(self.problems.found, key=lambda problem: problem.span)
        return TemplateTree(dialect, self.span, root, tuple(found))

    @property
    def innermost(self) -> Frame | None:
        return next((frame for frame in reversed(self.stack) if frame.kind == "block"), None)

    def _push(self, frame: Frame) -> None:
        self.stack.append(frame)
        self.body = frame.body

    def _pop(self, end: int, close: Span | None = None) -> Node:
        frame = self.stack.pop()
        if frame.kind == "block":
            self.blocks -= 1
        self.body = self.stack[-1].body
        node = frame.node(end, close)
        self.body.append(node)
        return node

    def _end_branch(self, end: int) -> None:
        if self.stack[-1].kind == "branch":
            self._pop(end)

    def _add_as_tag(self, frame: Frame) -> None:
        self.add(Node("error", frame.tag, frame.name, frame.name_span, frame.head, (), frame.tag))

    def _report_unclosed(self, frame: Frame, end: int, where: str) -> None:
        if frame.kind != "block" or len(self.problems.found) >= MOST_PROBLEMS:
            return
        closer = self.end_tag(frame.key)
        message = f"`{self.text[frame.tag.start : frame.tag.end]}` is not closed{where}"
        at, insert = self._place_of_end(frame, end, closer)
        self.problems.add(
            "unclosed-block", frame.tag.start, frame.tag.end, message, end=closer, at=at, insert=insert, name=frame.key
        )

    def _place_of_end(self, frame: Frame, end: int, closer: str) -> tuple[int, str]:
        """Where the missing closing tag belongs and what to write there; on its own line if the opening tag is."""
        indent = self._alone_on_line(frame.tag)
        if indent is None:
            return end, closer
        content = self.text[frame.tag.end : end]
        if end < self.span.end:
            line = end - len(content) + max(content.rfind("\n"), content.rfind("\r")) + 1
            if line > frame.tag.end and not self.text[line:end].strip():
                eol = "\r\n" if self.text[line - 2 : line] == "\r\n" else self.text[line - 1 : line]
                return line, indent + closer + eol
            return end, closer
        at = frame.tag.end + len(content.rstrip())
        eol = "\r\n" if "\r\n" in content else "\n"
        return at, eol + indent + closer

    def _alone_on_line(self, tag: Span) -> str | None:
        """The indentation of the tag, where its line holds nothing else."""
        start = tag.start
        while start > self.span.start and self.text[start - 1] in " \t":
            start -= 1
        end = tag.end
        while end < self.span.end and self.text[end] in " \t":
            end += 1
        starts = start == self.span.start or self.text[start - 1] in "\r\n"
        ends = end < self.span.end and self.text[end] in "\r\n"
        return self.text[start : tag.start] if starts and ends else None
