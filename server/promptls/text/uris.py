"""URIs of files: to paths and back, joined, and in the one normal form that look-ups use.

Clients spell the same file in several ways (``file:///c%3A/a`` and ``file:///C:/a``) and want their own spelling
back: compare ``uri_key(uri)``, answer with the spelling that the client sent.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import quote, unquote, urlsplit

_DRIVE = re.compile(r"/?([A-Za-z])[:|](?=/|\Z)")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_SAFE = "/-._~!$&'()*+,;=:@"


def path_to_uri(path: str | PurePath) -> str:
    """The ``file:`` URI of an absolute path, POSIX, drive (``C:\\a``) or UNC (``\\\\host\\share\\a``)."""
    text = str(path)
    if re.match(r"[A-Za-z]:([\\/]|\Z)", text):
        text = text.replace("\\", "/")
        return f"file:///{text[0].upper()}:{_quote(text[2:] or '/')}"
    if text.startswith("\\\\"):
        return f"file:{_quote(text.replace(chr(92), '/'))}"
    return f"file://{_quote(text if text.startswith('/') else '/' + text)}"


def uri_to_path(uri: str) -> str | None:
    """The path of a ``file:`` URI in the spelling of its own system; None for every other URI.

    A drive gives ``C:\\a\\b`` and a host ``\\\\host\\share\\a``, on every system alike: what the URI names does not
    depend on where it is read.
    """
    host, path = _file_parts(uri)
    if path is None:
        return None
    if host:
        return "\\\\" + host + path.replace("/", "\\")
    drive = _DRIVE.match(path)
    if drive:
        return drive[1].upper() + ":" + (path[drive.end() :].replace("/", "\\") or "\\")
    return path or "/"


def path_in(uri: str) -> str:
    """The path that stands in a URI of any scheme, or a path itself, percent signs decoded and with ``/``: for the name
    of a file, which has one whatever else of the URI makes no sense."""
    uri = uri.replace("\\", "/")
    try:
        return unquote(urlsplit(uri).path)
    except ValueError:
        return unquote(uri.partition("#")[0].partition("?")[0])


def uri_key(uri: str) -> str:
    """The normal form of a URI: equal for all spellings of one file. Only for comparison, never sent.

    Percent signs are decoded, drive letters, schemes and hosts are lower case, empty and ``.`` segments are gone.
    The rest of a path keeps its case, since on most systems it matters.
    """
    scheme = _SCHEME.match(uri)
    if scheme is None:
        return _without_dots(unquote(uri))
    host, path = _file_parts(uri)
    if path is None:
        return f"{scheme[1].lower()}:{unquote(uri[scheme.end() :])}"
    drive = _DRIVE.match(path)
    if drive:
        path = f"/{drive[1].lower()}:{path[drive.end() :]}"
    return f"file://{host.lower()}{_without_dots(path)}"


def join(uri: str, relative: str) -> str | None:
    """The URI of ``relative`` (a path as people write it, with ``/`` or ``\\``) seen from the folder of ``uri``.

    An absolute path or a URI stands for itself. None where it leaves the root of ``uri``. The part that comes from
    ``uri`` keeps its spelling.
    """
    if _SCHEME.match(relative) and not re.match(r"[A-Za-z]:[\\/]", relative):
        return relative
    if re.match(r"[A-Za-z]:[\\/]", relative) or relative.startswith("\\\\"):
        return path_to_uri(relative)
    head, root, tail = _split_root(uri)
    steps = [] if relative.startswith("/") else tail.split("/")[:-1]
    for step in relative.replace("\\", "/").split("/"):
        if step in ("", "."):
            continue
        if step != "..":
            steps.append(_quote(step))
        elif not steps:
            return None
        else:
            steps.pop()
    return head + root + "/".join(steps)


def _file_parts(uri: str) -> tuple[str, str | None]:
    """``(host, decoded path)`` of a ``file:`` URI; the path is None for other schemes."""
    try:
        parts = urlsplit(uri)
        host = unquote(parts.netloc)
    except ValueError:
        return "", None
    if parts.scheme.lower() != "file":
        return "", None
    path = unquote(uri.split(":", 1)[1].split("#", 1)[0].split("?", 1)[0])
    if path.startswith("//"):
        path = path[2 + len(host) :]
    if host and _DRIVE.fullmatch(host):  # `file://C:/a`, written by hand
        host, path = "", f"/{host}{path}"
    return ("" if host.lower() == "localhost" else host), path


def _split_root(uri: str) -> tuple[str, str, str]:
    """``uri`` as scheme and host, root (``/`` or ``/c%3A/``) and the rest, all as spelled."""
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*)?)?(/(?:[A-Za-z](?::|%3[Aa])/)?)?([^?#]*)", uri)
    assert match is not None
    return match[1] or "", match[2] or "", match[3]


def _without_dots(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step not in ("", ".", ".."):
            steps.append(step)
    return ("/" if path.startswith("/") else "") + "/".join(steps)


def _quote(path: str) -> str:
    return quote(path, safe=_SAFE, errors="surrogatepass")
