"""The request of a run as something to paste: into a terminal, a script, or a ticket to a provider's support."""

from __future__ import annotations

import platform
import time

from promptls import __version__
from promptls.actions.error import ActionError
from promptls.providers.copy_as import curl_of, python_of
from promptls.providers.echo import wire_view
from promptls.providers.request import UnsupportedError
from promptls.providers.wire import wire_of
from promptls.runs.database import Database, DatabaseError
from promptls.runs.event import RunRecord
from promptls.runs.plan import Hop, Plan
from promptls.runs.planning import is_echo, request_of


def copied(plan: Plan, form: str, database: Database | None = None) -> str:
    """``form``: ``curl``, ``python``, ``ticket`` or ``http`` (the bare request). The key stands as ``$NAME``.

    ``database``: for what the last run of the prompt saw, in a ticket. Raises ActionError where no provider would be
    asked, or none can be.
    """
    hop = plan.target.shows if is_echo(plan.target) else plan.target.route[0] if plan.target.route else None
    if hop is None:
        why = f" ({plan.target.why})" if plan.target.why else ""
        raise ActionError(f"A run would call no provider{why}, so there is no request: name a model, or a target")
    try:
        http = wire_of(hop.endpoint.wire).build(request_of(plan, hop), hop.endpoint)
    except UnsupportedError as error:
        raise ActionError(str(error)) from None
    match form:
        case "curl":
            return curl_of(http, hop.endpoint)
        case "python":
            return python_of(http, hop.endpoint)
        case "http":
            return wire_view(http, hop.endpoint)
    return _ticket(plan, hop, wire_view(http, hop.endpoint), _last(plan, database))


def _ticket(plan: Plan, hop: Hop, wire: str, last: RunRecord | None) -> str:
    seen = last.message if last and last.status in ("failed", "cancelled", "interrupted") else ""
    run = f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(last.started))} UTC" if last else "not run yet"
    rows = {
        "Provider": hop.endpoint.provider,
        "Endpoint": hop.endpoint.base_url,
        "Model": hop.model or "(none)",
        "Answered by": last.model if last else "",
        "Time of the call": run,
        "Trace id": last.trace_id if last else "",
        "Request id": last.request_id if last else "",
        "Status": f"{last.status}{f' ({last.failure})' if last.failure else ''}" if last else "",
        "Retries": str(last.retries) if last else "",
        "Client": f"promptls {__version__}, Python {platform.python_version()}, {platform.platform(terse=True)}",
        "Prompt": f"{plan.prompt} ({plan.prompt_hash})",
    }
    lines = ["# Support ticket", "", *(f"- **{name}**: {value}" for name, value in rows.items() if value), ""]
    lines += ["## What went wrong", "", seen or "(describe it here)", ""]
    lines += ["## What was expected", "", "(describe it here)", ""]
    lines += ["## The request", "", "The key is not shown. Take out what is nobody's business.", ""]
    fence = "~~~~~~"
    return "\n".join([*lines, f"{fence}http", wire.rstrip(), fence, ""])


def _last(plan: Plan, database: Database | None) -> RunRecord | None:
    if database is None:
        return None
    from promptls.runs.history import History

    try:
        runs = History(database).runs(20, uri=plan.uri)
    except DatabaseError:
        return None
    return next((run for run in runs if run.provider != "echo"), None)
