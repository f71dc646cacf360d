"""Cards of names in a template: inputs, attributes, loop variables, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from promptls.ide.builtins import host_words, words
from promptls.ide.hover.card import Card
from promptls.ide.hover.words import word_text
from promptls.ide.markdown import bullets, paragraphs, value
from promptls.ide.places import Part
from promptls.prompt.model import MISSING, Document, Input, Prompt, Template
from promptls.prompt.types import ANY, ValueType, member
from promptls.syntax.template.names import EACH, Binding, Use
from promptls.text.markdown import code, escape

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_BINDING_WORDS = {
    "loop": "loop variable",
    "set": "set in the template",
    "macro": "macro",
    "parameter": "parameter of a macro",
    "with": "local name",
    "import": "imported template",
    "block-parameter": "parameter of a block",
}


def name_card(document: Document, prompt: Prompt, template: Template, part: Part, snapshot: Snapshot) -> Card:
    """The card of a name that an expression reads, or of an attribute of it."""
    use = part.use
    item = prompt.input(use.name) if use.name in use.roots else None
    if part.step > 0 and use.builtin:
        return Card(part.span, _builtin(template, *use.names[: part.step + 1]))
    if part.step > 0 or (part.member and item is None):
        return Card(part.span, _attribute(prompt, part, snapshot))
    if use.builtin:
        return Card(part.span, _builtin(template, use.names[0]))
    if use.binding:
        return Card(part.span, _binding(document, prompt, template, use.binding, snapshot))
    if item:
        return Card(part.span, input_text(document, prompt, item, snapshot, seen=1))
    if use.name in prompt.ambient:
        kind = prompt.ambient[use.name]
        return Card(part.span, paragraphs(f"{code(use.name)}: given to every template · {code(str(kind))}"))
    if use.name in host_words(snapshot.config(document.uri).host, "global"):
        return Card(part.span, f"{code(use.name)}: a global of the host application (`templates.globals`)")
    return Card(part.span, _undeclared(prompt, template, use))


def binding_card(document: Document, prompt: Prompt, template: Template, binding: Binding, snapshot: Snapshot) -> Card:
    """The card of a name where the template gives it its value."""
    return Card(binding.span, _binding(document, prompt, template, binding, snapshot))


def declaration_card(document: Document, prompt: Prompt, offset: int, snapshot: Snapshot) -> Card | None:
    """The card of an input where it is declared."""
    for item in prompt.inputs:
        place = item.name_location
        if place.uri == document.uri and place.span.touches(offset):
            return Card(place.span, input_text(document, prompt, item, snapshot))
    return None


def input_text(document: Document, prompt: Prompt, item: Input, snapshot: Snapshot, *, seen: int = 0) -> str:
    """All that is known of an input. ``seen``: uses that the reader is looking at, which are not "other" ones."""
    kind = snapshot.types(prompt).get(item.name, item.type)
    facts = ["input" if item.origin == "declared" else "input, known from the sample only", code(str(kind))]
    if item.required:
        facts.append("required")
    others = sum(use.binding is None and use.name == item.name for use in _uses(prompt)) - seen
    again = {0: "not used elsewhere" if seen else "not used", 1: f"used once{' more' * seen}"}
    return paragraphs(
        f"{code(item.name)}: " + " · ".join(facts),
        escape(item.description),
        bullets(
            [
                f"default {value(item.default)}" if item.default is not MISSING else "",
                f"example {value(item.example)}" if item.example is not MISSING else "",
                "one of " + ", ".join(value(one) for one in item.enum[:12]) if item.enum else "",
                *_sample_lines(prompt, (item.name,), but=(item.default, item.example)),
                again.get(others, f"used {others} {'more ' * seen}times"),
                "read outside of the template as well" if item.name in prompt.also_reads else "",
                _declared_where(document, item) if seen else "",
            ]
        ),
    )


def _declared_where(document: Document, item: Input) -> str:
    place = item.name_location
    if place.uri != document.uri:
        return f"declared in {code(place.uri.rsplit('/', 1)[-1])}"
    line = document.text.line_at(place.span.start) + 1
    return f"declared in line {line}" if item.origin == "declared" else f"written in the sample, line {line}"


def _attribute(prompt: Prompt, part: Part, snapshot: Snapshot) -> str:
    whole = ".".join(part.use.names[: part.step + 1]).replace(f".{EACH}", "[…]").replace(EACH, ".")
    kind = _type_at(prompt, part.path, snapshot)
    if kind is None:
        holder = _type_at(prompt, part.path[:-1] if part.path else None, snapshot) or ANY
        known = ", ".join(code(name) for name in list(holder.properties)[:12])
        return paragraphs(f"{code(whole)} does not exist", f"known: {known}" if known else "")
    source = _origin(part.path) if part.use.binding or part.path != part.use.names[: part.step + 1] else ""
    return paragraphs(
        f"{code(whole)}: attribute · {code(str(kind))}",
        bullets([f"from {code(source)}" if source else "", *_sample_lines(prompt, part.path)]),
    )


def _binding(document: Document, prompt: Prompt, template: Template, binding: Binding, snapshot: Snapshot) -> str:
    word = _BINDING_WORDS.get(binding.kind, "local name")
    kind = _type_at(prompt, binding.path, snapshot) or ANY
    facts = [word, *([code(str(kind))] if not kind.any else [])]
    source = _origin(binding.path)
    if binding.path and binding.path[-1] == EACH:
        comes = f"each element of {code(source.removesuffix('[…]'))}"
    else:
        comes = f"stands for {code(source)}" if source else ""
    line = document.text.line_at(binding.span.start) + 1
    uses = sum(use.binding is binding or use.binding == binding for use in template.analysis.uses)
    return paragraphs(
        f"{code(binding.name)}: " + " · ".join(facts),
        bullets(
            [
                comes,
                *_sample_lines(prompt, binding.path),
                f"bound in line {line}",
                "used once" if uses == 1 else f"used {uses} times",
            ]
        ),
    )


def _builtin(template: Template, name: str, *steps: str) -> str:
    """What the dialect says of ``range`` or of ``loop.index``."""
    kind = "global" if name in words(template.dialect, "global", template.runtime) else "special"
    about: Mapping[str, Any] = words(template.dialect, kind, template.runtime).get(name, {})
    for step in steps:
        about = about.get("members", {}).get(step, {})
    whole = ".".join((name, *steps))
    if not about:
        return f"{code(whole)}: given by {template.dialect.capitalize()}"
    return word_text("attribute" if steps else "global", whole, about, template.dialect)


def _undeclared(prompt: Prompt, template: Template, use: Use) -> str:
    said = "not declared in this file" if prompt.declares else "an input; this file declares none"
    others = sum(one.binding is None and one.name == use.name for one in template.analysis.uses) - 1
    return paragraphs(f"{code(use.name)}: {said}", bullets([f"used {others} more times" if others > 1 else ""]))


def _uses(prompt: Prompt) -> Iterable[Use]:
    return prompt.template.analysis.uses if prompt.template else ()


def _origin(path: tuple[str, ...] | None) -> str:
    return ".".join(path).replace(f".{EACH}", "[…]") if path else ""


def _type_at(prompt: Prompt, path: tuple[str, ...] | None, snapshot: Snapshot) -> ValueType | None:
    if not path:
        return ANY
    root = snapshot.types(prompt).get(path[0])
    return ANY if root is None else member(root, path[1:])


def _sample_lines(prompt: Prompt, path: tuple[str, ...] | None, but: tuple[Any, ...] = ()) -> Iterable[str]:
    """The value that the first sample with one gives, unless it is one of those that are said already."""
    for sample in prompt.samples if path else ():
        found = _value_at(sample.values, path or ())
        if found is not MISSING:
            if not any(found is one for one in but):
                title = f" ({escape(sample.title)})" if len(prompt.samples) > 1 else ""
                yield f"sample{title} {value(found)}"
            return


def _value_at(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    at: Any = values
    for step in path:
        if isinstance(at, dict | Mapping) and step in at:
            at = at[step]
        elif step == EACH and isinstance(at, list) and at:
            at = at[0]
        else:
            return MISSING
    return at
