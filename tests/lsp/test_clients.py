"""The server as three clients see it, each with the capabilities that it really sends; pytest-lsp watches the rules.

An ``LspSpecificationWarning`` fails the test, as every warning does here.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, LspSpecificationWarning

from promptls.text import Text
from tests.lsp.frames import SERVE, profile

PROFILES = ("vscode", "neovim", "bare")
URI = "file:///tmp/clients/greet.prompty"
TEXT = """---
name: greet
model:
  id: gpt-4o
inputs:
  name: {kind: string}
  topic: {kind: string}
---
system:
You help with {{ topic }} and {{ topics }}.
{# promptls: ignore-file[not-portable]
over two lines #}
user:
{% if name %}
Hello {{ name | upper }}
{{ name | replace("a", "b", 1, 2) }}
<context>{{ name | trim }}</context>
{% endif %}
"""

DOCUMENT = types.TextDocumentIdentifier(URI)


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    scope="module", params=PROFILES, config=ClientServerConfig(server_command=[sys.executable, "-c", SERVE])
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    raw = profile(request.param)
    capabilities = default_converter().structure(raw["capabilities"], types.ClientCapabilities)  # type: ignore[no-untyped-call]
    info = types.ClientInfo(request.param)
    params = types.InitializeParams(capabilities=capabilities, client_info=info, process_id=None)
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    lsp_client.profile = request.param  # type: ignore[attr-defined]
    lsp_client.offered = (await lsp_client.initialize_session(params)).capabilities  # type: ignore[attr-defined]
    lsp_client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(URI, "prompty", version=1, text=TEXT))
    )
    if request.param == "vscode":
        report = await lsp_client.text_document_diagnostic_async(types.DocumentDiagnosticParams(DOCUMENT))
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert URI not in lsp_client.diagnostics
        lsp_client.shown = list(report.items)  # type: ignore[attr-defined]
    else:
        await lsp_client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        lsp_client.shown = list(lsp_client.diagnostics[URI])  # type: ignore[attr-defined]
    yield
    await lsp_client.shutdown_session()


def at(words: str, within: str = "", more: int = 0) -> types.Position:
    """The place behind ``words`` (all ASCII before it, so that columns are the same in every encoding)."""
    start = TEXT.index(within) if within else 0
    return types.Position(*Text(TEXT).place(TEXT.index(words, start) + len(words) + more))


@pytest.mark.asyncio(loop_scope="module")
async def test_findings(client: LanguageClient) -> None:
    (finding,) = client.shown  # type: ignore[attr-defined]
    assert finding.code == "undefined-variable"
    assert finding.source == "promptls"
    assert finding.range.start == at("and {{ ")


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_offered(client: LanguageClient) -> None:
    offered: Any = client.offered  # type: ignore[attr-defined]
    encoding = {"vscode": "utf-16", "neovim": "utf-8", "bare": "utf-16"}[client.profile]  # type: ignore[attr-defined]
    assert offered.position_encoding == encoding
    assert offered.hover_provider
    assert (offered.code_action_provider is None) == (client.profile == "bare")  # type: ignore[attr-defined]
    assert "promptls.run" in offered.execute_command_provider.commands
    assert offered.definition_provider is None or offered.definition_provider


@pytest.mark.asyncio(loop_scope="module")
async def test_hover(client: LanguageClient) -> None:
    hover = await client.text_document_hover_async(types.HoverParams(DOCUMENT, at("Hello {{ na")))
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "string" in hover.contents.value
    plain = client.profile == "bare"  # type: ignore[attr-defined]
    assert hover.contents.kind == (types.MarkupKind.PlainText if plain else types.MarkupKind.Markdown)
    assert ("`" in hover.contents.value) != plain


@pytest.mark.asyncio(loop_scope="module")
async def test_completion_of_inputs_and_their_documentation(client: LanguageClient) -> None:
    params = types.CompletionParams(DOCUMENT, at("Hello {{ "))
    result = await client.text_document_completion_async(params)
    assert isinstance(result, types.CompletionList)
    assert [item.label for item in result.items[:3]] == ["name", "topic", "topics"]
    assert [item.sort_text for item in result.items] == sorted(item.sort_text or "" for item in result.items)
    item = next(item for item in result.items if item.label == "topic")
    if client.profile == "neovim":  # type: ignore[attr-defined]
        assert item.documentation is not None
    else:
        resolved = await client.completion_item_resolve_async(item)
        assert resolved.documentation is not None


@pytest.mark.asyncio(loop_scope="module")
async def test_completion_of_a_filter_takes_snippets_only_where_they_are_taken(client: LanguageClient) -> None:
    half = await client.text_document_completion_async(types.CompletionParams(DOCUMENT, at("name | up")))
    assert isinstance(half, types.CompletionList)
    assert "upper" in [item.label for item in half.items]
    assert half.is_incomplete
    result = await client.text_document_completion_async(types.CompletionParams(DOCUMENT, at("name | ")))
    assert isinstance(result, types.CompletionList)
    assert not result.is_incomplete
    snippets = [item for item in result.items if item.insert_text_format == types.InsertTextFormat.Snippet]
    assert bool(snippets) == (client.profile != "bare")  # type: ignore[attr-defined]


@pytest.mark.asyncio(loop_scope="module")
async def test_symbols(client: LanguageClient) -> None:
    symbols: Any = await client.text_document_document_symbol_async(types.DocumentSymbolParams(DOCUMENT))
    flat = client.profile == "bare"  # type: ignore[attr-defined]
    assert all(isinstance(symbol, types.SymbolInformation if flat else types.DocumentSymbol) for symbol in symbols)
    assert {"name", "inputs"} <= {symbol.name for symbol in symbols}


@pytest.mark.asyncio(loop_scope="module")
async def test_folding_links_and_tokens(client: LanguageClient) -> None:
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(DOCUMENT))
    assert folds
    lines_only = client.profile != "bare"  # type: ignore[attr-defined]
    assert all((fold.start_character is None) == lines_only for fold in folds)
    assert not await client.text_document_document_link_async(types.DocumentLinkParams(DOCUMENT))
    offered: Any = client.offered  # type: ignore[attr-defined]
    legend = offered.semantic_tokens_provider.legend
    tokens = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(DOCUMENT))
    assert tokens is not None
    assert len(tokens.data) % 5 == 0
    assert {legend.token_types[kind] for kind in tokens.data[3::5]} >= {"property", "parameter"}
    part = types.Range(types.Position(8, 0), types.Position(10, 0))
    some = await client.text_document_semantic_tokens_range_async(types.SemanticTokensRangeParams(DOCUMENT, part))
    assert some is not None
    assert 0 < len(some.data) < len(tokens.data)


@pytest.mark.asyncio(loop_scope="module")
async def test_code_actions_are_tied_to_what_they_mend(client: LanguageClient) -> None:
    if client.profile == "bare":  # type: ignore[attr-defined]
        return
    shown = client.shown  # type: ignore[attr-defined]
    context = types.CodeActionContext(shown)
    params = types.CodeActionParams(DOCUMENT, shown[0].range, context)
    actions = await client.text_document_code_action_async(params)
    assert actions
    fixes = [action for action in actions if isinstance(action, types.CodeAction) and action.kind == "quickfix"]
    assert fixes[0].is_preferred
    assert all(list(fix.diagnostics or ()) == shown for fix in fixes)
    assert all(fix.edit for fix in fixes)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_name_is_found_and_renamed(client: LanguageClient) -> None:
    place = at("Hello {{ na")
    found: Any = await client.text_document_definition_async(types.DefinitionParams(DOCUMENT, place))
    assert [(one.uri, one.range.start) for one in found] == [(URI, at("inputs:\n  "))]
    context = types.ReferenceContext(include_declaration=True)
    uses = await client.text_document_references_async(types.ReferenceParams(context, DOCUMENT, place))
    assert len(uses or []) == 5
    marks = await client.text_document_document_highlight_async(types.DocumentHighlightParams(DOCUMENT, place))
    assert len(marks or []) == 5
    edit = await client.text_document_rename_async(types.RenameParams(DOCUMENT, place, "person"))
    assert edit is not None
    prepared = await client.text_document_prepare_rename_async(types.PrepareRenameParams(DOCUMENT, place))
    assert isinstance(prepared, types.PrepareRenamePlaceholder)
    assert prepared.placeholder == "name"
    chains = await client.text_document_selection_range_async(types.SelectionRangeParams(DOCUMENT, [place]))
    assert chains is not None
    assert chains[0].parent is not None


@pytest.mark.asyncio(loop_scope="module")
async def test_what_a_filter_takes(client: LanguageClient) -> None:
    bare = client.profile == "bare"  # type: ignore[attr-defined]
    params = types.SignatureHelpParams(DOCUMENT, at('replace("a", '))
    help_ = await client.text_document_signature_help_async(params)
    assert help_ is not None
    (signature,) = help_.signatures
    assert signature.label == "replace(old, new, count=none)"
    assert (help_.active_signature, help_.active_parameter, signature.active_parameter) == (0, 1, 1)
    labels = [one.label for one in signature.parameters or ()]
    assert labels == (["old", "new", "count=none"] if bare else [(8, 11), (13, 16), (18, 28)])
    assert isinstance(signature.documentation, types.MarkupContent)
    assert (signature.documentation.kind == types.MarkupKind.PlainText) == bare
    beyond = await client.text_document_signature_help_async(
        types.SignatureHelpParams(DOCUMENT, at('replace("a", "b", 1, '))
    )
    assert beyond is not None
    assert beyond.active_parameter == (None if client.profile == "vscode" else 3)  # type: ignore[attr-defined]
    outside = types.SignatureHelpParams(DOCUMENT, at("Hello"))
    assert await client.text_document_signature_help_async(outside) is None


@pytest.mark.asyncio(loop_scope="module")
async def test_both_names_of_a_tag_change_together(client: LanguageClient) -> None:
    linked = await client.text_document_linked_editing_range_async(types.LinkedEditingRangeParams(DOCUMENT, at("<con")))
    assert linked is not None
    assert [one.start for one in linked.ranges] == [at("<"), at("</")]
    assert [one.end for one in linked.ranges] == [at("<context"), at("</context")]
    assert linked.word_pattern
    params = types.LinkedEditingRangeParams(DOCUMENT, at("Hello"))
    assert await client.text_document_linked_editing_range_async(params) is None


def test_warnings_about_the_specification_are_errors() -> None:
    import warnings

    with pytest.raises(LspSpecificationWarning):
        warnings.warn("a rule of LSP is broken", LspSpecificationWarning, stacklevel=1)
