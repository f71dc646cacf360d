"""Where in YAML a cursor is, by indentation and brackets alone: also while the text around it is broken.

The tree answers questions about text that stands; this scanner answers what may be typed. It reads the lines up
to the cursor once, keeps the open levels on a stack, and never asks whether the text is valid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from promptls.syntax.yaml_flow import flow_cursor
from promptls.syntax.yaml_keys import Key, after_blanks, after_properties, comment_start, end_of_quoted, key_at
from promptls.syntax.yaml_scan import CLOSED, Pending, Scanner, lines
from promptls.syntax.yaml_tree import Path
from promptls.text import Span


@dataclass(frozen=True, slots=True)
class YamlCursor:
    """``path``: for ``key`` the mapping that a key would join; for ``value`` and ``scalar`` the value itself.

    ``where``: ``key`` (also a bare word that may become a value: ``- na``), ``value`` (on the line of its key, or in
    brackets), ``scalar`` (inside of text on several lines), ``comment``. ``prefix``: what is typed before the cursor,
    without its quote. ``replace``: the whole word or value around the cursor, inside of its quotes; in the whole text.
    ``key``: the key under the cursor, or the one whose value this is. ``siblings``: the other keys of the mapping,
    above and below. ``quote``: the quote that is open at the cursor. ``indent``: the column of the key, or the one a
    new key here would have.
    """

    path: Path
    where: str
    prefix: str
    key: str | None
    replace: Span
    siblings: tuple[str, ...] = ()
    quote: str = ""
    flow: bool = False
    indent: int = 0


def cursor_in_yaml(text: str, span: Span, offset: int) -> YamlCursor:
    """What stands at ``offset`` in the YAML of ``span``. Takes any text, valid or not; linear in its length."""
    start = min(max(span.start, 0), len(text))
    end = min(max(span.end, start), len(text))
    offset = min(max(offset, start), end)
    source = text[start:end]
    scanner = _Cursor(source)
    at = offset - start
    for line in lines(source, 0):
        if line.end >= at:
            cursor = scanner.cursor(line, at)
            break
        scanner.read(line)
    else:
        cursor = YamlCursor((), "key", "", None, Span(at, at))
    return replace(cursor, replace=cursor.replace.shift(start))


class _Cursor(Scanner):
    """The line of the cursor, after those above it."""

    def cursor(self, line: Span, at: int) -> YamlCursor:
        content = self._content(line)
        indent = content - line.start
        column = at - line.start
        blank = content == line.end
        if self.text is not None:
            inside = self._cursor_in_text(line, at, indent, blank)
            if inside is not None:
                return inside
        if self.flow is not None and not self._leaves_flow(line, indent, self.flow):
            flow = self.flow
            return self._in_flow(flow.start, at, flow.path, flow.key, flow.indent)
        if blank or at < content:
            return self._new_key(line, column, at)
        if self.source[content] == "#":
            if at == content:
                return self._new_key(line, column, at)
            return YamlCursor(self._container(column).path, "comment", "", None, Span(at, at), indent=indent)
        start = self._enter_items(line, content, at)
        if at < start or (at == start == line.end):
            return self._new_key(line, start - line.start, at)
        key = key_at(self.source, start, line.end)
        if key is None:
            return self._cursor_in_bare(line, start, at)
        if at <= key.end:
            return self._on_key(line, key, at)
        return self._on_value(line, key, at)

    def _cursor_in_text(self, line: Span, at: int, indent: int, blank: bool) -> YamlCursor | None:
        text = self.text
        assert text is not None
        if text.quote:
            close = self._closing_quote(line, text.quote)
            if close is None or at <= close:
                prefix = self.source[line.start : at].lstrip()
                return YamlCursor(text.path, "scalar", prefix, None, Span(at, at), quote=text.quote)
            return YamlCursor(text.path, "value", "", None, Span(at, at))
        if (blank and at - line.start > text.indent) or (not blank and indent > text.indent):
            prefix = self.source[line.start : at].lstrip()
            return YamlCursor(text.path, "scalar", prefix, None, Span(at, at), indent=max(text.indent, 0))
        self.text = None
        return None

    def _new_key(self, line: Span, column: int, at: int) -> YamlCursor:
        """Nothing is typed: a key could start at the cursor."""
        level = self._container(column)
        path, keys = level.path, level.keys
        if level.indent < column and (level.is_list or keys):
            # Further in than the level, whose last value is written: what comes here would belong to that value.
            path, keys = (*path, level.index if level.is_list else keys[-1]), []
        siblings = (*keys, *self._keys_below(line, column))
        return YamlCursor(path, "key", "", None, Span(at, at), siblings, indent=column)

    def _on_key(self, line: Span, key: Key, at: int) -> YamlCursor:
        column = key.start - line.start
        if at < key.start:  # in `&anchor` or `!tag`
            return self._new_key(line, column, at)
        level = self._enter_mapping(column)
        siblings = (*level.keys, *self._keys_below(line, column))
        word, quote = self._inside_quotes(Span(key.start, key.end), at)
        prefix = self.source[word.start : at] if at > word.start else ""
        return YamlCursor(level.path, "key", prefix, key.name, word, siblings, quote, indent=column)

    def _on_value(self, line: Span, key: Key, at: int) -> YamlCursor:
        column = key.start - line.start
        path = (*self._enter_mapping(column).path, key.name)
        start = after_properties(self.source, after_blanks(self.source, key.colon + 1, line.end), line.end)
        return self._in_value(line, start, at, Pending(column, path, key.name))

    def _in_value(self, line: Span, start: int, at: int, owner: Pending) -> YamlCursor:
        """The cursor behind a key's colon, in a value that starts at ``start``."""
        nothing = YamlCursor(owner.path, "value", "", owner.key, Span(at, at), indent=max(owner.indent, 0))
        if at < start or start == line.end:
            return nothing
        first = self.source[start]
        if first in "[{":
            return self._in_flow(start, at, owner.path, owner.key, owner.indent)
        if first in "\"'":
            value = Span(start, end_of_quoted(self.source, start, line.end) or line.end)
            if at > value.end:
                where = "comment" if "#" in self.source[value.end : at] else "value"
                return replace(nothing, where=where)
            inside, quote = self._inside_quotes(value, at)
            return replace(nothing, prefix=self.source[inside.start : at], replace=inside, quote=quote)
        comment = comment_start(self.source, start, line.end)
        if at > comment:
            return replace(nothing, where="comment")
        value = Span(start, start + len(self.source[start:comment].rstrip()))
        value = Span(start, max(value.end, at))
        return replace(nothing, prefix=self.source[start:at], replace=value)

    def _cursor_in_bare(self, line: Span, start: int, at: int) -> YamlCursor:
        """A word without a colon: half a key, an item of a list, or the continuation of a plain scalar."""
        column = start - line.start
        base = self.pending if self.pending and self.pending.indent != CLOSED else None
        inside = base is not None and column > base.indent
        if self.source[start] in "[{":
            path = base.path if base and inside else self._container(column).path
            return self._in_flow(start, at, path, base.key if base and inside else None, column)
        comment = comment_start(self.source, start, line.end)
        level = self._container(column)
        if at > comment:
            return YamlCursor(level.path, "comment", "", None, Span(at, at), indent=column)
        if not inside and self.pending is not None and self.levels and column > self.levels[-1].indent:
            prefix = self.source[start:at]
            return YamlCursor(self.pending.path, "scalar", prefix, self.pending.key, Span(at, at), indent=column)
        word = Span(start, max(start + len(self.source[start:comment].rstrip()), at))
        word, quote = self._inside_quotes(word, at)
        siblings = (*level.keys, *self._keys_below(line, column))
        prefix = self.source[word.start : at] if at > word.start else ""
        return YamlCursor(level.path, "key", prefix, None, word, siblings, quote, indent=column)

    def _in_flow(self, start: int, at: int, path: Path, key: str | None, indent: int) -> YamlCursor:
        found = flow_cursor(self.source, start, at)
        return YamlCursor(
            (*path, *found.path),
            "key" if found.is_key else "value",
            self.source[found.word.start : at] if at > found.word.start else "",
            found.key if found.path or found.is_key else key,
            found.word,
            found.siblings,
            found.quote,
            flow=True,
            indent=max(indent, 0),
        )

    def _inside_quotes(self, word: Span, at: int) -> tuple[Span, str]:
        """A word without its quotes and the quote, where the cursor is inside of them."""
        if word.empty or self.source[word.start] not in "\"'" or at == word.start:
            return word, ""
        quote = self.source[word.start]
        closed = word.end - word.start > 1 and self.source[word.end - 1] == quote
        inside = Span(word.start + 1, word.end - 1 if closed else word.end)
        return (inside, quote) if inside.touches(at) else (word, "")
