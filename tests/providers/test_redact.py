"""What is taken out of text that somebody may read."""

from __future__ import annotations

import base64
import json
import logging
from urllib.parse import quote

import pytest

from promptls.providers.redact import RedactingFilter, redact
from promptls.providers.secret import Secret

VALUE = 'odd"key+with/signs=\\0123'


@pytest.fixture
def secret() -> Secret:
    return Secret(VALUE, "ODD_KEY")


def test_a_key_in_memory_is_found_in_every_form(secret: Secret) -> None:
    forms = [
        VALUE,
        json.dumps({"k": VALUE}),
        quote(VALUE, safe=""),
        repr({"k": VALUE}),
        "Basic " + base64.b64encode(f":{VALUE}".encode()).decode(),
    ]
    for form in forms:
        assert "0123" not in redact(form), form
        assert "b2RkImtle" not in redact(form)
    assert redact(f"refused {VALUE}.") == "refused $ODD_KEY."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.DEF-123_x", "Authorization: Bearer ***"),
        ("GET https://h/v1/models?key=AbC123&alt=sse", "GET https://h/v1/models?key=***&alt=sse"),
        ("Incorrect API key provided: sk-proj-abcdefgh12345678.", "Incorrect API key provided: ***."),
        ('{"x-api-key": "abcdef123"}', '{"x-api-key": "***"}'),
        ("http://ada:secret@proxy:3128", "http://***@proxy:3128"),
        ("ghp_abcdefghijklmnopqrstuvwx", "***"),
        ("the task at hand, https://h/?topic=keys", "the task at hand, https://h/?topic=keys"),
        ("key = value; monkey: banana", "key = value; monkey: banana"),
    ],
)
def test_what_looks_like_a_key_is_taken_out_and_words_stay(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_a_short_value_is_not_looked_for() -> None:
    Secret("abc", "SHORT")
    assert redact("abc, alphabet") == "abc, alphabet"


def test_no_record_passes_with_a_key(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("promptls.tests.redact")
    caplog.handler.addFilter(net := RedactingFilter())
    try:
        log.error("sent %s to %s", VALUE, "h")
        log.error("no %d arguments", "x" + VALUE)
        try:
            raise ValueError(VALUE)
        except ValueError:
            log.exception("failed")
        log.warning("stack", stack_info=True)
    finally:
        caplog.handler.removeFilter(net)
    assert VALUE not in caplog.text
    assert "sent $ODD_KEY to h" in caplog.text


def test_text_without_end_is_no_work(secret: Secret) -> None:
    for text in ("bearer " * 50_000, "?key=" * 50_000, "://a" * 50_000, "sk-" * 50_000, "x-api-key" * 30_000):
        assert redact(text)
