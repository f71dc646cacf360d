"""What a dialect knows by itself (``schemas/data``) and what the host application adds (``promptls.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from promptls.schema.files import table
from promptls.syntax.template import DIALECTS

if TYPE_CHECKING:
    from promptls.workspace.config import HostNames

Words = Mapping[str, Mapping[str, Any]]
KINDS = {"filter": "filters", "test": "tests", "tag": "tags", "global": "globals", "special": "special"}
"""Kinds of words and their tables. ``special``: names that a tag brings with it (``loop``)."""


@cache
def words(dialect: str, kind: str) -> Words:
    """The built-in names of a kind with ``signature``, ``description``, ``example``; none of an unknown dialect."""
    return dict(table(dialect).get(KINDS[kind], {})) if dialect in DIALECTS else {}


def host_words(host: HostNames, kind: str) -> frozenset[str]:
    """The names of a kind that the host application registers."""
    known = {"filter": host.filters, "test": host.tests, "global": host.globals | host.helpers, "tag": host.tags}
    return known.get(kind, frozenset())
