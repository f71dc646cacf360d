"""unknown-target: a run is to go to a provider or alias that nobody has configured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.near import did_you_mean, nearest
from promptls.schema.files import table
from promptls.schema.navigate import notes_of, view
from promptls.syntax.yaml import to_data
from promptls.syntax.yaml_tree import Mapping, Node, Path, Scalar, Sequence

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_MOST = 500
"""Values that are looked at."""


@rule("unknown-target", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A target is an alias, or `provider/model` with a provider that is configured or well known. A run that is sent
    elsewhere goes nowhere. What only your own configuration has is reported as information: others do not have it.

    -- promptls.yaml --
    default: fsat
             ^^^^ unknown-target: there is no alias or provider `fsat`; did you mean `fast`?
    aliases:
      fast: openai/gpt-5
    """
    tree = document.yaml
    if document.prompts or document.schema is None or tree is None or tree.root is None:
        return
    data = to_data(tree)
    written = _names(data, "providers") | _known_services()
    own = set(snapshot.config(document.uri).running.providers) - written
    known = view(document.schema)
    for path, node in _texts(tree.root):
        if not any(notes_of(part).get("value") == "route" for part in known.flat(known.at(path, data), node.text)):
            continue
        provider, slash, _ = node.text.partition("/")
        aliases = _names(data, "aliases") if path == ("default",) and not slash else set()
        if provider.partition(":")[0] == "echo" or provider in written | aliases or not provider:
            continue
        meant = nearest(provider, [*aliases, *written, *own])
        what = "provider" if slash else "alias or provider"
        place = document.location(node.span)
        if provider in own:
            message = f"`{provider}` is a provider of your own configuration: whoever else runs this has none"
            yield Finding(place, message, severity=Severity.INFORMATION)
            continue
        fixes = tuple(
            Fix.replace(f"Change to `{name + node.text[len(provider) :]}`", place, name + node.text[len(provider) :])
            for name in meant[:3]
            if node.style == "plain"
        )
        help = did_you_mean(meant) or "; configure it under `providers:`"
        yield Finding(place, f"there is no {what} `{provider}`{help}", fixes)


def _names(data: object, key: str) -> set[str]:
    found = data.get(key) if isinstance(data, dict) else None
    return {name for name in found if isinstance(name, str)} if isinstance(found, dict) else set()


def _known_services() -> set[str]:
    services = table("services")["services"]
    return {word for name, one in services.items() for word in (name, *one.get("synonyms", ()))}


def _texts(root: Node) -> Iterator[tuple[Path, Scalar]]:
    todo: list[tuple[Path, Node]] = [((), root)]
    for _ in range(_MOST):
        if not todo:
            return
        path, node = todo.pop()
        if isinstance(node, Scalar) and isinstance(node.value, str):
            yield path, node
        elif isinstance(node, Mapping) and len(path) < 4:
            todo += [((*path, entry.name), entry.value) for entry in node.entries if entry.name]
        elif isinstance(node, Sequence):
            todo += [((*path, at), item) for at, item in enumerate(node.items)]
