"""``promptls.newSample {uri, prompt?}``: values to fill in, in ``NAME.sample.yaml`` beside the prompt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call, command
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.session import Context


@command("promptls.newSample")
def new_sample(ctx: Context, call: Call) -> dict[str, Any]:
    """Answers ``{uri, content}``. A file that the editor holds is changed there, never under it."""
    from promptls.actions.error import ActionError
    from promptls.actions.new_sample import new_sample as make

    document = call.document(ctx)
    prompt, session = call.prompt(document), ctx.session
    try:
        path, text = make(document, prompt, ctx.snapshot)
    except ActionError as error:
        raise RefusedError(REQUEST_FAILED, str(error)) from None
    uri = pages.uri_of(path)
    held = session.workspace.is_open(uri)
    if not held:
        try:
            Path(path).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise RefusedError(REQUEST_FAILED, f"{path} cannot be written: {error.strerror}.") from None
        session.workspace.refresh()
        session.publisher.all_changed()
        session.refresh()
    session.tasks.start(_show(ctx, uri, path, text, held), call.name)
    return {"uri": uri, "content": text}


async def _show(ctx: Context, uri: str, path: str, text: str, held: bool) -> None:
    if held:
        await pages.replace_all(ctx.session, uri, text)
    await pages.show(ctx.session, uri, path, "The sample")
