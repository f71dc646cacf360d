"""Hover: what the thing under the cursor is, in a few lines of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.ide.hover.card import Card
from promptls.ide.hover.file import file_card
from promptls.ide.hover.keys import key_card
from promptls.ide.hover.model import model_card
from promptls.ide.hover.references import reference_card
from promptls.ide.hover.roles import role_card
from promptls.ide.hover.targets import target_card
from promptls.ide.hover.variables import binding_card, declaration_card, name_card
from promptls.ide.hover.words import ending_card, word_card
from promptls.ide.places import binding_at, mention_at, part_at, reference_at, role_at, template_at
from promptls.prompt.model import Document

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

__all__ = ["Card", "hover_at"]


def hover_at(document: Document, offset: int, snapshot: Snapshot) -> Card | None:
    """The card of what ``offset`` touches; None where there is nothing to say."""
    if reference := reference_at(document, offset):
        return reference_card(reference, snapshot)
    inside = template_at(document, offset)
    if inside and not (document.header and document.header.touches(offset)):
        prompt, template = inside
        if part := part_at(template, offset):
            return name_card(document, prompt, template, part, snapshot)
        if binding := binding_at(template, offset):
            return binding_card(document, prompt, template, binding, snapshot)
        if mention := mention_at(template, offset):
            return word_card(template, mention, snapshot.config(document.uri).host)
        if ending := ending_card(document, template, offset):
            return ending
        if role := role_at(template, offset):
            return role_card(template, role)
    for prompt in document.prompts:
        if card := declaration_card(document, prompt, offset, snapshot):
            return card
    if card := model_card(document, offset):
        return card
    if card := target_card(document, offset, snapshot):
        return card
    if card := key_card(document, offset):
        return card
    return file_card(document, offset)
