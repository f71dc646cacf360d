"""The one SQLite file of this machine: consent, history, budgets. Several processes use it at once.

Times are seconds since 1970. A process that is killed loses nothing that was committed (write-ahead log).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from promptls.runs.migrations import MIGRATIONS
from promptls.workspace.places import STATE_VARIABLE, state_folder

if TYPE_CHECKING:
    import sqlite3

FILE_NAME: Final = "history.sqlite3"
_BUSY: Final = 10.0
"""Seconds to wait for another process."""


class DatabaseError(Exception):
    """The text is a sentence for a person, with the path."""


class Database:
    """An open database; any thread may use it, one statement or transaction at a time. Raises DatabaseError."""

    def __init__(self, path: Path | str | None = None) -> None:
        """``path``: the file; None: the usual one. It and its folder are made where they are missing, for their
        owner alone."""
        self.path = Path(path) if path is not None else state_folder() / FILE_NAME
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        with self._told():
            self._connection = _open(self.path)

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """Run one statement, in a transaction of its own unless one is open; the rows, by name and by number."""
        with self._lock, self._told():
            return self._open_connection().execute(sql, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing; nobody else writes meanwhile, so what was read inside still holds at its end."""
        with self._lock:
            with self._told():
                self._open_connection().execute("BEGIN IMMEDIATE")
            try:
                yield self
                with self._told():
                    self._open_connection().execute("COMMIT")
            except BaseException:
                # Where the disk is full, SQLite has ended it by itself.
                if self._connection is not None and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise DatabaseError(f"the history {self.path} is closed")
        return self._connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        import sqlite3

        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a mistake of ours, or what the caller looks for
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise DatabaseError(f"the history {self.path} is in use by another process; try again") from None
            raise DatabaseError(_unusable(self.path, error)) from None
        except (sqlite3.DatabaseError, OSError) as error:
            raise DatabaseError(_unusable(self.path, error)) from None


def _unusable(path: Path, error: Exception) -> str:
    reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
    return f"the history {path} cannot be used ({reason}); move the file away, or set {STATE_VARIABLE} to a folder"


def _open(path: Path) -> sqlite3.Connection:
    import sqlite3

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its side files the mode of the file.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        _use_log(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _use_log(connection: sqlite3.Connection) -> None:
    """Readers and a writer side by side. Where the file system has no shared memory, the old journal stays."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    # Two that open a new file at once: SQLite does not wait here by itself.
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")
    import sqlite3

    for pause in (0.01, 0.05, 0.2, 0.5, 1.0, 2.0, 0.0):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if not pause:
                raise
            time.sleep(pause)
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been quicker.
        at = _version(connection)
        if at > len(MIGRATIONS):
            raise DatabaseError(
                f"the history {path} is of a newer promptls; install that, or set {STATE_VARIABLE} to another folder"
            )
        for statements in MIGRATIONS[at:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
