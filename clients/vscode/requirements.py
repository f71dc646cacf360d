"""`python clients/vscode/requirements.py` writes `server/requirements.txt`: what the carried server needs, by hash.

For every system and Python that it may be installed on. Needs `uv` (`pip install uv==0.13.9`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main() -> None:
    options = ["--universal", "--generate-hashes", "--python-version", "3.11", "--no-header", "--no-annotate"]
    inputs = ["pyproject.toml", "--constraint", "tests/constraints.txt", "--no-emit-index-url", "--quiet"]
    output = ["--output-file", str(HERE / "server" / "requirements.txt")]
    uv = shutil.which("uv") or sys.exit("uv is not there: pip install uv==0.13.9")
    subprocess.run([uv, "pip", "compile", *inputs, *options, *output], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
