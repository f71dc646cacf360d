"""missing-file: the file names another file that does not exist, or one that promptls does not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document, Reference
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.near import did_you_mean, nearest
from promptls.rules.reported import template_is_doubtful

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("missing-file", severity=Severity.ERROR, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Paths count from the folder of the file that names them. A file that the run needs is an error, another one a
    warning, and so is a file or a folder that `promptls.yaml` names. Nothing outside of the workspace is read, nor
    looked for; what a run needs and would find there, also by a link, is said.

    -- ask.prompty --
    ---
    name: ask
    model:
      id: gpt-4o
      options: ${file:optoins.json}
                      ^^^^^^^^^^^^ missing-file: `optoins.json` does not exist; did you mean `options.json`?
    ---
    user:
    Hello
    -- options.json --
    {"temperature": 0.2}
    """
    if template_is_doubtful(document):
        return
    for reference in document.references:
        if reference.kind != "file" or reference.exists or reference.default is not None:
            continue
        if reference.exists is None:
            if reference.needed and reference.uri is None and snapshot.is_outside(document.uri, reference.target):
                message = f"`{reference.target}` is outside of the workspace, not read"
                yield Finding(document.location(reference.span), message, severity=Severity.WARNING)
            continue
        meant = nearest(reference.target, _beside(reference, document, snapshot))
        yield Finding(
            document.location(reference.span),
            f"`{reference.target}` does not exist{did_you_mean(meant)}",
            fixes=tuple(_replace(document, reference, name, len(meant) == 1) for name in meant),
            severity=None if reference.needed else Severity.WARNING,
        )


def _beside(reference: Reference, document: Document, snapshot: Snapshot) -> tuple[str, ...]:
    folder, slash, _ = reference.target.rpartition("/")
    return tuple(name for name in snapshot.siblings(document.uri, folder + slash) if not name.endswith("/"))


def _replace(document: Document, reference: Reference, name: str, preferred: bool) -> Fix:
    written = reference.span.slice(document.text.value)
    new = written.replace(reference.target, name)
    return Fix.replace(f"Change to `{name}`", document.location(reference.span), new, preferred=preferred)
