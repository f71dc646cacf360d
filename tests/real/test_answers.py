"""Answers through `promptls run`, from servers that others wrote: aimock, which speaks as each of the providers, and
llama.cpp's own, whose answers are noise, but a model's."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from promptls.actions.run_files import Files
from tests.real.conftest import ANSWER, SHAPE
from tests.real.product import PIXEL, PROVIDERS, Product, replace_options, start
from tests.real.replay import replaying, whole
from tests.real.spoken import SPOKEN, WORDS
from tests.runs.network import Watch

pytestmark = pytest.mark.real
ALL = pytest.mark.parametrize("name", [name for name in PROVIDERS if name != "llamacpp"])
HOW = pytest.mark.parametrize("how", [(), ("--no-stream",)], ids=["streamed", "whole"])
LLAMA = PROVIDERS["llamacpp"]


@HOW
@ALL
def test_an_answer(product: Product, aimock: str, name: str, how: tuple[str, ...]) -> None:
    provider = PROVIDERS[name]
    product.configure(provider, aimock + provider.public)
    ran = product.run(provider, "ask.prompty", *how)
    assert (ran.code, ran.out) == (0, f"{ANSWER}\n"), ran.err
    assert f"ask.prompty -> {provider.target} (as asked)" in ran.err
    record = ran.record
    assert (record["status"], record["finish"], record["partial"], record["retries"]) == ("finished", "stop", False, 0)
    assert record["answer"] == ANSWER
    asked = last_asked(aimock)
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert bool(asked.get("stream")) is not bool(how)


@HOW
@ALL
def test_an_answer_of_the_shape_that_the_prompt_declares(
    product: Product, aimock: str, name: str, how: tuple[str, ...]
) -> None:
    provider = PROVIDERS[name]
    product.configure(provider, aimock + provider.public)
    ran = product.run(provider, "shape.prompty", *how)
    assert (ran.code, ran.out) == (0, f"{SHAPE}\n"), ran.err
    assert (ran.record["status"], ran.record["finish"]) == ("finished", "stop")


@HOW
@ALL
def test_a_call_that_nobody_answers(product: Product, aimock: str, name: str, how: tuple[str, ...]) -> None:
    provider = PROVIDERS[name]
    product.configure(provider, aimock + provider.public)
    ran = product.run(provider, "call.prompty", *how)
    assert (ran.code, ran.out.strip()) == (0, ""), ran.err
    assert "ended by tool calls" in ran.err
    assert "Nobody answers the call of `now`" in ran.err
    record = ran.record
    assert (record["status"], record["finish"]) == ("finished", "tool_calls")
    assert [(call["name"], json.loads(call["arguments"])) for call in record["tool_calls"]] == [
        ("now", {"zone": "UTC"})
    ]
    declared = last_asked(aimock)["tools"][0]["function"]
    assert declared["name"] == "now"
    # aimock does not know Gemini's newer word for the parameters, `parametersJsonSchema`.
    assert declared.get("parameters", {"required": ["zone"]})["required"] == ["zone"]


@ALL
def test_a_picture_beside_the_prompt_goes_with_its_content(product: Product, name: str) -> None:
    provider = PROVIDERS[name]
    with replaying(whole(SPOKEN[name])) as server:
        product.configure(provider, server.url)
        ran = product.run(provider, "picture.prompty")
    assert (ran.code, ran.out) == (0, "".join(WORDS) + "\n"), ran.err
    (_, _, body) = server.requests[0]
    assert base64.b64encode(PIXEL).decode() in body.decode()
    assert "pixel.png" not in body.decode()
    kept = json.dumps(ran.record["messages"])
    assert "pixel.png" in kept, "the history has its name, and not its content"
    assert base64.b64encode(PIXEL).decode() not in kept


def test_a_picture_that_is_not_there_is_not_sent(product: Product) -> None:
    with replaying(whole(SPOKEN["openai"])) as server:
        product.configure(PROVIDERS["openai"], server.url)
        product.promptls.folder.joinpath("pixel.png").unlink()
        called = product.promptls("run", "picture.prompty", "--model", "openai/x", "--allow-host", "127.0.0.1")
    assert called.code == 3
    assert "not sent: The image `pixel.png` is not there: its path begins at the folder of the prompt" in called.err
    assert not server.requests


def last_asked(aimock: str) -> Any:
    """What aimock was asked last, as it understood it: in OpenAI's words, whoever it spoke as."""
    with httpx.Client(trust_env=False) as client:
        return client.get(f"{aimock}/__aimock/journal").json()[-1]["body"]


# llama.cpp's own server.


@pytest.fixture
def local(product: Product, llama: tuple[str, str]) -> Iterator[Product]:
    product.configure(LLAMA, llama[0], key=llama[1])
    yield product
    assert not busy(llama), "nothing goes on behind the end of a run"


def busy(llama: tuple[str, str]) -> int:
    """How many of its slots are at work, in the end: a stopped one may take a moment."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        for _ in range(1200):
            slots = client.get(f"{llama[0].removesuffix('/v1')}/slots", headers={"authorization": f"Bearer {llama[1]}"})
            working = sum(bool(slot["is_processing"]) for slot in slots.json())
            if not working:
                return 0
            threading.Event().wait(0.05)
    return working


@HOW
def test_llama_cpp_answers(local: Product, how: tuple[str, ...]) -> None:
    ran = local.run(LLAMA, "ask.prompty", *how)
    assert ran.code == 0, ran.err
    record = ran.record
    assert (record["status"], record["partial"], record["tokens_estimated"]) == ("finished", False, False)
    assert record["answer"].strip() == ran.out.strip()
    assert record["output_tokens"]


@HOW
@pytest.mark.parametrize("wire", ["openai-chat", "openai-responses"])
def test_llama_cpp_keeps_to_the_shape(local: Product, llama: tuple[str, str], wire: str, how: tuple[str, ...]) -> None:
    local.configure(LLAMA, llama[0], f"quirks: {{wire: {wire}}}", key=llama[1])
    ran = local.run(LLAMA, "shape.prompty", *how)
    assert ran.code in (0, 1), ran.err
    if ran.record["finish"] == "stop":
        assert ran.code == 0
        assert isinstance(json.loads(ran.out)["sure"], bool)
    else:
        # So much noise in a text that its end was cut off: then that is what is said.
        assert (ran.code, ran.record["finish"]) == (1, "length")
        assert "answer: " in ran.err


def test_llama_cpp_knows_no_tool_it_was_not_made_for_and_takes_them_all_the_same(local: Product) -> None:
    ran = local.run(LLAMA, "call.prompty")
    assert ran.code == 0, ran.err
    assert ran.record["output_tokens"]


def test_llama_cpp_says_that_it_sees_no_pictures(local: Product) -> None:
    ran = local.run(LLAMA, "picture.prompty")
    assert ran.code == 4
    assert "failed: llama.cpp refuses the request. It says: image input is not supported" in ran.err
    assert (ran.record["failure"], ran.record["retries"]) == ("invalid-request", 0)


def test_llama_cpp_and_a_wrong_key(local: Product, llama: tuple[str, str]) -> None:
    local.configure(LLAMA, llama[0], key="canaryWrongKey0123456789")
    ran = local.run(LLAMA)
    assert (ran.code, ran.record["failure"]) == (4, "authentication")
    assert "llama.cpp does not accept the key LLAMA_API_KEY" in ran.err


def test_llama_cpp_is_stopped(local: Product, llama: tuple[str, str]) -> None:
    for _ in range(3):
        record, watch = local.stopped_at_the_first_word(LLAMA)
        assert (record.status, record.partial) == ("cancelled", True)
        assert record.answer == watch.text
        assert not busy(llama)


def test_a_hundred_and_twenty_quick_runs_one_after_the_other(local: Product) -> None:
    """Its server closes connections that stand in the pool: reference 1e saw one in ten of such calls fail."""
    with Files([Path("ask.prompty")]) as files:
        (planned,) = files.plan((LLAMA.target,))
        assert planned.plan is not None
        quick = replace_options(planned.plan, max_tokens=4)
        records = [files.run(quick, lambda event: None) for _ in range(120)]
    assert [record.message for record in records if record.status != "finished"] == []
    assert {record.retries for record in records} == {0}


def test_twenty_at_once(local: Product) -> None:
    with Files([Path("ask.prompty")]) as files:
        (planned,) = files.plan((LLAMA.target,))
        assert planned.plan is not None
        watches = [Watch() for _ in range(20)]
        for watch in watches:
            start(files, replace_options(planned.plan, max_tokens=40), watch)
        records = [watch.end() for watch in watches]
    assert [record.message for record in records if record.status != "finished"] == []
    assert all(record.output_tokens == 40 or record.finish == "stop" for record in records)
    assert all(watch.text == record.answer for watch, record in zip(watches, records, strict=True))
    assert len({record.id for record in records}) == 20
