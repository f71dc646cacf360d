"""The editor's features over one document: an offset comes in, plain data goes out.

One file or folder per feature. May call everything below (text to rules); knows no protocol, reads no
file, asks no clock, renders nothing, sends nothing.
"""

from promptls.ide.actions import FIX_ALL, Action, actions_at, fix_all
from promptls.ide.completion import Completion, complete_at, documentation_of
from promptls.ide.definition import Highlight, definition_at, highlights_at, references_at
from promptls.ide.folding import Fold, folds_of
from promptls.ide.hover import Card, hover_at
from promptls.ide.inlay_hints import Hint, hints_of
from promptls.ide.linked import Linked, linked_at
from promptls.ide.links import Link, links_of
from promptls.ide.rename import Renamable, RenameRefusedError, renamable_at, rename_at
from promptls.ide.selection import selection_at
from promptls.ide.signature import Parameter, Signature, SignatureHelp, signature_at
from promptls.ide.symbols import Symbol, symbols_of
from promptls.ide.tokens import MODIFIERS, TYPES, Token, tokens_of

__all__ = [
    "FIX_ALL",
    "MODIFIERS",
    "TYPES",
    "Action",
    "Card",
    "Completion",
    "Fold",
    "Highlight",
    "Hint",
    "Link",
    "Linked",
    "Parameter",
    "Renamable",
    "RenameRefusedError",
    "Signature",
    "SignatureHelp",
    "Symbol",
    "Token",
    "actions_at",
    "complete_at",
    "definition_at",
    "documentation_of",
    "fix_all",
    "folds_of",
    "highlights_at",
    "hints_of",
    "hover_at",
    "linked_at",
    "links_of",
    "references_at",
    "renamable_at",
    "rename_at",
    "selection_at",
    "signature_at",
    "symbols_of",
    "tokens_of",
]
