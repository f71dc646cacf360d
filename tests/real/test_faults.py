"""What a person reads when a provider fails: each fault of each provider through `promptls run`, in the bytes that the
provider itself sends (`spoken`). Nowhere is the key in it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.real.product import KEY, PROVIDERS, Product, Provider
from tests.real.replay import CUT, SILENCE, Replay, Stream, replaying, stream, whole
from tests.real.spoken import SPOKEN, WORDS, Refusal, Spoken

pytestmark = pytest.mark.real
ALL = pytest.mark.parametrize("name", PROVIDERS)
PARTIAL = "What came until then is kept, and marked as partial."


@dataclass(frozen=True)
class Fault:
    """``replies``: of the server, one request after the other. ``says``: what stands in the one sentence, with the
    provider's {title}, {variable}, {service}, {target}, {host} and {url}. ``asked``: how many requests there were."""

    replies: Callable[[Spoken], list[Stream | Refusal]]
    kind: str
    says: tuple[str, ...]
    asked: int = 1
    partial: bool = False
    but: str = ""
    """A kind that one of the providers has in the place of ``kind``: ``bedrock=rate-limit``."""

    def kind_of(self, name: str) -> str:
        return dict(each.split("=") for each in self.but.split()).get(name, self.kind)


def limited(spoken: Spoken, wait: str) -> Refusal:
    return replace(spoken.rate_limit, headers={**spoken.rate_limit.headers, "retry-after": wait})


FAULTS = {
    "wrong key": Fault(
        lambda spoken: [spoken.wrong_key],
        "authentication",
        ("{title} does not accept the key {variable}", "made for {host}", "`promptls keys rotate {service}`"),
    ),
    "unknown model": Fault(
        lambda spoken: [spoken.unknown_model], "not-found", ("{title} has no ", "`model-x`", "`promptls providers`")
    ),
    "a limit for ever": Fault(
        lambda spoken: [limited(spoken, "0.02")],
        "rate-limit",
        ("`{target}` has had too many requests", "run it again in 1 s, or set `limits`", "It says: "),
        asked=3,
        but="llamacpp=loading",
    ),
    "a limit for ten minutes": Fault(
        lambda spoken: [limited(spoken, "600")],
        "rate-limit",
        ("`{target}` has had too many requests", "run it again in 10 min"),
        but="llamacpp=loading",
    ),
    "overload in the middle": Fault(
        lambda spoken: [stream(spoken, spoken.overload)],
        "server",
        ("{title} ", "run it again", "It says: ", PARTIAL),
        partial=True,
        but="anthropic=overloaded gemini=overloaded cohere=overloaded bedrock=rate-limit",
    ),
    "cut short": Fault(
        lambda spoken: [stream(spoken)],
        "truncated",
        ("The answer of {title} broke off before its end: run it again.", PARTIAL),
        partial=True,
    ),
    "torn off": Fault(
        lambda spoken: [stream(spoken, CUT)],
        "truncated",
        ("The answer of {title} broke off before its end: run it again.", PARTIAL),
        partial=True,
    ),
    "a piece that is none": Fault(
        lambda spoken: [stream(spoken, spoken.broken, spoken.end)],
        "malformed",
        ("A part of the answer cannot be read", "{url}", PARTIAL),
        partial=True,
    ),
    "no word at all": Fault(
        lambda spoken: [Stream(spoken.content_type, (), mute=True)],
        "timeout",
        ("http://{host} did not answer for 1 seconds; run it again, or set `timeout` of `{service}` higher.",),
    ),
    "a slow first word": Fault(
        lambda spoken: [Stream(spoken.content_type, (spoken.begin, SILENCE))],
        "timeout",
        ("http://{host} ", " for 1 seconds; run it again, or set `timeout` of `{service}` higher."),
    ),
    "silence in the middle": Fault(
        lambda spoken: [stream(spoken, SILENCE)],
        "timeout",
        ("Nothing more came from http://{host} for 1 seconds; run it again", "`timeout` of `{service}`", PARTIAL),
        partial=True,
    ),
}
SAID = {
    "overloaded": ("{title} is overloaded: run it again in a while", "It says: "),
    "loading": ("{title} is still loading the model: run it again in some seconds.",),
    "rate-limit": ("`{target}` has had too many requests", "run it again", "It says: "),
}


def read(parts: tuple[str, ...], provider: Provider, url: str) -> list[str]:
    return [
        part.format(
            title=provider.title,
            variable=provider.variable,
            service=provider.service,
            target=provider.target,
            host=url.partition("://")[2],
            url=url,
        )
        for part in parts
    ]


@pytest.mark.parametrize("fault", FAULTS)
@ALL
def test_a_fault(product: Product, name: str, fault: str) -> None:
    provider, spoken, what = PROVIDERS[name], SPOKEN[name], FAULTS[fault]
    kind = what.kind_of(name)
    with replaying(*what.replies(spoken)) as server:
        product.configure(provider, server.url, "timeout: 1")
        ran = product.run(provider)
    (sentence,) = [line for line in ran.err.splitlines() if line.startswith("failed: ")]
    parts = what.says if kind == what.kind else (*SAID[kind], *(part for part in what.says if part == PARTIAL))
    for part in read(parts, provider, server.url):
        assert part in sentence
    assert ran.code == 4
    assert ran.out == (f"{WORDS[0]}\n" if what.partial else "")
    record = ran.record
    assert (record["status"], record["failure"], record["partial"]) == ("failed", kind, what.partial)
    assert record["answer"] == (WORDS[0] if what.partial else "")
    if what.partial:
        assert record["tokens_estimated"], "nobody counted what came"
        assert record["output_tokens"] >= 2
    assert record["message"] == sentence.removeprefix("failed: ")
    assert (len(server.requests), record["retries"]) == (what.asked, what.asked - 1)
    assert key_of(server) == KEY


def key_of(server: Replay) -> str:
    """That the server was sent: it has to arrive, or that nobody sees it says nothing."""
    _, headers, _ = server.requests[0]
    return next(value for value in map(bare, headers.values()) if value == KEY)


def bare(value: str) -> str:
    return value.removeprefix("Bearer ")


@ALL
def test_it_waits_as_long_as_it_is_told_and_asks_again(product: Product, name: str) -> None:
    provider, spoken = PROVIDERS[name], SPOKEN[name]
    wait = limited(spoken, "0.1")
    with replaying(wait, wait, whole(spoken)) as server:
        product.configure(provider, server.url)
        ran = product.run(provider)
    assert (ran.code, ran.out) == (0, "".join(WORDS) + "\n")
    waiting = [line for line in ran.err.splitlines() if line.endswith("; asking again in 0.1 s")]
    assert len(waiting) == 2
    assert all(line.startswith(f"{provider.target}: ") and ".;" not in line for line in waiting)
    assert "7 + 3 tokens" in ran.err
    assert "2 retries" in ran.err
    assert len({body for _, _, body in server.requests}) == 1
    assert (ran.record["status"], ran.record["retries"], ran.record["failure"]) == ("finished", 2, "")


@ALL
def test_a_certificate_that_nobody_signed(product: Product, name: str) -> None:
    provider = PROVIDERS[name]
    with replaying(whole(SPOKEN[name]), certificate="itself.pem") as server:
        product.configure(provider, server.url)
        ran = product.run(provider)
    assert ran.code == 4
    assert (
        f"failed: The certificate of {server.url} is signed by itself; if it is your company's, set `ca_file` of "
        f"`{provider.service}` in your own configuration to the certificate of its authority.\n"
    ) in ran.err
    assert (ran.record["status"], ran.record["failure"]) == ("failed", "tls")
    assert not server.requests


@ALL
def test_nothing_listens(product: Product, name: str) -> None:
    provider = PROVIDERS[name]
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{nobody.getsockname()[1]}"
        product.configure(provider, f"http://{host}")
        ran = product.run(provider)
    start = {"ollama": "start it with `ollama serve`", "llamacpp": "start it with `llama-server -m MODEL.gguf`"}
    help = start.get(name, "start the server, or see which port it listens on")
    assert f"failed: Nothing answers at {host}: {help}.\n" in ran.err
    assert (ran.code, ran.record["status"], ran.record["failure"]) == (4, "failed", "refused")


@ALL
def test_there_is_no_such_host(product: Product, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    provider = PROVIDERS[name]
    monkeypatch.setattr("socket.getaddrinfo", unknown)
    product.configure(provider, "https://models.invalid")
    ran = product.run(provider, "ask.prompty", "--allow-host", "models.invalid")
    assert (
        f"failed: There is no host models.invalid; check the address of `{provider.service}`, and the network.\n"
    ) in ran.err
    assert (ran.code, ran.record["status"], ran.record["failure"]) == (4, "failed", "dns")


@ALL
def test_somebody_stops_it_in_the_middle(product: Product, name: str) -> None:
    provider, spoken = PROVIDERS[name], SPOKEN[name]
    with replaying(stream(spoken, SILENCE)) as server:
        product.configure(provider, server.url)
        record, watch = product.stopped_at_the_first_word(provider)
        assert server.gone.wait(60), "the connection is closed"
    assert watch.text == WORDS[0]
    assert (record.status, record.answer, record.partial) == ("cancelled", WORDS[0], True)
    assert record.message == f"Stopped: the connection is closed. {PARTIAL}", "nobody bills for this machine"
    kept = product.promptls("history", "last", "--format", "json").data
    assert (kept["status"], kept["answer"], kept["partial"]) == ("cancelled", WORDS[0], True)


def test_a_signature_shows_no_key_either(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    provider, spoken = PROVIDERS["bedrock"], SPOKEN["bedrock"]
    product.configure(provider, "URL", key="")
    monkeypatch.delenv(provider.variable)
    product.keys[:] = [KEY]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "canaryACCESS0123456789")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    with replaying(whole(spoken), spoken.wrong_key) as server:
        product.configure(replace(provider, variable="UNUSED"), server.url)
        fine, wrong = product.run(provider), product.run(provider)
    assert (fine.code, fine.out) == (0, "".join(WORDS) + "\n")
    assert wrong.code == 4
    assert "AWS Bedrock does not accept the key AWS_ACCESS_KEY_ID" in wrong.err
    assert all("AWS4-HMAC-SHA256" in headers["authorization"] for _, headers, _ in server.requests)
    assert "canary" not in json.dumps([fine, wrong])
