"""`promptls formats`: what an editor asks before it attaches to a file."""

from __future__ import annotations

import json

from tests.cli.calls import Promptls


def test_names_that_are_read_everywhere(promptls: Promptls) -> None:
    assert "*.prompty: Prompty" in promptls("formats").out
    assert promptls("formats", "--format", "json").data["*.j2"] == "jinja"


def test_what_promptls_yaml_says_of_a_file_wins(promptls: Promptls) -> None:
    formats = {"texts/**/*.txt": "jinja", "drafts/**": "off"}
    promptls.write({"promptls.yaml": json.dumps({"formats": formats}), "texts/deep/a.txt": ""})
    asked = ["texts/deep/a.txt", "other/a.txt", "drafts/a.prompty", "a.PROMPTY"]
    taken = promptls("formats", "--format", "json", *asked)
    assert taken.data == dict(zip(asked, ["jinja", None, None, "prompty"], strict=True))
    assert "other/a.txt: not read" in promptls("formats", *asked).out


def test_the_nearest_configuration_counts_and_nothing_is_opened(promptls: Promptls) -> None:
    promptls.write({"promptls.yaml": "formats: {'*.txt': jinja}", "below/promptls.yaml": "rules: {}"})
    assert promptls("formats", "--format", "json", "below/not-there.txt").data == {"below/not-there.txt": None}
