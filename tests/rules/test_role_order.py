"""role-order: what some providers move or refuse."""

from __future__ import annotations

import pytest

from tests.rules.check import check

HEADER = "---\nname: a\ninputs:\n  - {name: history, kind: thread}\n  - {name: flag, kind: boolean}\n---\n"
USED = "{{ history }}{{ flag }}"


@pytest.mark.parametrize(
    "body",
    [
        "system:\nA\nuser:\nB\nassistant:\nC\nuser:\nD\n",
        "system:\nA\nsystem:\nB\ndeveloper:\nC\nuser:\nD\n",
        "system:\nA\n",
        # What comes before is not known.
        "system:\nA\n{{ history }}\nassistant:\nB\n",
        "{% if flag %}\nuser:\nA\n{% endif %}\nassistant:\nB\n",
        "user:\nA\n{% if flag %}\nsystem:\nB\n{% endif %}\nassistant:\nC\n",
    ],
)
def test_an_order_that_all_take(body: str) -> None:
    check(HEADER + body + USED + "\n")


def test_the_first_of_each_kind_is_said() -> None:
    check(
        """
        ---
        name: a
        ---
        system:
        A
        assistant:
        ^^^^^^^^^ role-order: Some providers refuse a conversation that begins with `assistant`: begin with `user`
        B
        user:
        C
        developer:
        ^^^^^^^^^ role-order: Some providers put all `developer` messages first, so this one moves above the…
        D
        system:
        E
        """
    )


def test_in_v1_and_mustache() -> None:
    check(
        """
        ---
        name: a
        model: {api: chat, configuration: {type: openai}}
        template: mustache
        ---
        user:
        A
        system:
        ^^^^^^ role-order
        B
        """
    )


def test_text_above_all_is_a_system_message() -> None:
    check(
        """
        ---
        name: a
        ---
        Be kind.
        ^^^^^^^^ text-before-role
        assistant:
        ^^^^^^^^^ role-order
        B
        """
    )


def test_in_dotprompt() -> None:
    check(
        """
        -- a.prompt --
        {{role "system"}}
        A
        {{history}}
        {{role "model"}}
        B
        {{role "system"}}
                ^^^^^^ role-order
        C
        """
    )
