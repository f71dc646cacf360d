"""untrusted-input-in-system: marked inputs and the messages that they stand in."""

from __future__ import annotations

from tests.rules.check import check, found_in


def test_every_way_into_a_system_message() -> None:
    check(
        """
        ---
        name: a
        inputs:
          - {name: mail, kind: string, x-untrusted: true}
          - {name: docs, kind: array, items: {kind: object, properties: {text: {kind: string}}}, x-untrusted: true}
          - {name: name, kind: string}
        ---
        {{ name }} wrote {{ mail }}
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ text-before-role
                            ^^^^ untrusted-input-in-system: `mail` is untrusted and stands in a `system` message…
        system:
        {{ mail | upper }}{{ "x" ~ mail }}{{ name }}
           ^^^^ untrusted-input-in-system
                                   ^^^^ untrusted-input-in-system
        {% for doc in docs %}{{ doc.text }}{% endfor %}
                                ^^^^^^^^ untrusted-input-in-system: `docs` is untrusted…
        {% set copy = mail %}{{ copy }}
                                ^^^^ untrusted-input-in-system: `mail` is untrusted…
        developer:
        {{ mail }}
           ^^^^ untrusted-input-in-system: `mail` is untrusted and stands in a `developer` message…
        """
    )


def test_elsewhere_and_only_tested_it_is_welcome() -> None:
    check(
        """
        ---
        name: a
        inputs:
          - {name: mail, kind: string, x-untrusted: true}
          - {name: name, kind: string, x-untrusted: false}
        ---
        system:
        You answer {{ name }}.{% if mail %} There is a mail.{% endif %}{# {{ mail }} #}
        user:
        {{ mail }}
        assistant:
        Yes, {{ mail }}
        """
    )


def test_in_mustache() -> None:
    check(
        """
        ---
        name: a
        inputs:
          - {name: mail, kind: string, x-untrusted: true}
        template: {format: mustache, parser: prompty}
        ---
        system:
        {{mail}}
          ^^^^ untrusted-input-in-system
        {{#mail}}There is a mail.{{/mail}}
        user:
        {{mail}}
        """
    )


def test_a_line_that_may_be_a_role_line_makes_it_unknown() -> None:
    check(
        """
        ---
        name: a
        inputs:
          - {name: mail, kind: string, x-untrusted: true}
        ---
        system:
        You answer.

        usr:
        ^^^ unknown-role
        {{ mail }}
        """
    )


def test_the_mark_is_a_boolean_and_v1_refuses_it() -> None:
    check(
        """
        ---
        name: a
        inputs:
          - {name: mail, kind: string, x-untrusted: maybe}
                                                    ^^^^^ wrong-type
        ---
        user:
        {{ mail }}
        """
    )
    v1 = "---\nname: a\nmodel: {api: chat, configuration: {type: openai}}\ninputs:\n  mail: {type: string, default: a, x-untrusted: true}\n---\nuser:\n{{ mail }}\n"  # noqa: E501
    assert ("unknown-key", 1) in {(one.finding.code, one.finding.severity) for one in found_in({"a.prompty": v1})}
