"""Counts what the rules find in the shared corpus, and shows the hits of one of them, to be read by eye.

python -m tests.corpus_report            counts per rule and severity
python -m tests.corpus_report CODE [N]   N hits of one rule (10), spread over the files, with their lines
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from promptls.rules import Finding, rules
from promptls.rules.engine import findings
from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace
from tests.shared_files import corpus, shared


def findings_of(path: Path) -> tuple[Finding, ...]:
    """What an editor that has the file's repository open would show."""
    workspace = Workspace()
    repository = shared("corpus", path.relative_to(shared("corpus")).parts[0])
    workspace.set_folders([path_to_uri(str(repository))])
    uri = path_to_uri(str(path))
    workspace.open(uri, path.read_text("utf-8"))
    snapshot = workspace.snapshot()
    document = snapshot.document(uri)
    return findings(document, snapshot) if document else ()


def hits(code: str) -> Iterator[tuple[Path, Finding]]:
    for path in corpus():
        for finding in findings_of(path):
            if finding.code == code:
                yield path, finding


def show(path: Path, finding: Finding) -> None:
    text = path.read_text("utf-8")
    start, end = finding.location.span
    line = text.count("\n", 0, start) + 1
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    print(f"{path.relative_to(shared('corpus'))}:{line}: {finding.message}")
    print("    " + text[begin : stop if stop >= 0 else len(text)][:150])
    print("    " + " " * (start - begin) + "^" * max(1, min(end - start, 100)))
    for fix in finding.fixes:
        print(f"      {'*' if fix.preferred else '-'} {fix.title}")


def main(arguments: list[str]) -> None:
    if arguments:
        found = list(hits(arguments[0]))
        most = int(arguments[1]) if len(arguments) > 1 else 10
        for path, finding in found[:: max(1, len(found) // most)][:most]:
            show(path, finding)
        print(f"{len(found)} hits in {len({path for path, _ in found})} files")
        return
    every = [(path, finding) for path in corpus() for finding in findings_of(path)]
    counts = Counter(finding.code for _, finding in every)
    for code in rules():
        severities = Counter(one.severity.label for _, one in every if one.code == code and one.severity)
        files = len({path for path, one in every if one.code == code})
        print(f"{code:24}{counts[code]:6} hits {files:5} files   {dict(severities) or ''}")
    print(f"{len(every)} findings in {len({path for path, _ in every})} of {len(corpus())} files")


if __name__ == "__main__":
    main(sys.argv[1:])
