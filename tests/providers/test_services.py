"""From a name in the configuration to the place that is called."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Connection
from promptls.providers.parameters import merge, name_of, parameters, path_of, placed, put, unmapped
from promptls.providers.request import Endpoint, Request, UnsupportedError
from promptls.providers.services import SettingsError, endpoint_of, service_of, services, wires
from promptls.providers.wire import WIRES, wire_of
from promptls.schema.files import table
from promptls.workspace.running import ProviderSettings

SET: dict[str, Any] = {
    "azure-openai": {"endpoint": "https://res.openai.azure.com"},
    "foundry": {"endpoint": "https://res.services.ai.azure.com/api/projects/p"},
    "vertexai": {"region": "europe-west4", "project": "my-project"},
    "bedrock": {"region": "eu-central-1"},
    "openai-compatible": {"base_url": "http://127.0.0.1:9000"},
    "custom": {"base_url": "https://models.example/ask"},
}
ADDRESSES = {
    "openai": "https://api.openai.com/v1",
    "azure-openai": "https://res.openai.azure.com/openai/v1",
    "foundry": "https://res.services.ai.azure.com/openai/v1",
    "github-models": "https://models.github.ai/inference",
    "anthropic": "https://api.anthropic.com/v1",
    "googleai": "https://generativelanguage.googleapis.com/v1",
    "vertexai": "https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4/publishers/google",
    "bedrock": "https://bedrock-runtime.eu-central-1.amazonaws.com",
    "huggingface": "https://router.huggingface.co/v1",
    "mistral": "https://api.mistral.ai/v1",
    "cohere": "https://api.cohere.com/v2",
    "ollama": "http://127.0.0.1:11434",
    "gpt4all": "http://127.0.0.1:4891/v1",
    "localai": "http://127.0.0.1:8080/v1",
    "llamacpp": "http://127.0.0.1:8080/v1",
    "vllm": "http://127.0.0.1:8000/v1",
    "lmstudio": "http://127.0.0.1:1234/v1",
    "openai-compatible": "http://127.0.0.1:9000/v1",
    "custom": "https://models.example/ask",
    "echo": "echo:",
}


def endpoint(name: str, environment: dict[str, str] | None = None, **more: Any) -> Endpoint:
    asked = {key: more.pop(key) for key in ("model_connection", "wire", "operation") if key in more}
    return endpoint_of(ProviderSettings(name, **more), environment or {}, **asked)


@pytest.mark.parametrize("name", [name for name, service in services().items() if not service.starts])
def test_every_service_has_its_address(name: str) -> None:
    found = endpoint(name, **SET.get(name, {}))
    assert found.base_url == ADDRESSES[name]
    assert (found.provider, found.service, found.wire) == (name, name, services()[name].wire)


def test_the_tables_speak_of_the_same_things() -> None:
    assert set(wires()) == set(WIRES)
    written = table("services")
    for name, service in services().items():
        assert service.wire in service.wires
        assert set(service.wires) <= set(WIRES), name
        assert service.source in written["sources"], name
        assert set(service.quirks) <= {*written["quirks"], "parameters_of"}, name
        for names in (service.quirks.get("parameters", {}), *service.quirks.get("parameters_of", {}).values()):
            assert set(names) <= set(parameters()), name
    for name, entry in parameters().items():
        assert set(entry["wires"]) == set(WIRES) - {"echo"}, name
        assert entry["description"].endswith("."), name


def test_a_service_has_many_names_and_no_name_two_services() -> None:
    words = [word for service in services().values() for word in (service.name, *service.synonyms)]
    assert len(words) == len(set(words))
    asked = {
        "azure": "azure-openai",
        "Claude": "anthropic",
        "gemini": "googleai",
        " OpenAI ": "openai",
        "aws": "bedrock",
    }
    assert {word: service_of(word) for word in (*asked, "nobody", "")} == {**asked, "nobody": "", "": ""}


def test_a_provider_of_any_name_has_a_type() -> None:
    found = endpoint("azure-eu", type="azure", endpoint="https://eu.openai.azure.com/", key="${env:AZURE_EU_KEY}")
    assert found.base_url == "https://eu.openai.azure.com/openai/v1"
    assert (found.provider, found.service, found.key_name, found.auth) == (
        "azure-eu",
        "azure-openai",
        "AZURE_EU_KEY",
        "bearer",
    )
    assert endpoint("mine", base_url="https://x.example").service == "openai-compatible"


def test_azure_with_a_dated_version_names_the_deployment() -> None:
    dated = endpoint("azure", endpoint="https://r.openai.azure.com", api_version="2024-10-21")
    assert dated.base_url == "https://r.openai.azure.com/openai"
    assert (dated.auth, dated.api_version, dated.quirks["deployments"]) == ("header:api-key", "2024-10-21", True)
    copied = "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"
    assert endpoint("azure", endpoint=copied) == dated
    for version in ("v1", "preview", ""):
        assert endpoint("azure", endpoint="https://r.openai.azure.com", api_version=version).auth == "bearer"
    token = endpoint(
        "azure",
        {"AZURE_OPENAI_AD_TOKEN": "t", "AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com"},
        api_version="2024-10-21",
    )
    assert (token.auth, token.key_name, token.origin) == ("bearer", "AZURE_OPENAI_AD_TOKEN", "user")


def test_the_address_is_the_files_then_the_settings_then_the_environments() -> None:
    environment = {"OPENAI_BASE_URL": "https://e.example/v1", "MINE": "https://m.example"}
    file = Connection(endpoint="https://f.example/v1", key="${env:FILE_KEY}")
    of_file = endpoint("openai", environment, base_url="https://s.example", model_connection=file)
    assert (of_file.base_url, of_file.origin, of_file.key_name) == ("https://f.example/v1", "file", "FILE_KEY")
    of_settings = endpoint("openai", environment, base_url="https://s.example")
    assert (of_settings.base_url, of_settings.origin) == ("https://s.example/v1", "workspace")
    assert endpoint("openai", environment, base_url="https://s.example", origin="user").origin == "user"
    of_environment = endpoint("openai", environment)
    assert (of_environment.base_url, of_environment.origin) == ("https://e.example/v1", "user")
    assert endpoint("openai", environment, base_url="${env:MINE}").base_url == "https://m.example/v1"
    assert endpoint("openai", base_url="${env:NOT:https://d.example}").base_url == "https://d.example/v1"
    builtin = endpoint("openai")
    assert (builtin.base_url, builtin.origin, builtin.key_name) == (
        "https://api.openai.com/v1",
        "builtin",
        "OPENAI_API_KEY",
    )


def test_a_certificate_of_the_workspace_makes_the_address_the_workspaces() -> None:
    assert endpoint("openai", ca_file="/w/ca.pem").origin == "workspace"
    assert endpoint("openai", ca_file="/u/ca.pem", origin="user").origin == "builtin"


def test_the_first_key_that_is_set_decides() -> None:
    assert endpoint("cohere").key_name == "CO_API_KEY"
    assert endpoint("cohere", {"COHERE_API_KEY": "k"}).key_name == "COHERE_API_KEY"
    both = {"GOOGLE_API_KEY": "a", "GEMINI_API_KEY": "b"}
    assert endpoint("googleai", both).key_name == "GOOGLE_API_KEY"
    assert endpoint("anthropic").auth == "header:x-api-key"
    assert endpoint("anthropic", {"ANTHROPIC_AUTH_TOKEN": "t"}).auth == "bearer"
    assert endpoint("anthropic", {"ANTHROPIC_AUTH_TOKEN": "t", "ANTHROPIC_API_KEY": "k"}).auth == "header:x-api-key"
    region = {"AWS_REGION": "us-east-1"}
    assert endpoint("bedrock", region).auth == "sigv4"
    assert endpoint("bedrock", {**region, "AWS_BEARER_TOKEN_BEDROCK": "k"}).auth == "bearer"
    assert endpoint("bedrock", region, key_command=("vault",)).auth == "bearer"
    assert endpoint("my-box", base_url="https://x.example").key_name == ""
    assert endpoint("my-box", base_url="https://x.example", key_command=("vault",)).key_name == "MY_BOX_API_KEY"


def test_a_local_server_may_be_asked_in_other_ways() -> None:
    assert endpoint("ollama", {"OLLAMA_HOST": "0.0.0.0"}).base_url == "http://127.0.0.1:11434"
    assert endpoint("ollama", wire="openai-chat").base_url == "http://127.0.0.1:11434/v1"
    assert endpoint("ollama", base_url="http://box:11434/v1", wire="anthropic").base_url == "http://box:11434/v1"
    assert endpoint("ollama", base_url="http://box:11434/v1").base_url == "http://box:11434"
    assert endpoint("ollama", quirks={"wire": "openai-chat"}).wire == "openai-chat"
    assert endpoint("llamacpp", wire="anthropic").base_url == "http://127.0.0.1:8080/v1"


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("opneai", {}, "There is no provider `opneai`. Did you mean `openai`?"),
        (
            "mine",
            {"type": "opneai"},
            "`opneai` is no type that promptls knows for the provider `mine`. Did you mean `openai`?",
        ),
        ("azure-openai", {}, "`azure-openai` has no address: set `endpoint` of `azure-openai`"),
        ("custom", {}, "`custom` has no address: set `base_url`"),
        (
            "bedrock",
            {},
            "AWS Bedrock needs a region: set `region` of `bedrock` under `providers:` in promptls.yaml, or AWS_REGION",
        ),
        ("vertexai", {"region": "x"}, "Vertex AI needs a project"),
        ("bedrock", {"region": "evil.com/#"}, "`region` of `bedrock` is `evil.com/#`: only letters"),
        (
            "openai",
            {"base_url": "api.openai.com"},
            "The address of `openai`, `api.openai.com`, is not an address that starts",
        ),
        ("openai", {"base_url": "${env:NOT_SET}"}, "The settings of `openai` read NOT_SET, which is not set."),
        (
            "mistral",
            {"wire": "openai-responses"},
            "Mistral is not asked by OpenAI Responses here, only by OpenAI Chat.",
        ),
        ("mistral", {"wire": "morse"}, "Mistral is not asked by `morse` here"),
        ("anthropic", {"operation": "image"}, "Anthropic Messages has no operation `image` here"),
        ("embedded", {}, "promptls model install"),
    ],
)
def test_what_is_missing_is_told(name: str, more: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        endpoint(name, **more)


def test_a_region_stays_in_the_vendors_domain() -> None:
    for region in ("evil.com/", "a@evil.com", "x#", "x?", "a b", "é"):
        with pytest.raises(SettingsError):
            endpoint("bedrock", {"AWS_REGION": "us-east-1"}, region=region)
    assert endpoint("vertexai", region="global", project="p").base_url.startswith(
        "https://aiplatform.googleapis.com/v1/"
    )


def test_settings_are_named_as_each_provider_names_them() -> None:
    found = {
        name: path_of("max_tokens", endpoint(name, **SET.get(name, {})))
        for name in (
            "openai",
            "azure-openai",
            "mistral",
            "llamacpp",
            "ollama",
            "anthropic",
            "googleai",
            "bedrock",
            "custom",
        )
    }
    assert found == {
        "openai": "max_completion_tokens",
        "azure-openai": "max_completion_tokens",
        "mistral": "max_tokens",
        "llamacpp": "max_tokens",
        "ollama": "options.num_predict",
        "anthropic": "max_tokens",
        "googleai": "generationConfig.maxOutputTokens",
        "bedrock": "inferenceConfig.maxTokens",
        "custom": "max_tokens",
    }
    assert path_of("seed", endpoint("mistral")) == "random_seed"
    assert (
        path_of("max_tokens", endpoint("openai", quirks={"parameters": {"max_tokens": "max_tokens"}})) == "max_tokens"
    )
    assert path_of("max_tokens", endpoint("ollama", wire="openai-chat")) == "max_tokens"
    assert name_of("max_completion_tokens", endpoint("openai")) == "max_tokens"
    assert name_of("num_ctx", endpoint("ollama")) == "context_length"
    assert name_of("nothing", endpoint("openai")) == ""


def test_what_a_provider_has_no_word_for_is_told() -> None:
    request = Request("m", (), options={"top_k": 4, "temperature": 1, "user": "me", "n": 1, "seed": None})
    assert [each.sentence for each in unmapped(request, endpoint("mistral"))] == [
        "`top_k` is left out: OpenAI Chat has no word for it.",
        "`user` is left out: Mistral has no word for it.",
    ]
    assert [path for _name, path, _value in placed(request, endpoint("mistral"))] == ["temperature"]
    several = Request("m", (), options={"n": 3})
    assert [each.name for each in unmapped(several, endpoint("openai"))] == ["n"]
    assert not unmapped(Request("m", (), operation="image", options={"n": 3}), endpoint("openai"))


def test_a_place_for_the_application_to_fill_is_told() -> None:
    part = Part("section", "history")
    request = Request("m", (Message("user", (part, part)),))
    (told,) = unmapped(request, endpoint("openai"))
    assert told.sentence == "The section `history` is left out: only the application that uses the prompt fills it."


def test_the_list_of_models_is_asked_for_where_the_key_belongs() -> None:
    def listed(name: str, **more: Any) -> str:
        found = endpoint(name, **more)
        return wire_of(found.wire).list_models(found).url

    assert listed("cohere") == "https://api.cohere.com/v1/models"
    assert listed("cohere", base_url="https://gateway.example/v2") == "https://gateway.example/v2/models"
    assert listed("bedrock", region="eu-west-1") == "https://bedrock.eu-west-1.amazonaws.com/foundation-models"
    for evil in (
        "https://evil.example/models",
        "http://api.openai.com/models",
        "https://api.openai.com.evil.example",
        "x",
    ):
        assert listed("openai", quirks={"models": evil}) == "https://api.openai.com/v1/models"
    assert listed("openai", quirks={"models": "https://api.openai.com/list"}) == "https://api.openai.com/list"
    account = {"type": "openai-compatible", "base_url": "https://gw.example/acct-a/v1"}
    for path, is_asked in (("acct-a/list", True), ("acct-b/list", False), ("acct-a/%2e%2e/acct-b/list", False)):
        url = f"https://gw.example/{path}"
        assert (listed("gw", **account, quirks={"models": url}) == url) is is_asked
        assert listed("gw", **account, quirks={"models": url}, origin="user") == url or not is_asked


def test_no_path_and_no_name_of_a_model_climbs_out_of_the_address() -> None:
    gateway: dict[str, Any] = {"base_url": "https://gw.example/acct-a/v1"}
    said = (Message("user", (Part("text", "Hi"),)),)
    for found, model in (
        (endpoint("gw", type="openai-compatible", **gateway, quirks={"path": "../../acct-b/v1/x"}), "m"),
        (endpoint("gw", type="openai-compatible", **gateway, quirks={"path": "%2e%2E/acct-b"}), "m"),
        (endpoint("googleai", **gateway), "models/../../../acct-b/v1/models/m"),
    ):
        with pytest.raises(UnsupportedError, match="would lead out of https://gw"):
            wire_of(found.wire).build(Request(model, said), found)
    named = endpoint("azure-openai", endpoint="https://r.example", api_version="2024-10-21")
    assert "/deployments/..%2F..%2Fx/chat" in wire_of(named.wire).build(Request("../../x", said), named).url


def test_quirks_of_any_shape_break_nothing() -> None:
    for quirks in ({"parameters": "x"}, {"parameters": {"temperature": 5}}, {"parameters": [1]}, {"models": {"a": 1}}):
        found = endpoint("openai", quirks=quirks)
        assert list(placed(Request("m", (), options={"temperature": 1}), found)) == [("temperature", "temperature", 1)]


def test_one_text_to_stop_at_is_a_list_of_one() -> None:
    assert list(placed(Request("m", (), options={"stop": "END"}), endpoint("openai"))) == [("stop", "stop", ["END"])]


def test_the_persons_own_words_go_on_top() -> None:
    body: dict[str, Any] = {"options": {"temperature": 1}, "think": True}
    put(body, "options.num_ctx", 4096)
    put(body, "think.deep", 1)
    merge(body, {"options": {"temperature": 0, "mirostat": 1}, "keep_alive": {"a": 1}})
    assert body == {
        "options": {"temperature": 0, "num_ctx": 4096, "mirostat": 1},
        "think": {"deep": 1},
        "keep_alive": {"a": 1},
    }
    assert json.loads(json.dumps(body)) == body


@pytest.mark.parametrize("key", ["region", "project", "api_version"])
def test_no_address_shows_a_variable_that_is_of_another_kind(key: str) -> None:
    """A project can set these beside a person's own settings; the value would be in every lens, and in the DNS."""
    for name in ("bedrock", "vertexai", "azure-openai"):
        said: dict[str, Any] = {"region": "eu", "project": "p", key: "${env:TEAM_SECRET}"}
        settings = ProviderSettings(name, **said)
        with pytest.raises(SettingsError, match="reads TEAM_SECRET") as caught:
            endpoint_of(settings, {"TEAM_SECRET": "canary-0123456789", "AZURE_OPENAI_ENDPOINT": "https://a.example"})
        assert "canary" not in str(caught.value)
    fine = ProviderSettings("vertexai", region="${env:MY_LOCATION}", project="${env:MY_PROJECT}")
    assert "my-place" in endpoint_of(fine, {"MY_LOCATION": "my-place", "MY_PROJECT": "p"}).base_url
