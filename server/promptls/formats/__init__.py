"""The registry of prompt-file formats: recognise a file, read it, make messages of it, write it back.

One module or folder per format, known here by its ``FORMAT``. Everything outside asks these functions and never
branches on a format's name. May import ``prompt``, ``schema``, ``syntax``, ``text``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from promptls.formats import beside, configuration, copilot, dotprompt, plain, prompty, result
from promptls.formats.base import (
    Format,
    FormatError,
    Language,
    MissingInput,
    OpenSibling,
    ReadyTemplate,
    Sibling,
    no_siblings,
)
from promptls.formats.beside import sample_names
from promptls.formats.upgraded import Lost, Upgrade
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Input, Prompt, Recognised
from promptls.prompt.types import ValueType
from promptls.text import Edit, Text

__all__ = [
    "FormatError",
    "Language",
    "Lost",
    "MissingInput",
    "OpenSibling",
    "ReadyTemplate",
    "Sibling",
    "Upgrade",
    "add_samples",
    "declare_input",
    "folders",
    "is_prompt_file",
    "key_of",
    "keys",
    "language_of",
    "languages",
    "messages",
    "no_siblings",
    "paths",
    "patterns",
    "read",
    "ready_template",
    "recognise",
    "remove_input",
    "sample_names",
    "set_output",
    "template_values",
    "templates",
    "titles",
    "upgrade",
    "values",
    "why_not",
]

_FORMATS = (
    prompty.FORMAT, dotprompt.FORMAT, copilot.FORMAT, plain.FORMAT, configuration.FORMAT, result.FORMAT,
)  # fmt: skip
_BY_KEY = {each.key: each for each in _FORMATS}


def recognise(path: str, text: str, as_format: str | None = None) -> Recognised | None:
    """What the file at ``path`` (or URI) is; ``as_format`` (one of ``keys``) overrules its name and its clues."""
    asked = [each for each in _FORMATS if as_format in each.keys]
    for each in asked or _FORMATS:
        found = each.recognise(path, text, as_format)
        if found is not None:
            return found
    return None


def read(
    uri: str, text: str | Text, open_sibling: OpenSibling = no_siblings, as_format: str | None = None
) -> Document | None:
    """The document in ``text``; None for a file of no known format. Never raises on any text."""
    value = text if isinstance(text, Text) else Text(text)
    found = recognise(uri, value.value, as_format)
    if found is None:
        return None
    document = _BY_KEY[found.format].read(uri, value, found, open_sibling)
    # A prompt can be rendered by itself, so each knows the file that it is from.
    prompts = tuple(replace(prompt, text=value, recognised=document.recognised) for prompt in document.prompts)
    if not prompts:
        return document
    problems = beside.unread(uri, open_sibling) if document.prompt_like else ()
    return replace(document, prompts=prompts, problems=(*document.problems, *problems))


def values(document: Document, prompt: Prompt, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The given values and what the format's loader fills in. Raises MissingInput."""
    return _of(document).values(prompt, given)


def template_values(document: Document, prompt: Prompt, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the renderer gets: ``values`` with marks for what cannot be rendered (threads, images)."""
    return _of(document).template_values(prompt, values)


def templates(document: Document, prompt: Prompt, open_sibling: OpenSibling = no_siblings) -> Mapping[str, str]:
    """What the template may include or extend: the name that it writes -> the other template's text."""
    return _of(document).templates(document, prompt, open_sibling)


def ready_template(document: Document, prompt: Prompt) -> ReadyTemplate:
    """The template as the format's runtime hands it to the renderer; give its nonce to ``messages``.

    Raises FormatError where the format's loader refuses the file.
    """
    return _of(document).ready_template(prompt, document.text.value)


def messages(
    document: Document, prompt: Prompt, rendered: str, values: Mapping[str, Any], nonce: str = ""
) -> tuple[Message, ...]:
    """What a run sends for this rendered text. ``values``: of ``values``, not of ``template_values``.

    Raises FormatError, with a sentence for a person, where the format's loader refuses the text.
    """
    return _of(document).messages(prompt, rendered, values, nonce)


def declare_input(document: Document, prompt: Prompt, name: str, type: ValueType) -> tuple[Edit, ...]:
    """The edits that add a declaration of ``name``; none where the header has no place for it."""
    return _of(document).declare_input(document, prompt, name, type)


def remove_input(document: Document, prompt: Prompt, item: Input) -> tuple[Edit, ...]:
    """The edits that take away a declaration; none where it stands in another file."""
    return _of(document).remove_input(document, prompt, item)


def add_samples(document: Document, prompt: Prompt, values: Mapping[str, Any]) -> tuple[Edit, ...]:
    """The edits that give the inputs in ``values`` these sample values, where they have none."""
    return _of(document).add_samples(document, prompt, values)


def set_output(document: Document, prompt: Prompt, schema: Mapping[str, Any]) -> tuple[Edit, ...]:
    """The edits that declare the shape of the answer; none where the format, or this header, has no place for it."""
    return _of(document).set_output(document, prompt, schema)


def upgrade(document: Document, open_sibling: OpenSibling = no_siblings) -> Upgrade | None:
    """What makes a file of an older version, or of a mixture, one of the current version.

    None for a file that is of the current version, that somebody said is to be read as it is, or that is too broken
    to be understood. Never raises.
    """
    return _of(document).upgrade(document, open_sibling)


def why_not(document: Document) -> str:
    """Why a file has no upgrade, as the end of a sentence that begins with the file."""
    return _of(document).why_not(document) or "cannot be rewritten with certainty: change its header by hand"


def patterns() -> tuple[str, ...]:
    """The globs of all file names that are read by custom."""
    return tuple(pattern for language in languages() for pattern in language.patterns)


def paths() -> tuple[str, ...]:
    """The globs of the ends of paths that are read because of their folder."""
    return tuple(path for language in languages() for path in language.paths)


def folders() -> frozenset[str]:
    """The names of hidden folders in which prompt files stand by custom."""
    return frozenset(folder for language in languages() for folder in language.folders)


def languages() -> tuple[Language, ...]:
    """What the clients tell their editors: the kinds of files, with the globs of their names."""
    return tuple(language for each in _FORMATS for language in each.languages)


def is_prompt_file(path: str) -> bool:
    """Whether the name alone (of a path or a URI), or its folder, says that it is a file to read."""
    return language_of(path) is not None


def key_of(language: str) -> str | None:
    """What ``formats:`` calls the files of that language id; None for a language that is not of prompts alone."""
    own = (each.key for each in _FORMATS if any(one.id == language and not one.builtin for one in each.languages))
    return next(own, None)


def language_of(path: str) -> str | None:
    """The language id that the name alone (of a path or a URI), or its folder, stands for."""
    return next((one.id for one in languages() if one.fits(path)), None)


def keys() -> tuple[str, ...]:
    """What ``formats:`` in promptls.yaml may say."""
    return tuple(key for each in _FORMATS for key in each.keys)


def titles() -> tuple[str, ...]:
    return tuple(each.title for each in _FORMATS)


def _of(document: Document) -> Format:
    return _BY_KEY[document.recognised.format]
