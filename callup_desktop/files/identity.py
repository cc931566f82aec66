"""How to see that a file is the same one, or changed. Immutable values, any thread."""

import os
from dataclasses import dataclass
from pathlib import Path

from callup_desktop.files import access


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Size in bytes, mtime in nanoseconds, device and inode (0 where the system has none)."""

    size: int
    mtime_ns: int
    device: int
    inode: int


def identity_of(path: Path) -> FileIdentity | None:
    """The identity of the file now, or None where it cannot be looked at: why not, the probe tells."""
    try:
        return identity_in(access.stat_of(path))
    except (OSError, ValueError):
        return None


def identity_in(found: os.stat_result) -> FileIdentity:
    """The identity that a stat result tells."""
    return FileIdentity(found.st_size, found.st_mtime_ns, found.st_dev, found.st_ino)
