"""The mark beside a journal that was looked through as it was closed: a start that finds it need not. Engine thread.

It holds for these very bytes: a file that anything changed since, or that was not closed, has none.
"""

import zlib
from contextlib import suppress
from pathlib import Path

_PIECE = 1024 * 1024


def keep_mark(path: Path) -> None:
    """Say of the closed journal at the path that it is whole; where that cannot be written it is looked through."""
    with suppress(OSError):
        mark_of(path).write_text(_content(path))


def has_mark(path: Path) -> bool:
    """Whether the journal at the path is, byte for byte, one that was whole when it was closed."""
    try:
        # Ended by force, or by a power cut: the log holds what belongs into the file.
        if path.with_name(f"{path.name}-wal").exists():
            return False
        return mark_of(path).read_text(errors="replace") == _content(path)
    except OSError:
        return False


def drop_mark(path: Path) -> None:
    """Take back what was said of the journal at the path; one that cannot be removed holds for other bytes only."""
    with suppress(OSError):
        mark_of(path).unlink(missing_ok=True)


def mark_of(path: Path) -> Path:
    """Where the mark of the journal at the path lies."""
    return path.with_name(f"{path.name}.whole")


def _content(path: Path) -> str:
    size, checksum, piece = 0, 0, memoryview(bytearray(_PIECE))
    with path.open("rb", buffering=0) as file:
        while read := file.readinto(piece):
            size, checksum = size + read, zlib.crc32(piece[:read], checksum)
    return f"{size} {checksum:08x}\n"
