"""undefined-variable: where a name is missing, and where it only looks so."""

from __future__ import annotations

from tests.rules.check import check, check_fix


def test_a_slip_is_answered_with_the_name_that_was_meant() -> None:
    check_fix(
        """
        ---
        name: greet
        inputs:
          customer: {kind: string}
        ---
        user:
        Hello {{ customer }}{{ custmer }}
                               ^^^^^^^ undefined-variable: `custmer` is not declared; did you mean `customer`?
        """,
        """
        ---
        name: greet
        inputs:
          customer: {kind: string}
        ---
        user:
        Hello {{ customer }}{{ customer }}
        """,
    )


def test_a_new_name_is_declared_with_the_type_that_its_use_shows() -> None:
    check_fix(
        """
        ---
        name: greet
        inputs:
          - name: customer
            kind: string
        ---
        user:
        {{ customer }}:{% for item in orders %} {{ item }}{% endfor %}
                                      ^^^^^^ undefined-variable: `orders` is not declared
        """,
        """
        ---
        name: greet
        inputs:
          - name: customer
            kind: string
          - name: orders
            kind: array
            items: {kind: string}
        ---
        user:
        {{ customer }}:{% for item in orders %} {{ item }}{% endfor %}
        """,
        "Declare",
    )


def test_two_names_as_near_leave_the_choice() -> None:
    found = check(
        """
        ---
        name: greet
        inputs:
          tone: {kind: string}
          tune: {kind: string}
        ---
        user:
        {{ tone }}{{ tune }}{{ tne }}
                               ^^^ undefined-variable: `tne` is not declared; did you mean `tone` or `tune`?
        """
    )
    assert [fix.preferred for fix in found[0].finding.fixes] == [False, False, False]


def test_where_nothing_is_declared_nothing_is_undefined() -> None:
    check(
        """
        ---
        name: greet
        ---
        user:
        Hello {{ name }}
        """
    )


def test_guarded_uses_may_be_absent() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---
        user:
        {{ name }}{{ title | default("Ms") }}{% if company %} of {{ company }}{% endif %}
        {% if team is defined %}{{ team }}{% endif %}{{ city if city else "somewhere" }}
        """
    )


def test_local_names_and_names_of_the_dialect_are_known() -> None:
    check(
        """
        ---
        name: count
        inputs:
          times: {kind: integer}
        ---
        user:
        {% set word = "tea" %}{% for i in range(times) %}{{ loop.index }}: {{ word }}{% endfor %}
        {% macro cup(size) %}{{ size }}{% endmacro %}{{ cup(2) }}
        {% with milk = 1 %}{{ milk }}{% endwith %}
        """
    )


def test_a_name_is_local_only_inside_of_its_block() -> None:
    check(
        """
        ---
        name: list
        inputs:
          names: {kind: array, items: {kind: string}}
        ---
        user:
        {% for name in names %}{{ name }}{% endfor %}
        {{ first }}
           ^^^^^ undefined-variable: `first` is not declared
        """
    )


def test_a_name_that_is_called_is_a_function_of_the_application() -> None:
    check_fix(
        """
        -- greet.prompty --
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---
        user:
        {{ name }} {{ today() }}
                      ^^^^^ undefined-variable: `today` is not declared
        """,
        """
        -- greet.prompty --
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---
        user:
        {{ name }} {{ today() }}
        -- promptls.yaml --
        templates:
          globals: [today]
        """,
        "Declare the global `today`",
    )


def test_mustache() -> None:
    check(
        """
        ---
        name: list
        inputs:
          items: {kind: array, items: {kind: object, properties: {title: {kind: string}}}}
        template: {format: mustache, parser: prompty}
        ---
        user:
        {{#items}}{{title}}{{/items}}{{itms}}
                                       ^^^^ undefined-variable: `itms` is not declared; did you mean `items`?
        """
    )


def test_version_1_declares_by_its_sample() -> None:
    check(
        """
        ---
        name: greet
        model:
          api: chat
          configuration: {type: openai}
        sample:
          firstName: Ada
        ---
        user:
        Hello {{ firstName }} {{ lastNme }}
                                 ^^^^^^^ undefined-variable: `lastNme` is not declared
        """
    )


def test_half_typed_text_is_left_alone() -> None:
    check(
        """
        ---
        name: list
        inputs:
          items: {kind: array, items: {kind: string}}
        ---
        user:
        {% for item in it
        ^^^^^^^^^^^^^^^^^ template-syntax
        {{ item }}
        {% endfor %}
        """,
    )


def test_a_broken_header_may_have_declared_it() -> None:
    check(
        """
        ---
        name: greet
        description: "open
                     ^ yaml-syntax
        inputs:
          name: {kind: string}
        ---
        user:
        {{ nme }}{{ name }}
        """,
    )
