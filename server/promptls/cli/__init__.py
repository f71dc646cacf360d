"""The command line: one file per command, loaded when it is called.

``main`` owns exit codes and the way errors look; a command converts its options, asks ``actions`` and prints.
Nothing here is imported by anything else, and only ``lsp.py`` knows the protocol.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence

BROKEN = 70
INTERRUPTED = 130
CLOSED_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``promptls ARGUMENTS`` and return its exit code: 0 fine, 1 findings, 2 wrong usage.

    Ctrl-C ends with 130 and a reader that went away (``| head``) with 141, both without a word; a mistake of
    our own with 70 and a sentence, and with its trace where PROMPTLS_DEBUG is set.
    """
    if arguments is None:  # the process is ours
        # A tree is tens of thousands of tuples without a cycle, which are let go as soon as the next one is read.
        # Python's default is to look through them for cycles after every 700 of them: half of the time that reading a
        # large file takes, and some of every import's. This is more than a file of 200 kB makes.
        gc.set_threshold(200_000, 20, 100)
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):
        from promptls import __version__

        print(f"promptls {__version__}")
        return 0
    if given in (["lsp"], ["lsp", "--stdio"]):
        # An editor waits for this one: it needs no parsing of options, and so no click.
        from promptls.lsp import serve

        return serve()
    try:
        return _run(given)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes once more at exit and would complain then.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except Exception as error:
        if os.environ.get("PROMPTLS_DEBUG"):
            raise
        print(_apology(error), file=sys.stderr)
        return BROKEN


def _apology(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
    return (
        f"promptls: this is a mistake in promptls itself ({type(error).__name__} at {place}), not in your files. "
        "Please report it with what `promptls doctor` prints; PROMPTLS_DEBUG=1 shows the whole trace."
    )


def _run(arguments: list[str]) -> int:
    import click

    from promptls.actions.error import ActionError
    from promptls.cli.commands import ClosedPipeError, cli
    from promptls.cli.terminal import one_line

    try:
        result = cli.main(arguments, prog_name="promptls", standalone_mode=False)
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ClosedPipeError:
        raise BrokenPipeError from None
    except ActionError as error:
        print(f"promptls: {one_line(str(error))}", file=sys.stderr)
        return 2 if error.usage else 1
    sys.stdout.flush()
    return result if isinstance(result, int) else 0
