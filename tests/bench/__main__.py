"""`python -m tests.bench`: all servers alive together and driven in turn, so that the machine's noise hits all alike.

Prints one Markdown table: medians, the 95th percentile where it is felt, and each as a ratio to promptls.
yaml-language-server takes part where it is installed (npm); it waits 200 ms on purpose before it checks.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import first_token, while_running
from tests.bench.client import Server, Session

STARTS, EDITS = 11, 30
BETWEEN_KEYS = 0.1
"""Seconds: somebody who types fast."""
SIZES = {"1 kB": 1_000, "20 kB": 20_000, "200 kB": 200_000}
PROMPT = """---
name: bench
description: A prompt with one finding that needs the schema and one that needs the template
model:
  id: gpt-4o-mini
  apiType: chat
  options:
    max_tokens: 100
inputs:
  - name: items
    kind: array
  - name: tone
    kind: string
---
system:
You answer in a {{ tone }} way.

user:
{{ itmes }}
"""
PARAGRAPH = "{% for item in items %}Sort {{ item | upper }} before the others.{% endfor %} Then say why, plainly.\n"


def servers() -> list[Server]:
    here = Path(__file__).parent

    def on_prompts(title: str, *command: str) -> Server:
        return Server(title, (sys.executable, *command), "b.prompty", "prompty", PROMPT, PARAGRAPH)

    found = [
        on_prompts("promptls", "-m", "promptls", "lsp"),
        on_prompts("raw floor", str(here / "raw_floor.py")),
        on_prompts("pygls floor", str(here / "pygls_floor.py")),
    ]
    ruff = Path(sys.executable).with_name("ruff")
    if ruff.exists():
        filler = "x = [1, 2, 3]  # a list\n"
        found.append(Server("ruff", (str(ruff), "server"), "b.py", "python", "import os\n", filler))
    yaml_ls = shutil.which("yaml-language-server")
    if yaml_ls:
        filler = "key: {name: value, other: [1, 2, 3]}\n"
        settings = {"validate": True, "hover": True, "completion": True}
        broken = "name: bench\nmodel: [\n"
        found.append(Server("yaml-language-server", (yaml_ls, "--stdio"), "b.yaml", "yaml", broken, filler, settings))
    return found


def main() -> None:
    rows: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        chosen = servers()
        for server in chosen:
            rows[server.title] = {}
        for start in range(STARTS + 1):
            for server in chosen:
                session = Session(server, folder)
                first = session.open(1_000)
                if start:  # the first one compiles byte code and warms the disk's cache
                    _add(rows, server, "spawn to initialize", session.initialized)
                    _add(rows, server, "didOpen to first finding", first)
                    _add(rows, server, "spawn to first finding", session.initialized + first)
                session.end()
        sessions = [Session(server, folder) for server in chosen]
        for label, size in SIZES.items():
            for session in sessions:
                session.open(size)
            for _ in range(EDITS):
                time.sleep(BETWEEN_KEYS)
                for session in sessions:
                    _add(rows, session.server, f"change to findings, {label}", session.change())
                    if label == "20 kB":
                        line = session.server.body.count("\n") + 1
                        _add(rows, session.server, "completion, 20 kB", session.complete(line, 3))
            for session in sessions:
                if label == "200 kB":
                    _add(rows, session.server, "memory after 200 kB", session.memory() / 1000)
                session.close()
        for session in sessions:
            session.end()
    _print(rows)
    print()
    first_token.main()
    print()
    while_running.main()


def _add(rows: dict[str, dict[str, list[float]]], server: Server, label: str, value: float) -> None:
    rows[server.title].setdefault(label, []).append(value * 1000)


def _print(rows: dict[str, dict[str, list[float]]]) -> None:
    ours = rows["promptls"]
    print("| | " + " | ".join(rows) + " |")
    print("|---" * (len(rows) + 1) + "|")
    for label in ours:
        cells = []
        for title, row in rows.items():
            values = sorted(row[label])
            median = statistics.median(values)
            late = values[int(len(values) * 0.95) - 1] if len(values) > 1 else median
            ratio = "" if title == "promptls" else f", x{median / statistics.median(ours[label]):.2f}"
            if label.startswith("memory"):
                cells.append(f"{median / 1_000_000:.0f} MB{ratio}")
            else:
                cells.append(f"{median:.1f} / {late:.1f} ms{ratio}")
        print(f"| {label} | " + " | ".join(cells) + " |")
    print("\nEach cell: median / 95th percentile, and the median as a multiple of promptls'.")


if __name__ == "__main__":
    main()
