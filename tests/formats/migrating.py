"""What the tests of migrations share with the script that asks Prompty's own loaders."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from promptls.formats import Upgrade, upgrade
from promptls.prompt.model import Document
from tests.formats.reading import apply, around, read_file


class Migrated(NamedTuple):
    before: Document
    text: str
    upgrade: Upgrade


def migrated(path: Path) -> Migrated | None:
    before = read_file(path)
    made = upgrade(before, around(path))
    return Migrated(before, apply(before, made.edits), made) if made is not None else None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
