"""What the thing under the pointer is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from promptls.lsp.previews import Wanted
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import markup, range_of
from promptls.lsp.wire import types
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.actions.preview import Preview
    from promptls.ide import Card
    from promptls.prompt.model import Document, Prompt, RoleLine

_LINES: Final = 40


@request(types.TEXT_DOCUMENT_HOVER, lambda _: {"hover_provider": True})
def hover(ctx: Context, params: types.HoverParams) -> types.Hover | Later | None:
    """On a role line, and on the first line of a file, with the message as it renders: made for this request only."""
    from promptls.ide import hover_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    offset = ctx.offset(document, params.position)
    card = hover_at(document, offset, ctx.snapshot)
    if ctx.session.settings.trusted and (start := _rendered_at(document, offset)) is not None:
        return _with_preview(ctx, document, start, card)
    return card and _shown(ctx, document, card)


def _shown(ctx: Context, document: Document, card: Card) -> types.Hover:
    contents = markup(card.markdown, ctx.client.hover_markdown)
    return types.Hover(contents, range_of(ctx.positions(document), card.span))


def _rendered_at(document: Document, offset: int) -> RoleLine | Prompt | None:
    """The message of the role line there, the prompt of the first line; None anywhere else."""
    line = document.text.line_at(offset)
    for prompt in document.prompts if document.prompt_like else ():
        if prompt.template is None or not prompt.runnable:
            continue
        for role in prompt.template.roles:
            if role.known and role.span.touches(offset):
                return role
        if line == 0 or (len(document.prompts) > 1 and line == document.text.line_at(prompt.span.start)):
            return prompt
    return None


def _with_preview(ctx: Context, document: Document, place: RoleLine | Prompt, card: Card | None) -> Later:
    from promptls.ide import Card

    prompts = [one for one in document.prompts if one.template is not None]
    prompt = next(one for one in prompts if one is place or (one.template and place in one.template.roles))

    def answer(made: Preview) -> types.Hover:
        from promptls.actions.preview import hover_preview, to_markdown

        ctx.session.previews.made(made, prompt)
        if place is prompt:
            shown = _cut(to_markdown(made))
        else:
            starts = [message.offset for message in made.messages]
            index = starts.index(place.span.start) if place.span.start in starts else -1
            shown = hover_preview(made, index) if index >= 0 or not made.messages else ""
        span = card.span if card else document.text.line_span(document.text.line_at(place.span.start))
        text = "\n\n---\n\n".join(part for part in (card.markdown if card else "", shown) if part)
        return _shown(ctx, document, Card(span, text))

    return Later(ctx.session.previews.work(ctx, document, prompt, Wanted(document.uri, prompt.name)), answer)


def _cut(markdown: str) -> str:
    """The first 40 lines, with the fence closed that the cut may have opened."""
    lines = markdown.rstrip().split("\n")
    if len(lines) <= _LINES:
        return markdown
    fence = ""
    for line in lines[:_LINES]:
        found = re.match("`{3,}", line)
        if found:
            fence = "" if fence and line.startswith(fence) else fence or found[0]
    end = [fence] if fence else []
    return "\n".join([*lines[:_LINES], *end, "", f"*{_LINES} of {len(lines)} lines*"])
