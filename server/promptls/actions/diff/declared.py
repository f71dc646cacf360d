"""What a prompt declares, before and after, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from promptls.prompt.model import MISSING, Input, Prompt

_LONGEST = 80


def differences(before: Prompt, after: Prompt) -> Iterator[str]:
    """Inputs, model, parameters, tools, shape of the answer; nothing on what is the same."""
    yield from _inputs({item.name: item for item in before.inputs}, {item.name: item for item in after.inputs})
    yield from _model(before, after)
    yield from _tools(before, after)
    yield from _output(before.output, after.output)


def _inputs(before: Mapping[str, Input], after: Mapping[str, Input]) -> Iterator[str]:
    for name, item in after.items():
        if name not in before:
            yield f"Input `{name}` is new ({_about(item)})"
        elif changes := list(_input(before[name], item)):
            yield f"Input `{name}`: {', '.join(changes)}"
    for name in before:
        if name not in after:
            yield f"Input `{name}` is gone"


def _about(item: Input) -> str:
    words = [str(item.type)]
    if item.default is not MISSING:
        words.append(f"default {_shown(item.default)}")
    else:
        words.append("required" if item.required else "optional")
    return ", ".join(words)


def _input(before: Input, after: Input) -> Iterator[str]:
    if before.type != after.type:
        same = str(before.type) == str(after.type)
        yield "its parts changed" if same else f"{before.type} → {after.type}"
    if before.required != after.required:
        yield "now required" if after.required else "no longer required"
    if before.default != after.default:
        yield f"default {_shown(before.default)} → {_shown(after.default)}"
    if before.enum != after.enum:
        yield f"choices {_shown(list(before.enum))} → {_shown(list(after.enum))}"


def _model(before: Prompt, after: Prompt) -> Iterator[str]:
    old, new = before.model, after.model
    if (old.id if old else "") != (new.id if new else ""):
        yield f"Model: {_name(old.id if old else '')} → {_name(new.id if new else '')}"
    if (old.provider if old else "") != (new.provider if new else ""):
        yield f"Provider: {_name(old.provider if old else '')} → {_name(new.provider if new else '')}"
    settings, others = (old.parameters if old else {}), (new.parameters if new else {})
    for name in dict.fromkeys((*settings, *others)):
        was, now = settings.get(name, MISSING), others.get(name, MISSING)
        if was != now:
            yield f"Parameter `{name}`: {_shown(was)} → {_shown(now)}"


def _tools(before: Prompt, after: Prompt) -> Iterator[str]:
    old, new = {tool.name: tool for tool in before.functions}, {tool.name: tool for tool in after.functions}
    for name in dict.fromkeys((*before.tools, *old, *after.tools, *new)):
        was, now = name in old or name in before.tools, name in new or name in after.tools
        if was != now:
            yield f"Tool `{name}` is {'new' if now else 'gone'}"
        elif name in old and name in new and old[name] != new[name]:
            yield f"Tool `{name}` is described otherwise"


def _output(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[str]:
    if before == after:
        return
    if before is None or after is None:
        yield "The shape of the answer is " + ("no longer declared" if after is None else "declared now")
        return
    old, new = before.get("properties"), after.get("properties")
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield "The shape of the answer changed"
        return
    for name in dict.fromkeys((*old, *new)):
        if name not in old or name not in new:
            yield f"Answer: `{name}` is {'new' if name in new else 'gone'}"
        elif old[name] != new[name]:
            yield f"Answer: `{name}` changed"
    if old == new:
        yield "The shape of the answer changed"


def _name(text: str) -> str:
    return f"`{text}`" if text else "none"


def _shown(value: Any) -> str:
    if value is MISSING:
        return "none"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"`{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}`"
