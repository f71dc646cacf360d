"""What is known of a model before it is called: the table `schemas/data/models.json`, dated and with its source.

Made by `tests/oracles/models.py` from a public data set. What is not in it is unknown, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from promptls.schema.files import table

_SAME_MODELS = {"foundry": ("azure-openai",), "github-models": ("openai", "mistral", "cohere")}
"""Services that offer other makers' models under the makers' names, at prices of their own."""


class LongPrice(NamedTuple):
    """US dollars for a million tokens of a request that holds more than ``over`` of them."""

    over: int
    input: float
    output: float


class ModelFacts(NamedTuple):
    """``input``, ``output``, ``cached``: US dollars for a million tokens, None where unknown. ``window``: the tokens
    that fit in, ``output_limit``: the most that come out. ``kind``: ``chat``, ``embedding``, ``image`` …"""

    window: int | None = None
    output_limit: int | None = None
    input: float | None = None
    output: float | None = None
    cached: float | None = None
    kind: str = "chat"
    long: LongPrice | None = None


def facts_of(service: str, model: str) -> ModelFacts | None:
    """By the service's key in `schemas/data/services.json` and the model's name there; None where it is unknown.

    Without a service, or at one that offers the models of others, it is known how much fits in and not what it costs;
    a model that the others disagree about is unknown.
    """
    services = _services()
    found = _entry(services.get(service, {}), model)
    if found is not None:
        return _facts(found)
    others = _SAME_MODELS.get(service, ()) if service else tuple(services)
    all_found = [row for other in others if (row := _entry(services.get(other, {}), model.rpartition("/")[2]))]
    if not all_found or len({row.get("window") for row in all_found}) > 1:
        return None
    return _facts(all_found[0])._replace(input=None, output=None, cached=None, long=None)


def models_of(service: str) -> dict[str, ModelFacts]:
    """The models of a service that answer in words, by name; empty where none is known."""
    found = {name: _facts(row) for name, row in _services().get(service, {}).items()}
    return {name: facts for name, facts in found.items() if facts.kind == "chat"}


def services_with(model: str) -> tuple[str, ...]:
    """The services that have a model of just that name."""
    return tuple(service for service, rows in _services().items() if model in rows)


def dated() -> tuple[str, str]:
    """``(date, source)`` of the table, both empty where there is none."""
    try:
        read = table("models")
    except LookupError:
        return "", ""
    return str(read.get("date", "")), str(read.get("source", ""))


def _services() -> Mapping[str, Any]:
    try:
        return table("models").get("services", {})  # type: ignore[no-any-return]
    except LookupError:
        return {}


def _entry(models: Mapping[str, Any], model: str) -> Mapping[str, Any] | None:
    name = model.removeprefix("models/")
    found = models.get(name) or models.get(name.lower())
    return found if isinstance(found, dict) else None


def _facts(found: Mapping[str, Any]) -> ModelFacts:
    facts = ModelFacts(**{key: value for key, value in found.items() if key in ModelFacts._fields})
    return facts._replace(long=LongPrice(**found["long"])) if "long" in found else facts
