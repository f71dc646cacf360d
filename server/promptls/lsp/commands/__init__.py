"""What a person starts: one file per command of ``workspace/executeCommand``.

Each takes one object with the ``uri`` of a document, answers at once with plain JSON, and is offered as a code action
too (``requests.code_action``), since an editor may show neither lenses nor menus. Importing this room registers all.
"""

from promptls.lsp.commands import (
    accept_shape,
    compare,
    compare_with_head,
    convert,
    copy_as,
    explain,
    new_sample,
    open_history,
    preview,
    run,
    select_sample,
)
from promptls.lsp.commands.registry import COMMANDS

__all__ = [
    "COMMANDS",
    "accept_shape",
    "compare",
    "compare_with_head",
    "convert",
    "copy_as",
    "explain",
    "new_sample",
    "open_history",
    "preview",
    "run",
    "select_sample",
]
