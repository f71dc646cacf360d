"""undefined-variable: the template reads a name that the file does not declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from promptls import formats
from promptls.prompt.infer import infer_types
from promptls.prompt.model import Document, Prompt
from promptls.prompt.types import ANY, ValueType
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.damage import sound_uses
from promptls.rules.host import declare_in_configuration
from promptls.rules.near import did_you_mean, nearest
from promptls.rules.reported import header_is_broken
from promptls.schema.dialects import lacking
from promptls.syntax.template.names import Use
from promptls.text import Location

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("undefined-variable", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """An undeclared name renders as nothing, so a part of the prompt is silently lost. A name that the template
    tests or gives a default (`is defined`, `default(…)`, `{% if x %}`) may be absent and is not reported; nor is
    any where the file declares no inputs at all.

    -- greet.prompty --
    ---
    name: greet
    inputs:
      - name: name
        kind: string
    ---
    user:
    {{ name }}, hello {{ nme }}
                         ^^^ undefined-variable: `nme` is not declared; did you mean `name`?
    """
    document = snapshot.document(prompt.uri)
    template = prompt.template
    if document is None or template is None or not prompt.declares or not prompt.complete:
        return
    if header_is_broken(document):
        return
    host = snapshot.config(prompt.uri).host
    known = {item.name for item in prompt.inputs} | prompt.ambient.keys() | host.globals | host.helpers
    borrowed = lacking(template.dialect).get("globals", {})
    unknown = [
        use
        for use in sound_uses(template, document.text.value)
        if use.path is not None and use.binding is None and use.guarded_to == 0 and use.name not in known
    ]
    types = infer_types(template.analysis, {use.name for use in unknown}) if unknown else {}
    for use in unknown:
        if use.called and use.name in borrowed:
            continue  # `not-portable` says more of it
        if any(scope.covers(use.span) for scope in template.analysis.open_scopes):
            continue
        meant = nearest(use.name, [*(item.name for item in prompt.inputs), *template.analysis.visible(use.span.start)])
        yield Finding(
            document.location(use.spans[0]),
            f"`{use.name}` is not declared{did_you_mean(meant)}",
            fixes=_fixes(document, prompt, use, meant, snapshot, types),
        )


def _fixes(
    document: Document,
    prompt: Prompt,
    use: Use,
    meant: tuple[str, ...],
    snapshot: Snapshot,
    types: Mapping[str, ValueType],
) -> tuple[Fix, ...]:
    place = Location(document.uri, use.spans[0])
    fixes = [Fix.replace(f"Change to `{name}`", place, name, preferred=len(meant) == 1) for name in meant]
    if use.called:
        return (*fixes, *declare_in_configuration(snapshot, document.uri, "globals", use.name))
    type = types.get(use.name, ANY)
    edits = formats.declare_input(document, prompt, use.name, type)
    if edits:
        fixes.append(Fix(f"Declare the input `{use.name}` ({type})", edits, preferred=not meant))
    return tuple(fixes)
