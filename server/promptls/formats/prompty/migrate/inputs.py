"""``inputs``, ``sample`` and ``outputs`` of v1 as v2 writes them.

0.1.50 fills an input that nobody gives a value from ``sample`` and from nothing else; v2 from ``default``. So a sample
becomes the defaults, and what v1 wrote as a default gives way to it.
"""

from __future__ import annotations

from typing import Any

from promptls.formats.outline import Group, Item, Listing, new, opened, scalar_text, with_scalar
from promptls.formats.prompty.inputs import is_settings, sample_file
from promptls.formats.prompty.migrate.draft import Draft, scalars
from promptls.formats.prompty.samples import stripped
from promptls.formats.prompty.spelling import declaration_of
from promptls.formats.prompty.types import RICH_KINDS, named_type
from promptls.formats.written import as_yaml
from promptls.prompt.types import ValueType, type_of
from promptls.syntax.yaml_tree import Mapping, Scalar

_KINDS = {
    "string": "string",
    "boolean": "boolean",
    "array": "array",
    "object": "object",
    "integer": "integer",
    "int": "integer",
    "number": "float",
    "float": "float",
    "double": "float",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
}


def migrate_inputs(draft: Draft) -> None:
    item, sample = draft.root.item("inputs"), draft.root.item("sample")
    values = _sample_values(draft, sample) if sample is not None else {}
    if item is None and sample is not None and values:
        item = _in_place_of(draft, sample)
    inputs = opened(draft.source.text, item) if item is not None else None
    if isinstance(inputs, Group):
        for each in [each for each in inputs.items if each.key]:
            _input(draft, each, values.pop(each.name, None))
        for name, value in values.items():
            inputs.items.append(_of_sample(draft, name, value, inputs))
    elif isinstance(inputs, Listing):
        _listed(draft, inputs, values)
    elif item is not None and item.node is not None and (draft.written(item) or values):
        draft.lose(item.span, "`inputs` stand in another file, which is left as it is", breaks=True)
    elif item is not None and values:
        item.value = Group([_of_sample(draft, name, value, Group()) for name, value in values.items()])
    sample = draft.root.item("sample")
    if sample is not None:
        draft.remove(draft.root, sample)


def migrate_outputs(draft: Draft) -> None:
    item = draft.root.item("outputs")
    outputs = opened(draft.source.text, item) if item is not None else None
    if item is None or not isinstance(outputs, Group | Listing):
        return
    old = False
    for each in outputs.items:
        about = each.value if isinstance(outputs, Listing) else draft.open(each) if each.key else None
        if isinstance(about, Group):
            old = _kind(draft, about, each.name or scalar_text(about.item("name")), MISSING_VALUE) or old
    if old and draft.v1:
        draft.lose(item.span, "v2 asks the model for JSON of the shape in `outputs`; v1 only described the answer")


def migrate_tools(draft: Draft) -> None:
    """``type`` and ``id`` of tools, as files on the way to v2 have them."""
    item = draft.root.item("tools")
    tools = opened(draft.source.text, item) if item is not None and item.node is not None else None
    for each in tools.items if isinstance(tools, Group | Listing) else ():
        about = each.value if isinstance(tools, Listing) else draft.open(each) if each.key else None
        if not isinstance(about, Group):
            continue
        for old, renamed in (("type", "kind"), ("id", "name")):
            said = about.item(old)
            if said is not None and about.item(renamed) is None:
                said.key = said.name = renamed
        parameters = about.item("parameters")
        inner = opened(draft.source.text, parameters) if parameters is not None else None
        for one in inner.items if isinstance(inner, Group | Listing) else ():
            declared = one.value if isinstance(inner, Listing) else draft.open(one) if one.key else None
            if isinstance(declared, Group) and declared.item("type") is not None:
                _kind(draft, declared, one.name, MISSING_VALUE)


class _NoValue:
    pass


MISSING_VALUE = _NoValue()


def _sample_values(draft: Draft, sample: Item) -> dict[str, Item]:
    """The entries of the sample by name, as they are written; those of a file are written anew."""
    group = draft.open(sample)
    if group is not None:
        for line in group.tail:
            if line.strip():
                sample.above.append(" " * sample.column + line.strip())
        return {each.name: each for each in group.items if each.key}
    if sample.node is None or not draft.written(sample):
        return {}
    found = sample_file(draft.source, sample.node)
    there, node = found if found is not None else (None, None)
    if there is None or not isinstance(node, Mapping):
        why = f"The sample in `{draft.written(sample)}` cannot be read"
        draft.drop(draft.root, sample, why, breaks=True)
        return {}
    data = there.data(node)
    made = {}
    for name, value in data.items() if isinstance(data, dict) else ():
        made[str(name)] = _made(str(name), stripped(value) if not draft.promptflow else value, sample)
    return made


def _made(name: str, value: Any, like: Item) -> Item:
    item = new(as_yaml(name), as_yaml(value), like)
    item.name = name
    text = value if isinstance(value, str) else ""
    item.node = Scalar(like.span, text, value)
    return item


def _in_place_of(draft: Draft, sample: Item) -> Item:
    """The inputs that a sample alone declares."""
    item = Item("inputs", Group(), sample.above, sample.column, "inputs", span=sample.span)
    if isinstance(sample.value, Group):
        item.value = Group(beside=sample.value.beside, step=sample.value.step)
    draft.root.items[draft.root.at(sample)] = item
    return item


def _value(draft: Draft, item: Item) -> Any:
    """The data of an entry of the sample, also of one from a file."""
    made = isinstance(item.node, Scalar) and item.node.span == item.span and not isinstance(item.node.value, str | None)
    return item.node.value if made and isinstance(item.node, Scalar) else draft.data(item)


def _of_sample(draft: Draft, name: str, value: Item, inputs: Group) -> Item:
    """The declaration of an input that only the sample names."""
    about = Group(flow=inputs.flow)
    item = Item(value.key, about, value.above, value.column, name, span=value.span)
    value.above = []
    for key, word in _declared(draft, name, value):
        about.items.append(new(key, word, value))
    _default(draft, about, name, value)
    return item


def _declared(draft: Draft, name: str, value: Item | None) -> list[tuple[str, str]]:
    shown = type_of(_value(draft, value)) if value is not None else ValueType()
    if len(shown.kinds - {"null"}) != 1:
        shown = draft.reads.get(name, ValueType())
    elif "array" in shown.kinds and (shown.items is None or shown.items.any):
        read = draft.reads.get(name)
        shown = ValueType(shown.kinds, items=read.items if read is not None else None)
    return declaration_of(shown, "v2")


def _default(draft: Draft, about: Group, name: str, value: Item) -> None:
    """The sample as the default; below the others, as it can be long."""
    if _value(draft, value) is None:
        draft.lose(value.span, f"The sample of `{name}` is null, which v2 takes for no value", breaks=True)
    value.key = value.name = "default"
    about.items.append(value)
    for scalar, depth in scalars(value.node):
        word = scalar.text.strip()
        if isinstance(scalar.value, str) and word.startswith("${") and word.endswith("}") and depth:
            draft.lose(value.span, f"v2 does not look up `{word}` inside of a default", breaks=True)


def _input(draft: Draft, item: Item, value: Item | None) -> None:
    about = draft.open(item)
    if about is None or not is_settings(draft.data(item) if item.node is not None else {}):
        _plain(draft, item, value)
        return
    _kind(draft, about, item.name, value if value is not None else MISSING_VALUE)
    _give_default(draft, about, item.name, value)


def _plain(draft: Draft, item: Item, value: Item | None) -> None:
    """``question: What is the meaning of life?``: the value is what the input is filled with."""
    if draft.v1 or value is not None or item.node is not None:
        given = value
        if given is None and (draft.written(item) or item.node is None):
            given = Item("default", item.value, [], item.column, "default", item.node, item.span)
        about = Group()
        for key, word in _declared(draft, item.name, given):
            about.items.append(new(key, word, item))
        if given is not None:
            _default(draft, about, item.name, given)
        item.value = about


def _kind(draft: Draft, about: Group, name: str, value: object) -> bool:
    """``type`` as ``kind``, with what an array has to say. Whether there was a ``type``."""
    said = about.item("type")
    if said is not None and about.item("kind") is None:
        word = scalar_text(said)
        kind = _KINDS.get(word, word if word in RICH_KINDS else "string")
        if kind == "float" and word == "number" and isinstance(value, Item) and type(_value(draft, value)) is int:
            kind = "integer"
        if word != kind and word not in _KINDS:
            draft.lose(said.span, f"`{word}` is no type that v2 knows; `{name}` is declared as `{kind}`")
        with_scalar(said, draft.written(said), kind)
        said.key = said.name = "kind"
    elif said is not None:
        draft.drop(about, said, f"`type` of `{name}` stands beside `kind`, which counts in v2")
    else:
        kind = scalar_text(about.item("kind"))
        if not kind and about.item("kind") is None:
            shown = value if isinstance(value, Item) else about.item("default") or about.item("sample")
            for at, (key, word) in enumerate(_declared(draft, name, shown)):
                about.items.insert(at, new(key, word))
    _kinds_below(draft, about, name)
    enum = about.item("enum")
    if enum is not None and about.item("enumValues") is None:
        enum.key = enum.name = "enumValues"
    if said is not None and about.item("kind") is not None and kind == "array" and about.item("items") is None:
        words = dict(_declared(draft, name, value if isinstance(value, Item) else about.item("default")))
        items = words.get("items") or dict(declaration_of(named_type("array"), "v2"))["items"]
        about.items.insert(about.at(about.item("kind") or said) + 1, new("items", items, said))
    return said is not None


def _kinds_below(draft: Draft, about: Group, name: str) -> None:
    """``items`` and ``properties`` are declarations of their own; v1 reads none, but files have them."""
    items, properties = about.item("items"), about.item("properties")
    below = [draft.open(items)] if items is not None else []
    if properties is not None:
        inner = opened(draft.source.text, properties)
        below += [draft.open(each) for each in inner.items if each.key] if isinstance(inner, Group) else []
    for group in below:
        if group is not None and group.item("type") is not None:
            _kind(draft, group, name, MISSING_VALUE)


def _give_default(draft: Draft, about: Group, name: str, value: Item | None) -> None:
    old, inner = about.item("default"), about.item("sample")
    if value is None and inner is not None:
        about.items.remove(inner)
        value = inner
    elif inner is not None:
        draft.drop(about, inner, f"`sample` of `{name}` stands beside the header's `sample`, which counts in v1")
    if value is None:
        if old is not None and draft.v1 and not draft.promptflow:
            draft.lose(old.span, f"v2 fills in the `default` of `{name}`, which 0.1.50 did not", breaks=True)
        return
    if old is not None and draft.data(old) == _value(draft, value):
        about.items[about.at(old)].above += value.above
        return
    if old is not None:
        draft.drop(about, old, f"v1 filled `{name}` from the sample, so its own `default` gives way to it")
    _default(draft, about, name, value)


def _listed(draft: Draft, inputs: Listing, values: dict[str, Item]) -> None:
    for each in inputs.items:
        about = each.value
        if isinstance(about, Group):
            name = scalar_text(about.item("name"))
            value = values.pop(name, None)
            _kind(draft, about, name, value if value is not None else MISSING_VALUE)
            _give_default(draft, about, name, value)
    for name, value in values.items():
        about = Group()
        about.items = [new("name", value.key), *(new(key, word) for key, word in _declared(draft, name, value))]
        item = Item("", about, value.above, value.column, span=value.span)
        value.above = []
        _default(draft, about, name, value)
        inputs.items.append(item)
