"""What each provider's error means, and what a person is told to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.providers.advice import advice
from promptls.providers.event import KINDS, Failure
from promptls.providers.failures import clean, failure_in, failure_of
from promptls.providers.request import Endpoint
from promptls.providers.services import endpoint_of
from promptls.workspace.running import ProviderSettings

OPENAI = endpoint_of(ProviderSettings("openai"), {})


def told(status: int, body: Any, headers: dict[str, str] | None = None, endpoint: Endpoint = OPENAI) -> Failure:
    written = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return failure_of(
        status, headers or {}, written if isinstance(written, bytes) else written.encode(), endpoint, now=1_000_000_000
    )


@pytest.mark.parametrize(
    ("status", "body", "kind", "retryable", "message"),
    [
        # OpenAI and Azure
        (
            401,
            {
                "error": {
                    "message": "Incorrect API key",
                    "type": "invalid_request_error",
                    "param": None,
                    "code": "invalid_api_key",
                }
            },
            "authentication",
            False,
            "Incorrect API key",
        ),
        (
            404,
            {
                "error": {
                    "message": "The model does not exist",
                    "type": "invalid_request_error",
                    "code": "model_not_found",
                }
            },
            "not-found",
            False,
            "The model does not exist",
        ),
        (404, {"error": {"message": "no", "type": "invalid_request_error"}}, "not-found", False, "no"),
        (
            429,
            {"error": {"message": "Rate limit reached", "type": "requests", "code": "rate_limit_exceeded"}},
            "rate-limit",
            True,
            "Rate limit reached",
        ),
        (
            429,
            {
                "error": {
                    "message": "You exceeded your current quota",
                    "type": "insufficient_quota",
                    "code": "insufficient_quota",
                }
            },
            "billing",
            False,
            "You exceeded your current quota",
        ),
        (
            400,
            {"error": {"message": "too long", "code": "context_length_exceeded"}},
            "context-length",
            False,
            "too long",
        ),
        (
            400,
            {
                "error": {
                    "message": "This model's maximum context length is 8192 tokens.",
                    "type": "invalid_request_error",
                }
            },
            "context-length",
            False,
            "This model's maximum context length is 8192 tokens.",
        ),
        (
            404,
            {"error": {"code": "DeploymentNotFound", "message": "The API deployment does not exist."}},
            "not-found",
            False,
            "The API deployment does not exist.",
        ),
        (404, {"error": {"code": "404", "message": "Resource not found"}}, "not-found", False, "Resource not found"),
        (
            400,
            {
                "error": {
                    "code": "content_filter",
                    "message": "filtered",
                    "innererror": {"code": "ResponsibleAIPolicyViolation"},
                }
            },
            "content-filter",
            False,
            "filtered",
        ),
        (
            500,
            {"error": {"message": "The server had an error", "type": "server_error"}},
            "server",
            True,
            "The server had an error",
        ),
        # Anthropic
        (
            529,
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "req_1"},
            "overloaded",
            True,
            "Overloaded",
        ),
        (
            402,
            {"type": "error", "error": {"type": "billing_error", "message": "no credit"}},
            "billing",
            False,
            "no credit",
        ),
        (403, {"type": "error", "error": {"type": "permission_error", "message": "no"}}, "permission", False, "no"),
        (504, {"type": "error", "error": {"type": "timeout_error", "message": "late"}}, "server", True, "late"),
        (
            413,
            {"type": "error", "error": {"type": "request_too_large", "message": "big"}},
            "context-length",
            False,
            "big",
        ),
        (
            400,
            {
                "type": "error",
                "error": {"type": "invalid_request_error", "message": "prompt is too long: 9 tokens > 8 maximum"},
            },
            "context-length",
            False,
            "prompt is too long: 9 tokens > 8 maximum",
        ),
        # Gemini
        (
            429,
            {"error": {"code": 429, "message": "Quota", "status": "RESOURCE_EXHAUSTED"}},
            "rate-limit",
            True,
            "Quota",
        ),
        (
            503,
            [{"error": {"code": 503, "message": "The model is overloaded", "status": "UNAVAILABLE"}}],
            "overloaded",
            True,
            "The model is overloaded",
        ),
        (
            400,
            {
                "error": {
                    "code": 400,
                    "message": "API key not valid.",
                    "status": "INVALID_ARGUMENT",
                    "details": [{"reason": "API_KEY_INVALID"}],
                }
            },
            "authentication",
            False,
            "API key not valid.",
        ),
        # Ollama
        (404, {"error": "model 'x' not found"}, "not-found", False, "model 'x' not found"),
        # llama.cpp
        (
            503,
            {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}},
            "loading",
            True,
            "Loading model",
        ),
        (
            400,
            {
                "error": {
                    "code": 400,
                    "message": "the request exceeds the available context size",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 9019,
                    "n_ctx": 4096,
                }
            },
            "context-length",
            False,
            "the request exceeds the available context size",
        ),
        (
            401,
            {"error": {"code": 401, "message": "Invalid API Key", "type": "authentication_error"}},
            "authentication",
            False,
            "Invalid API Key",
        ),
        (503, {"error": {"message": "Loading", "type": "server_error"}}, "loading", True, "Loading"),
        (503, {"error": {"message": "busy", "type": "server_error"}}, "overloaded", True, "busy"),
        (401, {"error": {"message": "no", "type": "invalid_request_error"}}, "authentication", False, "no"),
        # FastAPI, Cohere, old vLLM, nobody knows
        (401, {"detail": "Unauthorized"}, "authentication", False, "Unauthorized"),
        (
            422,
            {"detail": [{"loc": ["body", "temperature"], "msg": "Input should be less than 2"}]},
            "invalid-request",
            False,
            "temperature: Input should be less than 2",
        ),
        (429, {"message": "trial key limit"}, "rate-limit", True, "trial key limit"),
        (
            400,
            {"object": "error", "message": "bad", "type": "BadRequestError", "code": 400},
            "invalid-request",
            False,
            "bad",
        ),
        (418, {"teapot": True}, "invalid-request", False, "The provider gave no reason."),
        (599, b"", "server", True, "The answer is empty (status 599)."),
        (400, "plain text", "invalid-request", False, "plain text"),
        (
            502,
            "<html><head><title>502 Bad &amp; Gateway</title></head></html>",
            "server",
            True,
            "A web page answers at https://api.openai.com/v1 (“502 Bad & Gateway”), not a model.",
        ),
        (
            404,
            "<!DOCTYPE html><body>x",
            "not-found",
            False,
            "A web page answers at https://api.openai.com/v1, not a model.",
        ),
    ],
)
def test_errors_as_providers_write_them(status: int, body: Any, kind: str, retryable: bool, message: str) -> None:
    found = told(status, body)
    assert (found.kind, found.retryable, found.message, found.status) == (kind, retryable, message, status)
    assert found.kind in KINDS


@pytest.mark.parametrize(
    ("said", "status", "kind", "retryable"),
    [
        ("ThrottlingException:http://internal.amazon.com/coral/", 429, "rate-limit", True),
        ("com.amazon#ModelErrorException", 424, "server", True),
        ("AccessDeniedException", 403, "permission", False),
        ("ModelNotReadyException", 429, "loading", True),
        ("ValidationException", 400, "invalid-request", False),
        ("UnrecognizedClientException", 403, "authentication", False),
    ],
)
def test_bedrock_says_the_kind_in_a_header(said: str, status: int, kind: str, retryable: bool) -> None:
    found = told(status, {"message": "no"}, {"X-Amzn-ErrorType": said, "x-amzn-requestid": "r-1"})
    assert (found.kind, found.retryable, found.message, found.request_id) == (kind, retryable, "no", "r-1")


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"retry-after": "7"}, {}, 7),
        ({"Retry-After": "0.5"}, {}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, {}, 1.5),
        ({"retry-after": "Sun, 09 Sep 2001 01:46:50 GMT"}, {}, 10),
        ({"retry-after": "Sat, 08 Sep 2001 01:46:50 GMT"}, {}, 0),
        ({"retry-after": "soon"}, {}, None),
        ({"retry-after": "-5"}, {}, None),
        ({"retry-after": "nan"}, {}, None),
        ({}, {"error": {"details": [{"@type": "x/RetryInfo", "retryDelay": "34s"}]}}, 34),
        ({}, {"error": {"details": [{"retryDelay": 5}]}}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], body: Any, wait: float | None) -> None:
    assert told(429, body, headers).retry_after == wait


def test_the_provider_has_the_last_word_on_trying_again() -> None:
    assert told(429, {}, {"x-should-retry": "false"}).retryable is False
    assert told(400, {}, {"X-Should-Retry": "true"}).retryable is True


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"error": {"message": "no", "param": "temperature"}}, "temperature"),
        ({"error": {"message": "Unsupported parameter: 'max_tokens' is not supported with this model."}}, "max_tokens"),
        ({"error": {"message": "Unrecognized request argument supplied: top_k"}}, "top_k"),
        ({"error": {"message": "`temperature` is deprecated for this model."}}, "temperature"),
        ({"error": {"message": "temperature: Extra inputs are not permitted"}}, "temperature"),
        ({"error": {"message": 'Invalid JSON payload received. Unknown name "topZ" at generation_config'}}, "topZ"),
        ({"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]}, "stream_options"),
        ({"error": {"message": "Something is wrong with your request."}}, ""),
    ],
)
def test_the_setting_that_is_refused(body: Any, parameter: str) -> None:
    assert told(400, body).parameter == parameter


def test_no_key_is_repeated() -> None:
    canary = "sk-proj-CANARY1234567890"
    for message in (
        f"Incorrect API key provided: {canary}. You can find your key at https://x",
        f"Bearer {canary} is bad",
        f"https://x/v1?key={canary}&a=b",
        "AIzaSyCANARY1234567890 and hf_CANARY1234567890 and ghp_CANARY1234567890",
    ):
        for body in (
            {"error": {"message": message, "code": message, "param": message}},
            message,
            f"<title>{message}</title>",
        ):
            found = told(401, body)
            for text in (*(str(getattr(found, name)) for name in Failure.__slots__), advice(found, OPENAI, "openai/m")):
                assert "CANARY" not in text
    assert clean("a task-force and the sky is blue") == "a task-force and the sky is blue"


def test_a_long_message_is_cut_and_in_one_line() -> None:
    assert len(told(400, {"error": {"message": "a\n" * 9000}}).message) == 500
    assert "\n" not in told(400, {"error": {"message": "a\n\nb"}}).message


def test_a_redirect_is_not_followed_with_a_key() -> None:
    found = told(307, b"", {"location": "https://evil.example/x?key=abc"})
    assert found.message == "The address leads on to https://evil.example/x; a key is not sent after it."
    assert not found.retryable


def test_nothing_makes_it_raise() -> None:
    nested: list[Any] = []
    for _ in range(50):
        nested = [nested]
    bodies = [
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"[[]]",
        b"5",
        b"null",
        b" " * 100_000,
        b"x" * 100_000,
        b'"x"',
        {"error": nested},
        {"error": {"details": 5, "code": {}, "type": []}},
        {"detail": [5, None, {"loc": 5}]},
        {"errors": [{"message": 5}]},
        {"error": {"message": {"a": 1}, "innererror": 5}},
    ]
    for body in bodies:
        for status in (200, 301, 400, 429, 500, 999):
            assert told(status, body).kind in KINDS
    for hostile in ("unknown " + "a " * 9000, "'" + "a" * 9000 + "' " * 9000, "unsupported " * 3000, "key=" * 9000):
        assert told(400, {"error": {"message": hostile}}).kind == "invalid-request"


def test_only_what_says_so_is_a_failure() -> None:
    harmless: tuple[Any, ...] = ({"error": None, "choices": []}, {"type": "ping"}, {}, [], None, 5, "error")
    for data in (*harmless, [{}, {"error": "x"}]):
        assert failure_in(data) is None
    found = failure_in([{"error": {"code": 503, "message": "x"}}])
    assert found is not None
    assert (found.kind, found.status) == ("overloaded", 503)


@pytest.mark.parametrize(
    ("name", "failure", "parts"),
    [
        (
            "openai",
            Failure("authentication", "x"),
            ["OpenAI does not accept the key OPENAI_API_KEY", "promptls keys rotate openai"],
        ),
        ("vllm", Failure("refused", "x"), ["Nothing answers at 127.0.0.1:8000: start it with `vllm serve MODEL`."]),
        ("ollama", Failure("not-found", "x"), ["Ollama has no model `gpt-x`", "ollama pull gpt-x"]),
        ("openai", Failure("rate-limit", "Slow down", retry_after=7.2), ["in 8 s", "It says: Slow down."]),
        (
            "openai",
            Failure("invalid-request", "no", parameter="max_completion_tokens"),
            ["refuses `max_tokens`: take it out"],
        ),
        ("openai", Failure("invalid-request", "no"), ["OpenAI refuses the request. It says: no."]),
        ("openai", Failure("dns", "there is no host x; mend it"), ["There is no host x; mend it."]),
        ("openai", Failure("tls", "the certificate has expired"), ["The certificate has expired."]),
        ("openai", Failure("rate-limit", "x", retry_after=1800.5), ["in 31 min"]),
        ("openai", Failure("server", "x", 502, request_id="req_9"), ["(status 502)", "req_9"]),
        ("llamacpp", Failure("server", "x", 500), ["see its own log"]),
        ("openai", Failure("refused", "nobody is at the proxy http://p"), ["Nobody is at the proxy http://p."]),
        ("openai", Failure("budget", "Too dear"), ["Too dear."]),
        ("openai", Failure("no-key", ""), ["set OPENAI_API_KEY in the environment"]),
        ("openai", Failure("truncated", ""), ["broke off before its end: run it again"]),
        ("ollama", Failure("context-length", "x"), ["context_length"]),
    ],
)
def test_advice_says_what_to_do(name: str, failure: Failure, parts: list[str]) -> None:
    said = advice(failure, endpoint_of(ProviderSettings(name), {}), f"{name}/gpt-x")
    for part in parts:
        assert part in said


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_advice_for_every_kind(kind: str) -> None:
    said = advice(Failure(kind, "Some reason"), OPENAI, "openai/gpt-x")
    assert said.endswith(".")
    assert "\n" not in said
    assert advice(Failure(kind, ""), OPENAI, "").strip()


def test_azure_wants_a_deployment() -> None:
    azure = endpoint_of(ProviderSettings("azure", endpoint="https://r.openai.azure.com"), {})
    assert "not of the model" in advice(Failure("not-found", "x"), azure, "azure/gpt-x")
