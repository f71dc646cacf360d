"""The page of a run: written once, opened, then made to grow by edits of the editor, at most four a second.

Where the editor does not hold it, the file on disk is the page. What an editor holds and closes without saving it, and
what it still holds when it leaves, is written to disk at last: a finished run is never lost.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from promptls.lsp import pages
from promptls.lsp.logging import log
from promptls.text import Edit
from promptls.text.uris import path_to_uri

if TYPE_CHECKING:
    from promptls.lsp.session import Session
    from promptls.runs.event import RunRecord

_TRIES: Final = 5
_AT_ONCE: Final = 1.5
"""Seconds in which an editor that asks nobody has made an edit."""
_PAUSE: Final = 0.3


class ResultPage:
    """``path``: where it is to stand; ``uri`` once it is written. Used from the main thread only."""

    def __init__(self, session: Session, path: str) -> None:
        self._session = session
        self.path = path
        self.uri = path_to_uri(path)
        self.note = ""
        """What to know of the run beside its answer: a setting that the model does not take."""
        self._shown = False
        self._refused = False
        self._record: RunRecord | None = None
        self._on_disk = ""
        self._kept = False
        self._asks = False

    async def write(self, record: RunRecord) -> None:
        """Write the file, as the run is now."""
        from promptls.runs.document import media_files, result_text, write_result
        from promptls.runs.keeping import write_media

        self._record = record

        def work() -> tuple[str, str]:
            text = result_text(record, place=self.path, findings_note=self.note)
            written = write_result(self.path, text)
            write_media(written, media_files(record, written))
            return written, text

        try:
            self.path, self._on_disk = await self._session.aside.submit(lambda _: work())
        except OSError as error:
            log.warning("the result of a run cannot be written (%s)", error.strerror)
            pages.tell(self._session, f"The result cannot be written to {self.path}: {error.strerror}.")
            return
        self.uri = path_to_uri(self.path)

    async def open(self) -> None:
        from promptls.syntax.frontmatter import split_lines

        # Where the answer will begin, for in a small window the header hides it.
        line = self._on_disk.count("\n", 0, split_lines(self._on_disk).body.start) + 1
        self._shown = await pages.show(self._session, self.uri, self.path, "The result", line)
        if self._shown:
            await pages.opened(self._session, self.uri)

    async def grow(self, record: RunRecord, *, last: bool = False) -> bool:
        """Bring the page to what the run is now; False where it has not been.

        An editor that asks its person before each edit is spared all of them but the last.
        """
        self._record = record
        if self._asks and not last:
            return False
        started = asyncio.get_running_loop().time()
        done = await self._grow(record)
        self._asks = asyncio.get_running_loop().time() - started > _AT_ONCE
        return done

    async def _grow(self, record: RunRecord) -> bool:
        if self._session.workspace.is_open(self.uri):
            return await self._edit(record)
        if self._shown and not self._refused:
            from promptls.runs.document import result_text

            if await pages.replace_all(
                self._session, self.uri, result_text(record, place=self.path, findings_note=self.note)
            ):
                return True
            self._refused = True
        await self.write(record)
        return True

    async def finish(self, record: RunRecord) -> None:
        for _ in range(_TRIES):
            if await self.grow(record, last=True):
                return
            await asyncio.sleep(_PAUSE)
        pages.tell(self._session, f"The editor does not take the end of the result; close {self.path} and open it.")

    def is_now(self, record: RunRecord) -> None:
        """What the page has to say in the end, whatever becomes of the editor."""
        self._record = record

    def saved(self) -> None:
        """The person has saved what the editor holds; that stays, where the end of the run is in it."""
        from promptls.runs.document import growth

        text = self._session.workspace.text(self.uri)
        if text is not None and self._record is not None and self._record.status != "running":
            self._kept = not growth(
                text.value.replace("\r\n", "\n"), self._record, place=self.path, findings_note=self.note
            )

    def is_over(self) -> bool:
        """Whether the run has ended and its end is on disk, or was saved by the person: nothing is left to be done."""
        if self._record is None or self._record.status == "running":
            return False
        from promptls.runs.document import result_text

        return self._kept or self._on_disk == result_text(self._record, place=self.path, findings_note=self.note)

    def closed(self) -> None:
        """The editor let go of the page, or is leaving: what it did not save is written."""
        from promptls.runs.document import result_text, write_result

        self._shown = False
        if self._record is None or self._kept:
            return
        text = result_text(self._record, place=self.path, findings_note=self.note)
        if self._on_disk == text:
            return
        try:
            write_result(self.path, text)
            self._on_disk = text
        except OSError as error:
            log.warning("the result of a run cannot be written (%s)", error.strerror)

    async def _edit(self, record: RunRecord) -> bool:
        from promptls.runs.document import growth

        text = self._session.workspace.text(self.uri)
        if text is None:
            return False
        changes = growth(text.value.replace("\r\n", "\n"), record, place=self.path, findings_note=self.note)
        if "\r\n" in text.value:
            # Spans are of a text with other line ends; this is rare, and whole it is right.
            from promptls.runs.document import result_text

            return await pages.replace_all(
                self._session, self.uri, result_text(record, place=self.path, findings_note=self.note)
            )
        if not changes:
            return True
        edits = [Edit(self.uri, change.span, change.text) for change in changes]
        return await pages.edit_page(self._session, edits)
