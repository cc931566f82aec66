"""The open recording while it is sent: positioned reads and a watch on its identity. Shared by pool threads."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from callup_desktop.files import access
from callup_desktop.files.errors import FileChangedError, file_error
from callup_desktop.files.identity import FileIdentity, identity_in


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part lies in the file: `number` counts from 1, `offset` and `size` are bytes."""

    number: int
    offset: int
    size: int


class Source:
    """One file held open from the first to the last part, so that a rename or a delete does not tear the upload."""

    def __init__(self, path: Path) -> None:
        """Open for reading, sharing it with every other program; raises RefusedError or NotReadyError."""
        self._path = path
        try:
            self._fd = access.open_shared(path)
        except OSError as exc:
            raise file_error(exc, path) from exc
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
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
        """The identity of the open file now; raises RefusedError or NotReadyError."""
        try:
            return identity_in(os.fstat(self._fd))
        except OSError as exc:
            raise file_error(exc, self._path) from exc

    def read(self, span: Span) -> memoryview:
        """Exactly the bytes of the span.

        Raises RefusedError or NotReadyError, and FileChangedError where the file is shorter now.
        """
        try:
            data = access.read_at(self._fd, span.offset, span.size, self._lock)
        except OSError as exc:
            raise file_error(exc, self._path) from exc
        if len(data) != span.size:
            raise FileChangedError(f"{len(data)} of {span.size} bytes at {span.offset}")
        return memoryview(data)
