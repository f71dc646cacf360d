"""Filters, tests and operators: what fits the value first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from promptls.ide.completion.item import Completion
from promptls.ide.completion.site import Site
from promptls.ide.completion.snippets import plain
from promptls.prompt.types import ANY, ValueType

_PARAMETERS = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_LOOP_GOES_THROUGH = re.compile(r"\sin\s")


def filters(site: Site) -> Iterator[Completion]:
    """Filters: those made for a value of this type, those for any, the others."""
    kinds = {"number" if kind == "integer" else kind for kind in (_filtered(site) or ANY).kinds}
    return _words(site, "filter", kinds)


def tests(site: Site) -> Iterator[Completion]:
    return _words(site, "test", set())


def _words(site: Site, kind: str, kinds: set[str]) -> Iterator[Completion]:
    known = {name: about for name, about in site.words(kind).items() if not about.get("symbol")}
    for name in sorted(known, key=lambda name: _rank(name, known[name], kinds)):
        signature = str(known[name].get("signature", ""))
        text, snippet = call(name, known[name])
        data = site.word_data(kind, name)
        yield Completion(name, "function", site.replace, text, snippet, detail=signature, data=data)
    for name in site.host_words(kind):
        yield Completion(name, "function", site.replace, name, detail=f"{kind} of the host application")


def _rank(name: str, about: Mapping[str, Any], kinds: set[str]) -> tuple[bool | str, ...]:
    """What does not fit and second names of a word last; before, what every runtime has, what is made for the type,
    and ``default`` where nothing is known of the value."""
    takes = about.get("input", "any")
    misfit = bool(kinds) and takes != "any" and takes not in kinds
    usual = name in ("defined", "none") or (name == "default" and not kinds)
    exact = takes in kinds
    return "aliasOf" in about, misfit, not about.get("portable"), not usual, not exact, name == "default", name


def _filtered(site: Site) -> ValueType | None:
    """The type of what stands before the ``|``, where that is a plain name or path."""
    before = site.text[: site.replace.start].rstrip()
    if not before.endswith("|"):
        return ANY
    end = len(before[:-1].rstrip())
    use = next((use for use in site.template.analysis.uses if use.spans[-1].end == end), None)
    return site.snapshot.type_of(site.prompt, use) if use else ANY


def operators(site: Site) -> Iterator[Completion]:
    """The words that can follow a whole expression."""
    match site.cursor.statement:
        case "for" if not _LOOP_GOES_THROUGH.search(site.tag_before()):
            words = ["in"]
        case "for":
            words = ["if", "recursive"]
        case "if" | "elif":
            words = ["is", "is not", "and", "or", "in", "not in"]
        case "":
            words = ["if", "else", "is", "is not", "and", "or", "in", "not in"]
        case "from":
            words = ["import", "as"]
        case "import":
            words = ["as"]
        case _:
            return
    for word in words:
        yield Completion(word, "operator", site.replace, word + " ", again=word in ("is", "is not"))


def call(name: str, about: Mapping[str, Any]) -> tuple[str, str | None]:
    """The name as text and as snippet, with parentheses to fill where an argument is given. A signature may show
    several ways to call, with `` | `` between them; the first one counts."""
    if snippet := about.get("snippet"):
        return name, f"{snippet}$0"
    if about.get("type") == "function":
        return name, f"{plain(name)}($1)$0"
    found = _PARAMETERS.search(str(about.get("signature", "")).split(" | ")[0])
    if not found:
        return name, None
    parameters = [part.strip() for part in found[1].split(",")]
    needed = [part for part in parameters if part and "=" not in part and not part.startswith("*")]
    return (name, f"{plain(name)}($1)$0") if needed else (name, None)
