"""The endpoint of a configured provider: from its settings and the table of services to where and how it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from promptls.prompt.model import Connection
from promptls.providers.auth import REFERENCE
from promptls.providers.embedded import installed
from promptls.providers.join import AddressError, azure_root, base_of, join, ollama_host, parts_of, place_of, root_of
from promptls.providers.request import Endpoint
from promptls.providers.service_table import Service as Service
from promptls.providers.service_table import by_name
from promptls.providers.service_table import service_of as service_of
from promptls.providers.service_table import services as services
from promptls.providers.service_table import wires as wires
from promptls.workspace.running import ProviderSettings

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What stands in the place of a region or project: it must not lead to another host."""


class SettingsError(ValueError):
    """A provider that cannot be called as it is configured. The text is a sentence for a person."""


def endpoint_of(
    settings: ProviderSettings,
    environment: Mapping[str, str],
    *,
    model_connection: Connection | None = None,
    wire: str = "",
    operation: str = "chat",
) -> Endpoint:
    """Where a provider is called. Raises SettingsError.

    The address is the file's own (``model_connection``), else that of the settings, else that of the service's
    variable, else the service's. ``environment``: of this process, without what a ``.env`` file says: a base URL must
    not come from there. ``wire``: what the file asks for; ``operation``: what it is to be called for.
    """
    service = _service(settings)
    if service.starts:
        return _own(service, settings, model_connection, environment)
    quirks = {**service.quirks, **settings.quirks}
    spoken = _wire(service, wire or str(quirks.get("wire") or ""), operation)
    connection = model_connection or Connection()
    reader = _Reader(settings.name, environment)
    _only_of(settings.name, "region", connection.region or settings.region, ("REGION", "LOCATION", "ZONE"))
    _only_of(settings.name, "project", settings.project, ("PROJECT",))
    _only_of(settings.name, "api_version", connection.api_version or settings.api_version, ("VERSION",))
    api_version = reader.text(connection.api_version or settings.api_version) or _first(
        service.api_version_env, environment
    )
    region = reader.name("region", connection.region or settings.region or _first(service.region_env, environment))
    project = reader.name("project", settings.project or _first(service.project_env, environment))
    written, origin = _written(service, settings, connection, environment)
    if origin in ("workspace", "file"):
        _keep_in(settings.name, written)
    dated: Mapping[str, Any] = {}
    try:
        if service.dated:
            base, said = azure_root(reader.text(written)) if written else ("", "")
            api_version = api_version or said
            dated = service.dated if re.match(r"\d{4}-", api_version) else {}
            base = base and join(base, dated.get("suffix", service.suffix))
        else:
            base = _base(service, spoken, reader.text(written), region, project, settings.name)
    except AddressError as error:
        raise SettingsError(f"The address of `{settings.name}`, `{written}`, {error}.") from None
    if not base:
        raise SettingsError(_no_address(service, settings))
    key_name, auth = _key(service, settings, connection, environment)
    return Endpoint(
        provider=settings.name,
        service=service.name,
        wire=spoken,
        base_url=base,
        auth=str(quirks.get("auth") or auth or dated.get("auth") or service.auth),
        key_name=key_name,
        headers={**_headers(service, environment), **settings.headers},
        quirks=_quirks(service, settings, dated, spoken, base, region=region, builtin=origin == "builtin"),
        # A certificate of the workspace makes another host pass for the service, so it is the workspace's address.
        origin=_writer(settings) if origin == "builtin" and settings.ca_file and settings.origin != "user" else origin,
        api_version=api_version,
        region=region,
        project=project,
        ca_file=settings.ca_file,
        timeout=settings.timeout if settings.timeout is not None else 90.0,
    )


def _service(settings: ProviderSettings) -> Service:
    named = settings.type or settings.name
    name = service_of(named)
    if not name and not settings.type and (settings.base_url or settings.endpoint):
        name = "openai-compatible"
    if name:
        return services()[name]
    close = get_close_matches(named.casefold(), by_name(), 1)
    meant = f"Did you mean `{close[0]}`?" if close else "Known are " + ", ".join(f"`{name}`" for name in services())
    if settings.type:
        raise SettingsError(
            f"`{settings.type}` is no type that promptls knows for the provider `{settings.name}`. {meant}"
        )
    raise SettingsError(
        f"There is no provider `{settings.name}`. {meant.rstrip('?.')}{'?' if close else ''}"
        f"{'' if close else '.'} Or give it a `type` or a `base_url` under `providers:` in promptls.yaml."
    )


def _wire(service: Service, asked: str, operation: str) -> str:
    wire = asked or service.wire
    if service.name == "echo":
        return service.wire
    if wire not in service.wires:
        known = ", ".join(wires()[name].title for name in service.wires)
        title = wires()[wire].title if wire in wires() else f"`{wire}`"
        raise SettingsError(f"{service.title} is not asked by {title} here, only by {known}.")
    if operation not in wires()[wire].operations:
        raise SettingsError(f"{wires()[wire].title} has no operation `{operation}` here: name another provider.")
    return wire


def _written(
    service: Service, settings: ProviderSettings, connection: Connection, environment: Mapping[str, str]
) -> tuple[str, str]:
    """The address as somebody wrote it, and who; the service's own is not written."""
    if connection.endpoint:
        return connection.endpoint, "file"
    if settings.base_url or settings.endpoint:
        return settings.base_url or settings.endpoint, _writer(settings)
    from_environment = _first(service.base_url_env, environment)
    return from_environment, "user" if from_environment else "builtin"


def _writer(settings: ProviderSettings) -> str:
    """An editor's settings may be those of the workspace."""
    return "workspace" if settings.origin == "editor" else settings.origin


def _only_of(provider: str, key: str, written: str, words: tuple[str, ...]) -> None:
    """Raises SettingsError where a variable of another kind stands there: it would be shown in every address, and asked
    for by name on the network. A project may set these beside the settings of a person's own, so it holds for all."""
    for found in REFERENCE.finditer(written):
        if not any(word in found[1].upper() for word in words):
            raise SettingsError(
                f"`{key}` of `{provider}` reads {found[1]}, a variable that is none of a {words[0].lower()} by its "
                f"name. Write the {words[0].lower()}."
            )


def _keep_in(provider: str, written: str) -> None:
    """Raises SettingsError where an address that came with the project would carry a variable of this machine, which
    may be anybody's key, to a host that somebody else has chosen."""
    if "${env:" in written and not REFERENCE.fullmatch(written.strip()):
        raise SettingsError(
            f"The address of `{provider}` has a variable inside. Write the whole address, or the whole of it into one "
            "variable: a project could send any variable to any host otherwise."
        )


def _base(service: Service, wire: str, written: str, region: str, project: str, provider: str) -> str:
    """Empty where there is none. Raises AddressError, and SettingsError for a region or project that is missing."""
    version = wires()[wire].version
    if service.name == "echo":
        return "echo:"
    if service.name == "ollama":
        root = root_of(ollama_host(written))
        return join(root, version) if version else root
    if not written:
        filled = {"region": region, "project": project}
        for name, value in filled.items():
            if f"{{{name}}}" in service.base_url and not value:
                raise SettingsError(_missing(service, provider, name))
        base = service.base_url.format(**filled)
        # Vertex AI calls "global" a region that its addresses do not name.
        base = base.replace("//global-", "//")
        return _version_for(base, wire, service) if base else ""
    if service.exact:
        return parts_of(written).geturl()
    if service.suffix:
        return join(azure_root(written)[0], service.suffix)
    return base_of(written, version, root=service.root) if version else root_of(written)


def _version_for(base: str, wire: str, service: Service) -> str:
    return base if wire == service.wire else base_of(base, wires()[wire].version, root=service.root)


def _missing(service: Service, provider: str, name: str) -> str:
    variables = service.region_env if name == "region" else service.project_env
    return f"{service.title} needs a {name}: set `{name}` of `{provider}` under `providers:` in promptls.yaml" + (
        f", or {variables[0]} in the environment." if variables else "."
    )


def _own(
    service: Service, settings: ProviderSettings, connection: Connection | None, environment: Mapping[str, str]
) -> Endpoint:
    """What promptls serves itself takes no word of anybody's about where it is: no consent is asked for it."""
    if settings.base_url or settings.endpoint or (connection is not None and connection.endpoint):
        raise SettingsError(
            f"`{settings.name}` is served by promptls itself and has no address of yours. Take the address away, or "
            "give the provider the `type` of what answers there, such as `openai-compatible`."
        )
    if installed(environment) is None:
        raise SettingsError("The embedded model is not installed: run `promptls model install`.")
    return Endpoint(
        provider=settings.name,
        service=service.name,
        wire=service.wire,
        base_url=service.base_url,
        auth=service.auth,
        quirks=dict(service.quirks),
        starts=True,
    )


def _no_address(service: Service, settings: ProviderSettings) -> str:
    key = "endpoint" if "endpoint" in service.needs else "base_url"
    variable = f", or {service.base_url_env[0]} in the environment" if service.base_url_env else ""
    where = f"`{key}` of `{settings.name}` under `providers:` in promptls.yaml"
    return f"`{settings.name}` has no address: set {where}{variable}."


def _key(
    service: Service, settings: ProviderSettings, connection: Connection, environment: Mapping[str, str]
) -> tuple[str, str]:
    """``(the name that a person knows the key by, how it is put on where that is not the usual way)``.

    The name is empty where no key is needed.
    """
    if service.auth == "none":
        return "", ""
    named = REFERENCE.fullmatch(connection.key or settings.key)
    if named:
        return named[1], service.auth_by_key.get(named[1], service.auth_of_one_key)
    if settings.key or settings.key_command:
        return service.keys[0] if service.keys else key_variable(settings.name), service.auth_of_one_key
    name = next((name for name in service.keys if environment.get(name)), service.keys[0] if service.keys else "")
    return name, service.auth_by_key.get(name, "") if environment.get(name) else ""


def key_variable(provider: str) -> str:
    """The name that a key goes by which has none: that of the variable which it could stand in."""
    return re.sub(r"[^A-Z0-9]+", "_", provider.upper()).strip("_") + "_API_KEY"


def _headers(service: Service, environment: Mapping[str, str]) -> dict[str, str]:
    return {header: environment[name] for header, name in service.headers_env.items() if environment.get(name)}


def _quirks(
    service: Service,
    settings: ProviderSettings,
    dated: Mapping[str, Any],
    wire: str,
    base: str,
    *,
    region: str,
    builtin: bool,
) -> dict[str, Any]:
    """The service's, those of the wire format that it is asked in, the person's own; names of parameters together."""
    quirks: dict[str, Any] = {**service.quirks, **dated.get("quirks", {}), **settings.quirks}
    of_wire = service.quirks.get("parameters_of", {}).get(wire, {})
    own = settings.quirks.get("parameters")
    names = {**service.quirks.get("parameters", {}), **of_wire, **(own if isinstance(own, Mapping) else {})}
    for name in ("parameters", "parameters_of", "models"):
        quirks.pop(name, None)
    if names:
        quirks["parameters"] = {name: path for name, path in names.items() if path is None or isinstance(path, str)}
    theirs = str(service.quirks.get("models") or "").replace("{region}", region)
    models = str(settings.quirks.get("models") or theirs)
    # The list is asked for with the key: at the host that the key is given for, or where the vendor itself has it.
    if models and ((builtin and models == theirs) or _is_at(models, base, settings.origin)):
        quirks["models"] = models
    return quirks


def _is_at(url: str, base: str, writer: str) -> bool:
    """Of what a project writes, the path counts too, without the version at its end."""
    try:
        account = re.sub(r"/v\d+\w*$", "", parts_of(base).path.rstrip("/")) if writer not in ("user", "policy") else ""
        path = parts_of(url).path
        inside = path.startswith(f"{account}/") and ".." not in unquote(path).split("/")
        return place_of(url) == place_of(base) and inside
    except AddressError:
        return False


def _first(names: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return next((environment[name].strip() for name in names if environment.get(name, "").strip()), "")


class _Reader(NamedTuple):
    """Reads what a person wrote, with ``${env:NAME}`` in it."""

    provider: str
    environment: Mapping[str, str]

    def text(self, written: str) -> str:
        def value(found: re.Match[str]) -> str:
            name, default = found[1], found[2]
            if self.environment.get(name):
                return self.environment[name]
            if default is None:
                raise SettingsError(f"The settings of `{self.provider}` read {name}, which is not set.")
            return default

        return REFERENCE.sub(value, written)

    def name(self, key: str, written: str) -> str:
        read = self.text(written)
        if read and not _NAME.fullmatch(read):
            raise SettingsError(
                f"`{key}` of `{self.provider}` is `{read}`: only letters, digits and `-` can stand there."
            )
        return read
