"""Writes handlebars.json: what handlebars.js makes of the templates of the tests
(``tests/syntax/template/handlebars_templates.py``), of the shared ``.prompt`` files and of the conformance cases, and
whether dotpromptz-handlebars compiles them.

Tests read the JSON file, so they need no npm. To renew it:

    npm install --prefix /tmp/handlebars handlebars@4.7.9
    python -m tests.oracles.handlebars /tmp/handlebars > tests/oracles/handlebars.json

Per template, by the first 16 digits of the SHA-1 of its UTF-8: ``paths``, the ``[start, end]`` of every path in code
points, sorted, or null where handlebars.js refuses the template; ``python``: whether dotpromptz-handlebars 0.2.0 reads
it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import Any

from tests.syntax.template.handlebars_templates import TEMPLATES, shared_templates

SCRIPT = r"""
const handlebars = require(process.argv[1] + '/node_modules/handlebars');
const templates = JSON.parse(require('fs').readFileSync(0, 'utf8'));
function paths(text) {
  let ast;
  try { ast = handlebars.parse(text); } catch (error) { return null; }
  const lines = [0];
  for (const end of text.matchAll(/\r\n?|\n/g)) lines.push(end.index + end[0].length);
  const offset = (at) => [...text.slice(0, lines[at.line - 1] + at.column)].length;
  const found = [];
  (function walk(node) {
    if (!node || typeof node !== 'object') return;
    if (Array.isArray(node)) return node.forEach(walk);
    if (node.type === 'PathExpression') found.push([offset(node.loc.start), offset(node.loc.end)]);
    for (const key in node) if (key !== 'loc' && key !== 'parts') walk(node[key]);
  })(ast);
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
console.log(JSON.stringify(templates.map(paths)));
"""


def key(template: str) -> str:
    return hashlib.sha1(template.encode(), usedforsecurity=False).hexdigest()[:16]


def main(folder: str) -> None:
    from dotpromptz_handlebars import Handlebars

    templates = list(dict.fromkeys([*TEMPLATES, *shared_templates()]))
    done = subprocess.run(
        ["node", "-e", SCRIPT, folder], input=json.dumps(templates), capture_output=True, text=True, check=True
    )
    table: dict[str, Any] = {}
    for template, paths in zip(templates, json.loads(done.stdout), strict=True):
        try:
            Handlebars().compile(template)
            reads = True
        except Exception:
            reads = False
        table[key(template)] = {"paths": paths, "python": reads}
    lines = (f"{json.dumps(name)}: {json.dumps(table[name], separators=(',', ':'))}" for name in sorted(table))
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main(sys.argv[1])
