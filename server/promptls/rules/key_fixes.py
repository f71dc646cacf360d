"""Fixes of keys in a header: rename, move, remove, add, each only where the header is better for it afterwards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules.entries import line_end, removal_of
from promptls.rules.finding import Fix
from promptls.schema.complete import values_at
from promptls.schema.describe import describe
from promptls.schema.validate import Violation, violations
from promptls.syntax.yaml import node_at, parse_yaml, to_data
from promptls.syntax.yaml_tree import Mapping, Node, Path, YamlTree
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_LONGEST = 20_000
"""Characters of a header up to which fixes are tried out, which costs reading the header once more for each."""
_TRIED = 3
"""Values up to which one of them may be meant."""
_MOST = 50
"""Violations up to which fixes are offered; who has more has another kind of file."""


def rename(
    document: Document, snapshot: Snapshot, violation: Violation, to: object, *, safe: bool = False
) -> tuple[Fix, ...]:
    """The fix that gives a key another name where it stands, and the keys below it those that they then need.

    None where the new name is a path, is there already, or makes the header wrong in another way.
    """
    tree = document.yaml
    if not isinstance(to, str) or not to or "." in to or tree is None or not _is_tried_out(document, snapshot):
        return ()
    holder = node_at(tree, violation.path[:-1])
    if not isinstance(holder, Mapping) or holder.entry(to) is not None:
        return ()
    entry = next((entry for entry in holder.entries if entry.key.span == violation.span), None)
    if entry is None:
        return ()
    old = to_data(holder, tree)
    new = {to if key == entry.name else key: value for key, value in old.items()}
    data = _with(to_data(tree.root, tree) if tree.root else None, violation.path[:-1], new)
    edits = [Edit(document.uri, violation.span, to)]
    path = (*violation.path[:-1], to)
    edits += (Edit(document.uri, span, name) for span, name in _below(document.schema or "", data, path, entry.value))
    if not _improves(document, snapshot, edits):
        return ()
    return (Fix(f"Change to `{to}`", tuple(edits), preferred=True, safe=safe),)


def move(document: Document, snapshot: Snapshot, violation: Violation, to: object) -> tuple[Fix, ...]:
    """The fix that moves an entry into a mapping beside it (``to``: ``metadata.authors``), made where there is none.

    Only entries of block style, which can be moved by whole lines.
    """
    tree = document.yaml
    if not _is_tried_out(document, snapshot):
        return ()
    parts = to.split(".") if isinstance(to, str) else []
    holder = node_at(tree, violation.path[:-1]) if tree is not None else None
    removal = removal_of(document, violation.span)
    if len(parts) != 2 or not isinstance(holder, Mapping) or holder.flow or removal is None:
        return ()
    text, eol = document.text, document.text.eol
    target = holder.get(parts[0])
    column = text.place(violation.span.start)[1]
    if isinstance(target, Mapping) and not target.flow and target.entry(parts[1]) is None:
        at = line_end(text, target.span.end)
        inner = text.place(target.entries[0].key.span.start)[1]
        head = "" if text.value[:at].endswith(("\n", "\r")) else eol
    elif target is None:
        at, inner = removal.start, column + 2
        head = f"{' ' * column}{parts[0]}:{eol}"
    else:
        return ()
    written = parts[1] + text.value[violation.span.end : removal.end].rstrip()
    lines = eol.join(_indented(re.split(r"\r\n|\n|\r", written), inner, inner - column))
    edits = [Edit(document.uri, Span(at, at), f"{head}{lines}{eol}"), Edit(document.uri, removal, "")]
    if not _improves(document, snapshot, edits):
        return ()
    return (Fix(f"Move to `{to}`", tuple(edits), preferred=True),)


def remove(document: Document, snapshot: Snapshot, violation: Violation, *, preferred: bool) -> tuple[Fix, ...]:
    """The fix that deletes the key with its value; none where nothing else would be left beside it, or something
    else needs it."""
    removal = removal_of(document, violation.span) if _is_tried_out(document, snapshot) else None
    if removal is None or not _improves(document, snapshot, [Edit(document.uri, removal, "")]):
        return ()
    title = f"Remove `{violation.path[-1]}`"
    return (Fix.delete(document.location(removal), title, preferred=preferred),)


def fill(document: Document, snapshot: Snapshot, violation: Violation) -> tuple[Fix, ...]:
    """The fix that writes a missing key above those beside it; none where more than one value would do."""
    tree, key = document.yaml, violation.data.get("key")
    holder = node_at(tree, violation.path) if tree is not None else None
    if tree is None or not isinstance(holder, Mapping) or not holder.entries or not _is_tried_out(document, snapshot):
        return ()
    first = holder.entries[0].key.span.start
    between = ", " if holder.flow else document.text.eol + " " * document.text.place(first)[1]
    likely = _likely(document.schema or "", tree, (*violation.path, str(key)), holder)
    edits = [Edit(document.uri, Span(first, first), f"{key}: {value}{between}") for value in likely]
    good = [edit for edit in edits if _improves(document, snapshot, [edit])] if len(edits) <= _TRIED else []
    if len(good) != 1:
        return ()
    return (Fix(f"Add `{good[0].text.removesuffix(between)}`", tuple(good), preferred=True),)


def _likely(schema: str, tree: YamlTree, path: Path, holder: Mapping) -> list[str]:
    """The allowed values of a key under which the most of the keys beside it are known."""
    data, beside = to_data(tree.root, tree) if tree.root else None, to_data(holder, tree)

    def known(value: str, names: Iterable[str]) -> list[str]:
        then = _with(data, path[:-1], {**beside, path[-1]: value})
        return [name for name in names if describe(schema, then, (*path[:-1], name))]

    telling = set(beside).difference(known("", beside))
    values = [choice.value for choice in values_at(schema, data, path) if choice.kind in ("enum", "const")]
    counts = {value: len(known(value, telling)) for value in values}
    return [value for value, count in counts.items() if count == max(counts.values())]


def _indented(lines: list[str], first: int, others: int) -> list[str]:
    """The first line at a column, the others moved by as many columns; empty lines stay empty."""
    moved = [(" " * others + line if others >= 0 else line[-others:]) if line.strip() else line for line in lines[1:]]
    return [" " * first + lines[0], *moved]


def _with(data: object, path: Path, new: object) -> object:
    """The data with another value at ``path``, as far as the way to it is maps and lists."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {key: _with(value, rest, new) if key == head else value for key, value in data.items()}
    if isinstance(data, list):
        return [_with(value, rest, new) if at == head else value for at, value in enumerate(data)]
    return data


def _below(schema: str, data: object, path: Path, node: Node, depth: int = 0) -> Iterator[tuple[Span, str]]:
    """The keys below a renamed one that have another name in their new place."""
    if not isinstance(node, Mapping) or depth > 10:
        return
    for entry in node.entries:
        if not entry.name:
            continue
        here = (*path, entry.name)
        card = describe(schema, data, here)
        new = card.replaced_by if card else ""
        if new and "." not in new and node.entry(new) is None:
            yield entry.key.span, new
        else:
            yield from _below(schema, data, here, entry.value, depth + 1)


def _is_tried_out(document: Document, snapshot: Snapshot) -> bool:
    """Whether fixes are tried out, and so offered, in this file at all."""
    tree = document.yaml
    short = tree is not None and tree.span.end - tree.span.start <= _LONGEST
    return short and document.schema is not None and len(snapshot.violations(document)) <= _MOST


def _improves(document: Document, snapshot: Snapshot, edits: list[Edit]) -> bool:
    """Whether the header has fewer faults after the edits, and none that it did not have."""
    tree = document.yaml
    assert tree is not None
    assert document.schema is not None
    text = document.text.apply((edit.span, edit.text) for edit in edits).value
    span = Span(tree.span.start, tree.span.end + len(text) - len(document.text))
    before = _faults(tree, snapshot.violations(document))
    after = _faults_in(document.schema, span.slice(text))
    return after.total() < before.total() and not after - before


@lru_cache(maxsize=64)
def _faults_in(schema: str, header: str) -> Counter[tuple[str, str]]:
    """A header is tried out again with every key that is typed in its template: it stays the same, and so do these."""
    tree = parse_yaml(header)
    return _faults(tree, violations(schema, tree))


def _faults(tree: YamlTree, found: tuple[Violation, ...]) -> Counter[tuple[str, str]]:
    return Counter([(one.kind, one.message) for one in found] + [(one.code, one.message) for one in tree.problems])
