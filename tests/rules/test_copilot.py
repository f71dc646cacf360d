"""What the rules say of GitHub Copilot's files."""

from __future__ import annotations

import pytest

from promptls.rules import Severity, rules
from promptls.schema.files import names
from promptls.schema.hosts import checked_by
from promptls.text import Text
from tests.corpus_report import findings_of
from tests.rules.check import check, check_fix, found_in
from tests.shared_files import corpus, needs_shared


@needs_shared
def test_real_files_are_clean_and_other_markdown_is_none_of_ours() -> None:
    files = corpus("**/*.md")
    assert sum(path.name.endswith((".prompt.md", ".instructions.md")) for path in files) == 11
    assert [(path, one) for path in files for one in findings_of(path)] == []


def test_a_slip_in_a_key() -> None:
    check_fix(
        """
        -- review.prompt.md --
        ---
        descripton: Looks for mistakes
        ^^^^^^^^^^ unknown-key: `descripton` is not a key of a Copilot prompt; did you mean `description`?
        owner: jane
        ---
        What is wrong here?
        """,
        """
        -- review.prompt.md --
        ---
        description: Looks for mistakes
        owner: jane
        ---
        What is wrong here?
        """,
    )


def test_the_old_name_of_a_key() -> None:
    check_fix(
        """
        -- review.prompt.md --
        ---
        mode: ask
        ^^^^ deprecated-key: `mode` is an old key; write `agent`
        ---
        Hello
        """,
        """
        -- review.prompt.md --
        ---
        agent: ask
        ---
        Hello
        """,
    )


def test_values_that_vs_code_refuses() -> None:
    found = check(
        """
        -- review.prompt.md --
        ---
        name: [a, b]
              ^^^^^^ wrong-type
        description: ""
                     ^^ invalid-value: `description` must not be empty
        agent: {name: x}
               ^^^^^^^^^ wrong-type
        model: []
               ^^ invalid-value
        tools: {search: true}
               ^^^^^^^^^^^^^^ wrong-type
        ---
        Hello
        """
    )
    assert {one.finding.severity for one in found} == {Severity.ERROR}


def test_keys_without_effect() -> None:
    found = check(
        """
        -- review.prompt.md --
        ---
        agent: ask
        tools: [search]
        ^^^^^ ignored-key: VS Code ignores `tools` here: `ask` is no agent that uses them
        applyTo: '**/*.ts'
        ^^^^^^^ ignored-key: VS Code ignores `applyTo` in a prompt: only instructions (`*.instructions.md`) are added …
        ---
        Hello
        -- planner.agent.md --
        ---
        applyTo: '**'
        ^^^^^^^ ignored-key: VS Code ignores `applyTo` in an agent: …
        ---
        You write a plan.
        """
    )
    assert sorted(one.finding.severity or 0 for one in found) == [
        Severity.WARNING,
        Severity.INFORMATION,
        Severity.INFORMATION,
    ]


@pytest.mark.parametrize(
    "header",
    [
        "agent: agent\ntools: [search]",
        "agent: planner\ntools: [search]",
        "tools: [search]",
        "name: 5\ndescription: true",
        "model: GPT-5 mini\ntools: search, edit",
        "model: [GPT-5 mini, 'Claude Sonnet 4.5 (copilot)']\ntools: ['search', 'github/*']",
        "tools: []\nargument-hint: '[file] [what]'",
        "",
    ],
)
def test_values_that_vs_code_reads(header: str) -> None:
    check(f"-- review.prompt.md --\n---\n{header}\n---\nHello\n")


def test_what_only_vs_code_reads_is_quoted() -> None:
    found = check(
        """
        -- tests.instructions.md --
        ---
        applyTo: **/*.ts
                 ^^^^^^^ yaml-syntax: `*` at the start of a value means an alias in YAML: quote …
        description: Tests: how we write them
                     ^^^^^^^^^^^^^^^^^^^^^^^^ yaml-syntax: This value holds `: `, …
        ---
        Hello
        """
    )
    assert {one.finding.severity for one in found} == {Severity.INFORMATION}
    assert all(one.finding.message.endswith("; VS Code reads it as it stands, others do not") for one in found)


@pytest.mark.parametrize(
    ("header", "severity", "message"),
    [
        ("argument-hint: [file] [what]", Severity.WARNING, "Something stands behind the closing bracket"),
        ("name: a\nsome words\nagent: b", Severity.WARNING, "`some words` has no `:` after it"),
        ("tools: [search, edit", Severity.ERROR, "This list is never closed"),
        ("name: a\n  agent: b", Severity.ERROR, "`name` already has the value"),
        ("name: a\nname: b", Severity.ERROR, "`name` is already set above: VS Code refuses it, and takes the first"),
    ],
)
def test_what_vs_code_refuses_is_an_error_and_what_it_drops_a_warning(
    header: str, severity: Severity, message: str
) -> None:
    (one,) = found_in({"a.prompt.md": f"---\n{header}\n---\nHello\n"})
    assert one.finding.severity is severity
    assert one.finding.message.startswith(message)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("```chatagent\n---\nname: a\n---\n# You\n```js\nx\n```\n```\n", "---\nname: a\n---\n# You\n```js\nx\n```\n"),
        ("````chatagent\n---\nname: a\n---\n```js\nx\n```\n", "---\nname: a\n---\n```js\nx\n```\n"),
        ("```chatagent\n---\nname: a\n---\n```\n\n# You\n", "---\nname: a\n---\n\n# You\n"),
        ("\n\n---\n# mine\nname: a\n---\nYou\n", "---\n# mine\nname: a\n---\nYou\n"),
        ("# You\n\n---\nname: a\n---\n\nYou write\n", "---\nname: a\n---\n# You\n\n\nYou write\n"),
        ("\ufeff<!-- by me -->\r\n---\r\nname: a\r\n---\r\nx", "\ufeff---\r\nname: a\r\n---\r\n<!-- by me -->\r\nx"),
    ],
)
def test_a_header_that_the_file_does_not_begin_with_is_text(before: str, after: str) -> None:
    (one,) = found_in({"a.agent.md": before})
    assert one.finding.code == "front-matter-unread"
    assert one.finding.severity is Severity.WARNING
    (fix,) = one.finding.fixes
    assert Text(before).apply((edit.span, edit.text) for edit in fix.edits).value == after


@pytest.mark.parametrize(
    "text",
    [
        "````chatagent\n```chatagent\n---\nname: a\n---\nYou\n",
        "```chatagent\n---\nname: a\n---\nYou\n```\nwrite\n",
        "# You\n\n---\nname: a\n---",
    ],
)
def test_what_is_around_it_is_left_to_a_person_where_it_is_not_plain(text: str) -> None:
    (one,) = found_in({"a.agent.md": text})
    assert (one.finding.code, one.finding.fixes) == ("front-matter-unread", ())


@pytest.mark.parametrize(
    "text",
    [
        "# You\n\n---\n\nA line and another one\n\n---\n",
        "# You\n---\nname: a\n",
        "# You\n---\nowner: jane\n---\n",
        "You write\n---\nname: a\n---\n",
        "Note that\n```md\n---\nname: a\n---\n```\n",
        "---\n---\n---\nname: a\n---\n",
        "```md\n---\n---\n```\n",
        "# You\n\n---\n**name: a**\nname: a\n---\n",
    ],
)
def test_lines_in_a_text_are_no_header(text: str) -> None:
    check(f"-- a.agent.md --\n{text}")


def test_files_that_are_named_have_to_be_there() -> None:
    found = check(
        """
        -- prompts/review.prompt.md --
        Follow [the rules](../docs/rules.md#names "Rules") and #file:../docs/rules.md.
        Not [these](../docs/rulse.md), nor #file:gone.ts,
                    ^^^^^^^^^^^^^^^^ missing-file: `../docs/rulse.md` does not exist; did you mean `../docs/rules.md`?
                                                 ^^^^^^^ missing-file: `gone.ts` does not exist
        -- docs/rules.md --
        Short names.
        """
    )
    assert {one.finding.severity for one in found} == {Severity.WARNING}


def test_what_is_no_file_of_ours_is_left_alone() -> None:
    check(
        """
        -- review.prompt.md --
        ![a picture](gone.png) [a page](https://example.com/gone.md) [a heading](#gone) [mail](mailto:a@b.c)
        [an example](url) [of the root](/gone.md) [home](~/gone.md) [outside](../gone.md) [any]({path}.md)
        `[code](gone.md)`
        #tool:gone.tool/of-mine and ${HOME}/gone.md, [by a tool](${file}.md)
        ~~~md
        [not](gone.md) #file:gone.md
        ```
        [nor](gone.md)
        ~~~
        """
    )


def test_a_comment_silences_a_finding() -> None:
    check(
        """
        -- review.prompt.md --
        <!-- promptls: ignore[missing-file] -->
        [written by the model](report.md)
        """
    )


def test_an_input_without_a_sample() -> None:
    check(
        """
        -- greet.prompt.md --
        Say ${input:word:what to say} to ${input:who}, ${input:who}, about ${selection}.
                                                 ^^^ missing-sample: `who` is required and has no sample, …
        -- greet.prompt.sample.yaml --
        word: hello
        """
    )


def test_a_header_without_a_prompt() -> None:
    check(
        """
        -- a.prompt.md --
        ---
        name: a
        ---
        ^^^ empty-body: There is no prompt below the header: nothing is sent
        """
    )


def test_instructions_are_for_files_that_one_text_names() -> None:
    found = check(
        """
        -- tests.instructions.md --
        ---
        applyTo: ['**/*.ts', '**/*.js']
                 ^^^^^^^^^^^^^^^^^^^^^^ wrong-type: `applyTo` must be one text: …
        descrption: How we write tests
        ^^^^^^^^^^ unknown-key: `descrption` is not a key of Copilot instructions; did you mean `description`?
        ---
        See [the guide](guide.md).
                        ^^^^^^^^ missing-file: `guide.md` does not exist
        """
    )
    assert [one.finding.severity for one in found if one.finding.code == "wrong-type"] == [Severity.ERROR]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("applyTo: ['**/*.ts', \"**/*.js\"]", 'applyTo: "**/*.ts, **/*.js"'),
        ("applyTo:\n  - '**/*.ts'\n  - docs/**", 'applyTo: "**/*.ts, docs/**"'),
        ("description: [only: how]", 'description: "[only: how]"'),
        ("description: [how]", 'description: "[how]"'),
        ("applyTo:\n  - a.ts # the first\n  - b.ts", None),
        ("applyTo: [[a.ts], b.ts]", None),
        ("description: []", None),
        ("description: ['how']", None),
        ("description: [how,\n  what]", None),
    ],
)
def test_a_list_that_stands_for_a_text(before: str, after: str | None) -> None:
    text = f"---\n{before}\nname: a\n---\nx\n"
    one = found_in({"a.instructions.md": text})[0].finding
    if after is None:
        assert one.fixes == ()
    else:
        (fix,) = one.fixes
        mended = Text(text).apply((edit.span, edit.text) for edit in fix.edits).value
        assert mended == text.replace(before, after)
        assert found_in({"a.instructions.md": mended}) == []


def test_servers_are_a_map_to_the_agent_on_github_and_vs_code_does_not_look() -> None:
    found = check(
        """
        -- planner.agent.md --
        ---
        mcp-servers:
          - docs
          ^^^^^^ wrong-type: `mcp-servers` must be a map, not a list
        ---
        You write a plan.
        """
    )
    assert [one.finding.severity for one in found] == [Severity.WARNING]


def test_an_agent() -> None:
    check(
        """
        -- planner.agent.md --
        ---
        name: planner
        mode: primary
        ^^^^ ignored-key: VS Code ignores `mode`
        target: github
                ^^^^^^ invalid-value
        reasoning-effort: hihg
                          ^^^^ invalid-value: `reasoning-effort`: `hihg` is not known; did you mean `high`?
        user-invocable: sometimes
                        ^^^^^^^^^ wrong-type
        infer: true
        ^^^^^ deprecated-key: `infer` is an old key; write `user-invocable` and `disable-model-invocation`
        handoffs:
          - label: Write the code
            ^^^^^ missing-key: a handoff needs `prompt`
            agent: agent
            sned: true
            ^^^^ unknown-key: `sned` is not a key of a handoff; did you mean `send`?
        ---
        You write a plan.
        """
    )


@pytest.mark.parametrize("name", ["copilot-instructions.md", "a.instructions.md", "a.chatmode.md"])
def test_without_a_header_nothing_is_wrong(name: str) -> None:
    check(f"-- {name} --\nUse tabs. ${{input:x}} {{{{ y }}}}\n")


@pytest.mark.parametrize("name", names())
def test_what_an_editor_checks_itself_are_rules_of_ours(name: str) -> None:
    for codes in checked_by(name).values():
        assert codes.keys() <= rules().keys()
