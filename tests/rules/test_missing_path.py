"""Paths in promptls.yaml that lead nowhere."""

from __future__ import annotations

from promptls.ide.links import links_of
from promptls.rules import Severity
from promptls.workspace.files import snapshot_of
from tests.rules.check import check, uri_of


def test_files_and_folders_that_are_not_there() -> None:
    found = check(
        """
        -- promptls.yaml --
        templates:
          roots: [templates, tempaltes]
                             ^^^^^^^^^ missing-file: `tempaltes` does not exist
          schemas:
            - schemas
            - Address
            - "schemas/ansewr.json"
               ^^^^^^^^^^^^^^^^^^^ missing-file: `schemas/ansewr.json` does not exist; did you mean `schemas/answer.js…
            - other.yaml
              ^^^^^^^^^^ missing-file: `other.yaml` does not exist
        inputs:
          "prompts/*.j2": schemas/chat.json
                          ^^^^^^^^^^^^^^^^^ missing-file: `schemas/chat.json` does not exist
          "more/*.j2": {topic: string}
          "mail/*.j2": schemas/answer.json
        -- templates/a.txt --
        Hello
        -- schemas/answer.json --
        {"type": "object", "properties": {"topic": {"type": "string"}}}
        """
    )
    assert {one.finding.severity for one in found} == {Severity.WARNING}


def test_nothing_is_said_of_places_outside_of_the_workspace_nor_of_what_is_no_path() -> None:
    check(
        """
        -- promptls.yaml --
        templates: {roots: [., ../shared/templates, /usr/share/templates], schemas: [{name: Address}]}
        """
    )


def test_what_is_there_is_one_click_away_and_a_folder_is_not() -> None:
    text = "templates: {roots: [t], schemas: [s/a.json]}\n"
    snapshot = snapshot_of({"promptls.yaml": text, "t/x.j2": "", "s/a.json": "{}"}, (), "/work")
    document = snapshot.document(uri_of("promptls.yaml"))
    assert document is not None
    assert [(link.span.slice(text), link.uri) for link in links_of(document)] == [("s/a.json", uri_of("s/a.json"))]
