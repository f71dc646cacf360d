"""The tolerant parser for Handlebars: text in, tree and problems out, never an exception.

What is valid is decided by handlebars.js 4.7. What it refuses and dotpromptz-handlebars 0.2 (which renders) reads is
reported with the severity ``warning`` in the problem's data.

Where Handlebars differs from the other dialects in the tree: the first node of a tag's head is the path or the call
that it makes, block parameters follow as ``target`` nodes. A block is named by what it calls (``if``, ``items``,
``user.name``); a ``word`` node at the end of its head says that it is another kind of block: ``^`` (``{{^x}}``), ``>``
(``{{#> x}}``) or ``*`` (``{{#*inline "x"}}``). A branch is named ``else``, ``^`` or ``else if``.
"""

from __future__ import annotations

import re

from promptls.syntax.template.builder import Builder, Frame, Problems
from promptls.syntax.template.handlebars_expression import CONSTANTS, Callee, HandlebarsExpression
from promptls.syntax.template.handlebars_lexer import HandlebarsLexer
from promptls.syntax.template.tokens import Tag, newline_in
from promptls.syntax.template.tree import Node, TemplateTree, made
from promptls.text import Span

_SIGIL = re.compile(r"~?(\s*)(#[>*]?|[/>&^*]|!(?:--)?|\{)?")
_LONG_COMMENT_END = re.compile(r"--~?\}\}")
_RAW_TAG = re.compile(r"""\{\{\{\{(?:/[^\s!"#%-,./;->@\[-^`{-~]+(\}\}\}\}))?""")
_LAST = ("else", "^")
_ALONE = re.compile(r"\{\{(/?)\s*([a-z_]\w*)\s*\}\}(?!\})", re.ASCII | re.IGNORECASE)
"""What most tags are, so that they need no tokens: one name, or the end of a block."""
_NO_NAMES = CONSTANTS | {"else"}


def parse_handlebars(text: str, span: Span | None = None) -> TemplateTree:
    """The tree of ``span`` (the whole text, where None is given). Offsets are of the whole text."""
    return _Parser(text, span or Span(0, len(text))).parse()


class _Parser:
    def __init__(self, text: str, span: Span) -> None:
        self.text = text
        self.span = span
        self.problems = Problems()
        self.lexer = HandlebarsLexer(text, span.end, self.problems)
        self.builder = Builder(text, span, self.problems, lambda key: f"{{{{/{key}}}}}")
        self._next_long: re.Match[str] | None = None
        self._next_long_start = 0
        self._next_comment_end = 0
        self._raw_ends: dict[int, tuple[int, int]] | None = None

    def parse(self) -> TemplateTree:
        text, end = self.text, self.span.end
        at = text_start = self.span.start
        while (start := text.find("{{", at, end)) >= 0:
            if start > at and text[start - 1] == "\\" and not text.startswith("\\", max(at, start - 2), start - 1):
                at = start + 2  # an odd backslash: the braces are text
                continue
            self.builder.add_text(text_start, start)
            at = text_start = self._tag(start)
        self.builder.add_text(text_start, end)
        return self.builder.finish("handlebars")

    def _tag(self, start: int) -> int:
        text, end = self.text, self.span.end
        alone = _ALONE.match(text, start, end)
        if alone and alone[2] not in _NO_NAMES:
            return self._alone(alone)
        if text.startswith("{{{{", start) and not text.startswith("{{{{/", start) and start + 4 <= end:
            return self._raw(start)
        found = _SIGIL.match(text, start + 2, end)
        assert found is not None
        sigil = found[2] or ""
        if sigil[:1] == "!":
            if found[1]:
                self._blank_before(sigil, Span(*found.span(2)), None)
            return self._comment(start, found.start(2), sigil)
        inner = found.end() if sigil else found.start(1)
        triple = sigil == "{"
        tag = self.lexer.tag(start, inner, "}}}" if triple else "}}")
        span = Span(start, tag.end)
        read = HandlebarsExpression(tag, self.problems, text)
        place = Span(found.start(2), found.end(2)) if sigil else None
        if sigil and found[1]:
            self._blank_before(sigil, place or span, read)
        if sigil == "/":
            self._end(read, span)
        elif sigil in ("#", "#>", "#*"):
            self._block(sigil[1:], read, span)
        elif sigil == "^":
            self._inverse(read, span, place)
        elif sigil == ">":
            self._partial(read, span)
        elif tag.tokens[0].text == "else" and not sigil and tag.tokens[0].kind == "name":
            self._else(read, span)
        else:
            self._output(sigil, place, tag, read, span)
        return tag.end

    def _alone(self, tag: re.Match[str]) -> int:
        span = Span(*tag.span())
        if tag[1]:
            self.builder.close(tag[2], span)
        else:
            place = Span(*tag.span(2))
            name = made(("name", place, tag[2], place, (), (), None, None))
            self.builder.add(made(("output", span, "", None, (name,), (), span, None)))
        return span.end

    def _blank_before(self, sigil: str, place: Span, read: HandlebarsExpression | None) -> None:
        message = f"`{sigil}` stands right after the braces: `{{{{{sigil}`"
        if read is None:
            self.problems.add("expected", *place, message, severity="warning")
        elif sigil in ("{", "*"):
            read.fail("expected", message, place)
        else:
            read.warn(message, place)

    def _output(self, sigil: str, place: Span | None, tag: Tag, read: HandlebarsExpression, span: Span) -> None:
        head: tuple[Node, ...] = ()
        if tag.closed or len(tag.tokens) > 1:
            head = (read.call().node,)
            if read.sees("as |"):
                at = read.next.start
                read.block_parameters()
                read.warn("handlebars.js wants block parameters in blocks only", Span(at, read.last_end))
            read.end()
        kind = "statement" if sigil == "*" else "output"
        self.builder.add(made((kind, span, sigil, place, head, (), span, None)))

    def _block(self, mark: str, read: HandlebarsExpression, span: Span) -> None:
        """``mark``: empty, ``^``, ``>`` or ``*``."""
        at = read.next.start
        if mark == ">":
            called = read.callee()
            head: tuple[Node, ...] = (_template(called), *read.arguments())
        else:
            called = read.call()
            head = (called.node, *read.block_parameters())
        read.end()
        if mark:
            word = Span(at, at)
            head += (Node("word", word, mark, word),)
        if called.key:
            self.builder.open(Frame("block", called.key, called.key, called.place, span, head))
        else:
            self.builder.add(Node("statement", span, "", None, head, (), span))

    def _inverse(self, read: HandlebarsExpression, span: Span, place: Span | None) -> None:
        """``{{^}}`` is another way to write ``{{else}}``, ``{{^x}}`` opens a block."""
        if not read.ended:
            self._block("^", read, span)
            return
        self._branch(Frame("branch", "^", "^", place, span, ()), read)

    def _else(self, read: HandlebarsExpression, span: Span) -> None:
        word = read.next
        read.at += 1
        place = Span(word.start, word.end)
        if read.ended:
            self._branch(Frame("branch", "else", "else", place, span, ()), read)
            return
        called = read.call()
        head = (called.node, *read.block_parameters())
        read.end()
        name = f"else {called.key}"
        self._branch(Frame("branch", name, name, place, span, head), read)

    def _branch(self, frame: Frame, read: HandlebarsExpression) -> None:
        if not frame.head:
            self._allow_a_third_brace(read.next.start)
        block = self.builder.innermost
        keys = (block.key,) if block else ("if", "unless", "each", "with")
        if block and block.head and block.head[-1].kind == "word":
            self._branch_of_marked(block, frame, read)
        self.builder.branch(frame, keys, follows=lambda before: before not in _LAST)

    def _allow_a_third_brace(self, at: int) -> None:
        """handlebars.js reads ``{{else}}`` as one word, so that a brace behind it is text."""
        last = self.problems.found[-1] if self.problems.found else None
        if last and last.kind == "wrong-closer" and last.span.start == at and "expected" not in last.data:
            self.problems.found.pop()

    def _branch_of_marked(self, block: Frame, frame: Frame, read: HandlebarsExpression) -> None:
        mark = block.head[-1].name
        if mark != "^":
            read.warn(f"`{frame.name}` is nothing in `{{{{#{mark}`: what follows is never shown", frame.tag)
        elif frame.head:
            read.warn(f"handlebars.js refuses `{frame.name}` in `{{{{^`; write `{{{{else}}}}`", frame.tag)

    def _end(self, read: HandlebarsExpression, span: Span) -> None:
        if read.ended:
            innermost = self.builder.innermost
            expected = f"{{{{/{innermost.key}}}}}" if innermost else "{{/if}}"
            read.fail("expected", f"The name of the block is expected here, like `{expected}`")
            if innermost:
                self.builder.close(innermost.key, span)
            else:
                self.builder.add(Node("error", span, "", None, (), (), span))
            return
        key = read.callee().key
        read.end()
        self.builder.close(key, span)

    def _partial(self, read: HandlebarsExpression, span: Span) -> None:
        if read.sees("("):
            named, key = read.group(), ""
        else:
            callee = read.value("The name of a partial is expected here")
            named, key = _template(callee), callee.key
        head = (named, *read.arguments())
        read.end()
        self.builder.add(Node("include", span, key, named.span, head, (), span))

    # -- comments and raw blocks

    def _comment(self, start: int, sign: int, sigil: str) -> int:
        text, limit = self.text, self.span.end
        if sigil == "!--" and (found := self._long_comment_end(sign + 1)):
            newline = newline_in(text, sign, found.start())
            if newline < 0 or text.find("{{!--", newline, found.start()) < 0:
                return self._add_comment(start, found.end())
            return self._open_comment(start, newline, "--}}", "warning")
        closer = self._comment_end(sign)
        newline = newline_in(text, start, limit if closer < 0 else closer)
        line_end = newline if newline >= 0 else limit
        if sigil == "!--":
            return self._open_comment(start, min(line_end, closer + 2 if closer >= 0 else limit), "--}}", "")
        if closer < 0:
            return self._open_comment(start, line_end, "}}", "")
        if line_end < closer and text.find("{{!", line_end, closer) >= 0:
            return self._open_comment(start, line_end, "}}", "warning")
        return self._add_comment(start, closer + 2)

    def _long_comment_end(self, at: int) -> re.Match[str] | None:
        """The next ``--}}``, or None; looked for once, as below."""
        if -1 < self._next_long_start < at:
            self._next_long = _LONG_COMMENT_END.search(self.text, at, self.span.end)
            self._next_long_start = self._next_long.start() if self._next_long else -1
        return self._next_long

    def _comment_end(self, at: int) -> int:
        """The next ``}}``, or -1; looked for once, however many comments are not closed."""
        if -1 < self._next_comment_end < at:
            self._next_comment_end = self.text.find("}}", at, self.span.end)
        return self._next_comment_end

    def _open_comment(self, start: int, end: int, closer: str, severity: str) -> int:
        message = f"This comment is not closed with `{closer}`"
        data = {"expected": closer}
        if severity:
            # The renderer takes everything up to the next closer for this comment, silently.
            message += ", so it goes on to the end of the next one"
            data["severity"] = severity
        self.problems.report("template-syntax", "unclosed-tag", start, end, message, data)
        return self._add_comment(start, end)

    def _add_comment(self, start: int, end: int) -> int:
        span = Span(start, end)
        self.builder.add(Node("comment", span, "", None, (), (), span))
        return end

    def _raw(self, start: int) -> int:
        tag = self.lexer.tag(start, start + 4, "}}}}")
        read = HandlebarsExpression(tag, self.problems, self.text)
        callee = read.call()
        place, head = callee.place, (callee.node,)
        read.end()
        span = Span(start, tag.end)
        end = f"{{{{{{{{/{callee.key}}}}}}}}}"
        ends = self._raw_ends_of(start) if tag.closed else None
        if ends is None or ends[0] < tag.end:
            message = f"`{span.slice(self.text)}` is not closed"
            if tag.closed:
                self.problems.add("unclosed-block", *span, message, end=end, at=tag.end, insert=end, name=callee.key)
            self.builder.add(Node("raw", span, callee.key, place, head, (), span))
            return tag.end
        close = Span(*ends)
        if close.slice(self.text) != f"{{{{{{{{/{callee.key}}}}}}}}}":
            message = f"`{close.slice(self.text)}` does not close `{{{{{{{{{callee.key}`"
            self.problems.add(
                "stray-close", *close, message, expected=f"{{{{{{{{/{callee.key}}}}}}}}}", name=callee.key
            )
        content = (Node("text", Span(tag.end, close.start)),) if close.start > tag.end else ()
        self.builder.add(Node("raw", Span(start, close.end), callee.key, place, head, content, span, close))
        return close.end

    def _raw_ends_of(self, start: int) -> tuple[int, int] | None:
        """Where the raw block that starts here ends; all of them are matched at once, inner ones with their own."""
        if self._raw_ends is None:
            self._raw_ends = {}
            opened: list[int] = []
            for found in _RAW_TAG.finditer(self.text, self.span.start, self.span.end):
                if found[1] is None:
                    if not self.text.startswith("/", found.end()):
                        opened.append(found.start())
                elif opened:
                    self._raw_ends[opened.pop()] = found.span()
        return self._raw_ends.get(start)


def _template(callee: Callee) -> Node:
    """The name of a partial, which is written as a path or a literal."""
    node, key, _ = callee
    if node.kind == "missing":
        return node
    return Node("string", node.span, key, node.name_span if node.kind == "string" else node.span)
