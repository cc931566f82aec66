"""Reads a small file, whatever lies in its place: a folder, a pipe, a device, gigabytes. Any thread."""

import errno
import os
import stat
from pathlib import Path

_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_small(path: Path, most: int = 1024 * 1024) -> bytes:
    """What the file holds; raises OSError, also where it is none (EINVAL), or has more than `most` bytes (EFBIG)."""
    # A pipe would not open before somebody writes to it, and a device never end.
    opened = os.open(path, os.O_RDONLY | _AT_ONCE)
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(errno.EINVAL, "is no file", str(path))
        with os.fdopen(opened, "rb", closefd=False) as file:
            content = file.read(most + 1)
    finally:
        os.close(opened)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content
