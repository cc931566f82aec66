"""The durable record of every job: SQLite, one file, one writer. Owned by the engine thread."""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

from callup_desktop.calls.metadata import Details
from callup_desktop.calls.search import SentOrder, words_of
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import MOVES, Job, JobFacts
from callup_desktop.engine.journal.errors import IllegalMoveError, JournalError, file_refused, journal_error
from callup_desktop.engine.journal.migrations import MIGRATIONS, VERSION
from callup_desktop.engine.journal.put_back import files_of, put_back
from callup_desktop.engine.journal.repair import readable_jobs
from callup_desktop.engine.journal.rows import file_row, from_row, to_row
from callup_desktop.engine.journal.whole import drop_mark, has_mark, keep_mark, mark_of
from callup_desktop.engine.parts import Part
from callup_desktop.files.watched import WatchedFile
from callup_desktop.recordings.recording import Recording

_WATCHING = "watching"
"""The note with the name of the watching whose files are known."""
_LATELY = 5_000
"""Sent calls whose details are looked at: to look at a hundred thousand takes longer than the rest of a start."""
_PAST_DETAILS = """
SELECT company_name, contact_email, call_type FROM (
    SELECT * FROM (
        SELECT company_name, contact_email, call_type, submitted_at FROM jobs
        WHERE state = 'done' ORDER BY announced_at DESC LIMIT ?
    )
    UNION ALL
    SELECT company_name, contact_email, call_type, submitted_at FROM jobs
    WHERE state <> 'done' AND submitted_at IS NOT NULL
) GROUP BY company_name, contact_email, call_type ORDER BY max(submitted_at) DESC LIMIT ?
"""


class Journal:
    """Jobs and their parts; every method is one transaction, and on disk once it returns.

    Those inside `together` are one transaction all together, and on disk once that ends.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, rebuilt: int | None = None) -> None:
        """Made by `open_journal`; `rebuilt` counts the jobs saved from a damaged file, None if it was whole."""
        self._db = connection
        self._path = path
        self._files = files_of(path)
        self._together = False
        self.rebuilt = rebuilt

    def close(self) -> None:
        """Give the file back; one without a mark that holds is looked through, so that the next start need not."""
        has_none = self._db.total_changes > 0 or not mark_of(self._path).exists()
        whole = has_none and self._is_whole()
        self._db.close()
        if whole:
            keep_mark(self._path)

    def _is_whole(self) -> bool:
        try:
            return _is_whole(self._db)
        except sqlite3.Error:
            return False

    @property
    def is_gone(self) -> bool:
        """Whether somebody removed the file; what it held can be read here until it is closed."""
        return not all(file.exists() for file in self._files)

    def put_back(self) -> None:
        """Write a file again that somebody removed; raises JournalError while that is not possible."""
        put_back(self._db, self._path)
        self._db.close()
        try:
            self._db = _opened(self._path)
        except sqlite3.DatabaseError as exc:
            raise journal_error(exc) from exc
        self._files = files_of(self._path)

    def recover(self) -> int:
        """What ran when the last process ended is queued again; how many calls that were."""
        with self._transaction():
            # The first condition names the index in which the sent calls are not.
            query = "UPDATE jobs SET state = 'queued' WHERE state <> 'done' AND state = 'running'"
            return self._db.execute(query).rowcount

    def live(self) -> tuple[Job, ...]:
        """Every job for which something is left to do, in the order they were added: sent ones after the others."""
        unsent = self._jobs("SELECT * FROM jobs WHERE state <> 'done' ORDER BY added_at, rowid")
        edited = self._jobs(
            "SELECT * FROM jobs WHERE state = 'done' AND edit_asked_at IS NOT NULL ORDER BY added_at, rowid"
        )
        return (*unsent, *edited)

    def parts(self, job_id: str) -> tuple[Part, ...]:
        """The parts the store acknowledged, in order."""
        with self._errors():
            rows = self._db.execute(
                "SELECT number, size, etag, checksum FROM parts WHERE job_id = ? ORDER BY number", (job_id,)
            ).fetchall()
        return tuple(Part(*row) for row in rows)

    def add(self, job: Job, file: WatchedFile | None = None, sound: Path | None = None) -> None:
        """Keep a new job, that its `file` in the watched folder is known, and which `sound` may come beside it."""
        row = to_row(job)
        with self._transaction():
            self._insert(row)
            if file is not None:
                self._keep_file(file, sound)

    def restore(self, job: Job, parts: Sequence[Part]) -> bool:
        """Keep a job that was read from a damaged file; whether it fits the tables."""
        try:
            self.add(job)
            self.replace_parts(job, parts)
        except sqlite3.IntegrityError:
            return False
        return True

    def change(self, job: Job, **facts: Unpack[JobFacts]) -> Job:
        """The job with new facts, once they are on disk; raises IllegalMoveError for a move that MOVES refuses."""
        changed = replace(job, **facts)
        if changed.state is not job.state and changed.state not in MOVES[job.state]:
            raise IllegalMoveError(f"{job.state} to {changed.state}")
        with self._statement():
            self._update(changed, facts)
        return changed

    def store_part(self, job: Job, part: Part, **facts: Unpack[JobFacts]) -> Job:
        """The job with one more acknowledged part; `stored` follows."""
        with self._transaction():
            self._keep_part(job.id, part)
            changed = replace(replace(job, **facts), stored=self._stored(job.id))
            self._update(changed, {*facts, "stored"})
        return changed

    def replace_parts(self, job: Job, parts: Sequence[Part], **facts: Unpack[JobFacts]) -> Job:
        """The job with exactly these parts, as the store holds them."""
        with self._transaction():
            self._db.execute("DELETE FROM parts WHERE job_id = ?", (job.id,))
            for part in parts:
                self._keep_part(job.id, part)
            changed = replace(replace(job, **facts), stored=sum(part.size for part in parts))
            self._update(changed, {*facts, "stored"})
        return changed

    def remove(self, job_id: str) -> None:
        """Forget the job and its parts; the content of one from the watched folder stays known."""
        with self._transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO watched_contents SELECT crc64nvme, size FROM jobs"
                " WHERE id = ? AND watched = 1 AND crc64nvme IS NOT NULL",
                (job_id,),
            )
            self._db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    def readdress_sent(self, destination: str) -> None:
        """Say of every sent call from before there were destinations that it went to this one."""
        with self._transaction():
            self._db.execute(
                "UPDATE jobs SET destination = ? WHERE destination = '' AND state = 'done'", (destination,)
            )

    def sent_total(self, search: str = "") -> int:
        """How many sent calls match."""
        with self._errors():
            found, values = _matching(search)
            row = self._db.execute(f"SELECT count(*) FROM jobs WHERE {found}", values).fetchone()  # noqa: S608 - constants
        return int(row[0])

    def sent_page(
        self, offset: int, limit: int, search: str = "", order: SentOrder = SentOrder.NEWEST
    ) -> tuple[Job, ...]:
        """One page of sent calls in this order."""
        found, values = _matching(search)
        # The pages before are walked over in the index alone.
        page = f"SELECT rowid FROM jobs WHERE {found} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?"  # noqa: S608 - constants
        return self._jobs(
            f"SELECT * FROM jobs WHERE rowid IN ({page}) ORDER BY {_ORDERS[order]}",  # noqa: S608 - constants
            (*values, limit, offset),
        )

    def find(self, job_id: str) -> Job | None:
        """The job, sent or not."""
        found = self._jobs("SELECT * FROM jobs WHERE id = ?", (job_id,))
        return found[0] if found else None

    def sent_before(self, crc64nvme: str, size: int) -> tuple[str, datetime] | None:
        """The id of the call by which this very recording was last sent from this computer, and its registration."""
        with self._errors():
            row = self._db.execute(
                "SELECT id, registered_at FROM jobs WHERE state = 'done' AND crc64nvme = ? AND size = ?"
                " ORDER BY registered_at DESC LIMIT 1",
                (crc64nvme, size),
            ).fetchone()
        return (row[0], datetime.fromisoformat(row[1])) if row else None

    def past_details(self, limit: int) -> tuple[Details, ...]:
        """The details of calls that the rep sent lately, newest first, each once: what the form completes from."""
        with self._errors():
            rows = self._db.execute(_PAST_DETAILS, (_LATELY, limit)).fetchall()
        return tuple(Details(*row) for row in rows)

    # --- the watched folder ---------------------------------------------------------------------------------------

    @property
    def watching(self) -> str | None:
        """The name of the watching whose files are known."""
        return self.noted(_WATCHING)

    def begin_watching(self, name: str, files: Sequence[WatchedFile]) -> None:
        """These files are known from now on, and the watching has this name."""
        with self._transaction():
            for file in files:
                self._keep_file(file)
            self._keep_note(_WATCHING, name)

    def note_file(self, file: WatchedFile, sound: Path | None = None) -> None:
        """The file is known from now on, and which `sound` may come beside it."""
        with self._transaction():
            self._keep_file(file, sound)

    def expects_sound(self, path: Path) -> bool:
        """Whether the sound at the path is that of a video that is known, and was not noted itself since."""
        with self._errors():
            query = "SELECT EXISTS (SELECT 1 FROM watched_sounds WHERE path = ?)"
            row = self._db.execute(query, (os.fsencode(path),)).fetchone()
        return bool(row[0])

    def knows_file(self, file: WatchedFile) -> bool:
        """Whether this file, as it is now, is known, under this or another name, or is that of a call."""
        same = " OR identity = :identity" if file.identity.inode else ""
        with self._errors():
            row = self._db.execute(
                "SELECT EXISTS (SELECT 1 FROM watched_files WHERE path = :path AND identity = :identity" + same + ")"  # noqa: S608 - constants
                " OR EXISTS (SELECT 1 FROM jobs WHERE path = :path AND identity = :identity)",
                file_row(file),
            ).fetchone()
        return bool(row[0])

    def knows_content(self, job_id: str, recording: Recording) -> bool:
        """Whether another job from the watched folder has, or had, this content."""
        content = {"crc64nvme": recording.crc64nvme, "size": recording.size, "id": job_id}
        with self._errors():
            row = self._db.execute(
                "SELECT EXISTS (SELECT 1 FROM watched_contents WHERE crc64nvme = :crc64nvme AND size = :size)"
                " OR EXISTS (SELECT 1 FROM jobs"
                " WHERE watched = 1 AND crc64nvme = :crc64nvme AND size = :size AND id <> :id)",
                content,
            ).fetchone()
        return bool(row[0])

    # --- transactions ---------------------------------------------------------------------------------------------

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what the block writes as one, on disk once it ends: one wait for the disk however much that is.

        Where the journal fails, all that the block wrote is as good as never written; any other error keeps what was
        written before it.
        """
        self._together = True
        try:
            yield
        finally:
            self._together = False
            with self._errors():
                if self._db.in_transaction:
                    self._db.commit()

    # --- notes ----------------------------------------------------------------------------------------------------

    def note(self, name: str, value: str) -> None:
        """Remember one value over restarts."""
        with self._statement():
            self._keep_note(name, value)

    def noted(self, name: str) -> str | None:
        """The value remembered under the name."""
        with self._errors():
            row = self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _jobs(self, query: str, values: Sequence[object] = ()) -> tuple[Job, ...]:
        with self._errors():
            cursor = self._db.execute(query, values)
            names = [column[0] for column in cursor.description]
            return tuple(from_row(dict(zip(names, row, strict=True))) for row in cursor)

    def _insert(self, row: dict[str, object]) -> None:
        columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        self._db.execute(f"INSERT INTO jobs ({columns}) VALUES ({marks})", row)  # noqa: S608 - our own column names

    def _update(self, job: Job, changed: Iterable[str]) -> None:
        """Write what was changed; the row has the rest, as it has had every fact of the job before."""
        row = to_row(job, changed)
        if row:
            assignments = ", ".join(f"{name} = :{name}" for name in row)
            self._db.execute(f"UPDATE jobs SET {assignments} WHERE id = :id", {**row, "id": job.id})  # noqa: S608 - our own column names

    def _keep_note(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def _keep_file(self, file: WatchedFile, sound: Path | None = None) -> None:
        row = file_row(file)
        self._db.execute("INSERT OR REPLACE INTO watched_files VALUES (:path, :identity)", row)
        self._db.execute("DELETE FROM watched_sounds WHERE path = ?", (row["path"],))
        if sound is not None:
            self._db.execute("INSERT OR IGNORE INTO watched_sounds VALUES (?)", (os.fsencode(sound),))

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
        """What the block writes is whole, and on disk once the block ends unless it stands inside `together`."""
        with self._statement():
            self._db.execute("SAVEPOINT fact")
            try:
                yield
            except BaseException:
                # SQLite may have taken all of it back by itself, as where the disk is full.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK TO fact")
                raise
            finally:
                if self._db.in_transaction:
                    self._db.execute("RELEASE fact")

    @contextmanager
    def _statement(self) -> Iterator[None]:
        """As `_transaction`, for one statement, which SQLite writes whole or not at all by itself."""
        if not self._together:
            with self.together(), self._statement():
                yield
            return
        with self._errors():
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as exc:
            if self._db.in_transaction:
                self._db.rollback()
            raise journal_error(exc) from exc


def open_journal(path: Path, now: datetime | None = None) -> Journal:
    """The journal at the path, made or brought to this version; raises JournalError.

    A file of a newer version is refused. A damaged one is set aside as `*.damaged-<time>` and what can be read of it
    is kept.
    """
    try:
        return Journal(_opened(path), path)
    except sqlite3.DatabaseError as exc:
        error = journal_error(exc)
        if error.code is not Code.JOURNAL_BROKEN:
            raise error from exc
    except OSError as exc:
        raise file_refused(exc) from exc
    return _rebuilt(path, now or datetime.now(UTC))


def _opened(path: Path) -> sqlite3.Connection:
    known_whole = not path.exists() or has_mark(path)
    if not known_whole:
        drop_mark(path)
    db = sqlite3.connect(path, timeout=5.0, isolation_level=None)
    # SQLite's own LIKE and lower() know the small letters of ASCII only, but are faster there.
    db.create_function("lowered", 1, str.lower, deterministic=True)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise JournalError(Code.JOURNAL_NEWER, f"version {version}, this program knows {VERSION}")
        if not known_whole and not _is_whole(db):
            raise sqlite3.DatabaseError("quick_check failed")
        _migrate(db, path, version)
    except BaseException:
        db.close()
        raise
    return db


def _is_whole(db: sqlite3.Connection) -> bool:
    """Whether SQLite finds nothing wrong; it reads all of the file for that."""
    return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


def _migrate(db: sqlite3.Connection, path: Path, version: int) -> None:
    for number in range(version, VERSION):
        if version > 0:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy2(path, path.with_name(f"{path.name}.v{number}"))
        db.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")


def _rebuilt(path: Path, now: datetime) -> Journal:
    damaged = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}")
    try:
        for suffix in ("-wal", "-shm", ""):
            source = path.with_name(path.name + suffix)
            if source.exists():
                source.replace(damaged.with_name(damaged.name + suffix))
        journal = Journal(_opened(path), path, rebuilt=0)
    except OSError as exc:
        raise file_refused(exc) from exc
    except sqlite3.Error as exc:
        raise journal_error(exc) from exc
    with closing(sqlite3.connect(damaged, isolation_level=None)) as old:
        try:
            journal.rebuilt = sum(journal.restore(job, parts) for job, parts in readable_jobs(old))
        except BaseException:
            journal.close()
            raise
    return journal


_TEXT = "name || char(10) || company_name || char(10) || contact_email || char(10) || call_type || char(10) || id"


# An index has each of them, so that a page costs the same however many calls there are.
_NEWEST = "announced_at DESC, rowid DESC"
_ORDERS = {
    SentOrder.NEWEST: _NEWEST,
    SentOrder.OLDEST: "announced_at, rowid",
    SentOrder.COMPANY: f"company_name COLLATE NOCASE, {_NEWEST}",
    SentOrder.CALL_TYPE: f"call_type COLLATE NOCASE, {_NEWEST}",
    SentOrder.NAME: f"name COLLATE NOCASE, {_NEWEST}",
    SentOrder.LARGEST: f"size DESC, {_NEWEST}",
}


def _matching(search: str) -> tuple[str, tuple[str, ...]]:
    """The condition of the sent calls that a search finds, as `calls.search` means it, and its values."""
    words = words_of(search)
    conditions = [f"{_TEXT} LIKE ? ESCAPE '!'" if word.isascii() else f"instr(lowered({_TEXT}), ?)" for word in words]
    return " AND ".join(("state = 'done'", *conditions)), tuple(
        f"%{_escaped(word)}%" if word.isascii() else word for word in words
    )


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
