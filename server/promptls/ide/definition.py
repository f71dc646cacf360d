"""Where a name comes from, and everywhere it is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from promptls.ide.elsewhere import defined_elsewhere
from promptls.ide.header import input_named_at, input_names_in_header
from promptls.ide.outline import blocks_below
from promptls.ide.places import binding_at, block_of_tag, included_file, part_at, reference_at, tags_of, template_at
from promptls.ide.targets import defined_target, target_at
from promptls.prompt.model import Document, Input, Prompt, Template
from promptls.syntax.template import blocks_of
from promptls.syntax.template.names import Binding, Use
from promptls.text import Location, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


class Symbolic(NamedTuple):
    """A name with its meaning: an input of a prompt, a local name of its template, or the one where it has been set and
    else the other (``{% if x %}{% set name = … %}{% endif %}``)."""

    prompt: Prompt
    name: str
    item: Input | None = None
    binding: Binding | None = None


class Highlight(NamedTuple):
    """``kind``: ``read`` or ``write``."""

    span: Span
    kind: str


def definition_at(document: Document, offset: int, snapshot: Snapshot) -> tuple[Location, ...]:
    """Where the name, the file or the block under the cursor begins; empty where there is no such place."""
    reference = reference_at(document, offset)
    if reference:
        found = reference.uri if reference.exists else None
        return (Location(found, Span(0, 0)),) if found else ()
    inside = template_at(document, offset)
    include = inside and next((one for one in inside[1].analysis.includes if one.span.touches(offset)), None)
    if include:
        target = included_file(document, include.target, snapshot)
        return (Location(target, Span(0, 0)),) if target else ()
    elsewhere = inside and defined_elsewhere(document, inside[1], offset, snapshot)
    if elsewhere:
        return elsewhere
    meant = meaning_at(document, offset)
    if meant:
        local = (document.location(meant.binding.span),) if meant.binding else ()
        return (*local, *((meant.item.name_location,) if meant.item else ()))
    if aim := target_at(document, offset):
        return defined_target(document, aim, snapshot)
    opening = _opening_tag(inside[1], offset) if inside else None
    return (document.location(opening),) if opening else ()


def references_at(
    document: Document, offset: int, snapshot: Snapshot, *, declaration: bool = True
) -> tuple[Location, ...]:
    """Everywhere the name under the cursor is read; with its declarations where these are asked for."""
    meant = meaning_at(document, offset)
    if meant is None:
        return ()
    found = {location for location, kind in _places(document, meant) if declaration or kind == "read"}
    return tuple(sorted(found))


def highlights_at(document: Document, offset: int, snapshot: Snapshot) -> tuple[Highlight, ...]:
    """The places of the name under the cursor in this file; for a tag of a block, all of that block's tags."""
    meant = meaning_at(document, offset)
    if meant:
        found = {Highlight(at.span, kind) for at, kind in _places(document, meant) if at.uri == document.uri}
        return tuple(sorted(found))
    inside = template_at(document, offset)
    block = block_of_tag(inside[1], offset) if inside else None
    return tuple(Highlight(span, "read") for span in tags_of(block)) if block else ()


def meaning_at(document: Document, offset: int) -> Symbolic | None:
    """The input or the local name that the cursor touches, wherever it is written."""
    inside = template_at(document, offset)
    if inside:
        prompt, template = inside
        part = part_at(template, offset)
        if part:
            if part.step > 0:
                return None
            return _meaning_of(prompt, part.use)
        binding = binding_at(template, offset)
        if binding:
            return Symbolic(prompt, binding.name, binding=binding)
    named = input_named_at(document, offset)
    for prompt in document.prompts:
        for item in prompt.inputs:
            place = item.name_location
            if item.name == named or (place.uri == document.uri and place.span.touches(offset)):
                return Symbolic(prompt, item.name, item=item)
    return None


def _meaning_of(prompt: Prompt, use: Use) -> Symbolic | None:
    if use.builtin:
        return None
    own = use.name in use.roots and (use.binding is None or use.binding.path != use.path)
    item = prompt.input(use.name) if own else None
    return Symbolic(prompt, use.name, item, use.binding) if own or use.binding else None


def _places(document: Document, meant: Symbolic) -> Iterator[tuple[Location, str]]:
    """Where it is written (``write``) and read (``read``)."""
    if meant.binding:
        yield document.location(meant.binding.span), "write"
    if meant.item:
        for location in _declarations(document, meant.item):
            yield location, "write"
    template = meant.prompt.template
    if template is None:
        return
    found = [use for use in template.analysis.uses if _same(meant, use)]
    yield from ((document.location(use.spans[0]), "read") for use in found)
    if blocks_of(template.dialect) == "value":
        yield from ((document.location(span), "read") for span in _section_ends(document, template, found))


def _same(meant: Symbolic, use: Use) -> bool:
    if use.name != meant.name or use.builtin:
        return False
    if meant.binding and use.binding == meant.binding:
        return True
    return use.name in use.roots and (meant.binding is None or meant.item is not None)


def _section_ends(document: Document, template: Template, uses: list[Use]) -> Iterator[Span]:
    """The names in the tags that end sections: they have to be those of the tags that begin them."""
    names = {use.spans[0].start: use.name for use in uses}
    text = document.text.value
    for block in blocks_below(template.tree.root):
        if block.tag and block.close:
            name = next(
                (names[at] for at in range(block.tag.start, min(block.tag.end, block.tag.start + 80)) if at in names),
                "",
            )
            start = text.find(name, block.close.start, block.close.end) if name else -1
            if start >= 0:
                yield Span(start, start + len(name))


def _declarations(document: Document, item: Input) -> Iterator[Location]:
    """The declaration, and the places of this file's header that give the input a value or pass it on."""
    yield item.name_location
    for span in input_names_in_header(document, item.name):
        yield document.location(span)


def _opening_tag(template: Template, offset: int) -> Span | None:
    block = block_of_tag(template, offset)
    return block.tag if block and block.tag and not block.tag.touches(offset) else None
