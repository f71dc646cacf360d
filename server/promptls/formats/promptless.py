"""What a format answers whose files hold no prompt: there is nothing to fill, to send or to declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.formats.base import OpenSibling, ReadyTemplate
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Input, Prompt
from promptls.prompt.types import ValueType
from promptls.text import Edit

__all__ = [
    "add_samples",
    "declare_input",
    "messages",
    "ready_template",
    "remove_input",
    "template_values",
    "templates",
    "values",
]


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
