"""What each provider puts on the wire, byte for byte as `reference/providers.md` 1c and 1d has it, in the pieces that
a test needs: for the faults that no public stand-in of a provider can show."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SSE, NDJSON, JSON = "text/event-stream", "application/x-ndjson", "application/json"
EVENTS = "application/vnd.amazon.eventstream"


@dataclass(frozen=True)
class Refusal:
    """An answer that is an error. ``headers``: beside its type."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spoken:
    """A stream: ``begin``, then each text in ``text``, then ``end``. ``broken``: a chunk that cannot be read;
    ``overload``: how it says in the middle that it cannot go on; ``end`` holds the usage 7 and 3."""

    content_type: str
    begin: bytes
    texts: tuple[bytes, bytes]
    """Of ``Grüße `` and ``😀``."""
    end: bytes
    broken: bytes
    overload: bytes
    wrong_key: Refusal
    unknown_model: Refusal
    rate_limit: Refusal

    @property
    def whole(self) -> bytes:
        return b"".join((self.begin, *self.texts, self.end))


WORDS = ("Grüße ", "😀")


def _sse(data: Any, event: str = "") -> bytes:
    name = f"event: {event}\n" if event else ""
    return f"{name}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _named(*data: Mapping[str, Any]) -> bytes:
    return b"".join(_sse(each, str(each["type"])) for each in data)


def _error(message: str, kind: str, code: Any, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code, **more}}


def _chat_chunk(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _sse({**_CHAT, "choices": [choice], "usage": None})


_CHAT = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1763769600, "model": "model-x-2026-10-01"}
_BUSY = "The server had an error while processing your request. Sorry about that!"

_chat = Spoken(
    content_type=SSE,
    begin=_chat_chunk({"role": "assistant", "content": "", "refusal": None}),
    texts=(_chat_chunk({"content": WORDS[0]}), _chat_chunk({"content": WORDS[1]})),
    end=_chat_chunk({}, "stop")
    + _sse({**_CHAT, "choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}})
    + b"data: [DONE]\n\n",
    broken=b'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"half\n\n',
    overload=_sse(_error(_BUSY, "server_error", None)),
    wrong_key=Refusal(
        401,
        _error(
            "Incorrect API key provided: CANARY. You can find your API key at https://example.com/api-keys.",
            "invalid_request_error",
            "invalid_api_key",
        ),
        {"x-request-id": "req_401"},
    ),
    unknown_model=Refusal(
        404,
        _error(
            "The model `model-x` does not exist or you do not have access to it.",
            "invalid_request_error",
            "model_not_found",
        ),
    ),
    rate_limit=Refusal(
        429,
        _error(
            "Rate limit reached for model-x in organization org-1 on requests per min (RPM): Limit 3, Used 3.",
            "requests",
            "rate_limit_exceeded",
        ),
        {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20s"},
    ),
)

_AZURE_KEY = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
    "active subscription and use a correct regional API endpoint for your resource."
)
_azure = Spoken(
    content_type=SSE,
    # What its content filter found in the prompt comes first, in a chunk without a choice.
    begin=_sse({**_CHAT, "id": "", "model": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0}]})
    + _chat.begin,
    texts=_chat.texts,
    end=_chat.end,
    broken=_chat.broken,
    overload=_chat.overload,
    wrong_key=Refusal(401, {"error": {"code": "401", "message": _AZURE_KEY}}, {"apim-request-id": "req_401"}),
    unknown_model=Refusal(
        404,
        {
            "error": {
                "code": "DeploymentNotFound",
                "message": "The API deployment for this resource does not exist. If you created the deployment within "
                "the last 5 minutes, please wait a moment and try again.",
            }
        },
    ),
    rate_limit=Refusal(
        429,
        {
            "error": {
                "code": "429",
                "message": "Requests to the ChatCompletions_Create Operation have exceeded the call rate limit of your "
                "current pricing tier. Please retry after 1 second.",
            }
        },
    ),
)


def _llama_chunk(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    return _sse({**_CHAT, "choices": [{"finish_reason": finish, "index": 0, "delta": delta}]})


_llama = Spoken(
    content_type=SSE,
    begin=_llama_chunk({"role": "assistant", "content": None}),
    texts=(_llama_chunk({"content": WORDS[0]}), _llama_chunk({"content": WORDS[1]})),
    end=_llama_chunk({}, "stop")
    + _sse({**_CHAT, "choices": [], "usage": {"completion_tokens": 3, "prompt_tokens": 7, "total_tokens": 10}})
    + b"data: [DONE]\n\n",
    broken=_chat.broken,
    overload=_sse({"error": {"code": 500, "message": "Compute error.", "type": "server_error"}}),
    wrong_key=Refusal(401, {"error": {"code": 401, "message": "Invalid API Key", "type": "authentication_error"}}),
    unknown_model=Refusal(404, {"error": {"code": 404, "message": "model not found", "type": "not_found_error"}}),
    # It has no limits; while it loads it says this, and is to be asked again.
    rate_limit=Refusal(503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}),
)

_RESPONSE: dict[str, Any]
_RESPONSE = {"id": "resp_1", "object": "response", "model": "model-x-2026-10-01", "output": [], "error": None}


def _response(kind: str, status: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "sequence_number": 0, "response": {**_RESPONSE, "status": status, **more}}


def _text_delta(text: str) -> bytes:
    return _named(
        {"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": text}
    )


_USED = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10, "input_tokens_details": {"cached_tokens": 0}}
_responses = Spoken(
    content_type=f"{SSE}; charset=utf-8",
    begin=_named(
        _response("response.created", "in_progress"),
        {"type": "response.output_item.added", "output_index": 0, "item": {"id": "msg_1", "type": "message"}},
    ),
    texts=(_text_delta(WORDS[0]), _text_delta(WORDS[1])),
    end=_named(
        {"type": "response.output_text.done", "item_id": "msg_1", "text": "".join(WORDS)},
        _response("response.completed", "completed", usage=_USED),
    ),
    broken=b'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"half\n\n',
    overload=_named(
        {"type": "error", "code": "server_error", "message": _BUSY, "param": None, "sequence_number": 3},
        _response("response.failed", "failed", error={"code": "server_error", "message": _BUSY}),
    ),
    wrong_key=_chat.wrong_key,
    unknown_model=_chat.unknown_model,
    rate_limit=_chat.rate_limit,
)


def _claude(kind: str, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def _block_delta(text: str) -> bytes:
    return _named({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})


_anthropic = Spoken(
    content_type=f"{SSE}; charset=utf-8",
    begin=_named(
        {
            "type": "message_start",
            "message": {"id": "msg_1", "role": "assistant", "model": "model-x-20261001", "content": [],
                        "stop_reason": None, "usage": {"input_tokens": 7, "output_tokens": 1}},
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
    ),
    texts=(_block_delta(WORDS[0]), _block_delta(WORDS[1])),
    end=_named(
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}},
        {"type": "message_stop"},
    ),
    broken=b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"te\n\n',
    overload=_sse(_claude("overloaded_error", "Overloaded"), "error"),
    wrong_key=Refusal(401, _claude("authentication_error", "invalid x-api-key"), {"request-id": "req_401"}),
    unknown_model=Refusal(404, _claude("not_found_error", "model: model-x")),
    rate_limit=Refusal(
        429,
        _claude("rate_limit_error", "This request would exceed your organization's rate limit of 50 per minute."),
        {"anthropic-ratelimit-requests-remaining": "0"},
    ),
)  # fmt: skip


def _candidate(text: str, **more: Any) -> bytes:
    content = {"role": "model", "parts": [{"text": text}]}
    return _sse({"candidates": [{"content": content, "index": 0, **more}], "modelVersion": "model-x"})


def _google(code: int, status: str, message: str, *details: Mapping[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


_gemini = Spoken(
    content_type=SSE,
    begin=b"",
    texts=(_candidate(WORDS[0]), _candidate(WORDS[1])),
    end=_sse(
        {
            "candidates": [{"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 3, "totalTokenCount": 10},
            "modelVersion": "model-x",
        }
    ),
    broken=b'data: {"candidates":[{"content":{"parts":[{"text":"half\n\n',
    # No event: a document, over several lines, in the middle of the events.
    overload=json.dumps(_google(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), indent=2)
    .encode(),
    wrong_key=Refusal(
        400,
        _google(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
        ),
    ),
    unknown_model=Refusal(
        404, _google(404, "NOT_FOUND", "models/model-x is not found for API version v1, or is not supported.")
    ),
    rate_limit=Refusal(429, _google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.")),
)  # fmt: skip


def frame(payload: Any, **headers: str) -> bytes:
    """One frame of AWS's event stream; ``event_type`` stands for ``:event-type``."""
    head = b""
    for name, value in headers.items():
        said = f":{name.replace('_', '-')}".encode()
        head += bytes([len(said)]) + said + b"\x07" + struct.pack(">H", len(value)) + value.encode()
    body = json.dumps(payload, ensure_ascii=False).encode()
    prelude = struct.pack(">II", 16 + len(head) + len(body), len(head))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + head + body
    return message + struct.pack(">I", zlib.crc32(message))


def _converse(kind: str, payload: Any) -> bytes:
    return frame(payload, event_type=kind, content_type=JSON, message_type="event")


def _converse_text(text: str) -> bytes:
    return _converse("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}})


_WHOLE_FRAME = _converse_text("half")
_bedrock = Spoken(
    content_type=EVENTS,
    begin=_converse("messageStart", {"role": "assistant"}),
    texts=(_converse_text(WORDS[0]), _converse_text(WORDS[1])),
    end=_converse("contentBlockStop", {"contentBlockIndex": 0})
    + _converse("messageStop", {"stopReason": "end_turn"})
    + _converse("metadata", {"usage": {"inputTokens": 7, "outputTokens": 3}, "metrics": {"latencyMs": 5}}),
    # One byte of the payload is another than its checksum says.
    broken=_WHOLE_FRAME[:-8] + b"#" + _WHOLE_FRAME[-7:],
    overload=frame(
        {"message": "Too many requests, please wait before trying again."},
        exception_type="throttlingException",
        content_type=JSON,
        message_type="exception",
    ),
    wrong_key=Refusal(
        403,
        {"message": "The security token included in the request is invalid."},
        {"x-amzn-errortype": "UnrecognizedClientException:http://internal.amazon.com/", "x-amzn-requestid": "req_403"},
    ),
    unknown_model=Refusal(
        404,
        {"message": "Could not resolve the foundation model from the provided model identifier."},
        {"x-amzn-errortype": "ResourceNotFoundException"},
    ),
    rate_limit=Refusal(
        429,
        {"message": "Too many requests, please wait before trying again."},
        {"x-amzn-errortype": "ThrottlingException"},
    ),
)


def _line(**data: Any) -> bytes:
    return f"{json.dumps({'model': 'model-x', **data}, ensure_ascii=False)}\n".encode()


def _ollama_text(text: str) -> bytes:
    return _line(message={"role": "assistant", "content": text}, done=False)


_ollama = Spoken(
    content_type=NDJSON,
    begin=b"",
    texts=(_ollama_text(WORDS[0]), _ollama_text(WORDS[1])),
    end=_line(
        message={"role": "assistant", "content": ""},
        done=True,
        done_reason="stop",
        prompt_eval_count=7,
        eval_count=3,
        total_duration=5_000_000,
    ),
    broken=b'{"model":"model-x","message":{"role":"assistant","content":"half\n',
    overload=b'{"error":"an error was encountered while running the model: unexpected EOF"}\n',
    wrong_key=Refusal(401, {"error": "unauthorized"}),
    unknown_model=Refusal(404, {"error": "model 'model-x' not found"}),
    rate_limit=Refusal(429, {"error": "you have reached your hourly usage limit"}),
)


def _cohere_text(text: str) -> bytes:
    return _named({"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": text}}}})


_COHERE_USED = {"billed_units": {"input_tokens": 6.0}, "tokens": {"input_tokens": 7.0, "output_tokens": 3.0}}
_cohere = Spoken(
    content_type=SSE,
    begin=_named(
        {"type": "message-start", "id": "c-1", "delta": {"message": {"role": "assistant", "content": []}}},
        {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}},
    ),
    texts=(_cohere_text(WORDS[0]), _cohere_text(WORDS[1])),
    end=_named(
        {"type": "content-end", "index": 0},
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": _COHERE_USED}},
    ),
    broken=b'event: content-delta\ndata: {"type":"content-delta","index":0,"delta":{"mess\n\n',
    overload=_named({"type": "message-end", "delta": {"error": "the model is overloaded", "finish_reason": "ERROR"}}),
    wrong_key=Refusal(401, {"id": "1", "message": "invalid api token"}),
    unknown_model=Refusal(404, {"id": "1", "message": "model 'model-x' not found, make sure the correct ID was used"}),
    rate_limit=Refusal(429, {"id": "1", "message": "You are using a Trial key, which is limited to 20 API calls."}),
)

SPOKEN: Mapping[str, Spoken] = {
    "openai": _chat,
    "responses": _responses,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "bedrock": _bedrock,
    "ollama": _ollama,
    "azure": _azure,
    "azure-dated": _azure,
    "cohere": _cohere,
    "llamacpp": _llama,
}
