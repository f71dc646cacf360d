"""Edits of a Prompty file: declare an input, remove one, give samples. In the style that the file has."""

from __future__ import annotations

from collections.abc import Mapping as Data
from typing import Any, TypeAlias

from promptls.formats.prompty.extent import declaration, marker
from promptls.formats.prompty.placing import BEFORE_INPUTS, in_flow, layout, lines_after, margin_of, new_key
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.prompty.spelling import as_yaml, declaration_of, placeholder
from promptls.prompt.model import Document, Input, Prompt
from promptls.prompt.types import ValueType
from promptls.syntax.yaml import resolve
from promptls.syntax.yaml_tree import Alias, Entry, Mapping, Node, Scalar, Sequence, YamlTree
from promptls.text import Edit, Span

Keys: TypeAlias = "list[tuple[str, str]]"


def declare_input(document: Document, prompt: Prompt, name: str, type: ValueType) -> tuple[Edit, ...]:
    """Adds a declaration where the file keeps them: v2's list or map, v1's map, or its sample where it has no other.

    None where the inputs stand in another file, or the header is too broken to write into.
    """
    keys = declaration_of(type, prompt.variant)
    if document.yaml is None or document.header is None:
        return _first_header(document, name, keys)
    if _broken(document):
        return ()
    root = document.yaml.root
    if root is None:
        return _only_key(document, _new_inputs("", "  ", name, keys, prompt.variant))
    if not isinstance(root, Mapping):
        return ()
    entry = root.entry("inputs")
    sample = root.entry("sample")
    if entry is None and sample is not None and version_of(prompt.variant) == V1:
        return _more_values(document, sample, {name: placeholder(type)})
    if entry is None:
        return _new_key(document, root, name, keys, prompt.variant)
    return _further(document, entry, name, keys, type, prompt.variant)


def remove_input(document: Document, prompt: Prompt, item: Input) -> tuple[Edit, ...]:
    """Takes a declaration away, from the sample of v1 too, and its key when it was the last one below it.

    None where it stands in another file, or holds an anchor that something else uses.
    """
    tree = document.yaml
    if item.location.uri != document.uri or tree is None or not isinstance(tree.root, Mapping) or _broken(document):
        return ()
    edits: list[Edit] = []
    for key in ("inputs", "sample") if version_of(prompt.variant) == V1 else ("inputs",):
        for span in _declarations(document, tree.root, key, item.name):
            if not any(span.overlaps(edit.span) for edit in edits):
                edits.append(Edit(document.uri, span, ""))
    spans = [edit.span for edit in edits]
    return () if _anchored(document, tree, spans) else tuple(sorted(edits, key=lambda edit: edit.span))


def add_samples(document: Document, prompt: Prompt, values: Data[str, Any]) -> tuple[Edit, ...]:
    """v1: entries of ``sample``. v2: ``example`` of each input, which documents and previews it and leaves a run as
    it is; ``default`` would be sent when a caller forgets the value. Inputs that have a value keep it."""
    tree = document.yaml
    if tree is None or not isinstance(tree.root, Mapping) or _broken(document):
        return ()
    wanted = {name: value for name, value in values.items() if _lacks_sample(prompt, name)}
    if not wanted:
        return ()
    if version_of(prompt.variant) != V1:
        inputs = tree.root.get("inputs")
        found = [_example(document, tree, inputs, name, value, prompt) for name, value in wanted.items()]
        return tuple(edit for edits in found for edit in edits)
    written = {name: as_yaml(value) for name, value in wanted.items()}
    entry = tree.root.entry("sample")
    if entry is not None:
        return _more_values(document, entry, written)
    if tree.root.flow:
        inside = ", ".join(f"{as_yaml(name, flow=True)}: {value}" for name, value in written.items())
        return in_flow(document, tree.root, f"sample: {{{inside}}}")
    place = layout(document, tree.root)
    lines = [f"{place.margin}sample:", *(f"{place.margin}{place.step}{as_yaml(n)}: {v}" for n, v in written.items())]
    return (new_key(document, tree.root, lines, (*BEFORE_INPUTS, "inputs", "outputs")),)


def _lacks_sample(prompt: Prompt, name: str) -> bool:
    item = prompt.input(name)
    return item is not None and not any(name in sample.values for sample in prompt.samples)


def _first_header(document: Document, name: str, keys: Keys) -> tuple[Edit, ...]:
    """A file without front matter gets one."""
    if document.problems_of("front-matter-unclosed") or document.header is not None:
        return ()
    lines = ["---", *_new_inputs("", "  ", name, keys, "v2"), "---"]
    at = document.body.start if document.body is not None else 0
    return (Edit(document.uri, Span(at, at), "".join(f"{line}\n" for line in lines)),)


def _only_key(document: Document, lines: list[str]) -> tuple[Edit, ...]:
    """The first key of an empty header."""
    header, text = document.header or Span(0, 0), document.text.value
    at = header.end
    started = at == 0 or text[at - 1] in "\r\n"
    return (Edit(document.uri, Span(at, at), ("" if started else "\n") + "".join(f"{line}\n" for line in lines)),)


def _new_key(document: Document, root: Mapping, name: str, keys: Keys, variant: str) -> tuple[Edit, ...]:
    if root.flow:
        one = f"{{{name}: {_flow(keys)}}}" if version_of(variant) == V1 else f"[{_flow([('name', name), *keys])}]"
        return in_flow(document, root, f"inputs: {one}")
    place = layout(document, root)
    return (new_key(document, root, _new_inputs(place.margin, place.step, name, keys, variant), BEFORE_INPUTS),)


def _new_inputs(margin: str, step: str, name: str, keys: Keys, variant: str) -> list[str]:
    return [f"{margin}inputs:", *_block(margin + step, step, name, keys, as_list=version_of(variant) != V1)]


def _block(margin: str, step: str, name: str, keys: Keys, *, as_list: bool) -> list[str]:
    if as_list:
        return [f"{margin}- name: {as_yaml(name)}", *(f"{margin}  {key}: {value}" for key, value in keys)]
    return [f"{margin}{as_yaml(name)}:", *(f"{margin}{step}{key}: {value}" for key, value in keys)]


def _flow(keys: Keys) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys) + "}"


def _further(
    document: Document, entry: Entry, name: str, keys: Keys, type: ValueType, variant: str
) -> tuple[Edit, ...]:
    """One more declaration, spelled as the last one there is."""
    found = entry.value
    margin = margin_of(document, entry.key.span.start)
    if isinstance(found, Scalar) and found.value is None and found.span.empty:
        return (lines_after(document, entry, _new_inputs(margin, "  ", name, keys, variant)[1:]),)
    if isinstance(found, Scalar) and found.value is None:
        # `inputs: null`: the word makes room.
        lines = _new_inputs(margin, "  ", name, keys, variant)[1:]
        return (Edit(document.uri, Span(entry.key.span.end, found.span.end), "\n".join([":", *lines])),)
    if not isinstance(found, Sequence | Mapping):
        return ()
    if found.flow:
        return in_flow(document, found, _in_flow_style(found, name, keys, type))
    if isinstance(found, Sequence):
        last = found.items[-1]
        dash = margin_of(document, marker(document.text.value, last.span.start, "-"))
        if isinstance(last, Mapping) and last.flow:
            return (lines_after(document, last, [f"{dash}- {_flow([('name', as_yaml(name, flow=True)), *keys])}"]),)
        return (lines_after(document, last, _block(dash, "  ", name, keys, as_list=True)),)
    return (lines_after(document, found.entries[-1], _in_map_style(document, found, margin, name, keys, type)),)


def _in_map_style(document: Document, found: Mapping, outer: str, name: str, keys: Keys, type: ValueType) -> list[str]:
    margin = margin_of(document, found.entries[0].key.span.start)
    last = found.entries[-1].value
    if isinstance(last, Mapping) and not last.flow:
        step = margin_of(document, last.entries[0].key.span.start)[len(margin) :] or "  "
        return _block(margin, step, name, keys, as_list=False)
    if isinstance(last, Mapping):
        return [f"{margin}{as_yaml(name)}: {_flow(keys)}"]
    if _all_plain(found):
        return [f"{margin}{as_yaml(name)}: {placeholder(type)}"]
    return _block(margin, margin[len(outer) :] or "  ", name, keys, as_list=False)


def _in_flow_style(found: Sequence | Mapping, name: str, keys: Keys, type: ValueType) -> str:
    if isinstance(found, Sequence):
        return _flow([("name", as_yaml(name, flow=True)), *keys])
    value = placeholder(type) if found.entries and _all_plain(found) else _flow(keys)
    return f"{as_yaml(name, flow=True)}: {value}"


def _all_plain(found: Mapping) -> bool:
    """Whether the inputs are given by values: ``firstName: Jane``."""
    return all(isinstance(entry.value, Scalar) and entry.value.value is not None for entry in found.entries)


def _more_values(document: Document, entry: Entry, values: Data[str, str]) -> tuple[Edit, ...]:
    """Further entries of v1's sample; none where it is the name of a file."""
    found = entry.value
    margin = margin_of(document, entry.key.span.start)
    if isinstance(found, Scalar) and found.value is None and found.span.empty:
        return (
            lines_after(document, entry, [f"{margin}  {as_yaml(name)}: {value}" for name, value in values.items()]),
        )
    if not isinstance(found, Mapping):
        return ()
    if found.flow:
        return in_flow(document, found, ", ".join(f"{as_yaml(n, flow=True)}: {value}" for n, value in values.items()))
    inner = margin_of(document, found.entries[0].key.span.start)
    lines = [f"{inner}{as_yaml(name)}: {value}" for name, value in values.items()]
    return (lines_after(document, found.entries[-1], lines),)


def _example(
    document: Document, tree: YamlTree, inputs: Node | None, name: str, value: Any, prompt: Prompt
) -> tuple[Edit, ...]:
    about: Node | None = None
    if isinstance(inputs, Sequence):
        about = next((item for item in inputs.items if _name_of(tree, item) == name), None)
    elif isinstance(inputs, Mapping):
        entry = inputs.entry(name)
        about = entry.value if entry is not None else None
        if entry is not None and isinstance(about, Scalar) and about.value is None and about.span.empty:
            item = prompt.input(name)
            keys = declaration_of(item.type if item is not None else ValueType(), prompt.variant)
            written = _flow([*keys, ("example", as_yaml(value, flow=True))])
            return (Edit(document.uri, Span(entry.key.span.end, about.span.end), f": {written}"),)
    if not isinstance(about, Mapping) or about.entry("example") is not None:
        return ()
    if about.flow:
        return in_flow(document, about, f"example: {as_yaml(value, flow=True)}")
    margin = margin_of(document, about.entries[0].key.span.start)
    return (lines_after(document, about.entries[-1], [f"{margin}example: {as_yaml(value)}"]),)


def _declarations(document: Document, root: Mapping, key: str, name: str) -> list[Span]:
    """What declares ``name`` below ``key``: single parts, or all of ``key`` when nothing else is left there."""
    at = next((index for index, entry in enumerate(root.entries) if entry is root.entry(key)), None)
    found = root.entries[at].value if at is not None else None
    if at is None or not isinstance(found, Mapping | Sequence) or document.yaml is None:
        return []
    text = document.text.value
    if isinstance(found, Mapping):
        names = [entry.name for entry in found.entries]
    else:
        names = [_name_of(document.yaml, item) for item in found.items]
    own = [index for index, each in enumerate(names) if each == name]
    if own and len(own) == len(names):
        return [declaration(text, root, at)]
    return [declaration(text, found, index) for index in own]


def _name_of(tree: YamlTree, item: Node) -> str:
    about = resolve(tree, item)
    name = about.get("name") if isinstance(about, Mapping) else None
    return name.text if isinstance(name, Scalar) else ""


def _anchored(document: Document, tree: YamlTree, spans: list[Span]) -> bool:
    """Whether an anchor would go that an alias elsewhere needs."""
    going = {name for name, node in tree.anchors.items() if any(span.covers(node.span) for span in spans)}
    if not going or tree.root is None:
        return False
    todo: list[Node] = [tree.root]
    while todo:
        node = todo.pop()
        if isinstance(node, Alias) and node.name in going and not any(span.covers(node.span) for span in spans):
            return True
        if isinstance(node, Mapping):
            todo += [part for entry in node.entries for part in (entry.key, entry.value)]
        elif isinstance(node, Sequence):
            todo += node.items
    return False


def _broken(document: Document) -> bool:
    return bool(document.problems_of("yaml-syntax") or document.problems_of("front-matter-unclosed"))
