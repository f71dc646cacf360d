"""Several runs of one prompt side by side."""

from __future__ import annotations

from promptls.runs.comparison import comparison_text
from tests.runs.records import record

FAST = record(id="a", target="openai/gpt-4o-mini")
SLOW = record(id="b", target="local/llama", model="", cost=None, answer="# Hi\n```\nx", tokens_estimated=True)


def test_it_begins_with_what_each_run_took() -> None:
    lines = comparison_text([FAST, SLOW]).splitlines()
    assert lines[0] == "# greet, sample first: 2 targets compared"
    assert lines[2] == "| Target | Status | Answered by | Tokens in | Tokens out | Cost | First word | In all |"
    assert lines[4].startswith("| openai/gpt-4o-mini | done | gpt-4o-mini-2024-07-18 | 12 | 3 | $0.0000123 | 0.40 s |")
    assert lines[5].startswith("| local/llama | done |  | ~12 | ~3 | unknown |")
    assert "Prices of 2026-11-01." in lines


def test_then_comes_what_each_answered_and_markup_stays_in_its_section() -> None:
    text = comparison_text([FAST, SLOW])
    assert "## 1. openai/gpt-4o-mini\n\n```text\nHello Al\n```\n" in text
    assert "## 2. local/llama\n\n````text\n# Hi\n```\nx\n````\n" in text


def test_the_same_answer_is_said_once_and_results_are_linked() -> None:
    places = {"a": "/w/.promptls/a.run.md"}
    text = comparison_text([FAST, record(id="b")], place="/w/.promptls/c.compare.md", places=places)
    assert "The same answer as 1." in text
    assert text.count("Hello Al") == 1
    assert "[open](<a.run.md>)" in text


def test_a_run_that_is_not_over_or_failed_says_so() -> None:
    running = record(id="c", status="running", answer="", cost=None, latency=None, output_tokens=None)
    failed = record(id="d", status="failed", failure="dns", answer="", message="There is no\nhost `x`: look | at it")
    calls = record(id="e", answer="", tool_calls=({"name": "weather"},), prompt_hash="other")
    text = comparison_text([running, failed, calls])
    assert "## 1. openai/gpt-4o-mini\n\n…\n" in text
    assert "| failed (dns) |" in text
    assert "> There is no host \\`x\\`: look \\| at it" in text
    assert "Calls `weather`." in text
    assert "The prompt was changed" in text


def test_what_has_not_begun_or_may_not_run_has_its_place() -> None:
    text = comparison_text([None, None], prompt="*greet*", targets=["a/b", "c|d"], refused=["", "No key: set X."])
    assert text.startswith("# \\*greet\\*: 2 targets compared\n")
    assert "| a/b | waiting |" in text
    assert "| c\\|d | not run |" in text
    assert "> No key: set X." in text
    assert comparison_text([]).startswith("# one prompt: 0 targets compared\n")
