"""From messages and a target to a plan: what will be sent where, what has to be asked first, what forbids it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from promptls.prompt.environment import MissingVariableError, sent_variables, with_settings
from promptls.prompt.message import Message
from promptls.prompt.model import Document, ModelChoice, Prompt
from promptls.prompt.tokens import estimate_message
from promptls.providers.event import Failure
from promptls.providers.parameters import parameters
from promptls.providers.request import Request, UnsupportedError
from promptls.providers.transport import is_offline, origin_of
from promptls.providers.wire import wire_of
from promptls.runs.access import Keys
from promptls.runs.attached import attached
from promptls.runs.budget import estimate_of, over_budget
from promptls.runs.environment import expansions, names_of
from promptls.runs.plan import Hop, Plan, Question, Target, Warned
from promptls.runs.prices import window_of
from promptls.runs.scan import secrets_in
from promptls.runs.target import needs_key
from promptls.text import Span
from promptls.workspace.running import Running


def make_plan(
    document: Document,
    prompt: Prompt,
    messages: tuple[Message, ...],
    target: Target,
    running: Running,
    *,
    environment: Mapping[str, str],
    keys: Keys,
    consent: Mapping[str, Question],
    spent_today: float = 0.0,
    values: Mapping[str, Any] | None = None,
    version: int | None = None,
    sample: str = "",
    prompt_hash: str = "",
    options: Mapping[str, Any] | None = None,
    only_options: bool = False,
    stream: bool = True,
    files: Mapping[str, str] | None = None,
    unreadable: Failure | None = None,
) -> Plan:
    """The plan for rendered messages. ``consent``: the question for each hop (by its name) that has to be asked;
    ``options``: what a person sets beside or instead of what the file says, and in the place of all of its settings
    where ``only_options``; what is none of our names goes into the body as it is. ``files``: see ``Plan``;
    ``unreadable``: why one of them cannot be sent. Sends nothing and asks nobody."""
    model = prompt.model or ModelChoice()
    plan = Plan(
        uri=document.uri,
        prompt=prompt.name,
        prompt_hash=prompt_hash,
        version=version,
        messages=_sendable(messages),
        values=dict(values or {}),
        target=target,
        operation=model.operation,
        tools=prompt.functions,
        output=prompt.output,
        sample=sample,
        stream=stream,
        limits=running.limits,
        log_prompts=running.log_prompts,
        keep_days=running.keep_days,
        keep_days_in=running.keep_days_in,
        files=dict(files or {}),
    )
    plan = _with_options(plan, model, options or {}, only_options)
    warnings = [*_sections(messages)]
    if is_echo(target):
        return replace(plan, warnings=(*warnings, *_unmapped(plan, model.places)))
    allowed, refusal = _allowed(target, running, environment, keys)
    if refusal is not None:
        return replace(plan, refusal=refusal, warnings=(*warnings, *_unmapped(plan, model.places)))
    plan = replace(plan, target=replace(target, route=allowed))
    if unreadable is not None:
        return replace(plan, refusal=unreadable, warnings=tuple(warnings))
    expands = expansions(document, plan.messages, environment)
    warnings += [
        Warned("unset-environment", f"`{text}` is sent as it is written: that variable is not set")
        for text, value in expands.items()
        if value is None
    ]
    try:
        model = with_settings(model, environment)
    except MissingVariableError as error:
        return replace(plan, refusal=Failure("invalid-request", str(error)))
    plan = _with_options(plan, model, options or {}, only_options)
    tokens = _tokens(plan)
    warnings += _too_long(allowed, tokens)
    estimate = estimate_of(allowed, tokens, plan.options)
    plan = replace(plan, expands=expands, estimate=estimate)
    unmapped, unsupported = _unmapped(plan, model.places), _unsupported(plan)
    return replace(
        plan,
        warnings=(*warnings, *unmapped),
        refusal=unsupported,
        questions=(
            *(consent[hop.name] for hop in allowed if hop.name in consent),
            *_secret_question(plan),
            *_environment_question(plan, sent_variables(prompt.model or ModelChoice(), environment)),
            *_budget_question(plan, running, spent_today),
        ),
    )


def agreed(plan: Plan, answered: Iterable[Question]) -> Plan:
    """The plan without the questions that were answered yes."""
    done = set(answered)
    return replace(plan, questions=tuple(question for question in plan.questions if question not in done))


def is_echo(target: Target) -> bool:
    return bool(target.route) and target.route[0].endpoint.wire == "echo"


def request_of(plan: Plan, hop: Hop, messages: tuple[Message, ...] | None = None) -> Request:
    return Request(
        model=hop.model,
        messages=attached(plan.messages if messages is None else messages, plan.files),
        operation=plan.operation,
        options=plan.options,
        extra=plan.extra,
        tools=plan.tools,
        output=plan.output,
        output_name=plan.prompt,
        stream=plan.stream,
    )


def _allowed(
    target: Target, running: Running, environment: Mapping[str, str], keys: Keys
) -> tuple[tuple[Hop, ...], Failure | None]:
    """The hops that may be called; the reason where there is none."""
    reasons: list[Failure] = []
    allowed = []
    for hop in target.route:
        reason = _forbidden(hop, running, environment, keys)
        if reason is None:
            allowed.append(hop)
        else:
            reasons.append(reason)
    if allowed:
        return tuple(allowed), None
    nothing = Failure("unsupported", "nothing to call: the route is empty")
    return (), reasons[0] if reasons else nothing


def _forbidden(hop: Hop, running: Running, environment: Mapping[str, str], keys: Keys) -> Failure | None:
    endpoint = hop.endpoint
    if running.policy.problem:
        return Failure("policy", f"{hop.name} is not called: {running.policy.problem}")
    offline = is_offline(environment)
    if (offline or running.offline) and not endpoint.starts:
        by = "PROMPTLS_OFFLINE is set" if offline else "`offline: true` is configured"
        return Failure("offline", f"{hop.name} is not called: {by}. Run with `echo`")
    refused = running.policy.refuses_host(endpoint.base_url) or running.policy.refuses_model(hop.name)
    if refused:
        return Failure("policy", f"{hop.name} is not called: {refused}")
    if not hop.model:
        provider = endpoint.provider
        return Failure(
            "not-found", f"no model of {provider} is named: write `{provider}/MODEL`, or name one in the file"
        )
    if needs_key(endpoint) and not hop.key_source:
        return Failure("no-key", f"{hop.name} needs a key: {keys.hint(endpoint, hop.settings)}")
    return None


def _with_options(plan: Plan, model: ModelChoice, given: Mapping[str, Any], only: bool) -> Plan:
    ours = {name: value for name, value in given.items() if name in parameters()}
    others = {name: value for name, value in given.items() if name not in parameters()}
    return replace(plan, options={**({} if only else model.options), **ours}, extra={**model.extra, **others})


def _unmapped(plan: Plan, places: Mapping[str, Span]) -> Iterable[Warned]:
    """``places``: where the file sets what."""
    for hop in _real_hops(plan):
        try:
            unmapped = wire_of(hop.endpoint.wire).unmapped(request_of(plan, hop), hop.endpoint)
        except (KeyError, ImportError):
            continue
        yield from (
            Warned("unmapped-parameter", f"{hop.name}: {one.sentence}", places.get(one.name)) for one in unmapped
        )


def _unsupported(plan: Plan) -> Failure | None:
    """Why none of the hops can say the request; None where one can."""
    failure = None
    for hop in plan.target.route:
        try:
            wire_of(hop.endpoint.wire).build(request_of(plan, hop), hop.endpoint)
        except UnsupportedError as error:
            failure = failure or Failure("unsupported", str(error), parameter=error.name)
        else:
            return None
    return failure


def _real_hops(plan: Plan) -> tuple[Hop, ...]:
    if not is_echo(plan.target):
        return plan.target.route
    return (plan.target.shows,) if plan.target.shows else ()


def _sendable(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Without the places that an application fills: nobody fills them here."""
    return tuple(
        replace(message, parts=parts)
        for message in messages
        if (parts := tuple(part for part in message.parts if part.type != "section")) or not message.parts
    )


def _sections(messages: tuple[Message, ...]) -> Iterable[Warned]:
    for message in messages:
        for part in message.parts:
            if part.type == "section":
                sentence = f"the section `{part.value}` is filled by the application; here it is left out"
                yield Warned("unfilled-section", sentence)


def _too_long(hops: Iterable[Hop], tokens: int) -> Iterable[Warned]:
    for hop in hops:
        window = window_of(hop.endpoint.service, hop.model)
        if window is not None and tokens > window:
            sentence = f"the messages have about {tokens:,} tokens, and {hop.name} takes {window:,}"
            yield Warned("context-length", f"{sentence}: it will refuse them, or not see all of them")


def _secret_question(plan: Plan) -> Iterable[Question]:
    hits = secrets_in(plan.messages)
    if hits:
        told = "; ".join(f"message {hit.message} ({hit.role}) holds what looks like {hit.kind}" for hit in hits[:5])
        yield Question("secret", f"{told[0].upper()}{told[1:]}. Send it to {_places(plan)}?", yes="Send it")


def _environment_question(plan: Plan, settings: tuple[str, ...]) -> Iterable[Question]:
    """``settings``: the variables that the file's settings of the model read."""
    names = tuple(dict.fromkeys((*names_of(plan.expands), *settings)))
    if names:
        listed = ", ".join(names)
        what = (
            f"value of the environment variable {listed}"
            if len(names) == 1
            else f"values of the environment variables {listed}"
        )
        yield Question("environment", f"Send the {what} to {_places(plan)}? The prompt file asks for it.")


def _budget_question(plan: Plan, running: Running, spent_today: float) -> Iterable[Question]:
    text = over_budget(plan.estimate, running, spent_today)
    if text:
        yield Question("budget", text, yes="Run")


def _places(plan: Plan) -> str:
    route = ((hop.endpoint.provider, origin_of(hop.endpoint.base_url)) for hop in plan.target.route)
    return ", ".join(dict.fromkeys(f"{provider} at {origin}" for provider, origin in route))


def _tokens(plan: Plan) -> int:
    return sum(estimate_message(message) for message in plan.messages)
