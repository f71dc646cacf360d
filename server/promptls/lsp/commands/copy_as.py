"""``promptls.copyAs {uri, prompt?, as: "curl" | "python" | "ticket", target?}``: the request of a run, to paste.

Nothing is sent, and no key is read: it stands as ``$NAME``.
"""

from __future__ import annotations

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
    from promptls.lsp.running import planned

    form = call.text("as") or "curl"
    if form not in _ENDINGS:
        raise RefusedError(INVALID_PARAMS, f"`as` is one of {', '.join(_ENDINGS)}.")
    document, prompt, wanted = asked_for(ctx, call)
    session = ctx.session
    session.runs.prepare()
    plan = planned(session, document, prompt, wanted, ctx.snapshot)

    def make(renderer: Renderer) -> str:
        from promptls.actions.copy_as import copied

        return copied(plan(renderer), form, session.runs.database())

    return written(ctx, call, prompt.name, _ENDINGS[form], "The request", make, renders=True)
