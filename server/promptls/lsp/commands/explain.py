"""``promptls.explain {code, uri?}``: what a finding means, with an example and what to do, as a page."""

from __future__ import annotations

from promptls.lsp.commands.registry import INVALID_PARAMS, Call, command
from promptls.lsp.commands.written import written
from promptls.lsp.requests.registry import RefusedError
from promptls.lsp.session import Context
from promptls.lsp.worker import Later


@command("promptls.explain")
def explain(ctx: Context, call: Call) -> Later:
    """Answers ``{uri, content}``."""
    from promptls.rules.explain import explain as explained

    code = call.text("code")
    try:
        text = explained(code)
    except LookupError as error:
        raise RefusedError(INVALID_PARAMS, f"{error.args[0]}.") from None
    return written(ctx, call, code, ".explained.md", f"What `{code}` means", lambda _: text, renders=False)
