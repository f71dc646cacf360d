"""How the page looks, and the one small script that a page in an editor may run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LIGHT: Final[Mapping[str, str]] = {
    "page": "#f6f5f2",
    "card": "#ffffff",
    "ink": "#1d1c1a",
    "quiet": "#615d57",
    "rule": "#e4e1da",
    "code": "#f4f2ee",
    "system": "#6b21a8",
    "user": "#1a4fa3",
    "assistant": "#0f6a42",
    "tool": "#8a4209",
    "other": "#4a4a52",
    "value": "#14477f",
    "value-back": "#e3eefb",
    "hole": "#8a3b00",
    "hole-back": "#fff1dc",
    "error": "#a81c1c",
    "error-back": "#fdecea",
    "warning": "#7a4b00",
    "warning-back": "#fff5df",
    "information": "#1a4fa3",
    "information-back": "#eaf1fc",
}
DARK: Final[Mapping[str, str]] = {
    "page": "#16171a",
    "card": "#1e2024",
    "ink": "#e9e7e2",
    "quiet": "#a8a59e",
    "rule": "#32353b",
    "code": "#17181c",
    "system": "#cfa9ff",
    "user": "#8fc0ff",
    "assistant": "#7fdcae",
    "tool": "#f3b97a",
    "other": "#c3c3cc",
    "value": "#a9d2ff",
    "value-back": "#1f3450",
    "hole": "#ffc784",
    "hole-back": "#46300f",
    "error": "#ff9d94",
    "error-back": "#3d1d1c",
    "warning": "#ffd08a",
    "warning-back": "#3a2c10",
    "information": "#9cc7ff",
    "information-back": "#1b2a40",
}
ROLES: Final[Mapping[str, str]] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "tool": "tool",
    "function": "tool",
}
"""The colour of a role; any other role has ``other``."""

_RULES = """
*{box-sizing:border-box}
body{margin:0;padding:0;background:var(--page);color:var(--ink);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,Ubuntu,sans-serif}
main{max-width:54rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.55rem;line-height:1.25;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
.about{margin:.35rem 0 0;color:var(--quiet);overflow-wrap:anywhere}
.facts{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:.8rem 0 0;padding:0;list-style:none;color:var(--quiet);
font-size:.9rem}
.facts b{color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}
.bar{display:block;width:100%;height:.5rem;margin:.9rem 0 1.4rem;border-radius:.25rem;background:var(--rule)}
.bar .system{fill:var(--system)}.bar .user{fill:var(--user)}.bar .assistant{fill:var(--assistant)}
.bar .tool{fill:var(--tool)}.bar .other{fill:var(--other)}
.samples{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;margin:.9rem 0 0;font-size:.9rem}
.samples>span:first-child{color:var(--quiet);margin-right:.2rem}
.sample{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--rule);border-radius:1rem;
padding:.15rem .8rem;cursor:default}
button.sample,label.sample{cursor:pointer}
.sample[aria-current],input:checked+.sample{background:var(--ink);border-color:var(--ink);color:var(--page)}
.samples input{position:absolute;opacity:0;width:0}
.samples input:focus-visible+.sample,button:focus-visible,mark:focus-visible,summary:focus-visible{
outline:2px solid var(--user);outline-offset:2px}
.note{margin:0 0 .7rem;padding:.55rem .8rem;border-radius:.4rem;border-left:4px solid;overflow-wrap:anywhere;
font-size:.92rem}
.note code{background:none;padding:0;color:inherit;font-weight:600}
.error{color:var(--error);background:var(--error-back)}
.warning,.hole-note{color:var(--warning);background:var(--warning-back)}
.information{color:var(--information);background:var(--information-back)}
.message{background:var(--card);border:1px solid var(--rule);border-left:4px solid var(--role);border-radius:.5rem;
margin:0 0 1rem;overflow:hidden}
.message.system{--role:var(--system)}.message.user{--role:var(--user)}.message.assistant{--role:var(--assistant)}
.message.tool{--role:var(--tool)}.message.other{--role:var(--other)}
.message>header{display:flex;gap:.8rem;align-items:baseline;padding:.5rem .95rem 0;font-size:.85rem;
color:var(--quiet);font-variant-numeric:tabular-nums}
.message h2{margin:0;font-size:.95rem;color:var(--role);font-weight:650;letter-spacing:.01em}
.message header span:last-child,.message header button:last-child{margin-left:auto}
.message .note{margin:.6rem .95rem 0}
.text{margin:0;padding:.35rem .95rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere;
font:13.5px/1.6 ui-monospace,"Cascadia Code","SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
.stale .message{opacity:.72}
mark{color:var(--value);background:var(--value-back);border-radius:.2rem;padding:.05em .15em;
-webkit-box-decoration-break:clone;box-decoration-break:clone}
mark.hole{color:var(--hole);background:var(--hole-back);outline:1px dashed var(--hole);outline-offset:-1px}
[data-line]{cursor:pointer}
button.line{font:inherit;color:inherit;background:none;border:0;padding:0;text-decoration:underline dotted}
.media{display:block;margin:.3rem .95rem .9rem;font-size:.9rem;overflow-wrap:anywhere}
.media img{display:block;max-width:100%;max-height:24rem;border-radius:.3rem;border:1px solid var(--rule)}
a{color:var(--user)}
details{margin:0 0 .7rem;background:var(--card);border:1px solid var(--rule);border-radius:.5rem}
summary{padding:.5rem .95rem;cursor:pointer;font-weight:600;overflow-wrap:anywhere}
summary span{font-weight:400;color:var(--quiet)}
details pre{margin:0;padding:.7rem .95rem;border-top:1px solid var(--rule);background:var(--code);
white-space:pre-wrap;overflow-wrap:anywhere;border-radius:0 0 .5rem .5rem;
font:12.5px/1.55 ui-monospace,"Cascadia Code",Menlo,Consolas,"DejaVu Sans Mono",monospace}
footer{margin-top:1.4rem;color:var(--quiet);font-size:.82rem}
footer p{margin:.25rem 0}
"""

SCRIPT: Final = """
(() => {
  const vscode = typeof acquireVsCodeApi === "function" ? acquireVsCodeApi() : null;
  const say = (message) => {
    if (typeof window.promptlsPost === "function") window.promptlsPost(JSON.stringify(message));
    else if (vscode) vscode.postMessage(message);
    else window.parent.postMessage(message, "*");
  };
  const act = (event) => {
    const place = event.target.closest("[data-line]");
    const sample = event.target.closest("[data-sample]");
    if (place) {
      say({ type: "promptls.reveal", line: Number(place.dataset.line), offset: Number(place.dataset.offset) });
    } else if (sample) {
      say({ type: "promptls.sample", sample: Number(sample.dataset.sample) });
    }
  };
  addEventListener("click", act);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.localName === "mark") act(event);
  });
})();
"""
"""Tells the editor which line or sample was clicked on: to VS Code, to a host that gives the page a function
``promptlsPost`` (JSON), else to the frame around it. It reads nothing else and changes nothing."""


def style(samples: int = 0) -> str:
    """The style sheet. ``samples``: of how many sheets one is shown, by the radio button in front of it."""
    light, dark = _variables(LIGHT), _variables(DARK)
    rules = [
        f":root{{color-scheme:light dark;{light}}}",
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}",
        # VS Code says by a class which theme it has; the system may have another one.
        f"body.vscode-dark,body.vscode-high-contrast{{color-scheme:dark;{dark}}}",
        f"body.vscode-light,body.vscode-high-contrast-light{{color-scheme:light;{light}}}",
        _RULES.strip(),
    ]
    if samples:
        rules.append(".sheet{display:none}")
        shown = ",".join(f"main:has(#sample-{number}:checked) .sheet-{number}" for number in range(1, samples + 1))
        rules.append(f"{shown}{{display:block}}")
    return "\n".join(rules)


def _variables(colours: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())
