"""Above a prompt: preview it, run it, the sample that is used, how long it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from promptls.lsp.client import Client
from promptls.lsp.menu import about_prompt, chosen_sample
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import types
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.prompt.model import Document, Prompt


def _offer(_: Client) -> dict[str, Any]:
    return {"code_lens_provider": types.CodeLensOptions(resolve_provider=False)}


@request(types.TEXT_DOCUMENT_CODE_LENS, _offer)
def code_lens(ctx: Context, params: types.CodeLensParams) -> list[types.CodeLens]:
    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    return [lens for prompt in document.prompts for lens in _of(ctx, document, prompt)]


def _of(ctx: Context, document: Document, prompt: Prompt) -> Iterator[types.CodeLens]:
    from promptls.prompt.tokens import estimate

    if not prompt.runnable or prompt.template is None:
        return
    session, about = ctx.session, about_prompt(ctx.session, document, prompt)
    start = 0 if len(document.prompts) == 1 else prompt.span.start
    place = range_of(ctx.positions(document), Span(start, start))

    def lens(title: str, command: str, argument: dict[str, Any]) -> types.CodeLens:
        return types.CodeLens(place, types.Command(title, command, arguments=[argument]))

    yield lens("Preview", "promptls.preview", about)
    if (chosen := chosen_sample(session, document, prompt)) is not None and len(prompt.samples) > 1:
        following = chosen % len(prompt.samples) + 1
        title = f"Sample {chosen}/{len(prompt.samples)}"
        yield lens(title, "promptls.selectSample", {**about, "sample": following})
    yield lens(f"~{estimate(prompt.template.span.slice(document.text.value))} tokens", "promptls.preview", about)
