"""What an application checks by itself in the files that are its own: the rules that would only say it once more."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from promptls.schema.navigate import notes_of, view


@cache
def checked_by(name: str) -> Mapping[str, Mapping[str, str]]:
    """The host (``vscode``) -> the codes of the rules whose findings it makes itself, for the files of a schema, each
    with the least severity at which it does."""
    said: Mapping[str, Mapping[str, str]] = notes_of(view(name).root).get("checkedBy", {})
    return said
