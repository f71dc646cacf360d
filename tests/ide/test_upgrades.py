"""The action that migrates a whole file: where it is offered, and what it says before it is taken."""

from __future__ import annotations

from promptls.ide.actions import Action, actions_at
from promptls.rules.engine import findings
from promptls.text import Span
from tests.ide.place import place

OLD = """---
model:
  api: chat█
  configuration: {type: azure_openai, azure_deployment: gpt-4o, api_version: "1"}
sample: {name: Ada}
---
user:
Hello {{ name }}
"""
MIXED = """---
model:
  id: gpt-4o
  provider: foundry
  a█pi: chat
---
user:
Hello
"""


def offered(source: str) -> list[Action]:
    where = place(source)
    known = findings(where.document, where.snapshot)
    return list(actions_at(where.document, Span(where.offset, where.offset), where.snapshot, known))


def test_a_v1_file_is_rewritten_whole() -> None:
    (action,) = [action for action in offered(OLD) if action.title.startswith("Migrate")]
    assert action.kind == "refactor.rewrite"
    assert action.title == "Migrate to Prompty v2 (2 not carried as they are: `configuration`, `api_version`)"
    assert action.note.splitlines() == [
        "Line 4: The file names no endpoint or key: v2 wants a `connection` (it reads no `prompty.json`)",
        "Line 4: Prompty 2.1.0 chooses the version of Azure's API itself",
    ]


def test_of_a_mixture_it_is_also_what_mends_the_finding() -> None:
    kinds = {action.kind: action for action in offered(MIXED) if action.title == "Migrate to Prompty v2"}
    assert set(kinds) == {"refactor.rewrite", "quickfix"}
    assert kinds["refactor.rewrite"].finding is None
    mended = kinds["quickfix"].finding
    assert mended is not None
    assert mended.code in ("deprecated-key", "mixed-versions")


def test_it_is_offered_at_the_header_only() -> None:
    below = OLD.replace("chat█", "chat").replace("Hello", "Hel█lo")
    assert not [action for action in offered(below) if action.title.startswith("Migrate")]


def test_a_v2_file_has_none() -> None:
    assert not [a for a in offered("---\nmodel:\n  id: gpt█\n---\nuser:\nhi\n") if a.title.startswith("Migrate")]
