"""Which template language a file is in, and whether it is a prompt.

`*.j2` also holds Ansible's configuration files, web pages, SQL and much else. A file counts as a prompt by the
configuration, its folder, its front matter or its role lines; without any of these only its syntax is looked at.
"""

from __future__ import annotations

import re

from promptls.formats.base import Language, OpenSibling
from promptls.formats.plain.header import front_of, own_key
from promptls.formats.plain.inputs import IN_CONFIGURATION
from promptls.formats.plain.names import ENDINGS, file_name, folders_of
from promptls.formats.plain.roles import speakers
from promptls.prompt.model import Recognised, RoleLine
from promptls.text import Span

KEY = "template"
_TITLES = {
    "jinja": "Jinja template",
    "nunjucks": "Nunjucks template",
    "mustache": "Mustache template",
    "handlebars": "Handlebars template",
}
KEYS = (KEY, *_TITLES)
LANGUAGES = tuple(
    Language(dialect, _TITLES[dialect], tuple(f"*{ending}" for ending, of in ENDINGS.items() if of == dialect), True)
    for dialect in dict.fromkeys(ENDINGS.values())
)
_TOLD = " told"
"""Behind the dialect in a variant: the configuration says that the file is a prompt."""
_PROMPTS = re.compile(r"prompts?|[\w.-]+[-_]prompts|prompts[-_][\w.-]+", re.IGNORECASE)
_HANDLEBARS = re.compile(r"\{\{[#^](?:if|unless|each|with)\s+[^\s}]|\{\{\s*else\s*\}\}|\{\{#>")
_LOOKED_AT = 200_000
"""Characters that are searched for what only Handlebars has."""


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    about = file_name(name)
    told = as_format in KEYS
    dialect = as_format if told and as_format != KEY else about.dialect
    if not dialect:
        if not told:
            return None
        dialect = "jinja"
    if not told and dialect == "mustache" and _HANDLEBARS.search(text, 0, _LOOKED_AT):
        dialect = "handlebars"
    why = "the configuration says so" if told else f"its name ends in `.{about.base.rpartition('.')[2]}`"
    return Recognised(KEY, _TITLES[dialect], why, dialect + _TOLD * told)


def dialect_of(recognised: Recognised) -> str:
    return recognised.variant.removesuffix(_TOLD)


def sign(uri: str, text: str, recognised: Recognised, open_sibling: OpenSibling, roles: tuple[RoleLine, ...]) -> str:
    """What tells that the file is a prompt, in a few words; empty where nothing does.

    ``roles``: its role lines, as they would be if it were one.
    """
    if recognised.variant.endswith(_TOLD) or open_sibling(IN_CONFIGURATION).exists is not None:
        return "the configuration says so"
    folder = _folder(uri, open_sibling)
    if folder:
        return f"the folder `{folder}`"
    if file_name(uri).of_another_world:
        return ""
    key = own_key(text)
    if key:
        return f"`{key}` in its front matter"
    body = front_of(text, certain=False).body
    found = speakers(text, Span(body.start, len(text)), roles)
    return f"its role lines ({', '.join(found)})" if found else ""


def _folder(uri: str, open_sibling: OpenSibling) -> str:
    """The nearest folder around the file that is named for prompts; folders above the workspace do not count."""
    folders = folders_of(uri)
    for up, folder in enumerate(folders):
        if folders[up + 1 : up + 2] == ["roles"]:
            # In Ansible's `roles/prompt/templates` a shell gets its prompt.
            return ""
        if _PROMPTS.fullmatch(folder) and (up == 0 or open_sibling("../" * up).exists is not None):
            return folder
    return ""
