"""unknown-tag: a tag that the template engine does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document, Template
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.damage import is_in_broken_tag, sound_mentions
from promptls.rules.dialects import names_of
from promptls.rules.host import declare_in_configuration
from promptls.rules.near import did_you_mean, nearest
from promptls.syntax.problem import Problem
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unknown-tag", severity=Severity.ERROR, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The engine refuses a template with a tag that it does not know. A tag of an extension that the application
    adds to its engine is named under `templates: {tags: [...]}` in `promptls.yaml`.

    -- greet.prompty --
    ---
    name: greet
    inputs:
      name: {kind: string}
    ---
    user:
    {% autoscape true %}Hello {{ name }}{% endautoscape %}
       ^^^^^^^^^ unknown-tag: `autoscape` is not a known tag; did you mean `autoescape`?
    """
    host = snapshot.config(document.uri).host
    # A web page or a configuration is rendered by an engine that may know any tag.
    for prompt in document.prompts if document.prompt_like else ():
        template = prompt.template
        if template is None:
            continue
        known = names_of(template, "tags")
        for problem in template.tree.problems:
            if problem.code != "unknown-tag" or problem.data["name"] in host.tags:
                continue
            if not is_in_broken_tag(template, problem.span):
                yield _unknown(document, snapshot, template, problem, [*known, *host.tags])
        for mention in sound_mentions(template, "tag"):
            extension = known.get(mention.name, {}).get("extension")
            if extension and extension not in host.extensions and mention.name not in host.tags:
                message = f"`{mention.name}` is a tag of the extension `{extension}`, which is not loaded"
                fixes = declare_in_configuration(snapshot, document.uri, "extensions", extension)
                yield Finding(document.location(mention.span), message, fixes)


def _unknown(document: Document, snapshot: Snapshot, template: Template, problem: Problem, known: list[str]) -> Finding:
    name: str = problem.data["name"]
    meant = nearest(name, known)
    place = document.location(problem.span)
    fixes = [_rename(document, template, problem, other, len(meant) == 1) for other in meant]
    fixes += declare_in_configuration(snapshot, document.uri, "tags", name)
    return Finding(place, f"`{name}` is not a known tag{did_you_mean(meant)}", tuple(fixes))


def _rename(document: Document, template: Template, problem: Problem, to: str, preferred: bool) -> Fix:
    """Another name for the tag, and for the tag that closes it."""
    edits = [Edit(document.uri, problem.span, to)]
    for node in template.tree.root.walk_bodies():
        if node.kind == "block" and node.name_span == problem.span and node.close:
            at = document.text.value.find(node.name, node.close.start, node.close.end)
            if at >= 0:
                edits.append(Edit(document.uri, Span(at, at + len(node.name)), to))
    return Fix(f"Change to `{to}`", tuple(edits), preferred)
