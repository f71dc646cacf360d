"""What a person can do about a failure, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil
from typing import Final
from urllib.parse import urlsplit

from promptls.providers.event import Failure
from promptls.providers.join import is_loopback
from promptls.providers.parameters import name_of
from promptls.providers.request import Endpoint
from promptls.providers.services import services


def advice(failure: Failure, endpoint: Endpoint, target: str) -> str:
    """What happened and what to do. ``target``: ``provider/model``, as a person named it.

    Holds the provider's own sentence where it says more than we do; no key and no body.
    """
    say = _SAY.get(failure.kind)
    if say is None:
        return _own(failure.message)
    return say(failure, endpoint, target or endpoint.provider)


def _own(message: str) -> str:
    message = _ended(message)
    return message[0].upper() + message[1:] if message.partition(" ")[0].isalpha() else message


def _ended(message: str) -> str:
    message = message.strip() or "It gave no reason."
    return message if message.endswith((".", "!", "?", "…")) else f"{message}."


def _says(failure: Failure) -> str:
    return f" It says: {_ended(failure.message)}"


def _title(endpoint: Endpoint) -> str:
    service = services().get(endpoint.service)
    return service.title if service and endpoint.service == endpoint.provider else endpoint.provider


def _host(endpoint: Endpoint) -> str:
    return urlsplit(endpoint.base_url).netloc or endpoint.base_url


def _authentication(failure: Failure, endpoint: Endpoint, target: str) -> str:
    if not endpoint.key_name:
        return (
            f"{_title(endpoint)} wants a key: name its variable, `api_key: ${{env:NAME}}`, at "
            f"`{endpoint.provider}` under `providers:` in promptls.yaml."
        )
    return (
        f"{_title(endpoint)} does not accept the key {endpoint.key_name}: see whether it is whole, not expired and "
        f"made for {_host(endpoint)} (`promptls keys rotate {endpoint.provider}`, or set the variable anew)."
    )


def _permission(failure: Failure, endpoint: Endpoint, target: str) -> str:
    with_key = f"the key {endpoint.key_name}" if endpoint.key_name else "whoever asks"
    return (
        f"{_title(endpoint)} does not let {with_key} use `{target}`: ask whoever runs the account for access."
        f"{_says(failure)}"
    )


def _billing(failure: Failure, endpoint: Endpoint, target: str) -> str:
    return f"The account at {_title(endpoint)} has no credit left: see its billing page.{_says(failure)}"


def _not_found(failure: Failure, endpoint: Endpoint, target: str) -> str:
    model = target.partition("/")[2] or target
    if endpoint.quirks.get("deployments") or endpoint.service in ("azure-openai", "foundry"):
        return (
            f"{_title(endpoint)} has no deployment `{model}` at {_host(endpoint)}: Azure wants the name of the "
            "deployment, not of the model. `promptls providers` lists what is there."
        )
    pull = f" or get it with `ollama pull {model}`" if endpoint.service == "ollama" else ""
    return (
        f"{_title(endpoint)} has no model `{model}` at {endpoint.base_url}: see how it is spelled "
        f"(`promptls providers` lists what is there){pull}."
    )


def _invalid(failure: Failure, endpoint: Endpoint, target: str) -> str:
    if failure.parameter:
        name = name_of(failure.parameter, endpoint) or failure.parameter
        return f"`{target}` refuses `{name}`: take it out of the model's settings.{_says(failure)}"
    return f"{_title(endpoint)} refuses the request.{_says(failure)}"


def _context(failure: Failure, endpoint: Endpoint, target: str) -> str:
    more = ""
    if endpoint.service == "ollama":
        more = " (or set `context_length` higher)"
    elif is_loopback(endpoint.base_url):
        more = " (or start the server with a larger context)"
    return (
        f"The messages are too long for `{target}`: shorten them or take a model with a larger window{more}."
        f"{_says(failure)}"
    )


def _filter(failure: Failure, endpoint: Endpoint, target: str) -> str:
    return f"The content filter of {_title(endpoint)} stopped it: word the messages otherwise.{_says(failure)}"


def _rate(failure: Failure, endpoint: Endpoint, target: str) -> str:
    wait = f" in {_duration(failure.retry_after)}" if failure.retry_after else " in a while"
    return (
        f"`{target}` has had too many requests or tokens for now: run it again{wait}, or set `limits` in promptls.yaml."
        f"{_says(failure)}"
    )


def _duration(seconds: float) -> str:
    """Never too short."""
    return f"{ceil(seconds)} s" if seconds <= 120 else f"{ceil(seconds / 60)} min"


def _overloaded(failure: Failure, endpoint: Endpoint, target: str) -> str:
    return f"{_title(endpoint)} is overloaded: run it again in a while, or name another target.{_says(failure)}"


def _loading(failure: Failure, endpoint: Endpoint, target: str) -> str:
    return f"{_title(endpoint)} is still loading the model: run it again in some seconds."


def _server(failure: Failure, endpoint: Endpoint, target: str) -> str:
    status = f" (status {failure.status})" if failure.status else ""
    quote = f" and this name of the call: {failure.request_id}" if failure.request_id else ""
    help = "see its own log" if is_loopback(endpoint.base_url) else f"ask its support with the support ticket{quote}"
    return f"{_title(endpoint)} failed{status}: run it again; if it stays, {help}.{_says(failure)}"


def _on_the_way(failure: Failure, endpoint: Endpoint, target: str) -> str:
    """The transport knows best who did what: the host, or a proxy before it."""
    return _own(failure.message)


def _refused(failure: Failure, endpoint: Endpoint, target: str) -> str:
    if not is_loopback(endpoint.base_url) or endpoint.starts:
        return _own(failure.message)
    start = _STARTS.get(endpoint.service, "start the server, or see which port it listens on")
    return f"Nothing answers at {_host(endpoint)}: {start}."


_STARTS: Final[Mapping[str, str]] = {
    "ollama": "start it with `ollama serve`",
    "llamacpp": "start it with `llama-server -m MODEL.gguf`",
    "vllm": "start it with `vllm serve MODEL`",
    "lmstudio": "turn on the server in LM Studio's developer page",
    "gpt4all": "turn on the local API server in GPT4All's settings",
    "localai": "start it with `local-ai run`",
}


def _truncated(failure: Failure, endpoint: Endpoint, target: str) -> str:
    return f"The answer of {_title(endpoint)} broke off before its end: run it again."


def _malformed(failure: Failure, endpoint: Endpoint, target: str) -> str:
    wire = f" speaks `{endpoint.wire}`"
    return f"{_own(failure.message)} See whether {endpoint.base_url}{wire}."


def _empty(failure: Failure, endpoint: Endpoint, target: str) -> str:
    return f"{_own(failure.message)} Run it again; if it stays, see whether {endpoint.base_url} is the right address."


def _no_key(failure: Failure, endpoint: Endpoint, target: str) -> str:
    name = endpoint.key_name or "a key"
    return (
        f"There is no key for {_title(endpoint)}: set {name} in the environment, or run "
        f"`promptls keys set {endpoint.provider}`."
    )


_SAY: Final[Mapping[str, Callable[[Failure, Endpoint, str], str]]] = {
    "authentication": _authentication,
    "permission": _permission,
    "billing": _billing,
    "not-found": _not_found,
    "invalid-request": _invalid,
    "context-length": _context,
    "content-filter": _filter,
    "rate-limit": _rate,
    "overloaded": _overloaded,
    "loading": _loading,
    "server": _server,
    "dns": _on_the_way,
    "refused": _refused,
    "tls": _on_the_way,
    "timeout": _on_the_way,
    "connection": _on_the_way,
    "proxy": _on_the_way,
    "truncated": _truncated,
    "malformed": _malformed,
    "empty": _empty,
    "no-key": _no_key,
}
"""The others are decided here, and their message says it all."""
