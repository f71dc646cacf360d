"""The template: role lines in its text, and what can stand at a place of a tag."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from promptls.ide.completion.calls import blocks, helpers, values
from promptls.ide.completion.closing import surroundings
from promptls.ide.completion.item import Completion
from promptls.ide.completion.names import attributes, names
from promptls.ide.completion.order import arranged
from promptls.ide.completion.paths import files, partials
from promptls.ide.completion.placeholders import placeholders
from promptls.ide.completion.roles import role_lines
from promptls.ide.completion.site import Site
from promptls.ide.completion.snippets import plain
from promptls.ide.completion.tags import sections, tags
from promptls.ide.completion.words import filters, operators, tests
from promptls.prompt.model import Document, Prompt, Template
from promptls.syntax.template.cursor import cursor_in_template

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_OFFERS: dict[str, Callable[[Site], Iterable[Completion]]] = {
    "variable": names,
    "attribute": attributes,
    "filter": filters,
    "test": tests,
    "tag": tags,
    "operator": operators,
    "helper": helpers,
    "string": values,
    "placeholder": placeholders,
}
_BLOCK_TAGS = {"/": sections, "#": blocks, "^": blocks, "#*": blocks, "else": blocks}
"""What a tag that begins with a sigil, or goes on after ``else``, can name."""
_LINE_END = re.compile(r"[\r\n]")
_ENDS_EXPRESSION = ("variable", "attribute", "filter")


def in_body(
    document: Document, prompt: Prompt, template: Template, offset: int, snapshot: Snapshot, asked: bool
) -> tuple[Completion, ...]:
    """The choices at an offset of a template; without being asked no role lines and no operators."""
    cursor = cursor_in_template(template.tree, document.text.value, offset)
    if cursor.where == "text":
        meant = role_lines(document, template, offset) if asked else None
        return arranged(meant[1], meant[0]) if meant else ()
    if cursor.where == "include" and template.places is not None:
        return arranged(partials(document, template.places, snapshot, cursor.replace), cursor.prefix)
    if cursor.where == "include":
        return arranged(files(document, snapshot, cursor.prefix, offset), cursor.prefix.rpartition("/")[2])
    offer = _OFFERS.get(cursor.where)
    if cursor.where == "tag" and cursor.statement in _BLOCK_TAGS:
        offer = _BLOCK_TAGS[cursor.statement]
    if offer is None:
        return ()
    site = Site(document, prompt, template, cursor, offset, snapshot)
    found = arranged(offer(site), cursor.prefix)
    if cursor.where == "operator" and not asked and len(found) > 1:
        return ()
    return _closed(site, found) if cursor.where in _ENDS_EXPRESSION else found


def before_body(document: Document, offset: int) -> tuple[Completion, ...]:
    """The roles in the empty lines above the template's first character."""
    header = document.header
    for prompt in document.prompts:
        template = prompt.template
        if template is None or offset > template.span.start:
            continue
        lead = document.text.value[header.end if header else 0 : template.span.start]
        fence = lead[:3] if header else ""
        at = offset - (header.end if header else 0)
        if at >= len(fence) and not lead[len(fence) :].strip() and (not fence or _LINE_END.search(lead, 0, at)):
            meant = role_lines(document, template, offset)
            return arranged(meant[1], meant[0]) if meant else ()
    return ()


def _closed(site: Site, found: tuple[Completion, ...]) -> tuple[Completion, ...]:
    """The same choices, each with ``}}`` behind it where its tag has none and nothing else is open."""
    inside = site.tag_before()
    if not inside.startswith("{{"):
        return found
    if any(inside.count(pair[0]) > inside.count(pair[1]) for pair in ("()", "[]")):
        return found
    around = surroundings(site.document.text, "{{", site.replace, site.offset)
    if not around.before and not around.after:
        return found
    return tuple(
        replace(
            item,
            text=around.text(item.text),
            snippet=around.snippet(item.snippet or plain(item.text)),
            filter=item.filter or item.label,
        )
        for item in found
    )
