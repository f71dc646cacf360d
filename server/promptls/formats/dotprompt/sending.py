"""From given values to a template that can be rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.formats.base import OpenSibling, ReadyTemplate
from promptls.formats.dotprompt import partials
from promptls.formats.dotprompt.load import load
from promptls.formats.dotprompt.messages import HISTORY
from promptls.formats.dotprompt.picoschema import Named, names_a_schema
from promptls.prompt.model import MISSING, Document, Prompt
from promptls.syntax.frontmatter import BOM


def values(prompt: Prompt, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The given values over the defaults, key by key and no deeper. What has no value renders as nothing.

    Names that start with ``@`` are no inputs: ``@auth`` is what ``{{@auth.email}}`` reads.
    """
    defaults = {item.name: item.default for item in prompt.inputs if item.default is not MISSING}
    return {**defaults, **given}


def template_values(prompt: Prompt, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if name != HISTORY}


def templates(document: Document, prompt: Prompt, open_sibling: OpenSibling) -> Mapping[str, str]:
    """The partials that the template leads to, by name."""
    template = prompt.template
    return partials.texts(template.analysis.includes, partials.Finder(open_sibling)) if template is not None else {}


def ready_template(prompt: Prompt, text: str) -> ReadyTemplate:
    """The template's text; ``text`` is the whole file, which all of it is sent where a byte-order mark leads it.

    Raises FormatError where the loader refuses the header. A schema by name may be one of the application.
    """
    load(text, lambda name: Named(None) if names_a_schema(name) else None)
    if prompt.template is None:
        return ReadyTemplate("")
    return ReadyTemplate(text if text.startswith(BOM) else prompt.template.span.slice(text))
