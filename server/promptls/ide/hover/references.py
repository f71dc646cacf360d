"""Cards of what a file names outside of itself: environment variables and files. Never their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.ide.hover.card import Card
from promptls.ide.hover.templates import template_text
from promptls.ide.markdown import bullets, paragraphs
from promptls.prompt.model import Reference
from promptls.text.markdown import code

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


def reference_card(reference: Reference, snapshot: Snapshot) -> Card:
    """Whether it is there; of an environment variable only that, never what it holds."""
    if reference.kind == "environment":
        return Card(reference.span, _environment(reference, snapshot))
    if reference.kind == "template":
        return Card(reference.span, _template(reference, snapshot))
    state = {True: "the file is there", False: "there is no such file", None: "not looked at"}[reference.exists]
    if reference.exists is None and reference.kind == "template":
        state = "not found: name the folders of your templates under `templates: roots:` in promptls.yaml"
    elif reference.exists is None and reference.uri is None:
        state = "not looked at: it is outside of the workspace"
    needed = "" if reference.needed or reference.exists else "The run goes on without it."
    return Card(reference.span, paragraphs(f"{code(reference.target)}: {state}", needed))


def _template(reference: Reference, snapshot: Snapshot) -> str:
    """What another template is for, and how it begins."""
    head = f"{code(reference.target)}: partial"
    if not reference.uri:
        state = "no such file" if reference.exists is False else "not looked at"
        return paragraphs(f"{head} · {state}", "Your application may register it by code.")
    return paragraphs(f"{head} · {code(reference.uri.rpartition('/')[2])}", template_text(reference.uri, snapshot))


def _environment(reference: Reference, snapshot: Snapshot) -> str:
    names = snapshot.environment
    if names is None:
        state = "read from the environment when the prompt is run"
    elif reference.target in names:
        state = "set"
    elif reference.default is not None:
        state = "not set, the default is used"
    else:
        state = "not set"
    default = reference.default
    # A default is written in the file for all to see; it may be a key all the same.
    shown = f"default {code(default)}" if default and not _looks_secret(reference.target) else ""
    if default and not shown:
        shown = "has a default"
    return paragraphs(f"{code(reference.target)}: environment variable · {state}", bullets([shown]))


def _looks_secret(name: str) -> bool:
    return any(word in name.upper() for word in ("KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL"))
