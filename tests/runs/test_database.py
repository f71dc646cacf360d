"""One file for all processes of a machine: made once, migrated once, told in a sentence when it cannot be used."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from promptls.runs import database as module
from promptls.runs.database import Database, DatabaseError
from promptls.runs.migrations import MIGRATIONS
from promptls.workspace.places import state_folder

ADD = "INSERT INTO consent VALUES (?, 'https://h', '', 0)"


def count(database: Database) -> int:
    return int(database.execute("SELECT count(*) FROM consent")[0][0])


def _add_and_fail(database: Database) -> None:
    database.execute(ADD, ("a",))
    raise ZeroDivisionError


def test_it_lies_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "a" / "b"))
    with Database() as database:
        assert database.path == tmp_path / "a" / "b" / "history.sqlite3"
        database.execute(ADD, ("openai",))
    with Database() as database:
        assert [row["provider"] for row in database.execute("SELECT * FROM consent")] == ["openai"]
    assert state_folder({"PROMPTLS_STATE": "/x"}) == Path("/x")
    assert state_folder({}).name == "promptls"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folders to that user")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history.sqlite3"
    with Database(path) as database:
        database.execute(ADD, ("openai",))
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with Database(tmp_path / "h") as database:
        with pytest.raises(ZeroDivisionError), database.transaction():
            _add_and_fail(database)
        assert count(database) == 0
        with database.transaction() as same:
            same.execute(ADD, ("a",))
            same.execute(ADD, ("b",))
        assert count(database) == 2


def test_a_transaction_that_cannot_be_written_is_over(tmp_path: Path) -> None:
    with Database(tmp_path / "h") as database:
        pages = database.execute("PRAGMA page_count")[0][0]
        database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DatabaseError, match="is full"), database.transaction():
            database.execute(ADD, ("a" * 100_000,))
        database.execute("PRAGMA max_page_count = 10000")
        database.execute("CREATE TABLE later (a REFERENCES owner DEFERRABLE INITIALLY DEFERRED)")
        with pytest.raises(sqlite3.IntegrityError), database.transaction():
            database.execute("INSERT INTO later VALUES ('nobody')")
        with database.transaction():
            database.execute(ADD, ("b",))
        assert count(database) == 1


def test_threads_share_one(tmp_path: Path) -> None:
    with Database(tmp_path / "h") as database:

        def work(name: int) -> None:
            for at in range(20):
                with database.transaction():
                    database.execute(ADD, (f"{name}-{at}",))

        threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert count(database) == 80


def test_processes_open_a_new_one_at_once_and_all_write(tmp_path: Path) -> None:
    path = tmp_path / "new" / "h"
    program = (
        "import sys; from promptls.runs.database import Database\n"
        "with Database(sys.argv[1]) as database:\n"
        "    for at in range(20): database.execute(sys.argv[3], (f'{sys.argv[2]}-{at}',))\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", program, str(path), str(name), ADD]) for name in range(4)]
    assert [child.wait(60) for child in children] == [0, 0, 0, 0]
    with Database(path) as database:
        assert count(database) == 80


def test_what_was_committed_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "h"
    program = (
        "import sys, os, signal; from promptls.runs.database import Database\n"
        "database = Database(sys.argv[1]); database.execute(sys.argv[2], ('kept',))\n"
        "with database.transaction():\n"
        "    database.execute(sys.argv[2], ('lost',)); os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path), ADD], check=False).returncode == 9
    with Database(path) as database:
        assert [row["provider"] for row in database.execute("SELECT provider FROM consent")] == ["kept"]


def test_an_older_file_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "h"
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", MIGRATIONS[:1])
        with Database(path) as database:
            database.execute(ADD, ("kept",))
    more = (*MIGRATIONS, ("CREATE TABLE later (a)", "INSERT INTO later VALUES (1)"))
    monkeypatch.setattr(module, "MIGRATIONS", more)
    for _ in range(2):
        with Database(path) as database:
            assert len(database.execute("SELECT * FROM later")) == 1
            assert count(database) == 1


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "h"
    Database(path).close()
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE later (a)", "no SQL at all")))
        with pytest.raises(DatabaseError, match="cannot be used"):
            Database(path)
    with Database(path) as database:
        assert database.execute("SELECT name FROM sqlite_master WHERE name = 'later'") == []


def test_what_is_wrong_is_said_with_the_path(tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    Database(newer).close()
    connection = sqlite3.connect(newer)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(DatabaseError, match=r"newer is of a newer promptls; install"):
        Database(newer)
    broken = tmp_path / "broken"
    broken.write_bytes(b"no database " * 200)
    with pytest.raises(DatabaseError, match=r"broken cannot be used .*not a database.*move the file away"):
        Database(broken)
    with pytest.raises(DatabaseError, match=r"cannot be used .*set PROMPTLS_STATE to a folder"):
        Database(broken / "below" / "a" / "file")
    closed = Database(tmp_path / "closed")
    closed.close()
    closed.close()
    with pytest.raises(DatabaseError, match="is closed"):
        closed.execute("SELECT 1")
