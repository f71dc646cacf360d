"""Holds a model's answer against the declared shape: is it JSON, and does it fit; each difference at its place.

A prompt's schema is a stranger's: nothing is fetched for it, and neither a regular expression that may take for ever
nor parts that lead into each other keep anybody waiting. What cannot be checked is not complained about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from promptls.schema import words
from promptls.schema.check import LIMITS
from promptls.schema.patterns import is_affordable
from promptls.syntax.json_places import json_places
from promptls.syntax.yaml_tree import Path
from promptls.text import Span

MOST: Final = 50
_STEPS: Final = 50_000
_LONGEST_UNIQUE: Final = 500
_LONGEST_MARK: Final = 200
"""Characters of a value that are underlined whole; of a longer one the first."""
_FENCE = re.compile(r"(```+)[ \t]*[\w.+-]*[ \t]*\r?\n(.*?)\r?\n?\1`*[ \t]*\Z", re.DOTALL)
_DEEPEST_NULL: Final = 50
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """``kind``: ``not-json``, ``fenced`` (JSON in a code fence) or ``misfit``. ``span``: in the answer's text.
    ``path``: of the value that does not fit."""

    kind: str
    span: Span
    message: str
    path: Path = ()


class _EnoughError(Exception):
    pass


class _ConstantError(ValueError):
    """`NaN` and the like, which Python reads and JSON does not know."""


def answer_problems(text: str, schema: Mapping[str, Any]) -> tuple[AnswerProblem, ...]:
    """What is wrong with an answer that is to be of the shape ``schema``, in the order of the text, at most ``MOST``.

    Nothing for an empty answer and for a shape that any text has.
    """
    inner, fence = _json_in(text)
    if inner.empty or _takes_text(schema):
        return ()
    data = _read(text, inner)
    if isinstance(data, AnswerProblem):
        return (data,)
    problems = []
    if fence is not None:
        message = (
            "The JSON stands in a code fence, so a program that reads the answer as JSON fails: "
            "ask for JSON without one, or use a model that keeps to a schema"
        )
        problems.append(AnswerProblem("fenced", fence, message))
    found = misfits(_left_out(data[0], schema), schema)
    places = json_places(text[: inner.end], {path for path, _, _ in found}, inner.start)
    for path, is_key, message in found:
        place = places.get(path)
        span = Span(inner.start, inner.start + 1) if place is None else place.value
        if place is not None and is_key and place.key is not None:
            span = place.key
        elif is_key or span.end - span.start > _LONGEST_MARK:
            span = Span(span.start, span.start + 1)
        problems.append(AnswerProblem("misfit", span, message, path))
    return tuple(sorted(problems, key=lambda problem: problem.span))


def _left_out(data: Any, schema: Any, depth: int = 0) -> Any:
    """The data without the nulls of optional properties: where a provider is asked to be strict, null is its only way
    to leave one out."""
    if not isinstance(schema, Mapping) or depth > _DEEPEST_NULL:
        return data
    if isinstance(data, list):
        return [_left_out(item, schema.get("items"), depth + 1) for item in data]
    properties = schema.get("properties")
    if not isinstance(data, dict) or not isinstance(properties, Mapping):
        return data
    required = schema.get("required")
    needed = required if isinstance(required, list) else ()
    return {
        name: _left_out(value, properties.get(name), depth + 1)
        for name, value in data.items()
        if value is not None or name in needed or name not in properties
    }


def answer_data(text: str) -> Any:
    """What the answer says as JSON, also from inside of a code fence. Raises ValueError where it is none."""
    data = _read(text, _json_in(text)[0])
    if isinstance(data, AnswerProblem):
        raise ValueError(data.message)
    return data[0]


def misfits(data: Any, schema: Mapping[str, Any]) -> list[tuple[Path, bool, str]]:
    """``(path, whether it is about the key, sentence)`` of each difference; nothing where it cannot be checked."""
    found: dict[tuple[Path, bool, str], None] = {}
    for error in _errors(data, schema):
        for one in _said(error):
            found[one] = None
    return list(found)[:MOST]


def _errors(data: Any, schema: Mapping[str, Any]) -> list[Any]:
    from referencing import Registry

    found: list[Any] = []
    try:
        validator: Any = _careful()(dict(schema), registry=Registry())
        found.extend(islice(validator.iter_errors(data), MOST))
    except Exception:
        # A schema may be wrong in every way that there is; `invalid-output-schema` tells of it, at its place.
        return found
    return found


def _json_in(text: str) -> tuple[Span, Span | None]:
    """The span that should be JSON, and the opening line of a code fence around it."""
    start = len(text) - len(text.lstrip(_BLANKS))
    end = len(text.rstrip(_BLANKS))
    fenced = _FENCE.match(text, start, end) if text.startswith("```", start) else None
    if fenced is None:
        return Span(start, max(start, end)), None
    inner = fenced[2]
    begin = fenced.start(2) + len(inner) - len(inner.lstrip(_BLANKS))
    line = re.compile(r"[^\r\n]*").match(text, start)
    return Span(begin, max(begin, fenced.start(2) + len(inner.rstrip(_BLANKS)))), Span(start, line.end() if line else 0)


def _read(text: str, inner: Span) -> tuple[Any] | AnswerProblem:
    """The data in a tuple of one, since null is data as well."""
    written = inner.slice(text)
    if written.startswith("`"):
        return AnswerProblem("not-json", inner, "The answer is a code fence that never ends: it was cut off")
    if not re.match(r'[{\["0-9tfn-]', written):
        line = Span(inner.start, inner.start + len(written.splitlines()[0]))
        return AnswerProblem("not-json", line, "The answer is text and should be JSON of the declared shape")
    try:
        return (json.loads(written, parse_constant=_no_constant),)
    except json.JSONDecodeError as error:
        return _broken(written, inner.start, error)
    except _ConstantError as error:
        message = f"The answer holds `{error}`, which is a number to some languages and nothing to JSON"
        return AnswerProblem("not-json", _found(text, inner, str(error)), message)
    except (ValueError, RecursionError):
        message = "The answer nests too deep, or a number in it is too long, for programs to read it"
        return AnswerProblem("not-json", Span(inner.start, inner.start + 1), message)


def _no_constant(name: str) -> Any:
    raise _ConstantError(name)


def _found(text: str, inner: Span, word: str) -> Span:
    at = text.find(word, inner.start, inner.end)
    return Span(at, at + len(word))


def _broken(written: str, start: int, error: json.JSONDecodeError) -> AnswerProblem:
    at = min(error.pos, len(written) - 1)
    if error.pos >= len(written) or error.msg.startswith("Unterminated"):
        place = Span(start + len(written) - 1, start + len(written))
        return AnswerProblem("not-json", place, "The JSON ends before its end: the answer was cut off")
    if error.msg == "Extra data":
        rest = written[at:].splitlines()[0]
        message = "There is more behind the JSON: the answer should be nothing else"
        return AnswerProblem("not-json", Span(start + at, start + at + max(len(rest), 1)), message)
    why = _EXPECTED.get(error.msg, "this is out of place")
    before = written[:at].rstrip(_BLANKS)
    if written[at] in "}]" and before.endswith(","):
        at, why = len(before) - 1, f"the comma before `{written[at]}` is one too many"
    message = f"The answer is not JSON from here on: {why}"
    return AnswerProblem("not-json", Span(start + at, start + at + 1), message)


_EXPECTED: Final = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Illegal trailing comma before end of object": "the comma before `}` is one too many",  # Python 3.13
    "Illegal trailing comma before end of array": "the comma before `]` is one too many",
    "Invalid \\escape": "`\\` stands before a character that needs none",
    "Invalid \\uXXXX escape": "`\\u` needs four digits behind it",
    "Invalid control character at": "a line end or tab in a text has to be written as `\\n` or `\\t`",
}


def _takes_text(schema: Mapping[str, Any]) -> bool:
    named = schema.get("type")
    return named == "string" or (isinstance(named, list) and "string" in named)


def _careful() -> Any:
    """The standard's validator with a limit to its steps, and without what may take for ever in one of them."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    left = _STEPS

    def counted(check: Callable[..., Any]) -> Callable[..., Any]:
        def run(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise _EnoughError
            return check(validator, rule, instance, schema)

        return run

    checks: dict[str, Any] = {name: counted(check) for name, check in Draft202012Validator.VALIDATORS.items()}
    usual = dict(checks)

    def pattern(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
        if isinstance(instance, str) and is_affordable(str(rule), len(instance)):
            return usual["pattern"](validator, rule, instance, schema)
        return ()

    def by_pattern(name: str) -> Callable[..., Any]:
        def run(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
            patterns = schema.get("patternProperties") or {}
            longest = max(map(len, instance), default=0) if isinstance(instance, dict) else 0
            if not all(is_affordable(str(each), longest) for each in patterns):
                return ()
            return usual[name](validator, rule, instance, schema)

        return run

    def unique(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
        short = isinstance(instance, list) and len(instance) <= _LONGEST_UNIQUE
        return usual["uniqueItems"](validator, rule, instance, schema) if short else ()

    checks |= {name: by_pattern(name) for name in ("patternProperties", "additionalProperties")}
    checks |= {"pattern": pattern, "uniqueItems": unique}
    make: Any = extend
    return make(Draft202012Validator, checks)


def _said(error: Any, around: Path = ()) -> Iterator[tuple[Path, bool, str]]:
    """One error of jsonschema in our words."""
    path: Path = (*around, *error.relative_path) if around else tuple(error.absolute_path)
    rule, value, name = error.validator_value, error.instance, _name(path)
    match error.validator:
        case "required":
            for key in rule:
                if key not in value:
                    yield path, True, f"`{words.short(str(key))}` is missing" + (f" in {name}" if path else "")
        case "additionalProperties" | "unevaluatedProperties" if rule is False:
            known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
            for key in value:
                if error.validator == "additionalProperties" and key not in known:
                    near = words.nearest(key, tuple(each for each in known if each not in value))
                    meant = f"; did the model mean `{near}`?" if near else ""
                    yield (*path, key), True, f"`{words.short(key)}` is not in the declared shape{meant}"
        case "type":
            types = [rule] if isinstance(rule, str) else list(rule)
            yield path, False, f"{name} must be {words.expected(types)}, not {_shown(value)}"
        case "enum" | "const":
            known = [rule] if error.validator == "const" else list(rule)
            yield path, False, f"{name} must be {words.one_of(known)}, not {_shown(value)}"
        case "anyOf" | "oneOf" if error.context:
            yield from _of_branches(error, path, name)
        case "oneOf":
            yield path, False, f"{name} fits more than one of the shapes that are declared for it"
        case "maxLength":
            yield path, False, f"{name} has {len(value)} characters, and may have at most {rule}"
        case word if word in LIMITS:
            yield path, False, f"{name} {LIMITS[word](rule)}"
        case word:
            yield path, False, f"{name} does not keep to `{word}` of the declared shape"


def _of_branches(error: Any, path: Path, name: str) -> Iterator[tuple[Path, bool, str]]:
    """The branch that was meant is the one whose errors lie deepest; where none is begun, all types are named."""
    branches: dict[int, list[Any]] = {}
    for each in error.context:
        branches.setdefault(int(each.relative_schema_path[0]), []).append(each)
    begun = [each for each in branches.values() if not any(one.validator == "type" and not one.path for one in each)]
    if begun:
        best = max(begun, key=lambda each: (max(len(one.relative_path) for one in each), -len(each)))
        for one in best:
            yield from _said_below(one, path)
        return
    types = [one.validator_value for each in branches.values() for one in each if one.validator == "type"]
    flat = [name for each in types for name in ([each] if isinstance(each, str) else each)]
    yield path, False, f"{name} must be {words.expected(list(dict.fromkeys(flat)))}, not {_shown(error.instance)}"


def _said_below(error: Any, path: Path) -> Iterator[tuple[Path, bool, str]]:
    for below, is_key, message in _said(error):
        yield below or path, is_key, message


def _name(path: Path) -> str:
    last = path[-1] if path else None
    if last is None:
        return "The answer"
    if isinstance(last, int):
        return f"item {last + 1}" + (f" of `{words.short(str(path[-2]))}`" if len(path) > 1 else "")
    return f"`{words.short(last)}`"


def _shown(value: Any) -> str:
    return "`null`" if value is None else words.shown(value)
