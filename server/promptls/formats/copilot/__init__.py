"""GitHub Copilot's files: prompts (`*.prompt.md`), instructions (`*.instructions.md`) and agents (`*.agent.md`).

Markdown below a YAML header: ``kinds`` is the table of what tells them apart, ``read`` makes a Document,
``body`` finds the files that the Markdown names and its headings, ``sending`` makes the one message of a prompt. Called
by the registry in ``formats``.
"""

from promptls.formats.copilot.kinds import KEY, KEYS, LANGUAGES, recognise
from promptls.formats.copilot.read import read
from promptls.formats.copilot.sending import messages, ready_template, values
from promptls.formats.promptless import add_samples, declare_input, remove_input, template_values, templates

key = KEY
keys = KEYS
title = "Copilot"
languages = LANGUAGES

__all__ = [
    "add_samples",
    "declare_input",
    "key",
    "keys",
    "languages",
    "messages",
    "read",
    "ready_template",
    "recognise",
    "remove_input",
    "template_values",
    "templates",
    "title",
    "values",
]
