"""A run in one line: what answered, how much, how long, for how much."""

from __future__ import annotations

from promptls.runs.budget import money
from promptls.runs.event import RunRecord


def summary(record: RunRecord) -> str:
    """``openai/gpt-5 · 12 + 340 tokens · 2.3 s, first 0.4 s · $0.0034``; estimates have a ``~``."""
    parts = [record.target]
    if record.model and not record.target.endswith(record.model):
        parts[0] += f" (answered by {record.model})"
    if record.input_tokens is not None or record.output_tokens is not None:
        parts.append(f"{tokens(record)} tokens")
    if record.latency is not None:
        first = f", first {record.first_token:.1f} s" if record.first_token is not None else ""
        parts.append(f"{record.latency:.1f} s{first}")
    parts.append("cost unknown" if record.cost is None else money(record.cost))
    if record.retries:
        parts.append(f"{record.retries} {'retry' if record.retries == 1 else 'retries'}")
    if record.finish and record.finish != "stop":
        parts.append(f"ended by {record.finish.replace('_', ' ')}")
    return " · ".join(parts)


def tokens(record: RunRecord) -> str:
    """``12 + 340``, in and out; nothing is never an estimate."""
    mark = "~" if record.tokens_estimated else ""
    return " + ".join(f"{mark if count else ''}{count or 0:,}" for count in (record.input_tokens, record.output_tokens))
