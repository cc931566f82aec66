"""Files that are replaced whole or not at all, readable by this user only. Any thread; one writer a process."""

import os
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at once, on disk before it counts; raises OSError, and the old file is still whole then.

    Of several processes that do so at once, the last one counts.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)  # noqa: PTH105 - atomic on every system
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
