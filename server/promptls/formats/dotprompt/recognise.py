"""Whether a `*.prompt` file is Dotprompt's: others use the name too, and their files are left in peace.

Known others: Continue (no fence above its header), PromptL (`<step>`, `{{ if x }}`, the model's settings at the top),
DotPrompt of .NET (YAML as a whole), Go's templates (`{{range .x}}`, `{{end}}`), tools that write `{{file:a.md}}`, and
those whose `model` is a map. See prompt-formats.md, section 0.
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from promptls.formats.dotprompt.header import GENKIT, RESERVED, opened
from promptls.prompt.model import Recognised
from promptls.syntax.yaml import resolve
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, YamlTree
from promptls.syntax.yaml_tree import Sequence as YamlSequence
from promptls.text.uris import path_in

KEY = "dotprompt"
TITLE = "Dotprompt"
ENDING = ".prompt"
PARTIAL = "partial"
"""The variant of a file that others include: `_name.prompt`."""

_MAPS = {"input": ("default", "schema"), "output": ("format", "schema"), "config": ()}
_SHARED = ("name", "description", "model", "version", "tools")
"""Keys that other formats have as well."""
_FOREIGN_KEYS = ("provider", "temperature", "type", "maxSteps", "schema", "agents", "top_p", "max_tokens", "prompts")
_TAG = r"\{\{~?"
_OWN = re.compile(
    _TAG
    + r"(?:#?(?:role|section)\s+[\"']|\s*history\s*~?\}|\s*media\s+\w+=|\s*json\s+[\w.@]|#(?:if|unless)Equals\b"
    + r"|#(?:if|unless|each|with)\s|/(?:if|unless|each|with)\s*~?\}|#?>|!--)"
)
_EXPRESSION = re.compile(_TAG + r"\{?\s*(?:this|@?[A-Za-z_][\w.\-/\[\]]*)\s*~?\}\}")
_FOREIGN = re.compile(
    r"\{%-?\s*\w|\{\{\s*(?:if|for)\s+[^{}]{0,200}\}\}|\{\{\s*(?:endif|endfor)\s*\}\}"
    r"|\{\{-?\s*(?:[a-z]\w*\s+)?\.[A-Za-z]|\{\{-?\s*end\s*-?\}\}|\{\{\s*\w+:"
    r"|^[ \t]*</?(?:step|system|user|assistant|message|content-text|content-image)\b[^<>\n]{0,200}>[ \t]*$"
    r"|^[ \t]*<prompt\s+path=",
    re.MULTILINE,
)
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"^[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)", re.MULTILINE)
_MOST_KEYS = 200
_LOOKED_AT = 200_000
"""Characters of a body that are searched for clues."""


class FileName(NamedTuple):
    """``greet.formal.prompt``, ``_header.prompt`` (firebase/genkit 77656d5 ``js/ai/src/prompt.ts``)."""

    name: str
    variant: str
    partial: bool


def file_name(path: str) -> FileName:
    base = posixpath.basename(path_in(path))
    stem = base[: -len(ENDING)] if base.lower().endswith(ENDING) else posixpath.splitext(base)[0]
    partial = stem.startswith("_")
    name, _, variant = stem.removeprefix("_").partition(".")
    return FileName(name, variant, partial)


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    about = file_name(name)
    if as_format == KEY:
        return _named(about, "the configuration or the editor says so")
    if not name.lower().endswith(ENDING):
        return None
    front, tree = opened(text)
    body = text[front.body.start : min(front.body.end, front.body.start + _LOOKED_AT)]
    if front.header is None:
        return _by_body(about, body)
    keys = _keys(tree)
    strong = [key for key in keys if _is_own(key, tree)]
    if strong:
        return _named(about, _listed(strong))
    foreign = _FOREIGN.search(body) is not None or any(_is_foreign(key, tree) for key in keys)
    own = _OWN.search(body)
    if own and not foreign:
        return _named(about, f"`{_shown(own[0])}` in its text")
    if foreign:
        return None
    shared = [key for key in keys if key in _SHARED]
    if shared:
        return _named(about, _listed(shared))
    if _EXPRESSION.search(body):
        return _named(about, "a Handlebars expression in its text")
    # Somebody is writing the header: what is there is nobody else's yet.
    started = all(any(known.startswith(key) for known in (*RESERVED, *GENKIT)) for key in keys)
    return _named(about, "its name and its header") if started else None


def _by_body(about: FileName, body: str) -> Recognised | None:
    """A file without front matter: not one whose header has no fence above, nor one that is YAML as a whole."""
    fence = _FENCE.search(body)
    above = body[: fence.start()] if fence else ""
    if _FOREIGN.search(body) or (fence and _KEY_LINE.search(above)) or _is_yaml(body):
        return None
    own = _OWN.search(body)
    if own:
        return _named(about, f"`{_shown(own[0])}` in its text")
    if _EXPRESSION.search(body):
        return _named(about, "a Handlebars expression in its text")
    return None


def _is_yaml(body: str) -> bool:
    first = next((line for line in body.splitlines() if line.strip() and not line.startswith("#")), "")
    return _KEY_LINE.match(first) is not None and re.search(r"^prompts?[ \t]*:", body, re.MULTILINE) is not None


def _keys(tree: YamlTree | None) -> list[str]:
    root = resolve(tree, tree.root) if tree is not None and tree.root is not None else None
    if isinstance(root, Mapping):
        return [entry.name for entry in root.entries[:_MOST_KEYS] if entry.name]
    return [root.text.strip()] if isinstance(root, Scalar) and root.text.strip() else []


def _is_foreign(key: str, tree: YamlTree | None) -> bool:
    return key in _FOREIGN_KEYS or (key == "model" and isinstance(_value(key, tree), Mapping))


def _value(key: str, tree: YamlTree | None) -> Node | None:
    root = tree.root if tree is not None else None
    return resolve(tree, root.get(key) or root) if tree is not None and isinstance(root, Mapping) else None


def _is_own(key: str, tree: YamlTree | None) -> bool:
    """Whether no other format has such a key."""
    value = _value(key, tree)
    if key in _MAPS:
        if not isinstance(value, Mapping):
            return False
        known = _MAPS[key]
        return not known or any(value.entry(inner) for inner in known)
    if key in ("toolDefs", *GENKIT[:3]):
        return True
    # PromptL has tools as a map.
    return key == "tools" and isinstance(value, YamlSequence)


def _named(about: FileName, why: str) -> Recognised:
    title = f"{TITLE} partial" if about.partial else TITLE
    if about.variant:
        title += f", variant {about.variant}"
    return Recognised(KEY, title, why, PARTIAL if about.partial else "")


def _listed(keys: list[str]) -> str:
    shown = [f"`{key}`" for key in keys[:4]]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def _shown(tag: str) -> str:
    return tag.replace("\n", " ").strip()[:30]
