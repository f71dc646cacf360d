"""The editor in a Nunjucks file: its own words, Jinja's where they are the same, none that only Jinja has."""

from __future__ import annotations

from promptls.ide.hover import hover_at
from promptls.ide.linked import linked_at
from promptls.ide.signature import signature_at
from tests.ide.place import labels, place

HEAD = "-- a.njk --\n---\ninputs:\n  items: {type: array}\n---\nuser:\n"


def test_filters_tests_and_tags_are_nunjucks_own() -> None:
    filters = labels(HEAD + "{{ items | █ }}")
    assert {"dump", "nl2br", "upper"} <= set(filters)
    assert not {"tojson", "xmlattr"} & set(filters)
    assert {"truthy", "odd"} <= set(labels(HEAD + "{{ items is █ }}"))
    tags = labels(HEAD + "{% █ %}")
    assert {"switch", "verbatim", "for"} <= set(tags)
    assert not {"trans", "with", "do"} & set(tags)
    assert {"case", "default", "endswitch"} <= set(labels(HEAD + "{% switch items %}{% █ %}"))


def test_a_loop_has_no_more_than_nunjucks_gives_it() -> None:
    found = labels(HEAD + "{% for item in items %}{{ loop.█ }}{% endfor %}")
    assert "revindex" in found
    assert "cycle" not in found


def test_words_are_explained_by_both_tables() -> None:
    for text, said in (("{{ items | du█mp }}", "right way to put data"), ("{{ items | jo█in }}", "as one text")):
        card = hover_at(*place(HEAD + text))
        assert card is not None
        assert said in card.markdown
        assert "Nunjucks" in card.markdown
        assert "Not every runtime" not in card.markdown
    found = signature_at(*place(HEAD + "{{ items | dump(█) }}"))
    assert found is not None
    assert "spaces" in found.signatures[0].label


def test_the_label_of_a_block_is_linked_as_in_jinja() -> None:
    document, offset, _ = place(HEAD + "{% block bo█dy %}a{% endblock body %}{% if a %}{% endif %}")
    found = linked_at(document, offset)
    assert found is not None
    assert [span.slice(document.text.value) for span in found.spans] == ["body", "body"]
