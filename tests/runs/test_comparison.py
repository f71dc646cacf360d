"""Several runs of one prompt side by side."""

from __future__ import annotations

from promptls.runs.comparison import comparison_text
from tests.runs.records import record

FAST = record(id="a", target="openai/gpt-4o-mini")
SLOW = record(id="b", target="local/llama", cost=None, answer="# Hi\n|x|", tokens_estimated=True, price_date="")


def test_it_begins_with_what_each_run_took() -> None:
    lines = comparison_text([FAST, SLOW]).splitlines()
    assert lines[0] == "# 2 runs of `greet`, sample `first`"
    assert lines[2] == "| Target | Status | Tokens in | Tokens out | Cost | First word | In all |"
    assert lines[4] == "| openai/gpt-4o-mini | done | 12 | 3 | $0.0000123 | 0.40 s | 1.23 s |"
    assert lines[5] == "| local/llama | done | ~12 | ~3 | unknown | 0.40 s | 1.23 s |"
    assert "Prices of 2026-11-01." in lines


def test_then_comes_what_each_answered_and_markup_stays_in_its_section() -> None:
    text = comparison_text([FAST, SLOW])
    assert "## 1. openai/gpt-4o-mini\n\nHello Al\n\n## 2. local/llama\n\n```\n# Hi\n|x|\n```\n" in text


def test_the_same_answer_is_said_once_and_results_are_linked() -> None:
    text = comparison_text(
        [FAST, record(id="b")], place="/w/.promptls/c.compare.md", places={"a": "/w/.promptls/a.run.md"}
    )
    assert "The same answer as 1." in text
    assert text.count("Hello Al") == 1
    assert "[open](<a.run.md>)" in text


def test_a_run_that_is_not_over_or_failed_says_so() -> None:
    running = record(id="c", status="running", answer="", cost=None, latency=None, output_tokens=None)
    failed = record(id="d", status="failed", failure="dns", answer="", message="There is no\nhost `x`: look at it")
    calls = record(id="e", answer="", tool_calls=({"name": "weather"},), prompt_hash="other")
    text = comparison_text([running, failed, calls])
    assert "No answer yet." in text
    assert "| failed (dns) |" in text
    assert "> There is no host `x`: look at it" in text
    assert "Calls `weather`." in text
    assert "The prompt was changed" in text
    assert comparison_text([]).startswith("# Comparison")
