"""Sent calls as a table for spreadsheets. No Qt; any thread."""

import csv
import io
from collections.abc import Iterable, Mapping

from callup_desktop.engine.job import Job

COLUMNS = (
    *("call_id", "sent_at", "company_name", "contact_email", "call_type", "file", "duration_seconds", "size_bytes"),
    *("status", "stored_at", "message_id"),
)
"""The same in every language: other programs read them too."""
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What begins a formula in some spreadsheet; the last four are the wide forms of the first ones."""


def table_of(jobs: Iterable[Job], statuses: Mapping[str, str], *, delimiter: str) -> bytes:
    """The calls as CSV in UTF-8 with a mark that Excel needs; no cell is read as a formula.

    `statuses` are those of the registry as they were last seen; an empty cell where none was.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([plain(cell) for cell in _cells(job, statuses.get(job.id, ""))] for job in jobs)
    return text.getvalue().encode("utf-8-sig", "replace")


def plain(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would take it for a formula, and run it."""
    return f"'{cell}" if cell.lstrip(" \u00a0")[:1] in _FORMULA and cell else cell


def _cells(job: Job, status: str) -> tuple[str, ...]:
    recording = job.recording
    seconds = recording.duration_seconds if recording is not None else None
    return (
        job.id,
        job.announced_at.isoformat() if job.announced_at else "",
        job.details.company_name,
        job.details.contact_email,
        job.details.call_type,
        job.path.name,
        "" if seconds is None else str(round(seconds)),
        str(job.size),
        status,
        f"s3://{job.bucket}/{job.key}" if job.bucket else "",
        job.message_id or "",
    )
