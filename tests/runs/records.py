"""Runs to write documents of."""

from __future__ import annotations

from typing import Any

from promptls.runs.event import RunRecord

PROMPT = "file:///work/prompts/greet.prompty"


def record(**said: Any) -> RunRecord:
    """A finished run, but for what is said otherwise."""
    usual: dict[str, Any] = {
        "id": "0193f7-ab12",
        "status": "finished",
        "started": 1_790_000_000.0,
        "uri": PROMPT,
        "prompt": "greet",
        "prompt_hash": "sha256:77",
        "version": 3,
        "sample": "first",
        "values": {"name": "Al"},
        "target": "openai/gpt-4o-mini",
        "provider": "openai",
        "model": "gpt-4o-mini-2024-07-18",
        "parameters": {"temperature": 0.2},
        "answer": "Hello Al",
        "finish": "stop",
        "input_tokens": 12,
        "output_tokens": 3,
        "cost": 0.0000123,
        "price_date": "2026-11-01",
        "latency": 1.2345,
        "first_token": 0.4,
        "trace_id": "4bf92f35",
    }
    return RunRecord(**{**usual, **said})
