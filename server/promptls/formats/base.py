"""What a prompt-file format has to answer, and the ways in which it may refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, NamedTuple, TypeAlias

from promptls.formats.upgraded import Upgrade
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Input, Prompt, Recognised
from promptls.prompt.types import ValueType
from promptls.text import Edit, Text


class Sibling(NamedTuple):
    """What stands at a path that a file names.

    ``exists`` is None where nobody looked: the path leaves the workspace, or there is no workspace.
    ``text`` is None where there is nothing to read as text (absent, binary, too large).
    """

    uri: str | None = None
    text: str | None = None
    exists: bool | None = None


OpenSibling: TypeAlias = Callable[[str], Sibling]
"""A path as a file writes it, relative to that file -> what is there. Never raises.

``root:PATH`` is below the roots of the configuration (``templates: roots:``), ``schema:NAME`` the JSON Schema that it
gives that name (``templates: schemas:``); ``exists`` without a ``uri``: known by name alone. ``inputs:`` is what the
configuration declares as the inputs of this file: its own text with blanks for all else, or a schema that it names.
"""


def no_siblings(path: str) -> Sibling:
    """For a text that has no place: nobody looked."""
    return Sibling()


class Language(NamedTuple):
    """What editors call a kind of file. ``id``: the language id of the protocol. ``patterns``: globs of file names.

    ``builtin``: editors know it without us (a template language, YAML): they are told of the files, nothing more.
    ``like``: a language that every editor knows, which it is where an editor does not know its own (Markdown).
    ``folders``: hidden ones that are looked into all the same, because such files stand there.
    ``paths``: globs of the ends of paths, for files that only their folder tells from others; not its `README.md`.
    """

    id: str
    title: str
    patterns: tuple[str, ...]
    builtin: bool = False
    like: str = ""
    folders: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def fits(self, path: str) -> bool:
        """Whether a path, or a URI, is of such a file by its name or its folder."""
        *_, name = parts = path.replace("\\", "/").lower().split("/")
        return any(fnmatchcase(name, pattern) for pattern in self.patterns) or any(
            is_at(parts, pattern) for pattern in self.paths
        )


def is_at(parts: Sequence[str], pattern: str) -> bool:
    """Whether a path, in its parts and in small letters, ends as a glob with folders has it. A `README.md` is about
    the folder."""
    globs = pattern.lower().split("/")
    last = parts[-len(globs) :]
    return len(last) == len(globs) and parts[-1] != "readme.md" and all(map(fnmatchcase, last, globs))


class FormatError(ValueError):
    """The format's own loader would refuse this text, with a sentence for a person.

    ``kind``: a stable name for tests and callers. ``field``: the input that it is about.
    """

    def __init__(self, kind: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.field = field


class MissingInput(FormatError):  # noqa: N818 - what is missing, said to a person
    """Required inputs have neither a value nor a default. ``names``: all of them, in the order of the file."""

    def __init__(self, names: tuple[str, ...]) -> None:
        listed = ", ".join(f"`{name}`" for name in names)
        noun = "input" if len(names) == 1 else "inputs"
        super().__init__("missing-input", f"Missing required {noun} {listed}: give a value or a default", names[0])
        self.names = names


class ReadyTemplate(NamedTuple):
    """A template as the format's runtime hands it to the renderer.

    ``text`` has as many lines as the template in the file. ``nonce`` guards its role lines (empty: nothing
    does); ``messages`` wants it back. ``guards``: what the nonce added, as it stands in the rendered text.
    """

    text: str
    nonce: str = ""
    guards: tuple[str, ...] = ()

    def shown(self, rendered: str) -> str:
        """The rendered text for people: without the guards."""
        for guard in self.guards:
            rendered = rendered.replace(guard, "")
        return rendered


def _as_written(prompt: Prompt, text: str) -> ReadyTemplate:
    """The template as it stands in ``text``, the whole file."""
    return ReadyTemplate(prompt.template.span.slice(text) if prompt.template is not None else "")


def _has_one_version(document: Document) -> str:
    return f"is {document.recognised.title}, which has no other version to become"


Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """What knows one format. What it leaves out is what a format answers whose files hold no prompt.

    Reading never raises; sending may, with FormatError. The registry (``formats``) says what each function is for.
    ``key``: the registry's name; nothing outside of ``formats`` branches on it. ``keys``: what ``formats:`` in
    promptls.yaml may call it, ``key`` first, then its varieties. ``languages``: the files that are this format's by
    custom, as editors sort them.
    """

    keys: tuple[str, ...]
    title: str
    languages: tuple[Language, ...]
    recognise: Callable[[str, str, str | None], Recognised | None]
    read: Callable[[str, Text, Recognised, OpenSibling], Document]
    values: Callable[[Prompt, Values], Values] = lambda prompt, given: given
    template_values: Callable[[Prompt, Values], Values] = lambda prompt, values: values
    templates: Callable[[Document, Prompt, OpenSibling], Mapping[str, str]] = lambda *_: {}
    ready_template: Callable[[Prompt, str], ReadyTemplate] = _as_written
    messages: Callable[[Prompt, str, Values, str], tuple[Message, ...]] = lambda *_: ()
    declare_input: Callable[[Document, Prompt, str, ValueType], tuple[Edit, ...]] = lambda *_: ()
    remove_input: Callable[[Document, Prompt, Input], tuple[Edit, ...]] = lambda *_: ()
    add_samples: Callable[[Document, Prompt, Values], tuple[Edit, ...]] = lambda *_: ()
    set_output: Callable[[Document, Prompt, Values], tuple[Edit, ...]] = lambda *_: ()
    upgrade: Callable[[Document, OpenSibling], Upgrade | None] = lambda *_: None
    why_not: Callable[[Document], str] = _has_one_version

    @property
    def key(self) -> str:
        return self.keys[0]
