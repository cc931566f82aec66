"""The open recording while it is sent: positioned reads and a watch on its identity. Shared by pool threads."""

import errno
import os
import threading
from pathlib import Path
from types import TracebackType

from callup_desktop.engine.errors import Code, JobError, TransientError
from callup_desktop.engine.job import FileIdentity
from callup_desktop.engine.parts import Span

_GONE_DRIVE = {errno.ENODEV, errno.ENXIO, errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN, errno.ETIMEDOUT}


def glimpse(path: Path) -> FileIdentity | None:
    """The identity of the file now, or None where it cannot be looked at: why not, the probe tells."""
    try:
        return _identity(path.stat())
    except OSError:
        return None


class Source:
    """One file held open from the first to the last part, so that a rename or a delete does not tear the upload."""

    def __init__(self, path: Path) -> None:
        """Open for reading, sharing it with every other program; raises JobError or TransientError."""
        self._path = path
        try:
            self._fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
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
    """Who has to act on a file that cannot be read."""
    facts = {"name": path.name, "folder": str(path.parent)}
    if exc.errno in _GONE_DRIVE or (exc.errno == errno.ENOENT and not path.parent.exists()):
        return TransientError(Code.DRIVE_GONE, str(exc), facts={**facts, "drive": path.anchor})
    if isinstance(exc, FileNotFoundError):
        return JobError(Code.FILE_MISSING, str(exc), facts=facts)
    # Windows answers a sharing violation (32) or a lock (33) while another program holds the file.
    if getattr(exc, "winerror", None) in {32, 33}:
        return TransientError(Code.FILE_LOCKED, str(exc), facts=facts)
    if isinstance(exc, PermissionError):
        return JobError(Code.FILE_UNREADABLE, str(exc), facts=facts)
    return JobError(Code.FILE_UNREADABLE, str(exc), facts=facts)


def _identity(found: os.stat_result) -> FileIdentity:
    return FileIdentity(found.st_size, found.st_mtime_ns, found.st_dev, found.st_ino)
