"""What was seen in which editor: the tests say it by `@seen(…)`, and the table in the README is written from that.

`python -m tests.editors.seen` writes it. A cell says "run" where a test in the real editor shows the feature.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections import defaultdict
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
START, END = "<!-- seen -->", "<!-- end of seen -->"
FEATURES = (
    *("findings", "hover", "completion", "fixes", "menu", "lenses", "preview", "preview follows typing"),
    *("run", "words come as they are made", "stop", "findings in the result", "samples", "compare"),
    *("key from the editor's store", "comes back after a crash"),
)
EDITORS = (
    *("VS Code", "Neovim, plugin", "Neovim, plain", "JetBrains (LSP4J, no IDE)"),
    *("Emacs, eglot", "Emacs, lsp-mode", "Vim, ALE"),
)


def seen(editor: str, *features: str) -> pytest.MarkDecorator:
    """Marks a test that shows these features in that editor."""
    assert editor in EDITORS, editor
    assert set(features) <= set(FEATURES), set(features) - set(FEATURES)
    return pytest.mark.seen(editor, *features)


class Collected:
    """Hears of all tests, runs none."""

    def __init__(self) -> None:
        self.cells: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers("seen"):
                editor, *features = mark.args
                self.cells[editor].update(features)


def table() -> str:
    """The table as Markdown. Raises SystemExit where the tests cannot be collected."""
    found = Collected()
    here = str(Path(__file__).parent)
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main(["-o", "addopts=", "--collect-only", "-q", "-p", "no:cacheprovider", here], plugins=[found])
    if code != pytest.ExitCode.OK:
        raise SystemExit(f"the tests of the editors could not be collected: {code}")
    rows = [f"| | {' | '.join(EDITORS)} |", f"|{'---|' * (len(EDITORS) + 1)}"]
    for feature in FEATURES:
        cells = ("run" if feature in found.cells[editor] else "not run" for editor in EDITORS)
        rows.append(f"| {feature} | {' | '.join(cells)} |")
    return "\n".join(rows)


def written(text: str) -> str:
    """The README with the table as the tests are now."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise SystemExit(f"the README has no `{START}` and `{END}`")
    return f"{before}{start}\n{table()}\n{end}{after}"


if __name__ == "__main__":
    old = README.read_text(encoding="utf-8")
    new = written(old)
    if "--check" not in sys.argv:
        README.write_text(new, encoding="utf-8")
    raise SystemExit(1 if "--check" in sys.argv and new != old else 0)
