"""The tolerant parser for Mustache (mustache/spec 1.4 with its optional modules: inheritance, dynamic names, lambdas).

Anything may stand in a Mustache name, so that a tag can be wrong in few ways: not closed, empty, or closing
the wrong section.
"""

from __future__ import annotations

import re

from promptls.syntax.template.builder import Builder, Frame, Problems
from promptls.syntax.template.tokens import newline_in
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

_SIGILS = "#^/>&<$"


def parse_mustache(text: str, span: Span | None = None) -> TemplateTree:
    """The tree of ``span`` (the whole text, where None is given). Offsets are of the whole text."""
    return _Parser(text, span or Span(0, len(text))).parse()


class _Parser:
    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span
        self.problems = Problems()
        self.builder = Builder(text, span, self.problems, lambda key: f"{self.opener}/{key}{self.closer}")
        self._delimit("{{", "}}")

    def _delimit(self, opener: str, closer: str) -> None:
        self.opener, self.closer = opener, closer
        self._opens = re.compile(re.escape(opener))
        self._next = re.compile(f"(?P<closer>{re.escape(closer)})|{re.escape(opener)}")
        self._ends_delimiters = re.compile(f"(?P<closer>={re.escape(closer)})|[\\r\\n]")
        self._next_comment_end = 0
        self._next_triple = re.compile(r"(?P<closer>\}\}\}?)|\{\{")

    def parse(self) -> TemplateTree:
        at = self.span.start
        while found := self._opens.search(self.text, at, self.span.end):
            self.builder.add_text(at, found.start())
            at = self._tag(found.start(), found.end())
        self.builder.add_text(at, self.span.end)
        return self.builder.finish("mustache")

    def _tag(self, start: int, inner: int) -> int:
        char = self.text[inner] if inner < self.span.end else ""
        if char == "!":
            return self._comment(start, inner)
        if char == "=":
            return self._delimiters(start, inner)
        triple = char == "{" and self.opener == "{{"
        inner, end, closed = self._find_end(start, inner + triple, triple=triple)
        sigil = "{" if triple else ""
        content = self._trimmed(inner, end.start)
        if not triple and content.start < content.end and self.text[content.start] in _SIGILS:
            sigil = self.text[content.start]
            content = self._trimmed(content.start + 1, content.end)
        tag = Span(start, end.end)
        if content.empty and closed:
            self.problems.add("expected", tag.start, tag.end, "A name is expected in this tag")
        self._add(sigil, content, tag)
        return tag.end

    def _find_end(self, start: int, inner: int, *, triple: bool) -> tuple[int, Span, bool]:
        """Where the inside starts, the span of the closer, and whether there is one."""
        closer = "}}}" if triple else self.closer
        found = (self._next_triple if triple else self._next).search(self.text, inner, self.span.end)
        if found and found["closer"]:
            if len(found["closer"]) < len(closer):
                self.problems.add("wrong-closer", *found.span(), f"This tag ends with `{closer}`", expected=closer)
            return inner, Span(*found.span()), True
        limit = found.start() if found else self.span.end
        newline = newline_in(self.text, inner, limit)
        stop = newline if newline >= 0 else inner + len(self.text[inner:limit].rstrip())
        message = f"This tag is not closed with `{closer}`"
        self.problems.add("unclosed-tag", start, stop, message, expected=closer, at=stop)
        return inner, Span(stop, stop), False

    def _trimmed(self, start: int, end: int) -> Span:
        written = self.text[start:end]
        start += len(written) - len(written.lstrip())
        return Span(start, max(start, start + len(written.strip())))

    def _comment(self, start: int, inner: int) -> int:
        end = self._comment_end(inner)
        limit = end if end >= 0 else self.span.end
        newline = newline_in(self.text, inner, limit)
        line_end = newline if newline >= 0 else limit
        stop = end + len(self.closer)
        if end < 0:
            message = f"This comment is not closed with `{self.closer}`"
            self.problems.add("unclosed-tag", start, line_end, message, expected=self.closer)
            stop = line_end
        elif line_end < end and self.text.find(self.opener, line_end, end) >= 0:
            # The renderer takes everything up to the next closer for this comment, silently.
            message = f"This comment is not closed with `{self.closer}`, so it goes on to the end of the next tag"
            data = {"expected": self.closer, "severity": "warning"}
            self.problems.report("template-syntax", "unclosed-tag", start, line_end, message, data)
            stop = line_end
        span = Span(start, stop)
        self.builder.add(Node("comment", span, "", None, (), (), span))
        return stop

    def _comment_end(self, at: int) -> int:
        """The next closer, or -1; looked for once, however many comments are not closed."""
        if -1 < self._next_comment_end < at:
            self._next_comment_end = self.text.find(self.closer, at, self.span.end)
        return self._next_comment_end

    def _delimiters(self, start: int, inner: int) -> int:
        found = self._ends_delimiters.search(self.text, inner + 1, self.span.end)
        line_end = found.start() if found else self.span.end
        end = line_end if found and found["closer"] else -1
        stop = end + 1 + len(self.closer) if end >= 0 else line_end
        span = Span(start, stop)
        self.builder.add(Node("delimiters", span, "", None, (), (), span))
        pair = self.text[inner + 1 : end].split() if end >= 0 else []
        if len(pair) == 2 and "=" not in "".join(pair):
            self._delimit(*pair)
        else:
            message = f"New delimiters are written like `{self.opener}=<% %>={self.closer}`"
            self.problems.add("expected", start, stop, message)
        return stop

    def _add(self, sigil: str, content: Span, tag: Span) -> None:
        key = content.slice(self.text)
        place = Span(content.start - 1, content.start) if sigil else None
        if sigil and sigil != "{":
            at = self.text.rindex(sigil, tag.start, content.start)
            place = Span(at, at + 1)
        if sigil == "/":
            self.builder.close(key, tag)
        elif sigil in ("#", "^"):
            self.builder.open(Frame("block", key, sigil, place, tag, (self._path(content),)))
        elif sigil in ("$", "<"):
            kind = "label" if sigil == "$" else "string"
            self.builder.open(Frame("block", key, sigil, place, tag, (self._target(kind, content),)))
        elif sigil == ">":
            head = self._target("string", content)
            self.builder.add(Node("include", tag, key, content, (head,), (), tag))
        else:
            head = self._path(content)
            self.builder.add(Node("output", tag, sigil, place, () if content.empty else (head,), (), tag))

    def _target(self, kind: str, content: Span) -> Node:
        """The template that a partial or a parent names; ``*name`` reads its name from the context."""
        if content.slice(self.text).startswith("*"):
            return self._path(self._trimmed(content.start + 1, content.end))
        return Node(kind, content, content.slice(self.text), content)

    def _path(self, content: Span) -> Node:
        """``a.b`` as the attribute ``b`` of the name ``a``; ``.`` is a name of its own."""
        written = content.slice(self.text)
        if not written:
            return Node("missing", content)
        if written == ".":
            return Node("name", content, ".", content)
        node: Node | None = None
        at = content.start
        for part in written.split("."):
            place = self._trimmed(at, at + len(part))
            name = place.slice(self.text)
            if node is None:
                node = Node("name", Span(content.start, place.end), name, place)
            else:
                node = Node("attribute", Span(content.start, place.end), name, place, (node,))
            at += len(part) + 1
        assert node is not None
        return node
