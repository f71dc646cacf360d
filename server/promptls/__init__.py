"""promptls: the language server for prompt files.

The Python API: `parse` a text, `check` a document or a file, `render` a prompt to the messages it sends, `run` it.
Everything is loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from promptls.prompt.message import Message
    from promptls.prompt.model import Document, Prompt
    from promptls.rules.finding import Finding
    from promptls.runs.event import RunRecord

__all__ = ["__version__", "check", "parse", "render", "run"]
__version__ = "0.1.0"


def parse(text: str, path: str | PathLike[str] | None = None) -> Document:
    """Read one prompt file. `path` tells its format and where its siblings are; it need not exist.

    Never fails on broken text: what is wrong is in the document's `problems`. Raises `ValueError` where the
    path is not a prompt file's.
    """
    from promptls.actions.api import parse_text

    return parse_text(text, path)


def check(document: Document | str | PathLike[str]) -> list[Finding]:
    """All findings of a document, or of the file at a path, in the order of the text.

    Raises `OSError` and `UnicodeDecodeError` where the file cannot be read, `ValueError` where it is no prompt file.
    """
    from promptls.actions.api import check_document

    return check_document(document)


def render(prompt: Prompt, inputs: Mapping[str, Any] | None = None, *, sample: int | None = None) -> list[Message]:
    """The messages that a prompt sends with these inputs, rendered in a child process with limits.

    `sample` (from 1) takes the values of that sample of the file first. Raises `promptls.actions.ActionError`
    with a sentence for a person where an input is missing or the template fails.
    """
    from promptls.actions.api import render_one

    return render_one(prompt, inputs or {}, sample)


def run(
    prompt: Prompt | str | PathLike[str],
    inputs: Mapping[str, Any] | None = None,
    *,
    sample: int | None = None,
    model: str = "",
    options: Mapping[str, Any] | None = None,
    allow_hosts: Iterable[str] = (),
    yes: bool = False,
    on_text: Callable[[str], None] | None = None,
) -> RunRecord:
    """Send a prompt, or the first one of the file at a path, to a model, and wait for the answer.

    `model` is a target as `promptls run --model` takes it; without one the file and the configuration decide, and
    `echo` (which sends nothing) is the last resort. `options` (`{"temperature": 0}`) go over those of the file.
    `on_text` is told every piece of the answer. Nobody is asked: what was not agreed to before needs `allow_hosts`,
    what is over the budget or looks like a secret needs `yes`.

    The record's `status` is `finished`, `failed` or `cancelled`; `answer` is what came, `message` says why it failed.
    Raises `promptls.actions.ActionError` with a sentence where nothing may or can be sent, and for the name of an
    input that the prompt, where it declares its inputs, does not declare.
    """
    from promptls.actions.api import run_one

    return run_one(prompt, inputs or {}, sample, model, options or {}, tuple(allow_hosts), yes, on_text)


_render = render


class _Package(ModuleType):
    """Keeps `promptls.render` the function: importing the room of that name would put the room in its place."""

    @property
    def render(self) -> Any:
        return _render

    @render.setter
    def render(self, room: ModuleType) -> None:
        pass


sys.modules[__name__].__class__ = _Package
