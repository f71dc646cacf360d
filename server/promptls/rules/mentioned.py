"""Names of filters, tests and tags in a template that neither the dialect nor the host application knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt, Template
from promptls.rules.damage import sound_mentions
from promptls.rules.dialects import names_of
from promptls.rules.finding import Finding, Fix
from promptls.rules.host import declare_in_configuration
from promptls.rules.near import did_you_mean, nearest
from promptls.schema.dialects import lacking
from promptls.syntax.template.names import Mention
from promptls.text import Edit, Location, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


def unknown_mentions(prompt: Prompt, snapshot: Snapshot, kind: str) -> Iterator[Finding]:
    """One finding for each mention of ``kind`` (``filter``, ``test``) that is in no table. A dialect without a
    table of that kind has no such names, and nothing is said."""
    template = prompt.template
    if template is None:
        return
    known = names_of(template, f"{kind}s")
    if not known:
        return
    host: frozenset[str] = getattr(snapshot.config(prompt.uri).host, f"{kind}s")
    for mention in sound_mentions(template, kind):
        if mention.name in known or mention.name in host:
            continue
        instead = lacking(template.dialect).get(f"{kind}s", {}).get(mention.name, {}).get("instead")
        meant = (str(instead),) if instead else nearest(mention.name, [*known, *host, *_blocks(template, kind)])
        place = Location(prompt.uri, mention.span)
        places = (mention.span, *_in_end_tag(prompt, template, mention))
        fixes = [
            Fix(f"Change to `{name}`", tuple(Edit(prompt.uri, one, name) for one in places), len(meant) == 1)
            for name in meant
        ]
        fixes += declare_in_configuration(snapshot, prompt.uri, f"{kind}s", mention.name)
        yield Finding(place, f"`{mention.name}` is not a known {kind}{did_you_mean(meant)}", fixes=tuple(fixes))


def _blocks(template: Template, kind: str) -> tuple[str, ...]:
    """Blocks of the language itself, which are called as helpers are."""
    if kind != "helper":
        return ()
    return tuple(name for name, about in names_of(template, "tags").items() if about.get("arguments"))


def _in_end_tag(prompt: Prompt, template: Template, mention: Mention) -> tuple[Span, ...]:
    """The same name in the tag that ends the block, where it names one."""
    for node in template.tree.root.walk_bodies():
        if node.kind == "block" and node.name_span == mention.span and node.close:
            at = prompt.text.value.find(node.name, node.close.start, node.close.end)
            return (Span(at, at + len(node.name)),) if at >= 0 else ()
    return ()
