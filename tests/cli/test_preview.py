"""`promptls preview`: pages of prompts that are finished, and of those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import CLEAN, GREETING, Promptls


def test_markdown_is_what_a_terminal_gets(promptls: Promptls) -> None:
    promptls.write({"a.prompty": GREETING})
    called = promptls("preview", "a.prompty")
    assert called.code == 0
    assert "## user" in called.out
    assert "I am Ada in ‹city›." in called.out
    assert "`city` has no value" in called.out


def test_values_come_as_in_render(promptls: Promptls) -> None:
    promptls.write({"a.prompty": GREETING, "a.sample.yaml": "- city: Rome\n- city: Oslo\n", "v.yaml": "name: Bo\n"})
    assert "I am Bo in Oslo." in promptls("preview", "a.prompty", "--sample", "3", "--input", "v.yaml").out
    assert "I am Ada in Kyiv." in promptls("preview", "a.prompty", "--set", "city=Kyiv").out
    assert promptls("preview", "a.prompty", "--sample", "9").code == 2


def test_a_page_holds_all_samples_and_can_be_written_to_a_file(promptls: Promptls) -> None:
    promptls.write({"a.prompty": GREETING, "a.sample.yaml": "- city: Rome\n- city: Oslo\n"})
    page = promptls("preview", "a.prompty", "--html").out
    assert page.startswith("<!DOCTYPE html>")
    assert "Rome" in page
    assert "Oslo" in page
    called = promptls("preview", "a.prompty", "-o", "a.html")
    assert (called.code, called.out) == (0, "")
    assert promptls.read("a.html") == page
    assert promptls("preview", "a.prompty", "-o", "no/such/a.html").code == 2


def test_an_ending_that_nothing_is_written_for_is_refused_with_those_that_are(promptls: Promptls) -> None:
    promptls.write({"a.prompty": GREETING})
    for call in (("preview", "a.prompty"), ("usage",), ("diff",)):
        called = promptls(*call, "-o", "a.pdf")
        assert (called.code, called.out) == (2, "")
        assert "a.pdf: promptls writes no `.pdf` here; the endings that it knows are ." in called.err
        assert not (promptls.folder / "a.pdf").exists()
    assert promptls("preview", "a.prompty", "-o", "a.md").code == 0
    assert promptls.read("a.md") == promptls("preview", "a.prompty").out
    assert promptls("preview", "a.prompty", "--html", "-o", "a.page").code == 0
    assert promptls.read("a.page").startswith("<!DOCTYPE html>")


def test_data_says_where_values_come_from(promptls: Promptls) -> None:
    promptls.write({"a.prompty": GREETING})
    data = promptls("preview", "a.prompty", "--json").data
    assert data["holes"] == ["city"]
    assert data["messages"][1]["pieces"][1]["name"] == "name"


def test_a_file_that_makes_no_message_shows_why(promptls: Promptls) -> None:
    promptls.write({"a.prompty": GREETING.replace("{{ city }}", "{{ city ")})
    called = promptls("preview", "a.prompty")
    assert called.code == 1
    assert "error" in called.out
    assert promptls("preview", "none.prompty").code == 2


def test_the_request_is_shown_and_not_sent(promptls: Promptls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-a-test")
    promptls.write({"a.prompty": CLEAN})
    called = promptls("preview", "a.prompty", "--request", "--model", "openai/gpt-4o")
    assert called.code == 0
    assert "POST https://api.openai.com/v1/" in called.out
    assert "$OPENAI_API_KEY" in called.out
    assert "sk-of-a-test" not in called.out
    assert "of 128,000" in called.out
    promptls.write({"b.prompty": GREETING})
    assert "There is no request yet: `city` is required" in promptls("preview", "b.prompty", "--request").out
