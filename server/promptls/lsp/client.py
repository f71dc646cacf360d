"""What the client can do, read once from its raw capabilities into plain values; nothing looks into them later.

Read by hand and not through lsprotocol: an unknown or a wrong value costs one answer, never the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from promptls.lsp.positions import DEFAULT, ENCODINGS

_FIRST_SYMBOL_KINDS: Final = frozenset(range(1, 19))
_RETRIGGERING: Final = ("visual studio code", "code - oss", "vscodium", "cursor", "windsurf", "code-server")


@dataclass(frozen=True, slots=True)
class Client:
    """``…_markdown``: Markdown may be sent there, else plain text. ``token_types``: None means all."""

    name: str = ""
    encoding: str = DEFAULT
    # workspace
    configuration: bool = False
    watch_files: bool = False
    watch_configuration: bool = False
    document_changes: bool = False
    create_files: bool = False
    dynamic: frozenset[str] = frozenset()
    """What of ``textDocument`` can be asked for later: ``hover``, ``synchronization`` …"""
    apply_edit: bool = False
    # windows
    show_document: bool = False
    progress: bool = False
    # what only clients of ours declare (`capabilities.experimental.promptls`)
    own_preview: bool = False
    own_runs: bool = False
    own_secrets: bool = False
    host: str = ""
    """The application that the client is a part of, and whose own checks it shows beside ours: ``vscode``."""
    # diagnostics
    pulls: bool = False
    related_information: bool = False
    diagnostic_tags: frozenset[int] = frozenset()
    # completion
    snippets: bool = False
    completion_markdown: bool = False
    resolves_documentation: bool = True
    label_details: bool = False
    preselect: bool = False
    default_edit_range: bool = False
    retriggers: bool = False
    # the other features
    hover_markdown: bool = False
    signature_markdown: bool = False
    label_offsets: bool = False
    no_active_parameter: bool = False
    action_literals: bool = False
    refreshes_lenses: bool = False
    refreshes_hints: bool = False
    preferred_actions: bool = False
    change_notes: bool = False
    prepares_rename: bool = False
    nested_symbols: bool = False
    symbol_kinds: frozenset[int] = _FIRST_SYMBOL_KINDS
    line_folding_only: bool = False
    fold_limit: int | None = None
    link_tooltips: bool = False
    token_deltas: bool = False
    token_types: frozenset[str] | None = None
    token_modifiers: frozenset[str] | None = None


def resolve(initialize: Any) -> Client:
    """The client of an ``initialize`` request's raw parameters."""
    capabilities = _at(initialize, "capabilities")
    workspace, document = _at(capabilities, "workspace"), _at(capabilities, "textDocument")
    completion, item = _at(document, "completion"), _at(document, "completion", "completionItem")
    diagnostics, symbols = _at(document, "publishDiagnostics"), _at(document, "documentSymbol")
    actions, folding, tokens = (
        _at(document, "codeAction"),
        _at(document, "foldingRange"),
        _at(document, "semanticTokens"),
    )
    edit, signature = _at(workspace, "workspaceEdit"), _at(document, "signatureHelp", "signatureInformation")
    defaults = _list(completion, "completionList", "itemDefaults")
    name = _at(initialize, "clientInfo", "name")
    window, own = _at(capabilities, "window"), _at(capabilities, "experimental", "promptls")
    limit, host = _at(folding, "rangeLimit"), _at(own, "host", "name")
    return Client(
        name=name if isinstance(name, str) else "",
        encoding=_encoding(_list(capabilities, "general", "positionEncodings")),
        configuration=_yes(workspace, "configuration"),
        watch_files=_yes(workspace, "didChangeWatchedFiles", "dynamicRegistration"),
        watch_configuration=_yes(workspace, "didChangeConfiguration", "dynamicRegistration"),
        document_changes=_yes(edit, "documentChanges"),
        # Neovim lists the operations, which exist in `documentChanges` only, and leaves that itself out.
        create_files="create" in _list(edit, "resourceOperations"),
        dynamic=frozenset(name for name in _keys(document) if _yes(document, name, "dynamicRegistration")),
        apply_edit=_yes(workspace, "applyEdit"),
        show_document=_yes(window, "showDocument", "support"),
        progress=_yes(window, "workDoneProgress"),
        own_preview=_yes(own, "preview"),
        own_runs=_yes(own, "runEvents"),
        own_secrets=_yes(own, "secrets"),
        host=host if isinstance(host, str) else "",
        # Neovim 0.11 asks for findings and cannot be told to ask again: another file's change would go unseen.
        pulls=isinstance(_at(document, "diagnostic"), Mapping) and _yes(workspace, "diagnostics", "refreshSupport"),
        related_information=_yes(diagnostics, "relatedInformation"),
        diagnostic_tags=_numbers(diagnostics, "tagSupport", "valueSet"),
        snippets=_yes(item, "snippetSupport"),
        completion_markdown="markdown" in _list(item, "documentationFormat"),
        # Before 3.16 every client could; one that lists what it resolves, as Neovim 0.11 does, means only that.
        resolves_documentation=_at(item, "resolveSupport") is None
        or "documentation" in _list(item, "resolveSupport", "properties"),
        label_details=_yes(item, "labelDetailsSupport"),
        preselect=_yes(item, "preselectSupport"),
        default_edit_range="editRange" in defaults,
        retriggers=isinstance(name, str) and name.lower().startswith(_RETRIGGERING),
        hover_markdown="markdown" in _list(document, "hover", "contentFormat"),
        signature_markdown="markdown" in _list(signature, "documentationFormat"),
        label_offsets=_yes(signature, "parameterInformation", "labelOffsetSupport"),
        no_active_parameter=_yes(signature, "noActiveParameterSupport"),
        action_literals=isinstance(_at(actions, "codeActionLiteralSupport"), Mapping),
        refreshes_lenses=_yes(workspace, "codeLens", "refreshSupport"),
        refreshes_hints=_yes(workspace, "inlayHint", "refreshSupport"),
        preferred_actions=_yes(actions, "isPreferredSupport"),
        # A note hangs on an edit of `documentChanges`; there is no place for one in `changes`.
        change_notes=_yes(edit, "documentChanges") and isinstance(_at(edit, "changeAnnotationSupport"), Mapping),
        prepares_rename=_yes(document, "rename", "prepareSupport"),
        nested_symbols=_yes(symbols, "hierarchicalDocumentSymbolSupport"),
        symbol_kinds=_numbers(symbols, "symbolKind", "valueSet") or _FIRST_SYMBOL_KINDS,
        line_folding_only=_yes(folding, "lineFoldingOnly"),
        fold_limit=limit if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0 else None,
        link_tooltips=_yes(document, "documentLink", "tooltipSupport"),
        token_deltas=_yes(tokens, "requests", "full", "delta"),
        token_types=_names(tokens, "tokenTypes"),
        token_modifiers=_names(tokens, "tokenModifiers"),
    )


def _encoding(offered: Sequence[Any]) -> str:
    return next((one for one in offered if one in ENCODINGS), DEFAULT)


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _yes(value: Any, *path: str) -> bool:
    return _at(value, *path) is True


def _list(value: Any, *path: str) -> list[Any]:
    found = _at(value, *path)
    return found if isinstance(found, list) else []


def _keys(value: Any) -> list[str]:
    return [key for key in value if isinstance(key, str)] if isinstance(value, Mapping) else []


def _numbers(value: Any, *path: str) -> frozenset[int]:
    return frozenset(item for item in _list(value, *path) if isinstance(item, int))


def _names(value: Any, *path: str) -> frozenset[str] | None:
    """None where the client says nothing, which stands for all names."""
    if not isinstance(_at(value, *path), list):
        return None
    return frozenset(item for item in _list(value, *path) if isinstance(item, str))
