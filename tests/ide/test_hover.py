"""Hover cards."""

from __future__ import annotations

from tests.ide.place import hover, hovered

HEADER = """---
name: shop
model:
  id: gpt-4o
  apiType: chat
  connection: {kind: key, apiKey: "${env:SHOP_KEY}", endpoint: "${env:SHOP_URL:https://x.example}"}
inputs:
  items:
    kind: array
    items: {kind: object, properties: [{name: title, kind: string}]}
    example: [{title: Lamp}]
  tone: {kind: string, required: true, default: "a|b `c` <i>", description: "How *it* sounds"}
---
"""


def at(text: str) -> str:
    return hover(HEADER + text)


def in_header(before: str, after: str) -> str:
    assert before in HEADER
    return hover(HEADER.replace(before, after))


def test_a_key() -> None:
    card = in_header("apiType", "api█Type")
    assert card.startswith("`model.apiType`: ")
    assert "default `chat`" in card
    assert "microsoft/prompty" in card


def test_an_old_key_says_what_replaces_it() -> None:
    card = hover("---\nname: x\nmodel: {id: a, options: {max_█tokens: 3}}\n---\n")
    assert "`maxOutputTokens`" in card


def test_a_known_value() -> None:
    assert in_header("kind: key", "kind: k█ey").startswith("`key`")


def test_an_input_in_the_template() -> None:
    card = at("user:\n{{ to█ne }} {{ tone }}\n")
    assert card.startswith("`tone`: input · `string` · required")
    assert r"How \*it\* sounds" in card
    assert 'default ``"a|b `c` <i>"``' in card
    assert "used once more" in card
    assert "declared in line" in card
    assert hovered(HEADER + "{{ to█ne }}") == "tone"


def test_an_input_in_the_header() -> None:
    card = hover((HEADER + "{{ tone }}").replace("tone:", "to█ne:"))
    assert card.startswith("`tone`: input · `string` · required")
    assert "used once" in card


def test_attributes_and_loop_variables() -> None:
    text = "{% for item in items %}{{ item.title }}{% endfor %}"
    assert at(text.replace("item.title", "it█em.title")).startswith("`item`: loop variable")
    assert "each element of `items`" in at(text.replace("for item", "for it█em"))
    assert at(text.replace("title", "ti█tle")).startswith("`item.title`: attribute · `string`")
    assert "does not exist" in at(text.replace("title", "pri█ce"))


def test_an_undeclared_name() -> None:
    assert at("{{ unkno█wn }}").startswith("`unknown`: not declared")


def test_filters_tests_tags_and_globals() -> None:
    assert "filter of Jinja" in at("{{ tone | upp█er }}")
    assert "test of Jinja" in at("{% if tone is defi█ned %}{% endif %}")
    assert "tag of Jinja" in at("{% i█f tone %}{% endif %}")
    assert "global of Jinja" in at("{{ ran█ge(3) }}")


def test_an_end_says_what_it_ends() -> None:
    line = HEADER.count("\n") + 1
    text = "{% if tone %}\n{% else %}\n{% endif %}"
    assert at(text.replace("endif", "end█if")) == f"ends `{{% if tone %}}` in line {line}"


def test_role_lines() -> None:
    card = at("system:\nHi\n\nus█er:\nHello\n")
    assert card.startswith("`user`: starts message 2 of 2")


def test_the_environment_is_named_never_shown() -> None:
    source = HEADER.replace("SHOP_KEY", "SHOP_█KEY")
    assert hover(source, []) == "`SHOP_KEY`: environment variable · not set"
    assert hover(source, ["SHOP_KEY"]) == "`SHOP_KEY`: environment variable · set"
    url = HEADER.replace("SHOP_URL", "SHOP_█URL")
    assert hover(url, []) == (
        "`SHOP_URL`: environment variable · not set, the default is used\n\n- default `https://x.example`"
    )


def test_files() -> None:
    source = "-- a.prompty --\n---\ninputs: ${file:in█puts.json}\n---\n"
    assert hover(source) == "`inputs.json`: there is no such file"
    assert hover(source + "-- inputs.json --\n{}\n") == "`inputs.json`: the file is there"


def test_the_first_line_says_what_the_file_is() -> None:
    card = hover("█" + HEADER + "system:\na\nuser:\nb\n")
    assert card.startswith("**Prompty v2**")
    assert "template language `jinja`" in card
    assert "2 messages" in card
    assert "2 inputs" in card


def test_nothing_to_say() -> None:
    assert at("Hello wor█ld") == ""


def test_a_name_that_a_mustache_section_brings() -> None:
    card = hover(
        HEADER.replace("name: shop", "name: shop\ntemplate: {format: {kind: mustache}, parser: {kind: prompty}}")
        + "{{#items}}{{ti█tle}}{{/items}}"
    )
    assert card.startswith("`title`: attribute · `string`")
    assert "from `items[…].title`" in card
