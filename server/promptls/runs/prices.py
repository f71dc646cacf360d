"""What models cost and how much fits into them, by the dated table `schemas/data/models.json`.

What the table does not know is unknown, never free; what runs on this machine costs nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from promptls.providers.event import Usage
from promptls.providers.join import is_loopback
from promptls.providers.request import Endpoint
from promptls.schema.models import LongPrice, dated, facts_of


class Price(NamedTuple):
    """US dollars per million tokens. ``date``: of the table; ``cached``: for tokens read from a provider's cache.

    ``long``: what all tokens of a long request cost.
    """

    input: float
    output: float
    date: str = ""
    cached: float | None = None
    long: LongPrice | None = None

    def at(self, tokens: float) -> Price:
        """The price of a request of so many tokens."""
        if self.long is None or tokens <= self.long.over:
            return self
        # What comes from the cache is as much cheaper as it is in a short request.
        cached = self.cached * self.long.input / self.input if self.cached is not None and self.input else self.cached
        return Price(self.long.input, self.long.output, self.date, cached)

    def of(self, usage: Usage) -> float | None:
        """None where the provider did not count."""
        if usage.input is None or usage.output is None:
            return None
        price = self.at(usage.input)
        cached = min(usage.cached or 0, usage.input) if price.cached is not None else 0
        paid = (usage.input - cached) * price.input + cached * (price.cached or 0.0) + usage.output * price.output
        return paid / 1_000_000


FREE = Price(0.0, 0.0)


def price_of(service: str, model: str) -> Price | None:
    """The price of a model at a service; None where it is unknown."""
    facts = facts_of(service, model)
    if facts is None or facts.input is None or facts.output is None:
        return None
    return Price(facts.input, facts.output, dated()[0], facts.cached, facts.long)


def price_at(endpoint: Endpoint, model: str) -> Price | None:
    """The price of a model where it is called: nothing on this machine."""
    if endpoint.wire == "echo" or is_loopback(endpoint.base_url):
        return FREE
    return price_of(endpoint.service, model)


def window_of(service: str, model: str) -> int | None:
    """The tokens that fit into a model; None where that is unknown."""
    facts = facts_of(service, model)
    return facts.window if facts else None


def output_limit_of(service: str, model: str) -> int | None:
    """The most tokens that a model answers with; None where that is unknown."""
    facts = facts_of(service, model)
    return facts.output_limit if facts else None
