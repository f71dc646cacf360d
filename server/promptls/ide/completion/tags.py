"""Tags of a template: the end of the open block first, then its branches, then new ones with their ends."""

from __future__ import annotations

from collections.abc import Iterator

from promptls.ide.completion.closing import Surroundings, surroundings
from promptls.ide.completion.item import Completion
from promptls.ide.completion.site import Site
from promptls.ide.completion.snippets import plain
from promptls.syntax.template.tree import Node
from promptls.text import Edit, Span


def tags(site: Site) -> Iterator[Completion]:
    """Tags that may stand here; an end tag or a branch only where its block is open, a tag of an extension only
    where the host application loads it."""
    around = surroundings(site.document.text, "{%", site.replace, site.offset)
    known = site.words("tag")
    block = site.cursor.open_block
    inside = block.name if block else ""
    if block is not None and block.name:
        end = str(known.get(block.name, {}).get("end") or f"end{block.name}")
        yield _tag(site, around, end, end, f"ends {_opening(site, block)}")
    extensions = site.snapshot.config(site.document.uri).host.extensions
    names = [name for name, about in known.items() if about.get("extension") in (None, *extensions)]
    names = [name for name in names if "inside" not in known[name] or inside in known[name]["inside"]]
    for name in sorted(
        names, key=lambda name: ("inside" not in known[name], name != "else", not known[name].get("portable"))
    ):
        about = known[name]
        head = str(about.get("snippet") or name).partition(" %}")[0].partition("%}")[0]
        end = "" if about.get("optionalEnd") else str(about.get("end") or "")
        detail = f"of {_opening(site, block)}" if block and "inside" in about else str(about.get("signature", ""))
        yield _tag(site, around, name, head.rstrip(), detail, end=end)
    for name in site.host_words("tag"):
        yield _tag(site, around, name, name, "tag of the host application")


def _tag(site: Site, around: Surroundings, name: str, head: str, detail: str, *, end: str = "") -> Completion:
    """A tag with its head to fill in. The end tag goes behind it: into the snippet where the tag's closer is written
    along, else behind the closer that is there already. A tag alone on its line gets its end on a line of its own."""
    snippet = around.snippet(head)
    text = around.text(name) if head == name else around.before + name + " "
    edits: tuple[Edit, ...] = ()
    if end:
        indent = _alone(site, around)
        closing = f"{{% {end} %}}"
        eol = site.document.text.eol
        if around.closed:
            lead = "" if indent is None else eol + indent
            edits = (Edit(site.document.uri, Span(around.end, around.end), lead + closing),)
        elif around.after:
            inner = "$0" if indent is None else f"{eol}$0{eol}"
            snippet = plain(around.before) + head + plain(around.after) + inner + plain(closing)
    data = site.word_data("tag", name)
    return Completion(name, "keyword", site.replace, text, snippet, detail=detail, data=data, edits=edits, filter=name)


def _alone(site: Site, around: Surroundings) -> str | None:
    """The indentation of the tag where its line holds nothing else; None where it does."""
    text = site.document.text
    line = text.line_span(text.line_at(site.offset))
    before = text.value[line.start : max(line.start, site.tag_start)]
    rest = text.value[around.end : line.end]
    return None if before.strip() or rest.strip() else before


def sections(site: Site) -> Iterator[Completion]:
    """The end of a block that is ended by its name: that of the innermost open one, nothing else."""
    block = site.cursor.open_block
    if block is not None:
        tag = block.tag.slice(site.text) if block.tag else block.name
        sigil = block.name in ("#", "^", "$", "<")
        name = tag.strip("{}").strip().lstrip("#^$<").strip() if sigil else block.name
        after = surroundings(site.document.text, "{{", site.replace, site.offset).after
        yield Completion(name, "keyword", site.replace, name + after.strip(), detail=f"ends {_opening(site, block)}")


def _opening(site: Site, block: Node) -> str:
    tag = block.tag.slice(site.text) if block.tag else block.name
    return f"{' '.join(tag.split())[:60]} of line {site.document.text.line_at(block.span.start) + 1}"
