"""The text as the editor holds it: Text, Span, Location, Edit, URIs; what others wrote as Markdown (``markdown``).

Everything may import this room; it imports nothing of the house. Offsets are code points; UTF-8 and
UTF-16 columns exist in ``lsp/positions.py`` only.
"""

from promptls.text.span import Edit, Location, Span
from promptls.text.text import Text

__all__ = ["Edit", "Location", "Span", "Text"]
