"""`promptls preview`: a prompt file's messages as a page to look at."""

from __future__ import annotations

import json
from pathlib import Path

import click

from promptls.cli.terminal import say, use_utf8

_ENDINGS = {".html": "html", ".htm": "html", ".json": "json"} | dict.fromkeys((".md", ".markdown", ".txt"), "markdown")


@click.command("preview")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--markdown", "form", flag_value="markdown", help="As Markdown (default).")
@click.option("--html", "form", flag_value="html", help="As one HTML page that loads nothing, with all samples.")
@click.option("--json", "form", flag_value="json", help="As data, with the place of every value in the file.")
@click.option("--sample", type=int, metavar="N", help="Which sample's values to show (default: the first).")
@click.option("--set", "written", multiple=True, metavar="NAME=VALUE", help="Give one input a value; may be repeated.")
@click.option("--input", "input_file", metavar="FILE|-", help="Values of inputs, as YAML or JSON (-: standard input).")
@click.option(
    "--model", default="", metavar="TARGET", help="For which model, as in `promptls run`: its window, its request."
)
@click.option("--request", is_flag=True, help="Also the request that a run would send, with the key as $NAME.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PAGE", help="Write a file; its ending tells.")
def command(
    file: Path,
    form: str | None,
    sample: int | None,
    written: tuple[str, ...],
    input_file: str | None,
    model: str,
    request: bool,
    output: Path | None,
) -> int:
    """Show the messages that a prompt file makes, and send nothing.

    Unlike `render`, which prints what would be sent or says why nothing would, a preview also shows a prompt that is
    not finished: values that nobody gave are holes, and problems stand where they are.

    \b
    promptls preview chat.prompty
    promptls preview chat.prompty --sample 2
    promptls preview chat.prompty --html -o chat.html
    promptls preview chat.prompty --request --model openai/gpt-5

    Exit code: 0 when there are messages, 1 when the file makes none, 2 for a wrong call.
    """
    from promptls.actions.preview.file import preview_file
    from promptls.cli.pages import form_for, write_page
    from promptls.cli.render import read_values

    use_utf8()
    form = form_for(output, form, _ENDINGS, "markdown")
    given = read_values(input_file) if input_file else {}
    shown = preview_file(
        file,
        given=given,
        written=written,
        sample=sample,
        all_samples=form == "html",
        model=model,
        request=request,
    )
    match form:
        case "html":
            from promptls.actions.preview import to_html

            text = to_html(shown.preview, others=shown.others)
        case "json":
            from promptls.actions.preview import to_data

            text = json.dumps(to_data(shown.preview), indent=2, ensure_ascii=False, default=str) + "\n"
        case _:
            from promptls.actions.preview import to_markdown

            text = to_markdown(shown.preview)
    if output is None:
        say(text, nl=False)
    else:
        write_page(output, text)
    return 0 if shown.preview.messages else 1
