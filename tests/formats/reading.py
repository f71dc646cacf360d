"""What the tests of formats share: read a small workspace, render with the stock engines, apply edits."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from promptls import formats
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Prompt
from promptls.text import Edit
from tests.fixtures import fixture

ROOT = "file:///w/"


def among(files: Mapping[str, str], name: str) -> formats.OpenSibling:
    """Opens the files of a small workspace, from the folder of ``name``."""

    def open_sibling(path: str) -> formats.Sibling:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if target.startswith(("..", "/")):
            return formats.Sibling()
        return formats.Sibling(ROOT + target, files.get(target), target in files)

    return open_sibling


def read(source: str, as_format: str | None = None) -> Document:
    """The main file of a workspace that is written as a fixture."""
    found = fixture(source)
    return read_text(found.text, found.main, found.files, as_format)


def read_text(
    text: str, name: str = "prompt.prompty", files: Mapping[str, str] | None = None, as_format: str | None = None
) -> Document:
    document = formats.read(ROOT + name, text, among(files or {}, name), as_format)
    assert document is not None
    return document


def prompt_of(document: Document) -> Prompt:
    (prompt,) = document.prompts
    return prompt


def around(path: Path) -> formats.OpenSibling:
    def open_sibling(relative: str) -> formats.Sibling:
        target = (path.parent / relative).resolve()
        text = target.read_bytes().decode("utf-8", "replace") if target.is_file() else None
        return formats.Sibling(target.as_uri(), text, target.is_file())

    return open_sibling


def read_file(path: Path, as_format: str | None = None) -> Document:
    """A file of the corpus, with what stands around it."""
    document = formats.read(path.as_uri(), path.read_bytes().decode("utf-8"), around(path), as_format)
    assert document is not None
    return document


def sent(
    document: Document, given: Mapping[str, Any], open_sibling: formats.OpenSibling = formats.no_siblings
) -> tuple[Message, ...]:
    """All the way from values to messages, with the engines that the loaders use."""
    prompt = prompt_of(document)
    assert prompt.template is not None
    values = formats.values(document, prompt, given)
    ready = formats.ready_template(document, prompt)
    given = formats.template_values(document, prompt, values)
    rendered = render(prompt.template.dialect, ready.text, given, formats.templates(document, prompt, open_sibling))
    return formats.messages(document, prompt, rendered, values, ready.nonce)


def render(dialect: str, template: str, values: Mapping[str, Any], templates: Mapping[str, str]) -> str:
    if dialect == "mustache":
        import chevron

        rendered: str = chevron.render(template, dict(values))
        return rendered
    from jinja2 import DictLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(loader=DictLoader(dict(templates)), keep_trailing_newline=True)
    return environment.from_string(template).render(values)


def apply(document: Document, edits: tuple[Edit, ...]) -> str:
    assert all(edit.uri == document.uri for edit in edits)
    return document.text.apply((edit.span, edit.text) for edit in edits).value
