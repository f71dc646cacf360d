"""Calls of helpers in a template: their names, their named arguments, and the blocks that call one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from promptls.ide.completion.closing import Surroundings, surroundings
from promptls.ide.completion.item import Completion
from promptls.ide.completion.site import Site
from promptls.ide.completion.snippets import plain
from promptls.text import Edit, Span

_PLACES = re.compile(r"\$\{\d+[:|]|\$\d+")


def helpers(site: Site) -> Iterator[Completion]:
    """Those that give a value; a block is opened with ``#``."""
    for name, about in site.words("helper").items():
        if not about.get("block"):
            yield _helper(site, name, about)
    for name in site.host_words("helper"):
        yield Completion(name, "function", site.replace, name, detail="helper of the host application")


def _helper(site: Site, name: str, about: Mapping[str, Any]) -> Completion:
    snippet = str(about.get("snippet") or name)
    detail = str(about.get("signature", ""))
    data = site.word_data("helper", name)
    filled = snippet if _PLACES.search(snippet) else None
    return Completion(name, "function", site.replace, name, filled, detail=detail, data=data)


def arguments(site: Site) -> Iterator[Completion]:
    """The named arguments of the call around that are not written yet, each with its ``=``."""
    called = site.cursor.statement
    about = site.words("helper").get(called) or site.words("tag").get(called) or {}
    written = site.tag_before()
    for name, what in about.get("named", {}).items():
        if f"{name}=" not in written.replace(" ", ""):
            detail = f"argument of {called}" + (", required" if what.get("required") else "")
            text = f"{name}="
            documentation = str(what.get("description", ""))
            yield Completion(
                text,
                "property",
                site.replace,
                text,
                detail=detail,
                documentation=documentation,
                again=True,
                filter=name,
            )


def values(site: Site) -> Iterator[Completion]:
    """What the first argument of the call around may be, where that is one of a few words."""
    about = site.words("helper").get(site.cursor.statement, {})
    first: Mapping[str, Any] = next(iter(about.get("arguments", ())), {})
    for value in first.get("enum", ()):
        yield Completion(value, "value", site.replace, value, detail=str(first.get("description", "")))


def blocks(site: Site) -> Iterator[Completion]:
    """What a block can call, with the tag that ends it; behind ``else`` without one."""
    around = surroundings(site.document.text, "{{", site.replace, site.offset)
    known = {**site.words("tag"), **{name: about for name, about in site.words("helper").items() if about.get("block")}}
    branch = site.cursor.statement == "else"
    for name, about in known.items():
        # `{{#*inline` is no call, `{{else` stands without a `#`.
        if about.get("arguments"):
            yield _block(site, around, name, about, branch=branch)
    for name in site.host_words("helper"):
        yield Completion(name, "function", site.replace, name, detail="helper of the host application")


def branches(site: Site) -> Iterator[Completion]:
    """``else``, in a block that may have one."""
    block = site.cursor.open_block
    for name, about in site.words("tag").items():
        if block is not None and "inside" in about:
            yield Completion(name, "keyword", site.replace, name, detail=f"of `{block.name}`")


def _block(site: Site, around: Surroundings, name: str, about: Mapping[str, Any], *, branch: bool) -> Completion:
    head = str(about.get("snippet") or name).lstrip("#").partition("}}\n")[0]
    detail, data = (
        str(about.get("signature", "")),
        site.word_data("tag" if name in site.words("tag") else "helper", name),
    )
    closing = f"{{{{/{name}}}}}"
    edits: tuple[Edit, ...] = ()
    snippet = head
    if branch:
        snippet += plain(around.after.strip())
    elif around.closed:
        snippet += plain(around.after.strip())
        if not _ends(site):
            edits = (Edit(site.document.uri, Span(around.end, around.end), closing),)
    elif around.after:
        eol = site.document.text.eol
        inner = f"{eol}$0{eol}" if _alone(site, around) else "$0"
        snippet += plain(around.after.strip()) + inner + plain(closing)
    return Completion(name, "keyword", site.replace, f"{name} ", snippet, detail=detail, data=data, edits=edits)


def _ends(site: Site) -> bool:
    """Whether the block at the cursor has its end already."""
    return any(
        node.kind == "block" and node.tag and node.tag.touches(site.offset) and node.close
        for node in site.template.tree.root.walk()
    )


def _alone(site: Site, around: Surroundings) -> bool:
    text = site.document.text
    line = text.line_span(text.line_at(site.offset))
    return not (text.value[line.start : site.tag_start] + text.value[around.end : line.end]).strip()
