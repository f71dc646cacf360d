"""The model that the front matter names: promptls' own words, as no template language has any."""

from __future__ import annotations

from promptls.formats.option_places import option_places
from promptls.formats.source import Source, real, string
from promptls.prompt.model import ModelChoice
from promptls.schema.settings import service_of, settings
from promptls.syntax.yaml_tree import Scalar

SCHEMA = "template"


def model_choice(source: Source) -> ModelChoice | None:
    """``model: openai/gpt-5`` says the provider before the first slash; without one it is an alias or a model.

    A provider that is no service may be one of the configuration: the run looks it up by the whole name.
    """
    root = source.root()
    if root is None:
        return None
    node, options = real(source, root.get("model")), source.data(root.get("options"))
    named = string(source, node) if isinstance(node, Scalar) and isinstance(node.value, str) else ""
    parameters = {str(key): value for key, value in options.items()} if isinstance(options, dict) else {}
    if not named and not parameters:
        return None
    provider, _, model = named.partition("/") if "/" in named else ("", "", named)
    found = settings(SCHEMA, ("options",), parameters)
    service = service_of(SCHEMA, ("model",), provider)
    return ModelChoice(
        model if service else named,
        provider,
        parameters=parameters,
        span=node.span if named and node is not None else None,
        service=service,
        options=found.options,
        extra=found.extra,
        places=option_places(source, root.get("options"), SCHEMA, ("options",)),
    )
