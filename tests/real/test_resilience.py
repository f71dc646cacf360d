"""How the product bears what llmock does to it, which judges each client by what it sends after a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.real.conftest import needs
from tests.real.product import PROVIDERS, Product, Ran

if TYPE_CHECKING:
    from llmock.pytest_plugin import LLMock

pytestmark = pytest.mark.real
PATHS = {
    "openai": "/v1",
    "responses": "/v1",
    "anthropic": "/anthropic/v1",
    "gemini": "/gemini/v1beta",
    "cohere": "/cohere/v2",
}
ALL = pytest.mark.parametrize("name", PATHS)
WORDS = "one two three four five six seven eight"


@pytest.fixture
def faulty(request: pytest.FixtureRequest) -> LLMock:
    needs("llmock")
    found: LLMock = request.getfixturevalue("llmock")
    return found


def run(product: Product, faulty: LLMock, name: str, more: str = "") -> Ran:
    product.configure(PROVIDERS[name], faulty.url + PATHS[name], more)
    product.patch.delenv("OPENAI_BASE_URL", raising=False)
    return product.run(PROVIDERS[name])


@ALL
def test_a_rate_limit_is_waited_for(product: Product, faulty: LLMock, name: str) -> None:
    faulty.rate_limit(times=2, retry_after=0.1).reply(WORDS)
    ran = run(product, faulty, name)
    assert (ran.code, ran.out, ran.record["retries"]) == (0, f"{WORDS}\n", 2)
    faulty.assert_resilient(strict=True)


@pytest.mark.parametrize(("name", "status"), [*((name, 500) for name in PATHS), ("anthropic", 503)])
def test_an_outage_ends_after_two_more_tries(product: Product, faulty: LLMock, name: str, status: int) -> None:
    faulty.outage(status=status)
    ran = run(product, faulty, name)
    assert (ran.code, ran.record["retries"], len(faulty.requests)) == (4, 2, 3)
    assert ran.record["failure"] == {500: "server", 503: "overloaded"}[status]
    assert "run it again" in ran.err


@ALL
@pytest.mark.parametrize(("status", "kind"), [(401, "authentication"), (404, "not-found"), (400, "invalid-request")])
def test_what_will_not_get_better_is_asked_once(
    product: Product, faulty: LLMock, name: str, status: int, kind: str
) -> None:
    faulty.fail(status, times=None)
    ran = run(product, faulty, name)
    assert (ran.code, ran.record["failure"], ran.record["retries"]) == (4, kind, 0)
    faulty.assert_resilient(strict=True)


@ALL
@pytest.mark.parametrize("fault", ["truncate", "disconnect", "corrupt"])
def test_an_answer_that_breaks_is_kept_and_not_asked_for_again(
    product: Product, faulty: LLMock, name: str, fault: str
) -> None:
    faulty.reply(WORDS)
    # Behind what each says before its first word.
    getattr(faulty, fault)(after_chunks=6)
    ran = run(product, faulty, name)
    record = ran.record
    assert ran.code == 4
    assert (record["status"], record["partial"], record["retries"]) == ("failed", True, 0)
    assert record["failure"] == ("malformed" if fault == "corrupt" else "truncated")
    assert WORDS.startswith(record["answer"].strip())
    assert record["answer"]
    assert "What came until then is kept, and marked as partial." in ran.err


@ALL
def test_a_slow_first_word_is_waited_for_as_long_as_is_set(product: Product, faulty: LLMock, name: str) -> None:
    faulty.slow_first_token(0.15).reply(WORDS)
    assert run(product, faulty, name).code == 0
    faulty.slow_first_token(1.0)
    ran = run(product, faulty, name, "timeout: 0.2")
    assert (ran.code, ran.record["failure"], ran.record["partial"]) == (4, "timeout", False)
    assert f"0.2 seconds; run it again, or set `timeout` of `{PROVIDERS[name].service}` higher." in ran.err


@ALL
def test_messages_that_are_too_long(product: Product, faulty: LLMock, name: str) -> None:
    faulty.context_overflow()
    ran = run(product, faulty, name)
    assert (ran.code, ran.record["failure"], ran.record["retries"]) == (4, "context-length", 0)
    assert "shorten them or take a model with a larger window" in ran.err


@pytest.mark.parametrize("name", ["responses", "anthropic"])
@pytest.mark.parametrize("fault", ["truncate", "disconnect"])
def test_what_breaks_before_its_first_word_is_asked_for_again(
    product: Product, faulty: LLMock, name: str, fault: str
) -> None:
    getattr(faulty, fault)(after_chunks=2)
    ran = run(product, faulty, name)
    assert (ran.code, ran.record["status"], ran.record["retries"]) == (0, "finished", 1)
    assert f"{PROVIDERS[name].target}: " in ran.err
    assert "; asking again in 0.0 s\n" in ran.err
