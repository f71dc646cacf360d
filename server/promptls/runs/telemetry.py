"""Runs as OpenTelemetry spans and metrics, for whoever asks for them: PROMPTLS_OTEL=1 and the extra `promptls[otel]`.

Off unless a person switches it on. Names are those of the GenAI conventions (semantic-conventions 0.66, 2026: `gen_ai.
provider.name`, `gen_ai.usage.input_tokens`). Never messages, values or answers; where it goes is said by the usual
variables (`OTEL_EXPORTER_OTLP_ENDPOINT` …), which Prometheus and Datadog collectors understand.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from promptls.providers.services import services
from promptls.runs.event import RunRecord
from promptls.runs.plan import Plan

VARIABLE: Final = "PROMPTLS_OTEL"
_OPERATIONS: Final = {"chat": "chat", "embedding": "embeddings", "image": "generate_content"}
_OPTIONS: Final = {
    "temperature": "gen_ai.request.temperature", "top_p": "gen_ai.request.top_p", "top_k": "gen_ai.request.top_k",
    "max_tokens": "gen_ai.request.max_tokens", "seed": "gen_ai.request.seed",
    "frequency_penalty": "gen_ai.request.frequency_penalty", "presence_penalty": "gen_ai.request.presence_penalty",
}  # fmt: skip
_log = logging.getLogger(__name__)


def telemetry_of(environment: Mapping[str, str]) -> Telemetry | None:
    """None unless it is switched on; then a missing extra is said once in the log."""
    if environment.get(VARIABLE, "").strip().lower() in ("", "0", "false", "no", "off"):
        return None
    try:
        return Telemetry()
    except ImportError:
        _log.warning("%s is set, and OpenTelemetry is not installed: pip install 'promptls[otel]'", VARIABLE)
        return None


class Telemetry:
    """Tells every ended run. Raises ImportError where OpenTelemetry is not installed."""

    def __init__(self, *, spans: Any = None, metrics: Any = None) -> None:
        """``spans`` and ``metrics``: an exporter and a reader of the SDK, in the place of OTLP over HTTP."""
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create({"service.name": "promptls"})
        self._spans = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._spans.add_span_processor(BatchSpanProcessor(spans or _otlp_spans()))
        self._metrics = MeterProvider([metrics or _otlp_metrics()], resource=resource, shutdown_on_exit=False)
        self._tracer = self._spans.get_tracer("promptls")
        meter = self._metrics.get_meter("promptls")
        self._tokens = meter.create_histogram("gen_ai.client.token.usage", "{token}", "Tokens of a call")
        self._durations = meter.create_histogram("gen_ai.client.operation.duration", "s", "Time of a call")
        self._first = meter.create_histogram(
            "gen_ai.client.operation.time_to_first_chunk", "s", "Time to its first piece"
        )

    def ended(self, record: RunRecord, plan: Plan) -> None:
        """A span for the run, with its own times and trace id."""
        from opentelemetry import trace
        from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

        about = attributes_of(record, plan)
        lead = SpanContext(int(record.trace_id, 16), int(record.trace_id[:16], 16), True, TraceFlags(1))
        start = int(record.started * 1e9)
        span = self._tracer.start_span(
            f"{about['gen_ai.operation.name']} {about['gen_ai.request.model']}".rstrip(),
            trace.set_span_in_context(NonRecordingSpan(lead)),
            SpanKind.CLIENT,
            about,
            start_time=start,
        )
        if record.status == "failed":
            span.set_status(StatusCode.ERROR, record.failure)
        span.end(start + int((record.latency or 0.0) * 1e9))
        shared = {name: value for name, value in about.items() if name in _SHARED}
        for kind, count in (("input", record.input_tokens), ("output", record.output_tokens)):
            if count is not None:
                self._tokens.record(count, {**shared, "gen_ai.token.type": kind})
        if record.latency is not None:
            self._durations.record(record.latency, shared)
        if record.first_token is not None:
            self._first.record(record.first_token, shared)

    def close(self) -> None:
        """Send what is left; what cannot be sent is let go."""
        self._spans.shutdown()
        self._metrics.shutdown()


_SHARED: Final = frozenset(
    {
        "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model",
        "server.address", "server.port", "error.type",
    }
)  # fmt: skip


def attributes_of(record: RunRecord, plan: Plan) -> dict[str, Any]:
    """What is told of a run: numbers and names, nothing that was said."""
    hop = next((hop for hop in plan.target.route if hop.name == record.target), plan.target.route[0])
    endpoint = hop.endpoint
    parts = urlsplit(endpoint.base_url)
    about: dict[str, Any] = {
        "gen_ai.operation.name": _OPERATIONS.get(plan.operation, plan.operation),
        "gen_ai.provider.name": services()[endpoint.service].gen_ai or endpoint.service,
        "gen_ai.request.model": hop.model,
        "promptls.prompt": record.prompt,
        "promptls.prompt_hash": record.prompt_hash,
        "promptls.retries": record.retries,
        "promptls.status": record.status,
    }
    optional = {
        "gen_ai.response.model": record.model,
        "gen_ai.response.id": record.request_id,
        "gen_ai.response.finish_reasons": (record.finish,) if record.finish else None,
        "gen_ai.usage.input_tokens": record.input_tokens,
        "gen_ai.usage.output_tokens": record.output_tokens,
        "server.address": parts.hostname,
        "server.port": parts.port,
        "error.type": record.failure,
        "promptls.cost": record.cost,
        **{name: plan.options.get(option) for option, name in _OPTIONS.items()},
    }
    about.update({name: value for name, value in optional.items() if value not in (None, "")})
    return about


def _otlp_spans() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def _otlp_metrics() -> Any:
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    return PeriodicExportingMetricReader(OTLPMetricExporter())
