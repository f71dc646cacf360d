"""``promptls/preview``: a preview for a client that shows it by itself, and tells when it wants to know of newer ones.

``{textDocument, prompt?, sample?, inputs?, format: "html" | "markdown", watch?, request?}``, raw JSON.
``request: true``: with the request that a run would send, its key as ``$NAME``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from promptls.lsp.commands.registry import Call
from promptls.lsp.previews import Wanted
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.actions.preview import Preview


@request("promptls/preview")
def preview(ctx: Context, params: Any) -> Later | None:
    """``watch: true`` brings ``promptls/previewChanged`` after every change, until ``watch: false`` or the document is
    closed; ``watch: false`` alone, without ``format``, only ends that."""
    given = params if isinstance(params, Mapping) else {}
    about = given.get("textDocument")
    uri = about.get("uri") if isinstance(about, Mapping) else None
    call = Call("promptls/preview", {**given, "uri": uri})
    previews, watch = ctx.session.previews, given.get("watch")
    if watch is False:
        previews.watch(None, call.uri)
        if "format" not in given:
            return None
    ctx.session.need_trust()
    document = call.document(ctx)
    prompt = call.prompt(document)
    format_ = "html" if given.get("format") == "html" else "markdown"
    with_request = given.get("request") is True
    wanted = Wanted(document.uri, prompt.name, call.number("sample"), call.object("inputs"), format_, with_request)
    if wanted.sample:
        ctx.session.choices.choose_sample(document.uri, prompt.name, wanted.sample)
    if watch is True and ctx.session.workspace.is_open(document.uri):
        previews.watch(wanted, document.uri)

    def answer(made: Preview) -> dict[str, Any]:
        previews.made(made, prompt)
        return previews.answer(made, wanted)

    return Later(previews.work(ctx, document, prompt, wanted), answer)
