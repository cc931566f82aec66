"""Writes what a bundle says of the work of others: THIRD_PARTY_NOTICES.txt, and Debian's copyright file. Pure."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from installers.parts import Part

NOTICES = "THIRD_PARTY_NOTICES.txt"
"""Its name, among the program's own files in a bundle."""
_COMMON = Path("/usr/share/common-licenses")
_WIDTH = 100
_PROGRAMS = ("callup", "callup-desktop")
_INTRODUCTION = """\
CallUp Desktop {version} is under the MIT licence. It is shipped with the work of others, each
under its own licence: here is every part with its licence and its source, and after that every
text in full. Where a part may be used under one of several licences (OR), it is used here under
one that is not the GPL.
"""
_QT = """\
QT AND PYSIDE6: YOUR RIGHTS, AND HOW TO REPLACE THEM

Qt {qt} and Qt for Python (PySide6, shiboken6) are used under the GNU Lesser General Public
License, version 3; its text and that of the GPL, which it builds on, are below. They are unchanged.
Nothing in CallUp's licence keeps you from changing them for your own use, nor from reverse
engineering CallUp to find errors of such changes.

Their libraries are files of their own, and CallUp loads whatever lies there:
  Windows   _internal\\PySide6\\Qt6*.dll and _internal\\PySide6\\plugins
  Linux     _internal/PySide6/Qt/lib/libQt6*.so.6 and _internal/PySide6/Qt/plugins
  macOS     CallUp Desktop.app/Contents/Frameworks/PySide6/Qt/lib and .../Qt/plugins
To replace one, build the same or a newer Qt {major} yourself, end CallUp, put your file in the place
of ours under the same name, and start CallUp. On macOS sign the program again afterwards:
  codesign --force --deep --sign - "CallUp Desktop.app"
The self-test will name the file as changed; nothing else minds.

Source code:
  https://download.qt.io/official_releases/qt/{major_minor}/{qt}/submodules/
  https://download.qt.io/official_releases/QtForPython/pyside6/PySide6-{pyside}-src/
The other libraries under the LGPL are files in _internal, too, and are replaced in the same way.
Source of those that came from Debian, by the version that is named here:
  https://snapshot.debian.org/
"""


def notices(parts: Sequence[Part], *, version: str, licence: str) -> str:
    """The whole file; `licence` is the text of our own."""
    texts = _Texts(parts)
    sections = [
        "THIRD-PARTY NOTICES\n",
        _INTRODUCTION.format(version=version),
        _replacing_qt(parts),
        "PARTS\n\n" + "\n".join(_entry(part, texts) for part in parts),
        f"LICENCE OF CALLUP DESKTOP\n\n{licence.strip()}\n",
        *(f"TEXT {number}\n\n{_clean(text)}\n" for number, text in texts.numbered()),
    ]
    return f"\n{'=' * _WIDTH}\n\n".join(section.rstrip() + "\n" for section in sections)


def debian_copyright(parts: Sequence[Part], *, top: str, licence: str) -> str:
    """Debian's machine-readable copyright file (DEP-5); `top` is the bundle's folder in the package."""
    stanzas = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: CallUp Desktop\n",
        f"Files: *\nCopyright: 2026 The authors of CallUp Desktop\nLicense: MIT\n{_indented(licence)}\n",
    ]
    texts = _Texts(parts)
    stanzas.append(_stanza_of_programs(parts, top, texts))
    stanzas += [_stanza(part, top, texts) for part in parts if part.files and part.files[0] not in _PROGRAMS]
    stanzas += [f"License: text-{number}\n{_indented(_short(text))}\n" for number, text in texts.numbered()]
    return "\n".join(stanzas)


class _Texts:
    """Each text once, however many parts are under it and however each of them breaks its lines."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        for text in (text for part in parts for text in part.texts):
            if self._numbers.setdefault(_essence(text), len(self._texts) + 1) > len(self._texts):
                self._texts.append(text)

    def numbered(self) -> Iterator[tuple[int, str]]:
        return enumerate(self._texts, 1)

    def of(self, part: Part) -> list[int]:
        return sorted({self._numbers[_essence(text)] for text in part.texts})


def _essence(text: str) -> str:
    return " ".join(text.split())


def _clean(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\f", "").splitlines()).strip("\n")


def _replacing_qt(parts: Sequence[Part]) -> str:
    versions = {part.name: part.version for part in parts}
    qt = versions.get("Qt")
    if qt is None:
        return "No part of Qt is in it.\n"
    return _QT.format(
        qt=qt,
        major=qt.partition(".")[0],
        major_minor=".".join(qt.split(".")[:2]),
        pyside=versions.get("PySide6_Essentials", qt),
    )


def _entry(part: Part, texts: _Texts) -> str:
    lines = [" ".join(filter(None, (part.name, part.version)))]
    if part.inside:
        lines.append(f"  inside   {', '.join(part.inside)}")
    lines += [f"  licence  {part.licence}", f"  source   {part.source}"]
    if part.copyright:
        lines += textwrap.wrap(part.copyright, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    lines.append("  texts    " + ", ".join(map(str, texts.of(part))))
    return "\n".join(lines) + "\n"


def _stanza_of_programs(parts: Sequence[Part], top: str, texts: _Texts) -> str:
    """What has no file of its own lies in the programs: in their archive, or compiled into another part."""
    held = [part for part in parts if not part.files or part.files[0] in _PROGRAMS]
    copyrights = ["2026 The authors of CallUp Desktop", *(_essence(part.copyright) for part in held if part.copyright)]
    named = sorted({number for part in held for number in texts.of(part)})
    return (
        f"Files: {top}/{_PROGRAMS[0]}\n {top}/{_PROGRAMS[1]}\n"
        "Copyright: " + "\n ".join(dict.fromkeys(copyrights)) + "\n"
        "License: MIT and " + " and ".join(f"text-{number}" for number in named) + "\n"
        "Comment: They hold, or what they load holds:\n" + "".join(f" {_described(part)}\n" for part in held)
    )


def _stanza(part: Part, top: str, texts: _Texts) -> str:
    return (
        "Files: " + "\n ".join(re.sub(r"\s", "?", f"{top}/_internal/{file}") for file in part.files) + "\n"
        f"Copyright: {_essence(part.copyright) or 'as its texts say'}\n"
        "License: " + " and ".join(f"text-{number}" for number in texts.of(part)) + "\n"
        f"Comment: {_described(part)}\n"
    )


def _described(part: Part) -> str:
    inside = f", inside {', '.join(part.inside)}" if part.inside else ""
    return f"{f'{part.name} {part.version}'.strip()}{inside}. SPDX: {part.licence}. Source: {part.source}"


def _short(text: str) -> str:
    """Debian's own copy, by its place, of a text that every Debian has."""
    essence = _essence(text)
    for name in ("Apache-2.0", "CC0-1.0", "GPL-3", "LGPL-2", "LGPL-2.1", "LGPL-3", "MPL-2.0"):
        file = _COMMON / name
        if file.exists() and _essence(file.read_text(encoding="utf-8")) == essence:
            return f"The full text is in {file}."
    return text


def _indented(text: str) -> str:
    return "\n".join(f" {line}" if line.strip() else " ." for line in _clean(text).splitlines())
