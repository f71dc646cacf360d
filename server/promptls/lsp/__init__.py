"""The edge to editors: LSP over standard input and output. The only room that knows pygls and lsprotocol.

May call everything below; only ``cli/lsp.py`` calls it. A request is a file in ``requests/``: position in, one
question to ``ide``, plain data out, converted. ``wire`` alone touches pygls; ``positions`` alone knows columns.
"""

from __future__ import annotations

from pathlib import Path


def serve(log_file: str | Path | None = None) -> int:
    """Serve the client at standard input and output until it leaves; the exit code: 0 after ``shutdown``, else 1.

    ``log_file``: where to write what happens, without any text or values; without it, warnings go to standard error.
    """
    from promptls.lsp.server import run

    return run(log_file)
