"""Jinja's tokens (jinja2 3.1 ``lexer.py``), one tag at a time, and what to do where a tag is broken.

Whether a template is valid is decided as jinja2 does; the rules for broken ones serve a person who is typing:

- A tag that meets another opener or the end of the text ends at its first newline.
- A wrong closer (``%}`` in ``{{``, a lone ``}``) ends it; so does the right one inside of ``(`` or ``[``.
- A string that is not closed ends before the closer or at the end of its line. A string counts as not closed
  when it swallows lines together with a delimiter, or one of them so that a word follows its last quote.
"""

from __future__ import annotations

import re

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.tokens import Tag, Token, newline_in, unclosed

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<name>[^\W\d]\w*)
    |(?P<number>0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+
        |\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+(?:_\d+)*)?)
    |(?P<operator>//|\*\*|==|!=|<=|>=|[-+*/%~(){}\[\]<>=.:|,;])""",
    re.VERBOSE,
)
_DIGITS = re.compile(r"\d+(?:_\d+)*")
_STRING = re.compile(r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*\"""", re.DOTALL)
_OPEN_STRING = re.compile(r"['\"](?:(?!\{[{%#]|[-+]?[%}]\}|[\r\n]).)*")
_BAD = re.compile(r"[^\s\w'\"{}()\[\]%.|,:=<>~*/+\-]+")
_DELIMITER = re.compile(r"\{[{%#]|[%}]\}")
_FOLLOWS_STRING = re.compile(
    r"\s*(?:\Z|[|,)\]}~+*%:=<>/-]|!=|\.[^\W\d]|\[|(?:and|as|else|if|ignore|import|in|is|not|or|recursive|with(?:out)?)\b)"
)
_CLOSES_LINE = re.compile(r"[ \t]*[-+]?[%}]\}")
_MOST_WASTE = 500_000
"""Characters looked at in vain for the ends of strings, in one template, after which strings end with their line."""


class JinjaLexer:
    """``end``: where the template ends. What it remembers from tag to tag keeps hostile input from costing
    quadratic time."""

    def __init__(self, text: str, end: int, problems: Problems) -> None:
        self.text = text
        self.end = end
        self.problems = problems
        self._waste = 0
        self._never_closed: set[str] = set()

    def tag(self, start: int, inner: int, *, output: bool) -> Tag:
        """The tag that starts at ``start`` and whose inside starts at ``inner``."""
        text, end, problems = self.text, self.end, self.problems
        closer, other = ("}}", "%}") if output else ("%}", "}}")
        marks = "-" if output else "-+"
        tokens: list[Token] = []
        braces: list[str] = []
        dicts = 0
        newline_at, before_newline = -1, 0
        reported = len(problems.found)
        at = inner
        match = _TOKEN.match
        while at < end:
            char = text[at]
            if char in "}%{-+":
                in_dict = bool(braces) and braces[-1] == "{"
                if char in marks and not in_dict and text.startswith(closer, at + 1, end):
                    return self._closed(tokens, at, at + 3, reported)
                two = text[at : min(at + 2, end)]
                # `}}` closes dictionaries where two are open, or where a third brace follows.
                if two == closer and not (in_dict and output and (dicts > 1 or text.startswith("}}}", at, end))):
                    return self._closed(tokens, at, at + 2, reported)
                if two in ("{{", "{%", "{#"):
                    break
                if not braces and (two == other or char == "}"):
                    stop = at + len(two) if two == other else at + 1
                    problems.add("wrong-closer", at, stop, f"This tag ends with `{closer}`", expected=closer)
                    return self._closed(tokens, at, stop, reported)
            elif char in "'\"":
                stop = self._string(at)
                if stop:
                    tokens.append(Token("string", text[at:stop], at, stop))
                    at = stop
                    continue
                at = self._open_string(tokens, at)
                if not _CLOSES_LINE.match(text, at, end):
                    break
                continue
            found = match(text, at, end)
            if found is None:
                at = self._bad_characters(tokens, at)
                continue
            kind, stop = found.lastgroup or "", found.end()
            if kind == "space":
                if newline_at < 0:
                    newline_at, before_newline = newline_in(text, at, stop), len(tokens)
                at = stop
                continue
            if kind == "operator":
                if char in "([{":
                    braces.append(char)
                    dicts += char == "{"
                elif char in ")]}" and braces:
                    dicts -= braces.pop() == "{"
            elif kind == "number" and tokens and tokens[-1].text == "." and tokens[-1].end == at:
                digits = _DIGITS.match(text, at, stop)
                stop = digits.end() if digits else stop
            elif kind == "name" and not text[at:stop].isidentifier():
                at = self._bad_characters(tokens, at, stop)
                continue
            tokens.append(Token(kind, text[at:stop], at, stop))
            at = stop
        tokens, at = unclosed(tokens, newline_at, before_newline, inner)
        # What lies beyond the end of the tag is text after all, and so is without problems.
        problems.found[reported:] = [one for one in problems.found[reported:] if one.span.start < at]
        if len(problems.found) == reported:
            problems.add("unclosed-tag", start, at, f"This tag is not closed with `{closer}`", expected=closer, at=at)
        tokens.append(Token("end", "", at, at))
        return Tag(tokens, at, at, closed=False, broken=True)

    def _closed(self, tokens: list[Token], inner_end: int, end: int, reported: int) -> Tag:
        tokens.append(Token("end", "", inner_end, inner_end))
        return Tag(tokens, inner_end, end, True, reported < len(self.problems.found))

    def _string(self, start: int) -> int:
        """The end of the string that starts here, or 0 where it probably lacks its quote."""
        text = self.text
        if text[start] in self._never_closed:
            return 0
        limit = self.end
        if self._waste > _MOST_WASTE:
            newline = newline_in(text, start, limit)
            limit = newline if newline >= 0 else limit
        found = _STRING.match(text, start, limit)
        if found is None:
            if limit == self.end:
                self._never_closed.add(text[start])
            return 0
        end = found.end()
        delimiter = _DELIMITER.search(text, start, end) is not None
        newline = newline_in(text, start, end)
        if not delimiter and newline < 0:
            return end
        if (delimiter and newline >= 0) or not _FOLLOWS_STRING.match(text, end, self.end):
            self._waste += end - start
            return 0
        return end

    def _open_string(self, tokens: list[Token], start: int) -> int:
        """Take the part of an open string that is surely one: up to a delimiter or the end of the line."""
        found = _OPEN_STRING.match(self.text, start, self.end)
        written = found[0].rstrip() if found else self.text[start]
        stop = start + len(written)
        self.problems.add(
            "open-string", start, stop, f"This string is not closed with `{written[0]}`", quote=written[0]
        )
        tokens.append(Token("string", written, start, stop))
        return stop

    def _bad_characters(self, tokens: list[Token], at: int, stop: int = 0) -> int:
        if not stop:
            found = _BAD.match(self.text, at, self.end)
            stop = found.end() if found else at + 1
        written = self.text[at:stop]
        self.problems.add("bad-character", at, stop, f"`{written[:20]}` has no meaning in a tag")
        tokens.append(Token("bad", written, at, stop))
        return stop
