"""One file per LSP request: position in, one question to ``ide``, plain data out, converted.

Importing this room registers all of them. ``ide`` is imported by the first request that needs it.
"""

from promptls.lsp.notifications import documents, workspace
from promptls.lsp.requests import (
    code_action,
    code_lens,
    completion,
    completion_resolve,
    definition,
    diagnostic,
    document_highlight,
    document_link,
    document_symbol,
    execute_command,
    folding_range,
    hover,
    inlay_hint,
    linked_editing_range,
    preview,
    references,
    rename,
    selection_range,
    semantic_tokens,
    signature_help,
)
from promptls.lsp.requests.registry import NOTIFICATIONS, REQUESTS, offered

__all__ = [
    "NOTIFICATIONS",
    "REQUESTS",
    "code_action",
    "code_lens",
    "completion",
    "completion_resolve",
    "definition",
    "diagnostic",
    "document_highlight",
    "document_link",
    "document_symbol",
    "documents",
    "execute_command",
    "folding_range",
    "hover",
    "inlay_hint",
    "linked_editing_range",
    "offered",
    "preview",
    "references",
    "rename",
    "selection_range",
    "semantic_tokens",
    "signature_help",
    "workspace",
]
