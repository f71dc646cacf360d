"""The Python API, as its documentation shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import promptls
from promptls.actions import ActionError

GREET = """---
name: greet
model: gpt-4o-mini
inputs:
  - name: who
    kind: string
    required: true
---
user:
Hi {{ who }}
"""


def test_the_public_names_are_these() -> None:
    assert promptls.__all__ == ["__version__", "check", "parse", "render"]


def test_a_text_is_parsed_checked_and_rendered() -> None:
    document = promptls.parse(GREET.replace("{{ who }}", "{{ who }} {{ nope }}"))
    assert document.prompts[0].inputs[0].name == "who"
    assert [finding.code for finding in promptls.check(document)] == ["undefined-variable"]
    messages = promptls.render(document.prompts[0], {"who": "Ada"})
    assert [(message.role, message.text.strip()) for message in messages] == [("user", "Hi Ada")]


def test_a_file_is_checked_with_its_neighbours(tmp_path: Path) -> None:
    file = tmp_path / "greet.prompty"
    file.write_text(GREET.replace("{{ who }}", "{{ x }}"), encoding="utf-8")
    assert "undefined-variable" in [finding.code for finding in promptls.check(file)]
    (tmp_path / "promptls.yaml").write_text("rules: {undefined-variable: off, unused-input: off}\n", encoding="utf-8")
    assert promptls.check(file) == []


def test_what_is_missing_is_named() -> None:
    prompt = promptls.parse(GREET).prompts[0]
    with pytest.raises(ActionError, match="`who` is required"):
        promptls.render(prompt)


def test_a_name_that_is_no_prompt_file_is_refused() -> None:
    with pytest.raises(ValueError, match=r"notes\.txt"):
        promptls.parse("x", "notes.txt")


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, promptls; print([name for name in sys.modules if name.startswith('promptls.')])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
