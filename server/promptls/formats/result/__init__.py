"""The result of a run as a file, `NAME.run.md`: a header to change and run again, and what came back.

``layout`` says where things stand, for who writes such a file (``runs.document``) and who reads it (``read``).
Called by the registry in ``formats``.
"""

from promptls.formats.base import Language
from promptls.formats.promptless import (
    add_samples,
    declare_input,
    messages,
    ready_template,
    remove_input,
    template_values,
    templates,
    values,
)
from promptls.formats.result.layout import ENDING
from promptls.formats.result.read import read
from promptls.formats.result.recognise import KEY, TITLE, recognise

key = KEY
keys = (KEY,)
title = TITLE
languages = (Language("markdown", TITLE, (f"*{ENDING}",), builtin=True),)

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
