"""A call goes only to the servers it was made for: another profile finds it waiting, and sends nothing of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.composition import Settings
from callup_desktop.engine.errors import Code, Rejection
from callup_desktop.engine.events import CommandRejected
from callup_desktop.engine.job import State
from tests.engine.world import DETAILS, World
from tests.fakes.announcer import FakeAnnouncer
from tests.fakes.registry import FakeRegistry
from tests.fakes.store import FakeStore

ACME = Settings("bucket", ("demo", "support"), destination="acme")
STRANGER = Settings("bucket", ("demo", "support"), destination="stranger")
MERGED = Settings("merged", ("demo", "support"), destination="merged", takes_calls_from=frozenset({"acme"}))


class Servers:
    """The servers of one profile."""

    def __init__(self, world: World) -> None:
        self.store = FakeStore(faults=world.faults)
        self.registry = FakeRegistry(faults=world.faults)
        self.announcer = FakeAnnouncer(faults=world.faults)


def servers_of(world: World) -> Servers:
    here = Servers(world)
    here.store, here.registry, here.announcer = world.store, world.registry, world.announcer
    return here


def switch(world: World, settings: Settings, servers: Servers | None = None) -> None:
    """The program ends and starts on the same list with another profile, which leads to servers of its own."""
    servers = servers or Servers(world)
    world.crash()
    world.store, world.registry, world.announcer = servers.store, servers.registry, servers.announcer
    world.settings = settings
    world.start()


def wait(world: World, hours: float) -> None:
    """Let the program go on for so long."""
    until = world.clock.ticks + hours * 3600
    world.until(lambda: world.clock.ticks >= until, rounds=20_000)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, settings=ACME)
    yield world
    world.close()


def test_a_waiting_call_is_not_sent_to_the_servers_of_another_profile(world: World) -> None:
    file = world.recording()
    job = world.send(file)
    acme = servers_of(world)
    switch(world, STRANGER)
    wait(world, hours=2)

    assert world.all_calls() == []
    trouble = world.job(job).trouble
    assert (world.state(job), trouble and trouble.code) == (State.QUEUED, Code.OTHER_DESTINATION)
    switch(world, ACME, acme)
    world.until_done(job)
    world.arrived_whole_and_once(job, file)


def test_a_call_in_the_middle_goes_on_where_it_was_once_its_profile_is_back(world: World) -> None:
    file = world.recording()
    job = world.send(file)
    world.until_call("upload_part", 3)
    acme = servers_of(world)
    upload_id = world.job(job).upload_id
    switch(world, STRANGER)
    wait(world, hours=2)

    assert world.all_calls() == []
    switch(world, ACME, acme)
    assert world.job(job).upload_id == upload_id
    world.until_done(job)
    world.arrived_whole_and_once(job, file)


def test_a_draft_that_was_asked_to_go_waits_for_its_own_profile(world: World) -> None:
    file = world.recording()
    world.engine.add((file,), ids=("11111111-1111-4111-8111-111111111111",))
    world.engine.send(("11111111-1111-4111-8111-111111111111",), DETAILS)
    world.engine.turn()
    job = world.jobs[0].id
    acme = servers_of(world)
    switch(world, STRANGER)
    wait(world, hours=2)

    assert world.all_calls() == []
    assert world.job(job).send_asked_at is not None
    switch(world, ACME, acme)
    world.until_done(job)
    world.arrived_whole_and_once(job, file)


def test_a_draft_of_another_profile_is_not_sent_by_hand_either(world: World) -> None:
    world.engine.add((world.recording(),))
    world.until(lambda: any(job.recording for job in world.jobs))
    (job,) = (job.id for job in world.jobs)
    switch(world, STRANGER)
    world.engine.send((job,), DETAILS)
    wait(world, hours=2)

    assert world.all_calls() == []
    assert CommandRejected(job, Rejection.OTHER_DESTINATION) in world.rejections()
    assert world.state(job) is State.DRAFT


@pytest.mark.parametrize("command", ["resume", "retry"])
def test_nothing_that_may_be_asked_of_a_call_sends_it_elsewhere(world: World, command: str) -> None:
    job = world.send(world.recording())
    world.engine.pause((job,))
    world.engine.turn()
    switch(world, STRANGER)
    getattr(world.engine, command)((job,))
    world.engine.check_again()
    world.engine.renew_credentials()
    world.engine.set_online(online=True)
    wait(world, hours=2)

    assert world.all_calls() == []
    trouble = world.job(job).trouble
    assert trouble is not None
    assert trouble.code == Code.OTHER_DESTINATION


def test_a_cancelled_call_is_cleaned_up_where_it_was_stored(world: World) -> None:
    job = world.send(world.recording())
    world.until_call("upload_part", 3)
    acme = servers_of(world)
    switch(world, STRANGER)
    world.engine.cancel((job,))
    wait(world, hours=2)

    assert world.all_calls() == []
    assert world.state(job) is State.CANCELLED
    switch(world, ACME, acme)
    world.until(lambda: not world.known(job))
    world.nothing_is_left(job)


def test_a_cancelled_call_that_stored_nothing_leaves_at_once(world: World) -> None:
    job = world.send(world.recording())
    switch(world, STRANGER)
    world.engine.cancel((job,))
    world.until(lambda: not world.known(job))

    assert world.all_calls() == []


def test_a_call_that_waits_for_another_profile_never_holds_up_those_of_this_one(world: World) -> None:
    held = world.send(world.recording("held.mp3"))
    switch(world, STRANGER)
    file = world.recording("ours.mp3")
    job = world.send(file)
    world.until_done(job)

    world.arrived_whole_and_once(job, file)
    assert world.state(held) is State.QUEUED


def test_calls_that_the_rep_let_go_along_are_sent_whole_to_the_new_servers(world: World) -> None:
    file, other = world.recording(), world.recording("other.mp3")
    begun = world.send(file)
    world.until_call("upload_part", 3)
    world.engine.add((other,))
    world.until(lambda: any(job.recording and job.id != begun for job in world.jobs))
    (draft,) = (job.id for job in world.jobs if job.id != begun)
    switch(world, MERGED)
    world.engine.send((draft,), DETAILS)
    world.until_done(begun, draft)

    assert {world.job(job).bucket for job in (begun, draft)} == {"merged"}
    world.arrived_whole_and_once(begun, file)
    world.arrived_whole_and_once(draft, other)


def test_a_call_that_may_be_registered_already_stays_with_its_own(world: World) -> None:
    job = world.send(world.recording())
    world.until(lambda: bool(world.registry.calls))
    switch(world, MERGED)
    wait(world, hours=2)

    assert world.all_calls() == []
    assert world.job(job).destination == "acme"


def test_the_same_recording_for_another_company_is_a_call_of_its_own(world: World) -> None:
    file = world.recording()
    held = world.send(file)
    switch(world, STRANGER)
    job = world.send(file)
    world.until_done(job)

    world.arrived_whole_and_once(job, file)
    assert world.state(held) is State.QUEUED


def test_what_became_of_a_call_is_asked_of_its_own_registry_only(world: World) -> None:
    job = world.send(world.recording())
    world.until_done(job)
    switch(world, STRANGER)
    world.engine.ask_statuses((job,))
    wait(world, hours=1)

    assert world.all_calls() == []


def test_new_details_of_a_call_wait_for_its_own_registry(world: World) -> None:
    job = world.send(world.recording())
    world.until_done(job)
    acme = servers_of(world)
    switch(world, STRANGER)
    world.engine.describe((job,), DetailsChange(company_name="Globex"))
    wait(world, hours=1)

    assert world.all_calls() == []
    trouble = world.job(job).trouble
    assert trouble is not None
    assert trouble.code == Code.OTHER_DESTINATION
    switch(world, ACME, acme)
    world.until(lambda: world.registered(job)[0] == "Globex")


def test_calls_from_before_there_were_destinations_go_to_the_profile_that_was_there(tmp_path: Path) -> None:
    world = World(tmp_path)
    sent = world.send(world.recording("sent.mp3"))
    world.until_done(sent)
    file = world.recording()
    job = world.send(file)
    switch(world, STRANGER)
    wait(world, hours=2)
    assert world.all_calls() == []

    switch(world, Settings("bucket", ("demo",), destination="acme", takes_calls_from=frozenset({""})))
    world.until_done(job)
    world.arrived_whole_and_once(job, file)
    assert {world.job(call).destination for call in (job, sent)} == {"acme"}
    world.close()


def test_waiting_for_another_profile_is_told_once(world: World) -> None:
    job = world.send(world.recording())
    switch(world, STRANGER)
    wait(world, hours=1)
    told = len(world.changes(job))
    wait(world, hours=1)

    assert len(world.changes(job)) == told
