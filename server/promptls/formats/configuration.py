"""``promptls.yaml``: a file with keys to check and complete, and no prompt in it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from promptls.formats.base import Language, OpenSibling, ReadyTemplate
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Input, Prompt, Recognised
from promptls.prompt.types import ValueType
from promptls.syntax.yaml import parse_yaml
from promptls.text import Edit, Span, Text

key = "configuration"
keys = (key,)
title = "promptls configuration"
languages = (Language("yaml", "promptls.yaml", ("promptls.yaml",), builtin=True),)


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    if as_format != key and posixpath.basename(name.replace("\\", "/")) not in languages[0].patterns:
        return None
    return Recognised(key, title, "its name")


def read(uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document:
    tree = parse_yaml(text.value)
    whole = Span(0, len(text))
    return Document(uri, text, recognised, header=whole, yaml=tree, schema="promptls", problems=tree.problems)


def values(prompt: Prompt, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return given


def template_values(prompt: Prompt, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return values


def templates(document: Document, prompt: Prompt, open_sibling: OpenSibling) -> Mapping[str, str]:
    return {}


def ready_template(prompt: Prompt, text: str) -> ReadyTemplate:
    return ReadyTemplate("")


def messages(prompt: Prompt, rendered: str, values: Mapping[str, Any], nonce: str = "") -> tuple[Message, ...]:
    return ()


def declare_input(document: Document, prompt: Prompt, name: str, type: ValueType) -> tuple[Edit, ...]:
    return ()


def remove_input(document: Document, prompt: Prompt, item: Input) -> tuple[Edit, ...]:
    return ()


def add_samples(document: Document, prompt: Prompt, values: Mapping[str, Any]) -> tuple[Edit, ...]:
    return ()
