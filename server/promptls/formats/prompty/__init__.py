"""Prompty (`*.prompty`): v1, v2 and promptflow's flavour of v1.

``recognise`` says which; ``read`` makes a Document of a text; ``sending`` and ``messages`` make what is sent;
``declare``, ``remove`` and ``exemplify`` make edits, ``migrate`` a file of v2; ``load`` is the loader of v2, errors
included.
"""

from promptls.formats.base import Format, Language, OpenSibling
from promptls.formats.prompty.bases import templates
from promptls.formats.prompty.declare import declare_input
from promptls.formats.prompty.exemplify import add_samples
from promptls.formats.prompty.messages import messages
from promptls.formats.prompty.outputs import set_output
from promptls.formats.prompty.read import read
from promptls.formats.prompty.recognise import KEYS, recognise
from promptls.formats.prompty.remove import remove_input
from promptls.formats.prompty.sending import ready_template, template_values, values
from promptls.formats.upgraded import Upgrade
from promptls.prompt.model import Document


def upgrade(document: Document, open_sibling: OpenSibling) -> Upgrade | None:
    from promptls.formats.prompty.migrate import upgrade  # few sessions need it, and no first finding

    return upgrade.upgrade(document, open_sibling)


def why_not(document: Document) -> str:
    from promptls.formats.prompty.migrate import upgrade

    return upgrade.why_not(document)


FORMAT = Format(
    KEYS,
    "Prompty",
    (Language("prompty", "Prompty", ("*.prompty",)),),
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
    upgrade=upgrade,
    why_not=why_not,
)
