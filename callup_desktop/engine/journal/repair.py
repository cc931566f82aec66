"""What can still be read of a damaged journal. Engine thread."""

import sqlite3
from collections.abc import Iterator

from callup_desktop.engine.job import Job
from callup_desktop.engine.journal.rows import from_row
from callup_desktop.engine.parts import Part


def readable_jobs(old: sqlite3.Connection) -> Iterator[tuple[Job, tuple[Part, ...]]]:
    """Each job that can be read, row by row, with its parts; lost parts are learnt again by ListParts."""
    try:
        last = old.execute("SELECT max(rowid) FROM jobs").fetchone()[0] or 0
    except sqlite3.Error:
        last = 0
    for rowid in range(1, last + 1):
        try:
            cursor = old.execute("SELECT * FROM jobs WHERE rowid = ?", (rowid,))
            names = [column[0] for column in cursor.description]
            row = cursor.fetchone()
            if row is None:
                continue
            job = from_row(dict(zip(names, row, strict=True)))
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            continue
        yield job, _readable_parts(old, job.id)


def _readable_parts(old: sqlite3.Connection, job_id: str) -> tuple[Part, ...]:
    try:
        rows = old.execute("SELECT number, size, etag, checksum FROM parts WHERE job_id = ?", (job_id,)).fetchall()
    except sqlite3.Error:
        return ()
    return tuple(Part(*row) for row in rows)
