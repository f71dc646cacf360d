"""A key while it is in memory: its value is where the transport puts it on a request, and nowhere else."""

from __future__ import annotations

from typing import Any, Final, NoReturn

_known: Final[dict[str, str]] = {}
_SHORTEST: Final = 6
"""Characters below which a value is not looked for in texts: it would be found in ordinary words."""


class Secret:
    """``name``: what a person knows it by; shown as ``$NAME`` wherever the value would stand. ``auth``: how it is put
    on, where that depends on the key; else the endpoint's. ``source``: where it comes from. ``access_key``, ``token``:
    only of AWS, where the value is the secret access key. Cannot be pickled, compared by value, or shown by accident.
    """

    __slots__ = ("__weakref__", "_access_key", "_token", "_value", "auth", "name", "source")

    def __init__(self, value: str, name: str = "", *, auth: str = "", access_key: str = "", token: str = "") -> None:
        self._value = value
        self._access_key = access_key
        self._token = token
        self.name = name
        self.auth = auth
        self.source = ""
        for part in (value, access_key, token):
            if len(part) >= _SHORTEST:
                _known[part] = repr(self)

    def reveal(self) -> str:
        """The value. For ``auth.py`` and the keyring only."""
        return self._value

    def reveal_aws(self) -> tuple[str, str, str]:
        """Access key, secret key, session token (empty: none). For ``auth.py`` only."""
        return self._access_key, self._value, self._token

    def __repr__(self) -> str:
        return f"${self.name}" if self.name else "***"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return format(repr(self), specification)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        self.__reduce__()


def known_values() -> dict[str, str]:
    """Every value that is in memory now -> what is shown in its place. For ``redact`` only."""
    return dict(_known)
