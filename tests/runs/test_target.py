"""What a run would call, and why, as the lens says it too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptls.prompt.model import Connection, Prompt
from promptls.providers.embedded import Installed
from promptls.runs.target import TargetError, _clause, target_of
from promptls.workspace.config import Config
from promptls.workspace.running import Alias
from tests.runs.prompts import FakeKeys, config_of, prompt_of

OPENAI = prompt_of("openai", "gpt-5.1")


def target(prompt: Prompt, config: Config | None = None, *keys: str, **more: Any) -> Any:
    return target_of(prompt, config or config_of(), keys=FakeKeys(*keys).source, environment={}, **more)


def test_the_files_own_model_where_its_key_is_there() -> None:
    found = target(OPENAI, None, "OPENAI_API_KEY")
    assert found.label == "openai/gpt-5.1"
    assert found.why == "named in the file"
    assert found.route[0].key_source == "environment OPENAI_API_KEY"


def test_without_its_key_echo_says_why_and_shows_that_request() -> None:
    found = target(OPENAI)
    assert found.label == "echo (OPENAI_API_KEY is not set)"
    assert found.shows is not None
    assert found.shows.name == "openai/gpt-5.1"


def test_without_its_key_the_default_comes_next() -> None:
    found = target(OPENAI, config_of(default="ollama/llama3.2"))
    assert found.name == "ollama/llama3.2"
    assert found.why == "default; OPENAI_API_KEY is not set"


def test_a_default_that_is_a_provider_alone_has_no_model() -> None:
    assert target(prompt_of(), config_of(default="ollama")).label == "echo (no model of ollama is named)"


def test_a_bare_model_goes_to_the_default_provider() -> None:
    assert target(prompt_of(model="llama3.2"), config_of(default="ollama")).name == "ollama/llama3.2"


def test_a_bare_model_goes_to_the_one_provider_that_has_it() -> None:
    """`model: gpt-5-mini`, the shortest way to write it."""
    mini = prompt_of(model="gpt-5-mini")
    found = target(mini, None, "OPENAI_API_KEY", "ANTHROPIC_API_KEY")
    assert found.label == "openai/gpt-5-mini"
    assert found.why == "named in the file; `openai` has it"
    without = target(mini)
    assert without.label == "echo (OPENAI_API_KEY is not set)"
    assert without.shows.name == "openai/gpt-5-mini"
    assert target(prompt_of(model="claude-sonnet-4-5")).label == "echo (ANTHROPIC_API_KEY is not set)"
    eu = {"type": "azure-openai", "endpoint": "https://eu.example"}
    config = config_of(providers={"eu": eu})
    assert target(mini, config, "AZURE_OPENAI_API_KEY").name == "eu/gpt-5-mini", "the other one has no key"
    both = target(mini, config, "OPENAI_API_KEY", "AZURE_OPENAI_API_KEY")
    assert both.label == "echo (`gpt-5-mini` may be `openai/gpt-5-mini` or `eu/gpt-5-mini`: write which one)"
    assert "names no provider" in target(prompt_of(model="of-our-own"), None, "OPENAI_API_KEY").label
    aliased = config_of(aliases={"gpt-5-mini": ["ollama/small"]})
    assert target(mini, aliased, "OPENAI_API_KEY").name == "ollama/small"


def test_nothing_named_is_echo() -> None:
    assert target(prompt_of()).label == "echo (no model is named)"


def test_what_is_asked_for_is_first_then_what_was_chosen() -> None:
    chosen = "ollama/small"
    assert target(OPENAI, None, "OPENAI_API_KEY", chosen=chosen).name == chosen
    assert target(OPENAI, None, "OPENAI_API_KEY", chosen=chosen, argument="ollama/big").name == "ollama/big"


def test_what_is_asked_for_is_taken_without_its_key() -> None:
    """The run then refuses: an echo in its place would not be what was asked for."""
    found = target(prompt_of(), argument="anthropic/claude-sonnet-4-5")
    assert found.name == "anthropic/claude-sonnet-4-5"
    assert found.route[0].key_source == ""


@pytest.mark.parametrize(
    ("argument", "name"),
    [
        ("gpt-5-mini", "openai/gpt-5-mini"),
        ("openai", "openai/gpt-5.1"),
        ("claude/claude-x", "claude/claude-x"),
        ("ollama/hf.co/someone/model", "ollama/hf.co/someone/model"),
    ],
)
def test_ways_to_write_a_target(argument: str, name: str) -> None:
    assert target(OPENAI, None, "OPENAI_API_KEY", argument=argument).name == name


def test_a_name_that_leads_nowhere_says_what_was_meant() -> None:
    with pytest.raises(TargetError, match="there is no provider or alias `opnai`; did you mean `openai`"):
        target(prompt_of(), argument="opnai/gpt-5")
    with pytest.raises(TargetError, match="`gpt-5` names no provider"):
        target(prompt_of(), argument="gpt-5")


def test_an_alias_leads_to_all_that_have_a_key() -> None:
    config = config_of(aliases={"fast": ["openai/gpt-5-mini", "anthropic/haiku", "ollama/small"]})
    found = target(OPENAI, config, "OPENAI_API_KEY", argument="fast")
    assert [hop.name for hop in found.route] == ["openai/gpt-5-mini", "ollama/small"]
    assert (found.alias, found.strategy) == ("fast", "fallback")


def test_the_file_may_name_an_alias() -> None:
    config = config_of(aliases={"fast": Alias(("ollama/a", "ollama/b"), "weighted", (1.0, 3.0))})
    found = target(prompt_of("openai", "fast"), config)
    assert [(hop.model, hop.weight) for hop in found.route] == [("a", 1.0), ("b", 3.0)]
    assert found.strategy == "weighted"


def test_a_configured_provider_of_the_files_service_is_used() -> None:
    config = config_of(providers={"mine": {"type": "openai", "key": "${env:MY_KEY}"}})
    assert target(OPENAI, config, "MY_KEY").name == "mine/gpt-5.1"
    assert target(OPENAI, config, "OPENAI_API_KEY").name == "openai/gpt-5.1"


def test_echo_shows_what_it_is_asked_to_show() -> None:
    found = target(OPENAI, None, "OPENAI_API_KEY", argument="echo:anthropic/claude-sonnet-4-5")
    assert (found.name, found.shows and found.shows.name) == ("echo", "anthropic/claude-sonnet-4-5")
    assert target(OPENAI, None, "OPENAI_API_KEY", argument="echo").shows.name == "openai/gpt-5.1"
    with pytest.raises(TargetError):
        target(OPENAI, argument="echo:nowhere/x")


def test_the_address_of_a_file_is_the_files_own() -> None:
    own = Connection(endpoint="https://mine.openai.azure.com", deployment="chat-eu")
    found = target(prompt_of("azure-openai", "", connection=own), None, "AZURE_OPENAI_API_KEY")
    assert found.name == "azure-openai/chat-eu"
    assert found.route[0].endpoint.origin == "file"
    # It is not the address of what somebody else is asked.
    other = target(prompt_of("azure-openai", "", connection=own), argument="openai/gpt-5.1")
    assert other.route[0].endpoint.base_url == "https://api.openai.com/v1"


UNSET = Connection(endpoint="${env:NOBODY_SET_THIS}")


def test_echo_says_why_it_shows_the_default_and_not_what_the_file_names() -> None:
    config = config_of(default="ollama/llama3.2")
    prompt = prompt_of("azure-openai", "gpt-5", connection=UNSET)
    found = target(prompt, config, argument="echo")
    assert found.shows.name == "ollama/llama3.2"
    assert found.label == "echo (as asked; the settings of `azure-openai` read NOBODY_SET_THIS, which is not set)"
    assert target(prompt, argument="echo:openai/x").why == "as asked"
    assert target(OPENAI, config, argument="echo").label == "echo (as asked)"


def test_the_embedded_model_has_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Installed(Path("python"), Path("weights"))
    monkeypatch.setattr("promptls.providers.services.installed", lambda environment: there)
    assert target(prompt_of(), argument="embedded/smollm2").name == "embedded/smollm2"
    with pytest.raises(TargetError, match=r"`embedded` has no model `llama3\.2`: write `embedded/smollm2`"):
        target(prompt_of(), argument="embedded/llama3.2")
    monkeypatch.setattr("promptls.providers.services.installed", lambda environment: None)
    with pytest.raises(TargetError, match="promptls model install"):
        target(prompt_of(), argument="embedded/llama3.2")


def test_a_sentence_inside_parentheses_reads_as_a_part_of_one() -> None:
    assert _clause("The settings of `a` read B, which is not set.") == "the settings of `a` read B, which is not set"
    assert _clause("OpenAI needs a key.") == "OpenAI needs a key"
