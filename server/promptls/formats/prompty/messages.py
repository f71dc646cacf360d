"""Rendered text -> messages, as each version's loader makes them.

v1: prompty 0.1.50 ``parsers.py``. v2: prompty 2.1.0 ``parsers/prompty.py`` and ``core/pipeline.py``, and its
``parse`` vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from promptls.formats.base import FormatError
from promptls.formats.prompty.images import images
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.prompty.rich import expand, rich_inputs
from promptls.formats.prompty.roles import ATTRIBUTE, ROLES_V1, V1_LINE, V2_LINE
from promptls.prompt.message import Message, Part
from promptls.prompt.model import Prompt

_MEDIA = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def messages(prompt: Prompt, rendered: str, values: Mapping[str, Any], nonce: str = "") -> tuple[Message, ...]:
    """The messages that a run would send.

    ``nonce``: what ``ready_template`` put into the role lines; a role line without it came from a value.
    Raises FormatError where the loader raises.
    """
    rendered = rendered.replace("\r\n", "\n").replace("\r", "\n")
    if version_of(prompt.variant) == V1:
        return _v1(rendered)
    return expand(_v2(rendered, nonce), values, rich_inputs(prompt))


def _v1(rendered: str) -> tuple[Message, ...]:
    chunks = [chunk for chunk in _split(rendered) if chunk.strip()]
    if not chunks:
        raise FormatError("empty-prompt", "The rendered text is empty, so there is no message to send")
    if chunks[0].strip().lower() not in ROLES_V1:
        chunks.insert(0, "system")
    if chunks[-1].strip().lower() in ROLES_V1:
        chunks.pop()
    if len(chunks) % 2:
        raise FormatError("empty-message", "A role line has no text below it: write the message, or remove the line")
    return tuple(
        Message(role.strip().lower(), tuple(_with_images(content.strip())))
        for role, content in zip(chunks[::2], chunks[1::2], strict=True)
    )


def _split(rendered: str) -> Iterator[str]:
    done = 0
    for match in V1_LINE.finditer(rendered):
        yield rendered[done : match.start()]
        yield match[1]
        done = match.end()
    yield rendered[done:]


def _with_images(content: str) -> Iterator[Part]:
    """Text and, for ``![alt](path)``, images; a local path stays a path until the message is sent."""
    done = 0
    for image in images(content):
        before = content[done : image.span.start].strip()
        if before:
            yield Part("text", before)
        source = image.source.slice(content)
        yield Part("image", source, _media_type(source))
        done = image.span.end
    rest = content[done:].strip() if done else content
    if rest or not done:
        yield Part("text", rest)


def _media_type(source: str) -> str:
    if source.startswith("data:"):
        return source[len("data:") :].split(";")[0].split(",")[0]
    return next((media for ending, media in _MEDIA.items() if source.lower().endswith(ending)), "")


def _v2(rendered: str, nonce: str) -> list[Message]:
    found: list[Message] = []
    lines: list[str] = []
    role, attributes, marked = "system", dict[str, Any](), False
    for line in rendered.splitlines():
        match = V2_LINE.match(line.strip())
        if match is None:
            lines.append(line)
            continue
        if lines:
            found.append(_message(role, lines, attributes, nonce if marked else ""))
            lines = []
        role, attributes, marked = match[1].lower(), _attributes(match[2] or ""), True
    if lines:
        found.append(_message(role, lines, attributes, nonce if marked else ""))
    return found


def _message(role: str, lines: list[str], attributes: dict[str, Any], nonce: str) -> Message:
    written = attributes.pop("nonce", None)
    if nonce and written != nonce:
        raise FormatError(
            "injected-role",
            f"A value writes a line `{role}:` of its own. Prompty refuses it, as it may come from somebody else: "
            "keep role lines in the template, or set `template.format.strict: false`",
        )
    return Message(role, (Part("text", "\n".join(lines).strip("\n")),), attributes)


def _attributes(brackets: str) -> dict[str, Any]:
    return {match[1]: _coerced(match[1], match[2].strip()) for match in ATTRIBUTE.finditer(brackets.strip("[]"))}


def _coerced(name: str, value: str) -> Any:
    if name == "nonce":
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value
