"""``promptls.openHistory {uri?, runs?: [run, run]}``: runs of a prompt, or all, newest first; or two side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.lsp.commands.registry import Call, command
from promptls.lsp.commands.written import written
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.render import Renderer


@command("promptls.openHistory")
def open_history(ctx: Context, call: Call) -> Later:
    """Answers ``{uri, content}``. Of a result: the runs of its prompt."""
    runs, named = ctx.session.runs, call.argument.get("runs")
    ids = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    uri = _prompt_of(ctx, call.text("uri")) if call.text("uri") else ""

    def make(_: Renderer) -> str:
        from promptls.actions.history import difference, history_markdown, one_run
        from promptls.runs.history import History

        database = runs.database()
        if database is None:
            raise RefusedError(REQUEST_FAILED, "The history of runs cannot be opened; the log says why.")
        if len(ids) == 2:
            history = History(database)
            return difference(one_run(history, ids[0]), one_run(history, ids[1]))
        return history_markdown(database, uri=uri)

    return written(ctx, call, "history", ".history.md", "The history", make, renders=False)


def _prompt_of(ctx: Context, uri: str) -> str:
    document = ctx.document(uri)
    return document.rerun.uri if document is not None and document.rerun is not None else uri
