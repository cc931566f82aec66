"""Facts come first, and wait for the disk together: a computer that dies never knew less than it had done.

With one wait for the disk each, thirteen a call, two hundred small recordings took sixteen times as long as elsewhere.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event, JobChanged
from callup_desktop.engine.job import State
from callup_desktop.engine.journal.errors import JournalError
from tests.engine.world import DETAILS, World
from tests.fakes.faults import Call, Moment

CALLS = 40
MOST_WAITS = 6
"""A call's probe, comparison, upload, document and message each have one, and all calls share the first."""
MOST_BYTES = 100_000
"""What SQLite writes for a call: with each wait three pages or so, of 4 KiB."""
INTENTS = {"create": "create", "put": "put", "complete": "complete", "register": "register"}


class OnDisk:
    """What another process that opens the journal finds there."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)

    def fact(self, job_id: str, column: str) -> Any:
        found = self._db.execute(f"SELECT {column} FROM jobs WHERE id = ?", (job_id,)).fetchone()  # noqa: S608 - ours
        return found[0] if found else None

    def close(self) -> None:
        self._db.close()


class Heard(list[Event]):
    """Events, and those that told of something while it was being written."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.too_early: list[Event] = []

    def append(self, event: Event) -> None:
        super().append(event)
        if isinstance(event, JobChanged) and self._world.engine.live_jobs.journal._db.in_transaction:
            self.too_early.append(event)


@pytest.fixture
def disk(world: World) -> Iterator[OnDisk]:
    made = OnDisk(world.home / "journal.sqlite3")
    yield made
    made.close()


def drop_and_send(world: World, calls: int, size: int = 50) -> tuple[str, ...]:
    ids = tuple(f"call-{number}" for number in range(calls))
    paths = tuple(world.recording(f"{job_id}.mp3", size + at) for at, job_id in enumerate(ids))
    world.engine.add(paths, ids=ids)
    world.engine.send(ids, DETAILS, again=True)
    return ids


@pytest.mark.parametrize("size", [50, 450], ids=["in one request", "in parts"])
def test_what_is_asked_for_or_told_is_on_disk_before(world: World, disk: OnDisk, size: int) -> None:
    world.crash()
    heard = world.events = Heard(world)
    world.start()
    asked: Counter[str] = Counter()
    unready: list[Call] = []

    def see(call: Call, moment: Moment) -> None:
        if moment is Moment.BEFORE and call.op in INTENTS:
            asked[call.op] += 1
            job_id = next(job_id for job_id in ids if job_id in call.key)
            if disk.fact(job_id, "intent") != INTENTS[call.op]:
                unready.append(call)

    for service in (world.store, world.registry, world.announcer):
        service.faults = see
    ids = drop_and_send(world, 3, size)
    world.until_done(*ids)

    assert unready == []
    assert heard.too_early == []
    assert asked["register"] == len(ids) == asked["put"] + asked["complete"]


def test_waits_for_the_disk_and_bytes_written_are_a_few_a_call(world: World) -> None:
    db = world.engine.live_jobs.journal._db
    db.execute("PRAGMA wal_autocheckpoint = 0")
    statements: Counter[str] = Counter()
    db.set_trace_callback(lambda statement: statements.update((statement.split()[0],)))
    log = world.home / "journal.sqlite3-wal"
    before = log.stat().st_size

    world.until_done(*drop_and_send(world, CALLS))

    assert 0 < statements["COMMIT"] <= MOST_WAITS * CALLS
    assert log.stat().st_size - before <= MOST_BYTES * CALLS


def test_results_that_arrive_together_wait_for_the_disk_together(world: World) -> None:
    ids = drop_and_send(world, CALLS)
    statements: Counter[str] = Counter()
    world.engine.live_jobs.journal._db.set_trace_callback(lambda statement: statements.update((statement.split()[0],)))

    world.engine.turn()
    while world.pool.tasks:
        for _ in range(len(world.pool.tasks)):
            world.pool.run_one()
        world.engine.turn()

    assert [world.state(job_id) for job_id in ids] == [State.DONE] * CALLS
    assert 0 < statements["COMMIT"] < 2 * CALLS


def test_a_turn_that_cannot_be_written_down_has_begun_nothing_and_is_done_once_it_can(world: World) -> None:
    full = world.engine.live_jobs.journal._db

    def refuse(action: int, word: str | None, *_: str | None) -> int:
        return sqlite3.SQLITE_DENY if (action, word) == (sqlite3.SQLITE_TRANSACTION, "COMMIT") else sqlite3.SQLITE_OK

    told = len(world.events)
    full.set_authorizer(refuse)
    ids = drop_and_send(world, 2)

    with pytest.raises(JournalError) as raised:
        world.engine.turn()
    assert (world.pool.tasks, world.events[told:]) == ([], [])

    world.engine._lose_journal(raised.value)
    assert world.status().blocked is not None
    for task in world.pool.tasks:
        task()
    assert (raised.value.code, world.all_calls()) == (Code.JOURNAL_BROKEN, [])
    world.engine.open()
    world.until_done(*ids)
    for job_id in ids:
        world.arrived_whole_and_once(job_id, world.folder / f"{job_id}.mp3")
