"""``promptls.selectSample {uri, prompt?, sample?}``: previews, hints and runs of the document use that sample."""

from __future__ import annotations

from typing import Any

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call, command
from promptls.lsp.menu import chosen_sample
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.session import Context


@command("promptls.selectSample")
def select_sample(ctx: Context, call: Call) -> dict[str, Any]:
    """``sample`` counts from 1; without it, the next one. Remembered for as long as the server runs."""
    document = call.document(ctx)
    prompt, session = call.prompt(document), ctx.session
    current = chosen_sample(session, document, prompt)
    if current is None:
        raise RefusedError(REQUEST_FAILED, f"`{prompt.name}` has no samples: start `New sample` to write one.")
    number = call.number("sample") or current % len(prompt.samples) + 1
    if not 1 <= number <= len(prompt.samples):
        raise RefusedError(REQUEST_FAILED, f"There is no sample {number}: `{prompt.name}` has {len(prompt.samples)}.")
    session.choices.choose_sample(document.uri, prompt.name, number)
    session.refresh()
    session.previews.chosen(document.uri)
    title = prompt.samples[number - 1].title
    pages.tell(session, f"Sample {number} of {len(prompt.samples)} is used now: {title}")
    return {"uri": session.workspace.spelling(document.uri), "sample": number, "title": title}
