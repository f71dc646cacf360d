"""unused-input: a declared input that no template, partial or file reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls import formats
from promptls.prompt.model import Document, Input, Prompt, Template
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.damage import is_broken
from promptls.rules.dialects import is_read
from promptls.rules.reported import template_is_doubtful

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unused-input", severity=Severity.HINT, tags=["unnecessary"])
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """Every caller sends an input that nothing reads for nothing.

    -- greet.prompty --
    ---
    name: greet
    inputs:
      name: {kind: string}
      tone: {kind: string}
      ^^^^ unused-input: `tone` is never used
    ---
    user:
    Hello {{ name }}
    """
    document = snapshot.document(prompt.uri)
    template = prompt.template if prompt.reads_known else None
    if document is None or template is None or _may_read_unseen(document, template) or template_is_doubtful(document):
        return
    if not template.span.slice(document.text.value).strip():
        # Nothing is written yet.
        return
    read = prompt.also_reads | template.analysis.roots
    for item in prompt.inputs:
        if item.name not in read and item.name_location.uri == prompt.uri:
            yield Finding(item.name_location, f"`{item.name}` is never used", fixes=_remove(document, prompt, item))


def _may_read_unseen(document: Document, template: Template) -> bool:
    """A part could not be read, stands in another file, or is in a language that is not known."""
    if is_broken(template) or not is_read(template.dialect):
        return True
    found = {one.span for one in document.references if one.kind == "template" and one.exists}
    unseen = any(include.span not in found or include.context is None for include in template.analysis.includes)
    return unseen or bool(template.analysis.open_scopes)


def _remove(document: Document, prompt: Prompt, item: Input) -> tuple[Fix, ...]:
    edits = formats.remove_input(document, prompt, item)
    return (Fix(f"Remove the input `{item.name}`", edits, preferred=True),) if edits else ()
