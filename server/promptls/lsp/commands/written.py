"""A command whose answer is a page of text: made in the worker, written beside the results, opened."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.render import Renderer


def written(
    ctx: Context, call: Call, name: str, ending: str, what: str, make: Callable[[Renderer], str], *, renders: bool
) -> Later:
    """Answers ``{uri, content}``. ``name``, ``ending``: of the file; the same call writes the same page again."""
    from promptls.runs.keeping import place_of

    session = ctx.session
    own = sha256(f"{call.name} {sorted(call.argument.items(), key=str)}".encode()).hexdigest()[:6]
    place = place_of(session.folder_of(call.text("uri")) if call.text("uri") else None, name, own, ending=ending)
    held = session.workspace.is_open(pages.uri_of(place))

    def work(renderer: Renderer) -> tuple[str, str]:
        from promptls.actions.error import ActionError
        from promptls.runs.keeping import write_result

        try:
            text = make(renderer)
        except ActionError as error:
            raise RefusedError(REQUEST_FAILED, f"{error}.") from None
        return place if held else write_result(place, text), text

    def answer(done: tuple[str, str]) -> dict[str, Any]:
        path, text = done
        session.tasks.start(_show(ctx, path, text, what, held), call.name)
        return {"uri": pages.uri_of(path), "content": text}

    return Later(work, answer, renders)


async def _show(ctx: Context, path: str, text: str, what: str, held: bool) -> None:
    if held:
        await pages.replace_all(ctx.session, pages.uri_of(path), text)
    await pages.show(ctx.session, pages.uri_of(path), path, what)
