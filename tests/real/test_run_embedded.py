"""A run with the model of our own: from the file to words, with no account, no key and no question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Promptls

pytestmark = pytest.mark.real

HELLO = """\
---
name: hello
model: {id: smollm2, provider: embedded, options: {maxOutputTokens: 12, temperature: 0}}
---
user:
Hello
"""


@pytest.fixture
def promptls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], small_model: Path
) -> Promptls:
    folder = tmp_path / "work"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    promptls = Promptls(folder, capsys)
    promptls.write({"hello.prompty": HELLO})
    return promptls


def test_the_file_names_it_and_it_answers_without_a_question(promptls: Promptls) -> None:
    called = promptls("run", "hello.prompty", "--format", "json")
    assert called.code == 0, called.err
    assert called.data["target"] == "embedded/smollm2"
    assert called.data["output_tokens"] == 12
    assert called.data["finish"] == "length"


def test_offline_does_not_forbid_what_stays_on_this_machine(
    promptls: Promptls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMPTLS_OFFLINE", "1")
    assert promptls("run", "hello.prompty").code == 0


def test_a_project_cannot_say_that_it_is_somewhere_else(promptls: Promptls) -> None:
    promptls.write({"promptls.yaml": "providers:\n  embedded: {base_url: 'http://example.com/v1'}\n"})
    called = promptls("run", "hello.prompty", "--model", "embedded/smollm2")
    assert called.code == 2
    assert "has no address of yours" in called.err


def test_a_project_cannot_call_its_own_server_embedded_to_be_asked_nothing(promptls: Promptls) -> None:
    promptls.write({"promptls.yaml": "providers:\n  mine: {type: embedded, endpoint: 'http://example.com/v1'}\n"})
    called = promptls("run", "hello.prompty", "--model", "mine/smollm2")
    assert called.code == 2
    assert "has no address of yours" in called.err
