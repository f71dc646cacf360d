"""The keys at the top of a v1 header: what is about the file, its base and its template language."""

from __future__ import annotations

from promptls.formats.outline import Group, Item, Raw, new, scalar_text
from promptls.formats.prompty.migrate.draft import Draft

_ABOUT = ("authors", "tags", "version")


def migrate_about(draft: Draft) -> None:
    """``authors``, ``tags`` and ``version`` go into ``metadata``, where the first of them stood."""
    moved = [item for item in draft.root.items if item.name in _ABOUT]
    if not moved:
        return
    known = draft.root.item("metadata")
    holder = draft.open(known) if known is not None else None
    if known is not None and holder is None and (draft.written(known) or not isinstance(known.value, Raw)):
        draft.lose(known.span, "`metadata` is no map of keys, so that nothing can be added to it")
        return
    if known is None:
        known = Item("metadata", Group(), moved[0].above, moved[0].column, "metadata", span=moved[0].span)
        moved[0].above = []
        draft.root.items[draft.root.at(moved[0])] = known
    if holder is None:
        holder = Group()
        known.value = holder
    for item in moved:
        if item in draft.root.items:
            draft.root.items.remove(item)
        if holder.item(item.name) is not None:
            draft.drop_into(holder, item, f"`{item.name}` stands in `metadata` already")
        else:
            holder.items.append(item)


def migrate_base(draft: Draft) -> None:
    item = draft.root.item("base")
    if item is not None:
        why = f"v2 inherits from no other file: copy what is needed from `{scalar_text(item) or 'the base'}`"
        draft.drop(draft.root, item, why, breaks=draft.v1)


def migrate_template(draft: Draft, *, unguarded: bool) -> None:
    """v2 wants a mapping of ``format`` and ``parser``, and needs none for its defaults."""
    item = draft.root.item("template")
    about = draft.open(item) if item is not None else None
    if item is None:
        if unguarded:
            draft.root.items.append(new("template", _template("jinja2", strict="false")))
            draft.root.items[-1].column = draft.root.items[0].column
        return
    if about is None:
        _word(draft, item, unguarded=unguarded)
        return
    kind, form = about.item("type"), about.item("format")
    if kind is not None and form is None:
        kind.key = kind.name = "format"
        form = kind
    elif kind is not None:
        draft.drop(about, kind, "`template.type` stands beside `format`, which counts in v2")
    if form is None:
        # In a map 0.1.50 takes mustache for granted, 2.1.0 needs the word.
        form = new("format", "mustache" if draft.v1 else "jinja2", item)
        form.column = about.items[0].column if about.items else item.column + 2
        about.items.insert(0, form)
    if about.item("parser") is None:
        about.items.append(new("parser", "prompty", item))
        about.items[-1].column = form.column
    strict = about.take("strict")
    word = "false" if unguarded else scalar_text(strict)
    if word:
        _be_strict(draft, form, word)


def _be_strict(draft: Draft, form: Item, word: str) -> None:
    inner = draft.open(form)
    if inner is None:
        kind = draft.written(form) if form.node is not None else _rest(form)
        form.value = Group([new("kind", kind), new("strict", word)])
    elif inner.item("strict") is None:
        inner.items.append(new("strict", word))
    elif word == "false":
        inner.items[inner.at(inner.item("strict") or form)] = new("strict", word)


def _word(draft: Draft, item: Item, *, unguarded: bool) -> None:
    word = scalar_text(item)
    if word.startswith("${"):
        return
    plain = word.strip() in ("", "jinja2")
    if plain and not unguarded:
        draft.remove(draft.root, item)
        return
    kind = "jinja2" if plain else draft.written(item)
    beside = ""
    if isinstance(item.value, Raw) and "#" in item.value.lines[0]:
        beside = "  " + item.value.lines[0][item.value.lines[0].index("#") :]
    item.value = _template(kind, strict="false" if unguarded else "")
    item.value.beside = beside


def _template(kind: str, strict: str) -> Group:
    form = Group([new("kind", kind), new("strict", strict)]) if strict else Raw([f" {kind}"])
    return Group([Item("format", form, name="format"), new("parser", "prompty")])


def _rest(item: Item) -> str:
    return item.value.lines[0].strip() if isinstance(item.value, Raw) else ""
