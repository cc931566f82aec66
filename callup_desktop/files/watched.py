"""What is in a watched folder, look by look. Any thread; a look blocks as long as the disk does."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from callup_desktop.files.identity import FileIdentity, identity_of
from callup_desktop.files.scan import Kind, Selection, scan

_MOST_ENTRIES = 20_000
"""A folder with more entries is looked at as far as this: somebody chose a whole disk."""
QUIET = 10.0
"""Seconds without a change after which nobody writes a file any more; recorders write more often."""


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """A recording in a watched folder; `settled` once it has not changed for a while, so that nobody writes it."""

    path: Path
    identity: FileIdentity
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What one look brought: the files that were not told as they are now, and the folders it went through.

    `unsettled` while a file may still be written. `reachable` is False where the folder could not be read; then nothing
    else is known.
    """

    files: tuple[WatchedFile, ...] = ()
    folders: tuple[Path, ...] = ()
    unsettled: bool = False
    reachable: bool = True


class WatchedFolder:
    """Looks into one folder, again and again; a file is told when it is first seen and once it is settled.

    Links in it are left out.
    """

    def __init__(self, folder: Path, selection: Selection, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` is seconds that never go back."""
        self._folder = folder
        # Whoever may write into the folder would else choose which of the rep's files are read, and perhaps sent.
        self._selection = replace(selection, follows_links=False)
        self._monotonic = monotonic
        self._seen: dict[Path, tuple[WatchedFile, float]] = {}

    def look(self, stopped: Callable[[], bool] = lambda: False) -> Look | None:
        """Look once; None where `stopped` asked for the end before it was done."""
        try:
            next(self._folder.iterdir(), None)
        except OSError:
            return Look(reachable=False)
        found: dict[Path, tuple[WatchedFile, float]] = {}
        folders = []
        for number, entry in enumerate(scan((self._folder,), self._selection)):
            if stopped():
                return None
            if number >= _MOST_ENTRIES:
                break
            if entry.kind is Kind.FOLDER:
                folders.append(entry.path)
            elif entry.kind is Kind.RECORDING and (file := self._file(entry.path)) is not None:
                found[entry.path] = file
        told = tuple(file for path, (file, _since) in found.items() if self._is_news(path, file))
        self._seen = found
        return Look(told, tuple(folders), unsettled=not all(file.settled for file, _since in found.values()))

    def _file(self, path: Path) -> tuple[WatchedFile, float] | None:
        """The file, and since when it is as it is."""
        identity, now = identity_of(path), self._monotonic()
        if identity is None:
            return None
        before, since = self._seen.get(path, (None, now))
        if before is None or before.identity != identity:
            return WatchedFile(path, identity), now
        return WatchedFile(path, identity, settled=now - since >= QUIET), since

    def _is_news(self, path: Path, file: WatchedFile) -> bool:
        return path not in self._seen or self._seen[path][0] != file
