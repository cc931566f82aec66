"""The journal on disk: what it refuses, what survives, what it makes of a damaged file."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import MOVES, Job, JobFacts, State, Step, Trouble
from callup_desktop.engine.journal.errors import IllegalMoveError, JournalError
from callup_desktop.engine.journal.journal import Journal, open_journal
from callup_desktop.engine.journal.migrations import MIGRATIONS
from callup_desktop.engine.journal.rows import to_row
from callup_desktop.engine.journal.whole import has_mark, keep_mark
from callup_desktop.engine.parts import Part
from callup_desktop.files.identity import FileIdentity
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Doubt, Doubtful, Recording

NOW = datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)
RECORDING = Recording(
    Format.WAV, 1000, 12.5, 2, 48000, 1536000, (Doubtful(Doubt.TRUNCATED, 12.5, 30.0),), "crc64nvme==", "crc32="
)


def draft(job_id: str = "one", **facts: Any) -> Job:
    job = Job(
        id=job_id,
        state=State.DRAFT,
        path=Path("calls") / f"{job_id}.wav",
        added_at=NOW,
        identity=FileIdentity(1000, 17, 3, 4),
        recording=RECORDING,
        details=Details("Acme", "john@acme.com", "demo"),
    )
    return replace(job, **facts)


def queued(job_id: str = "one") -> Job:
    return draft(job_id, state=State.QUEUED, submitted_at=NOW, bucket="bucket", key=f"2026/11/20/{job_id}.wav")


def sent(journal: Journal, job_id: str, at: datetime) -> Job:
    journal.add(queued(job_id))
    job = journal.change(queued(job_id), state=State.RUNNING, etag="etag", uploaded_at=at)
    return journal.change(job, state=State.DONE, registered_at=at, announced_at=at, message_id="m")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def test_every_fact_survives_a_restart(path: Path) -> None:
    journal = open_journal(path)
    job = draft(trouble=Trouble("offline", NOW, "detail", {"size": 7}), duplicate_of=NOW, retry_at=NOW)
    journal.add(job)
    edited = replace(queued("two"), edit_asked_at=NOW, registered_details=Details("Acme", "john@acme.com", "sales"))
    journal.add(edited)
    journal.close()
    again = open_journal(path)
    assert again.live() == (job, edited)
    again.close()


def test_the_checksums_of_pieces_are_kept_in_no_journal(path: Path) -> None:
    journal = open_journal(path)
    journal.add(draft(recording=replace(RECORDING, piece_crc64nvmes=b"12345678")))

    (kept,) = journal.live()

    assert kept.recording is not None
    assert (kept.recording, kept.recording.piece_crc64nvmes) == (RECORDING, b"")
    journal.close()


def test_each_fact_is_written_by_itself_and_leaves_the_others_alone(path: Path) -> None:
    """A change writes the columns of what it names, so each name must know its columns."""
    other: JobFacts = {
        "path": Path("calls") / "moved.wav",
        "identity": FileIdentity(2000, 18, 5, 6),
        "recording": replace(RECORDING, size=2000, crc64nvme="other=="),
        "details": Details("Beta", "ann@beta.com", "sales"),
        "destination": "there",
        "accepted": True,
        "send_again": True,
        "registered_details": Details("Acme", "john@acme.com", "sales"),
        "submitted_at": NOW,
        "bucket": "other",
        "key": "2026/11/20/other.wav",
        "part_size": 5,
        "intent": Step.PUT,
        "upload_id": "upload",
        "stored": 7,
        "etag": "etag",
        "version_id": "version",
        "checksum": "CRC64NVME:other==",
        "message_id": "message",
        "restarts": 1,
        "attempts": 2,
        "trouble": Trouble("offline", NOW, "detail", {"size": 7}),
    }
    first = ("uploaded_at", "registered_at", "announced_at", "edit_asked_at")
    moments = (*first, *(name for name in JobFacts.__annotations__ if name.endswith("_at")), "duplicate_of")
    facts: dict[str, Any] = {**other, **dict.fromkeys(moments, NOW)}
    journal = open_journal(path)
    journal.add(job := draft())

    assert {*facts, "state"} == set(JobFacts.__annotations__)
    for name, value in facts.items():
        changed = journal.change(job, **cast(JobFacts, {name: value}))
        assert changed != job, name
        assert journal.find(job.id) == changed, name
        job = changed
    journal.close()


def test_a_file_name_that_is_not_unicode_is_found_again(path: Path) -> None:
    journal = open_journal(path)
    odd = draft(path=Path("calls") / "caf\udce9.wav")
    journal.add(odd)
    assert journal.live() == (odd,)
    journal.close()


@given(st.sampled_from(list(State)), st.sampled_from(list(State)))
def test_only_the_moves_in_the_table_are_made(before: State, after: State) -> None:
    journal = Journal(_memory(), Path(":memory:"))
    facts: dict[str, Any] = {"submitted_at": NOW, "bucket": "b", "key": "k", "etag": "e", "uploaded_at": NOW}
    if State.DONE in {before, after}:
        facts |= {"registered_at": NOW, "announced_at": NOW}
    job = draft(state=before, **facts)
    if State.CANCELLED in {before, after} and State.DONE in {before, after}:
        journal.close()
        return
    journal.add(job)
    if after is before or after in MOVES[before]:
        assert journal.change(job, state=after).state is after
    else:
        with pytest.raises(IllegalMoveError):
            journal.change(job, state=after)
        assert journal.find(job.id) == job
    journal.close()


def _memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for step in MIGRATIONS:
        connection.executescript(step)
    return connection


def test_the_disk_itself_refuses_a_sent_call_without_its_facts(path: Path) -> None:
    journal = open_journal(path)
    job = queued()
    journal.add(job)
    running = journal.change(job, state=State.RUNNING)
    with pytest.raises(sqlite3.IntegrityError):
        journal.change(running, state=State.DONE)
    assert journal.find(job.id) == running
    journal.close()


def test_what_ran_when_the_process_ended_is_queued_again(path: Path) -> None:
    journal = open_journal(path)
    journal.add(queued())
    journal.change(queued(), state=State.RUNNING)
    journal.close()
    journal = open_journal(path)
    journal.recover()
    assert [job.state for job in journal.live()] == [State.QUEUED]
    journal.close()


def test_parts_are_kept_replaced_and_summed(path: Path) -> None:
    journal = open_journal(path)
    job = queued()
    journal.add(job)
    job = journal.store_part(job, Part(2, 500, "b", "y"))
    job = journal.store_part(job, Part(1, 400, "a", "x"))
    assert job.stored == 900
    assert [part.number for part in journal.parts(job.id)] == [1, 2]
    job = journal.replace_parts(job, (Part(1, 400, "a", "x"),))
    assert (job.stored, len(journal.parts(job.id))) == (400, 1)
    journal.remove(job.id)
    assert journal.parts(job.id) == ()
    journal.close()


def test_sent_calls_page_newest_first_and_are_searched(path: Path) -> None:
    journal = open_journal(path)
    for number in range(7):
        sent(journal, f"call-{number}", NOW + timedelta(minutes=number))
    assert [job.id for job in journal.sent_page(2, 3)] == ["call-4", "call-3", "call-2"]
    assert journal.sent_total() == 7
    assert [job.id for job in journal.sent_page(0, 10, "CALL-5")] == ["call-5"]
    assert journal.sent_total("100%") == 0
    assert journal.live() == ()
    journal.close()


def test_a_sent_call_whose_edit_waits_is_live_after_the_others_and_sent_as_before(path: Path) -> None:
    journal = open_journal(path)
    job = sent(journal, "one", NOW)
    sent(journal, "two", NOW)
    waiting = journal.change(job, edit_asked_at=NOW, registered_details=job.details)
    journal.add(draft("three"))
    assert [live.id for live in journal.live()] == ["three", "one"]
    assert journal.sent_total() == 2
    journal.change(waiting, edit_asked_at=None, edited_at=NOW, registered_details=None)
    assert [live.id for live in journal.live()] == ["three"]
    journal.close()


def test_a_recording_sent_before_is_recognised_by_its_content(path: Path) -> None:
    journal = open_journal(path)
    sent(journal, "one", NOW)
    assert journal.sent_before(RECORDING.crc64nvme, RECORDING.size) == ("one", NOW)
    assert journal.sent_before("other", RECORDING.size) is None
    journal.close()


def test_a_journal_of_version_two_says_of_a_draft_only_that_it_was_sent_where_it_was(path: Path) -> None:
    only_listed = replace(RECORDING, crc64nvme="listed==")
    jobs = (
        replace(queued("sent"), state=State.DONE, etag="e", uploaded_at=NOW, registered_at=NOW, announced_at=NOW),
        draft("again", duplicate_of=NOW - timedelta(days=1)),
        draft("first", recording=only_listed),
        draft("second", recording=only_listed, duplicate_of=NOW),
    )
    with closing(sqlite3.connect(path)) as db, db:
        for step in MIGRATIONS[:2]:
            db.executescript(step)
        db.execute("PRAGMA user_version = 2")
        columns = [row[1] for row in db.execute("PRAGMA table_info(jobs)")]
        for job in jobs:
            row = {name: value for name, value in to_row(job).items() if name in columns}
            places = ", ".join(f":{name}" for name in row)
            db.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({places})", row)  # noqa: S608 - our own names
    db.close()

    journal = open_journal(path)

    assert {job.id: job.duplicate_of for job in journal.live()} == {"again": NOW, "first": None, "second": None}
    journal.close()


def test_a_journal_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    open_journal(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    with pytest.raises(JournalError) as raised:
        open_journal(path)
    assert raised.value.code is Code.JOURNAL_NEWER
    assert path.read_bytes() == before


def test_a_damaged_journal_is_set_aside_and_what_can_be_read_is_kept(path: Path) -> None:
    journal = open_journal(path)
    for number in range(200):
        journal.add(queued(f"call-{number}"))
    journal.close()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    rebuilt = open_journal(path, NOW)
    assert rebuilt.rebuilt is not None
    assert 0 < rebuilt.rebuilt < 200
    assert len(rebuilt.live()) == rebuilt.rebuilt
    assert path.with_name(f"{path.name}.damaged-20261120T100000").exists()
    rebuilt.close()
    healed = open_journal(path)
    assert healed.rebuilt is None
    healed.close()


def test_a_journal_closed_in_good_order_is_known_to_be_whole_until_a_byte_of_it_changes(path: Path) -> None:
    journal = open_journal(path)
    for number in range(50):
        journal.add(queued(f"call-{number}"))
    assert not has_mark(path)
    journal.close()
    assert has_mark(path)

    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert not has_mark(path)


def test_a_journal_that_is_known_to_be_whole_is_not_looked_through_at_the_start(path: Path) -> None:
    journal = open_journal(path)
    for number in range(200):
        journal.add(queued(f"call-{number}"))
    journal.close()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    # A lie, which only one who looks finds out.
    keep_mark(path)

    opened = open_journal(path, NOW)

    assert opened.rebuilt is None
    opened.close()


def test_a_journal_that_was_not_closed_is_looked_through_whatever_was_said_of_it_before(
    path: Path, tmp_path: Path
) -> None:
    open_journal(path).close()
    journal = open_journal(path)
    for number in range(200):
        journal.add(queued(f"call-{number}"))
    journal.close()
    again = open_journal(path)
    again.add(queued("after"))
    left = tmp_path / "left"
    left.mkdir()
    for file in path.parent.glob(f"{path.name}*"):
        shutil.copy(file, left / file.name)
    again.close()

    assert (left / f"{path.name}.whole").exists()
    assert not has_mark(left / path.name)
    taken_up = open_journal(left / path.name, NOW)
    assert taken_up.rebuilt is None
    assert taken_up.find("after") is not None
    taken_up.close()
    assert has_mark(left / path.name)


def test_a_journal_that_is_damaged_while_it_is_open_gets_no_mark_at_its_end(path: Path) -> None:
    journal = open_journal(path)
    for number in range(200):
        journal.add(queued(f"call-{number}"))
    journal.close()
    journal = open_journal(path)
    # As another program may.
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 4096)
    journal.note("one", "more")
    journal.close()

    assert not has_mark(path)
    rebuilt = open_journal(path, NOW)
    assert rebuilt.rebuilt is not None
    rebuilt.close()


@pytest.mark.parametrize("said", [b"", b"\xff\xfe", b"12 0"])
def test_a_mark_that_a_power_cut_left_by_half_is_none(path: Path, said: bytes) -> None:
    journal = open_journal(path)
    journal.add(queued("one"))
    journal.close()
    path.with_name(f"{path.name}.whole").write_bytes(said)

    assert not has_mark(path)
    open_journal(path).close()


@pytest.mark.slow
def test_a_damaged_journal_of_an_earlier_version_keeps_what_can_be_read_too(path: Path) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    for number, step in enumerate(MIGRATIONS[:2]):
        db.executescript(f"{step} PRAGMA user_version = {number + 1};")
    earlier = [name for _cid, name, *_rest in db.execute("PRAGMA table_info(jobs)")]
    for number in range(200):
        row = {name: value for name, value in to_row(queued(f"call-{number}")).items() if name in earlier}
        marks = ", ".join(f":{name}" for name in row)
        db.execute(f"INSERT INTO jobs ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - our own column names
    db.close()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(data)

    rebuilt = open_journal(path, NOW)

    assert rebuilt.rebuilt is not None
    assert 0 < rebuilt.rebuilt < 200
    rebuilt.close()


def test_a_file_that_is_no_database_starts_a_new_journal_and_is_kept(path: Path) -> None:
    path.write_bytes(b"this is a text" * 1000)
    journal = open_journal(path, NOW)
    assert journal.rebuilt == 0
    assert path.with_name(f"{path.name}.damaged-20261120T100000").read_bytes().startswith(b"this is a text")
    journal.close()


def test_a_home_that_cannot_be_written_is_told_by_code(tmp_path: Path) -> None:
    with pytest.raises(JournalError) as raised:
        open_journal(tmp_path / "missing" / "journal.sqlite3")
    assert raised.value.code is Code.JOURNAL_READ_ONLY


def test_a_copy_of_the_files_at_any_commit_opens_and_is_consistent(path: Path, tmp_path: Path) -> None:
    journal = open_journal(path)
    for number in range(30):
        job = queued(f"call-{number}")
        journal.add(job)
        journal.store_part(job, Part(1, 100, "a", "x"))
        copies = tmp_path / f"cut-{number}"
        copies.mkdir()
        for file in path.parent.glob("journal.sqlite3*"):
            if file.is_file():
                shutil.copy(file, copies / file.name)
        cut = open_journal(copies / path.name)
        assert cut.rebuilt is None
        assert len(cut.live()) == number + 1
        assert cut.parts(job.id) == (Part(1, 100, "a", "x"),)
        cut.close()
    journal.close()


def test_what_is_written_together_is_on_disk_as_a_whole_or_not_at_all(path: Path) -> None:
    journal = open_journal(path)
    with journal.together():
        journal.add(draft("one"))
        with pytest.raises(sqlite3.IntegrityError):
            journal.add(draft("one", path=Path("other.wav")))
        journal.add(draft("two"))
        other = open_journal(path)
        assert (journal.find("one"), other.live()) == (draft("one"), ())
    assert other.live() == (draft("one"), draft("two"))
    other.close()
    journal.close()
