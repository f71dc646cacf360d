"""A slip in the user's own configuration, which is no project's, is told where a person would miss what it says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from promptls.actions.own_configuration import own_problems
from tests.cli.calls import Promptls
from tests.lsp.frames import server

PROMPT = "---\nname: greet\n---\nuser:\nHello\n"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text("offlin: true\nproviders:\n  mine: {type: openai, key_command: [pass, mine]}\n", encoding="utf-8")
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(path))
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    return path


def test_the_doctor_tells_it(promptls: Promptls, own: Path) -> None:
    (line,) = [line for line in promptls("doctor").out.splitlines() if line.startswith("your configuration")]
    assert "line 1: `offlin` is not a key of promptls.yaml; did you mean `offline`?" in line
    assert "key_command" not in line


def test_a_run_tells_it_before_and_goes_on(promptls: Promptls, own: Path, tmp_path: Path) -> None:
    prompt = tmp_path / "greet.prompty"
    prompt.write_text(PROMPT, encoding="utf-8")
    called = promptls("run", str(prompt), "--model", "echo")
    assert called.code == 0
    assert f"note: {own}, line 1: `offlin` is not a key" in called.err
    assert "offlin`" not in called.out


def test_the_server_logs_it_once(own: Path) -> None:
    with server() as one:
        one.start()
        told = one.notified("window/logMessage", lambda params: "offlin" in params["message"])
        assert told["type"] == 2
        assert one.stop() == 0


@pytest.mark.parametrize("text", ["", "offline: true\n", "a: [\n", "- a\n", "\x00"])
def test_nothing_is_said_of_a_good_one_and_none_of_this_raises(own: Path, text: str) -> None:
    own.write_text(text, encoding="utf-8")
    assert not [each for each in own_problems({"PROMPTLS_USER_CONFIG": str(own)}) if "not a key" in each]
    own.unlink()
    assert own_problems({"PROMPTLS_USER_CONFIG": str(own)}) == ()


def test_no_value_is_shown(own: Path) -> None:
    own.write_text("providers: {a: {api_key: sk-canary-0123456789abcdef, timeout: canary}}\n", encoding="utf-8")
    told = own_problems({"PROMPTLS_USER_CONFIG": str(own)})
    assert any("`providers.a.timeout` has a value that it cannot have" in each for each in told)
    assert "canary" not in " ".join(told).replace(str(own), "")


def test_a_home_that_one_may_not_read_is_no_mistake_of_ours(
    promptls: Promptls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a service that runs as a user of its own, with the home of the one who started it."""
    closed = str(promptls.folder / "closed")
    stat = os.stat

    def refusing(path: Any, *given: Any, **named: Any) -> os.stat_result:
        if str(path).startswith(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, *given, **named)

    monkeypatch.setattr("os.stat", refusing)
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", f"{closed}/promptls.yaml")
    for name in ("PROMPTLS_STATE", "PROMPTLS_DATA"):
        monkeypatch.setenv(name, closed)
    called = promptls("doctor")
    assert f"{closed}/promptls.yaml (not there; it is optional)" in called.out
    assert f"{closed}/history.sqlite3 (not there yet)" in called.out
