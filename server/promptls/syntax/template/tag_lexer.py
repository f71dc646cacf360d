"""What the lexers of Jinja and Handlebars do alike where a tag is broken: strings and tags that nobody closed.

A tag that meets another opener or the end of the text ends at its first newline. A string that is not closed ends
before the closer or at the end of its line.
"""

from __future__ import annotations

import re
from typing import ClassVar

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.tokens import Tag, Token, unclosed

_MOST_WASTE = 500_000
"""Characters looked at in vain for the ends of strings, in one template, after which strings must be short."""
_SHORT_STRING = 500


class TagLexer:
    """``end``: where the template ends. What it remembers from tag to tag keeps hostile input from costing
    quadratic time."""

    open_string: ClassVar[re.Pattern[str]]
    """What is surely a string of one that is not closed: up to a delimiter or the end of the line."""

    def __init__(self, text: str, end: int, problems: Problems) -> None:
        self.text = text
        self.end = end
        self.problems = problems
        self._waste = 0
        self._never_closed: set[str] = set()

    def _end_of_string(self, pattern: re.Pattern[str], start: int) -> int:
        """Where the string that starts here has its other quote; 0 where it has none."""
        quote = self.text[start]
        if quote in self._never_closed:
            return 0
        limit = self.end
        if self._waste > _MOST_WASTE:
            limit = min(limit, start + _SHORT_STRING)
        found = pattern.match(self.text, start, limit)
        if found is None:
            if limit == self.end:
                self._never_closed.add(quote)
            return 0
        return found.end()

    def _in_vain(self, start: int, end: int) -> int:
        """A string up to there is probably none."""
        self._waste += end - start
        return 0

    def _open_string(self, tokens: list[Token], start: int) -> int:
        """Take the part of an open string that is surely one."""
        found = self.open_string.match(self.text, start, self.end)
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

    def _unclosed(self, tokens: list[Token], start: int, inner: int, at: int, closer: str, reported: int) -> Tag:
        """The tag that was read up to ``at`` without a closer. ``reported``: how many problems there were before."""
        problems = self.problems
        tokens, at = unclosed(self.text, tokens, inner, at)
        # What lies beyond the end of the tag is text after all, and so is without problems.
        problems.found[reported:] = [one for one in problems.found[reported:] if one.span.start < at]
        if len(problems.found) == reported:
            problems.add("unclosed-tag", start, at, f"This tag is not closed with `{closer}`", expected=closer, at=at)
        tokens.append(Token("end", "", at, at))
        return Tag(tokens, at, at, closed=False, broken=True)
