"""What the name of a template file says: its language, and the kind of file that it makes."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from promptls.text.uris import path_in

ENDINGS = {
    ".j2": "jinja",
    ".jinja": "jinja",
    ".jinja2": "jinja",
    ".njk": "nunjucks",
    ".nunjucks": "nunjucks",
    ".mustache": "mustache",
    ".hbs": "handlebars",
}
"""The ending of a file's name -> the dialect of its template."""

_OF_PROMPTS = {
    *("txt", "text", "md", "markdown", "mdx", "prompt", "prompts", "system", "user", "assistant", "chat", "llm", "ai"),
    *("j2", "jinja", "jinja2", "njk", "tpl", "tmpl", "template", "en", "de", "fr", "es", "it", "pt", "ja", "ko", "zh"),
}
"""What may stand before the ending in the name of a prompt; another word (``.conf.j2``) says what it makes."""
_WORD = re.compile(r"[a-z]+[a-z0-9_-]*")


class FileName(NamedTuple):
    """``summary.txt.j2``: the stem is ``summary.txt``, ``makes`` is ``txt``. ``dialect`` is empty for other endings."""

    base: str
    stem: str
    makes: str
    dialect: str

    @property
    def of_another_world(self) -> bool:
        """Whether the template makes a configuration, a page, a program: nothing that is sent to a model."""
        return _WORD.fullmatch(self.makes) is not None and self.makes not in _OF_PROMPTS


def folders_of(path: str) -> list[str]:
    """The folders that a file stands in, the nearest first."""
    parts = path_in(path).split("/")
    return [part for part in reversed(parts[:-1]) if part]


def file_name(path: str) -> FileName:
    """Of a path or a URI."""
    base = posixpath.basename(path_in(path))
    stem, ending = posixpath.splitext(base)
    inner = posixpath.splitext(stem)[1]
    return FileName(base, stem, inner[1:].lower(), ENDINGS.get(ending.lower(), ""))
