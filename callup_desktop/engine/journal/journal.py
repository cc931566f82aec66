"""The durable record of every job: SQLite, one file, one writer. Owned by the engine thread."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import MOVES, Job, State, Step, Trouble
from callup_desktop.engine.parts import Part
from callup_desktop.files.identity import FileIdentity
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Doubt, Doubtful, Recording

VERSION = 1

_STATES = ", ".join(f"'{state}'" for state in State)

_SCHEMA = f"""
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ({_STATES})),
    path BLOB NOT NULL,
    name TEXT NOT NULL,
    added_at TEXT NOT NULL,
    identity TEXT,
    recording TEXT,
    crc64nvme TEXT,
    size INTEGER,
    company_name TEXT NOT NULL DEFAULT '',
    contact_email TEXT NOT NULL DEFAULT '',
    call_type TEXT NOT NULL DEFAULT '',
    duplicate_of TEXT,
    accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1)),
    cancel_asked_at TEXT,
    submitted_at TEXT,
    bucket TEXT NOT NULL DEFAULT '',
    key TEXT NOT NULL DEFAULT '',
    part_size INTEGER NOT NULL DEFAULT 0 CHECK (part_size >= 0),
    checked_at TEXT,
    intent TEXT,
    upload_id TEXT,
    stored INTEGER NOT NULL DEFAULT 0 CHECK (stored >= 0),
    etag TEXT,
    checksum TEXT,
    uploaded_at TEXT,
    registered_at TEXT,
    announced_at TEXT,
    message_id TEXT,
    restarts INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    retry_at TEXT,
    trouble TEXT,
    CHECK (state IN ('draft', 'cancelled') OR (submitted_at IS NOT NULL AND key <> '' AND recording IS NOT NULL)),
    CHECK (state <> 'done' OR announced_at IS NOT NULL),
    CHECK (announced_at IS NULL OR registered_at IS NOT NULL),
    CHECK (registered_at IS NULL OR (etag IS NOT NULL AND uploaded_at IS NOT NULL)),
    CHECK (state <> 'cancelled' OR registered_at IS NULL)
) STRICT;
CREATE INDEX jobs_live ON jobs (added_at) WHERE state <> 'done';
CREATE INDEX jobs_sent ON jobs (announced_at) WHERE state = 'done';
CREATE INDEX jobs_content ON jobs (crc64nvme, size) WHERE state = 'done';
CREATE TABLE parts (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10000),
    size INTEGER NOT NULL CHECK (size > 0),
    etag TEXT NOT NULL,
    checksum TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""

_MIGRATIONS: Sequence[str] = (_SCHEMA,)
"""Step n brings `user_version` n to n + 1, each in one transaction."""

_MOMENTS = {
    "added_at",
    "duplicate_of",
    "cancel_asked_at",
    "submitted_at",
    "checked_at",
    "uploaded_at",
    "registered_at",
    "announced_at",
    "retry_at",
}


class JournalError(Exception):
    """Raised when the journal cannot be read or written; `code` says why: disk_full, read_only, busy, newer, broken."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code and SQLite's own words for the log."""
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class IllegalMoveError(ValueError):
    """Raised when a change would make a move that MOVES does not know: a bug of the caller."""


class Journal:
    """Jobs and their parts; every method is one transaction and returns only once it is on disk."""

    def __init__(self, connection: sqlite3.Connection, *, rebuilt: int | None = None) -> None:
        """Made by `open_journal`; `rebuilt` counts the jobs saved from a damaged file, None if it was whole."""
        self._db = connection
        self.rebuilt = rebuilt

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def recover(self) -> int:
        """What ran when the last process ended is queued again; how many calls that were."""
        with self._transaction():
            return self._db.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'").rowcount

    def live(self) -> tuple[Job, ...]:
        """Every job that is not sent, in the order they were added."""
        return self._jobs("SELECT * FROM jobs WHERE state <> 'done' ORDER BY added_at, rowid")

    def parts(self, job_id: str) -> tuple[Part, ...]:
        """The parts the store acknowledged, in order."""
        with self._errors():
            rows = self._db.execute(
                "SELECT number, size, etag, checksum FROM parts WHERE job_id = ? ORDER BY number", (job_id,)
            ).fetchall()
        return tuple(Part(*row) for row in rows)

    def add(self, job: Job) -> None:
        """Keep a new job."""
        row = _to_row(job)
        with self._transaction():
            self._insert(row)

    def change(self, job: Job, **facts: Any) -> Job:
        """The job with new facts, once they are on disk; raises IllegalMoveError for a move that MOVES refuses."""
        changed = replace(job, **facts)
        if changed.state is not job.state and changed.state not in MOVES[job.state]:
            raise IllegalMoveError(f"{job.state} to {changed.state}")
        with self._transaction():
            self._update(changed)
        return changed

    def store_part(self, job: Job, part: Part, **facts: Any) -> Job:
        """The job with one more acknowledged part; `stored` follows."""
        with self._transaction():
            self._keep_part(job.id, part)
            changed = replace(job, stored=self._stored(job.id), **facts)
            self._update(changed)
        return changed

    def replace_parts(self, job: Job, parts: Sequence[Part], **facts: Any) -> Job:
        """The job with exactly these parts, as the store holds them."""
        with self._transaction():
            self._db.execute("DELETE FROM parts WHERE job_id = ?", (job.id,))
            for part in parts:
                self._keep_part(job.id, part)
            changed = replace(job, stored=sum(part.size for part in parts), **facts)
            self._update(changed)
        return changed

    def remove(self, job_id: str) -> None:
        """Forget the job and its parts."""
        with self._transaction():
            self._db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    def sent_total(self, search: str = "") -> int:
        """How many sent calls match."""
        with self._errors():
            row = self._db.execute(f"SELECT count(*) FROM jobs WHERE {_SENT}", _like(search)).fetchone()  # noqa: S608 - a constant
        return int(row[0])

    def sent_page(self, offset: int, limit: int, search: str = "") -> tuple[Job, ...]:
        """One page of sent calls, newest first."""
        return self._jobs(
            f"SELECT * FROM jobs WHERE {_SENT} ORDER BY announced_at DESC LIMIT :limit OFFSET :offset",  # noqa: S608 - a constant
            {**_like(search), "limit": limit, "offset": offset},
        )

    def find(self, job_id: str) -> Job | None:
        """The job, sent or not."""
        found = self._jobs("SELECT * FROM jobs WHERE id = ?", (job_id,))
        return found[0] if found else None

    def sent_before(self, crc64nvme: str, size: int) -> datetime | None:
        """When this very recording was last sent from this computer."""
        with self._errors():
            row = self._db.execute(
                "SELECT max(announced_at) FROM jobs WHERE state = 'done' AND crc64nvme = ? AND size = ?",
                (crc64nvme, size),
            ).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    def past_details(self, limit: int) -> tuple[Details, ...]:
        """The details of past calls, newest first, each once: what the form completes from."""
        with self._errors():
            rows = self._db.execute(
                "SELECT company_name, contact_email, call_type FROM jobs WHERE submitted_at IS NOT NULL"
                " GROUP BY company_name, contact_email, call_type ORDER BY max(submitted_at) DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(Details(*row) for row in rows)

    def note(self, name: str, value: str) -> None:
        """Remember one value over restarts."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str | None:
        """The value remembered under the name."""
        with self._errors():
            row = self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _jobs(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> tuple[Job, ...]:
        with self._errors():
            cursor = self._db.execute(query, values)
            names = [column[0] for column in cursor.description]
            return tuple(_from_row(dict(zip(names, row, strict=True))) for row in cursor)

    def _insert(self, row: dict[str, object]) -> None:
        columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        self._db.execute(f"INSERT INTO jobs ({columns}) VALUES ({marks})", row)  # noqa: S608 - our own column names

    def _update(self, job: Job) -> None:
        row = _to_row(job)
        assignments = ", ".join(f"{name} = :{name}" for name in row if name != "id")
        self._db.execute(f"UPDATE jobs SET {assignments} WHERE id = :id", row)  # noqa: S608 - our own column names

    def _keep_part(self, job_id: str, part: Part) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)",
            (job_id, part.number, part.size, part.etag, part.checksum),
        )

    def _stored(self, job_id: str) -> int:
        row = self._db.execute("SELECT coalesce(sum(size), 0) FROM parts WHERE job_id = ?", (job_id,)).fetchone()
        return int(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.rollback()
                raise
            self._db.commit()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as exc:
            if self._db.in_transaction:
                self._db.rollback()
            raise _translated(exc) from exc


def open_journal(path: Path, now: datetime | None = None) -> Journal:
    """The journal at the path, made or brought to this version; raises JournalError.

    A file of a newer version is refused. A damaged one is set aside as `*.damaged-<time>` and what can be read of it
    is kept.
    """
    try:
        return Journal(_opened(path))
    except sqlite3.DatabaseError as exc:
        error = _translated(exc)
        if error.code != "broken":
            raise error from exc
    return _rebuilt(path, now or datetime.now(UTC))


def _opened(path: Path) -> sqlite3.Connection:
    fresh = not path.exists()
    db = sqlite3.connect(path, timeout=5.0, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise JournalError("newer", f"version {version}, this program knows {VERSION}")
        if not fresh and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check failed")
        _migrate(db, path, version)
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection, path: Path, version: int) -> None:
    for number in range(version, VERSION):
        if version > 0:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy2(path, path.with_name(f"{path.name}.v{number}"))
        db.executescript(f"BEGIN IMMEDIATE; {_MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


def _rebuilt(path: Path, now: datetime) -> Journal:
    damaged = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}")
    try:
        for suffix in ("-wal", "-shm", ""):
            source = path.with_name(path.name + suffix)
            if source.exists():
                source.replace(damaged.with_name(damaged.name + suffix))
        journal = Journal(_opened(path), rebuilt=0)
    except OSError as exc:
        raise JournalError("read_only", str(exc)) from exc
    except sqlite3.Error as exc:
        raise _translated(exc) from exc
    journal.rebuilt = _salvage(journal, damaged)
    return journal


def _salvage(journal: Journal, damaged: Path) -> int:
    """Copy each row that can still be read, job by job; returns how many. Lost parts are learnt again by ListParts."""
    saved = 0
    with sqlite3.connect(damaged, isolation_level=None) as old:
        for job, parts in _readable(old):
            try:
                journal.add(job)
                journal.replace_parts(job, parts)
                saved += 1
            except sqlite3.IntegrityError:
                continue
    old.close()
    return saved


def _readable(old: sqlite3.Connection) -> Iterator[tuple[Job, tuple[Part, ...]]]:
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
            job = _from_row(dict(zip(names, row, strict=True)))
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            continue
        yield job, _readable_parts(old, job.id)


def _readable_parts(old: sqlite3.Connection, job_id: str) -> tuple[Part, ...]:
    try:
        rows = old.execute("SELECT number, size, etag, checksum FROM parts WHERE job_id = ?", (job_id,)).fetchall()
    except sqlite3.Error:
        return ()
    return tuple(Part(*row) for row in rows)


_SENT = "state = 'done' AND (:like = '' OR name LIKE :like ESCAPE '!' OR company_name LIKE :like ESCAPE '!')"


def _like(search: str) -> dict[str, object]:
    if not search:
        return {"like": ""}
    escaped = search.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return {"like": f"%{escaped}%"}


def _translated(exc: sqlite3.Error) -> JournalError:
    code = getattr(exc, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    names = {
        sqlite3.SQLITE_FULL: "disk_full",
        sqlite3.SQLITE_READONLY: "read_only",
        sqlite3.SQLITE_CANTOPEN: "read_only",
        sqlite3.SQLITE_PERM: "read_only",
        sqlite3.SQLITE_BUSY: "busy",
        sqlite3.SQLITE_LOCKED: "busy",
        sqlite3.SQLITE_IOERR: "disk_full",
    }
    return JournalError(names.get(primary, "broken") if primary is not None else "broken", str(exc))


def _to_row(job: Job) -> dict[str, object]:
    row: dict[str, object] = {}
    for field in fields(job):
        value = getattr(job, field.name)
        match field.name:
            case "details":
                row.update(asdict(value))
            case "path":
                row.update(path=os.fsencode(value), name=_printable(value.name))
            case "recording":
                row.update(
                    recording=_json(value),
                    crc64nvme=value.crc64nvme if value else None,
                    size=value.size if value else None,
                )
            case "identity" | "trouble":
                row[field.name] = _json(value)
            case "accepted":
                row["accepted"] = int(value)
            case name if name in _MOMENTS:
                row[name] = value.isoformat() if value else None
            case name:
                row[name] = value
    return row


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _json(value: Any) -> str | None:
    if value is None:
        return None
    return json.dumps(asdict(value), default=lambda moment: moment.isoformat())


def _from_row(row: dict[str, Any]) -> Job:
    values: dict[str, Any] = {
        field.name: row[field.name] for field in fields(Job) if field.name in row and field.name not in _MOMENTS
    }
    values |= {name: datetime.fromisoformat(row[name]) if row[name] else None for name in _MOMENTS}
    values |= {
        "state": State(row["state"]),
        "path": Path(os.fsdecode(row["path"])),
        "identity": FileIdentity(**json.loads(row["identity"])) if row["identity"] else None,
        "recording": _recording(json.loads(row["recording"])) if row["recording"] else None,
        "details": Details(row["company_name"], row["contact_email"], row["call_type"]),
        "accepted": bool(row["accepted"]),
        "intent": Step(row["intent"]) if row["intent"] else None,
        "trouble": _trouble(json.loads(row["trouble"])) if row["trouble"] else None,
    }
    return Job(**values)


def _recording(values: dict[str, Any]) -> Recording:
    warnings = tuple(Doubtful(**{**warning, "doubt": Doubt(warning["doubt"])}) for warning in values["warnings"])
    return Recording(**{**values, "format": Format(values["format"]), "warnings": warnings})


def _trouble(values: dict[str, Any]) -> Trouble:
    return Trouble(**{**values, "at": datetime.fromisoformat(values["at"])})
