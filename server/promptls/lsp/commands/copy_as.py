"""``promptls.copyAs {uri, prompt?, as: "curl" | "python" | "ticket", target?}``: the request of a run, to paste.

Nothing is sent, and no key is read: it stands as ``$NAME``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from promptls.lsp.commands.registry import INVALID_PARAMS, Call, command
from promptls.lsp.commands.run import asked_for
from promptls.lsp.commands.written import written
from promptls.lsp.requests.registry import RefusedError
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.render import Renderer

_ENDINGS: Final = {"curl": ".curl.sh", "python": ".request.py", "ticket": ".ticket.md"}


@command("promptls.copyAs")
def copy_as(ctx: Context, call: Call) -> Later:
    """Answers ``{uri, content}``: a client with a clipboard takes the content, others open the page."""
    form = call.text("as") or "curl"
    if form not in _ENDINGS:
        raise RefusedError(INVALID_PARAMS, f"`as` is one of {', '.join(_ENDINGS)}.")
    document, prompt, wanted = asked_for(ctx, call)
    session = ctx.session
    session.runs.prepare()
    sample = wanted.sample or session.choices.sample(document.uri, prompt.name)
    chosen = session.choices.target(document.uri, prompt.name)

    def make(renderer: Renderer) -> str:
        from promptls.actions.copy_as import copied
        from promptls.actions.run import plan_run

        plan = plan_run(
            document,
            prompt,
            ctx.snapshot,
            renderer,
            sample=sample if sample and sample <= len(prompt.samples) else None,
            values=wanted.values,
            target=wanted.target,
            chosen=chosen,
            keys=session.runs.keys(),
            environment=os.environ,
            database=session.runs.database(),
            options=wanted.options,
        )
        return copied(plan, form, session.runs.database())

    return written(ctx, call, prompt.name, _ENDINGS[form], "The request", make, renders=True)
