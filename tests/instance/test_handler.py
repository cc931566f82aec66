"""What front ends ask of an owner, over the real engine: one recording is one call, and only what changed is told."""

import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.events import Event
from callup_desktop.engine.job import State
from callup_desktop.files.identity import identity_of
from callup_desktop.instance.handler import RequestHandler
from callup_desktop.instance.ipc import Answer
from callup_desktop.instance.messages import PAGE, CallStatus, NamedFile, Reply, Request, Verb
from callup_desktop.instance.reported import SendAsked
from tests.engine.world import DETAILS, World
from tests.fakes.faults import Moment


class Owner:
    """A world whose engine reports to a handler, and one front end of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.handler = RequestHandler()
        self.take_over()

    def take_over(self) -> None:
        """The engine that runs now is served, by a handler that knows nothing yet."""
        self.handler = RequestHandler()
        self.handler.serve(self.world.engine, self.world.settings.destination)

        def report(event: Event) -> None:
            self.world.events.append(event)
            self.handler.report(event)

        self.world.engine._listener = report
        self.world.engine.live_jobs.close()
        self.world.engine.open()
        self.answer: Answer = self.handler.open_session()

    def ask(self, verb: Verb, *ids: str) -> Reply:
        return self.answer(Request(verb=verb, ids=ids or None))

    def send(self, *files: NamedFile, company: str = "Acme Corp", anyway: bool = False, again: bool = False) -> None:
        request = Request(
            verb="send",
            files=files,
            company=company,
            email="john@acme.com",
            call_type="demo",
            anyway=anyway,
            again=again,
        )
        self.answer(request)

    def changed(self) -> dict[str, CallStatus]:
        """What changed since the last time, by the id that was asked for."""
        rows: dict[str, CallStatus] = {}
        more = True
        while more:
            reply = self.ask("changes")
            assert len(reply.calls) <= PAGE
            rows |= {row.asked_id: row for row in reply.calls}
            more = reply.more
        return rows

    def until_sent(self, *files: NamedFile) -> dict[str, CallStatus]:
        """The last row of each file, once all calls have arrived."""
        rows: dict[str, CallStatus] = {}

        def all_done() -> bool:
            rows.update(self.changed())
            return all(file.id in rows and rows[file.id].state == State.DONE for file in files)

        self.world.until(all_done)
        return rows

    @property
    def documents(self) -> int:
        return len(self.world.registry.documents)


@pytest.fixture
def owner(world: World) -> Owner:
    return Owner(world)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def named(path: Path) -> NamedFile:
    return NamedFile(id=str(uuid.uuid4()), path=os.fsencode(path), identity=identity_of(path))


def linked(path: Path) -> tuple[Path, ...]:
    """The same recording by other names: a hard link, a symlink, a copy."""
    hard, soft, copy = (path.with_name(f"{kind}.mp3") for kind in ("hard", "soft", "copy"))
    hard.hardlink_to(path)
    soft.symlink_to(path)
    shutil.copyfile(path, copy)
    return hard, soft, copy


def test_one_recording_by_four_names_is_one_call(owner: Owner) -> None:
    path = owner.world.recording()
    files = [named(name) for name in (path, *linked(path))]

    owner.send(*files)
    rows = owner.until_sent(*files)

    assert {rows[file.id].call_id for file in files} == {files[0].id}
    assert [rows[file.id].code for file in files] == [None] * 4
    assert owner.documents == 1
    assert owner.world.jobs == ()


def test_a_call_that_another_front_end_just_asked_for_is_left_to_it(owner: Owner) -> None:
    path = owner.world.recording()
    first, second = named(path), named(path)
    details = DetailsChange("Acme Corp", "john@acme.com", "demo")
    asked = SendAsked(path, first.identity, details, anyway=False, again=False, destination="")
    owner.handler.calls.ask_to_send(first.id, asked)
    owner.send(second)
    owner.world.engine.turn()
    owner.world.engine.add((path,), ids=(first.id,))
    owner.world.engine.send((first.id,), details)

    row = owner.until_sent(second)[second.id]

    assert (row.call_id, row.code) == (first.id, None)


@pytest.mark.parametrize("name", [0, 1, 2])
def test_another_front_end_that_sends_what_is_under_way_follows_that_call(owner: Owner, name: int) -> None:
    path = owner.world.recording(size=1000)
    first, second = named(path), named(linked(path)[name])
    owner.send(first)
    owner.world.until(lambda: owner.world.known(first.id) and owner.world.job(first.id).stored >= 300)
    owner.answer = owner.handler.open_session()

    owner.send(second)
    rows = owner.until_sent(second)

    assert rows[second.id].call_id == first.id
    assert owner.documents == 1


def test_what_was_sent_is_told_with_that_call_and_when(owner: Owner) -> None:
    path = owner.world.recording()
    first, again = named(path), named(path)
    owner.send(first)
    owner.until_sent(first)

    owner.send(again)
    owner.world.rest()

    row = owner.changed()[again.id]
    assert (row.state, row.code, row.duplicate_of) == (State.DRAFT, "duplicate", first.id)
    assert row.turned_away
    assert row.sent_before_at is not None
    assert row.params == {"call_id": first.id, "sent_at": row.sent_before_at}
    owner.send(named(path), again=True)
    owner.world.until(lambda: owner.documents == 2)


def test_a_failed_or_paused_call_goes_on_where_its_recording_is_sent_again(owner: Owner) -> None:
    path = owner.world.recording()
    first, again = named(path), named(path)
    owner.send(first)
    owner.world.until(lambda: owner.world.known(first.id) and owner.world.state(first.id) is State.RUNNING)
    owner.ask("pause", first.id)
    owner.world.rest()
    assert owner.world.state(first.id) is State.PAUSED

    owner.send(again)

    assert owner.until_sent(again)[again.id].call_id == first.id


@pytest.mark.parametrize("name", [0, 1, 2])
def test_a_draft_that_rests_in_the_window_is_sent_instead_of_a_second_one(owner: Owner, name: int) -> None:
    path = owner.world.recording()
    owner.world.engine.add((path,), ids=("dropped",))
    owner.world.rest()
    asked = named(linked(path)[name])

    owner.send(asked)

    assert owner.until_sent(asked)[asked.id].call_id == "dropped"
    assert owner.documents == 1
    assert owner.world.jobs == ()


@pytest.mark.parametrize("stands", ["dropped", "paused", "asked"])
def test_a_recording_that_waits_for_another_profile_is_a_call_of_its_own_here(owner: Owner, stands: str) -> None:
    path, world = owner.world.recording(), owner.world
    elsewhere = named(path)
    if stands == "dropped":
        world.engine.add((path,), ids=(elsewhere.id,))
    else:
        owner.send(elsewhere)
    if stands == "paused":
        world.engine.pause((elsewhere.id,))
    world.engine.turn()
    world.settings = replace(world.settings, destination="acme")
    world.restart()
    owner.take_over()
    here = named(path)

    owner.send(here)
    rows = owner.until_sent(here)

    assert rows[here.id].call_id == here.id
    assert owner.documents == 1
    assert world.job(elsewhere.id).registered_at is None


def test_a_draft_of_the_window_stays_there_if_it_cannot_be_sent(owner: Owner) -> None:
    path = owner.world.recording()
    sent = owner.world.send(path)
    owner.world.until_done(sent)
    owner.world.engine.add((path,), ids=("dropped",))
    owner.world.rest()
    asked = named(path)

    owner.send(asked)
    owner.world.rest()

    row = owner.changed()[asked.id]
    assert (row.call_id, row.code, row.duplicate_of) == ("dropped", "duplicate", sent)
    assert owner.world.state("dropped") is State.DRAFT


def test_a_file_that_was_replaced_is_another_recording(owner: Owner) -> None:
    path = owner.world.recording()
    first = named(path)
    owner.world.faults.fail("register", Moment.BEFORE, TransientError(Code.REGISTRY_UNREACHABLE))
    owner.send(first)
    owner.world.until(lambda: owner.world.known(first.id) and owner.world.job(first.id).etag is not None)
    path.unlink()
    path.write_bytes(b"another recording, by the same recorder")
    second = named(path)

    owner.send(second)
    rows = owner.until_sent(first, second)

    assert rows[second.id].call_id == second.id
    assert owner.documents == 2


def test_a_request_that_is_repeated_is_the_same_calls(owner: Owner) -> None:
    files = [named(owner.world.recording(f"call-{number}.mp3", size=300 + number)) for number in range(5)]
    owner.send(*files)
    owner.send(*files)
    owner.until_sent(*files)
    owner.send(*files)
    owner.world.rest()

    owner.take_over()
    owner.send(*files)
    rows = owner.until_sent(*files)

    assert {rows[file.id].call_id for file in files} == {file.id for file in files}
    assert owner.documents == 5


def test_an_owner_that_died_between_add_and_send_leaves_a_draft_that_the_repeated_request_sends(owner: Owner) -> None:
    path = owner.world.recording()
    file = named(path)
    owner.world.engine.add((path,), ids=(file.id,))
    owner.world.engine.turn()
    owner.world.restart()
    owner.take_over()

    owner.send(file)

    assert owner.until_sent(file)[file.id].call_id == file.id


def test_a_call_of_an_earlier_run_is_told_of_once_the_engine_has_looked(owner: Owner) -> None:
    sent = owner.world.send(owner.world.recording())
    owner.world.until_done(sent)
    owner.world.restart()
    owner.take_over()

    owner.ask("follow", sent, "nobody")
    assert owner.changed() == {}
    owner.world.rest()

    rows = owner.changed()
    assert (rows[sent].state, rows["nobody"].code) == (State.DONE, "unknown")


def test_only_what_changed_is_told_however_many_are_followed(owner: Owner) -> None:
    paths = [owner.world.recording(f"call-{number}.mp3", size=200 + number) for number in range(3 * PAGE)]
    files = [named(path) for path in paths]
    for first in range(0, len(files), PAGE):
        owner.send(*files[first : first + PAGE])
    owner.world.engine.turn()
    assert owner.changed().keys() == {file.id for file in files}
    assert owner.changed() == {}

    owner.ask("pause", files[7].id)
    owner.world.engine.turn()
    owner.changed()
    owner.world.engine.describe((files[9].id,), DETAILS)
    owner.world.engine.turn()

    assert owner.changed().keys() == {files[9].id}


def test_a_list_comes_in_pages_and_each_call_once(owner: Owner) -> None:
    sent = owner.world.send(owner.world.recording("sent.mp3", size=50))
    owner.world.until_done(sent)
    drafts = tuple(f"draft-{number}" for number in range(2 * PAGE))
    owner.world.engine.add((owner.world.folder / "missing.mp3",) * len(drafts), ids=drafts)
    owner.world.engine.turn()

    with ThreadPoolExecutor() as pool:
        listing = pool.submit(owner.ask, "list")
        while not listing.done():
            owner.world.engine.turn()
        reply = listing.result()
    told = [row.call_id for row in reply.calls]
    while reply.more:
        reply = owner.ask("more")
        told += [row.call_id for row in reply.calls]

    assert told == [*drafts, sent]
