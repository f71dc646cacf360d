"""The registry of formats that can be rewritten for a newer version of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from promptls.formats.base import OpenSibling, no_siblings
from promptls.formats.prompty import migrate as prompty
from promptls.formats.upgraded import Lost, Upgrade
from promptls.prompt.model import Document

__all__ = ["Lost", "Upgrade", "upgrade", "why_not"]

_Upgrader: TypeAlias = Callable[[Document, OpenSibling], Upgrade | None]
_UPGRADES: Mapping[str, tuple[_Upgrader, Callable[[Document], str]]] = {"prompty": (prompty.upgrade, prompty.why_not)}


def upgrade(document: Document, open_sibling: OpenSibling = no_siblings) -> Upgrade | None:
    """What makes a file of an older version, or of a mixture, one of the current version.

    None for a file that is of the current version, that somebody said is to be read as it is, or that is too broken
    to be understood. Never raises.
    """
    upgrader, _ = _UPGRADES.get(document.recognised.format, (None, None))
    return upgrader(document, open_sibling) if upgrader else None


def why_not(document: Document) -> str:
    """Why a file has no upgrade, as the end of a sentence that begins with the file."""
    _, reason = _UPGRADES.get(document.recognised.format, (None, None))
    if reason is None:
        return f"is {document.recognised.title}, which has no other version to become"
    return reason(document) or "cannot be rewritten with certainty: change its header by hand"
