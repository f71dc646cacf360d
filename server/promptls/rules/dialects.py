"""What a template language brings along, and whether its templates are read at all."""

from __future__ import annotations

from promptls.prompt.model import Template
from promptls.schema.dialects import Words, dialect_words
from promptls.syntax.template import DIALECTS


def is_read(dialect: str) -> bool:
    """Whether there is a parser for it; in a template of another one every name may be used in any way."""
    return dialect in DIALECTS


def names_of(template: Template, kind: str) -> Words:
    """The ``filters``, ``tests``, ``tags`` or ``helpers`` of a template's engine by name; none without a table."""
    return dialect_words(template.dialect, kind, template.runtime)
