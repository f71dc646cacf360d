"""The process that renders templates: requests and answers are lines of JSON on stdin and stdout.

It is started as a script, isolated, and imports nothing of promptls. It answers with names of exceptions
and their arguments; words for people are made by the parent. The first line of input is the setup
``{paths, memory}``, its answer says which limits hold; then each line is a request (see ``Renderer``).
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import signal
import sys
from typing import Any

MAIN = "<template>"
CLOSE = "\U00100000"
FIRST_OPEN = 0xF0000
MOST_MARKS = 0xFFF0
PLACEHOLDER = re.compile(r"\$\{(?:input:([^\W\d][\w-]*)(?::[^{}\r\n]*)?|([A-Za-z]+))\}")


def limit(memory: int) -> bool:
    """Apply the limits that this system has; True when memory is one of them."""
    try:
        import resource
    except ImportError:
        return False
    for name in ("RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NPROC"):
        _set(resource, name, 0)
    # macOS takes the call and does not keep the limit, so the parent watches there.
    return _set(resource, "RLIMIT_AS", memory) and sys.platform.startswith("linux")


def end_after(seconds: float, nowhere: Any) -> None:
    """End this process then, even inside of one endless calculation, should its parent be gone; 0: not any more."""
    if hasattr(signal, "setitimer"):
        # No thread: a limit of processes is one of threads too, and holds for all but root.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
    else:
        faulthandler.cancel_dump_traceback_later()


def _set(resource: Any, name: str, value: int) -> bool:
    try:
        resource.setrlimit(getattr(resource, name), (value, value))
    except (AttributeError, OSError, ValueError):
        return False
    return True


def environment(templates: dict[str, str], extensions: list[str]) -> Any:
    """Jinja as Prompty v2 sets it up (prompty 2.1.0, renderers/jinja2.py), without the generator of filler text."""
    from jinja2 import FunctionLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def find(name: str) -> tuple[str, str, None] | None:
        # The name serves as file name, so that an error says which template it happened in.
        return (templates[name], name, None) if name in templates else None

    made = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(find),
        keep_trailing_newline=True,
        extensions=[f"jinja2.ext.{name}" for name in extensions],
    )
    del made.globals["lipsum"]
    return made


def marker() -> Any:
    """A Jinja extension that puts marks around every output tag of the main template.

    It works on tokens, after the lexer has trimmed white space, so the marks do not stand in its way.
    """
    from jinja2.ext import Extension
    from jinja2.lexer import Token

    class Marker(Extension):
        def filter_stream(self, stream: Any) -> Any:
            if stream.name != MAIN:
                yield from stream
                return
            count = 0
            for token in stream:
                if token.type == "variable_begin":
                    yield Token(token.lineno, "data", chr(FIRST_OPEN + count))
                    count += 1
                yield token
                if token.type == "variable_end":
                    yield Token(token.lineno, "data", CLOSE)

    return Marker


def jinja(request: dict[str, Any], marked: bool) -> str:
    made = environment({**request["templates"], MAIN: request["text"]}, request["extensions"])
    if marked:
        made.add_extension(marker())
    elif request["globals"]:
        _refuse_host_globals(made, request)
    cap = request["output"]
    size = 0
    parts = []
    for part in made.get_template(MAIN).generate(request["values"]):
        size += len(part)
        parts.append(part)
        if size > cap:
            raise OutputLimitError("".join(parts)[:cap])
    return "".join(parts)


def _refuse_host_globals(made: Any, request: dict[str, Any]) -> None:
    """A global of the host application would render as nothing here, which is wrong text, not an error."""
    from jinja2 import meta

    free = meta.find_undeclared_variables(made.parse(request["text"]))
    for name in sorted(free.intersection(request["globals"]).difference(request["values"])):
        raise HostGlobalError(name)


def mustache(request: dict[str, Any], marked: bool) -> str:
    """Mustache as Prompty renders it (prompty 2.1.0, renderers/mustache.py): chevron, which escapes HTML."""
    import chevron.renderer

    # chevron would hand out Python's own attributes of the values; JSON has keys and indices only.
    chevron.renderer._get_key = _get_key
    text = _with_marks(request) if marked else request["text"]
    # Without a path for partials: chevron's default would read files of the working directory.
    out: str = chevron.renderer.render(text, request["values"], partials_path=None, partials_dict=request["templates"])
    if len(out) > request["output"]:
        raise OutputLimitError(out[: request["output"]])
    return out


def _get_key(key: str, scopes: list[Any], warn: bool = False) -> Any:
    """What chevron's own function of this name finds, minus attributes."""
    if key == ".":
        return scopes[0]
    for scope in scopes:
        try:
            for step in key.split("."):
                if isinstance(scope, dict):
                    scope = scope[step]
                elif isinstance(scope, (list, str)):
                    scope = scope[int(step)]
                else:
                    raise KeyError(step)
        except (KeyError, IndexError, ValueError):
            continue
        if scope in (0, False):
            return scope
        return scope or ""
    return ""


def handlebars(request: dict[str, Any], marked: bool) -> str:
    """Handlebars as Dotprompt sets it up: nothing escaped, its own text for partials; its helpers where they are
    asked for.

    Values whose names start with ``@`` are no inputs but the data beside them (``{{@auth.email}}``).
    """
    from dotpromptz_handlebars import EscapeFunction, Handlebars

    made = Handlebars(escape_fn=EscapeFunction.NO_ESCAPE)
    for name in request["helpers"]:
        made.register_helper(name, _host_helper(name))
    known = dotprompt_helpers()
    for name in request["own"]:
        made.register_helper(name, known[name])
    for name, source in request["templates"].items():
        made.register_partial(name, source)
    text = _with_marks(request) if marked else request["text"]
    inputs = {name: value for name, value in request["values"].items() if not name.startswith("@")}
    data = {name[1:]: value for name, value in request["values"].items() if name.startswith("@")}
    out: str = made.compile(text)(inputs, {"data": data})
    if len(out) > request["output"]:
        raise OutputLimitError(out[: request["output"]])
    return out


def dotprompt_helpers() -> dict[str, Any]:
    """The helpers of dotpromptz 0.2.0 (``_helpers.py``): marks for what becomes messages and parts, and comparisons."""
    from dotpromptz_handlebars import SafeString

    def as_json(params: list[Any], options: Any) -> str:
        if not params:
            return ""
        try:
            indent = int(options.hash_value("indent") or 0)
        except (ValueError, TypeError):
            indent = 0
        if indent == 0:
            return SafeString(json.dumps(params[0], separators=(",", ":")))
        return SafeString(json.dumps(params[0], indent=indent))

    def mark(word: str) -> Any:
        return lambda params, options: SafeString(f"<<<dotprompt:{word}{params[0]!s}>>>") if params else ""

    def media(params: list[Any], options: Any) -> str:
        url, content_type = options.hash_value("url"), options.hash_value("contentType")
        return SafeString(f"<<<dotprompt:media:url {url}{f' {content_type}' if content_type else ''}>>>") if url else ""

    def compare(wanted: bool) -> Any:
        def helper(params: list[Any], options: Any) -> Any:
            if len(params) < 2:
                return ""
            return options.fn() if (params[0] == params[1]) is wanted else options.inverse()

        return helper

    return {
        "history": lambda params, options: SafeString("<<<dotprompt:history>>>"),
        "ifEquals": compare(True),
        "json": as_json,
        "media": media,
        "role": mark("role:"),
        "section": mark("section "),
        "unlessEquals": compare(False),
    }


def placeholder(request: dict[str, Any], marked: bool) -> str:
    """Each placeholder that has a value becomes it; any other stays as it is written."""
    values, size = request["values"], 0

    def value(found: re.Match[str]) -> str:
        nonlocal size
        name = found[1] or found[2]
        given = values.get(name, found[0])
        written = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
        size += len(written)
        if size > request["output"]:
            raise OutputLimitError(text[: request["output"]])
        return written

    text: str = _with_marks(request) if marked else request["text"]
    out = PLACEHOLDER.sub(value, text)
    if len(out) > request["output"]:
        raise OutputLimitError(out[: request["output"]])
    return out


def _host_helper(name: str) -> Any:
    def helper(params: list[Any], options: Any) -> Any:
        raise HostHelperError(name)

    return helper


def _with_marks(request: dict[str, Any]) -> str:
    text: str = request["text"]
    for number, (start, end) in reversed(list(enumerate(request["tags"]))):
        text = f"{text[:start]}{chr(FIRST_OPEN + number)}{text[start:end]}{CLOSE}{text[end:]}"
    return text


class OutputLimitError(Exception):
    pass


class HostGlobalError(Exception):
    pass


class HostHelperError(Exception):
    pass


def answer(request: dict[str, Any]) -> dict[str, Any]:
    render = {"jinja": jinja, "mustache": mustache, "handlebars": handlebars, "placeholder": placeholder}[
        request["dialect"]
    ]
    try:
        result: dict[str, Any] = {"text": render(request, marked=False)}
    except Exception as error:
        return failure(error, request)
    if 0 < len(request["tags"]) <= MOST_MARKS:
        try:
            result["marked"] = render({**request, "output": 2 * request["output"]}, marked=True)
        except Exception:
            result["marked"] = None
    return result


def failure(error: Exception, request: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind.__name__ for kind in type(error).__mro__]
    message = "" if isinstance(error, OutputLimitError) else str(error)[:1000]
    text = error.args[0] if isinstance(error, OutputLimitError) else ""
    line, template = place(error, request)
    return {"kinds": kinds, "message": message, "text": text, "line": line, "template": template}


def place(error: Exception, request: dict[str, Any]) -> tuple[int | None, str]:
    """``(line, name of the included template or "")`` of an error."""
    if request["dialect"] == "mustache":
        return _mustache_line(error), ""
    if request["dialect"] in ("handlebars", "placeholder"):
        return None, ""
    from jinja2 import TemplateSyntaxError

    known = {MAIN, *request["templates"]}
    if isinstance(error, TemplateSyntaxError) and error.name in known:
        return error.lineno, "" if error.name == MAIN else str(error.name)
    line, name = None, MAIN
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in known:
            line, name = trace.tb_lineno, trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return line, "" if name == MAIN else name


def _mustache_line(error: Exception) -> int | None:
    import chevron.tokenizer as chevron

    if not isinstance(error, (chevron.ChevronError, IndexError)):
        return None
    line: int | None = chevron._LAST_TAG_LINE if "never closed" in str(error) else chevron._CURRENT_LINE
    return line


def main() -> None:
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    nowhere = open(os.devnull, "w")  # noqa: SIM115
    sys.stdout = sys.stderr = nowhere
    setup = json.loads(stdin.readline())
    sys.path.extend(path for path in setup["paths"] if path not in sys.path)
    import jinja2.ext
    import jinja2.meta
    import jinja2.sandbox  # noqa: F401

    def say(what: dict[str, Any]) -> None:
        stdout.write(json.dumps(what).encode("ascii") + b"\n")
        stdout.flush()

    say({"limited": limit(setup["memory"]), "pid": os.getpid()})
    for line in stdin:
        request = json.loads(line)
        end_after(request["deadline"] + 1, nowhere)
        try:
            result = answer(request)
        except MemoryError:
            result = {"kinds": ["MemoryError"], "message": "", "text": "", "line": None, "template": ""}
        end_after(0, nowhere)
        say(result)
        if "MemoryError" in result.get("kinds", ()):
            return


if __name__ == "__main__":
    main()
