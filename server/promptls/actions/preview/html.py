"""A preview as one HTML page that needs nothing from anywhere and may do nothing."""

from __future__ import annotations

from html import escape

from promptls.actions.preview.model import Preview


def to_html(preview: Preview, *, nonce: str = "") -> str:
    return f"<pre>{escape(preview.title)}{nonce}</pre>"
