"""A request as something to paste into a terminal: curl, or Python with httpx. The key is ``$NAME``, never the key."""

from __future__ import annotations

import pprint
import re
import shlex
from typing import Final
from urllib.parse import urlsplit

from promptls.providers.join import is_loopback
from promptls.providers.redact import redact
from promptls.providers.request import Endpoint, HttpRequest
from promptls.providers.shown import body_text, json_of, key_headers, shown_headers

_VARIABLE: Final = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


def curl_of(http: HttpRequest, endpoint: Endpoint) -> str:
    """For a POSIX shell. A body that is no text is read from ``body.bin``, which a comment asks for."""
    lines = [f"curl -sS{'N' if http.stream else ''} -X {http.method} {shlex.quote(http.url)}"]
    if is_loopback(http.url):
        lines.append("--noproxy '*'")
    if endpoint.ca_file:
        lines.append(f"--cacert {shlex.quote(endpoint.ca_file)}")
    if endpoint.auth == "sigv4":
        lines.append(f"--aws-sigv4 aws:amz:{endpoint.region}:{_aws_service(http)}")
        lines.append('--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"')
        lines.append('-H "x-amz-security-token: $AWS_SESSION_TOKEN"')
    lines += [f"-H {_quoted(name, value)}" for name, value in _headers(http, endpoint)]
    before, after = "", ""
    if http.body and json_of(http) is None:
        before = f"# Save the body ({len(http.body):,} bytes) as body.bin first.\n"
        lines.append("--data-binary @body.bin")
    elif http.body:
        lines.append("--data-binary @- <<'JSON'")
        after = f"\n{body_text(http, whole=True)}\nJSON"
    return before + " \\\n  ".join(lines) + after + "\n"


def _headers(http: HttpRequest, endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    """Those that are written out; a signature is made by what sends it."""
    shown = shown_headers(http, endpoint)
    return shown[: -len(key_headers(endpoint))] if endpoint.auth == "sigv4" else shown


def _quoted(name: str, value: str) -> str:
    """In double quotes where a variable stands, so that the shell fills it in; all else as it is."""
    if not _VARIABLE.search(value):
        return shlex.quote(f"{name}: {value}")
    escaped = re.sub(r'(["\\`])', r"\\\1", value)
    # Only a $ that starts no name of a variable is itself.
    escaped = re.sub(r"\$(?![A-Za-z_])", r"\\$", escaped)
    return f'"{name}: {escaped}"'


def _aws_service(http: HttpRequest) -> str:
    return "bedrock-mantle" if "bedrock-mantle" in (urlsplit(http.url).hostname or "") else "bedrock"


def python_of(http: HttpRequest, endpoint: Endpoint) -> str:
    """A whole script for httpx 0.28; a signed request needs botocore as well, and says so."""
    signed = endpoint.auth == "sigv4"
    data = json_of(http)
    headers = "".join(f"    {name!r}: {_python(value)},\n" for name, value in _headers(http, endpoint))
    shown = redact(pprint.pformat(data, indent=1, width=100, sort_dicts=False))
    body = f"body = {shown}" if data is not None else _bytes(http)
    content = "json.dumps(body).encode()" if data is not None else "body"
    options = [
        *(["verify=ssl.create_default_context(cafile=CA_FILE)"] if endpoint.ca_file else []),
        *(["trust_env=False"] if is_loopback(http.url) else []),
        f"timeout={endpoint.timeout:g}",
    ]
    imports = ["import json", "import os", *(["import ssl"] if endpoint.ca_file else []), "", "import httpx"]
    if signed:
        imports += [
            "from botocore.auth import SigV4Auth",
            "from botocore.awsrequest import AWSRequest",
            "from botocore.session import Session",
        ]
    lines = [*imports, "", f"url = {http.url!r}", f"headers = {{\n{headers}}}", body, f"content = {content}"]
    if endpoint.ca_file:
        lines.append(f"CA_FILE = {endpoint.ca_file!r}")
    if signed:
        lines += [
            f"request = AWSRequest({http.method!r}, url, data=content, headers=headers)",
            f"SigV4Auth(Session().get_credentials(), {_aws_service(http)!r}, {endpoint.region!r}).add_auth(request)",
            "headers = dict(request.headers)",
        ]
    lines += [
        "",
        f"with httpx.Client({', '.join(options)}) as client:",
        f"    with client.stream({http.method!r}, url, headers=headers, content=content) as response:",
        "        print(response.status_code)",
        "        for text in response.iter_text():",
        '            print(text, end="", flush=True)',
    ]
    return "\n".join(lines) + "\n"


def _python(value: str) -> str:
    """A text with the variables in it read from the environment."""
    pieces = _VARIABLE.split(value)
    written = [
        f'os.environ["{piece}"]' if at % 2 else repr(piece) for at, piece in enumerate(pieces) if at % 2 or piece
    ]
    return " + ".join(written) or "''"


def _bytes(http: HttpRequest) -> str:
    if not http.body:
        return 'body = b""'
    return f'body = open("body.bin", "rb").read()  # {len(http.body):,} bytes: save them there first'
