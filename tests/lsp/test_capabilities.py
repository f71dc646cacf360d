"""What is offered is what is there; and it is offered before the core is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from promptls.ide import tokens
from promptls.lsp.client import Client, resolve
from promptls.lsp.requests import REQUESTS, offered
from promptls.lsp.requests.semantic_tokens import MODIFIERS, TYPES
from promptls.lsp.wire import types
from tests.lsp.frames import PATIENCE, profile

HANDLED = {
    "textDocument/hover": "hover_provider",
    "textDocument/completion": "completion_provider",
    "textDocument/codeAction": "code_action_provider",
    "textDocument/documentSymbol": "document_symbol_provider",
    "textDocument/foldingRange": "folding_range_provider",
    "textDocument/documentLink": "document_link_provider",
    "textDocument/semanticTokens/full": "semantic_tokens_provider",
    "textDocument/definition": "definition_provider",
    "textDocument/references": "references_provider",
    "textDocument/documentHighlight": "document_highlight_provider",
    "textDocument/rename": "rename_provider",
    "textDocument/selectionRange": "selection_range_provider",
    "textDocument/diagnostic": "diagnostic_provider",
    "textDocument/linkedEditingRange": "linked_editing_range_provider",
    "textDocument/signatureHelp": "signature_help_provider",
    "workspace/executeCommand": "execute_command_provider",
    "textDocument/codeLens": "code_lens_provider",
    "textDocument/inlayHint": "inlay_hint_provider",
}
WITHIN = {
    "completionItem/resolve",
    "textDocument/semanticTokens/range",
    "textDocument/semanticTokens/full/delta",
    "textDocument/prepareRename",
    "promptls/preview",
}


def test_every_handler_is_offered_and_nothing_else_is() -> None:
    assert set(REQUESTS) == set(HANDLED) | WITHIN
    assert set(offered(resolve(profile("vscode")))) == set(HANDLED.values())


def test_nothing_is_offered_that_the_client_could_not_use() -> None:
    bare = offered(Client())
    assert "code_action_provider" not in bare
    assert "diagnostic_provider" not in bare
    assert bare["rename_provider"] is True
    assert "semantic_tokens_provider" not in offered(Client(token_types=frozenset({"strange"})))
    assert bare["semantic_tokens_provider"].full is True
    assert offered(Client(token_deltas=True))["semantic_tokens_provider"].full.delta


def test_the_legend_holds_the_names_that_the_client_knows() -> None:
    provider = offered(Client(token_types=frozenset({"variable", "string"}), token_modifiers=frozenset()))
    legend = provider["semantic_tokens_provider"].legend
    assert (legend.token_types, legend.token_modifiers) == (["variable", "string"], [])


def test_the_legend_is_that_of_the_tokens() -> None:
    assert (TYPES, MODIFIERS) == (tokens.TYPES, tokens.MODIFIERS)
    assert set(TYPES) <= {kind.value for kind in types.SemanticTokenTypes}
    assert set(MODIFIERS) <= {modifier.value for modifier in types.SemanticTokenModifiers}


@pytest.mark.parametrize("core", ["workspace", "formats", "rules", "ide", "schema", "syntax"])
def test_the_core_is_not_loaded_until_initialize_is_answered(core: str) -> None:
    code = f"import promptls.lsp.server, sys; sys.exit('promptls.{core}' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=PATIENCE, check=False).returncode == 0
