"""Without `resource`, `fcntl`, `pwd` and `os.fork` everything still renders, limits and cancels."""

from __future__ import annotations

import subprocess

from tests.render.bare_system import program

STORY = """
import threading, time
from promptls.render import Renderer
from tests.render.bare_system import command

for name in ("resource", "fcntl", "pwd"):
    try:
        __import__(name)
    except ImportError:
        continue
    raise SystemExit(name + " is still there")

with Renderer(deadline=0.5, memory=200 << 20, command=command()) as renderer:
    print(renderer.render("jinja", "Hello {{ name }}", {"name": "Ada"}).text)
    print(renderer.render("mustache", "Hello {{ name }}", {"name": "Ada"}).text)
    print(renderer.render("jinja", "{{ 9**(9**9) }}", {}).error.kind)
    print(renderer.render("jinja", "{{ 'a' * 10**10 }}", {}).error.kind)
    renderer.deadline = 20
    print(renderer.render("jinja", "{{ 'x' * 2000000 }}", {}).error.kind)

with Renderer(deadline=60, command=command()) as renderer:
    assert renderer.render("jinja", "warm", {}).text == "warm"
    threading.Timer(0.3, renderer.cancel).start()
    print(renderer.render("jinja", "{{ 9**(9**9) }}", {}).error.kind)
    print(renderer.render("jinja", "Hello {{ name }}", {"name": "again"}).text)
"""


def test_rendering_limits_and_cancelling_need_nothing_of_posix() -> None:
    done = subprocess.run(program(STORY), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    first, second, endless, large, long, cancelled, again = done.stdout.splitlines()
    assert (first, second, again) == ("Hello Ada", "Hello Ada", "Hello again")
    # A machine with little memory refuses the string before the watch sees it.
    assert (endless, large, long, cancelled) == ("timeout", large, "output", "cancelled")
    assert large in {"memory", "timeout"}
