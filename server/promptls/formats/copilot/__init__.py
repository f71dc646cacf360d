"""GitHub Copilot's files: prompts (`*.prompt.md`), instructions (`*.instructions.md`) and agents (`*.agent.md`).

Markdown below a YAML header: ``kinds`` is the table of what tells them apart, ``read`` makes a Document,
``body`` finds the files that the Markdown names and its headings, ``sending`` makes the one message of a prompt. Called
by the registry in ``formats``.
"""

from promptls.formats.base import Format
from promptls.formats.copilot.kinds import KEYS, LANGUAGES, recognise
from promptls.formats.copilot.read import read
from promptls.formats.copilot.sending import messages, values

FORMAT = Format(KEYS, "Copilot", LANGUAGES, recognise, read, values, messages=messages)
