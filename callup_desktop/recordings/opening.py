"""How a file is looked at and opened: never blocking, shared with every program, errors sorted by who has to act.

Any thread; an OpenFile belongs to the thread that opened it.
"""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Protocol

from callup_desktop.recordings.recording import Facts, NotReadyError, Refusal, RefusedError, Wait

# Windows' FILE_ATTRIBUTE_OFFLINE, _RECALL_ON_OPEN and _RECALL_ON_DATA_ACCESS; `stat` names only the first.
_RECALLED = 0x1000 | 0x40000 | 0x400000
# macOS' SF_DATALESS: the name is here, the bytes are in iCloud.
_DATALESS = 0x40000000

_GONE = {
    errno.ENODEV,
    errno.ENXIO,
    errno.ESTALE,
    errno.ENOTCONN,
    errno.EHOSTDOWN,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.ENETUNREACH,
    errno.ECONNRESET,
    errno.ECONNABORTED,
    errno.ETIMEDOUT,
}
_LOCKED = {errno.EBUSY, errno.ETXTBSY, errno.EAGAIN}
# What Windows answers for a drive or a share that went away (winerror.h: NOT_READY, BAD_NETPATH, NETNAME_DELETED, ...).
_WINDOWS_GONE = {21, 53, 55, 59, 64, 67, 121, 433, 1167, 1222, 1231, 1232, 1236, 1256, 2404}
_WINDOWS_LOCKED = {32, 33}
_WINDOWS_LOOP = 1921
# ERROR_CLOUD_FILE_*: provider not running, authentication failed, network unavailable, unsuccessful, ...
_WINDOWS_CLOUD = {362, 386, 388, 389, 395, 398, 404, 426}
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
class Machine:
    """What the probe needs of the computer, so that tests can be another one. `now` is seconds since 1970."""

    look: Callable[[Path], FileState]
    open: Callable[[Path], OpenFile]
    now: Callable[[], float]
    pause: Callable[[float], None]


class Found(Protocol):
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


def state_of(found: Found) -> FileState:
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
        os.lseek(self._fd, offset, os.SEEK_SET)
        data = os.read(self._fd, length)
        while 0 < len(data) < length and (more := os.read(self._fd, length - len(data))):
            data += more
        return data

    def close(self) -> None:
        """Give the file back."""
        os.close(self._fd)


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


MACHINE = Machine(look=look_at, open=DiskFile, now=time.time, pause=time.sleep)
"""This computer."""


def translated(exc: OSError, path: Path) -> RefusedError | NotReadyError:
    """Who has to act on a file that cannot be looked at, opened or read."""
    facts: Facts = {"name": path.name, "folder": str(path.parent)}
    windows: int = getattr(exc, "winerror", None) or 0
    if windows in _WINDOWS_LOCKED or exc.errno in _LOCKED:
        return NotReadyError(Wait.LOCKED, facts)
    # macOS answers EDEADLK where it may not fetch a dataless file.
    if windows in _WINDOWS_CLOUD or exc.errno == errno.EDEADLK:
        return NotReadyError(Wait.ONLINE_ONLY, facts)
    if windows in _WINDOWS_GONE or exc.errno in _GONE or _drive_missing(exc, path):
        return NotReadyError(Wait.DRIVE_GONE, {**facts, "drive": drive_of(path)})
    return RefusedError(_refusal(exc, windows), facts)


def _refusal(exc: OSError, windows: int) -> Refusal:
    if windows == _WINDOWS_LOOP or exc.errno == errno.ELOOP:
        return Refusal.LINK_LOOP
    if isinstance(exc, FileNotFoundError | NotADirectoryError):
        return Refusal.NOT_FOUND
    if isinstance(exc, PermissionError):
        return Refusal.NO_PERMISSION
    return Refusal.UNREADABLE


def _drive_missing(exc: OSError, path: Path) -> bool:
    """Whether the drive is gone: a bad sector (EIO) and a missing file look the same until the drive is asked."""
    if exc.errno not in {errno.EIO, errno.ENOENT, errno.ENOTDIR}:
        return False
    place = Path(drive_of(path)) if exc.errno != errno.EIO else path
    try:
        place.stat()
    except OSError:
        return True
    return False


def drive_of(path: Path) -> str:
    """The drive, share or mounted volume that the path lies on: `S:\\`, `/Volumes/Calls`, else the root."""
    parts = path.parts
    for mounts, depth in ((("/", "Volumes"), 3), (("/", "media"), 4), (("/", "run", "media"), 5)):
        if parts[: len(mounts)] == mounts and len(parts) > depth:
            return str(Path(*parts[:depth]))
    return path.anchor or "."
