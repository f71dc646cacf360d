"""Jinja's tokens (jinja2 3.1 ``lexer.py``), one tag at a time, and what to do where a tag is broken.

Whether a template is valid is decided as jinja2 does; the rules for broken ones serve a person who is typing:

- A tag that meets another opener, or that nobody closes, ends as ``tag_lexer`` says.
- A wrong closer (``%}`` in ``{{``, a lone ``}``) ends it; so does the right one inside of ``(`` or ``[``.
- A string counts as not closed when it swallows lines together with a delimiter, or one of them so that a word
  follows its last quote.
"""

from __future__ import annotations

import re

from promptls.syntax.template.tag_lexer import TagLexer
from promptls.syntax.template.tokens import Tag, Token, newline_in, token

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
_DELIMITER = re.compile(r"\{[{%#]|[%}]\}")
_FOLLOWS_STRING = re.compile(
    r"\s*(?:\Z|[|,()\[\]}~+*%:=<>/-]|!=|\.[^\W\d]|(?:and|as|else|if|ignore|import|in|is|not|or|recursive|with(?:out)?)\b)"
)
_CLOSES_LINE = re.compile(r"[ \t]*[-+]?[%}]\}")
_PATTERN = re.compile(r"r/(?:[^/\\\r\n]|\\[^\r\n]){1,200}+/[gimy]*+")


class JinjaLexer(TagLexer):
    """``patterns``: ``r/a+/`` is a constant, as in Nunjucks."""

    patterns = False
    open_string = re.compile(r"['\"](?:(?!\{[{%#]|[-+]?[%}]\}|[\r\n]).)*")

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
                    tokens.append(token(("number", pattern[0], at, stop)))
                elif not name.isascii() and not name.isidentifier():
                    self._bad(tokens, at, stop)
                else:
                    tokens.append(token(("name", name, at, stop)))
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
                tokens.append(token(("operator", sign, at, stop)))
            elif group == _CLOSER:
                # `}}` closes dictionaries where two are open, or where a third brace follows.
                if dicts and braces[-1] == "{" and output and (dicts > 1 or text.startswith("}}}", stop - 2, end)):
                    stop = at + 1
                    if text[at] == "}":
                        dicts -= braces.pop() == "{"
                    tokens.append(token(("operator", text[at], at, stop)))
                else:
                    return self._closed(tokens, at, stop, reported)
            elif group == _QUOTE:
                stop = self._string(at)
                if stop:
                    tokens.append(token(("string", text[at:stop], at, stop)))
                else:
                    stop = self._open_string(tokens, at)
                    if not _CLOSES_LINE.match(text, stop, end):
                        at = stop
                        break
            elif group == _NUMBER:
                if tokens and tokens[-1].text == "." and tokens[-1].end == at:
                    digits = _DIGITS.match(text, at, stop)
                    stop = digits.end() if digits else stop
                tokens.append(token(("number", text[at:stop], at, stop)))
            elif group == _BAD:
                self._bad(tokens, at, stop)
            elif text[at] == "{":
                break  # another tag opens, so this one was never closed
            elif braces:
                # The closer of another kind of tag, where only the brackets are wrong.
                stop = at + 1
                if text[at] == "}":
                    dicts -= braces.pop() == "{"
                tokens.append(token(("operator", text[at], at, stop)))
            else:
                problems.add("wrong-closer", at, stop, f"This tag ends with `{closer}`", expected=closer)
                return self._closed(tokens, at, stop, reported)
            at = stop
        return self._unclosed(tokens, start, inner, at, closer, reported)

    def _closed(self, tokens: list[Token], inner_end: int, end: int, reported: int) -> Tag:
        tokens.append(token(("end", "", inner_end, inner_end)))
        return Tag(tokens, inner_end, end, True, reported < len(self.problems.found))

    def _string(self, start: int) -> int:
        """The end of the string that starts here, or 0 where it probably lacks its quote."""
        text = self.text
        end = self._end_of_string(_STRING, start)
        if not end:
            return 0
        delimiter = _DELIMITER.search(text, start, end) is not None
        newline = newline_in(text, start, end)
        if not delimiter and newline < 0:
            return end
        follows = _FOLLOWS_STRING.match(text, end, self.end) or (not delimiter and text[end : end + 1] in ("'", '"'))
        if (delimiter and newline >= 0) or not follows:
            return self._in_vain(start, end)
        return end
