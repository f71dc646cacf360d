"""The comment that silences a finding, put where it changes nothing of what the file says."""

from __future__ import annotations

from promptls.ide.places import nodes_at
from promptls.ide.yaml_nodes import every_node
from promptls.prompt.model import Document, Template
from promptls.rules.finding import Finding
from promptls.syntax.template import DIALECTS
from promptls.syntax.template.tree import Node
from promptls.syntax.yaml_tree import Scalar
from promptls.text import Edit, Span


def silencing_edit(document: Document, finding: Finding) -> Edit | None:
    """The edit that silences a finding on its line; None where no comment can stand."""
    if not finding.code:
        return None
    start = finding.location.span.start
    yaml = document.header or (document.yaml.span if document.yaml else None)
    if yaml and yaml.touches(start):
        return _in_yaml(document, yaml, finding)
    for prompt in document.prompts:
        if prompt.template and prompt.template.span.touches(start):
            return _in_template(document, prompt.template, finding)
    return None


def _in_yaml(document: Document, yaml: Span, finding: Finding) -> Edit | None:
    """On a line of its own above, as far in as the line below; never in a value of several lines."""
    text = document.text
    line = text.line_at(finding.location.span.start)
    start = text.line_span(line).start
    if start < yaml.start or not document.yaml or not document.yaml.root:
        return None
    scalars = (node.span for node in every_node(document.yaml.root) if isinstance(node, Scalar))
    if any(span.start < start < span.end for span in scalars):
        return None
    content = text.line_text(line)
    indent = content[: len(content) - len(content.lstrip(" "))]
    return Edit(document.uri, Span(start, start), f"{indent}# promptls: ignore[{finding.code}]{text.eol}")


def _in_template(document: Document, template: Template, finding: Finding) -> Edit | None:
    """At the end of the finding's line, else of the line above: a comment renders to nothing, a new line would not."""
    dialect = DIALECTS.get(template.dialect)
    if dialect is None:
        return None
    comment = f"promptls: ignore[{finding.code}]".join(dialect.comment)
    text = document.text
    line = text.line_at(finding.location.span.start)
    roles = {text.line_at(role.role_span.start) for role in template.roles}
    for candidate in (line, line - 1):
        end = text.line_span(max(candidate, 0)).end
        if candidate < 0 or candidate in roles or not template.span.touches(end):
            continue
        if all(_lets_comment(node, end) for node in nodes_at(template.tree.root, end)):
            return Edit(document.uri, Span(end, end), comment)
    return None


def _lets_comment(node: Node, at: int) -> bool:
    """Whether a comment at ``at`` stands beside the node or between its tags, not inside of one."""
    if at in node.span or node.kind in ("template", "text"):
        return True
    if node.kind in ("block", "branch"):
        return not any(part and part.start < at < part.end for part in (node.tag, node.close))
    return False
