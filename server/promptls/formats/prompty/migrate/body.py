"""The template of v1, changed as little as it takes to make the same messages in v2.

0.1.50 strips a message of all white space around it and forgets an empty one; 2.1.0 strips line ends only, keeps an
empty message, and refuses role lines that rendering makes, unless ``template.format.strict`` is false.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from promptls.formats.prompty.images import images
from promptls.formats.prompty.migrate.draft import Draft
from promptls.formats.prompty.roles import V1_LINE, V2_LINE
from promptls.prompt.model import Document, Prompt, RoleLine
from promptls.syntax.template.tree import Node
from promptls.text import Span

Change = tuple[Span, str]

_TRIMMED = ("-%}", "-}}", "-#}")
_UNSAFE = re.compile(r"\.(?:append|extend|insert|pop|remove|clear|update|setdefault|popitem|sort|reverse|add)\s*\(")
_ODD_LINE_ENDS = re.compile(r"[\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_LOOPED = re.compile(r"(?:%\}|\{\{#[^\n{}]{1,100}\}\})[^\S\n]*\n\s*#?[^\S\n]*\{\{[^\n{}#^/!]{1,100}\}\}:[^\S\n]*\n")
"""A line that is nothing but a value and a colon, right below the tag that starts a loop."""
_MOST = 20
_PASSING = ("comment", "statement")


def body_changes(draft: Draft, document: Document, prompt: Prompt) -> tuple[Change, ...]:
    """``document`` has ``\\n`` as its only line end. What cannot be made the same is added to the draft's list."""
    template = prompt.template
    if template is None or template.tree.problems:
        return ()
    text = document.text.value
    _cannot(draft, document, prompt)
    roles = [role for role in template.roles if role.known]
    changes: dict[Span, str] = {}
    for span, word in _edges(text, template.span, template.tree.root, roles, template.dialect):
        changes[span] = word
    for role in roles:
        line = role.span.slice(text)
        if "\n" in line:
            changes[role.span] = f"{role.role}:"
    return tuple(_apart((span, word) for span, word in sorted(changes.items()) if span.slice(text) != word))


def _apart(changes: Iterable[Change]) -> Iterator[Change]:
    """Without those that overlap one before: a tag may be at both ends of a message."""
    done = 0
    for span, word in changes:
        if span.start >= done:
            yield span, word
            done = span.end


def makes_role_lines(document: Document, prompt: Prompt) -> bool:
    """Whether rendering makes role lines of v1 or v2, or moves those that are written, so that 2.1.0 cannot guard them.

    ``document``: the migrated file, read as v2.
    """
    if any(problem.kind == "made" for problem in document.problems_of("unknown-role")):
        return True
    text, template = document.text.value, prompt.template
    if template is None:
        return False
    if _LOOPED.search(text, template.span.start, template.span.end) is not None:
        return True
    if template.dialect != "jinja":
        return False
    known = [role for role in template.roles if role.known]
    first = known[0].span.start if known else 0
    return any(
        role.span.start > first and text.endswith(_TRIMMED, 0, _text_to(text, role.span.start, template.span.start))
        for role in known
    )


def other_messages(draft: Draft, old: Prompt, new: Prompt, old_text: str, new_text: str) -> None:
    """Lists the lines that start a message in one version only."""
    if old.template is None or new.template is None:
        return
    before = [(role.role, _line(old_text, role), role) for role in old.template.roles if role.known]
    after = Counter((role.role, _line(new_text, role)) for role in new.template.roles if role.known)
    for role, line, found in before:
        if after[role, line]:
            after[role, line] -= 1
        else:
            draft.lose(found.span, f"v2 has no role `{role}`: this line would be sent as text", breaks=True)
    for role, line in list(+after)[:_MOST]:
        at = old_text.find(line, old.template.span.start)
        place = Span(at, at + len(line)) if at >= 0 else old.template.span
        draft.lose(place, f"`{line}` is text in v1 and starts a message of `{role}` in v2", breaks=True)


def _line(text: str, role: RoleLine) -> str:
    line = role.span.slice(text)
    return f"{role.role}:" if "\n" in line else line


def _cannot(draft: Draft, document: Document, prompt: Prompt) -> None:
    template, text = prompt.template, document.text.value
    assert template is not None
    for image in images(text, template.span.start, template.span.end):
        draft.lose(image.span, "v2 sends a Markdown image as text; declare an input of `kind: image`", breaks=True)
    for include in template.analysis.includes:
        draft.lose(include.span, "v2 knows no other templates to include or to inherit from", breaks=True)
    odd = _ODD_LINE_ENDS.search(text, template.span.start, template.span.end)
    if odd is not None:
        draft.lose(Span(*odd.span()), "v2 ends a line at this character and sends a line end in its place", breaks=True)
    if template.dialect == "jinja":
        for node in template.tree.root.walk():
            tag = node.tag if node.tag is not None else node.span
            if node.kind in ("output", "statement", "block") and _UNSAFE.search(tag.slice(text)):
                draft.lose(tag, "v2 renders in a sandbox, where a template cannot change values", breaks=True)
    empty = _empty_at_end(text, prompt)
    if empty is not None:
        why = "Without values this last message is empty: v1 leaves it out, v2 sends it"
        draft.lose(empty.span, why, breaks=True)
    for item in prompt.inputs:
        if isinstance(item.example, str) and (V1_LINE.search(item.example + "\n") or _writes_role(item.example)):
            draft.lose(
                item.name_location.span,
                f"The sample of `{item.name}` writes a role line, which v2 refuses",
                breaks=True,
            )


def _empty_at_end(text: str, prompt: Prompt) -> RoleLine | None:
    """The last role line, where all that stands below it are values that the sample does not give."""
    template = prompt.template
    roles = [role for role in template.roles if role.known] if template is not None else []
    if template is None or not roles:
        return None
    start = roles[-1].span.end
    given = {name for sample in prompt.samples[:1] for name, value in sample.values.items() if value not in ("", [])}
    for node in template.tree.root.walk():
        if node.kind in ("text", "raw") and text[max(node.span.start, start) : node.span.end].strip():
            return None
    uses = [use for use in template.analysis.uses if start <= use.span.start]
    if not uses or any(use.path is None or use.path[0] in given or use.called for use in uses):
        return None
    return roles[-1]


def _writes_role(text: str) -> bool:
    return any(V2_LINE.match(line.strip()) for line in text.splitlines())


def _edges(text: str, body: Span, root: Node, roles: list[RoleLine], dialect: str) -> Iterator[Change]:
    """White space at both ends of each message, without what v2 would keep of it."""
    tags = sorted(_tags(root), key=lambda node: node[1])
    opening = {span.start: (kind, span) for kind, span in tags}
    closing = {span.end: (kind, span) for kind, span in tags}
    starts = [body.start, *(role.span.end for role in roles)]
    ends = [*(role.span.start for role in roles), body.end]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        first = number == 0
        if first and start == end:
            continue
        at = stop = start
        while at < end:
            stop = _text_from(text, at, end)
            yield from _only_line_ends(text, at, stop)
            kind, tag = opening.get(stop, ("", Span(stop, stop)))
            if kind not in ("comment", "statement", "if"):
                break
            at = tag.end
        if at >= end or stop >= end:
            # Nothing but tags and white space: v2 would make an empty message of the line ends.
            if first and roles and dialect == "jinja":
                yield from _trimmed(text, [span for _, span in tags if start <= span.start and span.end <= end])
            elif not first and number == len(roles):
                yield Span(start, end), text[start:end].rstrip() + ("\n" if text.endswith("\n", start, end) else "")
            continue
        back = end
        while back > start:
            stop = _text_to(text, back, start)
            yield from _only_line_ends(text, stop, back)
            kind, tag = closing.get(stop, ("", Span(stop, stop)))
            if kind not in ("comment", "statement", "end"):
                break
            back = tag.start


def _text_from(text: str, at: int, end: int) -> int:
    """Where the white space from ``at`` on ends."""
    while at < end and text[at].isspace():
        at += 1
    return at


def _text_to(text: str, at: int, start: int) -> int:
    """Where the white space before ``at`` begins."""
    while at > start and text[at - 1].isspace():
        at -= 1
    return at


def _only_line_ends(text: str, start: int, end: int) -> Iterator[Change]:
    """Spaces that v1 strips, and v2 keeps; the indentation of a role line below is no part of a message."""
    space = text[start:end]
    last = space.rfind("\n") + 1
    kept = "\n" * space.count("\n")
    if space[:last] != kept or (space[last:] and not _is_role_line(text, end)):
        yield Span(start, end), kept + (space[last:] if _is_role_line(text, end) else "")


def _is_role_line(text: str, at: int) -> bool:
    stop = text.find("\n", at)
    return V2_LINE.match(text[at : stop if stop >= 0 else len(text)].strip()) is not None


def _trimmed(text: str, tags: list[Span]) -> Iterator[Change]:
    """Tags above the first role line that take the line end behind them along."""
    for tag in tags:
        if text[tag.end - 3] != "-" and text[tag.end - 2 : tag.end] in ("%}", "#}"):
            yield Span(tag.end - 2, tag.end - 2), "-"


def _tags(root: Node) -> Iterator[tuple[str, Span]]:
    for node in root.walk():
        if node.kind in _PASSING:
            yield node.kind, node.span
        elif node.kind == "block":
            if node.tag is not None:
                yield "if" if node.name == "if" else node.kind, node.tag
            if node.close is not None:
                yield "end", node.close
        elif node.kind == "branch" and node.tag is not None:
            yield "branch", node.tag
