"""Edits that declare an input, in the style that the file has."""

from __future__ import annotations

from promptls.formats.extent import marker
from promptls.formats.placing import in_flow, is_broken, layout, lines_after, margin_of, new_key
from promptls.formats.prompty.exemplify import more_values
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.prompty.spelling import BEFORE_INPUTS, Keys, declaration_of, flow, placeholder
from promptls.formats.written import as_yaml
from promptls.prompt.model import Document, Prompt
from promptls.prompt.types import ValueType
from promptls.syntax.yaml_tree import Entry, Mapping, Scalar, Sequence
from promptls.text import Edit, Span


def declare_input(document: Document, prompt: Prompt, name: str, type: ValueType) -> tuple[Edit, ...]:
    """Adds a declaration where the file keeps them: v2's list or map, v1's map, or its sample where it has no other.

    None where the inputs stand in another file, or the header is too broken to write into.
    """
    keys = declaration_of(type, prompt.variant)
    if document.yaml is None or document.header is None:
        return _first_header(document, name, keys)
    if is_broken(document):
        return ()
    root = document.yaml.root
    if root is None:
        return _only_key(document, _new_inputs("", "  ", name, keys, prompt.variant))
    if not isinstance(root, Mapping):
        return ()
    entry = root.entry("inputs")
    sample = root.entry("sample")
    if entry is None and sample is not None and version_of(prompt.variant) == V1:
        return more_values(document, sample, {name: placeholder(type)})
    if entry is None:
        return _new_key(document, root, name, keys, prompt.variant)
    return _further(document, entry, name, keys, type, prompt.variant)


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
        one = f"{{{name}: {flow(keys)}}}" if version_of(variant) == V1 else f"[{flow([('name', name), *keys])}]"
        return in_flow(document, root, f"inputs: {one}")
    place = layout(document, root)
    return (new_key(document, root, _new_inputs(place.margin, place.step, name, keys, variant), BEFORE_INPUTS),)


def _new_inputs(margin: str, step: str, name: str, keys: Keys, variant: str) -> list[str]:
    return [f"{margin}inputs:", *_block(margin + step, step, name, keys, as_list=version_of(variant) != V1)]


def _block(margin: str, step: str, name: str, keys: Keys, *, as_list: bool) -> list[str]:
    if as_list:
        return [f"{margin}- name: {as_yaml(name)}", *(f"{margin}  {key}: {value}" for key, value in keys)]
    return [f"{margin}{as_yaml(name)}:", *(f"{margin}{step}{key}: {value}" for key, value in keys)]


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
            return (lines_after(document, last, [f"{dash}- {flow([('name', as_yaml(name, flow=True)), *keys])}"]),)
        return (lines_after(document, last, _block(dash, "  ", name, keys, as_list=True)),)
    return (lines_after(document, found.entries[-1], _in_map_style(document, found, margin, name, keys, type)),)


def _in_map_style(document: Document, found: Mapping, outer: str, name: str, keys: Keys, type: ValueType) -> list[str]:
    margin = margin_of(document, found.entries[0].key.span.start)
    last = found.entries[-1].value
    if isinstance(last, Mapping) and not last.flow:
        step = margin_of(document, last.entries[0].key.span.start)[len(margin) :] or "  "
        return _block(margin, step, name, keys, as_list=False)
    if isinstance(last, Mapping):
        return [f"{margin}{as_yaml(name)}: {flow(keys)}"]
    if _all_plain(found):
        return [f"{margin}{as_yaml(name)}: {placeholder(type)}"]
    return _block(margin, margin[len(outer) :] or "  ", name, keys, as_list=False)


def _in_flow_style(found: Sequence | Mapping, name: str, keys: Keys, type: ValueType) -> str:
    if isinstance(found, Sequence):
        return flow([("name", as_yaml(name, flow=True)), *keys])
    value = placeholder(type) if found.entries and _all_plain(found) else flow(keys)
    return f"{as_yaml(name, flow=True)}: {value}"


def _all_plain(found: Mapping) -> bool:
    """Whether the inputs are given by values: ``firstName: Jane``."""
    return all(isinstance(entry.value, Scalar) and entry.value.value is not None for entry in found.entries)
