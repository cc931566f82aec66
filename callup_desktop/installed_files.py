"""The list of all files of a bundle, written when it was frozen, and what of it is not there any more. Any thread.

It uses the standard library only, as it is asked before anything else of a damaged installation is loaded.
"""

import hashlib
import json
import os
import sys
from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from callup_desktop.resource_files import RESOURCES

LIST = "installed-files.json"
"""Its name, in the folder of the program's own files."""


@dataclass(frozen=True, slots=True)
class InstalledFile:
    """One file as it was frozen; of a link only where it points to, of a file that may change only that it exists."""

    path: str
    """From the installation's top, with slashes."""
    size: int | None = None
    sha256: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """What differs from the list, as paths from the installation's top."""

    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.missing or self.changed)


def files_in(top: Path, *, unsealed: Container[str] = ()) -> list[InstalledFile]:
    """Every file below `top` except the list itself; of an `unsealed` one the content may change later."""
    return sorted(_described(top, unsealed), key=lambda file: file.path)


def _described(top: Path, unsealed: Container[str]) -> Iterator[InstalledFile]:
    for folder, folders, names in os.walk(top):
        for name in (*names, *folders):
            file = Path(folder, name)
            path = file.relative_to(top).as_posix()
            if file.is_symlink():
                yield InstalledFile(path, link=file.readlink().as_posix())
            elif not file.is_file() or name == LIST:
                continue
            elif path in unsealed:
                yield InstalledFile(path)
            else:
                yield InstalledFile(path, size=file.stat().st_size, sha256=_digest(file))


def written(files: list[InstalledFile]) -> str:
    """The list as it is kept; `read` takes it."""
    lines = [json.dumps({key: value for key, value in asdict(file).items() if value is not None}) for file in files]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def read(text: str) -> list[InstalledFile]:
    """The list; raises ValueError where it is cut or empty."""
    try:
        files = [InstalledFile(**entry) for entry in json.loads(text)]
    except TypeError as exc:
        raise ValueError("not a list of files") from exc
    if not files:
        raise ValueError("an empty list")
    return files


def damage(top: Path, files: list[InstalledFile]) -> Damage:
    """What of the listed files is missing below `top`, or is not as it was; others may lie beside them."""
    missing, changed = [], []
    for file in files:
        place = top / file.path
        # A link that points to nothing is as good as none; what it points to is on the list itself.
        if not place.exists():
            missing.append(file.path)
        elif not _is_as_listed(place, file):
            changed.append(file.path)
    return Damage(tuple(missing), tuple(changed))


def _is_as_listed(place: Path, file: InstalledFile) -> bool:
    try:
        if file.link is not None:
            return place.is_symlink() and place.readlink().as_posix() == file.link
        if file.size is None:
            return place.is_file()
        return place.stat().st_size == file.size and _digest(place) == file.sha256
    except OSError:
        # Nobody else can read it either.
        return False


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def installation_top() -> Path | None:
    """The folder that the list's paths start from; None where this program is not frozen."""
    if not getattr(sys, "frozen", False):
        return None
    folder = Path(sys.executable).resolve().parent
    # A macOS bundle holds the program in Contents/MacOS and the rest beside that folder.
    return folder.parent if folder.name == "MacOS" else folder


def list_of_this_installation() -> Path:
    """Where the list lies in a frozen program."""
    return RESOURCES / LIST
