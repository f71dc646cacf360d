"""What a file says about its model, in words that hold for every format."""

from __future__ import annotations

import pytest

from promptls.prompt.environment import (
    MissingVariableError,
    UnnamedModelError,
    sent_variables,
    with_model,
    with_settings,
)
from promptls.prompt.model import Connection, ModelChoice, Tool
from tests.formats.reading import prompt_of, read

WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def choice(source: str) -> ModelChoice:
    model = prompt_of(read(source)).model
    assert model is not None
    return model


def functions(source: str) -> tuple[Tool, ...]:
    return prompt_of(read(source)).functions


def test_prompty_v2() -> None:
    found = choice(
        """
        -- a.prompty --
        ---
        name: a
        model:
          id: gpt-5
          provider: foundry
          apiType: responses
          connection: {kind: key, endpoint: "${env:HERE}", apiKey: "${env:KEY}"}
          options:
            maxOutputTokens: 100
            stopSequences: [END]
            allowMultipleToolCalls: false
            max_tokens: 5
            topP: null
            additionalProperties: {store: false, stream: true}
        ---
        user:
        Hi
        """
    )
    assert (found.id, found.service, found.operation, found.wire) == ("gpt-5", "foundry", "chat", "openai-responses")
    assert found.options == {"max_tokens": 100, "stop": ["END"], "parallel_tool_calls": False}
    assert found.extra == {"store": False}
    assert found.connection is not None
    assert (found.connection.endpoint, found.connection.key) == ("${env:HERE}", "${env:KEY}")


def test_a_key_that_is_written_into_the_file_is_not_passed_on() -> None:
    found = choice(
        """
        -- a.prompty --
        ---
        model: {id: x, provider: openai, connection: {kind: key, apiKey: sk-canary}}
        ---
        user:
        Hi
        """
    )
    assert found.connection is None


@pytest.mark.parametrize(("api", "operation"), [("image", "image"), ("embedding", "embedding"), ("chat", "chat")])
def test_what_is_asked_of_the_model(api: str, operation: str) -> None:
    found = choice(
        f"""
        -- a.prompty --
        ---
        model: {{id: x, provider: openai, apiType: {api}}}
        ---
        A cat
        """
    )
    assert (found.operation, found.service) == (operation, "openai")


def test_prompty_v1_with_its_base() -> None:
    found = choice(
        """
        -- a.prompty --
        ---
        name: a
        base: b.prompty
        model:
          api: chat
          configuration: {azure_deployment: "${env:DEPLOYMENT:gpt-4o}"}
          parameters: {max_tokens: 10, mine: 1, stream: true, tools_choice: auto, reasoning_effort: low}
        ---
        user:
        Hi
        -- b.prompty --
        ---
        name: b
        model:
          api: chat
          configuration:
            type: azure_openai
            azure_endpoint: https://x.openai.azure.com
            api_version: "2024-10-21"
            api_key: ${env:KEY}
          parameters: {temperature: 0.5, max_tokens: 99}
        ---
        user:
        Hi
        """
    )
    assert (found.id, found.service, found.operation) == ("${env:DEPLOYMENT:gpt-4o}", "azure-openai", "chat")
    assert found.options == {"temperature": 0.5, "max_tokens": 10, "reasoning_effort": "low"}
    assert found.extra == {"mine": 1, "tools_choice": "auto"}
    assert found.connection is not None
    assert found.connection.endpoint == "https://x.openai.azure.com"
    assert found.connection.api_version == "2024-10-21"
    assert found.connection.key == "${env:KEY}"
    ready = with_model(found, {})
    assert ready.id == "gpt-4o"
    assert ready.connection is not None
    assert (ready.connection.deployment, ready.connection.key) == ("gpt-4o", "${env:KEY}")


def test_prompty_v1_with_the_configuration_of_all_files() -> None:
    found = choice(
        """
        -- deep/down/a.prompty --
        ---
        name: a
        model: {api: chat, configuration: {azure_deployment: mine}}
        ---
        user:
        Hi
        -- prompty.json --
        {"default": {"type": "azure_openai", "azure_endpoint": "${env:HERE}", "azure_deployment": "theirs"}}
        """
    )
    assert (found.id, found.service) == ("mine", "azure-openai")
    assert found.connection is not None
    assert found.connection.endpoint == "${env:HERE}"


def test_dotprompt() -> None:
    found = choice(
        """
        -- a.prompt --
        ---
        model: googleai/gemini-2.5-flash
        toolChoice: required
        config:
          version: gemini-2.5-flash-001
          apiKey: canary
          maxOutputTokens: 10
          topK: 3
          top_k: 4
          thinkingConfig: {thinkingBudget: 5, includeThoughts: true}
          responseModalities: [TEXT]
          safetySettings: [{category: A, threshold: B}]
        ---
        Hi
        """
    )
    assert (found.id, found.provider, found.service) == ("gemini-2.5-flash-001", "googleai", "googleai")
    assert found.options == {"max_tokens": 10, "top_k": 3, "thinking_budget": 5, "tool_choice": "required"}
    assert found.extra == {
        "generationConfig": {"thinkingConfig": {"includeThoughts": True}, "responseModalities": ["TEXT"]},
        "safetySettings": [{"category": "A", "threshold": "B"}],
    }


def test_plain_front_matter() -> None:
    found = choice(
        """
        -- prompts/a.j2 --
        ---
        model: huggingface/meta-llama/Llama-3.2
        options: {temperature: 0, max_tokens: 5, mirostat: 2}
        inputs: {x: string}
        ---
        {{ x }}
        """
    )
    assert (found.provider, found.id, found.service) == ("huggingface", "meta-llama/Llama-3.2", "huggingface")
    assert (found.options, found.extra) == ({"temperature": 0, "max_tokens": 5}, {"mirostat": 2})


def test_a_name_without_provider_is_left_to_the_configuration() -> None:
    found = choice(
        """
        -- prompts/a.j2 --
        ---
        model: fast
        ---
        Hi
        """
    )
    assert (found.id, found.provider, found.service) == ("fast", "", "")


def test_functions_of_prompty_v2_without_what_the_program_fills_in() -> None:
    found = functions(
        """
        -- a.prompty --
        ---
        name: a
        model: gpt-5
        tools:
          - name: get_weather
            kind: function
            description: Tells the weather
            strict: true
            parameters:
              - {name: city, kind: string, required: true}
              - {name: unit, kind: string, enumValues: [c, f]}
            bindings: {unit: {input: unit}}
          - {name: now, kind: function}
          - {name: search, kind: mcp, connection: {kind: reference, name: x}}
        ---
        user:
        Hi
        """
    )
    assert found == (
        Tool("get_weather", "Tells the weather", {**WEATHER, "additionalProperties": False}, True),
        Tool("now", "", {"type": "object", "properties": {}}),
    )


def test_functions_of_prompty_v1_may_stand_in_a_file() -> None:
    found = functions(
        """
        -- a.prompty --
        ---
        name: a
        model: {api: chat, parameters: {tools: "${file:tools.json}"}}
        ---
        user:
        Hi
        -- tools.json --
        [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}, {"type": "x"}]
        """
    )
    assert found == (Tool("f", "", {"type": "object"}),)


def test_functions_of_dotprompt() -> None:
    found = functions(
        """
        -- a.prompt --
        ---
        tools: [known]
        toolDefs:
          - {name: get_weather, description: Tells the weather, inputSchema: {city: string}}
        ---
        Hi
        """
    )
    assert [(tool.name, tool.description) for tool in found] == [("get_weather", "Tells the weather")]
    assert found[0].parameters["properties"] == {"city": {"type": "string"}}


def test_settings_name_their_variables_before_they_are_read() -> None:
    found = ModelChoice(
        id="x", options={"temperature": "${env:HOT:0.5}", "stop": ["${env:END}"]}, extra={"a": {"b": "${env:END}"}}
    )
    assert sent_variables(found, {"END": "e"}) == ("END",)
    with pytest.raises(MissingVariableError, match="END is not set"):
        with_settings(found, {})
    ready = with_settings(found, {"END": "e"})
    assert (ready.options, ready.extra) == ({"temperature": 0.5, "stop": ["e"]}, {"a": {"b": "e"}})


def test_a_model_is_named_by_a_variable_about_models_only() -> None:
    connection = Connection(endpoint="${env:HERE}", key="${env:KEY}", deployment="${env:MY_DEPLOYMENT}")
    found = ModelChoice(id="${env:MY_DEPLOYMENT}", connection=connection)
    ready = with_model(found, {"MY_DEPLOYMENT": "d"})
    assert (ready.id, ready.connection) == ("d", Connection("${env:HERE}", "${env:KEY}", deployment="d"))
    with pytest.raises(MissingVariableError, match="MY_DEPLOYMENT is not set"):
        with_model(found, {})
    with pytest.raises(UnnamedModelError, match="`DATABASE_URL`"):
        with_model(ModelChoice(id="${env:DATABASE_URL}"), {"DATABASE_URL": "canary"})


def test_a_provider_of_the_configuration_stays_in_the_models_name() -> None:
    found = choice(
        """
        -- prompts/a.j2 --
        ---
        model: azure-eu/gpt-5
        ---
        Hi
        """
    )
    assert (found.provider, found.id, found.service) == ("azure-eu", "azure-eu/gpt-5", "")
