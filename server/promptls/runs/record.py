"""The record of a run as it begins and as it ends, and the sentence that a person is told then."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import Any

from promptls.providers.event import Failure
from promptls.providers.join import is_loopback
from promptls.runs import keep
from promptls.runs.event import PARTIAL, RunRecord
from promptls.runs.execute import Execution
from promptls.runs.plan import Plan
from promptls.runs.planning import is_echo


def new_run_id() -> str:
    """Sorts by time, in UTC, and is never given twice: ``20261121-231148-1f0a9c``."""
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"


def first_record(run: str, plan: Plan) -> RunRecord:
    hop = plan.target.route[0]
    shows = plan.target.shows
    return RunRecord(
        id=run,
        status="running",
        started=time.time(),
        uri=plan.uri,
        prompt=plan.prompt,
        prompt_hash=plan.prompt_hash,
        version=plan.version,
        sample=plan.sample,
        values=plan.values,
        target=f"{hop.name}:{shows.name}" if shows is not None and is_echo(plan.target) else hop.name,
        alias=plan.target.alias,
        provider=hop.endpoint.provider,
        parameters={**plan.options, **plan.extra},
        trace_id=secrets.token_hex(16),
        messages=keep.as_data(plan.messages),
    )


def started_data(plan: Plan, record: RunRecord) -> dict[str, Any]:
    return {
        "target": record.target,
        "why": plan.target.why,
        "alias": plan.target.alias,
        "uri": plan.uri,
        "prompt": plan.prompt,
        "version": plan.version,
        "warnings": [warning.message for warning in plan.warnings],
    }


def _stopped(execution: Execution | None) -> str:
    if execution is None or not execution.sent:
        return "Stopped before anything was sent."
    stopped = "Stopped: the connection is closed."
    endpoint = execution.hop.endpoint
    if endpoint.starts or is_loopback(endpoint.base_url):
        return stopped
    return f"{stopped} A hosted provider may still bill for what it has begun."


def _advice(failure: Failure | None, execution: Execution | None) -> str:
    if failure is None or execution is None:
        return failure.message if failure else ""
    from promptls.providers.advice import advice

    return advice(failure, execution.hop.endpoint, execution.hop.name)


def ended(record: RunRecord, execution: Execution | None, status: str, failure: Failure | None) -> RunRecord:
    """The record in the end. ``execution``: None where the run was over before it began."""
    message = _stopped(execution) if status == "cancelled" else _advice(failure, execution)
    if execution is not None:
        kept = execution.record(status, failure, message)
        return replace(kept, message=f"{message} {PARTIAL}") if kept.partial else kept
    return replace(record, status=status, message=message, failure=failure.kind if failure else "")


def place_of_error(error: BaseException) -> str:
    """For the log. The error's own text is left out: it may hold what was sent."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place
