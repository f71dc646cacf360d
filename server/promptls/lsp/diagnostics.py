"""Findings as LSP has them, and the two ways in which they reach a client: never both of them for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

from promptls.lsp.session import Context, Session
from promptls.lsp.to_lsp import locations, range_of
from promptls.lsp.wire import types
from promptls.text import Location
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.prompt.model import Document
    from promptls.rules.finding import Finding
    from promptls.workspace.snapshot import Snapshot

SOURCE: Final = "promptls"
_TAGS: Final = {"unnecessary": types.DiagnosticTag.Unnecessary, "deprecated": types.DiagnosticTag.Deprecated}


class Outlet(Protocol):
    """How findings reach the client. Documents are named by their URI as the client spells it."""

    def knows(self, uri: str) -> bool:
        """Whether the client was given findings of the document, which it may be shown now."""

    def wants(self, uri: str) -> bool:
        """Whether somebody reads what an analysis of the document would find."""

    def tell(self, uri: str, snapshot: Snapshot, diagnostics: list[types.Diagnostic]) -> None:
        """These are the findings now; told often, also where nothing has changed."""

    def clear(self, uri: str, snapshot: Snapshot, *, closed: bool) -> None:
        """The document has none any more: it was closed, or deleted while it is open."""

    def flush(self) -> None:
        """What was told so far can be sent."""


def diagnostics_of(session: Session, snapshot: Snapshot, uri: str) -> list[types.Diagnostic]:
    """The findings of a document, less those that the editor shows by itself; none of what is no prompt file."""
    document = snapshot.document(uri)
    if document is None:
        return []
    context = Context(session, snapshot)
    told = told_by_host(session, snapshot, document)
    return [diagnostic_of(context, document, one) for one in context.findings(document) if not _is_among(told, one)]


def told_by_host(session: Session, snapshot: Snapshot, document: Document) -> Mapping[str, str]:
    """The rules whose findings the editor shows by itself, each with the least severity at which it does. It has to
    take the file for a kind of its own: an older one, or a person's `files.associations`, may call it Markdown."""
    from promptls import formats

    if session.settings.host_checks or snapshot.language(document.uri) != formats.language_of(document.uri):
        return {}
    return document.checked_by.get(session.client.host, {})


def _is_among(told: Mapping[str, str], finding: Finding) -> bool:
    least = told.get(finding.code)
    return least is not None and (finding.severity or 0) <= types.DiagnosticSeverity[least.capitalize()].value


def diagnostic_of(ctx: Context, document: Document, finding: Finding) -> types.Diagnostic:
    """A finding as LSP has it. One that lies in another file stands on the first line and points there."""
    client = ctx.client
    related = list(finding.related)
    span = finding.location.span
    if uri_key(finding.location.uri) != uri_key(document.uri):
        related.insert(0, (finding.location, "Here"))
        span = document.text.line_span(0)
    tags = [_TAGS[tag] for tag in finding.tags if tag in _TAGS and _TAGS[tag].value in client.diagnostic_tags]
    return types.Diagnostic(
        range=range_of(ctx.positions(document), span),
        message=finding.message,
        severity=types.DiagnosticSeverity(finding.severity) if finding.severity else None,
        code=finding.code,
        source=SOURCE,
        tags=tags or None,
        related_information=_related(ctx, related) if client.related_information and related else None,
    )


def _related(ctx: Context, related: list[tuple[Location, str]]) -> list[types.DiagnosticRelatedInformation]:
    places = locations(ctx, (location for location, _ in related))
    messages = (message for _, message in related)
    return [types.DiagnosticRelatedInformation(*both) for both in zip(places, messages, strict=True)]
