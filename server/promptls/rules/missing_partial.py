"""missing-partial: the template includes a partial that is no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt, Reference, Template, TemplatePlaces
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.near import did_you_mean, nearest
from promptls.text import Location

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("missing-partial", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """Rendering fails where a partial is missing. It is looked for beside the prompt, in `partials/`, in the folder
    above and below `templates: roots:` of promptls.yaml. A partial that your application registers by code
    cannot be seen: turn the rule off for such files.

    -- greet.prompt --
    ---
    model: googleai/gemini-2.5-flash
    ---
    {{> haeder}}
        ^^^^^^ missing-partial: There is no partial `haeder`; did you mean `header`?
    Hello
    -- _header.prompt --
    Welcome to our shop.
    """
    document = snapshot.document(prompt.uri)
    template = prompt.template
    if document is None or template is None:
        return
    noun = "partial" if template.places else "template"
    known: tuple[str, ...] | None = None
    for reference in document.references:
        if reference.kind != "template" or reference.exists is not False or not reference.needed:
            continue
        if known is None or template.places is None:
            known = tuple(_names(prompt, template, reference, snapshot))
        meant = nearest(reference.target, known)
        place = document.location(reference.span)
        message = f"There is no {noun} `{reference.target}`{did_you_mean(meant)}"
        if not meant and template.places:
            message += f": no file {next(iter(template.places.paths(reference.target)))} is found"
        elif not meant:
            message += ": it stands neither beside this file nor below `templates: roots:` of promptls.yaml"
        fixes = tuple(_change(place, name, len(meant) == 1) for name in meant)
        yield Finding(place, message, fixes)


def _names(prompt: Prompt, template: Template, reference: Reference, snapshot: Snapshot) -> Iterator[str]:
    """What could have been meant: the partials that there are, or the files in the folder that is written."""
    if template.places is not None:
        yield from names_of(prompt, template.places, snapshot)
        return
    folder, slash, _ = reference.target.rpartition("/")
    for start in ("", "root:"):
        for path in snapshot.siblings(prompt.uri, start + folder + slash):
            if not path.endswith("/"):
                yield path.removeprefix(start)


def names_of(prompt: Prompt, places: TemplatePlaces, snapshot: Snapshot) -> Iterator[str]:
    """The partials that there are, by name."""
    for folder in places.folders:
        for path in snapshot.siblings(prompt.uri, folder):
            name = places.name_of(path.removeprefix(folder))
            if name and "/" not in name:
                yield name


def _change(place: Location, name: str, preferred: bool) -> Fix:
    return Fix.replace(f"Change to `{name}`", place, name, preferred=preferred)
