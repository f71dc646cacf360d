"""``promptls.preview {uri, prompt?, line?, sample?, inputs?, request?}``: the buffer's messages, as a page.

``request: true``: with what a run would send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call, command
from promptls.lsp.previews import Wanted
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.actions.preview import Preview
    from promptls.render import Renderer


@command("promptls.preview")
def preview(ctx: Context, call: Call) -> Later:
    """Answers ``{uri, content}`` of the page; a client with its own preview is shown nothing."""
    document = call.document(ctx)
    prompt = call.prompt(document)
    session, previews = ctx.session, ctx.session.previews
    if number := call.number("sample"):
        session.choices.choose_sample(document.uri, prompt.name, number)
    with_request = call.argument.get("request") is True
    wanted = Wanted(document.uri, prompt.name, call.number("sample"), call.object("inputs"), request=with_request)
    make = previews.work(ctx, document, prompt, wanted)
    place = previews.page(document, prompt)
    uri = pages.uri_of(place)
    writes = not session.client.own_preview and not session.workspace.is_open(uri)

    def work(renderer: Renderer) -> tuple[Preview, str, str]:
        from promptls.actions.preview import to_markdown
        from promptls.runs.keeping import write_result

        made = make(renderer)
        text = to_markdown(made)
        return made, text, write_result(place, text) if writes else place

    def answer(done: tuple[Preview, str, str]) -> dict[str, Any]:
        made, text, path = done
        previews.made(made, prompt)
        if session.client.own_preview:
            return {"uri": session.workspace.spelling(document.uri), "content": text, "sample": made.sample}
        page = pages.uri_of(path)
        previews.shown(page, wanted)
        session.tasks.start(_show(ctx, page, path, text, renew=not writes), "promptls.preview")
        return {"uri": page, "content": text, "sample": made.sample}

    return Later(work, answer)


async def _show(ctx: Context, page: str, path: str, text: str, *, renew: bool) -> None:
    if renew:
        await pages.replace_all(ctx.session, page, text)
    await pages.show(ctx.session, page, path, "The preview")
