"""What a prompt-file format has to answer, and the ways in which it may refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

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
    """

    id: str
    title: str
    patterns: tuple[str, ...]
    builtin: bool = False
    like: str = ""
    folders: tuple[str, ...] = ()


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


class Format(Protocol):
    """A module or an object that knows one format. Reading never raises; sending may, with FormatError."""

    @property
    def key(self) -> str:
        """The registry's name of the format; nothing outside of ``formats`` branches on it."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What ``formats:`` in promptls.yaml may call it: ``key`` first, then its varieties."""

    @property
    def title(self) -> str: ...

    @property
    def languages(self) -> tuple[Language, ...]:
        """The files that are this format's by custom, as editors sort them."""

    def recognise(self, name: str, text: str, as_format: str | None = None) -> Recognised | None: ...

    def read(self, uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document: ...

    def values(self, prompt: Prompt, given: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def template_values(self, prompt: Prompt, values: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def templates(self, document: Document, prompt: Prompt, open_sibling: OpenSibling) -> Mapping[str, str]: ...

    def ready_template(self, prompt: Prompt, text: str) -> ReadyTemplate: ...

    def messages(
        self, prompt: Prompt, rendered: str, values: Mapping[str, Any], nonce: str = ""
    ) -> tuple[Message, ...]: ...

    def declare_input(self, document: Document, prompt: Prompt, name: str, type: ValueType) -> tuple[Edit, ...]: ...

    def remove_input(self, document: Document, prompt: Prompt, item: Input) -> tuple[Edit, ...]: ...

    def add_samples(self, document: Document, prompt: Prompt, values: Mapping[str, Any]) -> tuple[Edit, ...]: ...
