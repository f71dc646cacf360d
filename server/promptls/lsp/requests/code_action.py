"""The fixes at a place, all safe ones of the file, and what can be started on the prompt there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from promptls.lsp import menu
from promptls.lsp.client import Client
from promptls.lsp.diagnostics import SOURCE, diagnostic_of
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import workspace_edit
from promptls.lsp.wire import types
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.ide import Action
    from promptls.prompt.model import Document
    from promptls.rules.finding import Finding

FIX_ALL = "source.fixAll.promptls"
REWRITE = "refactor.rewrite"
"""What changes a whole file is shown to a person who asks, never by itself."""


def _offer(client: Client) -> dict[str, Any]:
    """A client that only takes commands gets none: most actions are edits."""
    if not client.action_literals:
        return {}
    kinds = [types.CodeActionKind.QuickFix.value, REWRITE, FIX_ALL, menu.KIND]
    return {"code_action_provider": types.CodeActionOptions(kinds, resolve_provider=False)}


@request(types.TEXT_DOCUMENT_CODE_ACTION, _offer)
def code_action(ctx: Context, params: types.CodeActionParams) -> Later | list[types.CodeAction]:
    from promptls.ide import actions_at

    document = ctx.document(params.text_document.uri)
    if document is None or not ctx.client.action_literals:
        return []
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    found: list[types.CodeAction] = []
    if not only or any(_wanted(kind, ("quickfix", "refactor")) for kind in only):
        span = ctx.span(document, params.range)
        for action in actions_at(document, span, ctx.snapshot, ctx.findings(document)):
            if _asked_for(action.kind, only) if only else not (automatic and action.kind == REWRITE):
                found += _action(ctx, document, action, params.context.diagnostics)
    if (only and _asked_for(FIX_ALL, only)) or (not only and not automatic):
        found += _fix_all(ctx, document)
    if not automatic and (not only or any(_wanted(kind, ("source",)) for kind in only)):
        return _started(ctx, document, params, only, found)
    return found


def _wanted(kind: str, families: Sequence[str]) -> bool:
    return kind == "" or kind.split(".")[0] in families


def _asked_for(kind: str, only: Sequence[str]) -> bool:
    return any(asked == "" or kind == asked or kind.startswith(asked + ".") for asked in only)


def _action(
    ctx: Context, document: Document, action: Action, shown: Sequence[types.Diagnostic]
) -> list[types.CodeAction]:
    edit = workspace_edit(ctx, action.edits, action.title, action.note)
    if edit is None:
        return []
    return [
        types.CodeAction(
            action.title,
            kind=_kind(action.kind),
            diagnostics=[_as_shown(ctx, document, action.finding, shown)] if action.finding else None,
            is_preferred=True if action.preferred and ctx.client.preferred_actions else None,
            edit=edit,
        )
    ]


def _as_shown(
    ctx: Context, document: Document, finding: Finding, shown: Sequence[types.Diagnostic]
) -> types.Diagnostic:
    """The diagnostic that the client sent with the request, else our own: clients compare them."""
    own = diagnostic_of(ctx, document, finding)
    same = (one for one in shown if (one.code, one.range, one.message) == (own.code, own.range, own.message))
    return next(same, own)


def _fix_all(ctx: Context, document: Document) -> list[types.CodeAction]:
    from promptls.ide import fix_all

    edits = fix_all(document, ctx.snapshot, ctx.findings(document))
    edit = workspace_edit(ctx, edits) if edits else None
    if edit is None:
        return []
    return [types.CodeAction("Fix all that promptls can fix safely", kind=_kind(FIX_ALL), edit=edit)]


def _started(
    ctx: Context,
    document: Document,
    params: types.CodeActionParams,
    only: Sequence[str],
    before: list[types.CodeAction],
) -> Later | list[types.CodeAction]:
    """Offered to a person who asks, not while the cursor moves: a lamp on every line tells nothing."""
    session = ctx.session
    prompt = menu.prompt_around(document, ctx.span(document, params.range).start)

    def actions(entries: Iterable[menu.Entry]) -> list[types.CodeAction]:
        return before + [
            types.CodeAction(
                entry.title,
                kind=_kind(f"{menu.KIND}.{entry.kind}"),
                command=types.Command(entry.title, entry.command, arguments=[entry.argument]),
            )
            for entry in entries
            if not only or _asked_for(f"{menu.KIND}.{entry.kind}", only)
        ]

    codes = dict.fromkeys(one.code for one in params.context.diagnostics if one.source == SOURCE)
    explained = [menu.explained(session, document, str(code)) for code in codes if code]
    if document.rerun is not None:
        return actions([*explained, *menu.result_entries(session, ctx.snapshot, document)])
    if prompt is None:
        return actions(explained)
    session.runs.prepare()
    return Later(
        lambda _: menu.facts_of(session, ctx.snapshot, document, prompt),
        lambda facts: actions([*explained, *menu.entries(session, document, prompt, facts)]),
        renders=False,
    )


def _kind(kind: str) -> Any:
    """Kinds are an open set: what lsprotocol does not list is sent as it is."""
    return kind
