"""One pass over PyYAML's events: text in, nodes with spans out, all that was read kept when the text is broken.

Own, because ``yaml.compose`` crashes the process on deep nesting, loses where an alias stands and keeps nothing
of a text with an error. Iterative, so that depth costs no stack; bounded in depth and nodes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import yaml

from promptls.syntax.problem import Problem
from promptls.syntax.yaml_core import KNOWN_TAGS, plain_value, tagged_value
from promptls.syntax.yaml_lines import LINE_BREAK
from promptls.syntax.yaml_quote import quoted
from promptls.syntax.yaml_tree import Alias, Entry, Mapping, Node, Scalar, Sequence
from promptls.text import Span

MAX_DEPTH = 100
MAX_NODES = 50_000
MAX_PROBLEMS = 1_000
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STYLES = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
_PROPERTIES = re.compile(r"(?:[&!]\S*|#[^\r\n]*|\s+)*")
_INDICATOR = re.compile(r"[|>][-+0-9]*")
_SUSPECT = frozenset("=<0123456789")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:\Z|[Tt \t])")


class Fault(NamedTuple):
    """Where PyYAML gave up and in which words; offsets in the parsed source.

    ``last``: start and end of the last quoted scalar read, ``bracket``: the innermost that is open.
    """

    at: int
    problem: str
    context: str = ""
    context_at: int | None = None
    last: Span | None = None
    bracket: int | None = None


class Composed(NamedTuple):
    root: Node | None
    anchors: dict[str, Node]
    problems: list[Problem]
    fault: Fault | None


_Event: TypeAlias = Any
"""An event of PyYAML, whose C parser has no types."""


@dataclass(slots=True)
class _Open:
    """A collection that is still being read. ``children`` of a mapping: key, value, key, value …"""

    mapping: bool
    start: int
    flow: bool
    tag: str | None
    anchor: str | None
    problems: int
    """How many problems there were when it began."""
    children: list[Node] = field(default_factory=list)


def compose(source: str, parsed: str, base: int, as_text: Map[int, int]) -> Composed:
    """Read ``parsed``, a repaired ``source`` of the same length whose first character stands at ``base``.

    ``as_text``: starts of scalars that a repair made of something YAML cannot read, and where those really start;
    such a scalar gets its text from ``source``.
    """
    return _Composer(source, parsed, base, as_text).run()


class _Composer:
    def __init__(self, source: str, parsed: str, base: int, as_text: Map[int, int]) -> None:
        self.source = source
        self.parsed = parsed
        self.base = base
        self.as_text = as_text
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.anchors: dict[str, Node] = {}
        self.anchor_names: set[str] = set()
        self.problems: list[Problem] = []
        self.last: Span | None = None
        self.count = 0

    def run(self) -> Composed:
        fault = None
        try:
            self._read()
        except yaml.MarkedYAMLError as error:
            fault = self._fault(error)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            fault = Fault(self.last.end if self.last else 0, str(error).partition("\n")[0])
        while self.open:
            self._close(None)
        return Composed(self.root, self.anchors, self.problems, fault)

    def _read(self) -> None:
        documents = 0
        event: _Event
        for event in yaml.parse(self.parsed, Loader=LOADER):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._put(self._scalar(event), event.anchor)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if len(self.open) >= MAX_DEPTH:
                    self._problem(event, "too-deep", f"This is nested deeper than {MAX_DEPTH} levels")
                    return
                self._start(event, kind is yaml.MappingStartEvent)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(event)
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._problem(event, "second-document", "A second YAML document starts here: only one is read")
                    return
            if self.count > MAX_NODES:
                self._problem(event, "too-large", f"This holds more than {MAX_NODES} values: the rest is not read")
                return

    def _start(self, event: _Event, mapping: bool) -> None:
        start = event.start_mark.index
        if event.anchor or event.tag:
            start = self._after_properties(event)
            self._properties(event, start)
        self.open.append(_Open(mapping, start, bool(event.flow_style), event.tag, event.anchor, len(self.problems)))
        self.count += 1

    def _put(self, node: Node, anchor: str | None) -> None:
        self.count += 1
        if anchor:
            self.anchors[anchor] = node
        if self.open:
            self.open[-1].children.append(node)
        elif self.root is None:
            self.root = node

    def _close(self, event: _Event | None) -> None:
        """End the innermost collection: at the event, or after its last child where the text broke off."""
        frame = self.open.pop()
        children = frame.children
        if children and not frame.flow:  # not behind the anchor or tag of its first key
            frame.start = min(frame.start, children[0].span.start - self.base)
        if frame.mapping and len(children) % 2:
            children.append(self._missing(children[-1]))
        end = max(frame.start, children[-1].span.end - self.base) if children else frame.start
        if frame.flow:
            end = event.end_mark.index if event else max(end, frame.start + 1)
        span = Span(frame.start + self.base, end + self.base)
        node: Node
        if not frame.mapping:
            node = Sequence(span, tuple(children), frame.flow, frame.tag, frame.anchor)
        elif self._is_brace_value(frame, end):
            node = self._brace_value(frame, span)
        else:
            entries = tuple(map(Entry, children[::2], children[1::2]))
            self._check_keys(entries)
            node = Mapping(span, entries, frame.flow, frame.tag, frame.anchor)
        self._put(node, frame.anchor)

    def _missing(self, key: Node) -> Scalar:
        """The value of a key after which the text broke off."""
        at = key.span.end - self.base
        colon = re.compile(r"[ \t]*:").match(self.parsed, at)
        at = (colon.end() if colon else at) + self.base
        return Scalar(Span(at, at), "", None)

    def _scalar(self, event: _Event) -> Scalar:
        start, end = event.start_mark.index, event.end_mark.index
        text, tag, quote = event.value, event.tag, event.style
        if not quote and tag is None and event.anchor is None and start not in self.as_text:
            if text and text[0] in _SUSPECT:
                self._check_plain(text, start, end)
            return Scalar(Span(start + self.base, end + self.base), text, plain_value(text))
        style = _STYLES.get(quote or "", "plain")
        if event.anchor or tag:
            start = self._after_properties(event)
            self._properties(event, start)
        if style in ("single", "double"):
            self.last = Span(start, end)
        elif style != "plain":
            end = self._block_end(start, end)
        value: Any
        if start in self.as_text:
            real = self.as_text[start]
            text = as_written(self.source[real:end])
            # One that only a space was missing before is what it would be with it.
            value = text if real == start else plain_value(text)
            return Scalar(Span(real + self.base, end + self.base), text, value, style, tag, event.anchor)
        value = text
        if tag is not None:
            value = tagged_value(text, tag)
        elif style == "plain":
            value = plain_value(text)
        return Scalar(Span(start + self.base, end + self.base), text, value, style, tag, event.anchor)

    def _alias(self, event: _Event) -> None:
        span = Span(event.start_mark.index + self.base, event.end_mark.index + self.base)
        name = event.anchor or ""
        if name not in self.anchor_names:
            message = f"`*{name}` repeats a value named `&{name}`, which is not above: name one, or quote the value"
            self._report(Problem(span, "yaml-syntax", message, "unknown-alias", self._quoting(span)))
        self._put(Alias(span, name), None)

    def _after_properties(self, event: _Event) -> int:
        """Where the node itself starts, behind ``&anchor`` and ``!tag``."""
        start, end = event.start_mark.index, event.end_mark.index
        limit = end if end > start and type(event) is yaml.ScalarEvent else len(self.parsed)
        match = _PROPERTIES.match(self.parsed, start, limit)
        return match.end() if match else start

    def _block_end(self, start: int, end: int) -> int:
        """The end of a block scalar's last line with text; PyYAML's end lies behind all blank lines that follow."""
        chunk = self.parsed[start:end].rstrip()
        line_break = LINE_BREAK.search(self.parsed, start + len(chunk), end)
        end = line_break.start() if line_break else end
        if LINE_BREAK.search(chunk):
            return end
        indicator = _INDICATOR.match(self.parsed, start)
        return indicator.end() if indicator else end

    def _properties(self, event: _Event, start: int) -> None:
        if event.anchor:
            if event.anchor in self.anchor_names:
                message = f"`&{event.anchor}` is already the name of a value above: choose another"
                self._problem(event, "duplicate-anchor", message)
            self.anchor_names.add(event.anchor)
        if event.tag and event.tag != "!" and event.tag not in KNOWN_TAGS:
            at = event.start_mark.index
            value = _on_line(self.source, at, max(start, event.end_mark.index))
            message = f"`{event.tag.replace('tag:yaml.org,2002:', '!!')}` is read as a YAML tag that loaders reject"
            message += ": quote the value if it is text"
            span = value.shift(self.base)
            self._report(Problem(span, "yaml-syntax", message, "unknown-tag", self._quoting(span)))

    def _check_plain(self, text: str, start: int, end: int) -> None:
        """Plain text that PyYAML's resolver takes for something it then cannot construct."""
        if text in ("=", "<<"):
            is_key = bool(self.open) and self.open[-1].mapping and len(self.open[-1].children) % 2 == 0
            if text == "<<" and is_key:
                return
            message = f"`{text}` alone means something to YAML 1.1 loaders, which then fail: quote it"
        elif date := _DATE.match(text):
            month, day = int(date[2]), int(date[3])
            if 1 <= month <= 12 and 1 <= day <= _days(int(date[1]), month):
                return
            message = f"`{text}` is read as a date, and there is no such day: quote it"
        else:
            return
        span = Span(start + self.base, end + self.base)
        self._report(Problem(span, "yaml-syntax", message, "reserved-value", self._quoting(span)))

    def _check_keys(self, entries: tuple[Entry, ...]) -> None:
        first: dict[tuple[type, Any], Span] = {}
        for entry in entries:
            key = entry.key
            if isinstance(key, Scalar):
                identity = (type(key.value), key.value)
                if identity in first:
                    message = f"`{key.text}` is already set above: loaders keep only the last one"
                    data = {"first": first[identity], "key": key.text}
                    self._report(Problem(key.span, "duplicate-key", message, data=data))
                else:
                    first[identity] = key.span
            elif isinstance(key, Mapping | Sequence):
                message = "A list or a mapping stands in place of a key, which loaders reject: quote it if it is text"
                self._report(Problem(key.span, "yaml-syntax", message, "complex-key", self._quoting(key.span)))

    def _is_brace_value(self, frame: _Open, end: int) -> bool:
        """Whether ``{{ x }}`` was written: YAML reads a mapping whose key is a mapping, which no loader can build."""
        return (
            frame.flow
            and len(frame.children) > 0
            and isinstance(frame.children[0], Mapping)
            and self.parsed.startswith("{{", frame.start)
            and self.parsed.endswith("}}", frame.start, end)
        )

    def _brace_value(self, frame: _Open, span: Span) -> Scalar:
        del self.problems[frame.problems :]  # those of a mapping that nobody meant
        text = self.source[span.start - self.base : span.end - self.base]
        self._report(brace_problem(span, text))
        return Scalar(span, text, text, "plain", frame.tag, frame.anchor)

    def _quoting(self, span: Span) -> dict[str, Any]:
        return quoting(span, self.source[span.start - self.base : span.end - self.base])

    def _report(self, problem: Problem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def _problem(self, event: _Event, kind: str, message: str) -> None:
        span = Span(event.start_mark.index + self.base, event.end_mark.index + self.base)
        if LINE_BREAK.search(self.source, span.start - self.base, span.end - self.base):
            span = _on_line(self.source, span.start - self.base).shift(self.base)
        self._report(Problem(span, "yaml-syntax", message, kind))

    def _fault(self, error: yaml.MarkedYAMLError) -> Fault:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index, len(self.parsed)) if mark else 0
        context_at = min(error.context_mark.index, len(self.parsed)) if error.context_mark else None
        bracket = self.open[-1].start if self.open and self.open[-1].flow else None
        return Fault(at, error.problem or "", error.context or "", context_at, self.last, bracket)


def _on_line(source: str, start: int, end: int | None = None) -> Span:
    """From ``start`` to ``end`` or the end of the line, whichever is first, without trailing blanks."""
    line_break = LINE_BREAK.search(source, start)
    stop = min(line_break.start() if line_break else len(source), len(source) if end is None else end)
    return Span(start, start + len(source[start:stop].rstrip()))


def brace_problem(span: Span, text: str) -> Problem:
    shown = text if len(text) <= 40 else text[:39] + "…"
    message = f"`{shown}` is read as a YAML mapping, not as a template: quote the value"
    return Problem(span, "yaml-syntax", message, "brace-value", quoting(span, text))


def quoting(span: Span, text: str) -> dict[str, Any]:
    """What the fix "quote the value" needs: the span to replace and what to write there."""
    replacement = quoted(as_written(text))
    return {"value": span, "replacement": replacement, **fix("Put the value in quotes", (span, replacement))}


def fix(title: str, *edits: tuple[Span, str]) -> dict[str, Any]:
    """The part of a problem's data that mends it: what to call the change, and what to replace by what."""
    return {"title": title, "edits": edits}


def as_written(raw: str) -> str:
    """The text that an author meant by a value that YAML cannot read: without broken quotes, on one line."""
    text = " ".join(line.strip() for line in LINE_BREAK.split(raw)).strip() if LINE_BREAK.search(raw) else raw.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text[1:] if text[:1] in ('"', "'") and text.count(text[0]) == 1 else text


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
