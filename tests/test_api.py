"""The Python API, as its documentation shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import promptls
from promptls.actions import ActionError
from tests.runs.server import model_server

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
    assert promptls.__all__ == ["__version__", "check", "parse", "render", "run"]


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


@pytest.fixture
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.mark.usefixtures("_own_state")
def test_a_prompt_is_run(tmp_path: Path) -> None:
    pieces: list[str] = []
    with model_server() as server:
        settings = f"providers: {{local: {{type: openai-compatible, base_url: '{server.url}'}}}}"
        (tmp_path / "user.yaml").write_text(settings, encoding="utf-8")
        (tmp_path / "greet.prompty").write_text(GREET, encoding="utf-8")
        prompt = promptls.parse(GREET.replace("Hi", "Hello"), tmp_path / "greet.prompty").prompts[0]
        record = promptls.run(
            prompt, {"who": "Ada"}, model="local/tiny", options={"temperature": 0}, on_text=pieces.append
        )
        assert (record.status, record.answer, pieces) == ("finished", "Hello", ["Hel", "lo"])
        _, body = server.requests[0]
        assert (body["messages"][0]["content"], body["temperature"]) == ("Hello Ada", 0)
        assert promptls.run(tmp_path / "greet.prompty", {"who": "Bo"}, model="local/tiny").answer == "Hello"


@pytest.mark.usefixtures("_own_state")
def test_a_run_that_may_not_be_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = promptls.parse(GREET, tmp_path / "greet.prompty").prompts[0]
    assert promptls.run(prompt, {"who": "Ada"}).provider == "echo"
    with pytest.raises(ActionError, match="set OPENAI_API_KEY"):
        promptls.run(prompt, {"who": "Ada"}, model="openai/x")
    with pytest.raises(ActionError, match="`who` is required"):
        promptls.run(prompt)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    with pytest.raises(ActionError, match=r"allow_hosts=\['https://api\.openai\.com"):
        promptls.run(prompt, {"who": "Ada"}, model="openai/x")


@pytest.mark.usefixtures("_own_state")
def test_a_run_with_an_input_that_nobody_declares_says_which_is_meant(tmp_path: Path) -> None:
    prompt = promptls.parse(GREET, tmp_path / "greet.prompty").prompts[0]
    with pytest.raises(ActionError, match="has no input `whom`; did you mean `who`") as raised:
        promptls.run(prompt, {"whom": "Ada"}, model="echo")
    assert raised.value.usage


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
