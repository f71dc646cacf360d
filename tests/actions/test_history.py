"""The page of runs."""

from __future__ import annotations

from pathlib import Path

from promptls.actions.history import history_markdown
from promptls.runs.database import Database


def test_the_name_of_a_file_is_no_markdown(tmp_path: Path) -> None:
    with Database(tmp_path / "history.sqlite3") as database:
        page = history_markdown(database, uri="file:///work/a%60%0A![x](http:evil.example)%60.prompty")
    assert page.splitlines()[0] == "# Runs of ``a` ![x](http:evil.example)`.prompty``"
