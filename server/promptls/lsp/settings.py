"""What a person may set in the editor for this server. Rules and formats are not there: `promptls.yaml` holds
them, so that editor and CI agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

SECTION: Final = "promptls"
_RUNNING: Final = ("target", "keys", "offline")
_OF_CLIENTS: Final = ("trace", "path", "command", "enable", "python")
"""The clients' own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``delay``: the longest that findings wait while the server is busy, in seconds. ``running``: what the editor
    says of runs, ``{target, keys, offline}``, read by ``workspace.outside``. ``trusted``: False where the editor knows
    that its person does not trust the workspace: then nothing is rendered or run. ``host_checks``: whether findings
    are shown that the editor makes by itself for its own kinds of files."""

    delay: float = 0.15
    trusted: bool = True
    inlay_hints: bool = False
    running: Mapping[str, Any] = field(default_factory=dict)
    host_checks: bool = False


def read_settings(raw: Any) -> tuple[Settings, tuple[str, ...]]:
    """The settings of the client's ``promptls`` section, and a sentence for each that is not used."""
    if not isinstance(raw, Mapping):
        return Settings(), ()
    settings = Settings()
    complaints: list[str] = []
    for key, value in raw.items():
        if key == "diagnosticsDelay":
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 5000:
                settings = replace(settings, delay=value / 1000)
            else:
                complaints.append("`promptls.diagnosticsDelay` must be a number of milliseconds from 0 to 5000.")
        elif key == "inlayHints":
            if isinstance(value, bool):
                settings = replace(settings, inlay_hints=value)
            else:
                complaints.append("`promptls.inlayHints` must be true or false.")
        elif key == "hostChecks":
            if value in ("skip", "all"):
                settings = replace(settings, host_checks=value == "all")
            else:
                complaints.append("`promptls.hostChecks` must be `skip` or `all`.")
        elif key == "trusted":
            settings = replace(settings, trusted=value is not False)
        elif key in _RUNNING:
            settings = replace(settings, running={**settings.running, key: value})
        elif key not in _OF_CLIENTS:
            complaints.append(_not_here(str(key)))
    return settings, tuple(complaints)


def _not_here(key: str) -> str:
    from promptls.schema.files import load

    if key in load("promptls")["properties"]:
        return f"`promptls.{key}` is not read from the editor: write it into promptls.yaml."
    return f"`promptls.{key[:40]}` is not a setting of promptls."


def section_of(pushed: Any) -> Any:
    """Our part of the settings that a client pushes: some send all of theirs, some only ours."""
    if isinstance(pushed, Mapping) and SECTION in pushed:
        return pushed[SECTION]
    return pushed
