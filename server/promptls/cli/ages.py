"""How long ago something was, as people say it."""

from __future__ import annotations

_STEPS = ((86400.0 * 365, "year"), (86400.0 * 30, "month"), (86400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


def ago(seconds: float | None) -> str:
    """``3 days old``; empty where it is not known."""
    if seconds is None:
        return ""
    for size, word in _STEPS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {word}{'s' if count > 1 else ''} old"
    return "new"
