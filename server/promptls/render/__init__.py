"""A prompt and its inputs become text, and the text messages, in a sandboxed child process.

Templates come from files that nobody vouched for, so they run with limits of memory, time and output, in a
process that is ended when it does not keep them. May call ``formats`` and ``workspace``'s plain data; knows
no editor and no terminal.
"""

from promptls.render.pool import Renderer
from promptls.render.result import Mark, Rendered, RenderError

__all__ = ["Mark", "RenderError", "Rendered", "Renderer"]
