"""missing-partial, partial-cycle, partial-argument, and what other rules make of templates that include others."""

from __future__ import annotations

from tests.rules.check import check, check_fix


def test_a_slip_in_the_name_of_a_partial() -> None:
    check_fix(
        """
        -- a.prompt --
        {{> crad}} {{> foot}}
            ^^^^ missing-partial: There is no partial `crad`; did you mean `card`?
        -- _card.prompt --
        A card
        -- partials/_foot.prompt --
        Bye
        """,
        """
        -- a.prompt --
        {{> card}} {{> foot}}
        -- _card.prompt --
        A card
        -- partials/_foot.prompt --
        Bye
        """,
    )


def test_a_partial_that_is_nowhere() -> None:
    check(
        """
        -- a.prompt --
        {{> header}} {{#> maybe}}fallback{{/maybe}} {{#*inline "own"}}x{{/inline}}{{> own}}
            ^^^^^^ missing-partial: There is no partial `header`: no file _header.prompt is found
        """
    )


def test_partials_above_and_below_the_roots() -> None:
    check(
        """
        -- prompts/mail/a.prompt --
        {{> above}} {{> shared}} {{> sub/inner}}
        -- prompts/_above.prompt --
        One
        -- lib/partials/_shared.prompt --
        Two
        -- prompts/mail/partials/sub/_inner.prompt --
        Three
        -- promptls.yaml --
        templates: {roots: [lib]}
        """
    )


def test_a_circle_names_each_hop() -> None:
    found = check(
        """
        -- a.prompt --
        {{> b}}
        -- _b.prompt --
        {{> c}}
            ^ partial-cycle: `c` includes `d`, which includes `b`, which leads back to here
        -- _c.prompt --
        {{> d}}
            ^ partial-cycle: `d` includes `b`, which includes `c`, which leads back to here
        -- _d.prompt --
        {{> b}}
            ^ partial-cycle: `b` includes `c`, which includes `d`, which leads back to here
        """
    )
    hops = [(one.uri.rpartition("/")[2], message) for one, message in found[0].finding.related]
    assert hops == [("_c.prompt", "includes `d`"), ("_d.prompt", "includes `b`")]


def test_a_file_that_includes_itself() -> None:
    check(
        """
        -- _a.prompt --
        {{> a}}
            ^ partial-cycle: `a` is this file, which includes itself without an end
        """
    )


def test_arguments_against_what_is_read() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema: {guest: string, items(array): string}
        ---
        {{> card title=guest colour="red"}}
                             ^^^^^^ partial-argument: `card` does not read `colour`
        {{#each items}}{{> row item=this}}{{/each}}
        -- _card.prompt --
        {{title}} {{guest}} {{#if extra}}{{extra}}{{/if}}
        -- _row.prompt --
        - {{item}} {{whatever}}
        """
    )


def test_a_partial_that_hands_everything_on() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema: {guest: string}
        ---
        {{> dump a=guest}}
        -- _dump.prompt --
        {{json this}}
        """
    )


def test_what_a_partial_reads_is_used() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema:
            guest: string
            tone: string
            ^^^^ unused-input: `tone` is never used
        ---
        {{> card}}
        -- _card.prompt --
        {{> inner}}
        -- _inner.prompt --
        {{guest}}
        """
    )


def test_a_partial_that_cannot_be_read_may_use_everything() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema: {guest: string}
        ---
        {{> card}}
            ^^^^ missing-partial
        """
    )
