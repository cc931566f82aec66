"""Which program the system plays a recording with. Any thread; reads a few small files at most."""

import configparser
import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QMimeDatabase

_FRIENDLY_NAME = 4
"""ASSOCSTR_FRIENDLYAPPNAME."""
_LONGEST_NAME = 260


def player_of(file: Path, environ: Mapping[str, str] = os.environ) -> str | None:
    """The name of the program, "" where the system does not say it, None where there is none.

    Only Linux is asked for that: there, who opens a file learns later that nothing did.
    """
    if sys.platform == "win32":
        return _of_windows(file.suffix)
    return "" if sys.platform == "darwin" else _of_linux(file, environ) or None


def _of_windows(suffix: str) -> str:
    if sys.platform != "win32":
        return ""
    name, size = ctypes.create_unicode_buffer(_LONGEST_NAME), ctypes.c_ulong(_LONGEST_NAME)
    failed = ctypes.windll.shlwapi.AssocQueryStringW(0, _FRIENDLY_NAME, suffix, "open", name, ctypes.byref(size))
    return "" if failed else name.value


def _of_linux(file: Path, environ: Mapping[str, str]) -> str:
    """By the associations of freedesktop.org: the first list that names a program that is there."""
    kind = QMimeDatabase().mimeTypeForFile(file.name, QMimeDatabase.MatchMode.MatchExtension)
    kinds = (kind.name(), *kind.aliases())
    for program in _associated(kinds, environ):
        for folder in _data_folders(environ):
            name = _read(folder / "applications" / program).get("Desktop Entry", "Name", fallback="")
            if name:
                return name
    return ""


def _associated(kinds: tuple[str, ...], environ: Mapping[str, str]) -> Iterator[str]:
    config = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    shared = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    applications = [folder / "applications" for folder in _data_folders(environ)]
    for folder in (config, *map(Path, shared.split(":")), *applications):
        for file, section in (("mimeapps.list", "Default Applications"), ("mimeinfo.cache", "MIME Cache")):
            listed = _read(folder / file)
            for kind in kinds:
                yield from filter(None, listed.get(section, kind, fallback="").split(";"))


def _data_folders(environ: Mapping[str, str]) -> list[Path]:
    own = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return [
        Path(folder) for folder in (own, *(environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":"))
    ]


def _read(file: Path) -> configparser.RawConfigParser:
    """The file, empty where there is none or where it is no such list."""
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
    try:
        parser.read_string(file.read_text(encoding="utf-8", errors="replace"))
    except (OSError, configparser.Error):
        return configparser.RawConfigParser()
    return parser
