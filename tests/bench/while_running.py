"""What runs and previews cost a person who types: completion idle, beside a render that never ends, beside 20 runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.lsp.frames import Server, notification, request, server
from tests.runs.server import model_server

RUNS, WORDS, BETWEEN_WORDS = 20, 2_000, 0.02
KEYS, BETWEEN_KEYS = 200, 0.01
OWN = {"experimental": {"promptls": {"preview": True, "runEvents": True}}}
TEXT = (
    "---\nname: greet\ninputs:\n  name: {kind: string, default: Ada}\n---\nsystem:\nBe kind.\nuser:\nHello {{ name }}\n"
)
BOMB = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n"


class _Pace(threading.Event):
    """A model that says a word every 20 ms."""

    def wait(self, timeout: float | None = None) -> bool:
        time.sleep(BETWEEN_WORDS)
        return True


def serve_model() -> None:
    """In a process of its own, so that it takes no time from what is measured: prints its address, ends with its
    standard input."""
    with model_server() as model:
        model.pieces, model.hold = [f"word{number} " for number in range(WORDS)], _Pace()
        print(model.url, flush=True)
        sys.stdin.read()


def main() -> None:
    command = [sys.executable, "-c", "from tests.bench.while_running import serve_model; serve_model()"]
    pipe = subprocess.PIPE
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(command, stdin=pipe, stdout=pipe) as model:
        assert model.stdout is not None
        provider = {"type": "openai-compatible", "base_url": model.stdout.readline().decode().strip()}
        config = {"providers": {"local": provider}, "default": "local/tiny"}
        # The person's own file: what a project writes would be asked about first.
        Path(folder, "user.yaml").write_text(json.dumps(config), encoding="utf-8")
        env = {**os.environ, "PROMPTLS_STATE": f"{folder}/state", "PROMPTLS_USER_CONFIG": f"{folder}/user.yaml"}
        with server(env=env) as one:
            _measure(one, Path(folder))
        model.kill()


def _measure(one: Server, folder: Path) -> None:
    one.start(OWN, workspaceFolders=[{"uri": folder.as_uri(), "name": "bench"}])
    uri, bomb = ((folder / name).as_uri() for name in ("a.prompty", "bomb.prompty"))
    one.open(uri, TEXT)
    one.open(bomb, TEXT + BOMB)
    _type(one, uri, 0)
    rows = {"idle": _type(one, uri, 1)}
    one.send(request("bomb", "promptls/preview", {"textDocument": {"uri": bomb}}))
    rows["beside a preview that takes 2 s"] = _type(one, uri, 2, until="bomb")
    for number in range(RUNS):
        command = {"command": "promptls.run", "arguments": [{"uri": uri}]}
        one.send(request(f"run {number}", "workspace/executeCommand", command))
    one.notified("promptls/runEvent", lambda params: params["kind"] == "delta")
    rows[f"beside {RUNS} runs"] = _type(one, uri, 3)
    print("| completion | median | 95th percentile | of idle |\n|---|---|---|---|")
    for title, times in rows.items():
        ratio = _late(times) / _late(rows["idle"])
        print(f"| {title} | {times[len(times) // 2]:.1f} ms | {_late(times):.1f} ms | x{ratio:.2f} |")


def _type(one: Server, uri: str, turn: int, until: str = "") -> list[float]:
    """Milliseconds from a key to the choices, sorted. ``until``: as long as that request is not answered."""
    times = []
    for key in range(KEYS):
        if until and any(message.get("id") == until for message in one.received):
            break
        params: Any = {"textDocument": {"uri": uri, "version": turn * KEYS + key + 2}}
        text = {"text": TEXT + "x" * (key % 7)}
        one.send(notification("textDocument/didChange", {**params, "contentChanges": [text]}))
        started = time.perf_counter()
        position = {"line": 8, "character": 9}
        one.result("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})
        times.append((time.perf_counter() - started) * 1000)
        time.sleep(BETWEEN_KEYS)
    return sorted(times)


def _late(times: list[float]) -> float:
    return times[int(len(times) * 0.95) - 1]


if __name__ == "__main__":
    main()
