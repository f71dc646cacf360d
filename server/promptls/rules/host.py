"""Names that the host application registers with its template engine, and how `promptls.yaml` declares one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.rules.finding import Fix
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence
from promptls.text import Edit, Span, Text
from promptls.text.uris import path_to_uri, uri_to_path
from promptls.workspace.config import CONFIG_NAME

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_NOUN = {
    "filters": "filter",
    "tests": "test",
    "globals": "global",
    "helpers": "helper",
    "tags": "tag",
    "extensions": "extension",
}


def declare_in_configuration(snapshot: Snapshot, uri: str, kind: str, name: str) -> tuple[Fix, ...]:
    """The fix that adds a name to ``templates: {kind: [...]}`` of the file's configuration; none where that is broken.

    Where there is no configuration, the edit is of one that does not exist yet, at the root, at offset 0.
    """
    edit = _edit(snapshot, uri, kind, name)
    if edit is None:
        return ()
    return (Fix(f"Declare the {_NOUN[kind]} `{name}` of your application in {CONFIG_NAME}", (edit,)),)


def _edit(snapshot: Snapshot, uri: str, kind: str, name: str) -> Edit | None:
    config = snapshot.config(uri)
    if config.text is None or config.uri is None:
        target = _new_file(snapshot, uri)
        return Edit(target, Span(0, 0), f"templates:\n  {kind}: [{name}]\n") if target else None
    at = _place(config.text, kind, name)
    return Edit(config.uri, Span(at[0], at[0]), at[1]) if at else None


def _new_file(snapshot: Snapshot, uri: str) -> str | None:
    path = uri_to_path(uri)
    if path is None:
        return None
    root = path.replace("\\", "/").removesuffix(snapshot.relative(uri)).rstrip("/")
    return path_to_uri(f"{root}/{CONFIG_NAME}")


def _place(text: Text, kind: str, name: str) -> tuple[int, str] | None:
    """Where to insert what, so that the list ``templates.kind`` has one more name."""
    tree = parse_yaml(text.value)
    if tree.problems:
        return None
    eol = text.eol
    match tree.root:
        case Mapping(flow=False) as root:
            templates = root.entry("templates")
        case None | Scalar(text=""):
            templates = None
        case _:
            return None
    if templates is None:
        return len(text), _own_line(text, f"templates:{eol}  {kind}: [{name}]{eol}")
    match templates.value:
        case Scalar(text="", span=span):
            return span.end, f"{eol}  {kind}: [{name}]"
        case Mapping(flow=True) as flow if kind not in [entry.name for entry in flow.entries]:
            return flow.span.start + 1, f"{kind}: [{name}]" + (", " if flow.entries else "")
        case Mapping(entries=(first, *_)) as block if kind not in [entry.name for entry in block.entries]:
            return first.key.span.start, f"{kind}: [{name}]{eol}{_indent(text, first.key)}"
        case Mapping() as known:
            return _longer_list(text, known.get(kind), name)
    return None


def _longer_list(text: Text, names: Node | None, name: str) -> tuple[int, str] | None:
    match names:
        case Scalar(text="", span=span):
            return span.end, f" [{name}]"
        case Sequence(flow=True, items=()) as empty:
            return empty.span.start + 1, name
        case Sequence(flow=True, items=items):
            return items[-1].span.end, f", {name}"
        case Sequence(items=(first, *_)) if text.value[: first.span.start].rstrip(" ").endswith("-"):
            dash = text.value.rindex("-", 0, first.span.start)
            return dash, f"- {name}{text.eol}{' ' * text.place(dash)[1]}"
    return None


def _indent(text: Text, node: Node) -> str:
    return " " * text.place(node.span.start)[1]


def _own_line(text: Text, line: str) -> str:
    return line if not text.value or text.value.endswith(("\n", "\r")) else text.eol + line
