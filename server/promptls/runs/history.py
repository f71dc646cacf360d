"""Every run, kept: begun before anything is sent, ended before anybody is told.

A run whose process is gone is ``interrupted``; several processes write side by side.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from statistics import median
from typing import Any

from promptls.runs.database import Database, DatabaseError
from promptls.runs.event import RunRecord
from promptls.runs.owner import Owner, is_alive, remove

_FIELDS = frozenset(field.name for field in fields(RunRecord))
_DAY = 86400.0
_COUNTED = 2 * _DAY
"""Seconds that the cost of a forgotten run is known for: longer than any day is."""


class History:
    """The runs in a database. Any thread may use it; raises DatabaseError."""

    def __init__(self, database: Database) -> None:
        """Marks the runs of processes that are gone as interrupted."""
        self.database = database
        self._owner: Owner | None = None
        self._lock = threading.Lock()
        self.sweep()

    @property
    def _folder(self) -> Path:
        return self.database.path.parent

    @property
    def owner(self) -> str:
        """The id under which this process has runs; made when it is first needed."""
        with self._lock:
            if self._owner is None:
                try:
                    owner = Owner(self._folder)
                except OSError as error:
                    reason = error.strerror or error
                    raise DatabaseError(f"the history in {self._folder} cannot be used ({reason})") from None
                try:
                    self.database.execute("INSERT INTO owner (id, started) VALUES (?, ?)", (owner.id, time.time()))
                except BaseException:
                    owner.close()
                    raise
                self._owner = owner
            return self._owner.id

    def close(self) -> None:
        """Let go of this process's runs; the database stays open, it is the caller's."""
        owner, self._owner = self._owner, None
        if owner is not None:
            try:
                self._end_of(owner.id)
            finally:
                owner.close()

    def sweep(self) -> int:
        """Mark what processes that are gone have left running; how many runs."""
        mine = self._owner.id if self._owner else ""
        gone = [
            str(row["id"])
            for row in self.database.execute("SELECT id FROM owner WHERE id != ?", (mine,))
            if not is_alive(self._folder, str(row["id"]))
        ]
        count = sum(self._end_of(owner) for owner in gone)
        for owner in gone:
            remove(self._folder, owner)
        return count

    def begin(self, record: RunRecord) -> None:
        values = {**_columns(record), "owner": self.owner}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self.database.execute(f"INSERT INTO run ({names}) VALUES ({marks})", values)  # noqa: S608

    def end(self, record: RunRecord) -> None:
        """How a run ended: also of one that another process has taken for interrupted."""
        values = _columns(record)
        changes = ", ".join(f"{name} = :{name}" for name in values if name != "id")
        self.database.execute(f"UPDATE run SET {changes} WHERE id = :id", values)  # noqa: S608

    def run(self, run: str) -> RunRecord | None:
        """The run of that id, or of the only one that begins so."""
        rows = self.database.execute(
            "SELECT status, record FROM run WHERE id = ? OR substr(id, 1, length(?)) = ? ORDER BY id = ? DESC LIMIT 2",
            (run, run, run, run),
        )
        found = [_record(row) for row in rows]
        exact = next((record for record in found if record.id == run), None)
        return exact or (found[0] if len(found) == 1 and run else None)

    def runs(self, limit: int = 50, *, uri: str = "", target: str = "") -> tuple[RunRecord, ...]:
        """Runs, newest first. ``target``: provider or provider/model."""
        rows = self.database.execute(
            """
            SELECT status, record FROM run
            WHERE (:uri = '' OR uri = :uri) AND (:target = '' OR target = :target OR provider = :target)
            ORDER BY started DESC, id DESC LIMIT :limit
            """,
            {"uri": uri, "target": target, "limit": limit},
        )
        return tuple(_record(row) for row in rows)

    def spent(self, since: float) -> float:
        """US dollars of all runs since then whose price is known."""
        rows = self.database.execute(
            """
            SELECT (SELECT coalesce(sum(cost), 0) FROM run WHERE started >= :since)
                + (SELECT coalesce(sum(cost), 0) FROM forgotten WHERE started >= :since)
            """,
            {"since": since},
        )
        return float(rows[0][0])

    def first_token(self, target: str) -> float | None:
        """How long a provider/model lately took to begin, in seconds: the median; None where nobody measured."""
        rows = self.database.execute(
            """
            SELECT first_token FROM run WHERE target = ? AND status = 'finished' AND first_token IS NOT NULL
            ORDER BY started DESC LIMIT 20
            """,
            (target,),
        )
        return median(float(row[0]) for row in rows) if rows else None

    def turn(self, alias: str) -> int:
        """How often an alias has been used before, on this machine; counts this time."""
        rows = self.database.execute(
            """
            INSERT INTO turn (alias, count) VALUES (?, 1)
            ON CONFLICT (alias) DO UPDATE SET count = count + 1 RETURNING count
            """,
            (alias,),
        )
        return int(rows[0][0]) - 1

    def forget(self, keep_days: float, folder: str = "") -> int:
        """Delete ended runs that are older, of the files in a folder (a URI) or of all; how many.

        What they cost is still counted for a while: a budget of the day is not to be had anew by forgetting.
        """
        now = time.time()
        under = f"{folder.rstrip('/')}/" if folder else ""
        with self.database.transaction() as database:
            rows = database.execute(
                """
                DELETE FROM run WHERE started < ? AND status != 'running' AND substr(uri, 1, length(?)) = ?
                RETURNING started, cost
                """,
                (now - keep_days * _DAY, under, under),
            )
            for row in rows:
                if row["cost"] is not None and row["started"] >= now - _COUNTED:
                    database.execute("INSERT INTO forgotten VALUES (?, ?)", (row["started"], row["cost"]))
            database.execute("DELETE FROM forgotten WHERE started < ?", (now - _COUNTED,))
        return len(rows)

    def _end_of(self, owner: str) -> int:
        with self.database.transaction() as database:
            rows = database.execute(
                "UPDATE run SET status = 'interrupted' WHERE owner = ? AND status = 'running' RETURNING 1", (owner,)
            )
            database.execute("UPDATE call SET open = 0 WHERE owner = ?", (owner,))
            database.execute("DELETE FROM owner WHERE id = ?", (owner,))
        return len(rows)


def start_of_day(now: float | None = None) -> float:
    """The last midnight of this machine's clock, in seconds since 1970."""
    local = time.localtime(now)
    return time.mktime((local.tm_year, local.tm_mon, local.tm_mday, 0, 0, 0, 0, 0, -1))


def as_data(record: RunRecord) -> dict[str, Any]:
    """A record as JSON knows it."""
    data = json.loads(json.dumps(asdict(record), default=str))
    assert isinstance(data, dict)
    return data


def from_data(data: Mapping[str, Any]) -> RunRecord:
    """Of a newer or older promptls too: what this one does not know is left out."""
    known = {name: value for name, value in data.items() if name in _FIELDS}
    for name in ("tool_calls", "messages"):
        known[name] = tuple(known.get(name) or ())
    known["media"] = tuple((str(one[0]), str(one[1])) for one in known.get("media") or ())
    return RunRecord(**known)


def _columns(record: RunRecord) -> dict[str, Any]:
    names: Sequence[str] = (
        "id", "status", "started", "uri", "prompt", "target", "provider", "model", "input_tokens", "output_tokens",
        "cost", "latency", "first_token", "failure",
    )  # fmt: skip
    columns = {name: getattr(record, name) for name in names}
    columns["record"] = json.dumps(asdict(record), default=str, ensure_ascii=False)
    return {name: _storable(value) for name, value in columns.items()}


def _storable(value: Any) -> Any:
    """Half of a surrogate pair, which JSON can say, has no place in a database; the run must be kept all the same."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _record(row: Any) -> RunRecord:
    return from_data({**json.loads(row["record"]), "status": row["status"]})
