"""What the command line itself reports, explained as rules are; no rule finds these, so nothing configures them."""

from __future__ import annotations

NOTICES = {
    "unreadable-file": """\
# unreadable-file

`promptls check` could not read a file.

**Error**: the file was not checked, and no loader could read it either.

Prompt files are UTF-8 text. A file that is binary or in another encoding, that you may not read, a link that leads
nowhere and what is no regular file have this one finding; the other files are checked all the same. It has no place
in `rules:`; name the files that are to be checked, or use `--ignore unreadable-file`.
""",
    "not-rendered": """\
# not-rendered

`promptls render` could not make messages of a file and these values.

**Error**: a run of the file with these values fails in the same way.

The message says why: an input has no value, the template has a mistake or reads what is not there, it needs more
than 2 seconds, 512 MB or 1 MiB of text, or it uses what only your application has (`templates:` in `promptls.yaml`).
Values come from the file's sample and defaults, then from `--input`, then from `--set`.
""",
}
