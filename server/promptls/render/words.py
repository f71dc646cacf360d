"""What the template library reports, in words for the person who wrote the template."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from promptls.render.result import RenderError

if TYPE_CHECKING:
    from promptls.workspace.config import HostNames


_TYPES = {
    "str": "a string",
    "int": "a number",
    "float": "a number",
    "bool": "a boolean",
    "list": "a list",
    "tuple": "a list",
    "dict": "an object",
    "NoneType": "nothing",
    "Undefined": "a missing value",
    "builtin_function_or_method": "a function",
    "method": "a function",
    "function": "a function",
    "Macro": "a macro",
}
_TOKENS = {
    "end of print statement": "`}}`",
    "end of statement block": "`%}`",
    "begin of statement block": "`{%`",
    "begin of print statement": "`{{`",
    "end of comment": "`#}`",
    "template data / text": "text",
    "name": "a name",
    "string": "a string",
    "integer": "a number",
    "float": "a number",
    "end of template": "the end of the template",
}

_Word = Callable[["re.Match[str]"], str]


def _type(name: str) -> str:
    name = name.removesuffix(" object")
    return _TYPES.get(name, f"`{name}`")


def _token(name: str) -> str:
    return _TOKENS.get(name, f"`{name}`")


def _unknown_tag(match: re.Match[str]) -> str:
    wanted = re.search(r"innermost block that needs to be closed is '(\w+)'", match.string)
    if wanted and match[1].startswith("end"):
        return f"`{{% {match[1]} %}}` closes nothing: the open block is `{{% {wanted[1]} %}}`"
    if match[1].startswith("end") or match[1] in {"else", "elif"}:
        return f"`{{% {match[1]} %}}` belongs to no open block"
    return f"there is no tag `{{% {match[1]} %}}`"


def _unexpected_end(match: re.Match[str]) -> str:
    wanted = re.search(r"innermost block that needs to be closed is '(\w+)'", match.string)
    return f"`{{% {wanted[1]} %}}` is never closed" if wanted else "the template ends inside of a tag"


_SYNTAX: tuple[tuple[str, _Word], ...] = (
    (r"Encountered unknown tag '(\w+)'", _unknown_tag),
    (r"Unexpected end of template", _unexpected_end),
    (r"unexpected end of template", _unexpected_end),
    (r"unexpected '(.+)', expected '(.+)'", lambda m: f"unexpected `{m[1]}`: `{m[2]}` is missing before it"),
    (r"unexpected char [\"']['\"][\"'] at", lambda m: "a string is never closed"),
    (r"unexpected char (['\"])(.+)\1 at", lambda m: f"`{m[2]}` does not belong in an expression"),
    (r"expected token '(.+)', got '(.+)'", lambda m: f"expected {_token(m[1])} but found {_token(m[2])}"),
    (r"unexpected token '(.+)'", lambda m: f"unexpected {_token(m[1])}"),
    (r"unexpected '(.+)'", lambda m: f"unexpected `{m[1]}`"),
    (r"Missing end of comment tag", lambda m: "the comment is never closed: `#}` is missing"),
    (r"Missing end of raw directive", lambda m: "`{% raw %}` is never closed"),
    (r"Expected an expression, got '(.+)'", lambda m: f"expected an expression but found {_token(m[1])}"),
    (r"[Bb]lock '(.+)' defined twice", lambda m: f"the block `{m[1]}` is defined twice"),
    (r"can't assign to 'const'", lambda m: "a constant cannot be given a value"),
    (r"can't assign to '(.+)'|cannot assign to '(.+)'", lambda m: f"`{m[1] or m[2]}` cannot be given a value"),
    (r"tag name expected", lambda m: "a tag needs a name: `{% name %}`"),
    (r"expected name or number", lambda m: "a name is missing behind the dot"),
    (r"unclosed tag", lambda m: "a tag is never closed: `}}` is missing"),
    (r"unclosed set delimiter", lambda m: "the delimiter tag is not closed: `=}}` is missing"),
    (r'the tag "(.*)" was never closed', lambda m: f"`{{{{#{m[1]}}}}}` is never closed"),
    (r'last open tag is "(.*)"', lambda m: f"the open section is `{m[1]}`, and another one is closed here"),
    (r'Trying to close tag "(.*)"', lambda m: f"`{{{{/{m[1]}}}}}` closes a section that is not open"),
    (r"too many statically nested|too many levels of indentation", lambda m: "blocks are nested too deeply"),
)
_VALUE: tuple[tuple[str, _Word], ...] = (
    (
        r"unsupported operand type\(s\) for (\S+?)(?: or pow\(\))?:? '(.+)' and '(.+)'",
        lambda m: f"`{m[1].rstrip(':')}` does not work between {_type(m[2])} and {_type(m[3])}",
    ),
    (
        r"can only concatenate (\w+) \(not \"(.+)\"\)",
        lambda m: f"`+` does not join {_type(m[1])} and {_type(m[2])}: use `~`",
    ),
    (
        r"'(.+)' not supported between instances of '(.+)' and '(.+)'",
        lambda m: f"`{m[1]}` does not compare {_type(m[2])} with {_type(m[3])}",
    ),
    (r"'(.+)' object is not iterable", lambda m: f"{_type(m[1])} cannot be looped over"),
    (r"object of type '(.+)' has no len", lambda m: f"{_type(m[1])} has no length"),
    (r"'(.+)' object is not callable", lambda m: f"{_type(m[1])} cannot be called"),
    (r"argument of type '(.+)' is not iterable", lambda m: f"`in` cannot look into {_type(m[1])}"),
    (r"'(.+)' object is not subscriptable", lambda m: f"{_type(m[1])} has no elements"),
    (r"access to attribute '(.+)' of", lambda m: f"`{m[1]}` may not be read in a template"),
    (r"is not safely callable", lambda m: "this function may not be called in a template"),
    (r"Range too big", lambda m: "`range` of more than 100,000 steps"),
    (r"division by zero|modulo by zero", lambda m: "division by zero"),
    (r"Exceeds the limit|too many digits", lambda m: "a number of more than 4,300 digits"),
    (r"Result too large|too large to convert|cannot fit '", lambda m: "a number is too large"),
    (
        r"takes .*arguments?|expected (?:at most|at least|exactly)? ?\d+ arguments?",
        lambda m: "a call has the wrong number of arguments",
    ),
    (r"missing (\d+) required positional", lambda m: "a call misses an argument"),
    (r"got an unexpected keyword argument '(.+)'", lambda m: f"a call has an argument `{m[1]}` that is not known"),
    (
        r"can't multiply sequence by non-int of type '(.+)'",
        lambda m: f"`*` repeats by a whole number, not by {_type(m[1])}",
    ),
    (r"bad operand type for unary (.): '(.+)'", lambda m: f"`{m[1]}` does not work on {_type(m[2])}"),
    (r"'(.+)' object cannot be interpreted as an integer", lambda m: f"a whole number is needed, not {_type(m[1])}"),
    (r"type (\w+) doesn't define __(\w+)__", lambda m: f"`{m[2]}` does not work on {_type(m[1])}"),
    (r"expected str instance, (\w+) found", lambda m: f"only strings can be joined here, not {_type(m[1])}"),
    (r"can only join an iterable", lambda m: "only a list can be joined"),
    (r"(%\w) format: .*, not (\w+)", lambda m: f"`{m[1]}` needs a number, not {_type(m[2])}"),
    (
        r"arguments? (?:converted|for format)|Replacement index",
        lambda m: "a format has another number of values than it names",
    ),
    (r"invalid literal for int|could not convert string", lambda m: "a text is no number"),
    (r"unhashable type: '(.+)'", lambda m: f"{_type(m[1])} cannot be a key"),
    (r"values to unpack|cannot unpack", lambda m: "a loop takes another number of names than each element has values"),
    (r"slice step cannot be zero", lambda m: "the step of a slice cannot be 0"),
    (r"expected length >= (\d+)", lambda m: f"the length must be {m[1]} or more"),
    (r"You can only sort by", lambda m: "`dictsort` sorts by `key` or by `value`"),
    (r"at least one item has to be provided", lambda m: "`cycler` needs at least one value"),
)
_HANDLEBARS: tuple[tuple[str, _Word], ...] = (
    (r"^unclosed tag$", lambda m: "a tag is never closed: `}}` is missing"),
    (r"^unclosed block$", lambda m: "a block is never closed"),
    (r"^unclosed raw block (.+)$", lambda m: f"the raw block `{m[1]}` is never closed"),
    (r"^unclosed path$", lambda m: "a `[` in a path is never closed"),
    (r"^unexpected closing tag ?(.*)$", lambda m: f"`{{{{/{m[1]}}}}}` closes a block that is not open"),
    (r"^empty tag$", lambda m: "a tag is empty"),
    (r"^\{\{else\}\} outside a block$", lambda m: "`{{else}}` is in no block"),
    (r"^decorators are not supported$", lambda m: "Dotprompt has no decorators (`{{* …}}`)"),
    (
        r"^#(if|unless|with) requires exactly one argument$",
        lambda m: f"`#{m[1]}` takes one value, no condition",
    ),
    (r"^Must pass iterator to #each$", lambda m: "`{{#each}}` takes one list"),
    (r"^(.*) is not valid$", lambda m: f"`{m[1]}` is no name or path"),
    (r"^(.*) is not a valid number$", lambda m: f"`{m[1]}` is no number: write a digit before the dot"),
    (r"^(.*) is not defined$", lambda m: f"`{m[1]}` has no value in this block"),
    (r"^a partial name must be a string$", lambda m: "the name of a partial must be a string"),
)
_UNDEFINED: tuple[tuple[str, _Word], ...] = (
    (r"^'(.+)' is undefined$", lambda m: f"`{m[1]}` has no value, so it cannot be used like this"),
    (r"^'(.+)' has no attribute '(.+)'$", lambda m: f"there is no `{m[2]}` in {_type(m[1])}"),
    (r"^(.+) has no element (.+)$", lambda m: f"there is no element {m[2]}"),
)


def explain(answer: dict[str, Any], host: HostNames) -> RenderError:
    """The error of a child's answer (``kinds``: names of the exception's classes, ``message``, ``line``)."""
    kinds, message = answer["kinds"], answer["message"]
    line, template = answer.get("line"), answer.get("template") or ""
    kind, text = _explain(kinds, message, host)
    return RenderError(kind, text, line, template, _name(kinds, message))


def _name(kinds: list[str], message: str) -> str:
    if {"HostGlobalError", "HostHelperError"}.intersection(kinds):
        return message
    match = re.match(r"No (?:filter|test) named '(.+?)'|'(\w+)' is undefined$|Missing helper: \"(.+)\"$", message)
    return (match[1] or match[2] or match[3]) if match else ""


def _explain(kinds: list[str], message: str, host: HostNames) -> tuple[str, str]:
    if missing := re.match(r"No (filter|test) named '(.+?)'", message):
        registered = host.filters if missing[1] == "filter" else host.tests
        return "filter", _of_host(missing[1], missing[2], missing[2] in registered)
    if "HostGlobalError" in kinds:
        return "filter", _of_host("global", message, known=True)
    if "HostHelperError" in kinds:
        return "filter", _of_host("helper", message, known=True)
    if helper := re.match(r'Missing helper: "(.+)"$', message):
        return "filter", _of_host("helper", helper[1], known=False)
    if partial := re.match(r"The partial (.+) could not be found$", message):
        return "include", f"there is no partial `{partial[1]}`"
    if "ValueError" in kinds and (words := _first(_HANDLEBARS, message)):
        return "syntax", words
    for name, kind, words in _BY_CLASS:
        if name in kinds:
            return kind, words
    if "UndefinedError" in kinds:
        return "undefined", _first(_UNDEFINED, message) or "a value is missing"
    if "TemplateNotFound" in kinds or "TemplatesNotFound" in kinds:
        return "include", f"there is no template `{message}` to include"
    if {"TemplateSyntaxError", "ChevronError", "SyntaxError"}.intersection(kinds):
        return "syntax", _first(_SYNTAX, message) or message.rstrip(".")
    if kinds[0] == "IndexError" and "string index" in message:
        return "syntax", "a tag is empty"
    return "value", _first(_VALUE, message) or f"an expression cannot be computed: {message[:200] or kinds[0]}"


_BY_CLASS = (
    ("MemoryError", "memory", "not rendered: the template needs more memory than the limit of 512 MB"),
    (
        "RecursionError",
        "recursion",
        "not rendered: the template calls or includes itself without an end, or is nested too deeply",
    ),
    ("OutputLimitError", "output", "not rendered: the text grows over the limit of 1 MiB"),
)


def _of_host(kind: str, name: str, known: bool) -> str:
    if known:
        where = f"templates.{kind}s"
        return f"not rendered: {kind} `{name}` is registered by your application ({where}), so only it can render this"
    listed = f"`templates: {kind}s:`"
    return f"there is no {kind} `{name}`; if your application registers it, list it in promptls.yaml under {listed}"


def _first(table: tuple[tuple[str, _Word], ...], message: str) -> str:
    for pattern, word in table:
        if match := re.search(pattern, message):
            return word(match)
    return ""
