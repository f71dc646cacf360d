"""promptls.yaml is helped with like any header."""

from __future__ import annotations

from tests.ide.place import chosen, completions, hover, labels


def test_keys_from_the_first_line_on() -> None:
    assert "rules" in labels("-- promptls.yaml --\n█\n")
    assert "filters" in labels("-- promptls.yaml --\ntemplates:\n  █\n")


def test_codes_of_rules_and_their_levels() -> None:
    items = completions("-- promptls.yaml --\nrules:\n  unused█\n")
    assert items[0].label == "unused-input"
    assert items[0].again
    assert items[0].documentation
    assert labels("-- promptls.yaml --\nrules:\n  unused-input: █\n")[0] == "off"
    assert "unused-input" in labels('-- promptls.yaml --\nrules:\n  "old/**":\n    █\n')


def test_cards() -> None:
    assert hover("-- promptls.yaml --\nru█les: {}\n").startswith("`rules`")


PROVIDERS = """\
-- promptls.yaml --
providers:
  eu: {type: azure-openai, endpoint: "https://a.openai.azure.com"}
  local: {type: openai-compatible, base_url: "http://127.0.0.1:1/v1"}
aliases:
  quick: openai/gpt-4o
"""


def test_where_runs_may_go() -> None:
    default = labels(PROVIDERS + "default: █\n")
    assert default[:4] == ["quick", "echo", "eu/", "local/"]
    assert {"openai/", "ollama/", "embedded/smollm2"} < set(default)
    route = labels(PROVIDERS.replace("quick: openai/gpt-4o", "quick: {route: [█]}"))
    assert route[:2] == ["eu/", "local/"]
    assert not {"echo", "quick", "custom/"} & set(route)
    assert "openai/gpt-4o" in labels(PROVIDERS.replace("openai/gpt-4o", "openai/gpt-4█"))
    assert "eu/gpt-4o" in labels(PROVIDERS.replace("openai/gpt-4o", "eu/█"))
    assert labels(PROVIDERS.replace("openai/gpt-4o", "local/█")) == []
    assert chosen(PROVIDERS + "default: lo█\n").endswith("default: local/\n")


def test_names_of_providers() -> None:
    assert chosen("-- promptls.yaml --\nproviders:\n  anth█\n", snippet=True) == "providers:\n  anthropic: {█}\n"
    named = labels(PROVIDERS + "limits:\n  █\n")
    assert named[:3] == ["eu", "local", "openai"]
    assert "eu" not in labels(PROVIDERS + "limits:\n  eu: {concurrency: 1}\n  █\n")
    assert "openai" not in labels("-- promptls.yaml --\nproviders:\n  openai: {}\n  █\n")
