"""What a rule reports, and the change that mends it: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from promptls.text import Edit, Location


class Severity(IntEnum):
    """Error: the loader or the run would fail. Warning: silently lost or wrong.
    Information: portability and host-registered names. Hint: unused."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4

    @property
    def label(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that removes a finding. ``preferred``: it is the one right answer.

    ``safe``: it may be applied without a look (``check --fix``, ``source.fixAll``).
    """

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = False
    safe: bool = False

    @staticmethod
    def replace(title: str, location: Location, text: str, *, preferred: bool = True, safe: bool = False) -> Fix:
        return Fix(title, (Edit(location.uri, location.span, text),), preferred, safe)

    @staticmethod
    def delete(location: Location, title: str = "Remove it", *, preferred: bool = True, safe: bool = False) -> Fix:
        return Fix(title, (Edit(location.uri, location.span, ""),), preferred, safe)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one rule. ``code`` and ``severity`` are filled in by the engine from the rule
    and the configuration; a rule sets ``severity`` only where it differs from its own default."""

    location: Location
    message: str
    fixes: tuple[Fix, ...] = ()
    severity: Severity | None = None
    code: str = ""
    tags: tuple[str, ...] = ()
    related: tuple[tuple[Location, str], ...] = ()
