"""Runs over the wire: an id at once, a page that grows by edits, stopping, questions, what a fuller client is told."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from promptls.text.uris import uri_to_path
from tests.lsp.frames import PATIENCE, Server, eventually, profile, server
from tests.lsp.test_menu import actions, started
from tests.lsp.test_preview import TEXT, _state, folder, reply, run
from tests.runs.server import ModelServer, model_server

__all__ = ["_state"]
OWN: dict[str, Any] = {
    "experimental": {"promptls": {"preview": True, "runEvents": True}},
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}},
}


def place(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "greet.prompty"
    path.write_text(TEXT, encoding="utf-8")
    return path, path.as_uri()


def page_of(answer: Any) -> Path:
    return Path(uri_to_path(answer["uri"]) or "")


def test_echo_from_an_unsaved_buffer_is_shown_on_a_page(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(uri, TEXT.replace("kind", "terse"))
        answer = run(one, "promptls.run", uri=uri)
        assert answer["run"]
        shown = reply(one, "window/showDocument", {"success": True})
        assert shown["uri"] == answer["uri"]
        page = page_of(answer)
        assert page.parent == tmp_path / ".promptls"
        assert page.name.endswith(".run.md")
        lines, first = page.read_text(encoding="utf-8").splitlines(), shown["selection"]["start"]["line"]
        assert lines[first - 2 : first] == ["---", ""], "the editor is to look at where the answer will stand"
        # The editor holds the page, and is asked to make it grow.
        one.open(answer["uri"], page.read_text(encoding="utf-8"))
        text = held(one, answer["uri"], page.read_text(encoding="utf-8"), "status: finished")
        assert "Be terse." in text
        assert "no model was called" in text.lower()
        assert one.stop() == 0


def held(one: Server, uri: str, text: str, until: str) -> str:
    """Make the edits that the server asks for, as an editor does, until the text says something."""
    version = 1
    while until not in text:
        asked = one.wait(lambda message: message.get("method") in ("workspace/applyEdit",))
        edit = asked["params"]["edit"]
        edits = (edit.get("changes") or {}).get(uri) or edit["documentChanges"][0]["edits"]
        for each in reversed(edits):
            start, end = (offset(text, each["range"][which]) for which in ("start", "end"))
            text = text[:start] + each["newText"] + text[end:]
        version += 1
        one.send({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": True}})
        changed = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]}
        one.notify("textDocument/didChange", changed)
    return text


def offset(text: str, place: Any) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place["line"]]) + int(place["character"])


def with_model(tmp_path: Path, model: ModelServer, **more: Any) -> None:
    """A server of the user's own: nobody is asked about it, as about one that a project names."""
    own = {"providers": {"local": {"type": "openai-compatible", "base_url": model.url}}}
    (tmp_path / "user.yaml").write_text(json.dumps(own), encoding="utf-8")
    (tmp_path / "promptls.yaml").write_text(json.dumps({"default": "local/tiny-1", **more}), encoding="utf-8")


def events_of(one: Server, run: str) -> list[Any]:
    """All of a run, up to its last."""
    events: list[Any] = []
    while not events or events[-1]["kind"] not in ("finished", "failed", "cancelled"):
        events.append(one.notified("promptls/runEvent", lambda params: params["run"] == run))
    return events


def test_a_client_of_its_own_is_told_each_step(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        model.pieces = ["One ", "two."]
        with_model(tmp_path, model)
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        events = events_of(one, answer["run"])
        kinds = [event["kind"] for event in events if event["kind"] in ("started", "delta", "finished")]
        # Words that come together are told together.
        assert list(dict.fromkeys(kinds)) == ["started", "delta", "finished"]
        assert (kinds.count("started"), kinds.count("finished")) == (1, 1)
        assert "".join(event["text"] for event in events if event["kind"] == "delta") == "One two."
        assert events[0]["data"]["target"] == "local/tiny-1"
        assert events[-1]["record"]["output_tokens"] == 3
        assert one.stop() == 0
        methods = {message.get("method") for message in one.received}
        assert not methods & {"window/showDocument", "workspace/applyEdit", "window/showMessage"}
    assert "One two." in page_of(answer).read_text(encoding="utf-8")


def test_nobody_else_is_told_of_steps(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(**folder(tmp_path))
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        told = one.notified("window/showMessage")
        assert str(page_of(answer)) in told["message"]
        says(page_of(answer), "status: finished")
        assert one.stop() == 0
        methods = {message.get("method") for message in one.received}
        assert not methods & {"promptls/runEvent", "$/progress", "window/workDoneProgress/create"}


@pytest.mark.parametrize("by", ["run", "uri", "page"])
def test_a_run_is_stopped_by_a_command(tmp_path: Path, by: str) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        model.hold = threading.Event()
        with_model(tmp_path, model)
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        one.notified("promptls/runEvent", lambda params: params["kind"] == "delta")
        argument = {"run": {"run": answer["run"]}, "uri": {"uri": uri}, "page": {"uri": answer["uri"]}}[by]
        assert run(one, "promptls.cancel", **argument) == {"cancelled": [answer["run"]]}
        last = events_of(one, answer["run"])[-1]
        assert last["kind"] == "cancelled"
        assert last["record"]["answer"] == "Hel"
        assert run(one, "promptls.cancel", **argument) == {"cancelled": []}
        assert one.stop() == 0


def test_a_run_is_stopped_by_the_button_of_its_progress(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        model.hold = threading.Event()
        with_model(tmp_path, model)
        one.start({**OWN, "window": {"workDoneProgress": True}}, **folder(tmp_path))
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        token = reply(one, "window/workDoneProgress/create", None)["token"]
        begun = one.notified("$/progress", lambda params: params["value"]["kind"] == "begin")
        assert (begun["token"], begun["value"]["cancellable"]) == (token, True)
        assert "local/tiny-1" in begun["value"]["title"]
        one.notify("window/workDoneProgress/cancel", {"token": token})
        assert events_of(one, answer["run"])[-1]["kind"] == "cancelled"
        one.notified("$/progress", lambda params: params["value"]["kind"] == "end")
        assert one.stop() == 0


KEY = "sk-canary-0123456789abcdef0123456789"


def test_consent_is_asked_once_in_its_words_and_only_yes_is_yes(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model:
        local = {"type": "openai-compatible", "base_url": model.url, "api_key": "${env:LOCAL_KEY}"}
        with_model(tmp_path, model, providers={"local": local})
        log = tmp_path / "log"
        with server(str(log), env={**os.environ, "LOCAL_KEY": KEY}) as one:
            one.start(OWN, trace="verbose", **folder(tmp_path))
            one.open(uri, TEXT)
            for answered in (None, {"title": "No"}, {"title": "Send"}):
                answer = run(one, "promptls.run", uri=uri)
                asked = reply(one, "window/showMessageRequest", answered)
                assert model.url.removesuffix("/v1") in asked["message"]
                assert "LOCAL_KEY" in asked["message"]
                kind = events_of(one, answer["run"])[-1]["kind"]
                assert kind == ("finished" if answered == {"title": "Send"} else "cancelled")
            assert len(model.requests) == 1
            assert model.requests[0][0]["authorization"] == f"Bearer {KEY}"
            # What was agreed to is not asked again.
            assert events_of(one, run(one, "promptls.run", uri=uri)["run"])[-1]["kind"] == "finished"
            assert one.stop() == 0
            written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
            assert not any(KEY.encode() in content for content in [*written, json.dumps(one.received).encode()])
            assert KEY.encode() not in one.errors


def test_a_key_comes_from_the_store_of_a_client_that_has_one(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model:
        config = {"providers": {"mine": {"type": "openai", "base_url": model.url}}, "default": "mine/tiny-1"}
        (tmp_path / "promptls.yaml").write_text(json.dumps(config), encoding="utf-8")
        env = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
        with server(env=env) as one:
            own = {"preview": True, "runEvents": True, "secrets": True}
            one.start({"experimental": {"promptls": own}}, **folder(tmp_path))
            one.open(uri, TEXT)
            answer = run(one, "promptls.run", uri=uri)
            asked = reply(one, "promptls/secret", KEY)
            assert asked == {"provider": "mine", "host": model.url.removesuffix("/v1")}
            reply(one, "window/showMessageRequest", {"title": "Send"})
            assert events_of(one, answer["run"])[-1]["kind"] == "finished"
            assert model.requests[0][0]["authorization"] == f"Bearer {KEY}"
            assert one.stop() == 0
            assert KEY not in json.dumps(one.received)


def says(page: Path, *words: str) -> None:
    """Returns once all of them are on the page."""
    eventually(lambda: page.exists() and all(each in page.read_text("utf-8") for each in words), f"{page} says {words}")


def test_targets_are_compared_on_one_page(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        model.pieces = ["One ", "two."]
        with_model(tmp_path, model)
        one.start({**OWN, "experimental": {}}, **folder(tmp_path))
        one.open(uri, TEXT)
        (title,) = [each for each in started(actions(one, uri)) if each.startswith("Compare local")]
        assert title == "Compare local/tiny-1, echo"
        answer = run(one, "promptls.compare", uri=uri, targets=["local/tiny-1", "echo", "nowhere/x"])
        assert len(answer["runs"]) == 3
        page = page_of(answer)
        one.notified("window/showMessage", lambda params: str(page) in params["message"])
        says(page, "One two.", "No model was called", "nowhere")
        assert one.stop() == 0


def test_a_busy_editor_is_asked_again_before_its_page_changes_on_disk(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(uri, TEXT)
        answer = run(one, "promptls.compare", uri=uri, targets=["echo", "nowhere/x"])
        reply(one, "window/showDocument", {"success": True})
        page = page_of(answer)
        before = page.read_text(encoding="utf-8")
        one.open(answer["uri"], before)
        reply(one, "workspace/applyEdit", {"applied": False})
        text = held(one, answer["uri"], before, "No model was called")
        assert "nowhere" in text
        assert page.read_text(encoding="utf-8") == before
        assert one.stop() == 0


def test_the_header_of_a_draft_says_what_is_compared(tmp_path: Path) -> None:
    """Where a menu is all there is, the page is where several are chosen."""
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        with_model(tmp_path, model)
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        draft = run(one, "promptls.runWith", uri=uri)
        one.open(draft["uri"], draft["content"].replace("target: local/tiny-1", "target: [local/tiny-1, echo]"))
        assert started(actions(one, draft["uri"]))[0] == "Compare local/tiny-1, echo"
        answer = run(one, "promptls.compare", uri=draft["uri"])
        assert len(answer["runs"]) == 2
        page = page_of(answer)
        says(page, "No model was called", "Hello")
        asked = {"command": "promptls.run", "arguments": [{"uri": draft["uri"]}]}
        refused = one.request("workspace/executeCommand", asked)
        assert "compare them" in refused["error"]["message"]
        assert one.stop() == 0


def test_a_result_is_run_again_by_its_own_header(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        with_model(tmp_path, model)
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        first = run(one, "promptls.run", uri=uri, target="echo")
        events_of(one, first["run"])
        page = page_of(first)
        says(page, "status: finished")
        text = re.sub("(?m)^target: .*echo.*$", "target: local/tiny-1", page.read_text(encoding="utf-8"))
        one.open(first["uri"], text)
        assert started(actions(one, first["uri"]))[0] == "Run again · local/tiny-1"
        second = run(one, "promptls.run", uri=first["uri"])
        assert events_of(one, second["run"])[-1]["record"]["answer"] == "Hello"
        assert one.stop() == 0


def test_a_run_whose_end_is_told_is_not_offered_to_be_stopped(tmp_path: Path) -> None:
    """Its page is still being written then."""
    _, uri = place(tmp_path)
    with server() as one:
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        for _ in range(5):
            events_of(one, run(one, "promptls.run", uri=uri, target="echo")["run"])
            assert not [title for title in started(actions(one, uri)) if title.startswith("Stop ")]
            assert run(one, "promptls.cancel", uri=uri) == {"cancelled": []}
        assert one.stop() == 0


def test_what_does_not_render_is_said_with_its_line(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(**folder(tmp_path))
        one.open(uri, TEXT.replace("{{ name }}", "{{ name"))
        run(one, "promptls.run", uri=uri)
        told = one.notified("window/showMessage")
        assert told["type"] == 1
        assert "line 9" in told["message"]
        assert one.stop() == 0


def test_a_run_with_is_remembered_and_without_a_target_opens_a_header(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        with_model(tmp_path, model)
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        assert any(each.startswith("Run · local/tiny-1") for each in started(actions(one, uri)))
        header = run(one, "promptls.runWith", uri=uri)
        assert "target: local/tiny-1" in header["content"]
        assert "status: draft" in header["content"]
        assert header["content"].count("---") == 2
        one.open(header["uri"], header["content"].replace("local/tiny-1", "echo"))
        again = run(one, "promptls.run", uri=header["uri"])
        assert "No model was called" in events_of(one, again["run"])[-1]["record"]["answer"]
        events_of(one, run(one, "promptls.runWith", uri=uri, target="echo")["run"])
        assert any(each.startswith("Run · echo") for each in started(actions(one, uri)))
        assert one.stop() == 0


@pytest.mark.parametrize(("form", "words"), [("curl", "curl -sS"), ("python", "httpx"), ("ticket", "Trace id")])
def test_the_request_is_copied_without_its_key(tmp_path: Path, form: str, words: str) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        with_model(tmp_path, model)
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        events_of(one, run(one, "promptls.run", uri=uri)["run"])
        copied = run(one, "promptls.copyAs", uri=uri, **{"as": form})
        assert words in copied["content"]
        assert "tiny-1" in copied["content"]
        assert page_of(copied).read_text(encoding="utf-8") == copied["content"]
        assert len(model.requests) == 1
        assert one.stop() == 0


def test_the_request_of_a_result_is_what_its_own_header_asks_for(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    text = TEXT.replace("name: greet\n", "name: greet\nmodel: {id: tiny-1, options: {temperature: 0.9, seed: 7}}\n")
    with server() as one:
        one.start(OWN, **folder(tmp_path))
        one.open(uri, text)
        header = run(one, "promptls.runWith", uri=uri)
        one.open(header["uri"], re.sub(r"temperature: .*\n", "", header["content"]))
        copied = run(one, "promptls.copyAs", uri=header["uri"], target="echo:openai/tiny-1")["content"]
        assert '"seed": 7' in copied
        assert "temperature" not in copied
        assert one.stop() == 0


def test_the_history_lists_runs_and_two_are_compared(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT)
        assert "# Runs of `greet.prompty`\n\nNone yet" in run(one, "promptls.openHistory", uri=uri)["content"]
        runs = [run(one, "promptls.run", uri=uri)["run"] for _ in range(2)]
        for each in runs:
            events_of(one, each)
        listed = run(one, "promptls.openHistory", uri=uri)["content"]
        assert all(each in listed for each in runs)
        assert "answers are the same" in run(one, "promptls.openHistory", runs=runs)["content"]
        assert one.stop() == 0


def test_a_new_sample_is_written_and_used(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(OWN, **folder(tmp_path))
        one.open(uri, TEXT.replace(", default: Ada", ""))
        made = run(one, "promptls.newSample", uri=uri)
        assert page_of(made) == tmp_path / "greet.sample.yaml"
        assert "name:" in page_of(made).read_text(encoding="utf-8")
        page_of(made).write_text("name: Grace\n", encoding="utf-8")
        one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": made["uri"], "type": 2}]})
        assert "Hello Grace" in run(one, "promptls.preview", uri=uri)["content"]
        assert one.stop() == 0


def test_a_finding_is_explained(tmp_path: Path) -> None:
    with server() as one:
        one.start(OWN, **folder(tmp_path))
        assert "# unused-input" in run(one, "promptls.explain", code="unused-input")["content"]
        asked = {"command": "promptls.explain", "arguments": [{"code": "unused-inptu"}]}
        assert "unused-input" in one.request("workspace/executeCommand", asked)["error"]["message"]
        assert one.stop() == 0


def test_what_the_editor_held_when_it_left_is_on_disk(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        model.hold = threading.Event()
        model.pieces = ["Half a", "word"]
        with_model(tmp_path, model)
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        reply(one, "window/showDocument", {"success": True})
        page = page_of(answer)
        one.open(answer["uri"], page.read_text(encoding="utf-8"))
        held(one, answer["uri"], page.read_text(encoding="utf-8"), "Half a")
        assert one.stop() == 0
        text = page.read_text(encoding="utf-8")
        assert "status: cancelled" in text
        assert "Half a" in text


def test_what_the_person_saved_is_left_alone(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        reply(one, "window/showDocument", {"success": True})
        page = page_of(answer)
        text = page.read_text(encoding="utf-8")
        one.open(answer["uri"], text)
        text = held(one, answer["uri"], text, "status: finished").replace("target: echo", "target: local/x")
        changed = {"textDocument": {"uri": answer["uri"], "version": 99}, "contentChanges": [{"text": text}]}
        one.notify("textDocument/didChange", changed)
        page.write_text(text, encoding="utf-8")
        one.notify("textDocument/didSave", {"textDocument": {"uri": answer["uri"]}})
        one.notify("textDocument/didClose", {"textDocument": {"uri": answer["uri"]}})
        assert one.stop() == 0
        assert page.read_text(encoding="utf-8") == text


def test_an_editor_that_asks_before_each_edit_is_asked_for_one_more(tmp_path: Path) -> None:
    """As eglot does by its own settings: the second edit is the last, and the whole of the rest."""
    _, uri = place(tmp_path)
    with model_server() as model, server() as one:
        model.pieces, model.hold = [f"word{number} " for number in range(40)], Gate()
        with_model(tmp_path, model)
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        reply(one, "window/showDocument", {"success": True})
        asked = one.wait(lambda message: message.get("method") == "workspace/applyEdit")
        time.sleep(1.6)  # a person reads the question
        model.hold.opened.set()
        one.send({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": True}})
        edit = reply(one, "workspace/applyEdit", {"applied": True})["edit"]
        assert "status: finished" in str(edit)
        assert "word39" in str(edit)
        assert one.stop() == 0
        assert "workspace/applyEdit" not in [message.get("method") for message in one.received]
    assert answer["run"]


class Gate(threading.Event):
    """Words come until the first edit, and the rest of them when it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = threading.Event()
        self.count = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.count += 1
        return True if self.count < 5 else self.opened.wait(timeout)


def test_the_page_of_a_run_whose_server_was_killed_says_so_when_it_is_opened(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with model_server() as model:
        model.hold = threading.Event()
        model.pieces = ["Half a", "word"]
        with_model(tmp_path, model)
        with server() as killed:
            killed.start(**{**profile("neovim"), **folder(tmp_path)})
            killed.open(uri, TEXT)
            answer = run(killed, "promptls.run", uri=uri)
            reply(killed, "window/showDocument", {"success": True})
            text = page_of(answer).read_text(encoding="utf-8")
            killed.open(answer["uri"], text)
            text = held(killed, answer["uri"], text, "Half a")
            with server() as other:
                other.start(**{**profile("neovim"), **folder(tmp_path)})
                other.open(answer["uri"], text)
                assert answer["run"] in run(other, "promptls.openHistory", uri=uri)["content"]
                assert other.stop() == 0
                asked = [one for one in other.received if one.get("method") == "workspace/applyEdit"]
                assert not asked, "the run goes on in another process"
            killed.process.kill()
            killed.process.wait(PATIENCE)
        with server() as one:
            one.start(**{**profile("neovim"), **folder(tmp_path)})
            one.open(answer["uri"], text)
            ended = held(one, answer["uri"], text, "status: interrupted")
            assert ended == text.replace("status: running", "status: interrupted")
            (finding,) = [each for each in one.findings(answer["uri"], 2) if each["code"] == "run-incomplete"]
            assert finding["message"].startswith("promptls ended before the run did")
            assert one.stop() == 0
        assert len(model.requests) == 1, "nothing was sent anew"


def test_the_page_of_a_run_that_ended_unsaved_becomes_what_the_history_has(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(uri, TEXT)
        answer = run(one, "promptls.run", uri=uri)
        reply(one, "window/showDocument", {"success": True})
        begun = page_of(answer).read_text(encoding="utf-8")
        one.open(answer["uri"], begun)
        ended = held(one, answer["uri"], begun, "status: finished")
        assert "status: running" in begun
        assert one.stop() == 0
    with server() as later:
        later.start(**{**profile("neovim"), **folder(tmp_path)})
        later.open(answer["uri"], begun)
        assert held(later, answer["uri"], begun, "status: finished") == ended
        assert later.stop() == 0
