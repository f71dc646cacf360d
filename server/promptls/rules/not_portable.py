"""not-portable: it works here, and not in every runtime of the format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from promptls.prompt.model import Document, Template
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.constructs import Construct, constructs_of
from promptls.rules.dialects import is_read
from promptls.rules.reported import reported
from promptls.schema.files import table
from promptls.syntax.problem import Problem

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_NOUN = {"filters": "filter", "tests": "test", "tags": "tag"}


@rule("not-portable", severity=Severity.INFORMATION, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A format has several runtimes, and each may know more than the others. What they all must know is the format's
    own subset of its template language. Each thing outside of it is said once in a file, where it stands first. Switch
    the rule off where only one runtime ever reads the files.

    -- list.prompty --
    ---
    name: list
    inputs:
      - name: items
        kind: array
        items: {kind: string}
    ---
    user:
    {{ items | tojson }}
               ^^^^^^ not-portable: The filter `tojson` is not in the Jinja that every Prompty runtime must know
    """
    for problem in document.problems_of("not-portable"):
        yield reported(document, problem, *_fixes(document, problem))
    for prompt in document.prompts:
        if prompt.template is not None and prompt.template.subset and is_read(prompt.template.dialect):
            yield from _outside(document, prompt.template)


def _outside(document: Document, template: Template) -> Iterator[Finding]:
    words: Mapping[str, Any] = table(template.dialect)
    first: dict[tuple[str, str], Construct] = {}
    count: Counter[tuple[str, str]] = Counter()
    inside = cache(lambda section, name: _row(words, section, name).get(template.subset, True))
    outside = [one for one in constructs_of(template) if not inside(one.section, one.name)]
    for one in sorted(outside, key=lambda construct: construct.span):
        first.setdefault(one[:2], one)
        count[one[:2]] += 1
    for key, one in first.items():
        times = f" (used {count[key]} times)" if count[key] > 1 else ""
        message = f"{_what(words, one)} is not in {words['subsets'][template.subset]}{times}"
        yield Finding(document.location(one.span), message)


def _what(words: Mapping[str, Any], one: Construct) -> str:
    if one.section == "syntax":
        return str(_row(words, one.section, one.name)["description"])
    return f"The {_NOUN[one.section]} `{one.name}`" if one.section in _NOUN else f"`{one.name}`"


def _row(words: Mapping[str, Any], section: str, whole: str) -> Mapping[str, Any]:
    """The row of the table; an empty one for what is not in it, of which other rules speak."""
    name, _, member = whole.partition(".")
    row: Mapping[str, Any] = words.get(section, {}).get(whole if section != "special" else name, {})
    return row.get("members", {}).get(member, {}) if section == "special" else row


def _fixes(document: Document, problem: Problem) -> tuple[Fix, ...]:
    meant = problem.data.get("suggestion")
    if not isinstance(meant, str) or not meant:
        return ()
    return (Fix.replace(f"Change to `{meant}`", document.location(problem.span), meant),)
