"""What can stand in a placeholder: an input, by the name that the file asks for already or a new one, or a variable."""

from __future__ import annotations

from collections.abc import Iterator

from promptls.ide.completion.inputs import input_data, input_names
from promptls.ide.completion.item import Completion
from promptls.ide.completion.site import Site
from promptls.syntax.template.placeholder import INPUT


def placeholders(site: Site) -> Iterator[Completion]:
    """Whole, from behind the `${` on; closed where it is not yet."""
    value, end = site.text, site.replace.end
    close = "" if value.startswith(("}", ":"), end) else "}"
    for name, kind in input_names(site.prompt, site.snapshot, but=site.offset):
        text = f"{INPUT}:{name}"
        data = input_data(site.document, name)
        yield Completion(text, "variable", site.replace, text + close, detail=str(kind), data=data)
    detail = "what is asked for when the prompt is started"
    yield Completion(f"{INPUT}:", "keyword", site.replace, f"{INPUT}:", f"{INPUT}:${{1:name}}{close}$0", detail=detail)
    for name, about in site.words("global").items():
        data = site.word_data("global", name)
        yield Completion(name, "variable", site.replace, name + close, detail=str(about.get("type", "")), data=data)
