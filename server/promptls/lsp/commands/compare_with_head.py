"""``promptls.compareWithHead {uri, ref?}``: what the buffer changes in the messages, against a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.lsp.commands.registry import Call, command
from promptls.lsp.commands.written import written
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.render import Renderer


@command("promptls.compareWithHead")
def compare_with_head(ctx: Context, call: Call) -> Later:
    """``ref``: HEAD where it is left out. Answers ``{uri, content}``."""
    document = call.document(ctx)
    prompt, ref = call.prompt(document), call.text("ref") or "HEAD"

    def make(renderer: Renderer) -> str:
        from promptls.actions.diff import compare_with_head, to_markdown

        return to_markdown(compare_with_head(document, ctx.snapshot, renderer, ref=ref))

    return written(ctx, call, prompt.name, ".diff.md", "The comparison", make, renders=True)
