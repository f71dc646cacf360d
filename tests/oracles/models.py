"""Makes `schemas/data/models.json`: prices and windows of models, from litellm's public price map (MIT).

    python -m venv /tmp/prices && /tmp/prices/bin/pip install --no-deps litellm
    python -m tests.oracles.models /tmp/prices/lib/python3*/site-packages/litellm*

litellm itself is never a dependency: 1,000 lines of its one table are what is wanted. What its map does not say is
left out, and so is what it says of models that it serves at other prices for other amounts (batch, flex, priority).
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAP = "model_prices_and_context_window_backup.json"
TABLE = Path(__file__).parents[2] / "schemas" / "data" / "models.json"

SERVICES: dict[str, tuple[str, ...]] = {
    "openai": ("openai", "text-completion-openai"),
    "azure-openai": ("azure", "azure_text"),
    "foundry": ("azure_ai",),
    "anthropic": ("anthropic",),
    "googleai": ("gemini",),
    "vertexai": ("vertex_ai", "vertex_ai-language-models", "vertex_ai-anthropic_models", "vertex_ai-mistral_models"),
    "bedrock": ("bedrock", "bedrock_converse"),
    "mistral": ("mistral",),
    "cohere": ("cohere", "cohere_chat"),
}
"""Our services, and what litellm calls each: the first word of its names is cut off, as the service itself has none."""

KINDS = {
    "chat": "chat",
    "responses": "chat",
    "completion": "chat",
    "embedding": "embedding",
    "image_generation": "image",
    "audio_speech": "speech",
    "audio_transcription": "transcription",
}
LONG = ("_above_128k_tokens", "_above_200k_tokens", "_above_256k_tokens", "_above_272k_tokens", "_above_512k_tokens")


def made(source: dict[str, dict[str, Any]], version: str, date: str) -> dict[str, Any]:
    services: dict[str, dict[str, Any]] = {name: {} for name in SERVICES}
    for name, row in source.items():
        for service, providers in SERVICES.items():
            if row.get("litellm_provider") in providers and row.get("mode") in KINDS:
                short = without_prefix(name, (*providers, "vertex_ai"))
                # Names with a region or a size of pictures in front are prices, not models to call.
                entry = facts(row)
                if entry and (service == "foundry" or "/" not in short or short.startswith("mistralai/")):
                    services[service].setdefault(short, entry)
    return {
        "description": "US dollars for a million tokens (`input`, `output`; `cached`: input that the provider "
        "has kept), `window`: tokens that fit in, `output_limit`: the most that come out, `long`: the prices of a "
        "request with more than `over` tokens. What is not here is unknown.",
        "date": date,
        "source": f"litellm {version}, model_prices_and_context_window (MIT), https://github.com/BerriAI/litellm",
        "services": {service: dict(sorted(models.items())) for service, models in services.items()},
    }


def without_prefix(name: str, providers: tuple[str, ...]) -> str:
    head, slash, rest = name.partition("/")
    return rest if slash and head in providers else name


def facts(row: dict[str, Any]) -> dict[str, Any]:
    pairs = {
        "window": row.get("max_input_tokens") or row.get("max_tokens"),
        "output_limit": row.get("max_output_tokens"),
        "input": per_million(row.get("input_cost_per_token")),
        "output": per_million(row.get("output_cost_per_token")),
        "cached": per_million(row.get("cache_read_input_token_cost")),
        "kind": None if KINDS[row["mode"]] == "chat" else KINDS[row["mode"]],
        "long": next(long_prices(row), None),
    }
    entry = {key: value for key, value in pairs.items() if value is not None}
    return entry if {"window", "input"} & entry.keys() else {}


def long_prices(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for ending in LONG:
        into, out = row.get(f"input_cost_per_token{ending}"), row.get(f"output_cost_per_token{ending}")
        if into is not None and out is not None:
            over = int(ending.split("_")[2].removesuffix("k")) * 1000
            yield {"over": over, "input": per_million(into), "output": per_million(out)}


def per_million(price: Any) -> float | int | None:
    if not isinstance(price, int | float):
        return None
    shown = round(price * 1_000_000, 6)
    return int(shown) if shown == int(shown) else shown


def text_of(table: dict[str, Any]) -> str:
    """JSON with one model on a line, so that the next date's changes can be read in a diff."""
    head = {key: value for key, value in table.items() if key != "services"}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    services = []
    for service, models in table["services"].items():
        rows = ",\n".join(f"      {json.dumps(name)}: {json.dumps(entry)}" for name, entry in models.items())
        services.append(f"    {json.dumps(service)}: {{\n{rows}\n    }}")
    return "{\n" + "\n".join(lines) + '\n  "services": {\n' + ",\n".join(services) + "\n  }\n}\n"


def main(folders: list[str]) -> None:
    package = next(Path(folder) for folder in folders if (Path(folder) / MAP).exists())
    version = next(package.parent.glob("litellm-*.dist-info")).name.removesuffix(".dist-info").partition("-")[2]
    source = json.loads((package / MAP).read_text(encoding="utf-8"))
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    table = made(source, version, today)
    TABLE.write_text(text_of(table), encoding="utf-8")
    print({service: len(models) for service, models in table["services"].items()}, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
