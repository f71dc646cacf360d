"""Addresses as people write them, and what is called in the end."""

from __future__ import annotations

import pytest

from promptls.providers.join import (
    AddressError,
    azure_root,
    base_of,
    is_loopback,
    join,
    ollama_host,
    parts_of,
    place_of,
    root_of,
)


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1//", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/", "https://api.openai.com/v1/chat/completions"),
        ("https://API.OpenAI.com", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com//v1", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/chat/completions"),
        ("https://gateway.example/openai/v1", "https://gateway.example/openai/v1/chat/completions"),
        ("https://gateway.example/team-a", "https://gateway.example/team-a/chat/completions"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions"),
        (" http://localhost:1234/v1 ", "http://localhost:1234/v1/chat/completions"),
        ("https://x.example/v1?tenant=a", "https://x.example/v1/chat/completions?tenant=a"),
        ("https://x.example/v1#part", "https://x.example/v1/chat/completions"),
    ],
)
def test_a_base_url_may_be_written_in_many_ways(written: str, called: str) -> None:
    assert join(base_of(written, "v1"), "chat/completions") == called


@pytest.mark.parametrize(
    ("base", "path", "joined"),
    [
        ("https://x/v1", "v1/models", "https://x/v1/models"),
        ("https://x/v1", "/v1/models", "https://x/v1/models"),
        ("https://x", "v1/models", "https://x/v1/models"),
        ("https://x/a/v1/", "models/", "https://x/a/v1/models"),
        ("https://x/v1/chat", "chat/completions", "https://x/v1/chat/completions"),
        ("https://x/v1", "", "https://x/v1"),
        ("https://x", "", "https://x"),
    ],
)
def test_what_both_have_comes_once(base: str, path: str, joined: str) -> None:
    assert join(base, path) == joined


def test_a_query_is_added_behind_the_one_that_is_there() -> None:
    assert (
        join("https://x/v1?a=b", "chat", {"api-version": "2024-10-21"})
        == "https://x/v1/chat?a=b&api-version=2024-10-21"
    )


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://api.anthropic.com", "https://api.anthropic.com/v1"),
        ("https://gateway.example/anthropic", "https://gateway.example/anthropic/v1"),
        ("https://gateway.example/anthropic/v1", "https://gateway.example/anthropic/v1"),
        ("https://generativelanguage.googleapis.com/v1beta", "https://generativelanguage.googleapis.com/v1beta"),
    ],
)
def test_a_root_gets_its_version(written: str, base: str) -> None:
    assert base_of(written, "v1", root=True) == base


def test_a_server_without_versions_is_its_root() -> None:
    for written in ("http://h:1", "http://h:1/", "http://h:1/api", "http://h:1/v1", "http://h:1/api/chat"):
        assert root_of(written) == "http://h:1"
    assert root_of("https://h/ollama/api") == "https://h/ollama"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "http://"),
        ("api.openai.com/v1", "http://"),
        ("ftp://x/v1", "http://"),
        ("file:///etc/passwd", "http://"),
        ("https://", "http://"),
        ("https://user:secret@x/v1", "keys have their own place"),
        ("https://x:port/v1", "cannot be read"),
        ("https://x:99999/v1", "cannot be read"),
        ("https://[::1/v1", "cannot be read"),
        ("https://x/a b", "blank"),
        ("https://x/a\\b", "backslash"),
    ],
)
def test_what_is_no_address_is_told(written: str, said: str) -> None:
    with pytest.raises(AddressError, match=said) as raised:
        parts_of(written)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":56789", "http://127.0.0.1:56789"),
        ("1.2.3.4:56789", "http://1.2.3.4:56789"),
        ("http://1.2.3.4", "http://1.2.3.4:80"),
        ("https://1.2.3.4", "https://1.2.3.4:443"),
        ("https://1.2.3.4:56789", "https://1.2.3.4:56789"),
        ("example.com", "http://example.com:11434"),
        ("example.com:56789", "http://example.com:56789"),
        ("http://example.com", "http://example.com:80"),
        ("https://example.com", "https://example.com:443"),
        ("https://example.com:56789", "https://example.com:56789"),
        ("example.com/", "http://example.com:11434"),
        ("example.com:56789/", "http://example.com:56789"),
        ("example.com/path", "http://example.com:11434/path"),
        ("example.com:56789/path", "http://example.com:56789/path"),
        ("https://example.com:56789/path", "https://example.com:56789/path"),
        ("example.com:56789/path/", "http://example.com:56789/path"),
        ("[0001:002:003:0004::1]", "http://[0001:002:003:0004::1]:11434"),
        ("[0001:002:003:0004::1]:56789", "http://[0001:002:003:0004::1]:56789"),
        ("http://[0001:002:003:0004::1]", "http://[0001:002:003:0004::1]:80"),
        ("https://[0001:002:003:0004::1]", "https://[0001:002:003:0004::1]:443"),
        ("[0001:002:003:0004::1]/path", "http://[0001:002:003:0004::1]:11434/path"),
        ("https://[0001:002:003:0004::1]:56789/path/", "https://[0001:002:003:0004::1]:56789/path"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("http://0.0.0.0:8000/", "http://127.0.0.1:8000"),
    ],
)
def test_ollama_host_means_what_ollama_takes_it_for(value: str, host: str) -> None:
    assert ollama_host(value) == host


def test_the_address_of_an_azure_deployment_is_its_resource() -> None:
    whole = "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"
    assert azure_root(whole) == ("https://r.openai.azure.com", "2024-10-21")
    assert azure_root("https://r.openai.azure.com/openai/v1/") == ("https://r.openai.azure.com", "")
    assert azure_root("https://r.services.ai.azure.com/api/projects/p/openai") == (
        "https://r.services.ai.azure.com",
        "",
    )
    assert azure_root("https://gw.example/openaiproxy") == ("https://gw.example/openaiproxy", "")


def test_loopback_is_this_machine_only() -> None:
    for url in (
        "http://127.0.0.1:1/x",
        "http://localhost/x",
        "http://[::1]:80",
        "http://127.9.9.9",
    ):
        assert is_loopback(url)
    for url in (
        "http://127.0.0.1.evil.com",
        "http://localhost.evil.com",
        "https://10.0.0.1",
        "http://a.localhost",
        "",
        "x",
    ):
        assert not is_loopback(url)


def test_a_place_names_its_port() -> None:
    assert place_of("https://API.x.com/v1?q") == "https://api.x.com:443"
    assert place_of("http://x:81/v1") == "http://x:81"
    assert place_of("http://x") == "http://x:80"
