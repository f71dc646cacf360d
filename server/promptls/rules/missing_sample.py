"""missing-sample: a required input that no sample gives a value, or a file of samples that gives none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls import formats
from promptls.prompt.model import MISSING, Document, Input, Prompt
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.placeholder import placeholder
from promptls.text import Location, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("missing-sample", severity=Severity.INFORMATION)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """The file has values for other inputs, so a preview is meant to work, and it stops at this one. Where a file has
    no samples at all nothing is said. A file of samples beside it that cannot be read gives none: that is a warning, at
    its place in that file.

    -- greet.prompty --
    ---
    name: greet
    inputs:
      - name: name
        kind: string
        default: Ada
      - name: tone
              ^^^^ missing-sample: `tone` is required and has no sample, so a preview stops here
        kind: string
        required: true
    ---
    user:
    Hello {{ name }}, {{ tone }}
    """
    document = snapshot.document(prompt.uri)
    if document is None:
        return
    for problem in document.problems_of("missing-sample"):
        place = problem.data.get("location")
        if isinstance(place, Location):
            yield Finding(place, problem.message, severity=Severity.WARNING)
    if prompt.name == document.prompts[0].name:
        for name in formats.sample_names(prompt.uri):
            if snapshot.siblings(prompt.uri, name) and snapshot.is_outside(prompt.uri, name):
                message = f"`{name}` leads outside of the workspace, not read"
                yield Finding(document.location(Span(0, 0)), message, severity=Severity.WARNING)
    if not prompt.samples:
        return
    given = {name for sample in prompt.samples for name in sample.values}
    for item in prompt.inputs:
        if not item.required or item.default is not MISSING or item.name in given or item.type.label:
            continue
        if item.name_location.uri == prompt.uri:
            then = "shows nothing for it" if prompt.lenient else "stops here"
            message = f"`{item.name}` is required and has no sample, so a preview {then}"
            yield Finding(item.name_location, message, _add(document, prompt, item))


def _add(document: Document, prompt: Prompt, item: Input) -> tuple[Fix, ...]:
    edits = formats.add_samples(document, prompt, {item.name: placeholder(item)})
    return (Fix(f"Add a sample for `{item.name}`", edits, preferred=True),) if edits else ()
