"""Prompty's vectors about providers: ``toRequest`` (a header and messages to a body), ``process`` (a body to a result)
and ``processStream``.

A vector's header is read as the file that it would stand in, so the vectors test the way from file to wire whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from promptls import formats
from promptls.prompt.message import Message, Part
from promptls.prompt.model import Prompt
from promptls.providers.event import Event, Failure, Finish, MediaDelta, TextDelta, ToolDelta
from promptls.providers.request import Endpoint, Request
from promptls.providers.services import endpoint_of
from promptls.providers.wire import wire_of
from promptls.workspace.running import ProviderSettings

Vector = Mapping[str, Any]


def to_request(given: Vector) -> Any:
    request, endpoint = _request(given)
    body = wire_of(endpoint.wire).build(request, endpoint).body
    return {"request_body": json.loads(body)}


def process(given: Vector) -> Any:
    request, endpoint = _request(given)
    decoder = wire_of(endpoint.wire).decoder(request, "application/json")
    events = decoder.feed(json.dumps(given["response"]).encode()) + decoder.end()
    return {"result": _result(events, given.get("has_outputs", False))}


def process_stream(given: Vector) -> Any:
    """A stream that breaks leaves open what the model did; one that the model ends by refusing does not."""
    request, endpoint = _request(given)
    decoder = wire_of(endpoint.wire).decoder(request, "text/event-stream")
    broken = ""
    events: list[Event] = []
    for each in given["events"]:
        if each["kind"] == "provider":
            events += decoder.feed(f"data: {json.dumps(each['value'])}\n\n".encode())
        else:
            broken = each["message"]
    events += [] if broken else decoder.end()
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    refused = next((event for event in events if isinstance(event, Finish) and event.reason == "refusal"), None)
    if refused is not None:
        failure = {"outcome": "determinate", "message": f"Model refused: {refused.raw}"}
        chunks, text = [{"kind": "failure", "failure": failure}], ""
    else:
        message = broken or next((event.message for event in events if isinstance(event, Failure)), "")
        failure = {"outcome": "indeterminate", "message": message}
        chunks = [{"kind": "text", "value": text}, {"kind": "failure", "failure": failure}]
    return {
        "chunks": chunks,
        "partialText": text,
        "requiresReconciliation": failure["outcome"] == "indeterminate",
        "completionCommitted": False,
    }


def _request(given: Vector) -> tuple[Request, Endpoint]:
    prompt = _prompt(given)
    model = prompt.model
    assert model is not None
    endpoint = endpoint_of(ProviderSettings(given["provider"]), {}, wire=model.wire, operation=model.operation)
    messages = tuple(
        Message(each["role"], tuple(_part(part) for part in each["content"])) for each in given.get("messages", ())
    )
    request = Request(
        model.id,
        messages,
        model.operation,
        model.options,
        model.extra,
        prompt.functions,
        prompt.output,
        "structured_output",
        stream="events" in given,
    )
    return request, endpoint


def _prompt(given: Vector) -> Prompt:
    model = {"id": given.get("model_id", "m"), "provider": given["provider"], "apiType": given.get("apiType", "chat")}
    header = {
        "name": "vector",
        "model": {**model, "options": given.get("options") or {}},
        "tools": given.get("tools") or [],
        "outputs": given.get("outputs") or [],
        "inputs": [],
    }
    document = formats.read("file:///vector.prompty", f"---\n{json.dumps(header)}\n---\nuser:\nHi\n")
    assert document is not None
    return document.prompts[0]


def _part(part: Vector) -> Part:
    return Part(part["kind"], part["value"], part.get("mediaType", ""))


def _result(events: Iterable[Event], structured: bool) -> Any:
    events = list(events)
    failed = next((event for event in events if isinstance(event, Failure)), None)
    if failed is not None:
        raise ValueError(failed.message)
    calls: dict[int, dict[str, str]] = {}
    for event in events:
        if isinstance(event, ToolDelta):
            call = calls.setdefault(event.index, {"id": "", "name": "", "arguments": ""})
            call["id"] += event.id
            call["name"] += event.name
            call["arguments"] += event.arguments
    if calls:
        return list(calls.values())
    media = [event for event in events if isinstance(event, MediaDelta)]
    if media:
        return _shown(media)
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    try:
        return json.loads(text) if structured else text
    except ValueError:
        return text


def _shown(media: list[MediaDelta]) -> Any:
    """The content of a picture without the URL around it; vectors as numbers, one alone without its list."""
    if media[0].media_type == "application/json":
        found = [json.loads(each.value) for each in media]
        return found[0] if len(found) == 1 else found
    return media[0].value.rpartition(";base64,")[2]
