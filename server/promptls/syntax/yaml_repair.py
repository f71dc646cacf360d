"""What is wrong where YAML breaks, in people's words, and the smallest mask that lets the rest be read.

A mask never changes the length: text that YAML misreads becomes a plain word of ``x`` (it gets its text back
from the source), a line that fits nowhere becomes blanks.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from promptls.syntax.problem import Problem
from promptls.syntax.yaml_compose import Fault, brace_problem, fix, quoting
from promptls.syntax.yaml_keys import after_blanks, comment_start, key_at
from promptls.syntax.yaml_lines import Line, Lines, blank, closing_bracket, fill
from promptls.syntax.yaml_values import Values
from promptls.text import Span

_WORD_KEY = re.compile(r"[\w$.-]+[ \t]*:(?=[ \t]|$)", re.MULTILINE)
_GLUED = re.compile(r"([\w$.-]+):(?=[^\s/:])")
_TAB_INDENT = re.compile(r"(?m)^ *\t[ \t]*")
_CONFLICT = re.compile(r"^(?:<{7}(?: [^\r\n]*)?|={7}|\|{7}(?: [^\r\n]*)?|>{7}(?: [^\r\n]*)?)(?=\r?$)", re.MULTILINE)
_START_WORDS = {
    "@": "`@` cannot start a value",
    "`": "A backtick cannot start a value",
    "%": "`%` cannot start a value",
    "*": "`*` at the start of a value means an alias in YAML",
    "&": "`&` at the start of a value means an anchor in YAML",
    "!": "`!` at the start of a value means a tag in YAML",
    "|": "`|` starts a block of text, which begins on the next line",
    ">": "`>` starts a block of text, which begins on the next line",
    "?": "`? ` at the start of a value means a key in YAML",
    ",": "`,` cannot start a value",
    "]": "`]` closes a list that was never opened",
    "}": "`}` closes a mapping that was never opened",
}


class Repair(NamedTuple):
    problem: Problem
    parsed: str
    as_text: dict[int, int]


def merge_conflicts(parsed: str, base: int) -> tuple[list[Problem], str]:
    """Blank the markers of an unresolved merge, so that both sides are read."""
    if "<<<<<<<" not in parsed and ">>>>>>>" not in parsed:
        return [], parsed
    problems: list[Problem] = []
    spans: list[Span] = []
    for match in _CONFLICT.finditer(parsed):
        span = Span(match.start(), match.end())
        spans.append(span)
        if len(problems) < 20:
            message = "A merge conflict is left here: keep one side and remove the markers"
            problems.append(Problem(span.shift(base), "yaml-syntax", message, "merge-conflict"))
    return problems, blank(parsed, spans)


def repair(source: str, parsed: str, base: int, fault: Fault) -> Repair:
    """What is wrong at ``fault`` and the text to read instead; ``parsed`` itself where nothing can be done."""
    return _Repairer(source, parsed, base, fault).run()


class _Repairer:
    def __init__(self, source: str, parsed: str, base: int, fault: Fault) -> None:
        self.source = source
        self.parsed = parsed
        self.lines = Lines(parsed)
        self.values = Values(parsed, self.lines, fault.bracket is not None)
        self.base = base
        self.fault = fault
        self.at = fault.at
        self.words = f"{fault.context} {fault.problem}"
        self.context_at = fault.at if fault.context_at is None else fault.context_at

    def run(self) -> Repair:
        mended = self._diagnose()
        if mended.parsed != self.parsed:
            return mended
        for at in (self.at, self.context_at, self.at - 1):
            line = self.lines.at(max(at, 0))
            blanked = blank(self.parsed, [Span(line.indent, line.span.end)])
            if blanked != self.parsed:
                return Repair(mended.problem, blanked, {})
        return mended

    def _diagnose(self) -> Repair:
        words, character = self.words, self.parsed[self.at : self.at + 1]
        if "tab character" in words or ("cannot start any token" in words and character == "\t"):
            return self._tab()
        if "cannot start any token" in words:
            return self._reserved(self.at)
        if "quoted scalar" in words:
            return self._quoted_scalar()
        if "scanning an alias" in words or "scanning an anchor" in words or "tag" in words:
            return self._reserved(self.context_at)
        if "scanning a block scalar" in words:
            return self._reserved(self.context_at)
        if "mapping values are not allowed" in words:
            return self._second_colon()
        if "simple key" in words:
            return self._no_colon()
        if "flow sequence" in words or "flow mapping" in words:
            return self._brackets(self.context_at)
        if "node content" in words:
            if self.fault.bracket is None:
                return self._reserved(self.at)
            return self._blank_character() if character == "," else self._brackets(self.fault.bracket)
        if "sequence entries are not allowed" in words:
            return self._list_on_key_line()
        if "mapping keys are not allowed" in words:
            return self._reserved(self.at)
        if "document start" in words or "directive" in words:
            return self._outside()
        return self._misplaced()

    # What each kind of damage is called and how it is masked.

    def _tab(self) -> Repair:
        at = self.parsed.rfind("\t", 0, self.at + 1) if self.parsed[self.at : self.at + 1] != "\t" else self.at
        line = self.lines.at(max(at, 0))
        tabs = Span(line.span.start, line.indent)
        if "\t" not in self.parsed[tabs.start : tabs.end]:
            tabs = Span(at, at + 1) if at >= 0 else Span(self.at, self.at)
        tabbed = list(_TAB_INDENT.finditer(self.source))
        spaces = [(Span(*tab.span()).shift(self.base), tab[0].replace("\t", "  ")) for tab in tabbed]
        data = fix("Indent with spaces", *spaces)
        problem = self._problem(tabs, "tab", "A tab cannot indent YAML: use spaces", data)
        return Repair(problem, _TAB_INDENT.sub(_spaces, blank(self.parsed, [tabs])), {})

    def _reserved(self, at: int) -> Repair:
        """A value, an item or a key that starts with a character that means something else."""
        line = self.lines.at(at)
        if at > line.span.start and self.parsed[at - 1] == "{" and self.parsed[at : at + 1] in ("{", "%", "#"):
            at -= 1
        value = self.values.at(at, line)
        if at == line.indent and self.fault.bracket is None:
            key = key_at(self.parsed, at, line.span.end, any_start=True)
            if key is None:
                return self._blank_line(line, *self._reserved_words(at, value))
            value = Span(at, key.end)
        return self._as_text(value, *self._reserved_words(at, value))

    def _reserved_words(self, at: int, value: Span) -> tuple[str, str]:
        if self.parsed.startswith(("{{", "{%", "{#"), at):
            return "brace-value", ""
        words = _START_WORDS.get(self.parsed[at : at + 1], "YAML cannot read this value")
        return "reserved-start", f"{words}: quote the value if it is text"

    def _quoted_scalar(self) -> Repair:
        start = self.context_at
        line = self.lines.at(start)
        if "end of stream" in self.words or "document" in self.words:
            return self._open_quote(start, line)
        backslash = self.parsed.rfind("\\", start, self.at + 1)
        if backslash < 0:
            return self._blank_line(line, "bad-escape", "YAML cannot read this text in quotes")
        span = Span(backslash, min(backslash + 2, len(self.parsed)))
        message = (
            f"`{self.source[span.start : span.end]}` is no escape that YAML knows: write `\\\\`, or use single quotes"
        )
        data = fix("Double the backslash", (Span(backslash, backslash).shift(self.base), "\\"))
        problem = self._problem(span, "bad-escape", message, data)
        parsed = f"{self.parsed[:backslash]}/{self.parsed[backslash + 1 :]}"
        return Repair(problem, parsed, {start: start})

    def _open_quote(self, start: int, line: Line) -> Repair:
        value = Span(start, start + len(self.parsed[start : line.span.end].rstrip()))
        return self._as_text(value, "open-quote", "This quote is never closed", mark=Span(start, start + 1))

    def _second_colon(self) -> Repair:
        """A colon where no key may be: in a value, under a value, or behind a line that is a half-typed key."""
        line = self.lines.at(self.at)
        start = self.values.start(line, self.at)
        if start is not None:
            return self._as_text(
                self.values.at(start, line), "colon-value", self._colon_words(self.values.at(start, line))
            )
        above = self.lines.above(line)
        if above is None:
            return self._misplaced()
        if above.content_column == line.content_column:
            return self._half_typed(above)
        key = key_at(self.parsed, above.content, above.span.end)
        if above.content_column > line.content_column or key is None:
            return self._misplaced()
        start = after_blanks(self.parsed, key.colon + 1, above.span.end)
        value = self.values.at(start, above)
        if _WORD_KEY.match(self.parsed, line.content):
            message = f"`{_short(key.name)}` already has the value `{_short(value.slice(self.source))}`: "
            message += "nothing can be nested under it, check the indentation"
            return self._blank_block(line, "indentation", message)
        block = Span(value.start, max(value.end, self.lines.block_end(line, above.column)))
        return self._as_text(block, "colon-value", self._colon_words(block))

    def _colon_words(self, value: Span) -> str:
        return "This value holds `: `, which YAML reads as a key: quote the value"

    def _no_colon(self) -> Repair:
        line = self.lines.at(self.context_at)
        return self._half_typed(line)

    def _half_typed(self, line: Line) -> Repair:
        glued = _GLUED.match(self.parsed, line.content, line.span.end)
        if glued:
            value = Span(glued.end(), self.values.at(glued.end(), line).end)
            text = fill(self.parsed, Span(value.start + 1, max(value.end, value.start + 1)))
            parsed = f"{text[: value.start]} {text[value.start + 1 :]}"
            data = fix("Add a space", (Span(value.start, value.start).shift(self.base), " "))
            message = f"A space is missing after `{glued[1]}:`"
            problem = self._problem(Span(line.content, glued.end()), "colon-space", message, data)
            return Repair(problem, parsed, {value.start + 1: value.start})
        words = _short(self.source[line.content : line.span.end])
        message = f"`{words}` has no `:` after it: this line is neither a key nor a value"
        return self._blank_line(line, "no-colon", message)

    def _brackets(self, start: int) -> Repair:
        if start > 0 and self.parsed[start - 1] == "{" and self.parsed[start] == "{":
            start -= 1
        line = self.lines.at(start)
        if self.parsed.startswith(("{{", "{%"), start):
            return self._reserved(start)
        block_end = self.lines.block_end(line, line.column)
        end, closed = closing_bracket(self.parsed, start, block_end)
        if not closed or end < self.at:
            name, closer = ("list", "]") if self.parsed[start] == "[" else ("mapping", "}")
            missing = end if not closed else block_end
            end = min(missing, comment_start(self.parsed, start, line.span.end))
            value = Span(start, start + len(self.parsed[start:end].rstrip()))
            missing = value.end if missing <= line.span.end else missing
            data = fix(f"Add the missing `{closer}`", (Span(missing, missing).shift(self.base), closer))
            message = f"This {name} is never closed: `{closer}` is missing"
            problem = self._problem(Span(start, start + 1), "open-bracket", message, data)
            parsed = fill(self.parsed, value)
            if missing > value.end:
                parsed = blank(parsed, self.lines.deeper(line))
            return Repair(problem, parsed, {value.start: value.start})
        item = self.values.item(self.at)
        if item.empty:
            return self._blank_character()
        if self.parsed.startswith("{{", item.start):
            return self._as_text(item, "brace-value", "")
        return self._as_text(item, "flow-item", "This item cannot be read: a comma is missing, or it needs quotes")

    def _blank_character(self) -> Repair:
        span = Span(self.at, min(self.at + 1, len(self.parsed)))
        message = f"`{self.source[span.start : span.end]}` is not expected here"
        return Repair(self._problem(span, "flow-item", message), blank(self.parsed, [span]), {})

    def _list_on_key_line(self) -> Repair:
        line = self.lines.at(self.at)
        message = "A list starts on the line below its key: move it there, or quote the value if it is text"
        return self._as_text(self.values.at(self.at, line), "list-on-key-line", message)

    def _outside(self) -> Repair:
        here = self.lines.at(self.at)
        for line in (here, self.lines.above(here), self.lines.first()):
            if line and self.parsed.startswith("%", line.indent):
                return self._blank_line(line, "reserved-start", "`%` cannot start a line: quote the text")
        return self._misplaced()

    def _misplaced(self) -> Repair:
        """What stands behind a complete value on its line, or a line that fits none of the levels above it."""
        line = self.lines.at(self.at)
        last = self.fault.last
        if last and last.end <= self.at and not self.parsed[last.end : self.at].strip():
            first = self.lines.at(last.start)
            if first.span.start != line.span.start:
                return self._open_quote(last.start, first)
        if odd := self._odd_start(line):
            return odd
        start = self.values.start(line, self.at)
        if start is None or self.at <= line.content:
            return self._blank_block(line, "indentation", self._indentation_words(line))
        value = self.values.at(start, line)
        match self.parsed[start]:
            case "{" | "[" if self.parsed.startswith(("{{", "{%", "{#"), start):
                return self._as_text(value, "brace-value", "")
            case "{" | "[":
                message = "Something stands behind the closing bracket: remove it, or quote the whole value"
                return self._as_text(value, "trailing-text", message)
            case '"' | "'" as quote:
                message = f"Text stands behind the closing `{quote}`: quote the value as a whole"
                return self._as_text(value, "trailing-text", message)
            case "*" | "&" | "!":
                return self._reserved(start)
        return self._as_text(value, "trailing-text", "YAML cannot read this value: quote it")

    def _odd_start(self, line: Line) -> Repair | None:
        """A text of keys whose first lines are something else, which sets a level that the keys then do not fit."""
        first = self.lines.first()
        if first.span.start >= line.span.start or line.column or not key_at(self.parsed, line.indent, line.span.end):
            return None
        if first.column == 0 and key_at(self.parsed, first.indent, first.span.end):
            return None
        odd = [first, *(below for below in self.lines.below(first) if below.span.start < line.span.start)]
        keys = [below for below in self.lines.below(line) if below.column == 0]
        if len(keys) + 1 < len(odd):
            return None
        content = Span(first.indent, first.indent + len(self.parsed[first.indent : first.span.end].rstrip()))
        message = "This line does not fit the keys below it: check the indentation"
        problem = self._problem(content, "indentation", message)
        return Repair(problem, blank(self.parsed, [Span(below.indent, below.span.end) for below in odd]), {})

    def _indentation_words(self, line: Line) -> str:
        in_list = "block collection" in self.words
        dash = self.parsed.startswith("-", line.indent) and line.content > line.indent
        if dash and not in_list:
            return "A list item stands among keys here: check the indentation"
        if in_list and not dash:
            return "A key stands among list items here: check the indentation"
        return "This line does not line up with any line above it: check the indentation"

    # Masks.

    def _as_text(self, value: Span, kind: str, message: str, mark: Span | None = None) -> Repair:
        text = value.slice(self.source)
        if kind == "brace-value":
            problem = brace_problem(value.shift(self.base), text)
        else:
            problem = self._problem(mark or value, kind, message, quoting(value.shift(self.base), text))
        if value.empty:
            return Repair(problem, self.parsed, {})
        return Repair(problem, fill(self.parsed, value), {value.start: value.start})

    def _blank_line(self, line: Line, kind: str, message: str) -> Repair:
        content = Span(line.content, line.content + len(self.parsed[line.content : line.span.end].rstrip()))
        if kind == "brace-value":
            problem = brace_problem(content.shift(self.base), content.slice(self.source))
        else:
            problem = self._problem(content, kind, message)
        return Repair(problem, blank(self.parsed, [content]), {})

    def _blank_block(self, line: Line, kind: str, message: str) -> Repair:
        """Blank a line together with what is nested under it."""
        content = Span(line.indent, line.indent + len(self.parsed[line.indent : line.span.end].rstrip()))
        problem = self._problem(content, kind, message)
        return Repair(problem, blank(self.parsed, [content, *self.lines.deeper(line)]), {})

    def _problem(self, span: Span, kind: str, message: str, data: dict[str, Any] | None = None) -> Problem:
        start = min(max(span.start, 0), len(self.parsed))
        end = min(max(span.end, start), len(self.parsed))
        return Problem(Span(start, end).shift(self.base), "yaml-syntax", message, kind, data or {})


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 30 else text[:29] + "…"


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
