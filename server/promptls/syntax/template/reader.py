"""Reads the tokens of a tag one after the other, and reports what is missing. Shared by all dialects."""

from __future__ import annotations

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.tokens import Tag, Token
from promptls.syntax.template.tree import Node
from promptls.text import Span


class TagReader:
    """Goes through the tokens of one tag. ``at``: the index of the next token.

    Only the first problem of a tag is reported; what a broken tag brings after it is a consequence.
    """

    def __init__(self, tag: Tag, problems: Problems, start: int) -> None:
        self.tokens = tag.tokens
        self.at = start
        self.tag = tag
        self._problems = problems
        self._quiet = tag.broken

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    @property
    def ended(self) -> bool:
        return self.tokens[self.at].kind == "end"

    @property
    def last_end(self) -> int:
        """Where the token before the next one ends."""
        return self.tokens[self.at - 1].end if self.at else self.tag.tokens[0].start

    def sees(self, *texts: str) -> bool:
        token = self.tokens[self.at]
        return token.text in texts and token.kind in ("name", "operator")

    def sees_words(self, first: str, second: str) -> bool:
        return self.sees(first) and self.tokens[self.at + 1][:2] == ("name", second)

    def take(self, text: str) -> Token | None:
        token = self.tokens[self.at]
        if token.text == text and token.kind in ("name", "operator"):
            self.at += 1
            return token
        return None

    def expect(self, text: str) -> bool:
        if self.take(text):
            return True
        self.fail("expected", f"`{text}` is expected here", expected=text)
        return False

    def fail(self, kind: str, message: str, span: Span | None = None, **data: str) -> None:
        """Report a problem at the next token (at the closing delimiter where there is none)."""
        if self._quiet:
            return
        self._quiet = True
        token = self.tokens[self.at]
        if span is None:
            end = token.kind == "end"
            span = Span(token.start, self.tag.end) if end else Span(token.start, token.end)
        self._problems.add(kind, span.start, span.end, message, **data)

    def quiet(self) -> None:
        """Report nothing more about this tag."""
        self._quiet = True

    def missing(self, message: str) -> Node:
        self.fail("expected", message)
        end = min(self.last_end, self.tokens[self.at].start)
        return Node("missing", Span(end, end))

    def end(self) -> None:
        """Nothing may follow."""
        token = self.tokens[self.at]
        if token.kind != "end":
            span = Span(token.start, self.tokens[-2].end)
            self.fail("trailing", f"`{token.text}` cannot stand here", span)

    def word(self, kind: str, message: str) -> Node:
        """One name, as a node of that kind."""
        token = self.tokens[self.at]
        if token.kind != "name":
            return self.missing(message)
        self.at += 1
        span = Span(token.start, token.end)
        return Node(kind, span, token.text, span)
