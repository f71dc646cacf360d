"""Requests to paste into a terminal, tried against a server of ours."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from promptls.prompt.message import Part
from promptls.providers import openai_chat
from promptls.providers.copy_as import curl_of, python_of
from promptls.providers.request import HttpRequest
from tests.providers.streams import ODD, ask, user

NASTY = f"It's $HOME `id` \"quoted\" \\ 'JSON'\nJSON\n$(id) {ODD}"


class Heard(BaseHTTPRequestHandler):
    heard: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.send_header("content-length", "4")
        self.end_headers()
        self.wfile.write(b"done")

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def heard() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    requests: list[tuple[str, dict[str, str], bytes]] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Heard,), {"heard": requests})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", requests
        server.shutdown()
        thread.join()


def built(url: str, service: str = "openai") -> tuple[HttpRequest, Any]:
    request, endpoint = ask(service, NASTY, base_url=url, headers={"X-Odd": 'a "b" $ c', "X-Team": "${env:TEAM}"})
    return openai_chat.build(request, endpoint), endpoint


def environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "OPENAI_API_KEY": "the-key", "TEAM": "blue", "HTTP_PROXY": "http://127.0.0.1:1"}


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("sh")), reason="needs curl and a POSIX shell")
def test_curl_sends_the_same_request(heard: tuple[str, list[Any]]) -> None:
    url, requests = heard
    http, endpoint = built(url)
    ran = subprocess.run(
        ["sh", "-c", curl_of(http, endpoint)], capture_output=True, timeout=30, env=environment(), check=False
    )
    assert (ran.returncode, ran.stdout) == (0, b"done"), ran.stderr
    path, headers, body = requests[0]
    assert (path, json.loads(body)) == ("/v1/chat/completions", json.loads(http.body))
    assert (headers["authorization"], headers["x-team"], headers["x-odd"]) == ("Bearer the-key", "blue", 'a "b" $ c')


def test_python_sends_the_same_request(heard: tuple[str, list[Any]], tmp_path: Path) -> None:
    url, requests = heard
    http, endpoint = built(url)
    script = tmp_path / "run.py"
    script.write_text(python_of(http, endpoint), encoding="utf-8")
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, timeout=30, env=environment(), check=False)
    assert (ran.returncode, ran.stdout.split()) == (0, [b"200", b"done"]), ran.stderr
    path, headers, body = requests[0]
    assert (path, json.loads(body)) == ("/v1/chat/completions", json.loads(http.body))
    assert (headers["authorization"], headers["x-team"], headers["x-odd"]) == ("Bearer the-key", "blue", 'a "b" $ c')


def test_a_signed_request_is_signed_by_what_sends_it() -> None:
    request, endpoint = ask("bedrock", region="eu-west-1")
    http = openai_chat.build(request, endpoint)
    curl = curl_of(http, endpoint)
    assert "--aws-sigv4 aws:amz:eu-west-1:bedrock" in curl
    assert "Authorization" not in curl
    python = python_of(http, endpoint)
    ast.parse(python)
    assert "SigV4Auth(Session().get_credentials(), 'bedrock', 'eu-west-1')" in python


def test_a_recording_is_a_file() -> None:
    request, endpoint = ask(
        "openai", operation="transcription", messages=(user(Part("audio", "UklG/w==", "audio/wav")),)
    )
    http = openai_chat.build(request, endpoint)
    assert "as body.bin first" in curl_of(http, endpoint)
    assert "--data-binary @body.bin" in curl_of(http, endpoint)
    ast.parse(python_of(http, endpoint))


def test_a_certificate_and_a_list_of_models() -> None:
    _request, endpoint = ask("openai")
    http = openai_chat.list_models(endpoint)
    assert curl_of(http, endpoint).startswith("curl -sS -X GET https://api.openai.com/v1/models")
    ast.parse(python_of(http, endpoint))


def test_no_key_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "CANARY")
    request, endpoint = ask("openai", headers={"X-Secret": "CANARY"})
    http = openai_chat.build(request, endpoint)
    assert "CANARY" not in curl_of(http, endpoint) + python_of(http, endpoint)
