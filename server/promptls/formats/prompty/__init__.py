"""Prompty (`*.prompty`): v1, v2 and promptflow's flavour of v1.

``recognise`` says which; ``read`` makes a Document of a text; ``sending`` and ``messages`` make what is sent;
``declare``, ``remove`` and ``exemplify`` make edits; ``load`` is the loader of v2, errors included. Called by the
registry in ``formats``.
"""

from promptls.formats.base import Language
from promptls.formats.prompty.bases import templates
from promptls.formats.prompty.declare import declare_input
from promptls.formats.prompty.exemplify import add_samples
from promptls.formats.prompty.messages import messages
from promptls.formats.prompty.outputs import set_output
from promptls.formats.prompty.read import read
from promptls.formats.prompty.recognise import KEYS, recognise
from promptls.formats.prompty.remove import remove_input
from promptls.formats.prompty.sending import ready_template, template_values, values

key = KEYS[0]
keys = KEYS
title = "Prompty"
languages = (Language("prompty", "Prompty", ("*.prompty",)),)

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
    "set_output",
    "template_values",
    "templates",
    "title",
    "values",
]
