"""Keys in the operating system's keyring, by provider and host, and a list of which there are.

The list (names, hosts and times, no key) is a file of ours, so that a lens can say where a key would come from without
the system asking for a password.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from promptls.workspace.places import state_folder

SERVICE: Final = "promptls"
_INDEX: Final = "keys.json"


class Store(Protocol):
    """The functions of the package `keyring` that are used."""

    def get_password(self, service: str, account: str) -> str | None: ...

    def set_password(self, service: str, account: str, password: str) -> None: ...

    def delete_password(self, service: str, account: str) -> None: ...


class KeyringError(Exception):
    """The text is a sentence for a person."""


class Keyring:
    """``store``: what opens the system's keyring, when it is first needed. ``folder``: where the list is."""

    def __init__(self, store: Callable[[], Store] | None = None, folder: Path | None = None) -> None:
        self._open = store or _system
        self._store: Store | None = None
        self._folder = folder

    def accounts(self) -> Mapping[str, float]:
        """``provider origin`` -> when its key was stored, in seconds since 1970."""
        try:
            data = json.loads(self._index.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(data, dict):
            return {}
        return {name: when for name, when in data.items() if isinstance(when, int | float)}

    def get(self, account: str) -> str | None:
        """The key; None where there is none, or the keyring is locked or gone."""
        if account not in self.accounts():
            return None
        try:
            return self._ready().get_password(SERVICE, account)
        except KeyringError:
            return None
        except Exception:  # every backend has its own errors
            return None

    def set(self, account: str, key: str) -> None:
        """Raises KeyringError."""
        try:
            self._ready().set_password(SERVICE, account, key)
        except KeyringError:
            raise
        except Exception as error:
            raise KeyringError(_refused(error)) from None
        self._write({**self.accounts(), account: time.time()})

    def delete(self, account: str) -> None:
        """Raises KeyringError; what is not there any more is deleted as well."""
        left = {name: when for name, when in self.accounts().items() if name != account}
        try:
            self._ready().delete_password(SERVICE, account)
        except KeyringError:
            raise
        except Exception as error:
            if type(error).__name__ != "PasswordDeleteError":
                raise KeyringError(_refused(error)) from None
        self._write(left)

    def backend(self) -> str:
        """What the system's keyring is called. Raises KeyringError where there is none that can be used."""
        store: Any = self._ready()
        return type(store.get_keyring()).__module__ if hasattr(store, "get_keyring") else type(store).__name__

    @property
    def _index(self) -> Path:
        return (self._folder or state_folder()) / _INDEX

    def _ready(self) -> Store:
        if self._store is None:
            self._store = self._open()
        return self._store

    def _write(self, accounts: Mapping[str, float]) -> None:
        path = self._index
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = path.with_name(f"{path.name}.{os.getpid()}")
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(accounts, file, indent=1, sort_keys=True)
            new.replace(path)
        except OSError as error:
            raise KeyringError(f"the list of stored keys {path} cannot be written ({error.strerror})") from None


def account_of(provider: str, origin: str) -> str:
    """The name of a key in the keyring: it is found again for this provider at this address only."""
    return f"{provider} {origin}"


def _refused(error: Exception) -> str:
    name = type(error).__name__
    if name in ("NoKeyringError", "InitError"):
        return _NONE
    return f"the system's keyring refused ({name}); is it locked? Unlock it, or set the key in the environment"


_NONE: Final = (
    "this machine has no keyring that can be used (a server without a desktop mostly has none): "
    "set the key in the environment, or name a `key_command` in your own configuration"
)


def _system() -> Store:
    try:
        import keyring
    except ImportError:
        raise KeyringError(
            "the package `keyring` is not installed: install `promptls[keyring]`, or set the key in the environment"
        ) from None
    backend: Any = keyring.get_keyring()
    if getattr(backend, "priority", 1) <= 0:
        raise KeyringError(_NONE)
    store: Any = keyring
    return store  # type: ignore[no-any-return]
