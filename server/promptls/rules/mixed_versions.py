"""mixed-versions: keys of two versions of the format in one file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.reported import reported
from promptls.syntax.problem import Problem
from promptls.syntax.yaml_tree import Path

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("mixed-versions", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Each loader knows its own version's keys. The other version's are dropped, or make it refuse the file; no
    loader converts them. It is said once, at the first such key; what is wrong with each has its own finding. Nothing
    is said where there is only one such key and it has one already.

    -- ask.prompty --
    ---
    name: ask
    model:
      id: gpt-4o
      provider: openai
      api: chat
      ^^^ mixed-versions: `model.api` belongs to Prompty v1, and this file is read as Prompty v2
      ^^^ deprecated-key: …
      parameters: {temperature: 0.2}
      ^^^^^^^^^^ deprecated-key: …
    ---
    user:
    Hello
    """
    problems = document.problems_of("mixed-versions")
    if not problems:
        return
    said = [violation.path for violation in snapshot.violations(document)]
    if len(problems) == 1 and any(_is_about(path, problems[0]) for path in said):
        return
    others = tuple((document.location(problem.span), problem.message) for problem in problems[1:])
    yield replace(reported(document, problems[0]), related=others)


def _is_about(path: Path, problem: Problem) -> bool:
    key: Path = problem.data["path"]
    return path[: len(key)] == key
