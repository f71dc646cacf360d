"""Names that a template has from another file: imported macros, blocks of a template that it extends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.ide.places import included_file, nodes_at
from promptls.prompt.model import Document, Template
from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.names import Use
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Location, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_MOST = 20
"""Templates that extend each other in a row."""
_DEFINING = ("macro", "set")


def defined_elsewhere(
    document: Document, template: Template, offset: int, snapshot: Snapshot
) -> tuple[Location, ...] | None:
    """Where another file defines what the cursor touches; None where nothing of that kind is there."""
    label = _label_at(template, offset)
    if label:
        return _block_above(document, template, label, snapshot)
    found = _imported_at(template, offset)
    if found is None:
        return None
    statement, name = found
    other = _file(document, statement, snapshot)
    if other is None:
        return None
    uri, text = other
    if not name:
        return (Location(uri, Span(0, 0)),)
    bindings = analyse(parse_template(template.dialect, text), text).bindings
    place = next((one.span for one in bindings if one.name == name and one.kind in _DEFINING), None)
    return (Location(uri, place or Span(0, 0)),)


def _imported_at(template: Template, offset: int) -> tuple[Node, str] | None:
    """The tag that imports what the cursor touches, and its name in the other file; empty for that file itself."""
    for node in nodes_at(template.tree.root, offset):
        if node.kind == "import":
            return _tag_at(template, offset, node.name)
    use = next((one for one in template.analysis.uses if _touches(one, offset)), None)
    binding = (
        use.binding if use else next((one for one in template.analysis.bindings if one.span.touches(offset)), None)
    )
    if binding is None or binding.kind != "import":
        return None
    found = _tag_at(template, binding.span.start, "")
    if found is None or found[0].name != "from":
        return (found[0], _member(use, offset)) if found is not None else None
    name = next((one.name for one in found[0].head[1:] if one.span.covers(binding.span)), binding.name)
    return found[0], name


def _tag_at(template: Template, offset: int, name: str) -> tuple[Node, str] | None:
    tag = next((node for node in nodes_at(template.tree.root, offset) if _imports(node)), None)
    return (tag, name) if tag is not None else None


def _touches(use: Use, offset: int) -> bool:
    return use.span.touches(offset) or (use.method_span is not None and use.method_span.touches(offset))


def _member(use: Use | None, offset: int) -> str:
    """Of ``macros.card`` the name after the dot, where the cursor touches that."""
    if use is None or use.spans[0].touches(offset):
        return ""
    return use.names[1] if len(use.names) > 1 else use.method


def _block_above(document: Document, template: Template, label: str, snapshot: Snapshot) -> tuple[Location, ...] | None:
    """The block of that name in the nearest template that has one, of those that this one extends."""
    tree: TemplateTree = template.tree
    seen: set[str] = set()
    for _ in range(_MOST):
        statement = next((node for node in tree.root.body if node.kind == "statement" and node.name == "extends"), None)
        other = _file(document, statement, snapshot) if statement is not None else None
        if other is None or other[0] in seen:
            return None
        uri, text = other
        seen.add(uri)
        tree = parse_template(template.dialect, text)
        for node in tree.root.walk():
            place = _label_of(node, label)
            if place is not None:
                return (Location(uri, place),)
    return None


def _label_at(template: Template, offset: int) -> str:
    for node in nodes_at(template.tree.root, offset):
        if node.kind == "label" and node.span.touches(offset):
            return node.name
    return ""


def _label_of(node: Node, label: str) -> Span | None:
    if node.kind != "block" or node.name != "block" or not node.head or node.head[0].name != label:
        return None
    return node.head[0].span


def _imports(node: Node) -> bool:
    return node.kind == "statement" and node.name in ("from", "import")


def _file(document: Document, statement: Node, snapshot: Snapshot) -> tuple[str, str] | None:
    """The file that a tag names by a string, and its text; names count from the roots, whichever file writes them."""
    named = statement.head[0] if statement.head else None
    if named is None or named.kind != "string":
        return None
    known = (one.uri for one in document.references if one.kind == "template" and one.target == named.name and one.uri)
    uri = next(known, None) or included_file(document, named.name, snapshot)
    text = snapshot.text(uri) if uri else None
    return (uri, text.value) if uri and text is not None else None
