"""Where a value that YAML cannot read starts and ends, as its author meant it."""

from __future__ import annotations

from promptls.syntax.yaml_flow import flow_depth
from promptls.syntax.yaml_keys import after_blanks, after_properties, comment_start, key_at
from promptls.syntax.yaml_lines import Line, Lines
from promptls.text import Span


class Values:
    """``in_brackets``: the reader gave up inside of a flow collection, where a value ends at a comma or bracket."""

    def __init__(self, text: str, lines: Lines, in_brackets: bool) -> None:
        self.text = text
        self.lines = lines
        self.in_brackets = in_brackets

    def start(self, line: Line, before: int) -> int | None:
        """Where the value on the line of a key or a dash starts, if that is before ``before``."""
        key = key_at(self.text, line.content, line.span.end)
        if key is None and line.content == line.indent:
            return None
        start = after_blanks(self.text, key.colon + 1, line.span.end) if key else line.content
        start = after_properties(self.text, start, line.span.end)
        return start if start < before and start < line.span.end else None

    def at(self, start: int, line: Line) -> Span:
        """A value from ``start`` to the end of its line, without a comment; of a template to its last closer."""
        if self.in_brackets or flow_depth(self.text, Span(line.content, start)) > 0:
            return Span(start, max(self.item(start).end, start))
        end = line.span.end
        search = start
        if self.text.startswith(("{{", "{%", "{#"), start):
            search = max(start, *(self.text.rfind(closer, start, end) + 2 for closer in ("}}", "%}", "#}")))
        end = comment_start(self.text, max(search, start + 1), end)
        return Span(start, start + len(self.text[start:end].rstrip()))

    def item(self, at: int) -> Span:
        """What stands between two commas or brackets around ``at``, on its line."""
        line = self.lines.at(at)
        start, end = at, at
        while start > line.span.start and self.text[start - 1] not in ",[{":
            start -= 1
            if self.text[start] in ":-" and self.text[start + 1 : start + 2].isspace() and start < at:
                start += 1
                break
        depth = 0
        while end < line.span.end and (depth or self.text[end] not in ",]}"):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(self.text[end], 0)
            end += 1
        start = min(after_blanks(self.text, start, line.span.end), at)
        return Span(start, start + len(self.text[start:end].rstrip()))
