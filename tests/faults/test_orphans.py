"""Nothing of a call stays behind in the store that nobody knows of, and nothing of anybody else is touched."""

from callup_desktop.engine.errors import AccountError, Code, TransientError
from callup_desktop.engine.job import State
from callup_desktop.engine.ports import Target
from tests.engine.world import World
from tests.fakes.faults import Moment

LOST = TransientError(Code.CONNECTION, "reset by peer")


def target_of(world: World, call: str) -> Target:
    job = world.job(call)
    assert job.recording is not None
    return Target(job.bucket, job.key, "audio/mpeg", job.size, job.recording.crc64nvme, job.recording.crc32)


def test_an_upload_whose_creation_arrives_late_ends_with_the_call(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, LOST)
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 100)
    world.store.create(target_of(world, call))

    world.until_done(call)

    world.arrived_whole_and_once(call, path)
    assert not world.store.uploads


def test_it_ends_with_the_call_also_where_the_reply_to_complete_is_lost(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 100)
    world.store.create(target_of(world, call))
    world.faults.fail("complete", Moment.AFTER, LOST)

    world.until_done(call)

    world.arrived_whole_and_once(call, path)
    assert not world.store.uploads


def test_an_upload_of_another_laptop_is_left_alone(world: World) -> None:
    theirs = world.store.create(Target("bucket", "2026/11/20/theirs.mp3", "audio/mpeg", 3, "", ""))
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 100)
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))

    world.nothing_is_left(call)
    assert list(world.store.uploads) == [theirs.upload_id]


def test_a_part_that_lands_after_the_abort_is_aborted_too(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 100)
    world.faults.fail("abort", Moment.AFTER, TransientError(Code.STILL_STORED))
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))

    world.nothing_is_left(call)
    assert world.faults.spent


def test_the_admin_is_told_once_that_no_rule_ends_forgotten_uploads(world: World) -> None:
    for name in ("first.mp3", "second.mp3"):
        world.until_done(world.send(world.recording(name)))

    told = [entry for entry in world.log.entries if entry[1] == "bucket has no rule that aborts incomplete uploads"]
    assert [level for level, _event, _facts in told] == ["warning"]


def test_a_call_of_which_the_journal_lost_everything_but_its_key_is_cleaned_up_by_its_key(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until_call("create")
    world.crash()
    assert len(world.store.uploads) == 1
    world.start()
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))

    world.nothing_is_left(call)
    assert not any(job.state is State.CANCELLED for job in world.jobs)


def test_a_cleaning_that_was_denied_goes_on_at_once_when_the_call_is_cancelled_again(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 100)
    world.faults.fail("abort", Moment.BEFORE, AccountError(Code.ACCESS_DENIED))
    world.engine.cancel((call,))
    world.until(lambda: world.job(call).trouble is not None and world.job(call).state is State.CANCELLED)
    world.restart()

    world.engine.cancel((call,))
    world.rest()

    assert not world.known(call)
    world.nothing_is_left(call)
