"""The commands, by name, and what they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.session import Context

if TYPE_CHECKING:
    from promptls.prompt.model import Document, Prompt

INVALID_PARAMS: Final = -32602


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its one argument: raw JSON, so a client's names arrive as they are."""

    name: str
    argument: Mapping[str, Any]

    @property
    def uri(self) -> str:
        value = self.text("uri")
        if not value:
            raise RefusedError(INVALID_PARAMS, f"{self.name} takes one object with the `uri` of a document.")
        return value

    def text(self, key: str) -> str:
        value = self.argument.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        value = self.argument.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def object(self, key: str) -> Mapping[str, Any]:
        value = self.argument.get(key)
        return value if isinstance(value, Mapping) else {}

    def document(self, ctx: Context) -> Document:
        found = ctx.document(self.uri)
        if found is None:
            raise RefusedError(REQUEST_FAILED, "This file is no prompt file that promptls knows.")
        return found

    def prompt(self, document: Document) -> Prompt:
        """The one that ``prompt`` names, the one in whose text ``line`` is, or the first."""
        if not document.prompts:
            raise RefusedError(REQUEST_FAILED, f"This file ({document.recognised.title}) holds no prompt.")
        name, line = self.text("prompt"), self.number("line")
        by_name = (one for one in document.prompts if one.name == name)
        if name and (found := next(by_name, None)):
            return found
        if line is not None and 0 <= line < document.text.line_count:
            return document.prompt_at(document.text.line_starts[line]) or document.prompts[0]
        return document.prompts[0]


COMMANDS: dict[str, Callable[[Context, Call], Any]] = {}


def command(name: str) -> Callable[[Callable[[Context, Call], Any]], Callable[[Context, Call], Any]]:
    """Registers ``(context, call) -> JSON``; it may return ``Later`` or raise ``RefusedError``."""

    def register(run: Callable[[Context, Call], Any]) -> Callable[[Context, Call], Any]:
        COMMANDS[name] = run
        return run

    return register
