"""How a file is looked at, opened and read: never blocking, shared with every program. Raises OSError.

Any thread; an OpenFile belongs to the thread that opened it.
"""

import os
import stat
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Protocol

# Windows' FILE_ATTRIBUTE_OFFLINE, _RECALL_ON_OPEN and _RECALL_ON_DATA_ACCESS; `stat` names only the first.
_RECALLED = 0x1000 | 0x40000 | 0x400000
# macOS' SF_DATALESS: the name is here, the bytes are in iCloud.
_DATALESS = 0x40000000

_LONG_WINDOWS_PATH = 248

_KINDS = {
    stat.S_IFDIR: "folder",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFREG: "",
}


@dataclass(frozen=True, slots=True)
class FileState:
    """What the file system tells of a file: `kind` is "" for an ordinary one; mtime in nanoseconds."""

    kind: str
    size: int
    mtime_ns: int
    online_only: bool


class OpenFile(Protocol):
    """An open file; every method may raise OSError."""

    def look(self) -> FileState:
        """The state of the open file now."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset: `length` of them, fewer only at the end of the file."""
        ...

    def close(self) -> None:
        """Give the file back."""
        ...


@dataclass(frozen=True, slots=True)
class FileSystem:
    """What the probe needs of the computer, so that tests can be another one. `now` is seconds since 1970."""

    look: Callable[[Path], FileState]
    open: Callable[[Path], OpenFile]
    now: Callable[[], float]
    pause: Callable[[float], None]


class StatResult(Protocol):
    """The part of a stat result that every system has."""

    @property
    def st_mode(self) -> int:
        """Kind and rights."""
        ...

    @property
    def st_size(self) -> int:
        """Bytes."""
        ...

    @property
    def st_mtime_ns(self) -> int:
        """Nanoseconds since 1970."""
        ...


def state_of(found: StatResult) -> FileState:
    """The state that a stat result tells on this system."""
    attributes: int = getattr(found, "st_file_attributes", 0)
    flags: int = getattr(found, "st_flags", 0)
    kind = _KINDS.get(stat.S_IFMT(found.st_mode), "device")
    return FileState(kind, found.st_size, found.st_mtime_ns, bool(attributes & _RECALLED or flags & _DATALESS))


def look_at(path: Path) -> FileState:
    """The state of the file that the path leads to; raises OSError."""
    return state_of(stat_of(path))


def is_online_only(path: Path) -> bool:
    """Whether reading the file makes a cloud's program fetch it first; False where it cannot be looked at."""
    try:
        return look_at(path).online_only
    except (OSError, ValueError):
        return False


def stat_of(path: Path) -> os.stat_result:
    """What the system tells of the file, however long its path is; raises OSError."""
    return path.stat() if sys.platform != "win32" else Path(long_path(str(path))).stat()


class DiskFile:
    """A file of this computer, open for reading."""

    def __init__(self, path: Path) -> None:
        """Open it, sharing it with every other program; raises OSError. A pipe does not block."""
        self._fd = open_shared(path)

    def look(self) -> FileState:
        """The state of the open file now."""
        return state_of(os.fstat(self._fd))

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset: `length` of them, fewer only at the end of the file."""
        return read_at(self._fd, offset, length)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._fd)


def read_at(fd: int, offset: int, length: int, lock: AbstractContextManager[object] | None = None) -> bytes:
    """The bytes at the offset: `length` of them, fewer only at the end; raises OSError.

    `lock` keeps threads that share the descriptor apart where the system has no positioned read (Windows).
    """
    if hasattr(os, "pread"):
        data = os.pread(fd, length, offset)
        while 0 < len(data) < length and (more := os.pread(fd, length - len(data), offset + len(data))):
            data += more
        return data
    with lock or nullcontext():
        os.lseek(fd, offset, os.SEEK_SET)
        data = os.read(fd, length)
        while 0 < len(data) < length and (more := os.read(fd, length - len(data))):
            data += more
        return data


def open_shared(path: Path) -> int:
    """A descriptor for reading, while others may go on to read, write, rename and delete; raises OSError."""
    if sys.platform == "win32":
        return _open_shared_on_windows(path)
    # O_NONBLOCK: opening a pipe must not wait for a writer; it changes nothing for an ordinary file.
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)


def long_path(path: str) -> str:
    r"""The path as Windows takes it when it is longer than MAX_PATH: with \\?\ or \\?\UNC\ in front."""
    if len(path) < _LONG_WINDOWS_PATH or path.startswith("\\\\?\\") or not PureWindowsPath(path).is_absolute():
        return path
    plain = str(PureWindowsPath(path))
    return "\\\\?\\UNC" + plain[1:] if plain.startswith("\\\\") else "\\\\?\\" + plain


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _GENERIC_READ = 0x80000000
    _SHARE_READ_WRITE_DELETE = 0x7
    _OPEN_EXISTING = 3
    _INVALID_HANDLE = wintypes.HANDLE(-1).value

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.CreateFileW.restype = wintypes.HANDLE
    _kernel32.CreateFileW.argtypes = (
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.HANDLE,
    )

    def _open_shared_on_windows(path: Path) -> int:
        # os.open lets others read and write, but not rename or delete: a sync client or an editor would be blocked.
        name = long_path(str(path))
        handle = _kernel32.CreateFileW(name, _GENERIC_READ, _SHARE_READ_WRITE_DELETE, None, _OPEN_EXISTING, 0, None)
        if handle == _INVALID_HANDLE:
            code = ctypes.get_last_error()
            raise OSError(0, ctypes.FormatError(code), str(path), code)
        return msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY | os.O_NOINHERIT)


FILE_SYSTEM = FileSystem(look=look_at, open=DiskFile, now=time.time, pause=time.sleep)
"""This computer."""
