"""The tolerant parser for Jinja: text in, tree and problems out, never an exception.

What is valid is decided by jinja2 3.1.6 with the extensions that come with it; what to make of the rest is in
``jinja_lexer`` (broken tags) and ``builder`` (broken blocks).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from promptls.syntax.template.builder import Builder, Frame, Problems
from promptls.syntax.template.jinja_expression import JinjaExpression
from promptls.syntax.template.jinja_lexer import JinjaLexer
from promptls.syntax.template.jinja_statement import TAGS, TagGrammar
from promptls.syntax.template.tokens import Tag, Token, newline_in
from promptls.syntax.template.tree import Node, TemplateTree, made
from promptls.text import Span

_OPENER = re.compile(r"\{[{%#]")
_RAW = re.compile(r"\{%[-+]?\s*(raw)\s*-?%\}")
_END_OF_RAW = {word: re.compile(rf"\{{%[-+]?\s*end{word}\s*[-+]?%\}}") for word in ("raw", "verbatim")}
_END_TAG = re.compile(r"\{%[-+]?\s*end(\w+)")
_END_ALONE = re.compile(r"\{%[-+]?\s*end(\w+)\s*[-+]?%\}")
_NAME_ALONE = re.compile(r"\{\{[-+]?\s*([a-z_]\w*)\s*-?\}\}", re.ASCII | re.IGNORECASE)
"""What most tags are, so that they need no tokens."""


def parse_jinja(text: str, span: Span | None = None) -> TemplateTree:
    """The tree of ``span`` (the whole text, where None is given). Offsets are of the whole text."""
    return JinjaParser(text, span or Span(0, len(text))).parse()


class JinjaParser:
    """One parse. Dialects that are written as Jinja is have tags and expressions of their own."""

    dialect = "jinja"
    title = "Jinja"
    tags: Mapping[str, TagGrammar] = TAGS
    expression: type[JinjaExpression] = JinjaExpression
    raw = _RAW
    patterns = False

    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span
        self.problems = Problems()
        self.lexer = JinjaLexer(text, span.end, self.problems)
        self.lexer.patterns = self.patterns
        self.builder = Builder(text, span, self.problems, lambda name: f"{{% end{name} %}}")
        self._next_comment_end = 0
        self._never_ended: set[str] = set()
        self._ended: frozenset[str] | None = None
        self._last = frozenset(name for name, grammar in self.tags.items() if grammar.last)

    def parse(self) -> TemplateTree:
        text, end = self.text, self.span.end
        at = self.span.start
        search = _OPENER.search
        while found := search(text, at, end):
            start = found.start()
            self.builder.add_text(at, start)
            kind = text[start + 1]
            if kind == "#":
                at = self._comment(start)
            elif kind == "{":
                at = self._output(start)
            else:
                at = self._statement(start)
        self.builder.add_text(at, end)
        return self.builder.finish(self.dialect)

    def _comment(self, start: int) -> int:
        text, limit = self.text, self.span.end
        closer = self._comment_end(start + 2)
        newline = newline_in(text, start, limit if closer < 0 else closer)
        line_end = newline if newline >= 0 else limit
        if closer < 0:
            self.problems.add("unclosed-tag", start, line_end, "This comment is not closed with `#}`", expected="#}")
            return self._add_comment(start, line_end)
        another = text.find("{#", line_end, closer)
        if newline >= 0 and another >= 0:
            # jinja2 takes all lines up to the next `#}` for this comment, silently; a person forgot the first `#}`.
            message = "This comment is not closed with `#}`, so it goes on to the end of the next one"
            self.problems.add("unclosed-tag", start, line_end, message, expected="#}", severity="warning")
            return self._add_comment(start, line_end)
        return self._add_comment(start, closer + 2)

    def _comment_end(self, at: int) -> int:
        """The next ``#}``, or -1; looked for once, however many comments are not closed."""
        if -1 < self._next_comment_end < at:
            self._next_comment_end = self.text.find("#}", at, self.span.end)
        return self._next_comment_end

    def _add_comment(self, start: int, end: int) -> int:
        span = Span(start, end)
        self.builder.add(Node("comment", span, "", None, (), (), span))
        return end

    def _output(self, start: int) -> int:
        alone = _NAME_ALONE.match(self.text, start, self.span.end)
        if alone and alone[1] != "not":
            place = Span(*alone.span(1))
            kind = "constant" if alone[1] in self.expression.constants else "name"
            name = made((kind, place, alone[1], place, (), (), None, None))
            return self._add_output(Span(*alone.span()), (name,))
        tag = self.lexer.tag(start, self._inner(start), output=True)
        read = self.expression(tag, self.problems, 0)
        head: tuple[Node, ...] = ()
        if tag.closed or len(tag.tokens) > 1:
            head = (read.one_or_more(),)
            read.end()
        return self._add_output(Span(start, tag.end), head)

    def _add_output(self, span: Span, head: tuple[Node, ...]) -> int:
        self.builder.add(made(("output", span, "", None, head, (), span, None)))
        return span.end

    def _statement(self, start: int) -> int:
        raw = self.raw.match(self.text, start, self.span.end)
        if raw:
            return self._raw(start, raw.end(), raw[1])
        alone = _END_ALONE.match(self.text, start, self.span.end)
        if alone and self._closes(alone[1]):
            self._close(alone[1], Span(*alone.span()))
            return alone.end()
        tag = self.lexer.tag(start, self._inner(start), output=False)
        span = Span(start, tag.end)
        first = tag.tokens[0]
        read = self.expression(tag, self.problems, 1)
        if first.kind != "name":
            read.at = 0
            read.fail("expected", "The name of a tag is expected here")
            self.builder.add(Node("statement", span, "", None, (), (), span))
            return tag.end
        grammar = self.tags.get(first.text)
        if grammar:
            self._known(grammar, first, read, span)
        elif first.text.startswith("end") and self._closes(first.text[3:]):
            self._end(first, read, span)
        else:
            self._unknown(first, read, span)
        return tag.end

    def _inner(self, start: int) -> int:
        """Where the inside of a tag starts: after the delimiter and its whitespace mark."""
        inner = start + 2
        return inner + 1 if inner < self.span.end and self.text[inner] in "-+" else inner

    def _raw(self, start: int, inner: int, word: str) -> int:
        found = None if word in self._never_ended else _END_OF_RAW[word].search(self.text, inner, self.span.end)
        if found is None:
            self._never_ended.add(word)
        tag = Span(start, inner)
        at = self.text.index(word, start)
        name = Span(at, at + len(word))
        if found is None:
            message = f"`{self.text[start:inner]}` is not closed"
            end = f"{{% end{word} %}}"
            self.problems.add("unclosed-block", start, inner, message, end=end, at=inner, insert=end, name=word)
            self.builder.add(Node("raw", tag, word, name, (), (), tag))
            return inner
        content = (Node("text", Span(inner, found.start())),) if found.start() > inner else ()
        close = Span(*found.span())
        self.builder.add(Node("raw", Span(start, close.end), word, name, (), content, tag, close))
        return close.end

    def _known(self, grammar: TagGrammar, first: Token, read: JinjaExpression, span: Span) -> None:
        head = grammar.head(read)
        place = Span(first.start, first.end)
        block = grammar.block or (first.text == "set" and not _assigns(read.tag))
        if block or grammar.of:
            read.take(":")  # jinja2 allows a colon as in Python
        read.end()
        if grammar.of:
            frame = Frame("branch", first.text, first.text, place, span, head)
            self.builder.branch(frame, grammar.of, follows=lambda before: before not in self._last)
        elif block:
            self.builder.open(Frame("block", grammar.key or first.text, first.text, place, span, head))
        else:
            self.builder.add(Node("statement", span, first.text, place, head, (), span))

    def _closes(self, name: str) -> bool:
        grammar = self.tags.get(name)
        if grammar:
            return grammar.block or name == "set"
        return any(frame.key == name for frame in self.builder.stack)

    def _end(self, first: Token, read: JinjaExpression, span: Span) -> None:
        name = first.text[3:]
        if name == "block":
            innermost = self.builder.innermost
            if innermost and innermost.key == "block" and innermost.head:
                read.take(innermost.head[0].name)
        read.end()
        self._close(name, span)

    def _close(self, name: str, span: Span) -> None:
        closed = self.builder.close(name, span)
        if closed and closed.name == "block":
            self._check_required(closed)

    def _check_required(self, block: Node) -> None:
        if not any(word.name == "required" for word in block.head):
            return
        for node in block.body:
            if node.kind != "comment" and not (node.kind == "text" and node.span.slice(self.text).isspace()):
                message = "A required block holds nothing but comments"
                self.problems.add("trailing", node.span.start, node.span.end, message)
                return

    def _unknown(self, first: Token, read: JinjaExpression, span: Span) -> None:
        """A tag that the host application may know. It has a body where its end tag exists."""
        place = Span(first.start, first.end)
        message = f"`{first.text}` is not a tag of {self.title}"
        self.problems.report("unknown-tag", "unknown-tag", *place, message, {"name": first.text})
        read.quiet()
        head = [] if read.ended else [read.one_or_more()]
        if first.text in self._tags_with_end():
            self.builder.open(Frame("block", first.text, first.text, place, span, tuple(head)))
        else:
            self.builder.add(Node("statement", span, first.text, place, tuple(head), (), span))

    def _tags_with_end(self) -> frozenset[str]:
        if self._ended is None:
            self._ended = frozenset(_END_TAG.findall(self.text, self.span.start, self.span.end))
        return self._ended


def _assigns(tag: Tag) -> bool:
    """Whether a ``set`` gives the value in the tag itself."""
    depth = 0
    for token in tag.tokens:
        if token.kind != "operator":
            continue
        if token.text in "([{":
            depth += 1
        elif token.text in ")]}":
            depth -= 1
        elif token.text == "=" and not depth:
            return True
    return False
