"""What Jinja's own filters, tests and methods ask of their values, and what they make of them.

After jinja2 3.1 ``filters.py`` and ``tests.py``. Descriptions and signatures are in ``schemas/data``; this is what
the analysis of types needs.
"""

from __future__ import annotations

STRING = frozenset(["string"])
NUMBER = frozenset(["number"])
OBJECT = frozenset(["object"])
ARRAY = frozenset(["array"])
ITERABLE = frozenset(["array", "object"])
ELEMENTS = frozenset(["array", "string"])
COUNTED = frozenset(["array", "object", "string"])
CONVERTIBLE = frozenset(["number", "string"])

FILTERS = {
    **dict.fromkeys(
        [
            "capitalize",
            "center",
            "format",
            "indent",
            "lower",
            "replace",
            "striptags",
            "title",
            "trim",
            "truncate",
            "upper",
            "urlize",
            "wordcount",
            "wordwrap",
        ],
        STRING,
    ),
    **dict.fromkeys(["abs", "round"], NUMBER),
    **dict.fromkeys(["int", "float", "filesizeformat"], CONVERTIBLE),
    **dict.fromkeys(["batch", "groupby", "join", "map", "max", "min", "slice", "sum"], ARRAY),
    **dict.fromkeys(["count", "length"], COUNTED),
    **dict.fromkeys(["dictsort", "items", "xmlattr"], OBJECT),
}
"""Filter -> types that it works with; a filter that is not here works with any or is not known."""

SAME = {
    **dict.fromkeys(["reject", "rejectattr", "select", "selectattr", "sort", "unique"], ARRAY),
    "list": COUNTED,
    "reverse": ELEMENTS,
    "shuffle": ARRAY,
}
"""Filters whose result has the elements of their value."""

ELEMENT = frozenset(["first", "last", "random"])
"""Filters whose result is an element of their value."""

ATTRIBUTE_ARGUMENT = {"selectattr": 0, "rejectattr": 0, "groupby": 0, "sum": 0}
"""Filters that take the name of an attribute of the elements by position; others know it as ``attribute=``."""

TAKES_ATTRIBUTE = frozenset([*ATTRIBUTE_ARGUMENT, "map", "sort", "unique", "min", "max", "join"])

ASKS_KIND = frozenset(
    ["boolean", "callable", "defined", "false", "float", "integer", "iterable", "mapping", "none", "number"]
) | {"sequence", "string", "true", "undefined"}
"""Tests that a missing value answers as well as any other."""

TESTS = {
    **dict.fromkeys(["divisibleby", "even", "odd"], NUMBER),
    **dict.fromkeys(["lower", "upper"], STRING),
}

COMPARES = frozenset(["eq", "equalto", "==", "ne", "!=", "sameas", "in"])
"""Tests whose argument is a value that is meant."""

METHODS = {
    **dict.fromkeys(
        [
            "capitalize",
            "casefold",
            "endswith",
            "format",
            "isalpha",
            "isdigit",
            "lower",
            "lstrip",
            "replace",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "title",
            "upper",
        ],
        STRING,
    ),
    **dict.fromkeys(["get", "items", "keys", "values"], OBJECT),
    **dict.fromkeys(["append", "extend", "insert"], ARRAY),
}

GLOBALS = frozenset(["cycler", "dict", "joiner", "lipsum", "namespace", "range", "self"])
"""Names that jinja2 gives every template."""
