"""undefined-attribute: what is known of a value, through loops, bindings and samples."""

from __future__ import annotations

from tests.rules.check import check, check_fix

DECLARED = """
        ---
        name: greet
        inputs:
          - name: customer
            kind: object
            properties:
              - {name: name, kind: string}
              - {name: address, kind: object, properties: [{name: city, kind: string}]}
              - {name: orders, kind: array, items: {kind: object, properties: [{name: title, kind: string}]}}
        ---
        user:
"""


def test_a_slip_is_answered_with_the_property_that_was_meant() -> None:
    check_fix(
        DECLARED
        + """
        {{ customer.nme }}
                    ^^^ undefined-attribute: `customer` has no `nme`; did you mean `name`?
        """.lstrip("\n"),
        DECLARED
        + """
        {{ customer.name }}
        """.lstrip("\n"),
    )


def test_deeper_and_through_loops_and_bindings() -> None:
    check(
        DECLARED
        + """
        {{ customer.name }} {{ customer.address.city }} {{ customer.address.cty }}
                                                                            ^^^ undefined-attribute: …
        {% for order in customer.orders %}{{ order.title }}{{ order.prise }}{% endfor %}
                                                                    ^^^^^ undefined-attribute: `order` has no `prise`
        {% set address = customer.address %}{{ address.city }}{{ address.street }}
                                                                         ^^^^^^ undefined-attribute: …
        {{ customer['name'] }}{{ customer.orders[0].title }}
        """.lstrip("\n")
    )


def test_guarded_and_methods() -> None:
    check(
        DECLARED
        + """
        {{ customer.phone | default("none") }}{% if customer.email %}{{ customer.email }}{% endif %}
        {% for key, value in customer.items() %}{{ key }}: {{ value }}{% endfor %}
        {{ customer.name.upper() }}{{ customer.orders | length }}{{ customer.get("x") }}
        """.lstrip("\n")
    )


def test_a_map_without_properties_may_hold_anything() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          - name: customer
            kind: object
        ---
        user:
        {{ customer.name }}
        """
    )


def test_a_sample_shows_what_there_is() -> None:
    check(
        """
        ---
        name: greet
        model:
          api: chat
          configuration: {type: openai}
        sample:
          customer: {firstName: Ada}
        ---
        user:
        {{ customer.firstName }}{{ customer.firstname }}
                                            ^^^^^^^^^ undefined-attribute: …
        """
    )


def test_mustache() -> None:
    check(
        """
        ---
        name: list
        template: {format: mustache, parser: prompty}
        inputs:
          items: {kind: array, items: {kind: object, properties: {title: {kind: string}}}}
        ---
        user:
        {{#items}}{{title}}{{/items}}
        """
    )
