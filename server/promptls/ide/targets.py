"""Where a run may go, as a configuration or a result names it: what stands there, and where that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promptls.ide.header import bare_span, header_data, notes_at
from promptls.prompt.model import Document
from promptls.schema.files import table
from promptls.syntax.yaml import entry_at, node_at, path_at
from promptls.syntax.yaml_tree import Scalar
from promptls.text import Location, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_ECHO = "echo"


class Target(NamedTuple):
    """``name``: an alias, a provider or ``echo``; ``model``: empty behind an alias. ``echoed``: shown, not sent."""

    span: Span
    name: str
    model: str
    echoed: bool = False

    @property
    def text(self) -> str:
        return f"{self.name}/{self.model}" if self.model else self.name


def target_at(document: Document, offset: int) -> Target | None:
    """The target that the cursor touches."""
    tree = document.yaml
    if tree is None or document.schema is None:
        return None
    path = path_at(tree, offset)
    node = node_at(tree, path)
    if not isinstance(node, Scalar) or not node.text or not node.span.touches(offset):
        return None
    if notes_at(document.schema, header_data(document), path).get("value") not in ("route", "target"):
        return None
    text = node.text.strip()
    echoed = text.startswith(f"{_ECHO}:")
    name, _, model = text.removeprefix(f"{_ECHO}:").partition("/")
    return Target(bare_span(node), name, model, echoed) if name else None


def service_of(name: str) -> str:
    """The service that a provider's type or name stands for; empty where it stands for none."""
    named = name.casefold()
    services = table("services")["services"]
    return next((key for key, one in services.items() if named == key or named in one.get("synonyms", ())), "")


def defined_target(document: Document, target: Target, snapshot: Snapshot) -> tuple[Location, ...]:
    """The entry of ``aliases`` or ``providers`` of that name: of this file, or of the configuration in force."""
    config = snapshot.config(document.uri).uri if document.rerun is not None else None
    home = document if document.rerun is None else snapshot.document(config) if config else None
    if home is None or home.yaml is None:
        return ()
    sections = ("providers",) if target.model else ("aliases", "providers")
    found = (entry_at(home.yaml, (section, target.name)) for section in sections)
    return tuple(home.location(entry.key.span) for entry in found if entry is not None)[:1]
