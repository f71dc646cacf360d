"""What is known of a model before it is called: the table `schemas/data/models.json`, dated and with its source.

Made by `schemas/make_models.py` from a public data set. What is not in it is unknown, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from promptls.schema.files import table

_SAME_MODELS = {"foundry": ("azure-openai",), "github-models": ("openai", "mistral", "cohere")}
"""Services that offer other makers' models under the makers' names."""


class ModelFacts(NamedTuple):
    """``input``, ``output``, ``cached``: US dollars for a million tokens, None where unknown. ``window``: the tokens
    that fit in, ``output_limit``: the most that come out. ``kind``: ``chat``, ``embedding``, ``image`` …"""

    window: int | None = None
    output_limit: int | None = None
    input: float | None = None
    output: float | None = None
    cached: float | None = None
    kind: str = "chat"


def facts_of(service: str, model: str) -> ModelFacts | None:
    """By the service's key in `schemas/data/services.json` and the model's name there; None where it is unknown.

    Without a service the makers' own ones are looked through, and a model that they disagree about is unknown.
    """
    services = _services()
    if service:
        found = _entry(services.get(service, {}), model)
        for other in _SAME_MODELS.get(service, ()) if found is None else ():
            found = found or _entry(services.get(other, {}), model.rpartition("/")[2])
        return _facts(found) if found else None
    all_found = [found for each in services.values() if (found := _entry(each, model))]
    windows = {found.get("window") for found in all_found}
    return _facts(all_found[0]) if all_found and len(windows) == 1 else None


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
    return ModelFacts(**{key: value for key, value in found.items() if key in ModelFacts._fields})
