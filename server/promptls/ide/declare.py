"""Writes down inputs that are not declared: those that a rule misses, or all that a template reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from promptls import formats
from promptls.formats.base import Sibling
from promptls.prompt.infer import infer_types
from promptls.prompt.model import Document, Prompt
from promptls.prompt.types import ANY
from promptls.rules.damage import is_broken
from promptls.rules.reported import header_is_broken
from promptls.text import Edit, Text
from promptls.text.difference import difference
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_MOST_SHOWN = 3
_MOST = 100


def all_inputs(document: Document, offset: int, snapshot: Snapshot) -> tuple[str, tuple[Edit, ...]] | None:
    """A title, and the edits that declare all that the prompt at ``offset`` reads; None where it declares inputs
    already, reads none, or is broken."""
    prompt = document.prompt_at(offset)
    template = prompt.template if prompt is not None else None
    if prompt is None or template is None or prompt.declares or not document.prompt_like:
        return None
    if is_broken(template) or header_is_broken(document):
        return None
    known = prompt.ambient.keys() | snapshot.config(document.uri).host.globals | {item.name for item in prompt.inputs}
    names = [name for name in infer_types(template.analysis) if name not in known and name.isidentifier()]
    edits = declarations(document, prompt, names[:_MOST], snapshot)
    if not edits:
        return None
    shown = ", ".join(f"`{name}`" for name in names[:_MOST_SHOWN]) + ", …" * (len(names) > _MOST_SHOWN)
    where = "" if edits[0].uri == document.uri else f" in {edits[0].uri.rpartition('/')[2]}"
    return f"Declare the input{'s' * (len(names) > 1)} {shown}{where}", edits


def declarations(document: Document, prompt: Prompt, names: Iterable[str], snapshot: Snapshot) -> tuple[Edit, ...]:
    """One edit for each file that declares all names. Each declaration is written into what the ones before it made:
    the first may have to start the list, or the file, that the others go into."""
    types = infer_types(prompt.template.analysis) if prompt.template else {}
    index = document.prompts.index(prompt)
    as_format = snapshot.as_format(document.uri)
    after: dict[str, tuple[str, Text]] = {uri_key(document.uri): (document.uri, document.text)}
    # Of promptls.yaml the format sees only a part, and blanks for the rest.
    written: dict[str, tuple[Text, Text]] = {uri_key(document.uri): (document.text, document.text)}
    now: Document = document

    def open_sibling(path: str) -> Sibling:
        found = snapshot.sibling(document.uri, path)
        changed = after.get(uri_key(found.uri)) if found.uri else None
        return Sibling(found.uri, changed[1].value, True) if changed else found

    for name in names:
        edits = formats.declare_input(now, now.prompts[index], name, types.get(name, ANY))
        if not edits:
            return ()
        for uri in dict.fromkeys(edit.uri for edit in edits):
            key = uri_key(uri)
            if key not in after:
                there = now.prompts[index].declared_in
                text = there.text if there is not None and uri_key(there.uri) == key else ""
                whole = snapshot.text(uri) or Text("")
                after[key], written[key] = (uri, Text(text)), (whole, whole)
            changes = [(edit.span, edit.text) for edit in edits if edit.uri == uri]
            after[key] = (uri, after[key][1].apply(changes))
            written[key] = (written[key][0], written[key][1].apply(changes))
        read = formats.read(document.uri, after[uri_key(document.uri)][1], open_sibling, as_format)
        if read is None or len(read.prompts) <= index:
            return ()
        now = read
    whole_changes = ((uri, difference(*(text.value for text in written[key]))) for key, (uri, _) in after.items())
    return tuple(Edit(uri, *change) for uri, change in whole_changes if change is not None)
