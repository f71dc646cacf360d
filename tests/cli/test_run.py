"""`promptls run`, against a model server on loopback and against echo."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.calls import Promptls
from tests.runs.server import ModelServer, model_server

PROMPT = """\
---
name: greet
model: {id: tiny, provider: openai}
inputs:
  name: {kind: string, default: Al}
---
user:
Hello {{ name }}
"""
SHAPED = PROMPT.replace("---\nuser", "outputs:\n  city: {kind: string, required: true}\n---\nuser")
KEY = "sk-canary-4f1c9d"


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_BASE_URL")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("promptls.runs.retry._FIRST", 0.001)


@pytest.fixture
def server(promptls: Promptls, tmp_path: Path) -> Iterator[ModelServer]:
    """A server of the user's own, so that nobody is asked."""
    with model_server() as server:
        settings = f"providers:\n  local: {{type: openai-compatible, base_url: '{server.url}'}}\n"
        (tmp_path / "user.yaml").write_text(settings)
        promptls.write({"greet.prompty": PROMPT, "shaped.prompty": SHAPED})
        yield server


def test_an_answer_is_printed_and_what_it_took_beside_it(promptls: Promptls, server: ModelServer) -> None:
    called = promptls("run", "greet.prompty", "--model", "local/tiny", "--set", "name=Bo")
    assert (called.code, called.out) == (0, "Hello\n")
    assert "greet.prompty -> local/tiny (as asked)" in called.err
    assert "7 + 3 tokens" in called.err
    assert server.requests[0][1]["messages"] == [{"role": "user", "content": "Hello Bo"}]


def test_without_a_key_it_is_echo_and_says_why(promptls: Promptls) -> None:
    promptls.write({"greet.prompty": PROMPT})
    called = promptls("run", "greet.prompty")
    assert called.code == 0
    assert "No model was called" in called.out
    assert "POST https://api.openai.com/v1/chat/completions" in called.out
    assert "Bearer $OPENAI_API_KEY" in called.out
    assert "echo (OPENAI_API_KEY is not set)" in called.err


def test_what_is_refused_is_3(promptls: Promptls, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    called = promptls("run", "greet.prompty", "--model", "openai/gpt-x")
    assert called.code == 3
    assert "OPENAI_API_KEY" in called.err
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    called = promptls("run", "greet.prompty", "--model", "openai/gpt-x")
    assert called.code == 3
    assert "--allow-host https://api.openai.com" in called.err
    monkeypatch.setenv("PROMPTLS_OFFLINE", "1")
    called = promptls("run", "greet.prompty", "--model", "local/tiny")
    assert called.code == 3
    assert "PROMPTLS_OFFLINE is set" in called.err
    assert not server.requests


def test_a_project_chooses_no_service_of_this_machine(promptls: Promptls, tmp_path: Path) -> None:
    """One that obeys whoever reaches it: `extra` of a cloned prompt would be its order."""
    with model_server() as daemon:
        address = daemon.url.removesuffix("/v1") + "/v1.41/containers/create"
        settings = f"default: helper/tiny\nproviders: {{helper: {{type: custom, base_url: '{address}'}}}}\n"
        ordered = PROMPT.replace("provider: openai}", "provider: openai, options: {additionalProperties: {Image: x}}}")
        promptls.write({"promptls.yaml": settings, "greet.prompty": ordered})
        here = address.split("/v1.41")[0]
        for called in (
            promptls("run", "greet.prompty"),
            promptls("run", "greet.prompty", "--yes"),
            promptls("run", "greet.prompty", "--model", "helper/tiny", "--allow-host", "127.0.0.1:1"),
        ):
            assert called.code == 3
            assert f"Send prompts to `helper` at {address}? This address is written in the project's" in called.err
            assert f"use --allow-host {here}" in called.err
        told = promptls("providers")
        assert "not asked: you have not agreed to that yet: run it once, or use `promptls trust`" in told.out
        assert daemon.requests == []
        assert promptls("trust", ".", "--yes").out == f"Agreed: helper at {address}.\n"
        promptls("run", "greet.prompty")
        (tmp_path / "user.yaml").write_text(settings)
        promptls.write({"promptls.yaml": ""})
        promptls("run", "greet.prompty")
        assert len(daemon.requests) == 2, "what is agreed to, and what is the user's own"


def test_a_key_goes_to_an_allowed_host_and_nowhere_else(
    promptls: Promptls, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = (
        f"providers:\n  local: {{type: openai-compatible, base_url: '{server.url}', api_key: '${{env:LOCAL_KEY}}'}}\n"
    )
    promptls.write({"promptls.yaml": settings})
    monkeypatch.setenv("LOCAL_KEY", KEY)
    assert promptls("run", "greet.prompty", "--model", "local/tiny").code == 3
    called = promptls("run", "greet.prompty", "--model", "local/tiny", "--allow-host", "127.0.0.1", "--format", "json")
    assert called.code == 0
    assert server.requests[0][0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in called.out + called.err + promptls("history", "last", "--format", "json").out


def test_what_the_provider_says_is_4(promptls: Promptls, server: ModelServer) -> None:
    server.status, server.error = 404, "no such model"
    called = promptls("run", "greet.prompty", "--model", "local/tiny")
    assert (called.code, called.out) == (4, "")
    assert "local has no model `tiny`" in called.err
    server.status, server.ends = 200, False
    called = promptls("run", "greet.prompty", "--model", "local/tiny")
    assert (called.code, called.out) == (4, "Hello\n")
    assert promptls("history", "last", "--format", "json").data["failure"] == "truncated"


def test_an_answer_of_another_shape_is_1(promptls: Promptls, server: ModelServer) -> None:
    called = promptls("run", "shaped.prompty", "--model", "local/tiny")
    assert (called.code, called.out) == (1, "Hello\n")
    assert "answer: 1:1" in called.err
    server.pieces = ['{"city": ', '"Rome"}']
    assert promptls("run", "shaped.prompty", "--model", "local/tiny").code == 0


def test_an_answer_that_is_cut_off_or_empty_says_what_to_do(promptls: Promptls, server: ModelServer) -> None:
    promptls.write({"greet.prompty": PROMPT.replace("provider: openai", "provider: openai, options: {seed: 7}")})
    server.finish = "length"
    called = promptls("run", "greet.prompty", "--model", "local/tiny")
    assert (called.code, called.out) == (0, "Hello\n")
    assert "note: The answer is cut off at the most that the model writes: set `max_tokens`" in called.err
    server.finish, server.pieces = "stop", []
    called = promptls("run", "greet.prompty", "--model", "local/t")
    assert "answer: The answer is empty: say in the prompt" in called.err
    assert called.code == 1
    assert "note:" not in promptls("run", "greet.prompty", "--model", "echo").err


@pytest.mark.parametrize(
    ("file", "finish", "pieces", "said"),
    [
        ("greet.prompty", "content_filter", ["Once"], "content filter held the answer back"),
        ("greet.prompty", "length", [], "The answer is empty: all tokens went into thinking"),
        ("shaped.prompty", "stop", [], "The answer is empty: say in the prompt"),
        ("shaped.prompty", "content_filter", ["Once"], "content filter held the answer back"),
    ],
)
def test_what_is_no_answer_is_1_and_said_once(
    promptls: Promptls, server: ModelServer, file: str, finish: str, pieces: list[str], said: str
) -> None:
    server.finish, server.pieces = finish, pieces
    called = promptls("run", file, "--model", "local/tiny")
    assert called.code == 1
    assert called.err.count("answer: ") == 1
    assert said in called.err


def test_what_the_filter_keeps_from_the_model_is_1(promptls: Promptls, server: ModelServer) -> None:
    """The provider works: to ask again is of no use."""
    server.status, server.error, server.code = 400, "no", "content_filter"
    called = promptls("run", "greet.prompty", "--model", "local/tiny")
    assert (called.code, called.out) == (1, "")
    assert "failed: " in called.err


def test_gaps_in_the_text_are_said_before_it_is_sent(promptls: Promptls, server: ModelServer) -> None:
    promptls.write({"gaps.prompty": PROMPT.replace("Hello", "Hello {{ nme }}")})
    called = promptls("run", "gaps.prompty", "--model", "local/a", "--model", "local/b")
    assert called.code == 0
    assert called.err.count("note: 8:10: `nme` is not declared; did you mean `name`? (undefined-variable)") == 1
    promptls.write({"many.prompty": PROMPT.replace("Hello", " ".join(f"{{{{ zz{at} }}}}" for at in range(9)))})
    called = promptls("run", "many.prompty", "--model", "local/a")
    assert called.err.count("note: ") == 5
    assert "note: 5 more like these: `promptls check` lists all" in called.err
    promptls.write({"values.yaml": "nme: Bo\n"})
    assert "note: " not in promptls("run", "gaps.prompty", "--model", "local/a", "--input", "values.yaml").err
    promptls.write({"tools.prompty": PROMPT.replace("---\n", "---\ntools: ${file:tools.json}\n", 1)})
    assert "`tools.json` does not exist (missing-file)" in promptls("run", "tools.prompty", "--model", "local/a").err


def test_a_prompt_without_messages_is_1_and_a_wrong_call_is_2(promptls: Promptls, server: ModelServer) -> None:
    promptls.write({"broken.prompty": PROMPT.replace("{{ name }}", "{{ name")})
    called = promptls("run", "broken.prompty", "--model", "local/tiny")
    assert called.code == 1
    assert "broken.prompty:8:7" in called.err
    assert promptls("run", "greet.prompty", "--model", "nowhere/tiny").code == 2
    assert promptls("run", "gone.prompty").code == 2
    assert not server.requests


def test_several_targets_are_compared(promptls: Promptls, server: ModelServer) -> None:
    called = promptls("run", "greet.prompty", "--model", "local/a", "--model", "local/b", "--format", "json")
    assert called.code == 0
    assert [run["target"] for run in called.data] == ["local/a", "local/b"]
    assert {body["model"] for _, body in server.requests} == {"a", "b"}


def test_a_result_is_run_again_as_its_header_says(promptls: Promptls, server: ModelServer) -> None:
    promptls.write({"greet.prompty": PROMPT.replace("provider: openai", "provider: openai, options: {seed: 7}")})
    first = promptls("run", "greet.prompty", "--model", "local/tiny", "--set", "name=Bo", "--format", "markdown")
    assert "seed: 7" in first.out
    promptls.write({"first.run.md": first.out.replace("seed: 7", "temperature: 0.5").replace("name: Bo", "name: Cy")})
    called = promptls("run", "first.run.md")
    assert (called.code, called.out) == (0, "Hello\n")
    _, body = server.requests[-1]
    assert body["messages"][0]["content"] == "Hello Cy"
    assert (body["model"], body["temperature"], "seed" in body) == ("tiny", 0.5, False)


def test_a_result_that_lists_targets_compares_them(promptls: Promptls, server: ModelServer) -> None:
    first = promptls("run", "greet.prompty", "--model", "local/tiny", "--format", "markdown").out
    promptls.write({"first.run.md": first.replace("target: local/tiny\n", "target: [local/a, local/b]\n", 1)})
    assert promptls("check", "first.run.md").code == 0
    called = promptls("run", "first.run.md")
    assert (called.code, called.out) == (0, "## local/a\n\nHello\n\n## local/b\n\nHello\n\n")
    assert promptls("run", "first.run.md", "--model", "local/c").out == "Hello\n"


def test_an_alias_goes_on_to_the_next(promptls: Promptls, server: ModelServer, tmp_path: Path) -> None:
    with model_server() as gone:
        nobody = gone.url
    settings = (
        f"providers:\n  away: {{type: openai-compatible, base_url: '{nobody}'}}\n"
        f"  local: {{type: openai-compatible, base_url: '{server.url}'}}\n"
        "aliases: {fast: {route: [away/x, local/tiny]}}\ndefault: fast\n"
    )
    (tmp_path / "user.yaml").write_text(settings)
    called = promptls("run", "greet.prompty")
    assert (called.code, called.out) == (0, "Hello\n")
    assert "greet.prompty -> fast: away/x, local/tiny (default; OPENAI_API_KEY is not set)" in called.err
    assert "now local/tiny" in called.err


def test_a_comparison_says_who_answered_what_and_who_was_not_asked(promptls: Promptls, server: ModelServer) -> None:
    both = ("--model", "local/a", "--model", "openai/b")
    called = promptls("run", "greet.prompty", *both)
    assert (called.code, called.out) == (3, "## local/a\n\nHello\n\n")
    document = promptls("run", "greet.prompty", *both, "--format", "markdown").out
    assert "local/a" in document
    assert "openai/b" in document
    assert "openai/b needs a key" in document


def test_a_result_document_on_standard_output(promptls: Promptls, server: ModelServer) -> None:
    called = promptls("run", "greet.prompty", "--model", "local/tiny", "--format", "markdown", "--no-stream")
    assert called.code == 0
    assert called.out.startswith("---\n")
    assert "local/tiny" in called.out


def test_with_a_configuration_that_cannot_be_read_nothing_is_sent(
    promptls: Promptls, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may forbid what nobody can see now."""
    promptls.write({"promptls.yaml": "offline: true\nproviders: [\n"})
    called = promptls("run", "greet.prompty", "--model", "ollama/tiny")
    assert called.code == 3
    assert "promptls.yaml cannot be read as YAML; until that is mended nothing may be sent" in called.err
    called = promptls("run", "greet.prompty", "--model", "team/tiny")
    assert called.code == 2
    assert "promptls.yaml cannot be read as YAML" in called.err
    called = promptls("run", "greet.prompty", "--model", "echo")
    assert called.code == 0
    assert "promptls.yaml cannot be read as YAML" in called.err
    promptls.write({"promptls.yaml": "providers: {}\n"})
    monkeypatch.setenv("PROMPTLS_POLICY", "gone.yaml")
    assert "gone.yaml (PROMPTLS_POLICY) is not there" in promptls("run", "greet.prompty", "--model", "ollama/a").err
    assert not server.requests


def test_what_is_free_needs_no_budget(
    promptls: Promptls, server: ModelServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where nobody knows what was spent today."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "file" / "state"))
    promptls.write({"promptls.yaml": "budget: {per_day: 1}\n"})
    assert promptls("run", "greet.prompty", "--model", "local/tiny").code == 0
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    called = promptls("run", "greet.prompty", "--model", "openai/gpt-4o", "--allow-host", "api.openai.com")
    assert called.code == 3
    assert "the history, which counts what was spent today, cannot be read" in called.err


def test_the_budget_is_asked_about(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    promptls.write({"promptls.yaml": "budget: {per_run: 0.000001}\n", "greet.prompty": PROMPT})
    called = promptls("run", "greet.prompty", "--allow-host", "api.openai.com")
    assert called.code == 3
    assert "the budget for one run is" in called.err
    assert "--yes" in called.err


def test_the_history_lists_shows_and_compares(promptls: Promptls, server: ModelServer) -> None:
    assert "There is no run yet" in promptls("history").out
    promptls("run", "greet.prompty", "--model", "local/tiny")
    server.pieces = ["Bye"]
    promptls("run", "greet.prompty", "--model", "local/tiny")
    listed = promptls("history").out.splitlines()
    runs = [line for line in listed if not line.startswith(" ")]
    assert [line.split()[-1] for line in runs] == ["finished", "finished"]
    assert sum("greet: local/tiny" in line and "7 + 3 tokens" in line for line in listed) == 2
    ids = [line.split()[0] for line in runs]
    assert "Bye" in promptls("history", "last").out
    compared = promptls("history", *ids).out
    assert "-Hello" in compared
    assert "+Bye" in compared
    assert promptls("history", "nothing").code == 1
    assert "| run | when |" in promptls("history", "--format", "markdown").out
    assert promptls("history", "--file", "greet.prompty", "--format", "json").data[0]["answer"] == "Bye"
    assert promptls("history", "--file", "other.prompty", "--format", "json").data == []


def test_lists_fit_into_eighty_columns(
    promptls: Promptls, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    model = "local/a-model-with-a-long-name-2026-11-22"
    promptls.write({"greet.prompty": PROMPT.replace("name: greet", "name: a-prompt-with-a-name-of-some-length")})
    for target in (model, "echo"):
        promptls("run", "greet.prompty", "--model", target)
    listed = promptls("history").out.splitlines()
    assert max(map(len, listed)) <= 80
    assert listed[0].endswith("  finished")
    assert "~" in " ".join(listed[1:3]), "of an echo the tokens are estimated"
    assert f"a-prompt-with-a-name-of-some-length: {model}" in " ".join(listed)
    used = promptls("usage", "--by", "prompt").out + promptls("usage", "--by", "model").out
    assert max(map(len, used.splitlines())) <= 80
    assert "local/a-model-with-a-long-name-2026-11-22" in used


def test_the_history_says_when_by_the_clock_here(promptls: Promptls, server: ModelServer) -> None:
    promptls("run", "greet.prompty", "--model", "local/tiny")
    started = promptls("history", "last", "--format", "json").data["started"]
    here = datetime.fromtimestamp(started).strftime("%Y-%m-%d %H:%M:%S")
    assert here in promptls("history").out


def test_usage_adds_up(promptls: Promptls, server: ModelServer) -> None:
    assert "No model was called" in promptls("usage").out
    for _ in range(2):
        promptls("run", "greet.prompty", "--model", "local/<b>tiny")
    promptls("run", "greet.prompty")
    (row,) = promptls("usage", "--by", "model", "--json").data
    assert (row["name"], row["runs"], row["input_tokens"], row["output_tokens"]) == ("local/<b>tiny", 2, 14, 6)
    assert promptls("usage").out.splitlines()[1].split()[1:5] == ["2", "0", "14", "6"]
    page = promptls("usage", "--html").out
    assert "<svg" in page
    assert "local/&lt;b&gt;tiny" in page
    assert "<b>tiny" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_an_alias_that_leads_to_itself_is_called_nowhere(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    promptls.write({"greet.prompty": PROMPT, "promptls.yaml": "aliases: {c: {route: [c]}}\n"})
    called = promptls("run", "greet.prompty", "--model", "c")
    assert called.code == 2
    assert "alias `c`: its route leads to itself: write provider/model there" in called.err
    monkeypatch.delenv("OPENAI_API_KEY")
    promptls.write({"promptls.yaml": "default: c\naliases: {c: {route: [c]}}\n"})
    assert "alias `c`: its route leads to itself" in promptls("run", "greet.prompty").err


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_it_and_keeps_what_came(
    promptls: Promptls, server: ModelServer, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    server.hold = threading.Event()
    process = subprocess.Popen(
        [sys.executable, "-m", "promptls", "run", "greet.prompty", "--model", "local/tiny"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=promptls.folder,
    )
    assert process.stdout is not None
    assert process.stdout.read(3) == "Hel"
    process.send_signal(number)
    out, err = process.communicate(timeout=90)
    assert (process.returncode, out) == (130, "\n")
    assert "stopped:" in err
    found = promptls("history", "last", "--format", "json").data
    assert (found["status"], found["answer"], found["partial"]) == ("cancelled", "Hel", True)
