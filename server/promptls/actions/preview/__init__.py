"""Preview: the messages that a buffer produces, with where their text comes from, as Markdown, HTML or plain data."""

from promptls.actions.preview.data import to_data
from promptls.actions.preview.html import to_html
from promptls.actions.preview.make import make_preview
from promptls.actions.preview.markdown import hover_preview, to_markdown
from promptls.actions.preview.model import Piece, Preview, PreviewMessage, PreviewProblem, Tokens

__all__ = [
    "Piece",
    "Preview",
    "PreviewMessage",
    "PreviewProblem",
    "Tokens",
    "hover_preview",
    "make_preview",
    "to_data",
    "to_html",
    "to_markdown",
]
