"""unmapped-parameter: a setting of the model that its provider has no word for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.entries import removal_of
from promptls.schema.settings import has_word, title_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unmapped-parameter", severity=Severity.INFORMATION, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Providers know different settings, and what the one that the file names has no word for is left out of a run.
    Remove the setting, or name a provider that has it. Nothing is said where the file or promptls.yaml gives the
    provider another address: another server may answer there, and know more.

    -- chat.prompty --
    ---
    name: chat
    model:
      id: claude-sonnet-4-5
      provider: anthropic
      options:
        maxOutputTokens: 500
        seed: 42
        ^^^^ unmapped-parameter: Anthropic has no word for `seed`, so a run leaves it out
    ---
    user:
    Hello
    """
    configured = snapshot.config(document.uri).running.providers
    for prompt in document.prompts:
        model = prompt.model
        if model is None or not model.service or model.operation != "chat":
            continue
        elsewhere = model.connection is not None and (model.connection.endpoint or model.connection.name)
        own = configured.get(model.service)
        if elsewhere or (own is not None and (own.base_url or own.endpoint or own.quirks or own.type)):
            continue
        for name, span in model.places.items():
            if has_word(name, model.service, model.wire):
                continue
            written = span.slice(document.text.value).strip("\"'")
            removal = removal_of(document, span)
            yield Finding(
                document.location(span),
                f"{title_of(model.service)} has no word for `{written}`, so a run leaves it out",
                ()
                if removal is None
                else (Fix.delete(document.location(removal), f"Remove `{written}`", preferred=False),),
            )
