"""Role lines in a template: ``system:`` or ``# system:`` alone on a line.

As promptflow splits a chat prompt (promptflow-tools ``common.py``, ``parse_chat``): by
``(?i)^\\s*#?\\s*(role)\\s*:\\s*\\n`` over the rendered text. The pattern here does the same, in linear time.
"""

from __future__ import annotations

import re

from promptls.prompt.model import RoleLine
from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import TemplateTree
from promptls.text import Span

ROLES = ("system", "user", "assistant", "developer", "tool", "function")
"""In the order to offer them."""
LINE = re.compile(r"(?im)^[^\S\n]*+(?:#\s*+)?(" + "|".join(ROLES) + r")\s*+:[^\S\n]*+\n")

_SPEAKERS = ("system", "developer", "user", "assistant")
_OF_SETTINGS = re.compile(
    r"(?:[^\S\n]*+\n)*+(?:[ \t]++(?:- ++)?[\w.\"'/-]++[ \t]*+:(?:\s|\Z)|[ \t]*+- \S|[ \t]*+[\w.\"'/-]++[ \t]*+=)"
)
"""Below a line: a key of YAML, an item of a list, a value that is set."""
_TAGS = {"{%": "%}", "{#": "#}", "{{!": "}}"}
_TAG = re.compile(r"\{[%#]|\{\{!")


def shown(text: str, tree: TemplateTree) -> str:
    """The template with comments and tags blanked out, as they leave no text; every line end is ``\\n``."""
    start = tree.span.start
    flat = tree.span.slice(text).replace("\r\n", " \n").replace("\r", "\n")
    spans: list[Span] = []
    for node in tree.root.walk_bodies():
        if node.kind in ("comment", "statement", "delimiters"):
            spans.append(node.span)
        elif node.kind in ("block", "branch", "raw"):
            spans += [span for span in (node.tag, node.close) if span is not None]
    pieces, done = [], 0
    for span in sorted(spans):
        begin, end = span.start - start, span.end - start
        if begin >= done:
            pieces += [flat[done:begin], " " * (end - begin)]
            done = end
    return "".join([*pieces, flat[done:]])


def role_lines(text: str, tree: TemplateTree) -> tuple[RoleLine, ...]:
    """The lines that start a message, in the order of the text."""
    seen = shown(text, tree)
    start = tree.span.start
    found = list(LINE.finditer(seen))
    ends = [seen.rfind("\n", 0, _first(match)) + 1 for match in found[1:]]
    return tuple(
        RoleLine(
            match[1].lower(),
            Span(_first(match), seen.index(":", match.end(1)) + 1).shift(start),
            Span(*match.span(1)).shift(start),
            Span(match.end(), end).shift(start),
        )
        for match, end in zip(found, [*ends, len(seen)], strict=False)
    )


def speakers(text: str, body: Span, roles: tuple[RoleLine, ...]) -> list[str]:
    """The roles of a file that is a conversation by its role lines; none where they may well be something else.

    ``user:`` is a key of YAML too, ``# user:`` a comment in a configuration, ``User:`` a heading in a letter. So a
    line counts where it is written small, not indented, and no settings stand below it. One alone has to stand on
    top; with ``#``, two have to speak, the first on top.
    """
    lines = [role for role in roles if _is_plain(text, role)]
    names = list(dict.fromkeys(role.role for role in lines))
    if not lines or len(lines) < len(roles) / 2:
        return []
    first = lines[0]
    on_top = not _without_tags(text[body.start : first.span.start]).strip()
    marked = first.span.start < first.role_span.start
    return names if (len(names) > 1 and (on_top or not marked)) or (on_top and not marked) else []


def text_above(text: str, tree: TemplateTree, roles: tuple[RoleLine, ...]) -> tuple[Problem, ...]:
    """What stands above the first role line, apart from white space, comments and tags."""
    if not roles:
        return ()
    above = shown(text, tree)[: roles[0].span.start - tree.span.start]
    if not above.strip():
        return ()
    start = len(above) - len(above.lstrip())
    span = Span(start, len(above.rstrip())).shift(tree.span.start)
    message = (
        "The text above the first role line becomes a `system` message here, and promptflow refuses it: "
        "write `system:` above it"
    )
    data = {"role": "system", "insert": span.start, "text": "system:\n", "severity": "information"}
    return (Problem(span, "text-before-role", message, data=data),)


def _is_plain(text: str, role: RoleLine) -> bool:
    at = role.span.start
    alone = at == 0 or text[at - 1] in "\r\n"
    small = role.role in _SPEAKERS and role.role_span.slice(text) == role.role
    return alone and small and not _OF_SETTINGS.match(text, role.span.end)


def _first(match: re.Match[str]) -> int:
    return match.start() + len(match[0]) - len(match[0].lstrip())


def _without_tags(text: str) -> str:
    """Without what leaves no text. A closer that is not there once is looked for no more."""
    pieces, done = [], 0
    left = dict(_TAGS)
    for opener in _TAG.finditer(text):
        closer = left.get(opener[0])
        if closer is None or opener.start() < done:
            continue
        end = text.find(closer, opener.end())
        if end < 0:
            del left[opener[0]]
            continue
        pieces.append(text[done : opener.start()])
        done = end + len(closer)
    return "".join([*pieces, text[done:]])
