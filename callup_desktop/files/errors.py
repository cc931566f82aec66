"""Why a file cannot be read, sorted by who has to act; the border between the operating system and us. Any thread."""

import errno
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

Params = Mapping[str, str | int | float]
"""What a sentence is filled in with: `name`, `folder`, `drive`, `kind`, `size`, `limit`, ..."""


class Refusal(StrEnum):
    """Why a file is not taken."""

    UNSUPPORTED = "unsupported_type"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    CORRUPT = "corrupt"
    VIDEO = "video"
    PROTECTED = "protected"
    WEB_PAGE = "web_page"
    NOT_FOUND = "not_found"
    NO_PERMISSION = "no_permission"
    NOT_A_FILE = "not_a_file"
    LINK_LOOP = "link_loop"
    UNREADABLE = "unreadable"


class Wait(StrEnum):
    """Why a file is not ready yet, though it may be soon."""

    UNFINISHED = "unfinished"
    LOCKED = "locked"
    ONLINE_ONLY = "online_only"
    DRIVE_GONE = "drive_gone"


class RefusedError(Exception):
    """Raised when a file can never be sent as it is; `params` fill its sentence."""

    def __init__(self, code: Refusal, params: Params | None = None) -> None:
        """Keep the code and the params."""
        super().__init__(code)
        self.code = code
        self.params: Params = params or {}


class NotReadyError(Exception):
    """Raised when a file may be taken later by itself (a recorder writes, another program locks it)."""

    def __init__(self, code: Wait, params: Params | None = None) -> None:
        """Keep the code and the params."""
        super().__init__(code)
        self.code = code
        self.params: Params = params or {}


class FileChangedError(Exception):
    """Raised when a file that is being sent is not the one that was checked any more."""


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


def file_error(exc: OSError, path: Path) -> RefusedError | NotReadyError:
    """What the system's refusal to look at, open or read the file means, by who has to act."""
    params: Params = {"name": path.name, "folder": str(path.parent)}
    windows: int = getattr(exc, "winerror", None) or 0
    if windows in _WINDOWS_LOCKED or exc.errno in _LOCKED:
        return NotReadyError(Wait.LOCKED, params)
    # macOS answers EDEADLK where it may not fetch a dataless file.
    if windows in _WINDOWS_CLOUD or exc.errno == errno.EDEADLK:
        return NotReadyError(Wait.ONLINE_ONLY, params)
    if windows in _WINDOWS_GONE or exc.errno in _GONE or _drive_missing(exc, path):
        return NotReadyError(Wait.DRIVE_GONE, {**params, "drive": drive_of(path)})
    return RefusedError(_refusal(exc, windows), params)


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
