"""A setting that goes nowhere is told of in every format, and only where it is certain."""

from __future__ import annotations

import pytest

from tests.rules.check import check


def test_prompty_v1_in_azure() -> None:
    check("""
        -- a.prompty --
        ---
        name: a
        model:
          api: chat
          configuration: {type: azure_openai, azure_deployment: mine}
          parameters:
            temperature: 0
            n: 1
            thinking_budget: 4
            ^^^^^^^^^^^^^^^ unmapped-parameter: Azure OpenAI has no word for `thinking_budget`, so a run leaves it out
        ---
        user:
        Hello
    """)


def test_dotprompt_also_inside_of_a_group() -> None:
    check("""
        -- a.prompt --
        ---
        model: openai/gpt-5
        config:
          temperature: 0
          thinkingConfig:
            thinkingBudget: 3
            ^^^^^^^^^^^^^^ unmapped-parameter: OpenAI has no word for `thinkingBudget`, so a run leaves it out
        ---
        Hello
    """)


def test_plain_front_matter() -> None:
    check("""
        -- prompts/a.j2 --
        ---
        model: googleai/gemini-2.5-flash
        options: {max_tokens: 3, user: me}
                                 ^^^^ unmapped-parameter: Google AI has no word for `user`, so a run leaves it out
        ---
        Hello
    """)


@pytest.mark.parametrize(
    "model",
    [
        "{id: x, provider: anthropic, options: {topK: 3, temperature: 0, reasoningEffort: low}}",
        "{id: x, provider: mine, options: {seed: 3}}",
        "{id: x, options: {seed: 3}}",
        "{id: x, provider: openai, connection: {kind: key, endpoint: 'http://127.0.0.1/v1'}, options: {topK: 3}}",
        "{id: x, provider: openai, apiType: image, options: {topK: 3}}",
    ],
)
def test_nothing_is_said_where_it_is_known_or_not_certain(model: str) -> None:
    check(f"-- a.prompty --\n---\nname: a\nmodel: {model}\n---\nuser:\nHello\n")


def test_another_server_may_know_more() -> None:
    check("""
        -- promptls.yaml --
        providers: {openai: {base_url: 'http://127.0.0.1:8080/v1'}}
        -- prompts/a.j2 --
        ---
        model: openai/llama
        options: {top_k: 3}
        ---
        Hello
    """)
