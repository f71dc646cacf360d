"""What can stand at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.client import Client
from promptls.lsp.diagnostics import told_by_host
from promptls.lsp.positions import Positions
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import markup, range_of, text_edit, with_line_ends
from promptls.lsp.wire import types

if TYPE_CHECKING:
    from promptls.ide import Completion

# After a space there are names in `{{ `, values behind `key: `; in prose the answer is empty.
_TRIGGERS: Final = ("{", "%", "|", ".", "$", ":", "/", " ", '"', "'")
_KINDS: Final = {
    "property": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.Value,
    "variable": types.CompletionItemKind.Variable,
    "field": types.CompletionItemKind.Field,
    "function": types.CompletionItemKind.Function,
    "keyword": types.CompletionItemKind.Keyword,
    "file": types.CompletionItemKind.File,
    "snippet": types.CompletionItemKind.Snippet,
    "role": types.CompletionItemKind.EnumMember,
    "constant": types.CompletionItemKind.Constant,
    "operator": types.CompletionItemKind.Operator,
}
_ASK_AGAIN: Final = types.Command("Suggest", "editor.action.triggerSuggest")


def _offer(_: Client) -> dict[str, Any]:
    return {"completion_provider": types.CompletionOptions(list(_TRIGGERS), resolve_provider=True)}


@request(types.TEXT_DOCUMENT_COMPLETION, _offer)
def completion(ctx: Context, params: types.CompletionParams) -> types.CompletionList:
    from promptls.ide import complete_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return types.CompletionList(False, [])
    offset = ctx.offset(document, params.position)
    by_character = types.CompletionTriggerKind.TriggerCharacter
    asked = params.context is None or params.context.trigger_kind != by_character
    # VS Code (1.139.1) offers the files that its own kinds of prompt files can name.
    paths = not told_by_host(ctx.session, ctx.snapshot, document)
    choices = complete_at(document, offset, ctx.snapshot, asked=asked, paths=paths)
    if not ctx.client.resolves_documentation:
        choices = tuple(_documented(ctx, choice) for choice in choices)
    return completion_list(choices, offset, ctx.positions(document), params.text_document.uri, ctx.client)


def _documented(ctx: Context, choice: Completion) -> Completion:
    from promptls.ide import documentation_of

    if choice.documentation is not None or not choice.data:
        return choice
    return replace(choice, documentation=documentation_of(choice.data, ctx.snapshot) or None)


def completion_list(
    choices: Sequence[Completion], offset: int, positions: Positions, uri: str, client: Client
) -> types.CompletionList:
    """The choices in their order. They fit what is typed, so a list for half a word is not the whole one: a client
    that kept it would miss choices when letters are taken back."""
    shared = None
    if client.default_edit_range and len({choice.replace for choice in choices}) == 1:
        shared = types.CompletionItemDefaults(edit_range=range_of(positions, choices[0].replace))
    items = [_item(choice, index, positions, uri, client, shared is not None) for index, choice in enumerate(choices)]
    typed = any(choice.replace.start < offset for choice in choices)
    return types.CompletionList(typed, items, item_defaults=shared)


def _item(
    choice: Completion, index: int, positions: Positions, uri: str, client: Client, shared_range: bool
) -> types.CompletionItem:
    snippet = choice.snippet is not None and client.snippets
    text = with_line_ends(choice.snippet if snippet and choice.snippet is not None else choice.text, positions.text)
    item = types.CompletionItem(
        choice.label,
        kind=_KINDS.get(choice.kind, types.CompletionItemKind.Text),
        detail=choice.detail or None,
        sort_text=f"{index:05}",
        filter_text=choice.filter or None,
        insert_text_format=types.InsertTextFormat.Snippet if snippet else None,
        preselect=True if choice.preselect and client.preselect else None,
        data={"uri": uri, **choice.data} if choice.data and choice.documentation is None else None,
    )
    if choice.detail and client.label_details:
        # Shown beside every choice, where `detail` is shown beside the chosen one only.
        item.label_details = types.CompletionItemLabelDetails(description=choice.detail)
    if choice.documentation is not None:
        item.documentation = markup(choice.documentation, client.completion_markdown)
    if shared_range:
        item.text_edit_text = None if text == choice.label else text
    else:
        item.text_edit = types.TextEdit(range_of(positions, choice.replace), text)
    if choice.edits:
        item.additional_text_edits = [text_edit(positions, edit.span, edit.text) for edit in choice.edits]
    if choice.again and client.retriggers:
        item.command = _ASK_AGAIN
    return item
