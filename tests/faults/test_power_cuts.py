"""The power fails while the journal is written: at whatever write, it opens, whole, with all that was committed.

SQLite appends to the write-ahead log, flushes it at each commit, and copies pages to the database only from a log that
is flushed. So the files of any moment can be made of those before and after: a log that ends anywhere, its end torn or
never written, and a database of which only some pages were copied.
"""

import random
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from callup_desktop.engine.job import Job, State
from callup_desktop.engine.journal.journal import Journal, open_journal
from callup_desktop.engine.parts import Part
from tests.engine.test_journal import draft, queued

NAME = "journal.sqlite3"
_LOG_HEAD, _FRAME_HEAD = 32, 24
_SECTOR = 512

Params = tuple[tuple[Job, tuple[Part, ...]], ...]


def in_common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if one[:middle] == other[:middle] else (least, middle - 1)
    return least


def facts_in(journal: Journal) -> Params:
    return tuple((job, journal.parts(job.id)) for job in journal.live())


@dataclass
class Written:
    """A journal that is worked with: after each commit, how long the log was and what it held."""

    folder: Path
    journal: Journal
    commits: list[tuple[int, Params]]

    @property
    def log(self) -> bytes:
        return (self.folder / f"{NAME}-wal").read_bytes()

    @property
    def database(self) -> bytes:
        return (self.folder / NAME).read_bytes()

    def commit(self) -> None:
        self.commits.append((self._log_used(), facts_in(self.journal)))

    def held_by(self, log: bytes) -> Params:
        """What was committed once so much of the log was written as this one has in common with it."""
        length = in_common(self.log, log)
        return next(facts for used, facts in reversed(self.commits) if used <= length)

    def _log_used(self) -> int:
        """The end of the last frame of this round of the log; what is behind it is of an earlier one."""
        log = self.log
        if not log:
            return 0
        size, salt = struct.unpack_from(">I", log, 8)[0], log[16:24]
        at = _LOG_HEAD
        while at + _FRAME_HEAD <= len(log) and log[at + 8 : at + 16] == salt:
            at += _FRAME_HEAD + size
        return at


def some_work(written: Written, prefix: str) -> None:
    """All kinds of writes, one commit each."""
    journal = written.journal
    for number in range(4):
        job = queued(f"{prefix}-{number}")
        journal.add(job)
        written.commit()
        job = journal.change(job, state=State.RUNNING)
        written.commit()
        for part in range(1, 4):
            job = journal.store_part(job, Part(part, 100, f"etag-{part}", "x"))
            written.commit()
        job = journal.replace_parts(job, (Part(1, 100, "etag-1", "x"),))
        written.commit()
    journal.add(draft(f"{prefix}-gone"))
    written.commit()
    journal.remove(f"{prefix}-gone")
    written.commit()


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    folder = tmp_path / "home"
    folder.mkdir()
    journal = open_journal(folder / NAME)
    made = Written(folder, journal, [(0, ())])
    made.commit()
    yield made
    journal.close()


def opens_with(folder: Path, database: bytes, log: bytes, facts: Params) -> bool:
    """Whether a program that starts on these files finds the facts, in a file that SQLite itself finds whole."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / NAME).write_bytes(database)
    (folder / f"{NAME}-wal").write_bytes(log)
    journal = open_journal(folder / NAME)
    try:
        found, whole = facts_in(journal), journal.rebuilt is None
    finally:
        journal.close()
    with closing(sqlite3.connect(folder / NAME)) as db, db:
        (check,) = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    return whole and check == "ok" and found == facts


def ends_of(log: bytes, chance: random.Random) -> list[int]:
    """Where a log may end: at each frame, around it, and in the middle of it."""
    size = struct.unpack_from(">I", log, 8)[0]
    frames = range(_LOG_HEAD, len(log), _FRAME_HEAD + size)
    near = [frame + offset for frame in frames for offset in (-1, 0, 1, _FRAME_HEAD, chance.randrange(size))]
    return sorted({0, *range(0, _LOG_HEAD, 8), *(end for end in near if 0 <= end <= len(log)), len(log)})


def test_wherever_the_log_ends_everything_committed_until_then_is_there_and_nothing_by_half(
    written: Written, tmp_path: Path
) -> None:
    some_work(written, "first")
    log, chance = written.log, random.Random(1)
    ends = ends_of(log, chance)
    for end in ends:
        assert opens_with(tmp_path / "cut", written.database, log[:end], written.held_by(log[:end])), f"at byte {end}"
    assert len(ends) > 200


@pytest.mark.parametrize("torn", ["never written", "noise"])
def test_a_log_whose_end_was_torn_is_read_up_to_the_last_commit_before(
    written: Written, tmp_path: Path, torn: str
) -> None:
    """The file system had made the file longer, and some sectors of it had not reached the disk."""
    some_work(written, "first")
    log, chance = written.log, random.Random(2)
    for end in chance.sample(ends_of(log, chance), 60):
        lost = min(len(log) - end, _SECTOR * chance.randint(1, 12))
        rest = bytes(lost) if torn == "never written" else chance.randbytes(lost)
        assert opens_with(tmp_path / "cut", written.database, log[:end] + rest, written.held_by(log[:end] + rest)), end


def test_a_log_that_begins_again_over_an_older_one_mixes_nothing(written: Written, tmp_path: Path) -> None:
    some_work(written, "first")
    older = written.log
    checkpoint(written, "RESTART")
    written.commits = [(0, facts_in(written.journal))]
    some_work(written, "second")
    log, chance = written.log, random.Random(3)
    used = written.commits[-1][0]
    assert used < len(older), "the older log was overwritten to its end"
    for end in chance.sample([end for end in ends_of(log, chance) if end <= used], 80):
        mixed = log[:end] + older[end:]
        assert opens_with(tmp_path / "cut", written.database, mixed, written.held_by(mixed)), end


def test_a_database_of_which_only_some_pages_were_copied_loses_nothing(written: Written, tmp_path: Path) -> None:
    some_work(written, "first")
    before, log, facts = written.database, written.log, facts_in(written.journal)
    checkpoint(written, "PASSIVE")
    after, chance = written.database, random.Random(4)
    assert after != before
    size = struct.unpack_from(">I", log, 8)[0]
    for _ in range(60):
        pages = bytearray(before.ljust(len(after), b"\0"))
        for at in range(0, len(after), size):
            if chance.random() < 0.5:
                torn = chance.choice((size, _SECTOR * chance.randrange(1, size // _SECTOR)))
                pages[at : at + torn] = after[at : at + torn]
        assert opens_with(tmp_path / "cut", bytes(pages), log, facts)


def checkpoint(written: Written, mode: str) -> None:
    """What SQLite does by itself each thousand pages."""
    with closing(sqlite3.connect(written.folder / NAME)) as db, db:
        blocked, _, _ = db.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    db.close()
    assert not blocked
