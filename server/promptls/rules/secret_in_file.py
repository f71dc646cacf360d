"""secret-in-file: a key or token that works for whoever reads the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.secrets import Secret, secrets_in
from promptls.syntax.yaml import node_at, path_at
from promptls.syntax.yaml_tree import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("secret-in-file", severity=Severity.WARNING, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Prompt files are committed, shared and pasted; a key in one is a key given away. Keep it in an environment
    variable, and replace the key at the service, because old versions of the file keep it. Words that stand for
    a key (`your-key-here`, `sk-test…`) are no secrets. The key itself is never shown, only its first characters.

    -- ask.prompty --
    ---
    name: ask
    model:
      id: gpt-4o
      connection:
        kind: key
        apiKey: hf_KbQwzRmTnXvYcLpJdHfGsWeRtYuIoPa7Z2
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ secret-in-file: `hf_K…` looks like a Hugging Face token; keep it in an environment variable
    ---
    user:
    Hello
    """  # noqa: E501
    text = document.text.value
    for secret in secrets_in(text):
        start = secret.span.slice(text)[:4]
        keep = "keep it in an environment variable" if secret.kind.variable else "keep it out of the file"
        yield Finding(
            document.location(secret.span),
            f"`{start}…` looks like {secret.kind.title}; {keep}",
            fixes=_fixes(document, secret),
        )


def _fixes(document: Document, secret: Secret) -> tuple[Fix, ...]:
    """A reference in its place, where the secret is a whole value of the YAML; a part of one is never resolved."""
    tree = document.yaml
    if tree is None or not tree.span.covers(secret.span) or not secret.kind.variable:
        return ()
    path = path_at(tree, secret.span.start)
    node = node_at(tree, path)
    text = document.text.value
    if not isinstance(node, Scalar) or node.style not in ("plain", "single", "double"):
        return ()
    if node.text != secret.span.slice(text):
        return ()
    parent = node_at(tree, path[:-1])
    bare = node.style == "plain" and isinstance(parent, Mapping | Sequence) and parent.flow
    reference = f"${{env:{secret.kind.variable}}}"
    new = f'"{reference}"' if bare else reference
    title = f"Read it from the environment variable {secret.kind.variable}"
    return (Fix.replace(title, document.location(secret.span), new),)
