"""OpenTelemetry: off unless asked for, and then names and numbers alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from promptls.runs import telemetry
from tests.runs.network import FakeNetwork, Watch, chat, refused, running
from tests.runs.plans import OPENAI, hop, plan_of
from tests.runs.prompts import CANARY

SAID = "what was said"


def test_it_is_off_unless_somebody_asks(caplog: pytest.LogCaptureFixture) -> None:
    assert telemetry.telemetry_of({}) is None
    assert telemetry.telemetry_of({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector"}) is None
    assert telemetry.telemetry_of({"PROMPTLS_OTEL": "0"}) is None
    assert not caplog.text


def test_what_is_told_is_names_and_numbers(tmp_path: Path) -> None:
    plan = plan_of(hop("gpt-x", OPENAI), text=SAID, options={"temperature": 0.5})
    watch = Watch()
    with running(FakeNetwork(chat(SAID)), tmp_path, "OPENAI_API_KEY") as runs:
        runs.start(plan, watch)
        about = telemetry.attributes_of(watch.end(), plan)
        elsewhere = plan_of(hop("gpt-x", replace(OPENAI, service="azure-openai")))
        assert telemetry.attributes_of(watch.end(), elsewhere)["gen_ai.provider.name"] == "azure.ai.openai"
    assert about["gen_ai.operation.name"] == "chat"
    assert about["gen_ai.provider.name"] == "openai"
    assert about["gen_ai.request.model"] == "gpt-x"
    assert about["gen_ai.response.model"] == "tiny-1"
    assert about["gen_ai.response.finish_reasons"] == ("stop",)
    assert about["gen_ai.usage.input_tokens"] == 7
    assert about["gen_ai.request.temperature"] == 0.5
    assert about["server.address"] == "api.openai.com"
    assert SAID not in repr(about)
    assert CANARY not in repr(about)


def test_spans_and_metrics_are_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="needs the extra otel")
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans, metrics = InMemorySpanExporter(), InMemoryMetricReader()
    collected: list[Any] = []

    class Kept(telemetry.Telemetry):
        def close(self) -> None:
            collected.append(metrics.get_metrics_data())
            super().close()

    monkeypatch.setattr("promptls.runs.service.telemetry_of", lambda environment: Kept(spans=spans, metrics=metrics))
    watches = [Watch(), Watch(), Watch()]
    with running(FakeNetwork(chat("ok"), refused(404, "no")), tmp_path) as runs:
        for watch, plan in zip(watches, (plan_of(), plan_of(), plan_of(None)), strict=True):
            runs.start(plan, watch)
            watch.end()
    good, bad = spans.get_finished_spans()
    assert good.name == "chat tiny"
    assert f"{good.context.trace_id:032x}" == watches[0].end().trace_id
    assert dict(bad.attributes or {})["error.type"] == "not-found"
    names = {
        metric.name for one in collected[0].resource_metrics for scope in one.scope_metrics for metric in scope.metrics
    }
    assert {"gen_ai.client.token.usage", "gen_ai.client.operation.duration"} <= names
