"""misplaced-key: a key that is read from the user's own configuration only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.entries import removal_of
from promptls.schema.navigate import notes_of, view
from promptls.syntax.yaml import to_data
from promptls.syntax.yaml_tree import Entry, Mapping, Node, Path
from promptls.text.uris import uri_to_path
from promptls.workspace.outside import POLICY_VARIABLE
from promptls.workspace.places import user_file

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_DEEPEST = 4


@rule("misplaced-key", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A `key_command` names a program that promptls starts. A project that could do so would start programs on the
    machine of everybody who opens it, so the line does nothing there. Move the provider to your own configuration,
    which the message names; a project then calls it by its name.
    """
    tree = document.yaml
    if document.prompts or document.schema is None or tree is None or tree.root is None:
        return
    data = to_data(tree)
    known = view(document.schema)
    for path, entry in _entries(tree.root):
        if not any(notes_of(part).get("only") == "user" for part in known.flat(known.at(path, data), None)):
            continue
        own = user_file()
        if uri_to_path(document.uri) in (str(own), os.path.abspath(os.environ.get(POLICY_VARIABLE) or os.sep)):
            return
        removal = removal_of(document, entry.key.span)
        title = f"Remove `{entry.name}`"
        yield Finding(
            document.location(entry.key.span),
            f"`{entry.name}` is not read from here; move it to your own configuration, {own}",
            () if removal is None else (Fix.delete(document.location(removal), title, preferred=False),),
        )


def _entries(root: Node) -> Iterator[tuple[Path, Entry]]:
    todo: list[tuple[Path, Node]] = [((), root)]
    while todo:
        path, node = todo.pop()
        for entry in node.entries if isinstance(node, Mapping) else ():
            if entry.name:
                yield (*path, entry.name), entry
                if len(path) < _DEEPEST:
                    todo.append(((*path, entry.name), entry.value))
