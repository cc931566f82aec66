"""What a bundle says of the work of others; nothing unknown and nothing of the GPL may be in it."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from installers.notices import debian_copyright, notices
from installers.parts import Catalogue, LicenceError, Part, catalogue, parts_of
from installers.trim import Entry
from tools.licences import libraries

ROOT = Path(__file__).resolve().parents[2]
OURS = (ROOT / "LICENSE").read_text(encoding="utf-8")
PYTHON: Entry = ("python3.dll", "python3.dll", "BINARY")


def module_of(name: str) -> Entry:
    """One file that PyInstaller would collect of a library."""
    known = libraries()[name]
    file = next(file for file in known.files or () if file.parts[0].endswith(".dist-info") and file.name == "METADATA")
    return f"{name}/METADATA", str(known.locate_file(file)), "DATA"


@pytest.fixture(scope="module")
def table() -> Catalogue:
    return catalogue()


@pytest.fixture(scope="module")
def parts(table: Catalogue) -> list[Part]:
    """Those of a bundle with every library of the program."""
    own: list[Entry] = [
        ("callup_desktop.app", str(ROOT / "callup_desktop" / "app.py"), "PYMODULE"),
        ("resources/sample.mp3", str(ROOT / "resources" / "sample.mp3"), "DATA"),
        ("json", json_source(), "PYMODULE"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "libQt6Core.so.6", "BINARY"),
        ("PySide6/Qt/lib/libicuuc.so.73", "libicuuc.so.73", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
    ]
    return parts_of([*own, *map(module_of, libraries())], table)


def json_source() -> str:
    import json

    return json.__file__


def test_every_library_and_what_is_compiled_into_it_is_named_under_a_licence_that_was_looked_at(
    parts: list[Part], table: Catalogue
) -> None:
    named = {part.name.lower() for part in parts}

    assert set(libraries()) <= named
    assert {"cpython", "qt", "openssl", "aws-lc", "libffi", "icu", "harfbuzz-ng", "pyo3 (crate)"} <= named
    assert all(part.texts and table.accepts(part.licence) for part in parts)
    assert "callup desktop" not in named


def test_a_file_that_nobody_is_known_to_have_made_stops_the_freezing(tmp_path: Path, table: Catalogue) -> None:
    planted = tmp_path / "libreadline.so.8"
    planted.touch()

    with pytest.raises(LicenceError, match=r"nobody is known to have made: libreadline\.so\.8"):
        parts_of([PYTHON, ("libreadline.so.8", str(planted), "BINARY")], table)


def test_the_libraries_of_windows_are_known_in_either_case(table: Catalogue) -> None:
    names = ("PySide6/MSVCP140.dll", "VCRUNTIME140_1.dll", "libcrypto-3.dll", "libffi-8.dll", "PySide6/Qt6Core.dll")

    found = {part.name: part for part in parts_of([PYTHON, *((name, name, "BINARY") for name in names)], table)}
    assert {"Microsoft Visual C++ runtime", "OpenSSL", "libffi", "Qt", "CPython"} <= set(found)
    assert found["Microsoft Visual C++ runtime"].files == names[:2]


def test_the_library_of_an_embeddable_python_is_pythons_own(
    table: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / f"python{sys.version_info.major}{sys.version_info.minor}.zip"
    monkeypatch.syspath_prepend(archive)

    found = parts_of([("argparse", str(archive / "argparse.pyc"), "PYMODULE")], table)
    assert "CPython" in {part.name for part in found}


def test_a_part_of_the_gpl_stops_the_freezing(table: Catalogue) -> None:
    readline = {"name": "Readline", "licence": "GPL-3.0-or-later", "source": "", "files": ["libreadline*"]}
    planted = replace(table, known=(*table.known, readline))

    with pytest.raises(LicenceError, match=r"not under an accepted licence: Readline, GPL-3\.0-or-later"):
        parts_of([PYTHON, ("libreadline.so.8", "libreadline.so.8", "BINARY")], planted)


def test_a_library_that_is_compiled_into_another_is_looked_at_too(table: Catalogue) -> None:
    hidden = {"name": "Hidden", "licence": "AGPL-3.0-only", "source": "", "inside": ["CPython"]}

    with pytest.raises(LicenceError, match="Hidden, AGPL"):
        parts_of([PYTHON], replace(table, known=(*table.known, hidden)))


def test_a_library_that_names_no_licence_is_not_shipped(table: Catalogue) -> None:
    unsaid = replace(table, distributions={})

    with pytest.raises(LicenceError, match="google-re2, BSD License"):
        parts_of([module_of("google-re2")], unsaid)


def test_a_part_without_the_text_of_its_licence_is_not_shipped(table: Catalogue) -> None:
    silent = {"name": "Silent", "licence": "MIT", "source": "", "files": ["libsilent*"]}

    with pytest.raises(LicenceError, match="without the text of their licence: Silent"):
        parts_of([("libsilent.so", "libsilent.so", "BINARY")], replace(table, known=(*table.known, silent)))


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "mit OR GPL-2.0-only",
        "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
    ],
)
def test_what_may_be_shipped(licence: str, table: Catalogue) -> None:
    assert table.accepts(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-2.0-only",
        "MIT AND GPL-2.0-or-later",
        "GPL-3.0-or-later",
        "AGPL-3.0-only OR SSPL-1.0",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
        "BSD License",
        "",
    ],
)
def test_what_must_not_be_shipped(licence: str, table: Catalogue) -> None:
    assert not table.accepts(licence)


def test_each_licence_of_the_table_is_accepted_and_no_text_lies_about(table: Catalogue) -> None:
    assert [said["name"] for said in table.known if not table.accepts(said["licence"])] == []
    told = [*table.known, *table.distributions.values()]
    used = {text for said in told for text in said.get("texts", ())} | {
        text for texts in table.crates.values() for text in texts
    }
    assert used == {file.name for file in (ROOT / "installers" / "licences" / "texts").iterdir()}


def test_the_notices_hold_each_text_once_and_say_how_qt_is_replaced(parts: list[Part]) -> None:
    told = notices(parts, version="1.2.3", licence=OURS)

    assert all(f"\n{part.name}" in told and part.source in told for part in parts)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in told
    assert "GNU GENERAL PUBLIC LICENSE" in told
    assert "libQt6*.so.6" in told
    assert "https://download.qt.io/official_releases/qt/6." in told
    assert OURS.strip() in told


def test_debians_copyright_file_is_machine_readable(parts: list[Part]) -> None:
    stanzas = debian_copyright(parts, top="opt/callup-desktop", licence=OURS).split("\n\n")

    assert stanzas[0].startswith("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n")
    files = [stanza for stanza in stanzas if stanza.startswith("Files:")]
    assert len(files) == sum(bool(part.files) for part in parts) + 2
    programs = files[1].splitlines()
    assert programs[:2] == ["Files: opt/callup-desktop/callup", " opt/callup-desktop/callup-desktop"]
    assert all(any(line.startswith(f" {part.name}") for line in programs) for part in parts if not part.files)
    assert all("\nCopyright: " in stanza and "\nLicense: " in stanza for stanza in files)
    explained = {
        stanza.splitlines()[0].removeprefix("License: ") for stanza in stanzas if stanza.startswith("License:")
    }
    named = {
        line.removeprefix("License: ") for stanza in files[1:] for line in stanza.splitlines() if line[:8] == "License:"
    }
    assert {name for names in named for name in names.split(" and ")} - {"MIT"} == explained
    assert "Files: opt/callup-desktop/_internal/PySide6/Qt/lib/libQt6Core.so.6\n" in "\n".join(files)
