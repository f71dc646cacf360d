"""A format's words for a model's settings and for providers, in promptls' own words.

The schemas say both: ``x-promptls.parameter`` at a setting is its name in ``schemas/data/parameters.json``,
``x-promptls.services`` at a provider's name is its key in ``schemas/data/services.json``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from promptls.schema.files import table
from promptls.schema.navigate import UNKNOWN, View, notes_of, view
from promptls.syntax.yaml_tree import Path

DEEPEST = 4


class Settings(NamedTuple):
    """``options``: by the names of ``schemas/data/parameters.json``; ``extra``: to be sent as they are."""

    options: Mapping[str, Any]
    extra: Mapping[str, Any]


class _Word(NamedTuple):
    """``parameter``: None where the schema knows the key and gives it no name, empty where it is never sent.
    ``place``: the path in the request, where it stands otherwise than the key does."""

    parameter: str | None
    ignored: bool
    place: str


def settings(name: str, path: Path, written: Any, *, unknown: bool = True) -> Settings:
    """What a header says at a path about how the model should answer.

    ``name``: of the schema. ``unknown``: the format's loader hands on keys that the schema does not know, of which some
    have our own name for a setting; what it ignores by the schema is dropped either way. A value of null is none.
    """
    options: dict[str, Any] = {}
    extra = _split(name, path, written, options, unknown) if isinstance(written, Mapping) else {}
    return Settings(options, extra)


@cache
def service_of(name: str, path: Path, word: str) -> str:
    """The service that a format means by a word at a path, such as ``model.provider``, else what everybody means by it.

    Empty for a word that is no service: a provider of the configuration may have that name.
    """
    here = view(name)
    for schema in here.flat(here.at(path, UNKNOWN), UNKNOWN):
        found = notes_of(schema).get("services", {}).get(word)
        if found is not None:
            return str(found)
    for service, about in table("services")["services"].items():
        if word == service or word in about.get("synonyms", ()):
            return str(service)
    return ""


def parameter_of(name: str, path: Path, key: str) -> str | None:
    """Our name for the setting at a key; empty for one that is never sent, None for one that has no name of ours."""
    word = _words(name, path).get(key)
    if word is not None:
        return None if word.ignored else word.parameter
    return key if key in table("parameters")["parameters"] else None


def has_word(parameter: str, service: str, wire: str = "") -> bool:
    """Whether a service, asked in its own or that wire format, has a word for a setting of a chat. What no wire format
    of ours has one for (``n``) is a matter of ours, and none of the service."""
    about = table("services")["services"].get(service, {})
    spoken = wire or about.get("wire", "")
    quirks = about.get("quirks", {})
    own = {**quirks.get("parameters", {}), **quirks.get("parameters_of", {}).get(spoken, {})}
    if parameter in own:
        return own[parameter] is not None
    known = table("parameters")["parameters"].get(parameter, {}).get("wires", {})
    return spoken not in known or known[spoken] is not None or not any(known.values())


def title_of(service: str) -> str:
    """What people call a service."""
    return str(table("services")["services"].get(service, {}).get("title", service))


def _split(name: str, path: Path, written: Mapping[Any, Any], options: dict[str, Any], unknown: bool) -> dict[str, Any]:
    words, own = _words(name, path), table("parameters")["parameters"]
    extra: dict[str, Any] = {}
    for key, value in written.items():
        word = words.get(str(key))
        if value is None or (word is None and not unknown) or (word is not None and word.ignored):
            continue
        if word is not None and word.parameter is not None:
            if word.parameter:
                options[word.parameter] = value
        elif word is None and key in own and options.get(key) is None:
            options[str(key)] = value
        elif word is not None and isinstance(value, Mapping) and len(path) < DEEPEST:
            inner = _split(name, (*path, str(key)), value, options, unknown)
            if inner or not value:
                _put(extra, word.place or str(key), inner)
        elif word is not None:
            _put(extra, word.place or str(key), value)
        else:
            extra[str(key)] = value
    return extra


def _put(extra: dict[str, Any], place: str, value: Any) -> None:
    *outer, last = place.split(".")
    for name in outer:
        extra = extra.setdefault(name, {})
    extra[last] = value


@cache
def _words(name: str, path: Path) -> Mapping[str, _Word]:
    here = view(name)
    known = here.properties(here.flat(here.at(path, UNKNOWN), UNKNOWN))
    return {key: _word(here, schema) for key, schema in known.items()}


def _word(here: View, schema: Mapping[str, Any]) -> _Word:
    notes = [notes_of(part) for part in here.applicable(schema)]
    parameter = next((str(note["parameter"]) for note in notes if "parameter" in note), None)
    place = next((str(note["sentAs"]) for note in notes if "sentAs" in note), "")
    return _Word(parameter, any("ignoredBy" in note for note in notes), place)
