"""A whole file of v1 rewritten as v2, as the fewest edits of lines."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import NamedTuple

from promptls.formats.base import OpenSibling, no_siblings
from promptls.formats.outline import NotOutlinedError, lines_of, outline
from promptls.formats.placing import is_broken
from promptls.formats.prompty.header import opened
from promptls.formats.prompty.load import LoadError, load
from promptls.formats.prompty.migrate.body import body_changes, makes_role_lines, other_messages
from promptls.formats.prompty.migrate.draft import Draft
from promptls.formats.prompty.migrate.inputs import migrate_inputs, migrate_outputs, migrate_tools
from promptls.formats.prompty.migrate.model import migrate_model
from promptls.formats.prompty.migrate.top import migrate_about, migrate_base, migrate_template
from promptls.formats.prompty.migrate.values import stripped_defaults
from promptls.formats.prompty.read import read
from promptls.formats.prompty.recognise import (
    KEY,
    PROMPTFLOW,
    TITLES,
    UNCLEAR,
    V1,
    V2,
    clues,
    is_told,
    recognise,
    version_of,
)
from promptls.formats.prompty.sending import values
from promptls.formats.source import Source
from promptls.formats.upgraded import Lost, Upgrade
from promptls.prompt.infer import infer_types
from promptls.prompt.model import Document, Prompt, Recognised
from promptls.syntax.yaml_tree import Mapping
from promptls.text import Edit, Span, Text

LONGEST = 100_000
LONGEST_TEXT = 300_000
"""Characters of a header and of a file; what is longer holds data, and takes seconds."""
_MANY = 400
"""Lines of a header above which those that come often are not compared, which takes too long."""
_UNCERTAIN = ("front-matter-cut-short", "byte-order-mark", "duplicate-key")


def upgrade(document: Document, open_sibling: OpenSibling) -> Upgrade | None:
    """None for a v2 file without keys of v1, and for one that is told to be read as v1."""
    if why_not(document):
        return None
    flat = Text(document.text.value.replace("\r\n", "\n").replace("\r", "\n"))
    same = flat.value == document.text.value
    old = document if same else read(document.uri, flat, document.recognised, open_sibling)
    try:
        made = _migrated(old, open_sibling, unguarded=False)
        if (
            made is not None
            and version_of(document.recognised.variant) == V1
            and makes_role_lines(*_as_v2(old, made.text))
        ):
            made = _migrated(old, open_sibling, unguarded=True)
    except NotOutlinedError:
        return None
    if made is None or made.text == flat.value:
        return None
    text, draft = made.text, made.draft
    after = recognise(document.uri, text)
    if after is None or version_of(after.variant) == V1 or not _holds(old, text, open_sibling, draft):
        return None
    _refused(draft, text, open_sibling)
    lost = tuple(Lost(_place(flat, document.text, each.span), *each[1:]) for each in sorted(draft.lost))
    eol = document.text.eol
    edits = (
        *_difference(document, flat.value[: _body_of(old)], made.head),
        *(
            Edit(document.uri, _place(flat, document.text, span), word.replace("\n", eol))
            for span, word in made.changes
        ),
    )
    return Upgrade(f"Migrate to {TITLES[V2]}", TITLES[V2], edits, lost) if edits else None


def why_not(document: Document) -> str:
    """Why it is not even tried, as the end of a sentence that begins with the file; empty where it is."""
    recognised = document.recognised
    header = document.header
    if is_told(recognised):
        return f"is to be read as {recognised.title}: {recognised.why}"
    if header is None or document.yaml is None or recognised.variant == UNCLEAR:
        return "has nothing in a header that is of an older version"
    if (
        is_broken(document)
        or any(document.problems_of(code) for code in _UNCERTAIN)
        or document.text.value[: header.start - 3].strip()
    ):
        return "has a header that cannot be read beyond doubt: mend what is found in it first"
    if len(document.text) > LONGEST_TEXT or header.end - header.start > LONGEST:
        return f"is longer than {LONGEST_TEXT:,} characters, or its header than {LONGEST:,}"
    strong, weak = clues(document.text.value)
    if version_of(recognised.variant) == V1 or any(clue.version == V1 for clue in (*strong, *weak)):
        return ""
    return f"is {recognised.title} already"


class _Made(NamedTuple):
    """The new text: ``head`` up to the template, then the old template with the ``changes``."""

    text: str
    head: str
    changes: tuple[tuple[Span, str], ...]
    draft: Draft


def _migrated(old: Document, open_sibling: OpenSibling, *, unguarded: bool) -> _Made | None:
    text, tree, header = old.text.value, old.yaml, old.header
    if tree is None or header is None or not isinstance(tree.root, Mapping) or not tree.root.entries:
        return None
    variant = old.recognised.variant
    (prompt,) = old.prompts
    first = text.find("\n", header.start) + 1
    if not 0 < first <= tree.root.entries[0].key.span.start:
        raise NotOutlinedError
    region = Span(first, header.end)
    source = Source(old.uri, text, tree, open_sibling)
    reads = infer_types(prompt.template.analysis) if prompt.template is not None else {}
    draft = Draft(source, outline(text, tree.root, region), version_of(variant) == V1, variant == PROMPTFLOW, reads)
    migrate_about(draft)
    migrate_base(draft)
    migrate_model(draft)
    migrate_inputs(draft)
    migrate_outputs(draft)
    migrate_tools(draft)
    migrate_template(draft, unguarded=unguarded)
    written = "\n".join(lines_of(draft.root))
    edits = [(region, f"{written}\n" if written and region.slice(text).endswith("\n") else written)]
    edits += _fences(text)
    body = _body_of(old)
    head = Text(text[:body]).apply(edits).value
    if not draft.v1:
        return _Made(head + text[body:], head, (), draft)
    changes = body_changes(draft, old, prompt)
    new = opened(head + text[body:]).tree
    head = Text(head).apply(stripped_defaults(head, new) if new is not None else []).value
    made = head + Text(text).apply(changes).value[body:]
    _, after = _as_v2(old, made)
    other_messages(draft, prompt, after, text, made)
    return _Made(made, head, changes, draft)


def _body_of(document: Document) -> int:
    """Where the template begins."""
    return document.body.start if document.body is not None else len(document.text)


def _fences(text: str) -> list[tuple[Span, str]]:
    """2.1.0 knows a header by three dashes only."""
    front = opened(text).front
    spans = [span for span in (front.opener, front.closer) if span is not None]
    return [(span, "---") for span in spans if span.slice(text) == "+++"]


def _as_v2(old: Document, text: str) -> tuple[Document, Prompt]:
    recognised = recognise(old.uri, text) or Recognised(KEY, TITLES[V2], variant=V2)
    if version_of(recognised.variant) == V1:
        recognised = replace(recognised, variant=V2)
    document = read(old.uri, Text(text), recognised, no_siblings)
    return document, document.prompts[0]


def _holds(old: Document, text: str, open_sibling: OpenSibling, draft: Draft) -> bool:
    """Whether the new header can be read, is v2's alone, and fills the inputs with what the old one did."""
    document = read(old.uri, Text(text), replace(old.recognised, variant=V2, title=TITLES[V2]), open_sibling)
    if len(document.text) > LONGEST_TEXT or is_broken(document):
        return False
    if any(document.problems_of(code) for code in (*_UNCERTAIN, "mixed-versions")):
        return False
    strong, _ = clues(text)
    if any(clue.version == V1 for clue in strong):
        return False
    if not draft.v1 or any(each.breaks for each in draft.lost):
        return True
    before, now = values(old.prompts[0], {}), document.prompts[0]
    filled = {item.name: item.default for item in now.inputs}
    return all(name in filled and (filled[name] == value or "${" in str(value)) for name, value in before.items())


class _AnyEnvironment(dict[str, str]):
    """Every variable is set: what the environment lacks is not the file's fault."""

    def get(self, key: str, default: object = None) -> str:
        return "https://api.openai.com"


def _refused(draft: Draft, text: str, open_sibling: OpenSibling) -> None:
    """Lists what the loader of v2 would not take, as the last of all checks."""
    try:
        load(text, open_sibling, _AnyEnvironment())
    except LoadError as error:
        if error.kind != "file-not-found":
            span = draft.root.items[0].span if draft.root.items else Span(0, 0)
            draft.lose(Span(span.start, span.start), f"Prompty 2.1.0 would refuse the file: {error}", breaks=True)


def _place(flat: Text, original: Text, span: Span) -> Span:
    """A place of the text with other line ends."""
    if flat.value == original.value:
        return span
    return Span(original.offset(*flat.place(span.start)), original.offset(*flat.place(span.end)))


def _difference(document: Document, old: str, new: str) -> tuple[Edit, ...]:
    """The lines of the header that differ, written with the line ends of the file."""
    before, after = _lines(old), _lines(new)
    starts = [*document.text.line_starts[: len(before)], _body_of(document)]
    eol = document.text.eol
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > _MANY)
    return tuple(
        Edit(document.uri, Span(starts[first], starts[last]), "".join(after[start:stop]).replace("\n", eol))
        for tag, first, last, start, stop in matcher.get_opcodes()
        if tag != "equal"
    )


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]
