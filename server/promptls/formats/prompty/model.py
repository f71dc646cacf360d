"""The model that a header names: whose, where it is, how it should answer."""

from __future__ import annotations

from collections.abc import Mapping as Data
from dataclasses import replace
from typing import Any

from promptls.formats.option_places import option_places
from promptls.formats.prompty.header import included
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.source import Source, file_source, string
from promptls.prompt.model import Connection, ModelChoice
from promptls.schema.settings import service_of, settings
from promptls.syntax.yaml_tree import Mapping, Node, Path, Scalar
from promptls.text import Span

OPERATIONS = {
    "chat": "chat",
    "completion": "chat",
    "responses": "chat",
    "embedding": "embedding",
    "embeddings": "embedding",
    "image": "image",
    "images": "image",
    "audio": "speech",
    "speech": "speech",
    "transcription": "transcription",
}
"""``apiType`` (v1: ``api``) -> what is asked of the model. What is not here is a chat, as the runtimes have it."""
RESPONSES = "openai-responses"
FOR_ALL = "prompty.json"
"""Beside a v1 file or in a folder above it: configurations by name."""
HIGHEST = 16
"""Folders that are looked into; the workspace ends them before."""


def model_choice(source: Source, base: Source | None, variant: str) -> ModelChoice | None:
    """The model; in v1 what the base file says, where this one does not (``hoist_base_prompty``)."""
    own = _choice(source, variant)
    inherited = _choice(base, variant) if base is not None else None
    if inherited is not None:
        # Places in another file are none in this one.
        there = replace(inherited.connection, span=None) if inherited.connection is not None else None
        inherited = replace(inherited, span=None, places={}, connection=there)
    found = _inherited(own, inherited) if own is not None and inherited is not None else own or inherited
    return _for_a_run(found, variant) if found is not None else None


def _inherited(own: ModelChoice, base: ModelChoice) -> ModelChoice:
    return ModelChoice(
        own.id or base.id,
        own.provider or base.provider,
        own.api or base.api,
        {**base.parameters, **own.parameters},
        own.span,
        connection=_joined(own.connection, base.connection),
        places=own.places,
    )


def _joined(own: Connection | None, base: Connection | None) -> Connection | None:
    if own is None or base is None:
        return own or base
    return Connection(
        own.endpoint or base.endpoint,
        own.key or base.key,
        own.name or base.name,
        own.deployment or base.deployment,
        own.api_version or base.api_version,
        own.region or base.region,
        own.span,
    )


def _for_a_run(choice: ModelChoice, variant: str) -> ModelChoice:
    """With what a run needs, in promptls' words. 2.1.0 drops options that it does not know; 0.1.50 hands all on."""
    first = version_of(variant) == V1
    found = settings(_schema(variant), _options_path(variant), choice.parameters, unknown=first)
    more = choice.parameters.get("additionalProperties") if not first else None
    # Whether the answer comes in pieces is for the run to say.
    extra = {str(key): value for key, value in more.items() if key != "stream"} if isinstance(more, dict) else {}
    provider = ("model", "configuration", "type") if first else ("model", "provider")
    return replace(
        choice,
        service=service_of(_schema(variant), provider, choice.provider),
        operation=OPERATIONS.get(choice.api, "chat"),
        wire=RESPONSES if choice.api == "responses" else "",
        options=found.options,
        extra={**found.extra, **extra},
    )


def _options_path(variant: str) -> Path:
    return ("model", "parameters") if version_of(variant) == V1 else ("model", "options")


def _option_places(source: Source, there: Source, node: Node | None, variant: str) -> Data[str, Span]:
    return option_places(source, node, _schema(variant), _options_path(variant)) if there is source else {}


def _schema(variant: str) -> str:
    return f"prompty-{version_of(variant)}"


def _choice(source: Source, variant: str) -> ModelChoice | None:
    root = source.root()
    written = root.get("model") if root is not None else None
    opened = included(source, written) if written is not None else None
    there, node = opened if opened is not None else (source, None)
    if node is None:
        return None
    span = node.span if there is source else None
    if isinstance(node, Scalar):
        return ModelChoice(id=node.text, span=span) if isinstance(node.value, str) else None
    if not isinstance(node, Mapping):
        return None
    if version_of(variant) == V1:
        written = node.get("configuration")
        configuration = {**_hoisted(source), **mapping_data(there, written)}
        return ModelChoice(
            _first(configuration, "azure_deployment", "name", "model", "deployment"),
            _first(configuration, "type"),
            string(there, node.get("api")),
            mapping_data(there, node.get("parameters")),
            span,
            connection=_configured(configuration, _place(source, there, written)),
            places=_option_places(source, there, node.get("parameters"), variant),
        )
    return ModelChoice(
        string(there, node.get("id")),
        string(there, node.get("provider")),
        string(there, node.get("apiType")),
        mapping_data(there, node.get("options")),
        span,
        connection=_connected(
            mapping_data(there, node.get("connection")), _place(source, there, node.get("connection"))
        ),
        places=_option_places(source, there, node.get("options"), variant),
    )


def _hoisted(source: Source) -> Data[str, Any]:
    """The ``default`` of the nearest ``prompty.json`` fills in what the file leaves out (0.1.50 ``utils.py``)."""
    for up in range(HIGHEST):
        path = f"{'../' * up}{FOR_ALL}"
        if source.open_sibling(path).exists is None:
            break
        found = file_source(source, path)
        if found is not None:
            there, root = found
            return mapping_data(there, root.get("default")) if isinstance(root, Mapping) else {}
    return {}


def _place(source: Source, there: Source, node: Node | None) -> Span | None:
    return node.span if node is not None and there is source else None


def _configured(written: Data[str, Any], span: Span | None) -> Connection | None:
    """v1's ``configuration``."""
    found = Connection(
        _first(written, "azure_endpoint", "endpoint", "base_url"),
        _reference(_first(written, "api_key")),
        _first(written, "connection"),
        _first(written, "azure_deployment"),
        _first(written, "api_version"),
        span=span,
    )
    return found if found != Connection(span=span) else None


def _connected(written: Data[str, Any], span: Span | None) -> Connection | None:
    """v2's ``connection``, of any kind."""
    found = Connection(_first(written, "endpoint"), _reference(_first(written, "apiKey")), _first(written, "name"))
    return replace(found, span=span) if found != Connection() else None


def _reference(key: str) -> str:
    """Only the name of a key leaves the file's own text; a key that is written there stays there."""
    return key if key.startswith("${env:") and key.endswith("}") else ""


def mapping_data(source: Source, node: Node | None) -> Data[str, Any]:
    """A mapping as data, also where it stands in a file that is included; empty for anything else."""
    opened = included(source, node) if node is not None else None
    data = opened[0].data(opened[1]) if opened is not None else None
    return {str(key): value for key, value in data.items()} if isinstance(data, dict) else {}


def _first(data: Data[str, Any], *keys: str) -> str:
    return next((data[key] for key in keys if isinstance(data.get(key), str)), "")
