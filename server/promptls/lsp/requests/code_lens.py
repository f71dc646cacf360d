"""Above a prompt: preview it, run it, the sample that is used, how long it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from promptls.lsp import menu
from promptls.lsp.client import Client
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context, Session
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import types
from promptls.lsp.worker import Later
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.prompt.model import Document, Prompt


def _offer(_: Client) -> dict[str, Any]:
    return {"code_lens_provider": types.CodeLensOptions(resolve_provider=False)}


@request(types.TEXT_DOCUMENT_CODE_LENS, _offer)
def code_lens(ctx: Context, params: types.CodeLensParams) -> Later | list[types.CodeLens]:
    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    if document.rerun is not None:
        return _lenses(ctx, document, 0, menu.result_entries(ctx.session, ctx.snapshot, document))
    runnable = [prompt for prompt in document.prompts if prompt.runnable and prompt.template is not None]
    if not runnable:
        return []

    ctx.session.runs.prepare()

    def facts(_: object) -> list[menu.Facts]:
        return [menu.facts_of(ctx.session, ctx.snapshot, document, prompt) for prompt in runnable]

    def answer(found: list[menu.Facts]) -> list[types.CodeLens]:
        return [
            lens
            for prompt, known in zip(runnable, found, strict=True)
            for lens in _lenses(
                ctx,
                document,
                0 if len(document.prompts) == 1 else prompt.span.start,
                _entries(ctx.session, document, prompt, known),
            )
        ]

    return Later(facts, answer, renders=False)


def _lenses(ctx: Context, document: Document, offset: int, entries: Iterable[menu.Entry]) -> list[types.CodeLens]:
    place = range_of(ctx.positions(document), Span(offset, offset))
    return [
        types.CodeLens(place, types.Command(entry.title, entry.command, arguments=[entry.argument]))
        for entry in entries
    ]


def _entries(session: Session, document: Document, prompt: Prompt, facts: menu.Facts) -> Iterator[menu.Entry]:
    from promptls.prompt.tokens import estimate

    about = menu.about_prompt(session, document, prompt)
    yield menu.Entry("Preview", "", "promptls.preview", about)
    yield menu.Entry(f"Run · {facts.label}", "", "promptls.run", about)
    yield from menu.stops(session, document.uri)
    if sum(name != "echo" for name in facts.compared) > 1:
        yield menu.Entry("Compare", "", "promptls.compare", {**about, "targets": facts.compared})
    chosen = menu.chosen_sample(session, document, prompt)
    if chosen is not None and len(prompt.samples) > 1:
        following = {**about, "sample": chosen % len(prompt.samples) + 1}
        yield menu.Entry(f"Sample {chosen}/{len(prompt.samples)}", "", "promptls.selectSample", following)
    if prompt.template is not None:
        count = estimate(prompt.template.span.slice(document.text.value))
        yield menu.Entry(f"~{count} tokens", "", "promptls.preview", about)
