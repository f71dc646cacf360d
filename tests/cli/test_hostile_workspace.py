"""A folder that somebody sent gets neither a key nor a connection, and starts no program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.calls import Promptls
from tests.providers.serving import Seen, model_server

KEY = "sk-canary-0123456789abcdef"
TEAM = "team-canary-0123456789abcdef"
ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}],
}
PROMPT = """\
---
name: ask
model:
  id: gpt-5
  provider: openai
  connection: {kind: key, endpoint: ENDPOINT, apiKey: "${env:OPENAI_API_KEY}"}
inputs:
  - {name: topic, kind: string, default: whales}
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
user:
Tell me about {{ topic }}.
"""
PLAIN = PROMPT.replace('  connection: {kind: key, endpoint: ENDPOINT, apiKey: "${env:OPENAI_API_KEY}"}\n', "")


@pytest.fixture
def evil() -> Iterator[Seen]:
    with model_server(body=ANSWER) as seen:
        yield seen


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from promptls.providers.services import services

    for service in services().values():
        for name in (*service.keys, *service.base_url_env):
            monkeypatch.delenv(name, raising=False)
    for name in ("PROMPTLS_POLICY", "PROMPTLS_OFFLINE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("TEAM_SECRET", TEAM)


def touching(path: Path) -> str:
    return f"[{sys.executable!r}, '-c', \"open({str(path)!r}, 'w')\"]"


def everything(promptls: Promptls) -> str:
    """All that a person does with a folder before saying yes to anything; what was printed."""
    said = ""
    for arguments in (
        ("check", "."),
        ("preview", "ask.prompty"),
        ("providers",),
        ("trust", "."),
        ("trust",),
        ("run", "ask.prompty", "--yes"),
        ("run", "ask.prompty", "--model", "echo:openai/gpt-5"),
    ):
        called = promptls(*arguments)
        said += called.out + called.err
    return said


def hostile(evil: Seen, touched: Path) -> dict[str, dict[str, str]]:
    address = f"{evil.url}/v1"
    own = f"default: x/m\nproviders: {{x: {{base_url: '{address}'"
    bare = PLAIN.replace("  provider: openai\n", "")
    return {
        "the built-in provider, elsewhere": {
            "promptls.yaml": f"default: openai/gpt-5\nproviders: {{openai: {{base_url: '{address}'}}}}\n",
            "ask.prompty": PLAIN,
        },
        "a provider of its own with this machine's key": {
            "promptls.yaml": f"{own}, api_key: '${{env:OPENAI_API_KEY}}'}}}}\n",
            "ask.prompty": bare,
        },
        "another variable in a header": {
            "promptls.yaml": f"{own}, headers: {{A: '${{env:TEAM_SECRET}}'}}}}}}\n",
            "ask.prompty": bare,
        },
        "another variable in the address": {
            "promptls.yaml": f"default: x/m\nproviders: {{x: {{base_url: '{address}/${{env:TEAM_SECRET}}'}}}}\n",
            "ask.prompty": bare,
        },
        "a program": {
            "promptls.yaml": (f"{own}, api_key: '${{env:TEAM_SECRET}}', key_command: {touching(touched)}}}}}\n"),
            "ask.prompty": bare,
        },
        "an endpoint in the prompt file": {"ask.prompty": PROMPT.replace("ENDPOINT", address)},
        "an address for the list of models": {
            "promptls.yaml": f"providers: {{openai: {{quirks: {{models: '{address}/models', path: '{address}'}}}}}}\n",
            "ask.prompty": PLAIN,
        },
        "a .env with addresses and proxies": {
            ".env": (
                f"OPENAI_BASE_URL={address}\nHTTP_PROXY={evil.url}\nHTTPS_PROXY={evil.url}\nALL_PROXY={evil.url}\n"
                f"OLLAMA_HOST={evil.url}\nPROMPTLS_USER_CONFIG=/evil\n"
            ),
            ".gitignore": ".env\n",
            "ask.prompty": PLAIN,
        },
    }


CASES = tuple(hostile(Seen("http://h"), Path("/x")))


@pytest.mark.parametrize("case", CASES)
def test_nothing_goes_there_before_a_person_says_yes(case: str, promptls: Promptls, evil: Seen, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    promptls.write(hostile(evil, touched)[case])
    environment = dict(os.environ)
    said = everything(promptls)
    assert evil.requests == []
    assert not touched.exists()
    assert KEY not in said
    assert TEAM not in said
    assert dict(os.environ) == environment
    assert promptls("run", "ask.prompty").code == 3 or case == "another variable in the address"


def test_the_same_folder_is_called_once_a_person_says_yes(promptls: Promptls, evil: Seen, tmp_path: Path) -> None:
    """Otherwise the test above would show nothing."""
    promptls.write({"ask.prompty": PROMPT.replace("ENDPOINT", f"{evil.url}/v1")})
    refused = promptls("run", "ask.prompty")
    assert refused.code == 3
    assert f"Send prompts to `openai` at {evil.url}/v1 with the key from environment OPENAI_API_KEY?" in refused.err
    assert "This address is written in the prompt file itself." in refused.err
    called = promptls("run", "ask.prompty", "--no-stream", "--allow-host", evil.url.removeprefix("http://"))
    assert (called.code, called.out) == (0, "hello\n")
    assert evil.requests[0][2]["authorization"] == f"Bearer {KEY}"
    assert KEY not in called.out + called.err


def test_another_host_is_not_the_one_that_was_allowed(promptls: Promptls, evil: Seen) -> None:
    promptls.write({"ask.prompty": PROMPT.replace("ENDPOINT", f"{evil.url}/v1")})
    for host in ("api.openai.com", "127.0.0.1:1", "*.example", "https://127.0.0.1", ""):
        assert promptls("run", "ask.prompty", "--allow-host", host).code == 3
    assert evil.requests == []


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_starts_nothing_that_the_folder_names(promptls: Promptls, evil: Seen, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {touched}\n")
    hook.chmod(0o755)
    quiet = ["git", "-c", "init.defaultBranch=main", "-c", "user.name=a", "-c", "user.email=a@example"]
    promptls.write({"ask.prompty": PLAIN})
    shutil.rmtree(promptls.folder / ".git")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*quiet, *command], cwd=promptls.folder, check=True, capture_output=True)
    hooks = promptls.folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(hook, hooks / name)
    with (promptls.folder / ".git" / "config").open("a") as config:
        config.write(f"[core]\n\tfsmonitor = {hook}\n\thooksPath = {hooks}\n\tpager = {hook}\n")
    promptls.write({"ask.prompty": PLAIN.replace("whales", "bees")})
    everything(promptls)
    promptls("diff")
    assert not touched.exists()


def test_what_lies_outside_is_not_read_and_that_is_said(promptls: Promptls, tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text('{"temperature": 1}')
    (tmp_path / "values.yaml").write_text("name: Eve\n")
    prompt = "---\nname: ask\nmodel: {id: m, options: '${file:FILE}'}\n---\nuser:\nHello\n"
    files = {"up.prompty": prompt.replace("FILE", "../own.json"), "link.prompty": prompt.replace("FILE", "own.json")}
    promptls.write({**files, "sampled.prompty": "---\nname: ask\n---\nuser:\nHello\n"})
    Path("own.json").symlink_to(tmp_path / "own.json")
    Path("sampled.sample.yaml").symlink_to(tmp_path / "values.yaml")
    assert "`../own.json` is outside of the workspace, not read" in promptls("check", "up.prompty").out
    assert "`own.json` is outside of the workspace, not read" in promptls("check", "link.prompty").out
    assert "`sampled.sample.yaml` leads outside of the workspace, not read" in promptls("check", "sampled.prompty").out


def test_a_result_leads_to_no_prompt_outside_of_its_workspace(promptls: Promptls, tmp_path: Path) -> None:
    outside = tmp_path / "outside.prompty"
    outside.write_text("---\nname: ask\n---\nuser:\nPrivate words\n")
    page = promptls("run", str(outside), "--model", "echo", "--format", "markdown").out
    assert outside.as_uri() in page
    promptls.write({"old.run.md": page})
    called = promptls("run", "old.run.md")
    assert called.code != 0
    assert "is outside of its workspace: open or name that itself" in called.err
    assert "Private words" not in called.out + called.err
    assert "Private words" in promptls("run", "old.run.md", str(outside)).out


@pytest.mark.parametrize("header", ["- a", "just words", "5"])
def test_a_header_that_is_no_map_makes_no_messages(promptls: Promptls, header: str) -> None:
    promptls.write({"ask.prompty": f"---\n{header}\n---\nuser:\nHello\n"})
    for command in ("render", "run"):
        called = promptls(command, "ask.prompty")
        assert (called.code, called.out) == (1, "")
        assert "the header must be a map of keys" in called.err
