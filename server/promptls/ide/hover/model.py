"""The card of the model that a file names: what fits into it and what it costs, by the dated table."""

from __future__ import annotations

from promptls.ide.hover.card import Card
from promptls.ide.markdown import bullets, paragraphs
from promptls.prompt.model import Document, ModelChoice
from promptls.schema.models import ModelFacts, dated, facts_of
from promptls.syntax.yaml import node_at, path_at
from promptls.syntax.yaml_tree import Scalar
from promptls.text.markdown import code, escape

_BY_DEPLOYMENT = ("azure-openai", "foundry")
"""Services that are called by the name of a deployment, which may be that of its model."""


def model_card(document: Document, offset: int) -> Card | None:
    """None where the cursor is not on a model's name, or nothing is known of it."""
    tree = document.yaml
    model = next((one.model for one in document.prompts if one.model and one.model.id), None)
    if tree is None or model is None or model.span is None or not model.span.touches(offset):
        return None
    node = node_at(tree, path_at(tree, offset))
    if not isinstance(node, Scalar) or not node.span.touches(offset):
        return None
    if node.text != model.id and not node.text.endswith(f"/{model.id}"):
        return None
    facts = facts_of(model.service, model.id)
    return Card(node.span, _text(model, facts)) if facts else None


def _text(model: ModelChoice, facts: ModelFacts) -> str:
    return paragraphs(
        code(model.id),
        facts_text(facts, "if the deployment is of the model of its name" if model.service in _BY_DEPLOYMENT else ""),
    )


def facts_text(facts: ModelFacts, proviso: str = "") -> str:
    """Size and price, with the date of the table."""
    date, source = dated()
    size = [
        f"{facts.window:,} tokens fit in" if facts.window else "",
        f"up to {facts.output_limit:,} come out" if facts.output_limit else "",
    ]
    prices = [
        f"${facts.input:,g} in" if facts.input is not None else "",
        f"${facts.output:,g} out" if facts.output is not None else "",
        f"${facts.cached:,g} in from the cache" if facts.cached is not None else "",
    ]
    priced, long = ", ".join(price for price in prices if price), facts.long
    return paragraphs(
        bullets(
            [
                ", ".join(part for part in size if part),
                f"{priced}, for a million tokens" if priced else "its price here is unknown",
                f"${long.input:,g} in, ${long.output:,g} out, in a request of more than {long.over:,}" if long else "",
                proviso,
            ]
        ),
        f"*{escape(source.split(',')[0])}, {date}*",
    )
