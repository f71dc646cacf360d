"""Keys that are marked: in whatever way they are put on, they arrive at the provider and are seen nowhere else."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.calls import Promptls
from tests.providers.serving import Seen, model_server

KEY = "canary7QzKey0123456789xyzzy"
"""Of no provider's shape: only who knows the key can take it out."""
OTHER = "canary8TeamToken9876543210"
PROMPT = """\
---
name: ask
inputs:
  - {name: topic, kind: string, default: whales}
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
user:
Tell me about {{ topic }}.
"""
STYLES = {
    "openai": ("type: openai, base_url: 'URL/v1'", "OPENAI_API_KEY", "authorization"),
    "responses": (
        "type: openai, base_url: 'URL/v1', quirks: {wire: openai-responses}",
        "OPENAI_API_KEY",
        "authorization",
    ),
    "anthropic": ("type: anthropic, base_url: 'URL/v1'", "ANTHROPIC_API_KEY", "x-api-key"),
    "googleai": ("type: googleai, base_url: 'URL/v1'", "GEMINI_API_KEY", "x-goog-api-key"),
    "azure": ("type: azure-openai, endpoint: URL, api_version: 2024-10-21", "AZURE_OPENAI_API_KEY", "api-key"),
    "cohere": ("type: cohere, base_url: 'URL/v2'", "CO_API_KEY", "authorization"),
    "ollama": ("type: ollama, base_url: URL", "OLLAMA_API_KEY", "authorization"),
    "bedrock": ("type: bedrock, base_url: URL, region: eu-central-1", "AWS_BEARER_TOKEN_BEDROCK", "authorization"),
    "named": ("type: vllm, base_url: 'URL/v1', api_key: '${env:MY_KEY}'", "MY_KEY", "authorization"),
    "header": ("type: vllm, base_url: 'URL/v1', headers: {X-Own: 'Key ${env:MY_KEY}'}", "MY_KEY", "x-own"),
}


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from promptls.providers.services import services

    for service in services().values():
        for name in (*service.keys, *service.base_url_env):
            monkeypatch.delenv(name, raising=False)
    for name in ("PROMPTLS_POLICY", "PROMPTLS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))


@pytest.fixture
def careless() -> Iterator[Seen]:
    """A provider whose error repeats all headers that it got."""
    with model_server(status=400) as seen:
        yield seen


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "asyncio", "promptls"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


def everything_kept(folder: Path) -> str:
    """All that is on disk below a folder, but for what the test itself wrote."""
    said = ""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "user.yaml":
            said += path.read_bytes().decode("utf-8", "replace")
    return said


@pytest.mark.parametrize("style", STYLES)
def test_a_key_arrives_and_is_seen_nowhere_else(
    style: str,
    promptls: Promptls,
    careless: Seen,
    tmp_path: Path,
    log: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings, variable, header = STYLES[style]
    (tmp_path / "user.yaml").write_text(f"providers: {{p: {{{settings.replace('URL', careless.url)}}}}}\n")
    promptls.write({"ask.prompty": PROMPT})
    monkeypatch.setenv(variable, KEY)
    said = ""
    for arguments in (
        ("run", "ask.prompty", "--model", "p/m", "--allow-host", careless.url),
        ("run", "ask.prompty", "--model", "p/m", "--allow-host", careless.url, "--format", "markdown"),
        ("run", "ask.prompty", "--model", "p/m", "--allow-host", careless.url, "--format", "json"),
        ("run", "ask.prompty", "--model", "echo:p/m"),
        ("run", "ask.prompty", "--model", "echo:p/m", "--format", "markdown"),
        ("providers",),
        ("history",),
    ):
        called = promptls(*arguments)
        said += called.out + called.err
    assert KEY in careless.requests[0][2][header], "it has to arrive, or this test shows nothing"
    assert "canary" not in said
    assert "canary" not in log.text
    assert "canary" not in everything_kept(tmp_path)
    assert all("canary" not in path for _, path, _ in careless.requests)
    assert all(b"canary" not in body for body in careless.bodies)


def test_the_parts_of_a_signature_are_seen_nowhere(
    promptls: Promptls, careless: Seen, tmp_path: Path, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = f"type: bedrock, base_url: {careless.url}, region: eu-central-1"
    (tmp_path / "user.yaml").write_text(f"providers: {{p: {{{settings}}}}}\n")
    promptls.write({"ask.prompty": PROMPT})
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "canaryACCESS0123456789")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", OTHER)
    called = promptls("run", "ask.prompty", "--model", "p/m", "--allow-host", careless.url)
    assert called.code == 4
    assert careless.requests[0][2]["authorization"].startswith("AWS4-HMAC-SHA256 Credential=canaryACCESS")
    assert careless.requests[0][2]["x-amz-security-token"] == OTHER
    assert KEY not in "".join(careless.requests[0][2].values())
    shown = promptls("run", "ask.prompty", "--model", "echo:p/m")
    for text in (called.out + called.err, shown.out + shown.err, log.text, everything_kept(tmp_path)):
        assert "canary" not in text


def test_a_mistake_of_our_own_shows_no_key_either(
    promptls: Promptls, careless: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The apology has no trace; the trace that PROMPTLS_DEBUG asks for has no values."""
    from promptls.providers import transport

    async def broken(*_: object) -> None:
        raise RuntimeError("a mistake")

    (tmp_path / "user.yaml").write_text(f"providers: {{p: {{type: vllm, base_url: '{careless.url}/v1'}}}}\n")
    promptls.write({"ask.prompty": PROMPT})
    monkeypatch.setenv("VLLM_API_KEY", KEY)
    monkeypatch.setattr(transport, "_exchanged", broken)
    called = promptls("run", "ask.prompty", "--model", "p/m", "--allow-host", careless.url)
    assert called.code == 4
    assert "canary" not in called.out + called.err + everything_kept(tmp_path)


def test_the_history_is_a_database_that_can_be_looked_into(promptls: Promptls, careless: Seen, tmp_path: Path) -> None:
    """What the tests above look for would be found in it: it is not packed."""
    (tmp_path / "user.yaml").write_text(f"providers: {{p: {{type: vllm, base_url: '{careless.url}/v1'}}}}\n")
    promptls.write({"ask.prompty": PROMPT})
    promptls("run", "ask.prompty", "--model", "p/m", "--allow-host", careless.url)
    connection = sqlite3.connect(tmp_path / "state" / "history.sqlite3")
    try:
        assert connection.execute("SELECT count(*) FROM run").fetchone()[0] == 1
    finally:
        connection.close()
    assert "whales" in everything_kept(tmp_path / "state")
