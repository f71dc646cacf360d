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

_COMMON = r"""\s*+(?:([^\W\d]\w*)
    |(%s)
    |(%s|\{[{%%\#])
    |(['"])
    |(//|\*\*|===?|!==?|<=|>=|[-+*/%%~(){}\[\]<>=.:|,;])
    |(0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+
        |\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+(?:_\d+)*)?)
    |([^\s\w'"{}()\[\]%%.|,:=<>~*/+-]+|\S))"""
_NAME, _CLOSER, _DELIMITERS, _QUOTE, _OPERATOR, _NUMBER, _BAD = range(1, 8)
_IN_OUTPUT = re.compile(_COMMON % (r"-?\}\}", r"%\}"), re.VERBOSE)
_IN_STATEMENT = re.compile(_COMMON % (r"[-+]?%\}", r"\}\}"), re.VERBOSE)
_DIGITS = re.compile(r"\d+(?:_\d+)*")
_STRING = re.compile(r"""'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*\"""", re.DOTALL)
_OPEN_STRING = re.compile(r"['\"](?:(?!\{[{%#]|[-+]?[%}]\}|[\r\n]).)*")
_DELIMITER = re.compile(r"\{[{%#]|[%}]\}")
_FOLLOWS_STRING = re.compile(
    r"\s*(?:\Z|[|,()\[\]}~+*%:=<>/-]|!=|\.[^\W\d]|(?:and|as|else|if|ignore|import|in|is|not|or|recursive|with(?:out)?)\b)"
)
_CLOSES_LINE = re.compile(r"[ \t]*[-+]?[%}]\}")
_PATTERN = re.compile(r"r/(?:[^/\\\r\n]|\\[^\r\n]){1,200}+/[gimy]*+")
_MOST_WASTE = 500_000
"""Characters looked at in vain for the ends of strings, in one template, after which strings must be short."""
_SHORT_STRING = 500


class JinjaLexer:
    """``end``: where the template ends. What it remembers from tag to tag keeps hostile input from costing
    quadratic time. ``patterns``: ``r/a+/`` is a constant, as in Nunjucks."""

    patterns = False

    def __init__(self, text: str, end: int, problems: Problems) -> None:
        self.text = text
        self.end = end
        self.problems = problems
        self._waste = 0
        self._never_closed: set[str] = set()

    def tag(self, start: int, inner: int, *, output: bool) -> Tag:
        """The tag that starts at ``start`` and whose inside starts at ``inner``."""
        text, end, problems = self.text, self.end, self.problems
        closer = "}}" if output else "%}"
        match = (_IN_OUTPUT if output else _IN_STATEMENT).match
        tokens: list[Token] = []
        braces: list[str] = []
        dicts = 0
        reported = len(problems.found)
        at = inner
        while found := match(text, at, end):
            group = found.lastindex
            at, stop = found.span(group or 0)
            if group == _NAME:
                name = found[_NAME]
                if name == "r" and self.patterns and (pattern := _PATTERN.match(text, at, end)):
                    stop = pattern.end()
                    tokens.append(Token("number", pattern[0], at, stop))
                elif not name.isascii() and not name.isidentifier():
                    self._bad_characters(tokens, at, stop)
                else:
                    tokens.append(Token("name", name, at, stop))
            elif group == _OPERATOR:
                sign = found[_OPERATOR]
                if sign in "([{":
                    braces.append(sign)
                    dicts += sign == "{"
                elif sign in ")]}":
                    if braces:
                        dicts -= braces.pop() == "{"
                    elif sign == "}":
                        problems.add("wrong-closer", at, stop, f"This tag ends with `{closer}`", expected=closer)
                        return self._closed(tokens, at, stop, reported)
                tokens.append(Token("operator", sign, at, stop))
            elif group == _CLOSER:
                # `}}` closes dictionaries where two are open, or where a third brace follows.
                if dicts and braces[-1] == "{" and output and (dicts > 1 or text.startswith("}}}", stop - 2, end)):
                    stop = at + 1
                    if text[at] == "}":
                        dicts -= braces.pop() == "{"
                    tokens.append(Token("operator", text[at], at, stop))
                else:
                    return self._closed(tokens, at, stop, reported)
            elif group == _QUOTE:
                stop = self._string(at)
                if stop:
                    tokens.append(Token("string", text[at:stop], at, stop))
                else:
                    stop = self._open_string(tokens, at)
                    if not _CLOSES_LINE.match(text, stop, end):
                        at = stop
                        break
            elif group == _NUMBER:
                if tokens and tokens[-1].text == "." and tokens[-1].end == at:
                    digits = _DIGITS.match(text, at, stop)
                    stop = digits.end() if digits else stop
                tokens.append(Token("number", text[at:stop], at, stop))
            elif group == _BAD:
                self._bad_characters(tokens, at, stop)
            elif text[at] == "{":
                break  # another tag opens, so this one was never closed
            elif braces:
                # The closer of another kind of tag, where only the brackets are wrong.
                stop = at + 1
                if text[at] == "}":
                    dicts -= braces.pop() == "{"
                tokens.append(Token("operator", text[at], at, stop))
            else:
                problems.add("wrong-closer", at, stop, f"This tag ends with `{closer}`", expected=closer)
                return self._closed(tokens, at, stop, reported)
            at = stop
        tokens, at = unclosed(text, tokens, inner, at)
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
            limit = min(limit, start + _SHORT_STRING)
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
        follows = _FOLLOWS_STRING.match(text, end, self.end) or (not delimiter and text[end : end + 1] in ("'", '"'))
        if (delimiter and newline >= 0) or not follows:
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

    def _bad_characters(self, tokens: list[Token], start: int, end: int) -> None:
        written = self.text[start:end]
        self.problems.add("bad-character", start, end, f"`{written[:20]}` has no meaning in a tag")
        tokens.append(Token("bad", written, start, end))
