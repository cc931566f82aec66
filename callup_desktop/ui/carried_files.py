"""The files that a drag or the clipboard carries. Main thread."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

PROFILE_SUFFIX = ".callup"
OTHER_PROFILE_SUFFIX = ".toml"
"""A profile may end so, too, which is asked for where nothing else is expected."""
_FILES_WITHOUT_A_PLACE = "FileGroupDescriptor"
"""Part of the formats in which Windows offers attachments that are no files yet."""


def files_in(data: QMimeData) -> tuple[Path, ...]:
    """The files and folders, given as links or as a text of full paths; () where the text is anything else."""
    urls = data.urls()
    if urls:
        return tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile())
    lines = [line.strip().strip('"') for line in data.text().splitlines() if line.strip()]
    paths = tuple(Path(line) for line in lines)
    return paths if all(path.is_absolute() for path in paths) else ()


def split_profiles(paths: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The `.callup` files, and all others."""
    every = tuple(paths)
    profiles = tuple(path for path in every if path.suffix.lower() == PROFILE_SUFFIX)
    return profiles, tuple(path for path in every if path not in profiles)


def carries_files(data: QMimeData) -> bool:
    """Whether files are meant, also where none of them lies on this computer yet."""
    return bool(files_in(data)) or any(_FILES_WITHOUT_A_PLACE in name for name in data.formats())


def carries_nothing(data: QMimeData) -> bool:
    """Whether there is nothing in it, as where the program that a drag comes from has ended meanwhile."""
    return not carries_files(data) and all(data.data(name).isEmpty() for name in data.formats())


def clipboard_carries_files() -> bool:
    """Whether files were copied."""
    return carries_files(clipboard_data())


def clipboard_data() -> QMimeData:
    """What was copied; nothing where nothing was, for which some platforms have no data at all."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return QMimeData() if data is None else data
