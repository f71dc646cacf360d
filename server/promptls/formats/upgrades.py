"""The registry of formats that can be rewritten for a newer version of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from promptls.formats.base import OpenSibling, no_siblings
from promptls.formats.prompty.migrate import upgrade as prompty_upgrade
from promptls.formats.upgraded import Lost, Upgrade
from promptls.prompt.model import Document

__all__ = ["Lost", "Upgrade", "upgrade"]

_Upgrader: TypeAlias = Callable[[Document, OpenSibling], Upgrade | None]
_UPGRADES: Mapping[str, _Upgrader] = {"prompty": prompty_upgrade}


def upgrade(document: Document, open_sibling: OpenSibling = no_siblings) -> Upgrade | None:
    """What makes a file of an older version, or of a mixture, one of the current version.

    None for a file that is of the current version, that somebody said is to be read as it is, or that is too broken
    to be understood. Never raises.
    """
    upgrader = _UPGRADES.get(document.recognised.format)
    return upgrader(document, open_sibling) if upgrader else None
