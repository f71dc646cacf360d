"""yaml-portability: a value that is one thing in YAML 1.1 and another in YAML 1.2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from promptls.prompt.model import MISSING, Document, Input
from promptls.prompt.types import ANY, ValueType
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.fits import misfit
from promptls.rules.reported import header_is_broken
from promptls.schema.describe import describe
from promptls.schema.files import load
from promptls.syntax.yaml import to_data
from promptls.syntax.yaml_core import plain_value
from promptls.syntax.yaml_old import plain_value_11
from promptls.syntax.yaml_quote import quoted
from promptls.syntax.yaml_tree import Path, Scalar, scalars

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_VALUES = ("default", "example", "sample", "enumValues")
_MOST = 200
"""Values that the schema is asked about: who has more has one habit many times."""
_TYPED = {"string": "string", "number": "number", "integer": "integer", "boolean": "boolean"}


@rule("yaml-portability", severity=Severity.INFORMATION, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Python's loaders read the header as YAML 1.1, where `yes` and `off` are true and false, `014` is twelve and
    `1:30` is ninety; the loaders of other languages read YAML 1.2, where only `0o14` is twelve and `1e3` is a number.
    Said of the values of inputs and of keys with a type, where the difference reaches the prompt or the model.

    -- call.prompty --
    ---
    name: call
    inputs:
      - name: code
        kind: string
        default: 1:30
                 ^^^^ yaml-portability: `1:30` is the number 90 in YAML 1.1 and the text `1:30` in YAML 1.2
    ---
    user:
    {{ code }}
    """
    if document.schema is None or document.yaml is None or document.yaml.root is None or header_is_broken(document):
        return
    if "yaml11" not in load(document.schema).get("x-promptls", {}):
        return
    said = {violation.span for violation in snapshot.violations(document)}
    inputs = {item.path: item for prompt in document.prompts for item in prompt.inputs if item.path}
    names = {item.name_location.span for item in inputs.values() if item.name_location.uri == document.uri}
    data: Any = None
    left = _MOST
    for path, node, is_key in scalars(document.yaml.root):
        if node.style != "plain" or node.tag or node.span in said:
            continue
        old, new = plain_value_11(node.text), node.value
        if _same(old, new) or (is_key and (node.span not in names or isinstance(old, str))):
            continue
        left -= 1
        if left < 0:
            return
        data = to_data(document.yaml) if data is None else data
        type = ANY if is_key else _type_at(document.schema, data, path, inputs)
        if type is not None:
            message = f"`{node.text}` is {_words(old)} in YAML 1.1 and {_words(new)} in YAML 1.2"
            yield Finding(document.location(node.span), message, _fixes(document, node, type, (old, new)))


def _type_at(schema: str, data: Any, path: Path, inputs: dict[Path, Input]) -> ValueType | None:
    """What the value is to be; None where its type makes no difference to anybody."""
    for length in range(1, len(path) + 1):
        item = inputs.get(path[:length])
        if item is None:
            continue
        rest = path[length:]
        if item.origin == "sample" or not rest:
            return ANY
        if rest[0] in _VALUES:
            value = item.default if rest[0] == "default" else item.example
            if rest[0] != "enumValues" and value is not MISSING and misfit(value, item.type):
                # That it does not fit its declaration has a finding of its own.
                return None
            return item.type if len(rest) == 1 or rest[0] == "enumValues" else ANY
    card = describe(schema, data, path)
    kinds = frozenset(_TYPED[word] for word in (card.type.split(" or ") if card else ()) if word in _TYPED)
    return ValueType(kinds) if kinds else None


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and (old == new or old != old)


def _words(value: Any) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {value:g}" if isinstance(value, float) else f"the number {value}"
    return f"the text `{value}`"


def _fixes(document: Document, node: Scalar, type: ValueType, readings: tuple[Any, Any]) -> tuple[Fix, ...]:
    """Quotes where it may be a text, else each reading that fits, written so that all agree."""
    place = document.location(node.span)
    if type.any or "string" in type.kinds:
        return (Fix.replace("Put it in quotes", place, quoted(node.text)),)
    written = []
    for value in readings:
        if isinstance(value, bool) and "boolean" in type.kinds:
            written.append(str(value).lower())
        elif isinstance(value, int | float) and not isinstance(value, bool) and type.kinds & {"integer", "number"}:
            written.append(str(int(value)) if float(value).is_integer() else repr(value))
    fitting = [text for text in dict.fromkeys(written) if _same(plain_value_11(text), plain_value(text))]
    return tuple(Fix.replace(f"Write `{text}`", place, text, preferred=len(fitting) == 1) for text in fitting)
