"""The small parts of a run: prices, budget, secrets, retries, circuit breaker, route."""

from __future__ import annotations

import random

import pytest

from promptls.prompt.message import Message, Part
from promptls.providers.event import Failure, Usage
from promptls.providers.request import Endpoint
from promptls.runs import retry
from promptls.runs.breaker import FAILURES, PAUSE, Breakers
from promptls.runs.budget import estimate_of, over_budget, told
from promptls.runs.plan import Hop, Target
from promptls.runs.prices import Price, price_at, price_of
from promptls.runs.route import order
from promptls.runs.scan import secrets_in, without_secrets
from promptls.workspace.running import Running

OPENAI = Endpoint("openai", "openai", "openai-chat", "https://api.openai.com/v1")
GOOGLE = Endpoint("googleai", "googleai", "gemini", "https://generativelanguage.googleapis.com")
LOCAL = Endpoint("local", "openai-compatible", "openai-chat", "http://127.0.0.1:8080/v1")
KNOWN = "gpt-4.1-mini"


def test_a_price_is_for_a_million_tokens_and_less_for_cached_ones() -> None:
    price = Price(2.0, 8.0, cached=0.5)
    assert price.of(Usage(1_000_000, 500_000)) == 6.0
    assert price.of(Usage(1_000_000, 0, cached=1_000_000)) == 0.5
    assert price.of(Usage(output=3)) is None


def test_all_of_a_long_request_is_dearer() -> None:
    price = price_of("googleai", "gemini-2.5-pro")
    assert price is not None
    assert price.long is not None
    over = price.long.over
    assert price.of(Usage(over, 0)) == over * price.input / 1e6
    assert price.of(Usage(over + 1, 10)) == ((over + 1) * price.long.input + 10 * price.long.output) / 1e6
    assert (price.cached, price.at(over + 1).cached) == (0.125, 0.25)
    (short, _), (long, _) = (estimate_of([Hop(GOOGLE, "gemini-2.5-pro")], sent, {}) for sent in (over, over * 2))
    assert short is not None
    assert long is not None
    assert long > short * 2


def test_the_table_knows_its_date_and_does_not_guess() -> None:
    price = price_of("openai", KNOWN)
    assert price is not None
    assert price.date.startswith("20")
    assert price_of("openai", "gpt-of-somebody") is None
    local = price_at(LOCAL, "anything")
    assert local is not None
    assert local.of(Usage(5, 5)) == 0.0


def test_an_estimate_is_a_range() -> None:
    low, high = estimate_of([Hop(OPENAI, KNOWN)], 1000, {"max_tokens": 100})
    assert low is not None
    assert high is not None
    assert 0 < low < high < 0.01
    assert estimate_of([Hop(OPENAI, "unknown")], 1000, {}) == (None, None)
    assert estimate_of([Hop(LOCAL, "x")], 1000, {}) == (0.0, 0.0)


def test_the_unknown_is_over_every_budget() -> None:
    running = Running(per_run=0.05, per_day=2.0)
    assert over_budget((0.001, 0.01), running, 0.0) == ""
    assert "budget for one run is $0.05" in over_budget((0.001, 0.06), running, 0.0)
    assert "an unknown amount" in over_budget((None, None), running, 0.0)
    assert "today cost $2.00 so far" in over_budget((0.001, 0.01), running, 2.0)
    assert "cannot be read" in over_budget((0.001, 0.01), running, float("inf"))
    assert over_budget((None, None), Running(), 0.0) == ""


def test_money_is_told_shortly() -> None:
    assert told((0.0012, 0.03)) == "$0.0012 to $0.03"
    assert told((0.00001, None)) == "an unknown amount"
    assert told((0.00001, 0.03)) == "up to $0.03"
    assert told((0.0012, None)) == "$0.0012 or more"
    assert told((0.0, 0.0)) == "$0"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sk-ant-REDACTED" + "a" * 40, "an Anthropic key"),
        ("my key is sk-proj-REDACTED" + "B1c" * 20, "an OpenAI key"),
        ("AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
        ("ghp_" + "a" * 36, "a GitHub token"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII", "a private key"),
    ],
)
def test_what_looks_like_a_key_is_found_and_never_told(text: str, kind: str) -> None:
    hits = secrets_in([Message("user", (Part("text", f"look: {text}"),))])
    assert [(hit.kind, hit.message, hit.role) for hit in hits] == [(kind, 1, "user")]
    assert "***" in without_secrets(text)


def test_ordinary_words_are_no_keys() -> None:
    text = "The task-oriented disk-based risk-assessment sk-learn pipeline AKIRA hf_transfer " + "x" * 5000
    assert secrets_in([Message("user", (Part("text", text),))]) == ()


def test_only_what_may_get_better_is_tried_again() -> None:
    overloaded = Failure("overloaded", "busy", 529, retryable=True)
    assert retry.wait_before(overloaded, 0, chance=0.0) == 0.5
    assert retry.wait_before(overloaded, 1, chance=1.0) == 0.75
    assert retry.wait_before(overloaded, retry.RETRIES) is None
    assert retry.wait_before(Failure("authentication", "no", 401), 0) is None
    assert retry.wait_before(Failure("rate-limit", "", 429, True, retry_after=7.5), 0) == 7.5
    assert retry.wait_before(Failure("rate-limit", "", 429, True, retry_after=3600), 0) is None


def test_a_circuit_opens_lets_one_through_and_closes() -> None:
    now = 0.0
    breakers = Breakers(lambda: now)
    for _ in range(FAILURES):
        assert breakers.wait("a") == 0.0
        breakers.told("a", "overloaded")
    assert breakers.wait("a") == PAUSE
    assert breakers.wait("b") == 0.0
    now = PAUSE + 1
    assert breakers.wait("a") == 0.0
    assert breakers.wait("a") > 0, "one call tries, the others wait"
    breakers.told("a", "")
    assert breakers.wait("a") == 0.0
    assert breakers.wait("a") == 0.0


def test_a_wrong_request_opens_no_circuit() -> None:
    breakers = Breakers(lambda: 0.0)
    for _ in range(3 * FAILURES):
        breakers.told("a", "invalid-request")
    assert breakers.wait("a") == 0.0


def test_who_is_cheapest_is_first_and_the_unknown_last() -> None:
    hops = (Hop(OPENAI, "unknown"), Hop(OPENAI, KNOWN), Hop(LOCAL, "x"))
    cheapest = order(Target(hops, strategy="cheapest"), None)
    assert [hop.model for hop in cheapest] == ["x", KNOWN, "unknown"]


def test_weights_are_kept_in_the_long_run() -> None:
    hops = (Hop(LOCAL, "a", weight=1.0), Hop(LOCAL, "b", weight=3.0), Hop(LOCAL, "c", weight=0.0))
    chance = random.Random(7)
    first = [order(Target(hops, strategy="weighted"), None, chance=chance) for _ in range(400)]
    assert 240 < sum(hop[0].model == "b" for hop in first) < 360
    assert all(len(one) == 3 for one in first)
    assert all(one[0].model != "c" for one in first)
