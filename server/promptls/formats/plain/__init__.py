"""Plain templates (`*.j2`, `*.njk`, `*.mustache`, `*.hbs`, what promptls.yaml names): prompts without a format around.

``recognise`` says which language, ``read`` whether it is a prompt, and makes a Document of it; ``foreign`` keeps
silent on templates of other worlds; ``templates`` follows includes; ``sending`` makes messages; ``declare`` and
``exemplify`` make edits. Called by the registry in ``formats``.
"""

from promptls.formats.base import Format
from promptls.formats.plain.declare import declare_input, remove_input
from promptls.formats.plain.exemplify import add_samples
from promptls.formats.plain.read import read
from promptls.formats.plain.recognise import KEYS, LANGUAGES, recognise
from promptls.formats.plain.sending import messages, templates, values

FORMAT = Format(
    KEYS,
    "Template",
    LANGUAGES,
    recognise,
    read,
    values,
    templates=templates,
    messages=messages,
    declare_input=declare_input,
    remove_input=remove_input,
    add_samples=add_samples,
)
