"""Handlebars' tokens (handlebars.js 4.7 ``handlebars.l``), one tag at a time, and what to do where a tag is broken.

The rules for broken tags are those of the other dialects: a tag that meets another opener or the end of the text
ends at its first newline, a wrong closer ends it, a string that is not closed ends before the closer or at the end
of its line.
"""

from __future__ import annotations

import re

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.tokens import Tag, Token, newline_in, unclosed

_ID = r"""[^\s!"\#%-,./;->@\[-^`{-~]+"""
_TOKEN = re.compile(
    rf"""\s*+(?:
    (\}}\}}\}}\}}|\}}~?\}}\}}|~?\}}\}}|\}})
    |(\{{\{{)
    |(as\s+\|)
    |(-?\d+(?:\.\d+)?(?=[~}}\s)]|\Z))
    |({_ID}(?=[=~}}\s/.)|]|\Z)|\.\.|\.(?=[=~}}\s/.)|]))
    |({_ID})
    |(\[(?:\\\]|[^\]\r\n]){{0,100}}\])
    |(["'])
    |([./@=()|])
    |([^\w\s"'()\[\]{{}}.|=/@~-]+|\S))""",
    re.VERBOSE,
)
_CLOSER, _OPENER, _AS, _NUMBER, _NAME, _RUN_ON, _SEGMENT, _QUOTE, _OPERATOR, _BAD = range(1, 11)
_STRINGS = {'"': re.compile(r'"(?:\\"|[^"])*"'), "'": re.compile(r"'(?:\\'|[^'])*'")}
_OPEN_STRING = re.compile(r"['\"](?:(?!\{\{|~?\}\}|[\r\n]).)*")
_DELIMITER = re.compile(r"\{\{|\}\}")
_CLOSES_LINE = re.compile(r"[ \t]*~?\}\}")
_MOST_WASTE = 500_000
"""Characters looked at in vain for the ends of strings, in one template, after which strings must be short."""
_SHORT_STRING = 500


class HandlebarsLexer:
    """``end``: where the template ends. What it remembers from tag to tag keeps hostile input from costing
    quadratic time."""

    def __init__(self, text: str, end: int, problems: Problems) -> None:
        self.text = text
        self.end = end
        self.problems = problems
        self._waste = 0
        self._never_closed: set[str] = set()

    def tag(self, start: int, inner: int, closer: str) -> Tag:
        """The tag that starts at ``start`` and whose inside starts at ``inner``. ``closer``: ``}}``, ``}}}`` or
        ``}}}}``."""
        text, end, problems = self.text, self.end, self.problems
        tokens: list[Token] = []
        reported = len(problems.found)
        at = inner
        while found := _TOKEN.match(text, at, end):
            group = found.lastindex
            at, stop = found.span(group or 0)
            if group == _CLOSER:
                return self._close(tokens, at, stop, closer, reported)
            if group == _OPENER:
                break  # another tag opens, so this one was never closed
            if group == _AS:
                tokens.append(Token("operator", "as |", at, stop))
            elif group in (_NAME, _RUN_ON, _SEGMENT):
                tokens.append(Token("name", text[at:stop], at, stop))
                if group == _RUN_ON and text[stop] in "\"'([@":
                    problems.add("expected", stop, stop + 1, f"A blank is expected before `{text[stop]}`")
            elif group == _NUMBER:
                tokens.append(Token("number", text[at:stop], at, stop))
            elif group == _OPERATOR:
                tokens.append(Token("operator", text[at:stop], at, stop))
            elif group == _QUOTE:
                stop = self._string(at)
                if stop:
                    tokens.append(Token("string", text[at:stop], at, stop))
                else:
                    stop = self._open_string(tokens, at)
                    if not _CLOSES_LINE.match(text, stop, end):
                        at = stop
                        break
            else:
                self._bad(tokens, at, stop)
            at = stop
        tokens, at = unclosed(text, tokens, inner, at)
        # What lies beyond the end of the tag is text after all, and so is without problems.
        problems.found[reported:] = [one for one in problems.found[reported:] if one.span.start < at]
        if len(problems.found) == reported:
            problems.add("unclosed-tag", start, at, f"This tag is not closed with `{closer}`", expected=closer, at=at)
        tokens.append(Token("end", "", at, at))
        return Tag(tokens, at, at, closed=False, broken=True)

    def _close(self, tokens: list[Token], at: int, stop: int, closer: str, reported: int) -> Tag:
        """End the tag at a closer, the right one or not."""
        written = self.text[at:stop]
        broken = reported < len(self.problems.found)
        if "~" not in written and len(written) > len(closer):
            # handlebars.js takes all braces for one closer and refuses it; others leave the rest in the text.
            message = f"handlebars.js refuses `{written}` here: this tag ends with `{closer}`. Put a blank between"
            self.problems.add("wrong-closer", at, stop, message, severity="warning")
            stop = at + len(closer)
        elif written.replace("~", "") != closer:
            self.problems.add("wrong-closer", at, stop, f"This tag ends with `{closer}`", expected=closer)
            broken = True
        tokens.append(Token("end", "", at, at))
        return Tag(tokens, at, stop, True, broken)

    def _string(self, start: int) -> int:
        """The end of the string that starts here, or 0 where it probably lacks its quote."""
        text = self.text
        quote = text[start]
        if quote in self._never_closed:
            return 0
        limit = self.end
        if self._waste > _MOST_WASTE:
            limit = min(limit, start + _SHORT_STRING)
        found = _STRINGS[quote].match(text, start, limit)
        if found is None:
            if limit == self.end:
                self._never_closed.add(quote)
            return 0
        end = found.end()
        if _DELIMITER.search(text, start, end) and newline_in(text, start, end) >= 0:
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

    def _bad(self, tokens: list[Token], start: int, end: int) -> None:
        written = self.text[start:end]
        self.problems.add("bad-character", start, end, f"`{written[:20]}` has no meaning in a tag")
        tokens.append(Token("bad", written, start, end))
