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
        "CREATE TABLE trust (folder TEXT PRIMARY KEY, granted REAL NOT NULL)",
        """
        CREATE TABLE stored_key (
            provider TEXT PRIMARY KEY,
            stored REAL NOT NULL
        )
        """,
    ),
)
