"""Plain templates (`*.j2`, `*.njk`, `*.mustache`, `*.hbs`, what promptls.yaml names): prompts without a format around.

``recognise`` says which language, ``read`` whether it is a prompt, and makes a Document of it; ``foreign`` keeps
silent on templates of other worlds; ``templates`` follows includes; ``sending`` makes messages; ``declare`` and
``exemplify`` make edits. Called by the registry in ``formats``.
"""

from promptls.formats.plain.declare import declare_input, remove_input
from promptls.formats.plain.exemplify import add_samples
from promptls.formats.plain.read import read
from promptls.formats.plain.recognise import KEY, KEYS, LANGUAGES, recognise
from promptls.formats.plain.sending import messages, ready_template, template_values, templates, values

key = KEY
keys = KEYS
title = "Template"
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
