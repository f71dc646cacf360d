"""A page that still says `running` though the process of its run is gone: when it is opened, the history knows better.

Nothing is run or sent for it, and no history is made where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.lsp import pages
from promptls.lsp.session import Session
from promptls.text import Edit

if TYPE_CHECKING:
    from promptls.prompt.model import Answer, Document
    from promptls.runs.event import RunRecord


def opened(session: Session, uri: str) -> None:
    document = session.workspace.snapshot().document(uri)
    answer = document.answer if document is not None else None
    if document is None or answer is None or answer.status != "running" or session.runs.carries(answer.run, uri):
        return
    session.tasks.start(_set_right(session, document, answer), "the page of an interrupted run")


async def _set_right(session: Session, document: Document, answer: Answer) -> None:
    record = await session.aside.submit(lambda _: _ended(session, answer.run))
    if record is not None and session.workspace.text(document.uri) is document.text:
        await pages.edit_page(session, _edits(document, answer, record))


def _ended(session: Session, run: str) -> RunRecord | None:
    """The run as the history knows it; None where it goes on in another process, or nothing is known of it."""
    from promptls.runs.database import FILE_NAME, DatabaseError
    from promptls.runs.history import History
    from promptls.workspace.places import state_folder

    database = session.runs.database() if (state_folder() / FILE_NAME).exists() else None
    try:
        record = History(database).run(run) if database is not None else None
    except DatabaseError:
        return None
    return record if record is not None and record.id == run and record.status != "running" else None


def _edits(document: Document, answer: Answer, record: RunRecord) -> list[Edit]:
    """All that the history has, where that is more than the page; else what came stays, and is told to be cut short."""
    from promptls.runs.document import growth
    from promptls.text.uris import uri_to_path

    if record.status == "interrupted" or len(record.answer) < answer.span.end - answer.span.start:
        return [Edit(document.uri, answer.places["status"], "interrupted")]
    place = uri_to_path(document.uri) or ""
    changes = growth(document.text.value, record, place=place)
    return [Edit(document.uri, change.span, change.text) for change in changes]
