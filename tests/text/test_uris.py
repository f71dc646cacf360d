"""URIs: the file that is meant, whatever its spelling, and the spelling that was sent."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from promptls.text.uris import join, path_in, path_to_uri, uri_key, uri_to_path


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/home/me/a b.prompty", "file:///home/me/a%20b.prompty"),
        ("/é/😀#?.prompty", "file:///%C3%A9/%F0%9F%98%80%23%3F.prompty"),
        ("/", "file:///"),
        ("C:\\Users\\me\\a.prompty", "file:///C:/Users/me/a.prompty"),
        ("c:\\", "file:///C:/"),
        ("\\\\server\\share\\a b.prompty", "file://server/share/a%20b.prompty"),
    ],
)
def test_a_path_becomes_a_uri_and_comes_back(path: str, uri: str) -> None:
    assert path_to_uri(path) == uri
    assert uri_to_path(uri) == path.replace("c:", "C:")


def test_path_objects_are_taken_as_they_are_written() -> None:
    assert path_to_uri(PurePosixPath("/a/b")) == "file:///a/b"
    assert path_to_uri(PureWindowsPath("C:/a/b")) == "file:///C:/a/b"


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/a/b.prompty", "C:\\a\\b.prompty"),
        ("file:///C:/a/b.prompty", "C:\\a\\b.prompty"),
        ("file://C:/a", "C:\\a"),
        ("file:///c|/a", "C:\\a"),
        ("file:/tmp/a", "/tmp/a"),
        ("file://localhost/tmp/a", "/tmp/a"),
        ("FILE:///tmp/a%2Bb", "/tmp/a+b"),
        ("file:///tmp/a?x#y", "/tmp/a"),
        ("untitled:Untitled-1", None),
        ("vscode-vfs://github/a/b", None),
        ("http://[bad", None),
        ("", None),
        ("a.prompty", None),
    ],
)
def test_every_spelling_of_a_file_uri_gives_its_path(uri: str, path: str | None) -> None:
    assert uri_to_path(uri) == path


@pytest.mark.parametrize(
    "spellings",
    [
        ("file:///c%3A/a/b.prompty", "file:///C:/a/b.prompty", "file:///c:/a/b.prompty", "FILE:///C%3a/a/./b.prompty"),
        ("file:///tmp/a%20b", "file:///tmp/a b", "file://localhost/tmp//a%20b"),
        ("file://Server/share/a", "file://server/share/a"),
        ("untitled:Untitled-1", "UNTITLED:Untitled%2D1"),
        ("file:///tmp/%C3%A9", "file:///tmp/é"),
    ],
)
def test_all_spellings_of_a_file_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({uri_key(uri) for uri in spellings}) == 1


def test_files_whose_names_differ_have_different_keys() -> None:
    names = ("file:///tmp/a", "file:///tmp/A", "file:///tmp/a/b", "untitled:tmp/a", "file://host/tmp/a")
    assert len({uri_key(uri) for uri in names}) == len(names)


@pytest.mark.parametrize("uri", ["file:///c%3A/a", "file:///tmp/%25", "file:///a b", "untitled:x", "nonsense", "", "%"])
def test_the_key_of_a_key_is_itself(uri: str) -> None:
    if "%25" not in uri:
        assert uri_key(uri_key(uri)) == uri_key(uri)
    assert isinstance(uri_key(uri), str)


@pytest.mark.parametrize(
    ("uri", "relative", "joined"),
    [
        ("file:///w/p/a.prompty", "b.json", "file:///w/p/b.json"),
        ("file:///w/p/a.prompty", "./x/../b c.json", "file:///w/p/b%20c.json"),
        ("file:///w/p/a.prompty", "../b.json", "file:///w/b.json"),
        ("file:///w/p/a.prompty", "../../../b.json", None),
        ("file:///w/p/a.prompty", "/etc/b", "file:///etc/b"),
        ("file:///c%3A/w/a.prompty", "sub\\b.json", "file:///c%3A/w/sub/b.json"),
        ("file:///c%3A/w/a.prompty", "../../b.json", None),
        ("file:///c%3A/w/a.prompty", "D:\\b.json", "file:///D:/b.json"),
        ("file://server/share/a.prompty", "b", "file://server/share/b"),
        ("file:///w/a.prompty", "https://example.com/x", "https://example.com/x"),
        ("vscode-vfs://github/o/r/a.prompty", "b.json", "vscode-vfs://github/o/r/b.json"),
        ("file:///w%20x/a.prompty", "100%.json", "file:///w%20x/100%25.json"),
    ],
)
def test_a_relative_path_is_seen_from_the_folder_of_the_file(uri: str, relative: str, joined: str | None) -> None:
    assert join(uri, relative) == joined


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///w/a%20b.prompty", "/w/a b.prompty"),
        ("C:\\w\\a.prompty", "/w/a.prompty"),
        ("vscode-vfs://github/o/a.prompty?x=1#y", "/o/a.prompty"),
        ("untitled:[a].prompty", "[a].prompty"),
        ("http://[x/a%20b.prompty?x", "http://[x/a b.prompty"),
    ],
)
def test_a_name_is_found_in_whatever_a_client_sends(uri: str, path: str) -> None:
    assert path_in(uri) == path
