"""promptls.yaml is helped with like any header."""

from __future__ import annotations

from promptls.ide.definition import definition_at
from tests.ide.place import chosen, completions, hover, labels, place


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


def defined(source: str) -> list[str]:
    """The lines where it says what the target is."""
    where = place(source)
    lines = []
    for one in definition_at(where.document, where.offset, where.snapshot):
        document = where.snapshot.document(one.uri)
        assert document is not None
        lines.append(document.text.line_text(document.text.line_at(one.span.start)).strip())
    return lines


def test_a_target_leads_to_what_it_names() -> None:
    assert defined(PROVIDERS.replace("openai/gpt-4o", "{route: [eu/gpt-4o, loc█al/m]}"))[0].startswith("local: {type")
    assert defined(PROVIDERS.replace("openai/gpt-4o", "'eu/gpt█-4o'"))[0].startswith("eu: {type")
    assert defined(PROVIDERS + "default: qui█ck\n") == ["quick: openai/gpt-4o"]
    assert defined(PROVIDERS + "default: echo:e█u/gpt-4o\n")[0].startswith("eu: {type")
    assert defined(PROVIDERS.replace("openai/gpt-4o", "op█enai/gpt-4o")) == [], "it follows from the name"
    result = "\n-- .promptls/a-1.run.md --\n---\nprompt: ../a.prompty\ntarget: {}\nrun: {{status: draft}}\n---\n"
    assert defined(PROVIDERS + result.format("lo█cal/m"))[0].startswith("local: {type")
    assert defined(PROVIDERS + result.format("[qu█ick, echo]")) == ["quick: openai/gpt-4o"]


def test_the_card_of_a_target_says_what_it_is() -> None:
    card = hover(PROVIDERS.replace("openai/gpt-4o", "{route: [eu/gpt-4█o]}"))
    assert card.startswith("`eu/gpt-4o`: Azure OpenAI\n\n- at `https://a.openai.azure.com`\n\n- 128,000 tokens fit in")
    assert "`: OpenAI\n\n- 128,000" in hover(PROVIDERS.replace("openai/gpt-4o", "openai/gpt-4█o"))
    assert hover(PROVIDERS.replace("openai/gpt-4o", "local/█x")) == (
        "`local/x`: OpenAI-compatible\n\n- at `http://127.0.0.1:1/v1`"
    )
    secret = PROVIDERS.replace("http://127.0.0.1:1/v1", "https://me:canary@gw.example/v1?key=canary#canary")
    assert hover(secret.replace("openai/gpt-4o", "local/█x")).endswith("- at `https://gw.example/v1`")
    assert hover(PROVIDERS + "default: qu█ick\n") == "`quick`: alias\n\n- `openai/gpt-4o`"
    assert "shows the messages" in hover(PROVIDERS + "default: ec█ho\n")
    assert hover(PROVIDERS.replace("openai/gpt-4o", "nobody/█x")) == ""
