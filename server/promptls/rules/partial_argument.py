"""partial-argument: what is given to a partial is not what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document, Prompt
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.damage import is_broken
from promptls.rules.near import did_you_mean, nearest
from promptls.rules.reported import header_is_broken
from promptls.syntax.template.names import Include

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_GIVEN_ALL = ("partial", "include")
"""What is given all names that hold at its place; an import is given none, and what is extended those of the end."""


@rule("partial-argument", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """An argument that the partial never reads is lost, and a name that nobody gives it renders as nothing. What the
    partial reads under a condition may be left out.

    -- greet.prompt --
    ---
    input:
      schema:
        guest: string
    ---
    {{> card titel=guest}}
        ^^^^ partial-argument: `card` reads `title`, which is neither an argument here nor an input
             ^^^^^ partial-argument: `card` does not read `titel`; did you mean `title`?
    -- _card.prompt --
    Dear {{title}}
    """
    document = snapshot.document(prompt.uri)
    if document is None or prompt.template is None or is_broken(prompt.template):
        return
    partials = {one.span: one.uri for one in document.references if one.kind == "template" and one.uri}
    for include in prompt.template.analysis.includes:
        partial = snapshot.document(partials[include.span] or "") if include.span in partials else None
        inner = partial.prompts[0] if partial is not None and partial.prompts else None
        if inner is not None and _is_plain(inner):
            yield from _unread(document, include, inner)
            yield from _missing(document, prompt, include, inner, snapshot)


def _is_plain(partial: Prompt) -> bool:
    """Whether all that the partial reads is known by name: it never hands on all that it gets."""
    template = partial.template
    if template is None or is_broken(template) or template.analysis.open_scopes:
        return False
    return all(use.path != () and use.name not in ("this", ".", "@root") for use in template.analysis.uses)


def _unread(document: Document, include: Include, partial: Prompt) -> Iterator[Finding]:
    read = _read_by(partial)
    given = {name for name, _ in include.arguments}
    for name, span in include.arguments:
        if name in read:
            continue
        meant = nearest(name, sorted(read - given))
        place = document.location(span)
        fixes = tuple(Fix.replace(f"Change to `{one}`", place, one, preferred=len(meant) == 1) for one in meant)
        yield Finding(place, f"`{include.target}` does not read `{name}`{did_you_mean(meant)}", fixes)


def _missing(
    document: Document, prompt: Prompt, include: Include, partial: Prompt, snapshot: Snapshot
) -> Iterator[Finding]:
    if include.context != () or include.kind not in _GIVEN_ALL or not prompt.declares or not prompt.complete:
        return
    if header_is_broken(document) or prompt.template is None:
        return
    known = {item.name for item in prompt.inputs} | {name for name, _ in include.arguments}
    known |= prompt.ambient.keys() | snapshot.config(document.uri).host.globals
    known |= prompt.template.analysis.visible(include.span.start).keys()
    for name in dict.fromkeys(_needed_by(partial)):
        if name not in known:
            message = f"`{include.target}` reads `{name}`, which is neither an argument here nor an input"
            yield Finding(document.location(include.span), message)


def _read_by(partial: Prompt) -> frozenset[str]:
    return partial.also_reads | (partial.template.analysis.roots if partial.template is not None else frozenset())


def _needed_by(partial: Prompt) -> Iterator[str]:
    """The names that the partial itself reads without a condition."""
    for use in partial.template.analysis.uses if partial.template is not None else ():
        if use.path and use.binding is None and use.guarded_to == 0 and not use.guarded and not use.others:
            yield use.path[0]
