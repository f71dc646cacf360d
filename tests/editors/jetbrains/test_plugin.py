"""The plugin for JetBrains as it is shipped: what is in the zip, what its byte code asks of an IDE, what needs none.
No IDE loads it here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from clients.jetbrains.build import build, version
from clients.jetbrains.jars import jars
from promptls.formats import languages
from promptls.lsp.settings import Settings, read_settings
from tests.editors.jetbrains.class_file import ClassFile, read_class
from tests.editors.jetbrains.test_lsp4j import PATIENCE, SERVER

PLUGIN = Path(__file__).parents[3] / "clients" / "jetbrains"
OWN = "dev/promptls/jetbrains/"
ASKED_OF_AN_IDE = ("com/intellij/", "com/redhat/", "org/jetbrains/")
pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(shutil.which("javac") is None, reason="needs a JDK (javac)"),
    pytest.mark.skipif(not jars(), reason="needs LSP4J (make .venv/java/fetched)"),
]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"))


def in_jar(shipped: Path) -> dict[str, bytes]:
    with ZipFile(shipped) as archive, ZipFile(BytesIO(archive.read("promptls/lib/promptls.jar"))) as jar:
        return {name: jar.read(name) for name in jar.namelist()}


def classes(shipped: Path) -> Iterator[ClassFile]:
    return (read_class(content) for name, content in in_jar(shipped).items() if name.endswith(".class"))


def test_the_zip_holds_what_is_ours_and_nothing_else(shipped: Path) -> None:
    assert shipped.name == f"promptls-jetbrains-{version()}.zip"
    with ZipFile(shipped) as archive:
        names = archive.namelist()
    assert [name for name in names if not name.startswith("promptls/textmate/")] == [
        "promptls/lib/promptls.jar",
        "promptls/LICENSE",
    ]
    inside = in_jar(shipped)
    assert all(name.startswith((OWN, "META-INF/")) for name in inside), "a signature is shipped"
    sources = {f"{OWN}{path.stem}.class" for path in PLUGIN.glob(f"src/{OWN}*.java")}
    assert sources <= inside.keys()


def test_the_same_sources_make_the_same_zip(shipped: Path, tmp_path: Path) -> None:
    assert build(tmp_path).read_bytes() == shipped.read_bytes()


def test_byte_code_is_java_17(shipped: Path) -> None:
    assert {each.java for each in classes(shipped)} == {61}


def test_what_is_asked_of_an_ide_was_looked_up(shipped: Path, plugin: Path) -> None:
    """A new name is first looked up in the sources of the IDE, then written into `asked-of-the-ide.txt`: the stubs say
    what we want, not what there is. So is what an IDE calls: an override that overrides nothing is never called."""
    ours = {each.name: each for each in classes(shipped)}
    stubs = {
        each.name: each
        for path in (plugin.parent / "stubs").rglob("*.class")
        for each in [read_class(path.read_bytes())]
    }
    asked = set()
    for each in ours.values():
        for member in each.used:
            owner, rest = member.split(".", 1)
            while owner in ours and rest not in ours[owner].own:
                owner = ours[owner].parent
            if owner.startswith(ASKED_OF_AN_IDE):
                asked.add(f"{owner}.{rest}")
        asked |= {f"{name} (implemented)" for name in each.interfaces if name.startswith(ASKED_OF_AN_IDE)}
        if each.parent.startswith(ASKED_OF_AN_IDE):
            asked.add(f"{each.parent} (extended)")
        above = [each.parent, *each.interfaces]
        while above:
            if (known := (ours | stubs).get(above.pop())) is not None:
                above += [known.parent, *known.interfaces]
                if known.name in stubs:
                    overridden = {member for member in known.own & each.own if not member.startswith("<init>")}
                    asked |= {f"{known.name}.{member} (overridden)" for member in overridden}
    lines = (PLUGIN / "asked-of-the-ide.txt").read_text(encoding="utf-8").splitlines()
    written = [line for line in lines if line and not line.startswith("#")]
    assert sorted(asked) == written


def test_the_descriptor(shipped: Path) -> None:
    names = in_jar(shipped)
    root = ElementTree.fromstring(names["META-INF/plugin.xml"])
    assert (root.findtext("id"), root.findtext("version")) == ("dev.promptls", version())
    optional = {each.get("config-file") for each in root.iter("depends") if each.get("optional")}
    others = {name for name in names if name.endswith(".xml")} - {"META-INF/plugin.xml"}
    assert {f"META-INF/{name}" for name in optional} == others
    textmate = ElementTree.fromstring(names["META-INF/promptls-textmate.xml"])
    named = ("factoryClass", "serviceImplementation", "instance", "class", "implementation")
    used = {value for tree in (root, textmate) for each in tree.iter() for key in named if (value := each.get(key))}
    assert len(used) == 8
    assert {f"{name.replace('.', '/')}.class" for name in used} <= names.keys()
    icon = ElementTree.fromstring(names["META-INF/pluginIcon.svg"])
    assert (icon.get("width"), icon.get("height")) == ("40", "40")
    server = root.find(".//server")
    assert server is not None
    strings = frozenset[str]().union(*(each.strings for each in classes(shipped)))
    window = root.find(".//toolWindow")
    assert window is not None
    assert {server.get("id"), window.get("id")} <= strings
    mapped = [
        (each.get("serverId"), each.get("languageId"), tuple(str(each.get("patterns")).split(";")))
        for each in root.iter("fileNamePatternMapping")
    ]
    assert mapped == [(server.get("id"), language.id, language.patterns) for language in languages()]


def test_colours_are_those_of_the_vs_code_client(shipped: Path, window_probe: str, tmp_path: Path) -> None:
    """The plugin, unpacked as an IDE does it, names a folder; in it is all that its manifest names."""
    with ZipFile(shipped) as archive:
        archive.extractall(tmp_path)
    path = os.pathsep.join((str(tmp_path / "promptls" / "lib" / "promptls.jar"), window_probe))
    done = subprocess.run(["java", "-cp", path, "ColorsProbe"], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.splitlines() == [str(tmp_path / "promptls" / "textmate")], done.stderr
    bundle = Path(done.stdout.strip())
    contributes = json.loads((bundle / "package.json").read_text(encoding="utf-8"))["contributes"]
    known = {language.id: language for language in languages()}
    for each in contributes["languages"]:
        names = [f"*{ending}" for ending in each.get("extensions", ())] + each.get("filenames", [])
        assert sorted(names) == sorted(known[each["id"]].patterns)
        assert "comments" in json.loads((bundle / each["configuration"]).read_text(encoding="utf-8"))
    assert [each["id"] for each in contributes["languages"]] == [each.id for each in languages() if not each.builtin]
    for each in contributes["grammars"]:
        grammar = json.loads((bundle / each["path"]).read_text(encoding="utf-8"))
        assert grammar["scopeName"] == each["scopeName"]
        assert grammar["patterns"]


# -- what needs no IDE


def ask(probe: str, *asked: str) -> list[str]:
    command = ["java", "-cp", probe, "PluginProbe", *asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def program(folder: Path, name: str = "promptls") -> Path:
    folder.mkdir(parents=True)
    path = folder / name
    path.write_text("", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_setting_the_environment_of_the_project_and_the_path(probe: str, tmp_path: Path) -> None:
    project, on_path = tmp_path / "my project", program(tmp_path / "bin")
    path = os.pathsep.join(["relative", str(tmp_path / "empty"), str(on_path.parent)])
    assert ask(probe, "command", "", str(project), path, "unix") == [str(on_path), "lsp"]
    venv = program(project / "venv" / "bin")
    assert ask(probe, "command", "", str(project), path, "unix") == [str(venv), "lsp"]
    dot_venv = program(project / ".venv" / "bin")
    assert ask(probe, "command", " ", str(project), path, "unix") == [str(dot_venv), "lsp"]
    windows = program(project / ".venv" / "Scripts", "promptls.exe")
    assert ask(probe, "command", "", str(project), path, "windows") == [str(windows), "lsp"]
    written = ask(probe, "command", '"/my tools/promptls"  lsp --x', str(project), path, "unix")
    assert written == ["/my tools/promptls", "lsp", "--x"]


def test_a_project_that_is_not_trusted_brings_no_program(probe: str, tmp_path: Path) -> None:
    program(tmp_path / ".venv" / "bin")
    (said,) = ask(probe, "command", "", "", str(tmp_path / "empty"), "unix")
    assert said.startswith("promptls is not found")
    assert "Settings | Tools | promptls" in said


def test_settings_are_those_that_the_server_reads(probe: str) -> None:
    (untouched,) = ask(probe, "settings", "", "trusted")
    assert read_settings(json.loads(untouched)) == (Settings(running={"offline": False}), ())
    (chosen,) = ask(probe, "settings", " openai/gpt-5 ", "untrusted")
    settings, complaints = read_settings(json.loads(chosen))
    assert (settings.running["target"], settings.trusted, complaints) == ("openai/gpt-5", False, ())


# -- its own classes in an IDE that only pretends, with the real server

GREET = """---
name: greet
inputs:
  name: {kind: string}
---
system:
Be kind.
user:
Hello {{ name }}
"""


@pytest.mark.parametrize("story", ["window", "no-browser", "untrusted", "settings", "start"])
def test_in_an_ide_that_only_pretends(story: str, window_probe: str, tmp_path: Path) -> None:
    (tmp_path / "greet.prompty").write_text(GREET, encoding="utf-8")
    (tmp_path / "greet.sample.yaml").write_text("- name: Ada\n- name: Grace\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("none", encoding="utf-8")
    done = subprocess.run(
        ["java", "-Djava.awt.headless=true", "-cp", window_probe, "WindowProbe", story, str(tmp_path), *SERVER],
        env={**os.environ, "PROMPTLS_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
