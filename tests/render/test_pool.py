"""The renderer as its callers meet it: text, errors in words, cancelling, isolation, the child's life."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from promptls.render import Renderer
from promptls.render.process import Child, python_command
from promptls.workspace.config import HostNames
from tests.processes import is_alive


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(deadline=20.0) as made:
        yield made


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hello {{ name }}!\n", "Hello Ada!\n"),
        ("{{ missing }}|{{ name.missing }}", "|"),
        ("{{ html }}", "<b>&</b>"),
        ("{% for x in items %}{{ loop.index }}{{ x.n }} {% endfor %}", "1a 2b "),
        ("{%- if name %}\n  yes\n{%- endif %}\n", "\n  yes\n"),
        ("\ud800{{ name }}", "\ud800Ada"),
        ("{{ numbers[1] }}", ""),
        ("{{ name|wordwrap(2) }}{{ items|tojson }}", 'Ad\na[{"n": "a"}, {"n": "b"}]'),
    ],
)
def test_jinja_is_rendered_as_prompty_does(renderer: Renderer, template: str, text: str) -> None:
    values = {"name": "Ada", "html": "<b>&</b>", "items": [{"n": "a"}, {"n": "b"}], "numbers": {"1": "one"}}
    rendered = renderer.render("jinja", template, values)
    assert (rendered.error, rendered.text) == (None, text)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hello {{name}} {{{html}}} {{&html}}", "Hello Ada <b>&</b> <b>&</b>"),
        ("{{html}}", "&lt;b&gt;&amp;&lt;/b&gt;"),
        ("{{#items}}{{n}},{{/items}}{{^none}}none{{/none}}", "a,b,none"),
        ("{{#items}}\n- {{n}}\n{{/items}}\n", "- a\n- b\n"),
        ("{{items.1.n}} {{zero}} {{no}}", "b 0 False"),
        ("{{=<% %>=}}<% name %>", "Ada"),
        ("{{>part}}", "[Ada]"),
        ("{{name.upper}}{{name.__class__}}{{items.append}}", ""),
    ],
)
def test_mustache_is_rendered_as_prompty_does(renderer: Renderer, template: str, text: str) -> None:
    values = {"name": "Ada", "html": "<b>&</b>", "items": [{"n": "a"}, {"n": "b"}], "zero": 0, "no": False}
    rendered = renderer.render("mustache", template, values, templates={"part": "[{{name}}]"})
    assert (rendered.error, rendered.text) == (None, text)


def test_mustache_reads_no_file(renderer: Renderer) -> None:
    # chevron would look for `child.py` in the working folder.
    assert renderer.render("mustache", "[{{> child.py }}][{{> /etc/hostname }}]", {}).text == "[][]"


@pytest.mark.parametrize(
    ("dialect", "template", "kind", "line", "words"),
    [
        ("jinja", "a\nb\n{{ user.name.first }}", "undefined", 3, "there is no `name` in a string"),
        ("jinja", "\n{{ nobody.name }}", "undefined", 2, "`nobody` has no value"),
        ("jinja", "\n\n{% if user %}", "syntax", 3, "`{% if %}` is never closed"),
        ("jinja", "\n{% for a in user %}\n{% endif %}", "syntax", 3, "the open block is `{% for %}`"),
        ("jinja", "{{ user | shout }}", "filter", 1, "there is no filter `shout`"),
        ("jinja", "{{ user is loud }}", "filter", 1, "there is no test `loud`"),
        ("jinja", "\n{{ user + 1 }}", "value", 2, "`+` does not join a string and a number"),
        ("jinja", "\n{% include 'nothing' %}", "include", 2, "there is no template `nothing`"),
        ("jinja", "{{ user", "syntax", 1, "ends inside of a tag"),
        ("jinja", "{{ 'user }}", "syntax", 1, "a string is never closed"),
        ("jinja", "{% break %}", "syntax", 1, "there is no tag `{% break %}`"),
        ("mustache", "a\n{{#user}}", "syntax", 2, "`{{#user}}` is never closed"),
        ("mustache", "a\n\n{{user", "syntax", 3, "a tag is never closed"),
        ("mustache", "{{#user}}{{/other}}", "syntax", 1, "the open section is `user`"),
        ("mustache", "{{}}", "syntax", 1, "a tag is empty"),
        ("handlebars", "{{user", "syntax", None, "a tag is never closed"),
        ("handlebars", "{{#if user}}", "syntax", None, "a block is never closed"),
        ("handlebars", "{{#if user 1}}{{/if}}", "syntax", None, "`#if` takes one value"),
        ("handlebars", "{{> nothing}}", "include", None, "there is no partial `nothing`"),
        ("handlebars", "{{loud user}}", "filter", None, "there is no helper `loud`"),
        ("nunjucks", "{{user}}", "unsupported", None, "no renderer for `nunjucks`"),
    ],
)
def test_an_error_is_told_in_words_with_its_line(
    renderer: Renderer, dialect: str, template: str, kind: str, line: int | None, words: str
) -> None:
    error = renderer.render(dialect, template, {"user": "Ada"}).error
    assert error
    assert (error.kind, error.line) == (kind, line)
    assert words in error.message


@pytest.mark.parametrize(
    "template",
    [
        "{{ l.__class__.__mro__ }}",
        "{{ '{0.__class__}'.format(l) }}",
        "{{ l|attr('__class__') }}",
        "{{ self._TemplateReference__context }}",
    ],
)
def test_a_template_sees_nothing_of_python(renderer: Renderer, template: str) -> None:
    assert "class" not in renderer.render("jinja", template, {"l": [1]}).text
    assert "Context" not in renderer.render("jinja", template, {"l": [1]}).text


def test_an_error_in_an_included_template_names_it(renderer: Renderer) -> None:
    error = renderer.render("jinja", "{% include 'part' %}", {}, templates={"part": "\n{{ a.b.c }}"}).error
    assert error
    assert (error.template, error.line) == ("part", 2)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ user | to_xml }}", "filter `to_xml` is registered by your application (templates.filters)"),
        ("{{ user is vip }}", "test `vip` is registered by your application (templates.tests)"),
        ("{{ today }}", "global `today` is registered by your application (templates.globals)"),
        ("{% if false %}{{ today() }}{% endif %}", "global `today` is registered by your application"),
    ],
)
def test_what_the_host_registers_is_not_rendered(renderer: Renderer, template: str, words: str) -> None:
    host = HostNames(frozenset({"to_xml"}), frozenset({"vip"}), frozenset({"today"}))
    error = renderer.render("jinja", template, {"user": "Ada"}, host=host).error
    assert error
    assert error.message == f"not rendered: {words.split(' (')[0]} (templates.{error.message.split('templates.')[1]}"
    assert words in error.message
    assert error.message.endswith("so only it can render this")


def test_an_input_may_have_the_name_of_a_host_global(renderer: Renderer) -> None:
    host = HostNames(globals=frozenset({"today"}))
    assert renderer.render("jinja", "{{ today }}", {"today": "Monday"}, host=host).text == "Monday"


def test_extensions_are_there_when_asked_for(renderer: Renderer) -> None:
    loop = "{% for x in range(9) %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %}{% do [] %}"
    assert renderer.render("jinja", loop, {}, host=HostNames(extensions=("do", "loopcontrols", "os"))).text == "01"


@pytest.mark.parametrize(
    "values",
    [
        {"a": "x" * (9 << 20)},
        {"a": [0] * 200_000},
        {"a": [[0] * 1000] * 200},
    ],
)
def test_a_request_that_is_too_large_is_not_sent(renderer: Renderer, values: dict[str, object]) -> None:
    error = renderer.render("jinja", "{{ a }}", values).error
    assert error
    assert error.kind == "too-large"


def test_values_that_hold_themselves_are_refused(renderer: Renderer) -> None:
    endless: list[object] = []
    endless.append(endless)
    error = renderer.render("jinja", "{{ a }}", {"a": endless}).error
    assert error
    assert error.kind == "too-large"
    assert renderer.render("jinja", "{{ a }}" * (2 << 20), {}).error is not None


def test_a_running_render_is_cancelled_from_another_thread() -> None:
    with Renderer(deadline=60) as renderer:
        renderer.cancel()
        assert renderer.render("jinja", "warm", {}).text == "warm"
        stop = threading.Timer(0.2, renderer.cancel)
        stop.start()
        error = renderer.render("jinja", "{{ 9**(9**9) }}", {}).error
        stop.join()
        assert error
        assert error.kind == "cancelled"
        assert renderer.render("jinja", "again", {}).text == "again"


def test_many_threads_may_render_at_once(renderer: Renderer) -> None:
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: texts.append(renderer.render("jinja", "{{ n }}", {"n": n}).text))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, texts)) == list(range(20))


def test_a_child_that_died_is_replaced() -> None:
    with Renderer() as renderer:
        renderer.render("jinja", "x", {})
        assert renderer._child
        first = renderer._child.pid
        renderer._child._process.kill()
        renderer._child._process.wait()
        assert renderer.render("jinja", "y", {}).text == "y"
        assert renderer._child.pid != first


def test_a_child_that_is_being_killed_is_not_asked_again() -> None:
    with Renderer() as renderer:
        renderer.render("jinja", "x", {})
        assert renderer._child
        # The deadline or a cancel that comes in the moment of the answer.
        renderer._child.end("timeout")
        rendered = renderer.render("jinja", "y", {})
        assert (rendered.text, rendered.error) == ("y", None)


def test_no_child_survives_its_renderer() -> None:
    renderer = Renderer()
    renderer.render("jinja", "x", {})
    assert renderer._child
    process = renderer._child._process
    del renderer
    gc.collect()
    assert process.returncode is not None


def test_the_child_gets_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-a-test")
    look = "import json, os, sys; sys.stdin.readline(); print(json.dumps({'limited': True, 'pid': 0, **os.environ}))"
    seen: dict[str, object] = {}
    exchange = Child.exchange

    def spy(self: Child, *args: object) -> dict[str, object]:
        answer = exchange(self, *args)  # type: ignore[arg-type]
        seen.update(answer)
        return answer

    monkeypatch.setattr(Child, "exchange", spy)
    Child([sys.executable, "-I", "-c", look]).end()
    # LC_CTYPE is set by Python itself.
    allowed = {"limited", "pid", "LC_CTYPE", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
    assert set(seen) <= allowed


ORPHAN = """
import sys, threading
from promptls.render import Renderer
renderer = Renderer(deadline=0.5)
renderer.render("jinja", "x", {})
print(renderer._child.pid, flush=True)
if sys.argv[1] == "busy":
    renderer.render("jinja", "{{ 9**(9**9) }}", {})
sys.stdin.readline()
"""


# Whoever the tests run as: root gives up to be root once the limits stand, which do not hold for root.
NOT_ROOT = """
import os, resource, runpy

before = resource.setrlimit

def setrlimit(which, value):
    before(which, value)
    if which == resource.RLIMIT_AS and os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)

resource.setrlimit = setrlimit
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits processes as Linux does")
def test_who_is_not_root_renders() -> None:
    *python, script = python_command()
    command = [*python, "-c", f"{NOT_ROOT}runpy.run_path({script!r}, run_name='__main__')"]
    with Renderer(command=command) as renderer:
        rendered = renderer.render("jinja", "Hello {{ name }}", {"name": "Ada"})
        assert (rendered.error, rendered.text) == (None, "Hello Ada")


@pytest.mark.skipif(sys.platform == "win32", reason="asks by signals whether a process lives")
@pytest.mark.parametrize("state", ["idle", "busy"])
def test_the_child_dies_when_its_parent_is_killed(state: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdin
    assert parent.stdout
    child = int(parent.stdout.readline())
    if state == "busy":
        time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    assert gone(child)


def gone(pid: int) -> bool:
    end = time.monotonic() + 60
    while is_alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_child_that_never_gets_ready_is_an_error() -> None:
    with Renderer(command=[sys.executable, "-c", "pass"]) as renderer:
        error = renderer.render("jinja", "x", {}).error
        assert error
        assert error.kind == "crash"
    with Renderer(command=["/nowhere/python"]) as renderer:
        error = renderer.render("jinja", "x", {}).error
        assert error
        assert error.kind == "crash"


def test_the_answer_of_a_child_is_data_only() -> None:
    # Nothing but JSON is read from it.
    ready = json.dumps({"limited": True, "pid": 1})
    for answer in ("boom", "[]", "[" * 5000, "1"):
        lie = f"input(); print({ready!r}, flush=True); input(); print({answer!r}, flush=True)"
        with Renderer(command=[sys.executable, "-c", lie]) as renderer:
            error = renderer.render("jinja", "x", {}).error
            assert error
            assert error.kind == "crash"
