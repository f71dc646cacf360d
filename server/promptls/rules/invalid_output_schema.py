"""invalid-output-schema: the declared shape of the answer is none that a model can be held to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.reported import header_is_broken, replacing, reported
from promptls.rules.violated import output_violations, value_fixes, violated

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("invalid-output-schema", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The shape is sent to the model's provider as a JSON Schema. A type that does not exist there, or a property
    without a name, makes the provider refuse the request or ignore the shape.

    -- weather.prompty --
    ---
    name: weather
    model: gpt-4o
    outputs:
      - name: city
        kind: strng
              ^^^^^ invalid-output-schema: …
    ---
    user:
    Where is it raining?
    """
    if header_is_broken(document):
        return
    for violation in output_violations(document, snapshot):
        yield violated(document, violation, *value_fixes(document, violation))
    for problem in document.problems_of("invalid-output-schema"):
        yield reported(document, problem, *replacing(document, problem))
