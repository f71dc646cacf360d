"""Where the key for an endpoint comes from, in which order, and who never gets to see it."""

from __future__ import annotations

import copy
import json
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promptls.providers import key_command
from promptls.providers.dotenv import Dotenv, dotenvs, folders_for, is_ignored
from promptls.providers.keyring_store import Keyring, KeyringError
from promptls.providers.keys import KeyCommandError, Keys, Secret
from promptls.providers.request import Endpoint
from promptls.providers.services import endpoint_of
from promptls.workspace.running import ProviderSettings

PYTHON = sys.executable


class Store:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.asked = 0

    def get_password(self, service: str, account: str) -> str | None:
        self.asked += 1
        return self.held.get((service, account))

    def set_password(self, service: str, account: str, password: str) -> None:
        self.held[service, account] = password

    def delete_password(self, service: str, account: str) -> None:
        del self.held[service, account]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def keyring(store: Store, tmp_path: Path) -> Keyring:
    return Keyring(lambda: store, tmp_path / "state")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    key_command._cache.clear()


def endpoint(name: str = "openai", environment: dict[str, str] | None = None, **settings: Any) -> Endpoint:
    return endpoint_of(ProviderSettings(name, **settings), environment or {})


def value(secret: Secret | None) -> str | None:
    return secret.reveal() if secret else None


def test_the_order_of_the_places(keyring: Keyring, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPENAI_API_KEY=dotenv-key\n")
    settings = ProviderSettings("openai", key_command=(PYTHON, "-c", "print('command-key')"), origin="user")
    environment = {"OPENAI_API_KEY": "usual-key", "WORK": "named-key"}
    keyring.set("openai https://api.openai.com", "keyring-key")
    client: Any = lambda provider, host: "client-key"  # noqa: E731

    def first(**more: Any) -> tuple[str, str | None]:
        given: dict[str, Any] = {
            "environment": environment,
            "folders": [str(tmp_path)],
            "client_secret": client,
            "keyring": keyring,
            **more,
        }
        one = given.pop("settings", settings)
        secret = Keys(**given).secret(endpoint_of(one, environment), one)
        assert secret is not None
        return secret.source, value(secret)

    named = ProviderSettings("openai", key="${env:WORK}", origin="user")
    assert first(settings=named) == ("environment WORK", "named-key")
    assert first() == ("environment OPENAI_API_KEY", "usual-key")
    assert first(environment={}) == ("the system's keyring", "keyring-key")
    keyring.delete("openai https://api.openai.com")
    assert first(environment={}) == ("the editor's store", "client-key")
    source, key = first(environment={}, client_secret=None)
    assert (source.startswith("command "), key) == (True, "command-key")
    source, key = first(environment={}, client_secret=None, settings=ProviderSettings("openai"))
    assert (source, key) == (f"OPENAI_API_KEY in {tmp_path / '.env'}", "dotenv-key")


def test_a_variable_that_is_named_and_not_set_is_not_replaced_by_another() -> None:
    environment = {"OPENAI_API_KEY": "usual-key"}
    settings = ProviderSettings("corp", type="openai", key="${env:CORP_KEY}", base_url="https://corp.example/v1")
    keys = Keys(environment)
    assert keys.source(endpoint_of(settings, environment), settings) == ""
    assert keys.hint(endpoint_of(settings, environment), settings) == (
        "set CORP_KEY in the environment or store a key with `promptls keys set corp`"
    )


def test_a_key_in_the_keyring_is_for_its_host_alone(keyring: Keyring, store: Store) -> None:
    keyring.set("openai https://api.openai.com", "keyring-key")
    keys = Keys({}, keyring=keyring)
    assert keys.source(endpoint(), None) == "the system's keyring"
    assert store.asked == 0, "a lens must not make the system ask for a password"
    found = keys.found(endpoint(), None)
    assert found is not None
    assert found.age is not None
    assert found.secret is None
    evil = endpoint(base_url="https://evil.example/v1")
    assert keys.source(evil, None) == ""
    assert keys.secret(evil, None) is None
    assert keys.secret(endpoint(base_url="http://api.openai.com/v1"), None) is None
    secret = keys.secret(endpoint(), None)
    assert (value(secret), secret and secret.source) == ("keyring-key", "the system's keyring")


def test_the_list_of_stored_keys_holds_none(keyring: Keyring, tmp_path: Path) -> None:
    keyring.set("openai https://api.openai.com", "canary-key")
    text = (tmp_path / "state" / "keys.json").read_text()
    assert list(json.loads(text)) == ["openai https://api.openai.com"]
    assert "canary" not in text
    if sys.platform != "win32":
        assert (tmp_path / "state" / "keys.json").stat().st_mode & 0o777 == 0o600
    keyring.delete("openai https://api.openai.com")
    assert keyring.accounts() == {}
    (tmp_path / "state" / "keys.json").write_text("broken {")
    assert keyring.accounts() == {}


class NoKeyringError(Exception):
    """Named as the package's own."""


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (NoKeyringError("canary"), "this machine has no keyring that can be used"),
        (PermissionError("canary"), "the system's keyring refused .PermissionError.; is it locked"),
    ],
)
def test_a_keyring_that_cannot_be_used_says_so(raised: Exception, said: str, tmp_path: Path) -> None:
    class Failing(Store):
        def set_password(self, *_: str) -> None:
            raise raised

    with pytest.raises(KeyringError, match=said) as caught:
        Keyring(Failing, tmp_path).set("a b", "key")
    assert "canary" not in str(caught.value)
    assert Keyring(Failing, tmp_path).accounts() == {}


def test_without_the_package_the_keyring_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeyringError, match=r"install `promptls\[keyring\]`"):
        Keyring(None, tmp_path).set("a b", "key")
    (tmp_path / "keys.json").write_text('{"openai https://api.openai.com": 5}')
    assert Keys({}, keyring=Keyring(None, tmp_path)).secret(endpoint(), None) is None


def test_the_editor_is_asked_for_this_provider_and_host_when_a_key_is_needed() -> None:
    asked = []

    def client(provider: str, host: str) -> str | None:
        asked.append((provider, host))
        return " client-key\n" if provider == "openai" else None

    keys = Keys({}, client_secret=client)
    assert keys.source(endpoint(), None) == ""
    assert asked == []
    assert value(keys.secret(endpoint(), None)) == "client-key"
    assert keys.source(endpoint(), None) == "the editor's store"
    assert keys.secret(endpoint(base_url="https://evil.example"), None) is not None
    assert asked == [("openai", "https://api.openai.com"), ("openai", "https://evil.example")]
    keys.forget(endpoint(), None)
    assert keys.source(endpoint(), None) == ""
    assert Keys({}, client_secret=client, waits=True).source(endpoint(), None) == "the editor's store"


def test_a_command_runs_only_when_the_key_is_needed_and_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = f"open({str(log)!r}, 'a').write('x'); print('command-key'); print('second line')"
    settings = ProviderSettings("openai", key_command=(PYTHON, "-c", program), origin="user")
    keys = Keys({})
    assert keys.source(endpoint(), settings).startswith("command ")
    assert not log.exists()
    for _ in range(3):
        assert value(keys.secret(endpoint(), settings)) == "command-key"
    assert log.read_text() == "x"
    keys.forget(endpoint(), settings)
    keys.secret(endpoint(), settings)
    assert log.read_text() == "xx"


def test_a_command_of_a_project_is_not_run(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for origin in ("workspace", "editor", "file", ""):
        settings = ProviderSettings("openai", key_command=(PYTHON, "-c", f"open({str(log)!r}, 'a')"), origin=origin)
        assert Keys({}).secret(endpoint(), settings) is None
    assert not log.exists()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("print('canary-key'); raise SystemExit(3)", "failed with exit code 3; run it in a terminal"),
        ("import sys; print('canary-key', file=sys.stderr)", "printed nothing"),
        ("print('   ')", "printed nothing"),
    ],
)
def test_a_command_that_fails_says_why_and_shows_nothing_it_printed(program: str, said: str, tmp_path: Path) -> None:
    script = tmp_path / "key.py"
    script.write_text(program)
    settings = ProviderSettings("openai", key_command=(PYTHON, str(script)), origin="policy")
    with pytest.raises(KeyCommandError, match=said) as caught:
        Keys({}).secret(endpoint(), settings)
    assert "canary" not in str(caught.value)


def test_a_command_that_hangs_is_ended_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_command, "SECONDS", 0.3)
    hangs = f"import subprocess, sys; subprocess.run([{PYTHON!r}, '-c', 'import time; time.sleep(60)'])"
    with pytest.raises(KeyCommandError, match=r"did not end in 0\.3 seconds; does it ask for something"):
        key_command.key_of((PYTHON, "-c", hangs))


def test_a_command_that_is_not_there() -> None:
    with pytest.raises(KeyCommandError, match="`no-such-program-here` is not installed"):
        key_command.key_of(("no-such-program-here", "get"))


def test_what_the_path_does_not_let_run_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no-such-program-here").write_text("no program", encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KeyCommandError, match="`no-such-program-here` is not installed"):
        key_command.key_of(("no-such-program-here", "get"))


def test_a_command_does_not_run_in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert key_command.key_of((PYTHON, "-c", "import os; print(os.getcwd())")) != str(tmp_path)


def test_aws_has_three_parts_or_one() -> None:
    three = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalr", "AWS_SESSION_TOKEN": "session"}
    region = {"AWS_REGION": "eu-central-1"}
    at = endpoint_of(ProviderSettings("bedrock"), {**three, **region})
    secret = Keys(three).secret(at, None)
    assert secret is not None
    assert secret.source == "environment AWS_ACCESS_KEY_ID"
    assert (secret.auth, secret.reveal_aws()) == ("sigv4", ("AKIDEXAMPLE", "wJalr", "session"))
    assert Keys({"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"}).secret(at, None) is None
    one = {"AWS_BEARER_TOKEN_BEDROCK": "bearer-key", **three}
    secret = Keys(one).secret(endpoint_of(ProviderSettings("bedrock"), {**one, **region}), None)
    assert secret is not None
    assert (secret.auth, value(secret)) == ("bearer", "bearer-key")


def test_a_provider_that_needs_none_gets_none() -> None:
    assert Keys({"OPENAI_API_KEY": "a"}).secret(endpoint("echo"), None) is None


def test_a_dotenv_gives_the_keys_that_are_asked_for_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# OPENAI_API_KEY=commented\nOPENAI_BASE_URL=https://evil.example\nHTTPS_PROXY=http://evil.example\n"
        "export OPENAI_API_KEY = 'first'\nOPENAI_API_KEY=\"second\" # why\nOTHER=third#no # comment\nEMPTY=\n"
        "MORE=a$OTHER\n"
    )
    (dotenv,) = dotenvs([str(tmp_path)])
    values = {name: dotenv.get(name) for name in ("OPENAI_API_KEY", "OTHER", "EMPTY", "MORE", "NONE")}
    assert values == {"OPENAI_API_KEY": "second", "OTHER": "third#no", "EMPTY": "", "MORE": "a$OTHER", "NONE": ""}
    # The address is the service's own whatever the file says, and the environment stays as it was.
    assert endpoint().base_url == "https://api.openai.com/v1"
    keys = Keys({}, folders=[str(tmp_path)])
    assert value(keys.secret(endpoint(), None)) == "second"
    assert "evil" not in "".join(os.environ.values())


def test_a_dotenv_that_git_carries_away_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".env").write_text("OPENAI_API_KEY=canary-key\n")
    folders = folders_for(str(tmp_path / "sub"), str(tmp_path))
    keys = Keys({}, folders=folders)
    assert folders == (str(tmp_path / "sub"), str(tmp_path))
    assert keys.secret(endpoint(), None) is None
    assert keys.hint(endpoint(), None) == (
        f"git does not ignore {tmp_path / 'sub' / '.env'}: add `.env` to .gitignore to have its keys used"
    )
    (tmp_path / ".gitignore").write_text(".env\n")
    assert value(keys.secret(endpoint(), None)) == "canary-key"


IGNORED = [".env", "*.env", "/sub/.env", "sub/", "sub", ".*", "**/.env", "sub/*", "s?b/.e[n]v", ".env*", "/sub/**"]
CARRIED = [
    "",
    "# .env",
    "env",
    "/.env",
    "other/.env",
    ".env/",
    ".env\n!.env",
    ".env\n!sub/.env",
    ".Env",
    "[",
    "sub.env",
]


@pytest.mark.parametrize(("rules", "ignored"), [(one, True) for one in IGNORED] + [(one, False) for one in CARRIED])
def test_what_git_ignores(rules: str, ignored: bool, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text(rules + "\n")
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / ".env"
    path.write_text("A=b")
    assert is_ignored(path) == ignored


def test_a_nearer_gitignore_decides_and_the_repository_s_own_list_counts(tmp_path: Path) -> None:
    path = tmp_path / "sub" / ".env"
    path.parent.mkdir()
    assert is_ignored(path), "outside of a repository nobody carries it away"
    (tmp_path / ".git" / "info").mkdir(parents=True)
    assert not is_ignored(path)
    (tmp_path / ".git" / "info" / "exclude").write_text(".env\n")
    assert is_ignored(path)
    (path.parent / ".gitignore").write_text("!.env\n")
    assert not is_ignored(path)


def test_a_hostile_dotenv_is_read_in_no_time() -> None:
    long = "A=" + " " * 200_000 + "x"
    assert Dotenv(Path("x"), long + "\n" + "A='" + "\\" * 100_000).get("A")


def test_a_secret_is_shown_nowhere() -> None:
    secret = Secret("canary-value", "OPENAI_API_KEY", access_key="canary-access", token="canary-token")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>30}", f"{[secret]}", f"{secret:>20}"]
    assert not [one for one in shown if "canary" in one]
    assert repr(secret) == "$OPENAI_API_KEY"
    assert repr(Secret("canary")) == "***"
    for write in (pickle.dumps, json.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(secret)
    with pytest.raises(TypeError):
        vars(secret)


def test_no_pattern_of_a_gitignore_stops_everything(tmp_path: Path) -> None:
    from promptls.providers.dotenv import is_ignored

    (tmp_path / ".git").mkdir()
    deep = tmp_path / ("a" * 200) / "/".join("a" * 12)
    deep.mkdir(parents=True)
    (tmp_path / ".gitignore").write_text("*a" * 40 + "b\n" + "**/" * 40 + "x\n[z-a]\n")
    assert not is_ignored(deep / ".env")
    (tmp_path / ".gitignore").write_text("**/a/**/.e?[v-w]\n")
    assert is_ignored(deep / ".env")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have a name")
def test_a_gitignore_that_never_ends_is_not_read(tmp_path: Path) -> None:
    """It is looked at for a lens: the editor would have to wait for it, or run out of memory."""
    from promptls.providers.dotenv import is_ignored

    (tmp_path / ".git").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / ".gitignore").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "a" / ".gitignore")
    assert not is_ignored(tmp_path / "a" / ".env")
