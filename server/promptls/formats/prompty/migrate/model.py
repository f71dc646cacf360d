"""``model`` of v1 as v2 writes it: ``apiType``, ``id``, ``provider``, ``connection``, ``options``.

What is where follows Prompty's migration guide, 0.1.50's clients (``azure``, ``openai``, ``serverless``) and
2.1.0's executors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from promptls.formats.outline import Group, Item, Raw, new, scalar_text, with_scalar
from promptls.formats.prompty.migrate.draft import Draft, scalars
from promptls.formats.prompty.migrate.tools import declared_tools
from promptls.formats.written import as_yaml
from promptls.schema.files import load
from promptls.syntax.yaml_tree import Scalar, Sequence

API_TYPES = ("chat", "embedding", "image", "responses")
PROVIDERS: Final[Mapping[str, str]] = {
    "azure_openai": "foundry",
    "azure": "foundry",
    "azure_openai_beta": "foundry",
    "openai": "openai",
    "serverless": "openai",
    "azure_serverless": "openai",
}
_V2_PROVIDERS = ("foundry", "openai", "anthropic")
_IDS = ("azure_deployment", "name", "model", "deployment")
_CONNECTION: Final[Mapping[str, str]] = {
    "azure_endpoint": "endpoint",
    "endpoint": "endpoint",
    "base_url": "endpoint",
    "api_key": "apiKey",
    "key": "apiKey",
}
_NOT_CARRIED: Final[Mapping[str, str]] = {
    "api_version": "Prompty 2.1.0 chooses the version of Azure's API itself",
    "organization": "v2 has no key for the organization; OpenAI's client reads `OPENAI_ORG_ID`",
    "client_id": "v2 has no key for a managed identity; Azure's client reads `AZURE_CLIENT_ID`",
    "azure_ad_token": "v2 has no key for a token; register a client and name it with `kind: reference`",
}


def migrate_model(draft: Draft) -> None:
    item = draft.root.item("model")
    if item is None:
        return
    model = draft.open(item)
    if model is None:
        if draft.v1 and draft.written(item):
            draft.lose(item.span, "`model` stands in another file, which is left as it is", breaks=True)
        return
    _api(draft, model)
    for key in ("configuration", "connection"):
        found = model.item(key)
        if found is not None:
            _connection(draft, model, found)
    for key in ("parameters", "options"):
        found = model.item(key)
        if found is not None:
            _options(draft, model, found)
    response = model.item("response")
    if response is not None:
        draft.drop(model, response, "v2 has no `model.response`: a run gives back what the model answered")
    if draft.v1 and model.item("id") is None:
        draft.lose(item.span, "The file names no model: v2 wants it in `model.id`")


def _api(draft: Draft, model: Group) -> None:
    item = model.item("api")
    if item is None:
        return
    if model.item("apiType") is not None:
        draft.drop(model, item, "`model.api` stands beside `apiType`, which counts in v2")
        return
    word = scalar_text(item)
    item.key = item.name = "apiType"
    if word and word not in API_TYPES and not word.startswith("${"):
        draft.lose(item.span, f"v2 has no `{word}` API; the prompt is sent as chat")
        with_scalar(item, draft.written(item), "chat")


def _connection(draft: Draft, model: Group, item: Item) -> None:
    conf = draft.open(item)
    if conf is None:
        if draft.written(item) or item.name == "configuration":
            why = f"`model.{item.name}` is no map of keys here, which v2 needs for `connection`"
            draft.drop(model, item, why)
        return
    if item.name == "connection" and conf.item("kind") is not None:
        return
    if item.name == "configuration" and model.item("connection") is not None:
        draft.drop(model, item, "`model.configuration` stands beside `connection`, which counts in v2")
        return
    kind = scalar_text(conf.item("type"))
    azure = kind.startswith("azure_openai") or kind == "azure" or (not kind and conf.item("azure_deployment"))
    azure = bool(azure or (not kind and conf.item("azure_endpoint")))
    _model_id(draft, model, conf, item)
    _provider(draft, model, conf, item, "azure" if azure and not kind else kind)
    for entry in [entry for entry in conf.items if entry.key]:
        renamed = _CONNECTION.get(entry.name)
        if renamed and conf.item(renamed) in (None, entry):
            entry.key = entry.name = renamed
        elif entry.name == "connection" and draft.promptflow:
            entry.key = entry.name = "name"
        elif entry.name not in ("usageDescription", "authenticationMode"):
            why = _NOT_CARRIED.get(entry.name, f"v2 has no `{entry.name}` in `connection`")
            draft.drop(conf, entry, why)
    _finish_connection(draft, model, conf, item, azure=azure)


def _finish_connection(draft: Draft, model: Group, conf: Group, item: Item, *, azure: bool) -> None:
    kept = [entry.name for entry in conf.items if entry.key]
    if not kept:
        # Nothing is left to connect with: the program has to say it.
        draft.remove(model, item)
        if draft.v1:
            draft.lose(
                item.span, "The file names no endpoint or key: v2 wants a `connection` (it reads no `prompty.json`)"
            )
        return
    if "name" in kept:
        kind = "reference"
        draft.lose(item.span, "v2 looks for a connection of that name where the program registers it")
    else:
        kind = "foundry" if azure and "apiKey" not in kept else "key"
    conf.items.insert(0, new("kind", kind, item))
    item.key = item.name = "connection"
    endpoint = scalar_text(conf.item("endpoint"))
    if endpoint and not _is_trusted(endpoint):
        why = f"Prompty 2.1.0 gives keys to `{endpoint}` only if the program lists it in `trusted_endpoints`"
        draft.lose((conf.item("endpoint") or item).span, why)


def _is_trusted(endpoint: str) -> bool:
    """2.1.0 ``endpoint_trust.py``: what the environment says, and the providers' own addresses."""
    if endpoint.startswith("${"):
        return endpoint.count(":") < 2
    host = endpoint.removeprefix("https://").split("/")[0].split(":")[0].lower()
    ours = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")
    return endpoint.startswith("https://") and (host.endswith(ours) or host == "api.openai.com")


def _model_id(draft: Draft, model: Group, conf: Group, item: Item) -> None:
    said = [entry for entry in (conf.item(name) for name in _IDS) if entry is not None]
    if draft.promptflow and conf.item("connection") is not None:
        said = [entry for entry in said if entry.name != "name"]
    for entry in said:
        known = model.item("id")
        if known is None:
            conf.items.remove(entry)
            entry.key = entry.name = "id"
            if item.value is conf and conf.flow:
                entry.column = item.column
            model.items.insert(model.at(item), entry)
        elif scalar_text(known) == scalar_text(entry):
            conf.items.remove(entry)
            if entry.above:
                conf.items.insert(0, Item("", Raw([""]), entry.above, entry.column))
        else:
            draft.drop(conf, entry, f"`{entry.name}` names another model than `model.id`")


def _provider(draft: Draft, model: Group, conf: Group, item: Item, kind: str) -> None:
    said = conf.item("type")
    if not kind or (said is not None and kind.startswith("${")):
        return
    provider = PROVIDERS.get(kind, kind)
    span = said.span if said is not None else item.span
    if provider not in _V2_PROVIDERS:
        draft.lose(span, f"Prompty 2.1.0 has no provider `{kind}`; a program may register one")
    elif kind.endswith("serverless"):
        draft.lose(span, "v2 has no serverless provider; `openai` speaks to endpoints with OpenAI's protocol")
    known = model.item("provider")
    if said is not None and known is not None:
        draft.drop(conf, said, "`type` stands beside `model.provider`, which counts in v2")
        return
    if said is None:
        if known is None:
            model.items.insert(model.at(item), new("provider", provider, item))
        return
    conf.items.remove(said)
    with_scalar(said, draft.written(said), provider)
    said.key = said.name = "provider"
    if conf.flow:
        said.column = item.column
    model.items.insert(model.at(item), said)


@lru_cache(maxsize=1)
def option_names() -> tuple[Mapping[str, str], frozenset[str]]:
    """``(old names and their new ones, all of v2's own)``, of the schema."""
    known = load("prompty-v2")["$defs"]["options"]["properties"]
    replaced = {name: about.get("x-promptls", {}).get("replacedBy", "") for name, about in known.items()}
    own = frozenset(name for name in known if not replaced[name])
    return {name: word for name, word in replaced.items() if word in own}, own


def _options(draft: Draft, model: Group, item: Item) -> None:
    options = draft.open(item)
    if options is None:
        if item.name == "parameters" and draft.written(item):
            draft.drop(model, item, "`model.parameters` is no map of keys here, which v2 needs for `options`")
        elif item.name == "parameters":
            draft.remove(model, item)
        return
    renames, own = option_names()
    further: list[Item] = []
    for entry in [entry for entry in options.items if entry.key]:
        renamed = renames.get(entry.name)
        if renamed and options.item(renamed) is None:
            entry.key = entry.name = renamed
            if renamed == "stopSequences" and isinstance(entry.node, Scalar):
                with_scalar(entry, draft.written(entry), f"[{draft.written(entry)}]")
        elif entry.name not in own:
            options.items.remove(entry)
            if entry.name == "tools_choice":
                entry.key = entry.name = "tool_choice"
            if entry.name != "tools" or not declared_tools(draft, entry):
                further.append(entry)
    if further:
        _further(draft, options, further)
    _as_options(draft, model, item, options)


def _as_options(draft: Draft, model: Group, item: Item, options: Group) -> None:
    if model.item("options") not in (None, item):
        draft.drop(model, item, "`model.parameters` stands beside `options`, which counts in v2")
    elif any(entry.key for entry in options.items):
        item.key = item.name = "options"
    else:
        draft.remove(model, item)


def _further(draft: Draft, options: Group, further: list[Item]) -> None:
    """What v2 has no key for is handed on to the provider as it is."""
    known = options.item("additionalProperties")
    holder = draft.open(known) if known is not None else None
    if holder is None:
        holder = Group(flow=options.flow, pad=options.pad)
        options.items.append(Item("additionalProperties", holder, name="additionalProperties"))
        options.items[-1].column = further[0].column
    for entry in further:
        _resolve_files(draft, entry)
        holder.items.append(entry)


def _resolve_files(draft: Draft, entry: Item) -> None:
    """2.1.0 reads no references below ``additionalProperties``: a file that was named is written out."""
    node = entry.node
    for scalar, depth in scalars(node):
        word = scalar.text.strip()
        if not (isinstance(scalar.value, str) and word.startswith("${") and word.endswith("}")):
            continue
        data = file_data(draft, word) if depth == 0 else None
        if data is None:
            draft.lose(entry.span, f"v2 does not look up `{word}` in `{entry.name}`", breaks=True)
        else:
            with_scalar(entry, draft.written(entry), as_yaml(data, flow=True))


def file_data(draft: Draft, word: str) -> object:
    """The data of the JSON file in ``${file:path}``; None where it cannot be read."""
    from promptls.formats.prompty.header import included
    from promptls.syntax.yaml_tree import Scalar as Leaf

    if not word.lower().startswith("${file:"):
        return None
    found = included(draft.source, Leaf(draft.source.tree.span, word, word))
    if found is None or isinstance(found[1], Scalar):
        return None
    there, node = found
    return there.data(node) if node is not None or isinstance(node, Sequence) else None
