"""Where in a template something is to be completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promptls.ide.builtins import Words, host_words, words
from promptls.prompt.model import Document, Prompt, Template
from promptls.prompt.types import ANY, ValueType, member
from promptls.syntax.template.cursor import TemplateCursor
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


class Site(NamedTuple):
    """Everything that choices in a template depend on."""

    document: Document
    prompt: Prompt
    template: Template
    cursor: TemplateCursor
    offset: int
    snapshot: Snapshot

    @property
    def text(self) -> str:
        return self.document.text.value

    @property
    def replace(self) -> Span:
        return self.cursor.replace

    @property
    def tag_start(self) -> int:
        """Where the tag around the cursor begins."""
        found = (self.text.rfind(opener, self.template.span.start, self.offset) for opener in ("{%", "{{"))
        return max(*found, self.template.span.start)

    def tag_before(self) -> str:
        """What is written of the tag before the word that is being completed."""
        return self.text[self.tag_start : self.replace.start]

    def words(self, kind: str) -> Words:
        """The dialect's own filters, tests, tags or globals."""
        return words(self.template.dialect, kind, self.template.runtime)

    def host_words(self, kind: str) -> list[str]:
        """Those of the host application that the dialect does not have itself."""
        host = self.snapshot.config(self.document.uri).host
        return sorted(host_words(host, kind) - self.words(kind).keys())

    def word_data(self, kind: str, name: str) -> dict[str, str]:
        """What the documentation of a word is found by."""
        template = self.template
        return {"kind": "word", "of": kind, "name": name, "dialect": template.dialect, "runtime": template.runtime}

    def type_at(self, path: tuple[str, ...] | None) -> ValueType | None:
        """The type at a path from the root of the inputs; ANY where nothing is known, None where it cannot exist."""
        if not path:
            return ANY
        root = self.snapshot.types(self.prompt).get(path[0])
        return ANY if root is None else member(root, path[1:])
