"""Edits that take a declaration away, and nothing else."""

from __future__ import annotations

from promptls.formats.extent import declaration
from promptls.formats.placing import (
    is_broken,
    name_of,
)
from promptls.formats.prompty.recognise import V1, version_of
from promptls.prompt.model import Document, Input, Prompt
from promptls.syntax.yaml_tree import Alias, Mapping, Node, Sequence, YamlTree
from promptls.text import Edit, Span


def remove_input(document: Document, prompt: Prompt, item: Input) -> tuple[Edit, ...]:
    """Takes a declaration away, from the sample of v1 too, and its key when it was the last one below it.

    None where it stands in another file, or holds an anchor that something else uses.
    """
    tree = document.yaml
    if item.location.uri != document.uri or tree is None or not isinstance(tree.root, Mapping) or is_broken(document):
        return ()
    edits: list[Edit] = []
    for key in ("inputs", "sample") if version_of(prompt.variant) == V1 else ("inputs",):
        for span in _declarations(document, tree.root, key, item.name):
            if not any(span.overlaps(edit.span) for edit in edits):
                edits.append(Edit(document.uri, span, ""))
    spans = [edit.span for edit in edits]
    return () if _anchored(tree, spans) else tuple(sorted(edits, key=lambda edit: edit.span))


def _declarations(document: Document, root: Mapping, key: str, name: str) -> list[Span]:
    """What declares ``name`` below ``key``: single parts, or all of ``key`` when nothing else is left there."""
    at = next((index for index, entry in enumerate(root.entries) if entry is root.entry(key)), None)
    found = root.entries[at].value if at is not None else None
    if at is None or not isinstance(found, Mapping | Sequence) or document.yaml is None:
        return []
    text = document.text.value
    if isinstance(found, Mapping):
        names = [entry.name for entry in found.entries]
    else:
        names = [name_of(document.yaml, item) for item in found.items]
    own = [index for index, each in enumerate(names) if each == name]
    if own and len(own) == len(names):
        return [declaration(text, root, at)]
    return [declaration(text, found, index) for index in own]


def _anchored(tree: YamlTree, spans: list[Span]) -> bool:
    """Whether an anchor would go that an alias elsewhere needs."""
    going = {name for name, node in tree.anchors.items() if any(span.covers(node.span) for span in spans)}
    if not going or tree.root is None:
        return False
    todo: list[Node] = [tree.root]
    while todo:
        node = todo.pop()
        if isinstance(node, Alias) and node.name in going and not any(span.covers(node.span) for span in spans):
            return True
        if isinstance(node, Mapping):
            todo += [part for entry in node.entries for part in (entry.key, entry.value)]
        elif isinstance(node, Sequence):
            todo += node.items
    return False
