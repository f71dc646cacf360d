"""What a person has agreed to send where: per provider, scheme + host + port, and source of the key, in those words.

Asked again when any of the three is another. Of an address that a project or a file writes, the path counts too:
gateways tell accounts apart by it, and another account is another reader. So do certificates and header variables that
come with it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from promptls.providers.auth import names_account, referenced
from promptls.providers.request import Endpoint
from promptls.providers.transport import is_loopback, origin_of
from promptls.runs.database import Database, DatabaseError
from promptls.runs.plan import Hop, Question
from promptls.workspace.running import Policy, fits_host

_LARGEST: Final = 10_000_000
"""Bytes of a file with certificates that is read."""
_LONGEST: Final = 100
"""Characters of a path that stand in a question; it is not to push the rest out of sight."""
_ELSEWHERE: Final = {
    "workspace": " This address is written in the project's promptls.yaml.",
    "file": " This address is written in the prompt file itself.",
    "policy": " This address is written in the policy.",
}


class Consent(NamedTuple):
    """``host``: scheme, host and port, with the path and the certificates that a project brings along. ``key_source``:
    where the key and what is secret in the headers come from; empty where nothing secret goes along."""

    provider: str
    host: str
    key_source: str

    @property
    def key(self) -> str:
        return json.dumps(self, ensure_ascii=False)


class Granted(NamedTuple):
    """``when``: seconds since 1970."""

    consent: Consent
    when: float


def consent_questions(
    route: Iterable[Hop],
    database: Database | None,
    *,
    policy: Policy = Policy(),  # noqa: B008 frozen
) -> dict[str, Question]:
    """What has to be asked before each hop, by its name; nothing for a hop that was agreed to, or that the policy
    lists. Without a database nothing is known to be agreed to."""
    questions: dict[str, Question] = {}
    for hop in route:
        consent = consent_of(hop)
        if consent is None or is_listed(hop, consent, policy):
            continue
        if database is None or not is_granted(database, consent):
            questions[hop.name] = question_of(hop, consent)
    return questions


def is_listed(hop: Hop, consent: Consent, policy: Policy) -> bool:
    """Whether the policy has agreed already. It has named hosts, not certificates that a project brings along."""
    return policy.names_host(hop.endpoint.base_url) and not _certificates_of(consent)


def consent_of(hop: Hop) -> Consent | None:
    """What has to be agreed to before a hop is called; None where nothing has: echo, the model of our own, and a
    server on this machine that gets no key, at an address that neither the project nor the prompt file writes. They
    could name any service of this machine there, one that obeys whoever reaches it included."""
    endpoint = hop.endpoint
    if endpoint.wire == "echo" or endpoint.starts:
        return None
    secrets = [*([hop.key_source] if hop.key_source else []), *_variables(endpoint)]
    if is_loopback(endpoint.base_url):
        if not secrets and endpoint.origin not in ("workspace", "file"):
            return None
    else:
        secrets += _own_headers(hop)
    host = origin_of(endpoint.base_url) + _path(endpoint) + _certificates(endpoint)
    return Consent(endpoint.provider, host, ", ".join(secrets))


def question_of(hop: Hop, consent: Consent) -> Question:
    """The question for a person, with all that is agreed to."""
    endpoint = hop.endpoint
    with_key = f" with the key from {hop.key_source}" if hop.key_source else ""
    values = [f"the value of {name} in a header" for name in referenced(endpoint.headers)]
    if not is_loopback(endpoint.base_url):
        values += _own_headers(hop)
    if values:
        with_key += (" and with " if with_key else " with ") + ", ".join(values)
    plain = consent.host.startswith("http:") and not is_loopback(endpoint.base_url)
    unencrypted = " It is not encrypted: everybody on the way can read it." if plain else ""
    text = f"Send prompts to `{endpoint.provider}` at {consent.host}{with_key}?"
    return Question(
        "consent",
        _plain(f"{text}{_ELSEWHERE.get(endpoint.origin, '')}{unencrypted}"),
        key=consent.key,
        # Nobody who names a host has agreed to certificates that come with a project.
        host="" if _certificates_of(consent) else origin_of(endpoint.base_url),
    )


def is_granted(database: Database, consent: Consent) -> bool:
    """Whether a person has agreed; not where the database cannot be asked."""
    try:
        return bool(
            database.execute(
                "SELECT 1 FROM consent WHERE provider = ? AND host = ? AND key_source = ?",
                tuple(consent),
            )
        )
    except DatabaseError:
        return False


def grant(database: Database, given: Question | Consent) -> None:
    """Remember a yes. Raises DatabaseError; a question of another kind is not remembered."""
    consent = given if isinstance(given, Consent) else _of_key(given.key) if given.kind == "consent" else None
    if consent is not None:
        database.execute("INSERT OR REPLACE INTO consent VALUES (?, ?, ?, ?)", (*consent, time.time()))


def revoke(database: Database, name: str) -> tuple[Consent, ...]:
    """Forget all that was agreed to for a provider or a host; what that was. Raises DatabaseError."""
    gone = tuple(
        one.consent
        for one in granted(database)
        if one.consent.provider == name or fits_host(one.consent.host.partition(" ")[0], name)
    )
    for consent in gone:
        database.execute(
            "DELETE FROM consent WHERE provider = ? AND host = ? AND key_source = ?",
            tuple(consent),
        )
    return gone


def granted(database: Database) -> tuple[Granted, ...]:
    """All that was agreed to, by provider. Raises DatabaseError."""
    rows = database.execute("SELECT * FROM consent ORDER BY provider, host, key_source")
    return tuple(Granted(Consent(row["provider"], row["host"], row["key_source"]), row["granted"]) for row in rows)


def _of_key(key: str) -> Consent | None:
    try:
        provider, host, source = json.loads(key)
    except ValueError:
        return None
    return Consent(str(provider), str(host), str(source))


def _variables(endpoint: Endpoint) -> list[str]:
    return [f"the variable {name}" for name in referenced(endpoint.headers)]


def _own_headers(hop: Hop) -> list[str]:
    """Headers of a project that say who asks: with somebody else's account, who could read the prompts there."""
    if hop.settings is None or hop.settings.origin not in ("workspace", "file"):
        return []
    return [
        f"the project's own header {name} ({hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:8]})"
        for name, value in hop.settings.headers.items()
        if names_account(name) and not referenced({name: value})
    ]


def _certificates_of(consent: Consent) -> str:
    return consent.host.partition(" ")[2]


def _path(endpoint: Endpoint) -> str:
    """What stands behind the host, where a project may have written it; never empty there, so that a yes to a host
    alone, which was for an address of the user's own or the service's, is none to it. A `project` stands in the path
    of a built-in address."""
    if endpoint.origin not in ("workspace", "file") and not endpoint.project:
        return ""
    parts = urlsplit(endpoint.base_url)
    written = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # No blank: certificates begin with one.
    path = quote(written, safe="/%:@!$&'()*+,;=~?[]", errors="replace")
    if len(path) <= _LONGEST:
        return path
    return f"{path[:_LONGEST]}…({hashlib.sha256(path.encode()).hexdigest()[:12]})"


def _plain(text: str) -> str:
    """Names come from a project: none may break or turn around the line of a question."""
    return "".join(character if character.isprintable() else "\N{WHITE SQUARE}" for character in text)


def _certificates(endpoint: Endpoint) -> str:
    """Whoever brings the authorities along can stand in for the host; the user's own were chosen by the user."""
    if not endpoint.ca_file or endpoint.origin not in ("workspace", "file", "editor"):
        return ""
    path = Path(endpoint.ca_file)
    try:
        # A device or a pipe would never end.
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12] if _is_readable(path) else "not there"
    except OSError:
        digest = "not there"
    return f" (trusting {endpoint.ca_file}, {digest})"


def _is_readable(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= _LARGEST
