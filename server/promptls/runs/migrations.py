"""The tables of the state database, as the steps that made them: one entry per version, never changed once released.

A new step goes to the end; `database` runs those that a file has not had yet, all in one transaction.
"""

from __future__ import annotations

from typing import Final

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    # 1: what a person allowed
    (
        """
        CREATE TABLE consent (
            provider TEXT NOT NULL,
            host TEXT NOT NULL,
            key_source TEXT NOT NULL,
            granted REAL NOT NULL,
            PRIMARY KEY (provider, host, key_source)
        )
        """,
    ),
    # 2: runs, and the calls that limits count
    (
        "CREATE TABLE owner (id TEXT PRIMARY KEY, started REAL NOT NULL)",
        """
        CREATE TABLE run (
            id TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            started REAL NOT NULL,
            owner TEXT NOT NULL,
            uri TEXT NOT NULL DEFAULT '',
            prompt TEXT NOT NULL DEFAULT '',
            target TEXT NOT NULL DEFAULT '',
            provider TEXT NOT NULL DEFAULT '',
            model TEXT NOT NULL DEFAULT '',
            input_tokens INTEGER,
            output_tokens INTEGER,
            cost REAL,
            latency REAL,
            first_token REAL,
            failure TEXT NOT NULL DEFAULT '',
            record TEXT NOT NULL
        )
        """,
        "CREATE INDEX run_started ON run (started)",
        "CREATE INDEX run_target ON run (target, started)",
        "CREATE INDEX run_owner ON run (owner) WHERE status = 'running'",
        """
        CREATE TABLE call (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            at REAL NOT NULL,
            tokens INTEGER NOT NULL,
            owner TEXT NOT NULL,
            open INTEGER NOT NULL
        )
        """,
        "CREATE INDEX call_name ON call (name, at)",
        "CREATE TABLE turn (alias TEXT PRIMARY KEY, count INTEGER NOT NULL)",
    ),
    # 3: what runs have cost that were forgotten
    ("CREATE TABLE forgotten (started REAL NOT NULL, cost REAL NOT NULL)",),
)
