"""Cards of the dialect's own words: filters, tests, tags, globals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from promptls.ide.builtins import KINDS, host_words, words
from promptls.ide.hover.card import Card
from promptls.ide.markdown import bullets, paragraphs, short
from promptls.ide.places import block_of_tag, tags_of
from promptls.prompt.model import Document, Template
from promptls.syntax.template.names import Mention
from promptls.text.markdown import code, fenced

if TYPE_CHECKING:
    from promptls.workspace.config import HostNames


def word_card(template: Template, mention: Mention, host: HostNames) -> Card | None:
    """The card of a filter, test or tag that the template names; None for what nothing is known of."""
    if mention.kind not in KINDS:
        return None
    known = words(template.dialect, mention.kind, template.runtime)
    if mention.name in known:
        return Card(mention.span, word_text(mention.kind, mention.name, known[mention.name], template.dialect))
    if mention.name in host_words(host, mention.kind):
        where = f"templates.{KINDS[mention.kind]}"
        return Card(mention.span, f"{code(mention.name)}: a {mention.kind} of the host application ({code(where)})")
    return None


def ending_card(document: Document, template: Template, offset: int) -> Card | None:
    """What an end tag or a branch belongs to, which may stand far above."""
    block = block_of_tag(template, offset)
    if block is None or block.tag is None or block.tag.touches(offset):
        return None
    span = next(span for span in tags_of(block) if span.touches(offset))
    opening = code(short(block.tag.slice(document.text.value)))
    line = document.text.line_at(block.tag.start) + 1
    return Card(span, f"{'ends' if span == block.close else 'of'} {opening} in line {line}")


def word_text(kind: str, name: str, about: Mapping[str, Any], dialect: str) -> str:
    """Signature, what it does, an example, and whether every loader of the format has it."""
    signature = str(about.get("signature") or name)
    shown = signature if "." not in name else name.rpartition(".")[0] + "." + signature
    title = f"{code(shown)}: {kind} of {dialect.capitalize()}"
    if about.get("since"):
        title += f", since {about['since']}"
    example = str(about.get("example") or "")
    shown = fenced(example, dialect) + (f"\n\ngives {code(str(about['result']))}" if about.get("result") else "")
    named = [
        f"{code(argument)}" + (f": {what['description']}" if "description" in what else "")
        for argument, what in about.get("named", {}).items()
    ]
    foreign = "" if about.get("portable", True) else "Not every runtime of the format has it."
    return paragraphs(title, str(about.get("description") or ""), bullets(named), shown if example else "", foreign)
