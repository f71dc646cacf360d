"""What stands at an offset of a template: a name, a filter, a role line, a block."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from promptls.prompt.model import Document, Prompt, Reference, RoleLine, Template
from promptls.syntax.template.names import Binding, Mention, Use
from promptls.syntax.template.tree import Node
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


class _Spanned(Protocol):
    @property
    def span(self) -> Span: ...


Thing = TypeVar("Thing", bound=_Spanned)


class Part(NamedTuple):
    """One name of a use: ``item.name`` has two. ``path``: from the root of the inputs up to this name."""

    use: Use
    step: int

    @property
    def span(self) -> Span:
        return self.use.spans[self.step]

    @property
    def name(self) -> str:
        return self.use.names[self.step]

    @property
    def member(self) -> bool:
        """Whether it is a part of something: an attribute, or in Mustache a bare name that a section brings along."""
        path = self.use.path
        return self.step > 0 or (self.use.binding is None and path is not None and path[0] != self.use.name)

    @property
    def path(self) -> tuple[str, ...] | None:
        if self.use.path is None:
            return None
        return self.use.path[: len(self.use.path) - (len(self.use.names) - 1 - self.step)]


def template_at(document: Document, offset: int) -> tuple[Prompt, Template] | None:
    """The prompt whose template holds the offset."""
    for prompt in document.prompts:
        if prompt.template and prompt.template.span.touches(offset):
            return prompt, prompt.template
    return None


def part_at(template: Template, offset: int) -> Part | None:
    """The name of a use that the offset touches."""
    parts = (Part(use, index) for use in template.analysis.uses for index in range(len(use.spans)))
    return _at(parts, offset)


def binding_at(template: Template, offset: int) -> Binding | None:
    return _at(template.analysis.bindings, offset)


def mention_at(template: Template, offset: int) -> Mention | None:
    return _at(template.analysis.mentions, offset)


def role_at(template: Template, offset: int) -> RoleLine | None:
    return _at(template.roles, offset)


def reference_at(document: Document, offset: int) -> Reference | None:
    return _at(document.references, offset)


def nodes_at(root: Node, offset: int) -> Iterator[Node]:
    """The nodes whose span touches the offset, outer ones first."""
    todo = [root]
    while todo:
        node = todo.pop()
        if node.span.touches(offset):
            yield node
            todo.extend(_touching(node.body, offset))
            todo.extend(reversed(node.head))


def _touching(body: tuple[Node, ...], offset: int) -> Iterator[Node]:
    """The children that touch the offset, last ones first. They tile their parent, so they are found by bisection."""
    for at in range(bisect_right(body, offset, key=lambda node: node.span.start) - 1, -1, -1):
        if body[at].span.end < offset:
            return
        yield body[at]


def included_file(document: Document, target: str, snapshot: Snapshot) -> str | None:
    """The file that ``{% include "target" %}`` names: beside the document, else below a root of the configuration."""
    beside = snapshot.sibling(document.uri, target)
    if beside.exists:
        return beside.uri
    config = snapshot.config(document.uri)
    below = (snapshot.sibling(config.uri, f"{root}/{target}") for root in config.roots if config.uri)
    return next((found.uri for found in below if found.exists), None)


def block_of_tag(template: Template, offset: int) -> Node | None:
    """The innermost block of whose tags (opening, branch, end) the cursor touches one."""
    found = None
    for node in nodes_at(template.tree.root, offset):
        if node.kind == "block" and any(span.touches(offset) for span in tags_of(node)):
            found = node
    return found


def tags_of(block: Node) -> list[Span]:
    """The words that open, divide and end a block, as far as they are there: whole tags."""
    branches = [node.tag for node in block.body if node.kind == "branch"]
    return [span for span in (block.tag, *branches, block.close) if span]


def _at(things: Iterable[Thing], offset: int) -> Thing | None:
    """The one that holds the character at the offset, else the one that ends there."""
    before = None
    for thing in things:
        if thing.span.holds(offset):
            return thing
        if thing.span.end == offset and not thing.span.empty:
            before = thing
    return before
