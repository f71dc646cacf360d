"""The prompt that a result document is about."""

from __future__ import annotations

from promptls.prompt.model import Document, Prompt
from promptls.text.uris import uri_key
from promptls.workspace.snapshot import Snapshot


def asked(document: Document, snapshot: Snapshot) -> tuple[Document, Prompt] | None:
    """The prompt that is run again, with its file; None where the document is no result, names none that is there, or
    one outside of the workspace that no editor holds: a file that is only opened leads nobody out of it."""
    rerun = document.rerun
    if rerun is None or not rerun.uri:
        return None
    inside = any(reference.uri == rerun.uri and reference.exists for reference in document.references)
    if not inside and uri_key(rerun.uri) not in map(uri_key, snapshot.uris()):
        return None
    found = snapshot.document(rerun.uri)
    if found is None or not found.prompts:
        return None
    named = (prompt for prompt in found.prompts if prompt.name == rerun.prompt)
    return found, next(named, found.prompts[0])
