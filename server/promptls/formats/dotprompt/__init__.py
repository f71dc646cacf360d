"""Dotprompt (`*.prompt`): Genkit's format, a YAML header over a Handlebars template.

``recognise`` tells its files from those of others; ``read`` makes a Document of a text, with ``picoschema`` for what
it declares and ``partials`` for what it includes; ``sending`` and ``messages`` make what is sent; ``write`` makes
edits; ``load`` is the loader. Called by the registry in ``formats``.
"""

from promptls.formats.base import Format, Language
from promptls.formats.dotprompt.messages import messages
from promptls.formats.dotprompt.outputs import set_output
from promptls.formats.dotprompt.read import read
from promptls.formats.dotprompt.recognise import ENDING, KEY, TITLE, recognise
from promptls.formats.dotprompt.sending import ready_template, template_values, templates, values
from promptls.formats.dotprompt.write import add_samples, declare_input, remove_input

FORMAT = Format(
    (KEY,),
    TITLE,
    (Language("dotprompt", TITLE, (f"*{ENDING}",)),),
    recognise,
    read,
    values=values,
    template_values=template_values,
    templates=templates,
    ready_template=ready_template,
    messages=messages,
    declare_input=declare_input,
    remove_input=remove_input,
    add_samples=add_samples,
    set_output=set_output,
)
