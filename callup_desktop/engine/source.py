"""The open recording while it is sent: positioned reads and a watch on its identity. Shared by pool threads."""

import os
import threading
from pathlib import Path
from types import TracebackType

from callup_desktop.engine.errors import Code, JobError, TransientError
from callup_desktop.engine.job import FileIdentity
from callup_desktop.engine.parts import Span
from callup_desktop.recordings import opening
from callup_desktop.recordings.recording import Refusal, Wait

_REFUSED = {Refusal.NOT_FOUND: Code.FILE_MISSING, Refusal.UNREADABLE: Code.PART_UNREADABLE}
_WAITS = {
    Wait.LOCKED: Code.FILE_LOCKED,
    Wait.DRIVE_GONE: Code.DRIVE_GONE,
    Wait.ONLINE_ONLY: Code.ONLINE_ONLY,
}


def glimpse(path: Path) -> FileIdentity | None:
    """The identity of the file now, or None where it cannot be looked at: why not, the probe tells."""
    try:
        return _identity(opening.stat_of(path))
    except OSError:
        return None


class Source:
    """One file held open from the first to the last part, so that a rename or a delete does not tear the upload."""

    def __init__(self, path: Path) -> None:
        """Open for reading, sharing it with every other program; raises JobError or TransientError."""
        self._path = path
        try:
            self._fd = opening.open_shared(path)
        except OSError as exc:
            raise translated(exc, path) from exc
        self._lock = threading.Lock()

    def __enter__(self) -> "Source":
        """The open source."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give the file back; later reads raise."""
        with self._lock:
            if self._fd >= 0:
                os.close(self._fd)
            self._fd = -1

    def identity(self) -> FileIdentity:
        """The identity of the open file now."""
        try:
            return _identity(os.fstat(self._fd))
        except OSError as exc:
            raise translated(exc, self._path) from exc

    def read(self, span: Span) -> memoryview:
        """Exactly the bytes of the span; TransientError(FILE_CHANGED) where the file is shorter now."""
        try:
            data = self._read_at(span.offset, span.size)
        except OSError as exc:
            raise translated(exc, self._path) from exc
        if len(data) != span.size:
            raise TransientError(Code.FILE_CHANGED, f"{len(data)} of {span.size} bytes at {span.offset}")
        return memoryview(data)

    def _read_at(self, offset: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            data = os.pread(self._fd, size, offset)
            while 0 < len(data) < size and (more := os.pread(self._fd, size - len(data), offset + len(data))):
                data += more
            return data
        with self._lock:
            os.lseek(self._fd, offset, os.SEEK_SET)
            data = b""
            while len(data) < size and (more := os.read(self._fd, size - len(data))):
                data += more
            return data


def translated(exc: OSError, path: Path) -> JobError | TransientError:
    """Who has to act on a file that cannot be read; the probe and the upload see a disk's troubles alike."""
    trouble = opening.translated(exc, path)
    match trouble.code:
        case Refusal.NOT_FOUND if not path.parent.exists():
            facts = {**trouble.facts, "drive": opening.drive_of(path)}
            return TransientError(Code.DRIVE_GONE, str(exc), facts=facts)
        case Refusal():
            return JobError(_REFUSED.get(trouble.code, Code.FILE_UNREADABLE), str(exc), facts=trouble.facts)
        case Wait():
            return TransientError(_WAITS[trouble.code], str(exc), facts=trouble.facts)


def _identity(found: os.stat_result) -> FileIdentity:
    return FileIdentity(found.st_size, found.st_mtime_ns, found.st_dev, found.st_ino)
