"""Names in an expression: local names, inputs, what the dialect and the host give, and attributes of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from promptls.ide.completion.calls import arguments, branches, helpers
from promptls.ide.completion.inputs import input_data, input_names
from promptls.ide.completion.item import Completion
from promptls.ide.completion.site import Site
from promptls.ide.completion.words import call
from promptls.ide.places import nodes_at
from promptls.prompt.types import ANY, ValueType
from promptls.syntax.template import blocks_of
from promptls.syntax.template.names import EACH, Binding

_CALLABLE = ("", "{", "&")
"""What a tag is known by where its first word, which may call something, is not written yet."""
_KINDS = {"loop": "loop variable", "set": "set above", "macro": "macro", "parameter": "parameter", "import": "imported"}


def names(site: Site) -> Iterator[Completion]:
    """The nearest first: local names from the inside out, inputs (those not used yet first), the dialect's own."""
    local = _local(site)
    for binding in local:
        kind = site.type_at(binding.path) or ANY
        detail = _KINDS.get(binding.kind, "local name") + ("" if kind.any else f" · {kind}")
        yield Completion(binding.name, "variable", site.replace, binding.name, detail=detail)
    hidden = {binding.name for binding in local}
    yield from arguments(site)
    for name, kind in _in_context(site):
        hidden.add(name)
        yield Completion(name, "property", site.replace, name, detail=str(kind))
    up = _up(site)
    hidden = set() if up else hidden
    declared = {item.name: item for item in site.prompt.inputs}
    for name, kind in _in_section(site):
        hidden.add(name)
        yield Completion(name, "property", site.replace, name, detail=f"of this section · {kind}")
    for name, kind in _inputs(site, declared.keys()):
        if name not in hidden:
            item = declared.get(name)
            detail = "not declared" if item is None else str(kind) + (", required" if item.required else "")
            data = input_data(site.document, name)
            yield Completion(up + name, "variable", site.replace, up + name, detail=detail, data=data)
    if site.cursor.statement in _CALLABLE:
        yield from branches(site)
        yield from helpers(site)
    for name, kind in site.prompt.ambient.items():
        yield Completion(name, "variable", site.replace, name, detail=str(kind))
    yield from _brought(site)
    for name, about in site.words("global").items():
        yield _word(site, "global", name, about, f"given by {site.template.dialect.capitalize()}")
    for name in site.host_words("global"):
        yield Completion(name, "variable", site.replace, name, detail="global of the host application")


def _in_context(site: Site) -> Iterator[tuple[str, ValueType]]:
    """The known keys of what a bare name is looked up in, where that is not the inputs."""
    around = site.template.analysis.contexts_at(site.offset)
    for context in around[:1]:
        if context.path:
            kind = site.type_at(context.path) or ANY
            if not kind.properties and context.kind == "section":
                kind = site.type_at(context.path[:-1]) or ANY
            yield from ((name, inner) for name, inner in kind.properties.items() if name.isidentifier())


def _up(site: Site) -> str:
    """What leads from here to the inputs; empty where they are, or may be, in reach by their bare names."""
    around = site.template.analysis.contexts_at(site.offset)
    if not around or around[0].path == () or around[0].kind == "section":
        return ""
    return "../" if len(around) == 2 else "@root."


def _in_section(site: Site) -> Iterator[tuple[str, ValueType]]:
    """What a section brings into reach by its bare name: the keys of its items, innermost section first."""
    if blocks_of(site.template.dialect) != "value":
        return
    uses = site.template.analysis.uses
    around = [node for node in nodes_at(site.template.tree.root, site.offset) if node.kind == "block" and node.tag]
    for block in reversed(around):
        tag = block.tag
        use = next((use for use in uses if tag and tag.covers(use.span)), None)
        if use is None or not use.path or (tag and tag.end > site.offset):
            continue
        kind = site.type_at(use.path) or ANY
        inner = kind.items if "array" in kind.kinds else kind
        yield from (inner.properties if inner else {}).items()


def _brought(site: Site) -> Iterator[Completion]:
    """What the tags around bring with them: ``loop`` in a loop, nothing outside."""
    around = {
        node.name
        for node in nodes_at(site.template.tree.root, site.offset)
        if node.kind == "block" and node.tag and node.tag.end <= site.offset
    }
    for name, about in site.words("special").items():
        if name.lstrip("@").isidentifier() and about.get("where", "") in ("", *around):
            where = f"of `{about['where']}`" if "where" in about else str(about.get("type", ""))
            yield _word(site, "special", name, about, where)


def _word(site: Site, kind: str, name: str, about: Mapping[str, Any], detail: str) -> Completion:
    text, snippet = call(name, about)
    shown = "function" if about.get("type") == "function" else "variable"
    data = site.word_data(kind, name)
    return Completion(name, shown, site.replace, text, snippet, detail=detail, data=data)


def _local(site: Site) -> list[Binding]:
    """The local names that hold here, innermost first; never the one that is being written."""
    visible = site.template.analysis.visible(site.offset).values()
    held = [binding for binding in visible if not binding.span.touches(site.offset)]
    return sorted(held, key=lambda one: (one.scope.end - one.scope.start, one.kind != "parameter", one.span.start))


def _inputs(site: Site, declared: Set[str]) -> list[tuple[str, ValueType]]:
    """What fits first: in the head of a loop what can be gone through, elsewhere what is declared and not used yet.
    A name that nothing declares may be the slip of the pen that a person is about to mend."""
    uses = site.template.analysis.uses
    used = {use.name for use in uses if use.name in use.roots and not use.spans[0].touches(site.offset)}
    used |= site.prompt.also_reads
    found = list(input_names(site.prompt, site.snapshot, but=site.offset))
    found.sort(key=lambda one: (one[0] not in declared, one[0] in used and one[0] in declared))
    if site.cursor.statement in ("for", "#", "^"):
        wanted = ("object", "array") if "," in site.tag_before() else ("array", "object")
        found.sort(key=lambda one: min((at for at, kind in enumerate(wanted) if kind in one[1].kinds), default=2))
    return found


def attributes(site: Site) -> Iterator[Completion]:
    """What can stand behind the dot: the known keys, else those that the file reads elsewhere."""
    if not site.cursor.object_path:
        return
    root, *steps = site.cursor.object_path
    binding = site.template.analysis.visible(site.offset).get(root)
    declared = root in site.prompt.ambient or site.prompt.input(root) is not None
    if binding is None and not declared and (members := site.words("special").get(root, {}).get("members")):
        if not steps:
            yield from _members(site, root, members)
        return
    path = site.template.analysis.path_of(site.cursor.object_path, site.offset)
    if path == ():
        for name, inner in input_names(site.prompt, site.snapshot, but=site.offset):
            yield Completion(
                name, "variable", site.replace, name, detail=str(inner), data=input_data(site.document, name)
            )
    if not path:
        return
    kind = site.type_at(path)
    for name, inner in (kind.properties if kind else {}).items():
        if name.isidentifier():
            yield Completion(name, "property", site.replace, name, detail=str(inner))
    if kind is None or not kind.closed:
        for name in _read_elsewhere(site, path):
            yield Completion(name, "property", site.replace, name, detail="read elsewhere in this file")


def _members(site: Site, root: str, members: Mapping[str, Any]) -> Iterator[Completion]:
    for name in sorted(members, key=lambda name: not members[name].get("portable")):
        about = members[name]
        text, snippet = call(name, about)
        data = site.word_data("special", f"{root}.{name}")
        yield Completion(name, "property", site.replace, text, snippet, detail=str(about.get("type", "")), data=data)


def _read_elsewhere(site: Site, path: tuple[str, ...]) -> Iterator[str]:
    """Attributes that other expressions read from the same thing. Through a loop over it the half-typed one would be
    among them."""
    half_typed = site.replace.slice(site.text)
    for use in site.template.analysis.uses:
        if use.path and len(use.path) > len(path) and use.path[: len(path)] == path:
            name = use.path[len(path)]
            if name not in (EACH, half_typed) and not use.span.touches(site.offset):
                yield name
