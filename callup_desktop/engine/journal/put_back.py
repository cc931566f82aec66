"""Writes a journal's file again that somebody removed while it was open. Engine thread."""

import sqlite3
from contextlib import closing
from pathlib import Path

from callup_desktop.engine.errors import Code
from callup_desktop.engine.journal.errors import JournalError, journal_error


def files_of(path: Path) -> tuple[Path, ...]:
    """The files that hold the facts of the journal at the path: its own and its write-ahead log, as far as there."""
    return tuple(file for file in (path, path.with_name(f"{path.name}-wal")) if file.exists())


def put_back(db: sqlite3.Connection, path: Path) -> None:
    """Write what the open connection holds to the path; raises JournalError while that is not possible.

    POSIX keeps a removed file for those who have it open (unlink(2)); Windows removes no open file.
    """
    whole = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole.unlink(missing_ok=True)
        with closing(sqlite3.connect(whole)) as copy:
            db.backup(copy)
        whole.replace(path)
    except OSError as exc:
        raise JournalError(Code.JOURNAL_READ_ONLY, str(exc)) from exc
    except sqlite3.Error as exc:
        raise journal_error(exc) from exc
