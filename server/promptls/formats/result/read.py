"""A result document as a Document: what to run again, and the answer with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from promptls.formats.base import OpenSibling
from promptls.formats.result import layout
from promptls.formats.source import Source, as_mapping, string
from promptls.prompt.model import Answer, Document, Passage, Recognised, Reference, Rerun
from promptls.syntax.frontmatter import split_lines
from promptls.syntax.yaml import parse_yaml, resolve, to_data
from promptls.syntax.yaml_tree import Mapping, Scalar, Sequence, YamlTree
from promptls.text import Span, Text

SCHEMA = "run"


def read(uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document:
    """Reads any text at all."""
    value = text.value
    front = split_lines(value)
    tree = parse_yaml(value, front.header) if front.header is not None else None
    source = Source(uri, value, tree or YamlTree(Span(0, 0), None), open_sibling)
    root = source.root()
    happened = as_mapping(source, root.get("run")) if root is not None else None
    run = string(source, happened.get("id")) if happened is not None else ""
    span, sections = layout.places(value, front.body, run)
    reference = _prompt(source, root)
    return Document(
        uri,
        text,
        recognised,
        header=front.header,
        body=front.body,
        yaml=tree,
        schema=SCHEMA,
        references=(reference,) if reference is not None else (),
        problems=(*front.problems, *(tree.problems if tree is not None else ())),
        rerun=_rerun(source, root, reference),
        answer=_answer(source, root, happened, span, run),
        passages=tuple(_passages(value, span, sections)),
    )


def _prompt(source: Source, root: Mapping | None) -> Reference | None:
    """The prompt's file. What is written as a URI is not looked at: it is outside of the folder of the document, or a
    buffer that was never saved."""
    node = root.get("prompt") if root is not None else None
    path = string(source, node)
    if node is None or not path:
        return None
    if ":/" in path or path.startswith("untitled:"):
        return Reference("file", path, node.span, uri=path)
    there = source.open_sibling(path)
    return Reference("file", path, node.span, uri=there.uri, exists=there.exists, needed=False)


def _rerun(source: Source, root: Mapping | None, reference: Reference | None) -> Rerun | None:
    if root is None:
        return None
    targets = _targets(source, root)
    return Rerun(
        (reference.uri or "") if reference is not None else "",
        string(source, root.get("name")),
        string(source, root.get("sample")),
        targets[0] if len(targets) == 1 else "",
        _map(source, root, "values"),
        _map(source, root, "parameters"),
        targets if len(targets) > 1 else (),
    )


def _targets(source: Source, root: Mapping) -> tuple[str, ...]:
    """One, or a list of those that are to be compared; each once."""
    node = root.get("target")
    listed = resolve(source.tree, node) if node is not None else None
    nodes = listed.items if isinstance(listed, Sequence) else (node,)
    return tuple(dict.fromkeys(name for name in (string(source, one) for one in nodes) if name))


def _map(source: Source, root: Mapping, key: str) -> dict[str, Any]:
    found = to_data(root.get(key), source.tree)
    return found if isinstance(found, dict) else {}


def _answer(source: Source, root: Mapping | None, happened: Mapping | None, span: Span, run: str) -> Answer:
    if root is None or happened is None:
        return Answer(span, run, places=dict(_spans(source, root)) if root is not None else {})
    return Answer(
        span,
        run,
        provider=string(source, happened.get("provider")),
        status=string(source, happened.get("status")),
        finish=string(source, happened.get("finish")),
        failure=string(source, happened.get("failure")),
        message=string(source, happened.get("message")),
        partial=string(source, happened.get("partial")) == "true",
        calls=tuple(_calls(source, happened)),
        places={**dict(_spans(source, happened)), **dict(_spans(source, root))},
    )


def _calls(source: Source, happened: Mapping) -> Iterator[tuple[str, Span]]:
    node = happened.get("tool_calls")
    listed = resolve(source.tree, node) if node is not None else None
    for item in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(item, Scalar):
            yield item.text, item.span


def _spans(source: Source, mapping: Mapping) -> Iterator[tuple[str, Span]]:
    """The values of a map and of its parameters and tokens, by their keys."""
    for entry in mapping.entries:
        inner = as_mapping(source, entry.value) if entry.name in ("parameters", "tokens") else None
        if inner is not None:
            yield from ((one.name, one.value.span) for one in inner.entries if isinstance(one.value, Scalar))
        elif isinstance(entry.value, Scalar) and not entry.value.span.empty:
            yield entry.name, entry.value.span


def _passages(text: str, answer: Span, sections: tuple[layout.Place, ...]) -> Iterator[Passage]:
    if not answer.empty:
        line = text.find("\n", answer.start, answer.end)
        yield Passage("Answer", answer, Span(answer.start, answer.end if line < 0 else line))
    for section in sections:
        end = section.span.start + len(section.span.slice(text).rstrip())
        yield Passage(layout.SECTIONS[section.name], Span(section.span.start, end), section.mark, "section")
