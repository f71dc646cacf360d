"""The card of a model's name."""

from __future__ import annotations

from tests.ide.place import hover


def test_a_model_says_what_fits_in_and_what_it_costs() -> None:
    card = hover("---\nname: x\nmodel:\n  id: gpt-█4o\n  provider: openai\n---\nuser:\nHi\n")
    assert card.startswith("`gpt-4o`")
    assert "- 128,000 tokens fit in, up to 16,384 come out\n" in card
    assert "- $2.5 in, $10 out, $1.25 in from the cache, for a million tokens" in card
    assert "litellm" in card


def test_a_model_says_what_a_long_request_costs() -> None:
    card = hover("---\nname: x\nmodel:\n  id: gpt-█5.4\n  provider: openai\n---\nuser:\nHi\n")
    assert "- $2.5 in, $15 out" in card
    assert "- $5 in, $22.5 out, in a request of more than 272,000\n" in card


def test_without_a_provider_the_price_is_unknown() -> None:
    card = hover("---\nname: x\nmodel: gpt-█4o\n---\nuser:\nHi\n")
    assert "128,000 tokens fit in" in card
    assert "its price here is unknown" in card


def test_a_deployment_may_be_of_another_model() -> None:
    header = "model:\n  configuration: {type: azure_openai, azure_deployment: gpt█-4o}\n"
    assert "if the deployment is of the model of its name" in hover(f"---\nname: x\n{header}---\nuser:\nHi\n")


def test_a_model_that_nobody_knows_has_no_card() -> None:
    assert "fit in" not in hover("---\nname: x\nmodel: of-our-█own\n---\nuser:\nHi\n")
    assert "fit in" not in hover("---\nname: x\nmodel:\n  id: gpt-4o\n  provi█der: openai\n---\nuser:\nHi\n")
