"""YAML, tolerantly: text -> tree and problems, a span on every node, what is broken does not hide what is not.

PyYAML's events (of its C parser where there is one) are composed in `yaml_compose`; where they end in an error,
`yaml_repair` says in people's words what is wrong, masks it in place, and the text is read again around it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from promptls.syntax.problem import Problem
from promptls.syntax.yaml_compose import Composed, compose, fix
from promptls.syntax.yaml_data import entry_at, node_at, path_at, resolve, to_data
from promptls.syntax.yaml_repair import Repair, merge_conflicts, repair
from promptls.syntax.yaml_tree import YamlTree
from promptls.text import Span

__all__ = ["entry_at", "node_at", "parse_yaml", "path_at", "resolve", "to_data"]

_REMEMBERED = 20_000
"""Characters of a text up to which its tree is kept."""
_MAX_REPAIRS = 20
_MAX_REREAD = 1_000_000
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def parse_yaml(text: str, span: Span | None = None) -> YamlTree:
    """The tree of ``text``, or of its ``span``; all spans are offsets into the whole text. Never raises.

    Problems: ``duplicate-key`` (data: ``first``, the span of the first one) and ``yaml-syntax`` with a ``kind``.
    Where a change mends it, data holds ``edits`` (pairs of span and new text) and ``title`` (what to call it); where
    that is quoting a value, also ``value`` (its span) and ``replacement`` (what to write there).
    """
    whole = Span(0, len(text)) if span is None else Span(max(span.start, 0), min(span.end, len(text)))
    source = text[whole.start : whole.end]
    return _remembered(source, whole) if len(source) <= _REMEMBERED else _tree(source, whole)


@lru_cache(maxsize=32)
def _remembered(source: str, whole: Span) -> YamlTree:
    """A header stays the same while its template is typed, and so do the files beside it."""
    return _tree(source, whole)


def _tree(source: str, whole: Span) -> YamlTree:
    # PyYAML drops a byte-order mark and does not count it.
    base = whole.start + source.startswith("\ufeff")
    source = source[base - whole.start :]
    parsed, problems = _readable(source, base)
    conflicts, parsed = merge_conflicts(parsed, base)
    composed, repairs = _read(source, parsed, base)
    problems += conflicts
    problems += [problem for problem in composed.problems if not _between_sides(problem, conflicts)]
    problems += _one_per_line(source, base, repairs)
    problems.sort(key=lambda problem: problem.span)
    return YamlTree(whole, composed.root, tuple(problems), composed.anchors)


def _read(source: str, parsed: str, base: int) -> tuple[Composed, list[Problem]]:
    """Compose, and while that ends in an error repair and compose again, within a budget of attempts and text."""
    as_text: dict[int, int] = {}
    problems: list[Problem] = []
    reread = 0
    while True:
        composed = compose(source, parsed, base, as_text)
        if composed.fault is None:
            return composed, problems
        mended: Repair = repair(source, parsed, base, composed.fault)
        problems.append(mended.problem)
        reread += composed.fault.at
        if mended.parsed == parsed or len(problems) > _MAX_REPAIRS or reread > _MAX_REREAD:
            return composed, problems
        parsed = mended.parsed
        as_text.update(mended.as_text)


def _readable(source: str, base: int) -> tuple[str, list[Problem]]:
    """The source without characters that PyYAML refuses to read at all, and one problem for each run of them."""
    if not _UNREADABLE.search(source):
        return source, []
    problems: list[Problem] = []
    for match in re.finditer(f"{_UNREADABLE.pattern}+", source):
        if len(problems) == _MAX_REPAIRS:
            break
        message = f"YAML cannot hold the invisible character U+{ord(match[0][0]):04X}: "
        message += "remove it, or write it as an escape in double quotes"
        span = Span(match.start() + base, match.end() + base)
        problems.append(
            Problem(span, "yaml-syntax", message, "unprintable", {"remove": span, **fix("Remove it", (span, ""))})
        )
    return _UNREADABLE.sub("\ufffd", source), problems


def _between_sides(problem: Problem, conflicts: list[Problem]) -> bool:
    """Whether a key is set twice only because both sides of a merge conflict set it."""
    if problem.code != "duplicate-key":
        return False
    first: Span = problem.data["first"]
    return any(first < mark.span < problem.span for mark in conflicts)


def _one_per_line(source: str, base: int, problems: list[Problem]) -> list[Problem]:
    """The first problem of each line: what a repair could not mend at once is not reported twice, and neither is one
    wrong indentation for each of the lines that share it."""
    seen: set[int] = set()
    kept: list[Problem] = []
    for problem in problems:
        at = problem.span.start - base
        line = max(source.rfind("\n", 0, at), source.rfind("\r", 0, at))
        again = bool(kept) and problem.kind == kept[-1].kind == "indentation" and problem.message == kept[-1].message
        if line not in seen and not again:
            seen.add(line)
            kept.append(problem)
    return kept
