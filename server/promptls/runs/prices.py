"""What models cost and how much fits into them, by the dated table `schemas/data/models.json`.

What the table does not know is unknown, never free; what runs on this machine costs nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from promptls.providers.event import Usage
from promptls.providers.join import is_loopback
from promptls.providers.request import Endpoint
from promptls.schema.models import dated, facts_of


class Price(NamedTuple):
    """US dollars per million tokens. ``date``: of the table; ``cached``: for tokens read from a provider's cache."""

    input: float
    output: float
    date: str = ""
    source: str = ""
    cached: float | None = None

    def of(self, usage: Usage) -> float | None:
        """None where the provider did not count."""
        if usage.input is None or usage.output is None:
            return None
        cached = min(usage.cached or 0, usage.input) if self.cached is not None else 0
        paid = (usage.input - cached) * self.input + cached * (self.cached or 0.0) + usage.output * self.output
        return paid / 1_000_000


FREE = Price(0.0, 0.0)


def price_of(service: str, model: str) -> Price | None:
    """The price of a model at a service; None where it is unknown."""
    facts = facts_of(service, model)
    if facts is None or facts.input is None or facts.output is None:
        return None
    return Price(facts.input, facts.output, *dated(), facts.cached)


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
