"""Messages for the wire formats that keep the system's words apart and name the model's own turns otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from promptls.prompt.message import Message, Part
from promptls.providers.openai_parts import ROLES, is_place_only
from promptls.providers.request import Request, UnsupportedError

SYSTEM: Final = ("system", "developer")
TURNS: Final = ("user", "assistant", "tool")


class Conversation(NamedTuple):
    """``system``: all that is said with the system's authority, wherever it stands, as texts. ``turns``: the rest, with
    the roles ``user``, ``assistant`` and ``tool``, each with something in it."""

    system: tuple[str, ...]
    turns: tuple[Message, ...]


class Call(NamedTuple):
    """A call of a tool in an earlier turn of the model."""

    id: str
    name: str
    arguments: Mapping[str, Any]


def conversation(request: Request, who: str) -> Conversation:
    """``who``: the provider's title, for sentences. Raises UnsupportedError."""
    system: list[str] = []
    turns: list[Message] = []
    for message in request.messages:
        role = ROLES.get(message.role, message.role)
        if is_place_only(message):
            continue
        if role in SYSTEM:
            system += [_system_text(part, who) for part in message.parts if part.type != "section" and part.value]
        elif role in TURNS:
            turns.append(Message(role, _said(message, role, who), message.metadata))
        else:
            raise UnsupportedError(
                "role", f"{who} knows no role `{message.role}`: use `system`, `user` or `assistant` for that message."
            )
    if not turns:
        raise UnsupportedError(
            "messages", f"{who} answers a message of the user, and the prompt has none: add one below a line `user:`."
        )
    return Conversation(tuple(system), tuple(turns))


def _system_text(part: Part, who: str) -> str:
    if part.type != "text":
        raise UnsupportedError(
            part.type, f"{who} takes only text in a `system` message: move the {part.type} to a `user` message."
        )
    return part.value


def _said(message: Message, role: str, who: str) -> tuple[Part, ...]:
    parts = tuple(part for part in message.parts if part.type != "section" and (part.type != "text" or part.value))
    if not parts and role != "tool" and not message.metadata.get("tool_calls"):
        raise UnsupportedError(
            "messages", f"{who} refuses a message without text, and a `{message.role}` message is empty: write it."
        )
    return parts


def calls_of(message: Message) -> tuple[Call, ...]:
    """The calls of a turn, as OpenAI writes them into ``tool_calls``."""
    found = []
    for each in message.metadata.get("tool_calls") or ():
        about = each.get("function", each) if isinstance(each, Mapping) else None
        if isinstance(about, Mapping) and isinstance(about.get("name"), str):
            found.append(Call(str(each.get("id") or ""), about["name"], _arguments(about.get("arguments"))))
    return tuple(found)


def _arguments(written: Any) -> Mapping[str, Any]:
    try:
        data = json.loads(written) if isinstance(written, str) and written else written
    except ValueError:
        return {}
    return data if isinstance(data, Mapping) else {}


def answered(message: Message, who: str) -> str:
    """The id of the call that a tool's message answers. Raises UnsupportedError."""
    found = message.metadata.get("tool_call_id") or message.metadata.get("tool_use_id")
    if not found:
        raise UnsupportedError(
            "role",
            f"A `{message.role}` message answers a call, and nothing says which: {who} needs its `tool_call_id`.",
        )
    return str(found)


def tool_choice(value: Any) -> tuple[str, str] | None:
    """``(auto, required, none or tool, the tool's name)``; None for what is in a provider's own words."""
    if isinstance(value, str):
        word = {"any": "required"}.get(value, value)
        return (word, "") if word in ("auto", "required", "none") else ("tool", value)
    about = value.get("function", value) if isinstance(value, Mapping) and value.get("type") == "function" else None
    name = about.get("name") if isinstance(about, Mapping) else None
    return ("tool", name) if isinstance(name, str) else None


def answer_schema(request: Request) -> Mapping[str, Any] | None:
    """The JSON Schema of the answer: declared, or in OpenAI's ``response_format``."""
    if request.output is not None:
        return request.output
    asked = request.options.get("response_format")
    about = asked.get("json_schema") if isinstance(asked, Mapping) and asked.get("type") == "json_schema" else None
    schema = about.get("schema") if isinstance(about, Mapping) else None
    return schema if isinstance(schema, Mapping) else None


def asks_for_any_json(request: Request) -> bool:
    """``response_format: {type: json_object}``: some JSON, of no declared shape."""
    asked = request.options.get("response_format")
    kind = asked.get("type") if isinstance(asked, Mapping) else asked
    return kind == "json_object" and answer_schema(request) is None
