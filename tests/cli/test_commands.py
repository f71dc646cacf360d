"""The other commands, and the help that all of them have."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from promptls.cli.commands import COMMANDS
from promptls.cli.notices import NOTICES
from promptls.rules.registry import rules
from promptls.schema.files import names
from tests.cli.calls import Promptls


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "demo"])
def test_every_command_helps_with_an_example(promptls: Promptls, command: str) -> None:
    called = promptls(command, "--help")
    assert called.code == 0
    assert called.out.startswith(f"Usage: promptls {command}")
    assert "promptls " in called.out.split("\n", 1)[1]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_lists_all_commands(promptls: Promptls, arguments: list[str]) -> None:
    called = promptls(*arguments)
    assert called.code == 0
    assert all(f"  {command} " in called.out for command in COMMANDS)


def test_a_slip_in_a_command_is_understood(promptls: Promptls) -> None:
    called = promptls("chekc")
    assert called.code == 2
    assert "There is no command `chekc`; did you mean `check`?" in called.err


def test_the_version_is_the_same_however_it_is_asked(promptls: Promptls) -> None:
    assert promptls("--version").out == promptls("-V").out


def test_a_rule_is_explained_and_all_are_listed(promptls: Promptls) -> None:
    assert promptls("explain", "unused-input").out.startswith("# unused-input\n")
    for notice in NOTICES:
        assert promptls("explain", notice).out.startswith(f"# {notice}\n")
    assert [line.split()[0] for line in promptls("explain").out.splitlines()] == list(rules())
    called = promptls("explain", "unsed-input")
    assert (called.code, called.err) == (2, "promptls: there is no rule `unsed-input`; did you mean `unused-input`?\n")


def test_a_rule_is_explained_in_colour_on_a_terminal(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in promptls("explain", "unused-input").out


def test_a_schema_is_printed(promptls: Promptls) -> None:
    assert promptls("schema", "prompty-v2").data["$schema"].endswith("2020-12/schema")
    assert [line.split()[0] for line in promptls("schema").out.splitlines()] == list(names())
    assert "did you mean `prompty-v2`?" in promptls("schema", "prompty-v22").err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion_script(promptls: Promptls, shell: str) -> None:
    assert "_PROMPTLS_COMPLETE" in promptls("completion", shell).out


def test_a_shell_completes_commands_and_codes(promptls: Promptls) -> None:
    from click.shell_completion import BashComplete

    from promptls.cli.commands import cli

    complete = BashComplete(cli, {}, "promptls", "_PROMPTLS_COMPLETE")
    assert [item.value for item in complete.get_completions([], "ch")] == ["check"]
    assert "unused-input" in [item.value for item in complete.get_completions(["explain"], "unu")]
    assert "prompty-v2" in [item.value for item in complete.get_completions(["schema"], "")]


def test_the_doctor_tells_versions_and_keeps_secrets(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-a-test")
    monkeypatch.setenv("PROMPTLS_POLICY", "/of/a/test")
    promptls.write({"promptls.yaml": "rules: {}\n"})
    called = promptls("doctor")
    assert called.code == 0
    facts = dict(line.split(maxsplit=1) for line in called.out.splitlines() if not line.startswith("YAML"))
    assert facts["configuration"].endswith("promptls.yaml")
    assert facts["rendering"].startswith("works")
    about = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [re.split("[=>]", each)[0] for each in about["dependencies"]]
    assert [each.split(" ")[0] for each in facts["libraries"].split(", ")] == needed
    assert "PROMPTLS_POLICY" in facts["environment"]
    assert "/of/a/test" not in called.out
    assert "sk-of-a-test" not in called.out
