"""What the journal's file may refuse, translated once. Any thread."""

import errno
import sqlite3

from callup_desktop.engine.errors import Code


class JournalError(Exception):
    """Raised when the journal cannot be read or written; `code` is one of the JOURNAL codes, `detail` is SQLite's."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class IllegalMoveError(ValueError):
    """Raised when a change would make a move that MOVES does not know: a bug of the caller."""


_CODES = {
    sqlite3.SQLITE_FULL: Code.JOURNAL_DISK_FULL,
    sqlite3.SQLITE_IOERR: Code.JOURNAL_DISK_FULL,
    sqlite3.SQLITE_READONLY: Code.JOURNAL_READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Code.JOURNAL_READ_ONLY,
    sqlite3.SQLITE_PERM: Code.JOURNAL_READ_ONLY,
    sqlite3.SQLITE_BUSY: Code.JOURNAL_BUSY,
    sqlite3.SQLITE_LOCKED: Code.JOURNAL_BUSY,
}


def journal_error(exc: sqlite3.Error) -> JournalError:
    """What SQLite's refusal means, by its primary result code."""
    extended = getattr(exc, "sqlite_errorcode", None)
    code = Code.JOURNAL_BROKEN if extended is None else _CODES.get(extended & 0xFF, Code.JOURNAL_BROKEN)
    return JournalError(code, str(exc))


def file_refused(exc: OSError) -> JournalError:
    """What the system's refusal of the journal's file, or of a copy of it, means."""
    full = exc.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return JournalError(Code.JOURNAL_DISK_FULL if full else Code.JOURNAL_READ_ONLY, str(exc))
