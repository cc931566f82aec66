"""The laptop's own troubles: a full disk, a home that cannot be written, a journal that is locked or damaged."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from keyring.errors import KeyringLocked

from callup_desktop.engine.events import Snapshot, Status
from callup_desktop.engine.job import State, Trouble
from callup_desktop.engine.journal.migrations import VERSION
from callup_desktop.presentation.messages import Messages
from callup_desktop.services import deadlines
from callup_desktop.services.secrets import Vault
from tests.engine.world import DETAILS
from tests.faults import harms
from tests.faults.laptop import PART, SOON_AGAIN, WITHIN, AnyLaptop
from tests.faults.roads import Road
from tests.services.test_secrets import GoodKeyring

FULL = "This computer is almost out of space. Free 200 MB so we can keep track of your uploads."
READ_ONLY = "We can't write to our own folder on this computer. Please send this to IT."
BUSY = "Another program is using our upload list. Your calls wait until it is free; nothing is lost."

posix = pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes is POSIX's")


@contextmanager
def full_disk() -> Iterator[Callable[[], None]]:
    """No byte can be written to any file of this process, until the yielded function is called."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def free() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield free
    finally:
        free()


class OpenableKeyring(GoodKeyring):
    """A keyring that is locked until the rep opens it."""

    locked = True

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return super().get_password(service, username)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> float:
    """Silence in seconds that a laptop bears here: what a test holds back is late, on a busy machine, and not lost."""
    for learnt in ("SHORTEST", "SHORTEST_OF_SMALL"):
        monkeypatch.setattr(deadlines, learnt, WITHIN)
    return WITHIN


@pytest.fixture
def dropped() -> str:
    """The id of a call, which whoever drops the file makes."""
    return str(uuid4())


def until_blocked(laptop: AnyLaptop, code: str) -> Trouble:
    laptop.until(lambda: laptop.blocked_by() == code)
    blocked = laptop.status().blocked
    assert blocked is not None
    return blocked


def until_only_that_one_is_under_way(laptop: AnyLaptop, call: str, recording: Path) -> None:
    """All parts are stored but the one that is held back; another one under way might be stored unheard."""
    laptop.until(lambda: laptop.jobs[call].stored >= recording.stat().st_size - PART)


@posix
def test_on_a_full_disk_nothing_is_lost_and_it_goes_on_once_there_is_space(
    tmp_path: Path, road: Road, short: Path, dropped: str
) -> None:
    with road.laptop(tmp_path) as laptop:
        laptop.until_open()
        with full_disk() as free_space:
            laptop.engine.add((short,), ids=(dropped,))
            assert Messages().sentence(until_blocked(laptop, "journal_disk_full")) == FULL
            free_space()
        laptop.until(lambda: (job := laptop.jobs.get(dropped)) is not None and job.recording is not None)
        laptop.engine.describe((dropped,), DETAILS)
        laptop.engine.send((dropped,))
        laptop.until_sent(dropped)
        assert laptop.status().blocked is None
    road.arrived_whole_and_once(laptop.jobs[dropped], short)


@posix
def test_while_the_disk_is_full_the_banner_stays_and_the_list_is_not_told_anew(
    tmp_path: Path, road: Road, short: Path, dropped: str
) -> None:
    with road.laptop(tmp_path) as laptop:
        laptop.until_open()
        with full_disk() as free_space:
            laptop.engine.add((short,), ids=(dropped,))
            until_blocked(laptop, "journal_disk_full")
            told = len(laptop.events)
            laptop.until_logged("journal failed", times=4)
            since = laptop.events[told:]
            free_space()
        laptop.until(lambda: laptop.blocked_by() == "")
    assert not [event for event in since if isinstance(event, Snapshot)]
    assert all(event.blocked for event in since if isinstance(event, Status))


@posix
def test_a_part_that_is_stored_while_the_disk_is_full_is_not_sent_again(
    tmp_path: Path, road: Road, long: Path, patient: float
) -> None:
    road.ways.storage.plan.order("part", harms.held_until_lifted)
    with road.laptop(tmp_path, stall=patient) as laptop:
        call = laptop.send(long)
        road.ways.storage.plan.wait_held()
        until_only_that_one_is_under_way(laptop, call, long)
        with full_disk() as free_space:
            road.ways.lift()
            until_blocked(laptop, "journal_disk_full")
            free_space()
        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], long)
    assert road.each_part_was_stored_once()


def test_a_home_that_cannot_be_written_is_told_and_used_once_it_can_be(tmp_path: Path, road: Road, short: Path) -> None:
    home = tmp_path / "home"
    with road.laptop(home) as laptop:
        assert Messages().sentence(until_blocked(laptop, "journal_read_only")) == READ_ONLY
        home.mkdir()
        call = laptop.send(short)
        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], short)


@posix
def test_nothing_is_forgotten_while_a_removed_home_cannot_be_written_again(
    tmp_path: Path, road: Road, long: Path, patient: float
) -> None:
    road.ways.storage.plan.order("part", harms.held_until_lifted, applies=lambda arrived: arrived.part == 2)
    home = tmp_path / "home"
    home.mkdir()
    with road.laptop(home, stall=patient) as laptop:
        call = laptop.send(long)
        road.ways.storage.plan.wait_held()
        until_only_that_one_is_under_way(laptop, call, long)
        shutil.rmtree(home)
        home.write_text("somebody's file")
        assert Messages().sentence(until_blocked(laptop, "journal_read_only")) == READ_ONLY
        road.ways.lift()
        home.unlink()
        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], long)
    assert road.each_part_was_stored_once()


def test_a_journal_that_another_program_locks_is_told_and_goes_on_when_it_is_free(
    tmp_path: Path, road: Road, short: Path, dropped: str
) -> None:
    with road.laptop(tmp_path) as laptop:
        laptop.until_open()
        other = sqlite3.connect(laptop.journal, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        laptop.engine.add((short,), ids=(dropped,))
        assert Messages().sentence(until_blocked(laptop, "journal_busy")) == BUSY
        other.rollback()
        other.close()
        laptop.until(lambda: (job := laptop.jobs.get(dropped)) is not None and job.recording is not None)
        laptop.engine.describe((dropped,), DETAILS)
        laptop.engine.send((dropped,))
        laptop.until_sent(dropped)
    road.arrived_whole_and_once(laptop.jobs[dropped], short)


def test_a_journal_damaged_between_sessions_is_repaired_and_the_call_still_arrives_once(
    tmp_path: Path, road: Road, long: Path
) -> None:
    with road.laptop(tmp_path) as laptop:
        call = laptop.send(long)
        laptop.until(lambda: laptop.jobs[call].stored > 0)
    damage(laptop.journal, table="parts")

    with road.laptop(tmp_path) as again:
        again.until_sent(call)

    (told,) = [event for event in again.events if isinstance(event, Snapshot)]
    assert told.repaired == 1
    road.arrived_whole_and_once(again.jobs[call], long)
    assert road.each_part_was_stored_once()


def damage(journal: Path, *, table: str) -> None:
    """Overwrite the page where the table begins."""
    with closing(sqlite3.connect(journal)) as db, db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    db.close()
    with journal.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(os.urandom(size))


def test_a_journal_of_a_newer_program_ends_the_engine_in_words(tmp_path: Path, road: Road) -> None:
    laptop = road.laptop(tmp_path)
    with closing(sqlite3.connect(laptop.journal)) as db, db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with laptop:
        laptop.until(lambda: laptop.stopped() is not None)
    stopped = laptop.stopped()
    assert stopped is not None
    assert stopped.trouble is not None
    assert stopped.trouble.code == "journal_newer"


def test_a_copy_of_the_home_taken_while_a_call_is_sent_goes_on_by_itself(
    tmp_path: Path, road: Road, long: Path
) -> None:
    """A power cut: another laptop wakes up with the files of a moment in which the first one was still sending."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    road.ways.storage.plan.order("part", harms.held_until_lifted, applies=lambda arrived: arrived.part == 2)
    with road.laptop(first) as laptop:
        call = laptop.send(long)
        road.ways.storage.plan.wait_held()
        until_only_that_one_is_under_way(laptop, call, long)
        shutil.copytree(first, second)
        laptop.engine.stop()
        road.ways.lift()
    road.ways.storage.plan.wait_idle()

    with road.laptop(second) as again:
        again.until_sent(call)

    road.arrived_whole_and_once(again.jobs[call], long)


def test_a_locked_keyring_asks_and_the_call_goes_on_by_itself_once_it_is_open(
    tmp_path: Path, road: Road, short: Path
) -> None:
    keyring = OpenableKeyring()
    with road.laptop_with_vault(tmp_path, Vault("locked", keyring), backoff=SOON_AGAIN) as laptop:
        call = laptop.send(short)
        assert Messages().sentence(until_blocked(laptop, "keyring_locked")) == "Unlock your keychain so we can sign in."
        assert laptop.jobs[call].state is not State.FAILED
        keyring.locked = False
        laptop.until_sent(call)
    road.arrived_whole_and_once(laptop.jobs[call], short)


def test_a_keyring_that_is_locked_half_way_costs_no_part_that_was_stored(
    tmp_path: Path, road: Road, long: Path, patient: float
) -> None:
    """The rep logs in again with a keyring that does not open by itself, and the program starts anew."""
    keyring = OpenableKeyring()
    keyring.locked = False
    road.ways.storage.plan.order("part", harms.held_until_lifted, applies=lambda arrived: arrived.part == 3)
    vault = Vault("locked", keyring)
    with road.laptop_with_vault(tmp_path, vault, backoff=SOON_AGAIN, stall=patient) as laptop:
        call = laptop.send(long)
        road.ways.storage.plan.wait_held()
        until_only_that_one_is_under_way(laptop, call, long)
        laptop.engine.stop()
        road.ways.lift()
    road.ways.storage.plan.wait_idle()
    keyring.locked = True

    with road.laptop_with_vault(tmp_path, Vault("locked", keyring), backoff=SOON_AGAIN) as again:
        until_blocked(again, "keyring_locked")
        assert again.jobs[call].state is not State.FAILED
        keyring.locked = False
        again.until_sent(call)
    road.arrived_whole_and_once(again.jobs[call], long)
    assert road.each_part_was_stored_once()
