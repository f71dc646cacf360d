"""Handlebars' tokens (handlebars.js 4.7 ``handlebars.l``), one tag at a time, and what to do where a tag is broken.

The rules for broken tags are those of the other dialects (``tag_lexer``); a wrong closer ends a tag.
"""

from __future__ import annotations

import re

from promptls.syntax.template.tag_lexer import TagLexer
from promptls.syntax.template.tokens import Tag, Token, newline_in, token

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
_DELIMITER = re.compile(r"\{\{|\}\}")
_CLOSES_LINE = re.compile(r"[ \t]*~?\}\}")


class HandlebarsLexer(TagLexer):
    open_string = re.compile(r"['\"](?:(?!\{\{|~?\}\}|[\r\n]).)*")

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
                tokens.append(token(("operator", "as |", at, stop)))
            elif group in (_NAME, _RUN_ON, _SEGMENT):
                tokens.append(token(("name", text[at:stop], at, stop)))
                if group == _RUN_ON and text[stop] in "\"'([@":
                    problems.add("expected", stop, stop + 1, f"A blank is expected before `{text[stop]}`")
            elif group == _NUMBER:
                tokens.append(token(("number", text[at:stop], at, stop)))
            elif group == _OPERATOR:
                tokens.append(token(("operator", text[at:stop], at, stop)))
            elif group == _QUOTE:
                stop = self._string(at)
                if stop:
                    tokens.append(token(("string", text[at:stop], at, stop)))
                else:
                    stop = self._open_string(tokens, at)
                    if not _CLOSES_LINE.match(text, stop, end):
                        at = stop
                        break
            else:
                self._bad(tokens, at, stop)
            at = stop
        return self._unclosed(tokens, start, inner, at, closer, reported)

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
        tokens.append(token(("end", "", at, at)))
        return Tag(tokens, at, stop, True, broken)

    def _string(self, start: int) -> int:
        """The end of the string that starts here, or 0 where it probably lacks its quote."""
        text = self.text
        end = self._end_of_string(_STRINGS[text[start]], start)
        if end and _DELIMITER.search(text, start, end) and newline_in(text, start, end) >= 0:
            return self._in_vain(start, end)
        return end
