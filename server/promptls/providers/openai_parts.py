"""Messages in OpenAI's words, as Chat Completions takes them, and many others with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers.media import media_of
from promptls.providers.request import Endpoint, UnsupportedError
from promptls.providers.structured import closed

ROLES: Final[Mapping[str, str]] = {"model": "assistant", "ai": "assistant", "human": "user", "function": "tool"}
"""What formats and people call a role that has another name in OpenAI's words."""
_AUDIO: Final[Mapping[str, str]] = {"audio/mpeg": "mp3", "audio/mp3": "mp3", "audio/x-wav": "wav", "audio/wave": "wav"}


def role_of(message: Message, endpoint: Endpoint) -> str:
    role = ROLES.get(message.role, message.role)
    return str(endpoint.quirks.get("developer", role)) if role == "developer" else role


def messages_of(messages: tuple[Message, ...], endpoint: Endpoint) -> list[dict[str, Any]]:
    """Raises UnsupportedError. A message that is nothing but a place for the application to fill is left out."""
    return [
        {"role": role_of(message, endpoint), **_about(message), "content": content_of(message)}
        for message in messages
        if not is_place_only(message)
    ]


def is_place_only(message: Message) -> bool:
    return bool(message.parts) and all(part.type == "section" for part in message.parts)


def _about(message: Message) -> dict[str, Any]:
    """A call of a tool and its answer are told by a message's metadata, in OpenAI's words."""
    return {key: message.metadata[key] for key in ("name", "tool_calls", "tool_call_id") if message.metadata.get(key)}


def content_of(message: Message) -> str | list[dict[str, Any]]:
    """One text where there is nothing else: that is what every server understands. Raises UnsupportedError."""
    if all(part.type in ("text", "section") for part in message.parts):
        return message.text
    return [_part(part) for part in message.parts if part.type != "section"]


def _part(part: Part) -> dict[str, Any]:
    if part.type == "text":
        return {"type": "text", "text": part.value}
    if part.type == "image":
        return {"type": "image_url", "image_url": {"url": data_url(part, "image/png")}}
    if part.type == "audio":
        media_type, data = base64_of(part)
        return {"type": "input_audio", "input_audio": {"data": data, "format": audio_format(media_type)}}
    if part.type == "file":
        url = data_url(part, "application/octet-stream")
        if not url.startswith("data:"):
            raise UnsupportedError("file", f"A file is sent with its content here, not by its address ({url[:80]}).")
        return {"type": "file", "file": {"filename": "file", "file_data": url}}
    raise UnsupportedError(part.type, f"OpenAI Chat has no word for a part of the kind `{part.type}`.")


def audio_format(media_type: str) -> str:
    return _AUDIO.get(media_type, media_type.rpartition("/")[2] or "wav")


def data_url(part: Part, otherwise: str) -> str:
    """The address of a part's content: as it is, or a ``data:`` URL around bare base64."""
    if part.value.startswith(("data:", "http://", "https://")):
        return part.value
    if "://" in part.value[:40]:
        # gs://, s3://, file-… of the provider's own.
        return part.value
    media = media_of(part, otherwise)
    return f"data:{media.media_type};base64,{media.data}"


def base64_of(part: Part) -> tuple[str, str]:
    """``(media type, base64)`` of a part that is sent with its content. Raises UnsupportedError for an address."""
    if part.value.startswith("data:"):
        head, comma, data = part.value[5:].partition(",")
        if comma and head.endswith(";base64"):
            return part.media_type or head.removesuffix(";base64").split(";")[0], data
    elif "://" not in part.value[:40]:
        return part.media_type, part.value
    raise UnsupportedError(
        part.type,
        f"This provider takes {part.type} content only as a data: URL with base64, not as `{part.value[:60]}`.",
    )


def tools_of(tools: tuple[Tool, ...]) -> list[dict[str, Any]]:
    """As Chat Completions, Mistral, Ollama and Cohere take them."""
    return [{"type": "function", "function": function_of(tool)} for tool in tools]


def function_of(tool: Tool) -> dict[str, Any]:
    schema = closed(tool.parameters)
    function: dict[str, Any] = {"name": tool.name}
    if tool.description:
        function["description"] = tool.description
    if tool.strict:
        function["strict"] = True
        schema = {**schema, "additionalProperties": False}
    return {**function, "parameters": schema}
