"""The other operations of OpenAI's API: images, embeddings, speech, transcription. None of them is streamed.

Source: openai 3.54.0 (``images.generate``, ``embeddings.create``, ``audio.speech.create``,
``audio.transcriptions.create``). What has no name of ours (``size``, ``voice``, ``dimensions`` …) goes as it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from promptls.prompt.message import Part
from promptls.providers.event import Answering, Event, Failure, Finish, MediaDelta, TextDelta, Usage
from promptls.providers.join import join
from promptls.providers.ndjson import Whole
from promptls.providers.openai_parts import audio_format, base64_of
from promptls.providers.parameters import merge, placed, put
from promptls.providers.payload import headers_of, post_json, url_of
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.stream import JsonDecoder
from promptls.providers.wire import Decoder

_PATHS: Final[Mapping[str, str]] = {
    "image": "images/generations",
    "embedding": "embeddings",
    "speech": "audio/speech",
    "transcription": "audio/transcriptions",
}


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    path = _PATHS.get(request.operation)
    if path is None:
        raise UnsupportedError("operation", f"There is no operation `{request.operation}` here.")
    body: dict[str, Any] = {"model": request.model, **_asked(request)}
    for _name, place, value in placed(request, endpoint):
        put(body, place, value)
    merge(body, request.extra)
    body.pop("stream", None)
    if endpoint.quirks.get("deployments"):
        path = deployment_path(request.model, path)
    built = (
        _form(endpoint, path, body, _recording(request))
        if request.operation == "transcription"
        else post_json(endpoint, path, body, stream=False)
    )
    return with_version(built, endpoint) if endpoint.quirks.get("deployments") else built


def _asked(request: Request) -> dict[str, Any]:
    texts = [message.text for message in request.messages if message.text]
    if request.operation == "image":
        return {"prompt": "\n\n".join(texts)}
    if request.operation == "embedding":
        return {"input": texts[0] if len(texts) == 1 else texts}
    if request.operation == "speech":
        return {"input": "\n\n".join(texts)}
    return {"prompt": "\n\n".join(texts)} if texts else {}


def _recording(request: Request) -> Part:
    parts = [part for message in request.messages for part in message.parts if part.type == "audio"]
    if len(parts) != 1:
        raise UnsupportedError("audio", "A transcription needs one recording: one part of the kind `audio`.")
    return parts[0]


def _form(endpoint: Endpoint, path: str, fields: Mapping[str, Any], recording: Part) -> HttpRequest:
    media_type, data = base64_of(recording)
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise UnsupportedError("audio", "The recording is no base64.") from None
    # Of the content, so that the same request is the same bytes.
    boundary = "promptls-" + hashlib.sha256(content).hexdigest()[:24]
    pieces = []
    for name, value in fields.items():
        listed = isinstance(value, (list, tuple))
        brackets = "[]" if listed else ""
        for each in value if listed else (value,):
            said = each if isinstance(each, str) else json.dumps(each)
            field = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}{brackets}"'
            pieces.append(f"{field}\r\n\r\n{said}\r\n".encode("utf-8", "replace"))
    media_type = media_type or "audio/wav"
    pieces.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="audio.{audio_format(media_type)}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n".encode()
    )
    pieces += [content, f"\r\n--{boundary}--\r\n".encode()]
    own = {"content-type": f"multipart/form-data; boundary={boundary}", "accept": "application/json"}
    return HttpRequest("POST", url_of(endpoint, path), headers_of(endpoint, own), b"".join(pieces))


def deployment_path(model: str, path: str) -> str:
    """Azure with a dated version: the deployment stands in the address."""
    return f"deployments/{quote(model, safe='')}/{path}"


def with_version(request: HttpRequest, endpoint: Endpoint) -> HttpRequest:
    return replace(request, url=join(request.url, "", {"api-version": endpoint.api_version}))


def decoder(request: Request, content_type: str) -> Decoder:
    kind = content_type.split(";")[0].strip().lower()
    if request.operation == "speech" and "json" not in kind and not kind.startswith("text/"):
        return _Sound(kind or "audio/mpeg")
    if request.operation == "transcription" and "json" not in kind:
        return _Plain()
    return JsonDecoder(Whole(), MediaReader(request.operation))


class MediaReader:
    def __init__(self, operation: str) -> None:
        self.ended = False
        self._operation = operation

    def event(self, name: str, data: Any) -> Iterable[Event]:
        return self.whole(data)

    def end(self) -> Iterable[Event]:
        return ()

    def whole(self, data: Any) -> Iterable[Event]:
        events: list[Event] = [Answering(data["model"])] if data.get("model") else []
        events += {"image": images, "embedding": embeddings}.get(self._operation, _transcript)(data)
        usage = data.get("usage")
        if usage:
            into = usage.get("input_tokens", usage.get("prompt_tokens"))
            events.append(Usage(into, usage.get("output_tokens", usage.get("completion_tokens"))))
        self.ended = True
        return [*events, Finish("stop")]


def images(data: Mapping[str, Any]) -> list[Event]:
    kind = f"image/{data.get('output_format') or 'png'}"
    found: list[Event] = []
    for each in data["data"]:
        if each.get("b64_json"):
            found.append(MediaDelta(f"data:{kind};base64,{each['b64_json']}", kind))
        elif each.get("url"):
            found.append(MediaDelta(each["url"], kind))
    return found or [Failure("empty", "The provider sent no image.")]


def embeddings(data: Mapping[str, Any]) -> list[Event]:
    """One vector is a list of numbers, several are a list of those, in the order that they were asked in."""
    found = [each["embedding"] for each in sorted(data["data"], key=lambda each: each.get("index") or 0)]
    if not found:
        return [Failure("empty", "The provider sent no embedding.")]
    return [MediaDelta(json.dumps(found[0] if len(found) == 1 else found), "application/json")]


def _transcript(data: Mapping[str, Any]) -> list[Event]:
    return [TextDelta(data["text"])] if data["text"] else []


class _Sound:
    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> list[Event]:
        self._pieces.append(data)
        return []

    def end(self) -> list[Event]:
        content = b"".join(self._pieces)
        if not content:
            return [Failure("empty", "The provider sent no sound.")]
        return [
            MediaDelta(f"data:{self._kind};base64,{base64.b64encode(content).decode()}", self._kind),
            Finish("stop"),
        ]


class _Plain:
    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> list[Event]:
        self._pieces.append(data)
        return []

    def end(self) -> list[Event]:
        text = b"".join(self._pieces).decode("utf-8-sig", "replace")
        return [*([TextDelta(text)] if text else []), Finish("stop")]
