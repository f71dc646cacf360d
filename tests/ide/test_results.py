"""The result of a run in the editor: header and answer get what every file gets."""

from __future__ import annotations

import random

import pytest

from promptls.ide import complete_at, documentation_of, folds_of, hover_at, links_of, symbols_of
from promptls.runs.document import result_text
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from promptls.workspace.snapshot import Snapshot
from tests.ide.test_every_prefix import examine
from tests.runs.records import record

NAME = ".promptls/greet-1.run.md"
BESIDE = {
    "prompts/greet.prompty": """---
name: greet
model: gpt-4o
inputs:
  - {name: who, kind: string, default: Al, description: Whom to greet}
  - {name: tone, kind: string, default: kind}
outputs:
  - {name: city, kind: string}
  - {name: days, kind: integer}
---
system:
Greet {{ who }} in a {{ tone }} tone.
""",
    "promptls.yaml": "aliases: {fast: openai/gpt-4o-mini}\nproviders: {local: {type: ollama}}\n",
}
RUN = record(
    answer='{"city": "Ulm",\n "days": "two"}', thinking="Well\n\nthen", tool_calls=({"name": "f", "arguments": "{}"},)
)
TEXT = result_text(RUN, place=f"/work/{NAME}")


def workspace(text: str) -> Snapshot:
    return snapshot_of({NAME: text, **BESIDE}, ["OPENAI_API_KEY"])


def choices(text: str) -> list[str]:
    """What is offered at the cursor █."""
    offset = text.index("█")
    snapshot = workspace(text.replace("█", ""))
    document = snapshot.document(path_to_uri(f"/work/{NAME}"))
    assert document is not None
    found = complete_at(document, offset, snapshot)
    for item in found:
        documentation_of(item.data, snapshot)
    return [item.label for item in found]


def test_its_header_is_completed_with_what_a_further_run_knows() -> None:
    assert choices(TEXT.replace("target: openai/gpt-4o-mini", "target: █")) == [
        "fast",
        "local/gpt-4o",
        "echo",
    ]
    assert choices(TEXT.replace("sample: first", "sample: █")) == ["in the file"]
    assert choices(TEXT.replace("sample: first", "values:\n  █")) == ["who", "tone"]
    assert "max_tokens" in choices(TEXT.replace("temperature: 0.2", "temperature: 0.2\n  █"))
    assert "values" in choices(TEXT.replace("sample: first", "█"))


def test_its_keys_explain_themselves_and_the_prompt_is_one_click_away() -> None:
    snapshot = workspace(TEXT)
    document = snapshot.document(path_to_uri(f"/work/{NAME}"))
    assert document is not None
    card = hover_at(document, TEXT.index("finish:"), snapshot)
    assert card is not None
    assert "Why the answer ended" in card.markdown
    (link,) = links_of(document, snapshot)
    assert link.uri == path_to_uri("/work/prompts/greet.prompty")
    assert [symbol.name for symbol in symbols_of(document)] == [
        *("prompt", "name", "sample", "target", "parameters", "run"),
        *("Answer", "Tool calls", "Thinking"),
    ]
    folded = [fold.span.slice(TEXT) for fold in folds_of(document)]
    assert any(text.startswith("<!-- promptls:thinking") and text.endswith("</details>") for text in folded)


@pytest.mark.torture
def test_a_result_cut_everywhere() -> None:
    chance = random.Random(3)
    for end in range(len(TEXT) + 1):
        examine(TEXT[:end], end, chance, NAME, BESIDE)


@pytest.mark.parametrize("seed", range(4))
def test_a_result_cut_anywhere_or_with_characters_gone(seed: int) -> None:
    chance = random.Random(seed)
    for at in chance.sample(range(len(TEXT)), 12):
        examine(TEXT[:at], at, chance, NAME, BESIDE)
        examine(TEXT[:at] + TEXT[at + chance.randint(1, 9) :], at, chance, NAME, BESIDE)
        examine(TEXT.replace("\n", "\r\n"), at, chance, NAME, BESIDE)
