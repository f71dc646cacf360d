"""What holds for every rule: a title, an explanation, an example that is true, and one file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import promptls.rules
from promptls.rules import Rule, rules
from promptls.rules.engine import explain
from tests.rules.check import check

WITHOUT_EXAMPLE = {
    *("byte-order-mark", "file-too-large", "misplaced-key", "too-long", "too-many-findings", "unset-environment"),
}
"""Rules whose cause cannot be seen in a short text, is not in the text at all, or in no format that there is yet, or
whose message is another on each machine; their own tests show them."""


def example(rule: Rule) -> str:
    lines = rule.doc.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("-- ")), len(lines))
    return "\n".join(lines[start:]) + "\n"


@pytest.mark.parametrize("code", sorted(rules()))
def test_the_example_is_what_the_rule_finds(code: str) -> None:
    shown = example(rules()[code])
    if code in WITHOUT_EXAMPLE:
        assert not shown.strip()
        return
    found = check(shown)
    assert code in {one.finding.code for one in found}


@pytest.mark.parametrize("code", sorted(rules()))
def test_it_is_explained(code: str) -> None:
    rule = rules()[code]
    assert rule.title.endswith(".")
    assert not rule.title.startswith(code)
    text = explain(code)
    assert text.startswith(f"# {code}\n")
    assert rule.severity.label.capitalize() in text
    assert f"ignore[{code}]" in text
    assert "  " not in text.partition("```")[0]


def test_a_code_that_is_none_is_answered_with_a_near_one() -> None:
    with pytest.raises(LookupError, match=r"There is no rule `unused-inputs`; did you mean `unused-input`\?"):
        explain("unused-inputs")


def test_every_rule_is_one_file_and_every_such_file_is_listed() -> None:
    folder = Path(promptls.rules.__file__).parent
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py") if "\n@rule(" in path.read_text("utf-8")}
    assert files == set(rules())
    assert list(rules()) == sorted(rules())
