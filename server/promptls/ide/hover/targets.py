"""Cards of targets: the service or the route behind a name, and what is known of the model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptls.ide.hover.card import Card
from promptls.ide.hover.model import facts_text
from promptls.ide.markdown import bullets, paragraphs
from promptls.ide.targets import Target, service_of, target_at
from promptls.prompt.model import Document
from promptls.schema.models import facts_of
from promptls.schema.settings import title_of
from promptls.text.markdown import code, escape

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


def target_card(document: Document, offset: int, snapshot: Snapshot) -> Card | None:
    """None where the cursor is on no target, or on one that nobody knows."""
    target = target_at(document, offset)
    text = _text(document, target, snapshot) if target is not None else ""
    return Card(target.span, text) if target is not None and text else None


def _text(document: Document, target: Target, snapshot: Snapshot) -> str:
    running = snapshot.config(document.uri).running
    if target.name == "echo" and not target.model:
        return paragraphs(code("echo"), "Sends nothing: shows the messages, and the request as it would be sent.")
    shown = "shown, not sent" if target.echoed else ""
    alias = running.aliases.get(target.name) if not target.model else None
    if alias is not None:
        route = ", ".join(map(code, alias.route))
        several = f", {code(alias.strategy)}" if len(alias.route) > 1 else ""
        return paragraphs(f"{code(target.text)}: alias", bullets([f"{route}{several}", shown]))
    settings = running.providers.get(target.name)
    service = service_of(settings.type if settings is not None and settings.type else target.name)
    if settings is None and not service:
        return ""
    title = title_of(service) if service else "a provider of yours"
    address = _without_secrets(settings.base_url or settings.endpoint) if settings is not None else ""
    facts = facts_of(service, target.model) if service and target.model else None
    return paragraphs(
        f"{code(target.text)}: {escape(title)}",
        bullets([f"at {code(address)}" if address else "", shown]),
        facts_text(facts) if facts is not None else "",
    )


def _without_secrets(address: str) -> str:
    """Without a password and what is asked for: a key may stand there, in a file that nobody has open."""
    return re.sub(r"(?<=//)[^/]*@", "", address.partition("?")[0].partition("#")[0])
