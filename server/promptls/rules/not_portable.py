"""not-portable: it works here, and not in every runtime of the format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from promptls.prompt.model import Document, Prompt, Template
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.borrowed import borrowed
from promptls.rules.constructs import Construct, constructs_of
from promptls.rules.dialects import is_read
from promptls.rules.reported import replacing, reported, severity_of
from promptls.schema.files import table
from promptls.syntax.problem import Problem
from promptls.text import Edit

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_NOUN = {"filters": "filter", "tests": "test", "tags": "tag"}


@rule("not-portable", severity=Severity.INFORMATION, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A format has several runtimes, and each may know more than the others. What they all must know is the format's
    own subset of its template language. Each thing outside of it is said once in a file, where it stands first. Switch
    the rule off where only one runtime ever reads the files. What is Jinja's alone in a Nunjucks file is found as well:
    an error where Nunjucks refuses it, a warning where it makes something else of it.

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
        yield reported(document, problem, *_fixes(document, problem), *replacing(document, problem))
    for prompt in document.prompts:
        if prompt.template is not None and prompt.template.subset and is_read(prompt.template.dialect):
            yield from _outside(document, prompt.template)
        if prompt.template is not None and document.prompt_like:
            yield from _borrowed(document, prompt, prompt.template, snapshot)


def _borrowed(document: Document, prompt: Prompt, template: Template, snapshot: Snapshot) -> Iterator[Finding]:
    """What only the language has that this one is written as, each thing once, as grave as it is at a run."""
    host = snapshot.config(document.uri).host
    found: dict[tuple[str, str], list[tuple[Construct, Mapping[str, Any]]]] = {}
    for one, row in sorted(borrowed(prompt, template, host.tags | host.globals), key=lambda each: each[0].span):
        found.setdefault(one[:2], []).append((one, row))
    for places in found.values():
        one, row = places[0]
        message = str(row["message"]) + _times(len(places))
        yield Finding(
            document.location(one.span), message, _in_own_words(document, places), severity_of(row["severity"])
        )


def _in_own_words(document: Document, places: list[tuple[Construct, Mapping[str, Any]]]) -> tuple[Fix, ...]:
    """The fix that writes all these words as the language knows them."""
    text = document.text.value
    words = [(one.span, row.get("words", {}).get(one.span.slice(text))) for one, row in places]
    edits = tuple(Edit(document.uri, span, word) for span, word in words if word)
    return (Fix(f"Write `{edits[0].text}`" + " and the like" * (len(edits) > 1), edits, True),) if edits else ()


def _times(count: int) -> str:
    return f" (used {count} times)" if count > 1 else ""


def _outside(document: Document, template: Template) -> Iterator[Finding]:
    words: Mapping[str, Any] = table(template.dialect)
    first: dict[tuple[str, str], Construct] = {}
    count: Counter[tuple[str, str]] = Counter()
    outside = cache(lambda section, name: not _row(words, section, name).get(template.subset, True))
    for one in sorted(constructs_of(template, outside), key=lambda construct: construct.span):
        first.setdefault(one[:2], one)
        count[one[:2]] += 1
    for key, one in first.items():
        message = f"{_what(words, one)} is not in {words['subsets'][template.subset]}{_times(count[key])}"
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
