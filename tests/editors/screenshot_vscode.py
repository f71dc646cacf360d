"""`python -m tests.editors.screenshot_vscode`: take the picture of VS Code anew, with the extension as it is packed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.editors.vscode import CLIENT, PINNED, installed, serving

PROMPT = """\
---
name: support
description: Answers a customer's question
inputs:
  customer: {kind: string, default: Ada}
  question: {kind: string, default: Where is my parcel?}
  plan: {kind: string, default: gold}
---
system:
You answer customers of a bookshop, in three sentences at most.
{% if plan == "gold" %}
{{ customer | upper }} is a gold customer: offer a call back.
{% endif %}

user:
The question of {{ custmer }} is: {{ question }}
"""


def main() -> None:
    if not PINNED.entry.exists():
        sys.exit(f"the picture needs code-server: make .venv/code-server-{PINNED.version}/done-{PINNED.version}")
    subprocess.run([sys.executable, str(CLIENT / "build.py")], check=True)
    (vsix,) = CLIENT.glob("*.vsix")
    with tempfile.TemporaryDirectory() as made:
        one = installed(PINNED, vsix, Path(made))
        place = one.folder / "prompts"
        place.mkdir()
        (place / "support.prompty").write_text(PROMPT, encoding="utf-8")
        (place / "promptls.yaml").write_text("default: local/llama3.2\n", encoding="utf-8")
        # Nobody is called.
        own = "providers:\n  local: {type: openai-compatible, base_url: 'http://127.0.0.1:11434/v1'}\n"
        (one.folder / "user.yaml").write_text(own, encoding="utf-8")
        with serving(one, "--disable-workspace-trust") as port:
            script = [CLIENT / "test" / "screenshot.cjs", port, place, CLIENT / "screenshot.png"]
            subprocess.run([one.build.node, *map(str, script)], env=one.environment, check=True, timeout=280)


if __name__ == "__main__":
    main()
