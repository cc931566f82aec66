"""What happened to real users of such programs, told one by one (docs/architecture.md, "How an upload works")."""

import os
from functools import partial
from pathlib import Path

import pytest

from callup_desktop.engine.errors import AccountError, Code, ConnectionLostError, JobError, TransientError
from callup_desktop.engine.events import ProbeProgress, ResumedFromSleep, Snapshot
from callup_desktop.engine.job import State, Step, Trouble
from callup_desktop.engine.ports import Algorithm
from callup_desktop.engine.steps import target_of
from tests.engine.world import DETAILS, World
from tests.fakes.faults import Moment
from tests.fakes.store import HeldObject

CUT = ConnectionLostError(Code.CONNECTION, "reset by peer")
LOST = TransientError(Code.CONNECTION, "reset by peer")


def test_a_dropped_file_is_described_sent_and_arrives_once(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    document = world.registry.documents[call]
    assert document["metadata"] == {
        "company_name": "Acme Corp",
        "contact_email": "john@acme.com",
        "call_type": "demo",
    }
    assert document["uploaded_by"] == "rep@company.com"


def test_a_small_recording_is_one_put(world: World) -> None:
    path = world.recording(size=80)
    call = world.send(path)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert not [entry for entry in world.store.calls if entry.op == "create"]


def test_lost_reply_to_complete_is_recognised_as_success(world: World) -> None:
    world.faults.fail("complete", Moment.AFTER, LOST)
    path = world.recording()
    call = world.send(path)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert world.faults.spent
    assert all(count == 1 for count in world.store.sent.values())


def test_lost_reply_to_put_is_recognised_as_success(world: World) -> None:
    world.faults.fail("put", Moment.AFTER, LOST)
    path = world.recording(size=50)
    call = world.send(path)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert sum(world.store.sent.values()) == 1


def test_a_part_that_is_cut_is_sent_again_over_a_new_connection_without_a_wait(world: World) -> None:
    world.faults.fail("upload_part", Moment.BEFORE, CUT)
    path = world.recording()
    call = world.send(path)
    began = world.clock.monotonic()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert world.faults.spent
    assert world.clock.monotonic() == began


def test_parts_that_are_cut_twice_wait_like_any_other_trouble(world: World) -> None:
    world.faults.fail("upload_part", Moment.BEFORE, *[CUT] * 4)
    path = world.recording()
    call = world.send(path)
    began = world.clock.monotonic()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert world.faults.spent
    assert world.clock.monotonic() > began


def test_lost_reply_to_create_leaves_no_second_upload(world: World) -> None:
    world.faults.fail("create", Moment.AFTER, LOST)
    path = world.recording()
    call = world.send(path)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)


def test_crash_between_create_and_commit_leaves_no_second_upload(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until_call("create")
    assert len(world.store.uploads) == 1
    world.restart()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)


def test_restart_sends_only_the_parts_that_the_store_does_not_hold(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.restart()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert all(count == 1 for count in world.store.sent.values())


def test_pause_keeps_parts_and_resume_sends_only_the_rest(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 200)
    world.engine.pause((call,))
    world.engine.turn()
    assert world.state(call) is State.PAUSED
    world.rest()
    kept = world.job(call).stored
    assert kept >= 200
    world.clock.advance(3600)
    world.rest()
    assert world.job(call).stored == kept
    world.engine.resume((call,))
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert all(count == 1 for count in world.store.sent.values())


def test_cancel_while_offline_cleans_the_store_once_back(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 100)
    world.faults.fail("abort", Moment.BEFORE, LOST, LOST, LOST)
    world.faults.fail("open_uploads", Moment.BEFORE, LOST)
    world.engine.cancel((call,))
    world.rest()
    assert world.state(call) is State.CANCELLED
    world.restart()
    world.until(lambda: not world.known(call))
    assert world.faults.spent
    world.nothing_is_left(call)


def test_cancel_while_complete_is_under_way_rolls_the_object_back(world: World) -> None:
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).intent is Step.COMPLETE)
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))
    world.nothing_is_left(call)


@pytest.mark.parametrize(("op", "size", "look"), [("put", 80, "head"), ("complete", 450, "list_parts")])
def test_cancel_after_a_look_that_found_nothing_takes_back_what_arrives_late(
    world: World, op: str, size: int, look: str
) -> None:
    world.faults.fail(op, Moment.BEFORE, LOST)
    path = world.recording(size=size)
    call = world.send(path)
    world.until(lambda: world.job(call).attempts == 1)
    world.until(lambda: world.state(call) is State.RUNNING)
    world.engine.pause((call,))
    world.rest()
    job = world.job(call)
    assert (job.state, world.store.calls[-1].op) == (State.PAUSED, look)
    world.store.uploads.clear()
    world.store.objects[job.key] = HeldObject(path.read_bytes(), "late", target_of(job).content_type)
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))
    world.nothing_is_left(call)


def test_cancel_while_registering_is_settled_by_asking_the_registry(world: World) -> None:
    world.faults.fail("register", Moment.AFTER, TransientError(Code.REGISTRY_UNREACHABLE))
    path = world.recording()
    call = world.send(path)
    world.until_call("register")
    world.engine.cancel((call,))
    world.until_done(call)
    assert [refusal.code for refusal in world.rejections()] == ["registered"]
    world.arrived_whole_and_once(call, path)


def test_cancel_after_a_registration_that_never_arrived_takes_everything_back(world: World) -> None:
    world.faults.fail("register", Moment.BEFORE, TransientError(Code.REGISTRY_UNREACHABLE))
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).intent is Step.REGISTER and world.state(call) is State.QUEUED)
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))
    world.nothing_is_left(call)


@pytest.mark.parametrize("refusal", [AccountError(Code.REGISTRY_DENIED), JobError(Code.REGISTRY_REFUSED)])
def test_a_refusal_says_nothing_of_an_earlier_try_to_register(world: World, refusal: Exception) -> None:
    world.faults.fail("register", Moment.AFTER, TransientError(Code.REGISTRY_UNREACHABLE))
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).attempts == 1)
    world.faults.fail("register", Moment.BEFORE, refusal)
    world.until(lambda: (trouble := world.job(call).trouble) is not None and trouble.code == refusal.args[0])
    world.engine.cancel((call,))
    world.until_done(call)
    assert [refused.code for refused in world.rejections()] == ["registered"]
    world.arrived_whole_and_once(call, path)


def test_a_registered_call_cannot_be_cancelled(world: World) -> None:
    call = world.send(world.recording())
    world.until(lambda: world.job(call).registered_at is not None)
    world.engine.cancel((call,))
    world.until_done(call)
    assert [refusal.code for refusal in world.rejections()] == ["registered"]


def test_file_changed_between_sessions_is_sent_anew_and_never_mixed(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.crash()
    path.write_bytes(b"x" * 700)
    world.start()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert any(job.trouble and job.trouble.code == Code.FILE_CHANGED for job in world.changes(call))


def test_file_edited_in_place_with_its_old_date_never_makes_a_mixed_object(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.crash()
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[50] ^= 0xFF
    data[850] ^= 0xFF
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    world.start()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)


def test_a_small_file_edited_in_place_with_its_old_date_is_judged_again_and_sent(world: World) -> None:
    path = world.recording(size=80)
    world.faults.fail("put", Moment.BEFORE, LOST)
    call = world.send(path)
    world.until(lambda: world.job(call).attempts == 1)
    before = path.stat()
    path.write_bytes(b"y" * 80)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    world.until_done(call)
    world.arrived_whole_and_once(call, path)


def test_a_touched_file_with_the_same_content_goes_on_where_it_was(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.crash()
    os.utime(path)
    world.start()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert all(count == 1 for count in world.store.sent.values())


def test_a_file_that_keeps_changing_is_given_back_to_the_rep(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    for change in range(1, 4):
        world.until(lambda: world.job(call).stored >= 100)
        path.write_bytes(bytes([change]) * (900 + change))
        world.until(partial(world.began_anew, call, change))
    assert world.state(call) is State.FAILED
    trouble = world.job(call).trouble
    assert trouble is not None
    assert trouble.code == Code.KEEPS_CHANGING
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))
    world.nothing_is_left(call)


def test_a_missing_file_asks_the_rep_and_goes_on_where_it_is_found_again(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.crash()
    moved = path.rename(world.folder / "moved.mp3")
    world.start()
    world.until(lambda: world.state(call) is State.FAILED)
    trouble = world.job(call).trouble
    assert trouble is not None
    assert trouble.code == Code.FILE_MISSING
    world.engine.relocate(call, world.recording("other.mp3", size=900))
    world.rest()
    assert [refusal.code for refusal in world.rejections()] == ["other_file"]
    world.engine.relocate(call, moved)
    world.until_done(call)
    world.arrived_whole_and_once(call, moved)
    assert all(count == 1 for count in world.store.sent.values())


def test_account_trouble_blocks_every_upload_until_checked_again(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, *[AccountError(Code.ACCESS_DENIED, "s3:PutObject")] * 5)
    first = world.send(world.recording("first.mp3"))
    second = world.send(world.recording("second.mp3"))
    world.until(lambda: world.faults.spent)
    blocked = world.status().blocked
    assert blocked is not None
    assert blocked.code == Code.ACCESS_DENIED
    tries = len(world.store.calls)
    world.clock.advance(120)
    world.rest()
    assert len(world.store.calls) == tries, "minutes by now, after seconds at first"
    world.engine.check_again()
    world.until_done(first, second)
    assert world.status().blocked is None


def test_account_trouble_is_probed_again_within_the_hour_by_itself(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, AccountError(Code.ACCESS_DENIED))
    call = world.send(world.recording())
    world.until_done(call)


def test_a_blocked_registry_never_blocks_a_recording(world: World) -> None:
    world.faults.fail("register", Moment.BEFORE, AccountError(Code.REGISTRY_DENIED))
    first = world.send(world.recording("first.mp3"))
    world.until(lambda: world.status().blocked is not None)
    path = world.recording("second.mp3")
    second = world.send(path)
    world.rest()
    assert world.job(second).etag is not None
    assert world.job(second).registered_at is None
    world.engine.check_again()
    world.until_done(first, second)


def test_one_damaged_part_is_sent_again_and_three_times_is_the_disks_fault(world: World) -> None:
    damaged = TransientError(Code.PART_DAMAGED, "BadDigest")
    world.faults.fail("upload_part", Moment.BEFORE, damaged)
    fine = world.send(world.recording("fine.mp3"))
    world.until_done(fine)
    world.faults.fail("upload_part", Moment.BEFORE, *([damaged] * 60))
    bad = world.send(world.recording("bad.mp3", size=300))
    world.until(lambda: world.state(bad) is State.FAILED)
    trouble = world.job(bad).trouble
    assert trouble is not None
    assert trouble.code == Code.PART_UNREADABLE


def test_a_mismatching_copy_is_sent_again_and_then_given_to_it(world: World) -> None:
    mismatch = JobError(Code.MISMATCH)
    world.faults.fail("complete", Moment.AFTER, mismatch)
    path = world.recording()
    call = world.send(path)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    troubles = [job.trouble for job in world.changes(call) if job.trouble is not None]
    assert {trouble.code for trouble in troubles} == {Code.MISMATCH_AGAIN}
    assert world.job(call).restarts == 1
    world.faults.fail("complete", Moment.AFTER, mismatch, mismatch, mismatch)
    again = world.send(world.recording("again.mp3"))
    world.until(lambda: world.state(again) is State.FAILED)
    assert trouble_of(world, again).code == Code.MISMATCH
    world.engine.cancel((again,))
    world.until(lambda: not world.known(again))
    world.nothing_is_left(again)


@pytest.mark.parametrize(
    ("at_first", "in_the_end"),
    [(Code.REGISTRY_UNREACHABLE, Code.REGISTRY_BLOCKED), (Code.REGISTRY_BUSY, Code.REGISTRY_REFUSED)],
)
def test_a_call_that_waits_a_day_for_the_registry_becomes_a_matter_for_it(
    at_first: Code, in_the_end: Code, world: World
) -> None:
    world.faults.fail("register", Moment.BEFORE, *[TransientError(at_first)] * 9)
    call = world.send(world.recording())
    world.until(lambda: world.job(call).attempts == 1)
    world.clock.advance(25 * 3600)
    world.until_done(call)
    told = [job.trouble.code for job in world.changes(call) if job.trouble is not None]
    assert told[0] == at_first
    assert told[-1] == in_the_end


def trouble_of(world: World, call: str) -> Trouble:
    trouble = world.job(call).trouble
    assert trouble is not None
    return trouble


def test_a_bug_in_one_call_fails_it_and_the_others_go_on(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, ZeroDivisionError("a bug"))
    bad = world.send(world.recording("bad.mp3"))
    good = world.send(world.recording("good.mp3"))
    world.until_done(good)
    assert world.state(bad) is State.FAILED
    trouble = world.job(bad).trouble
    assert trouble is not None
    assert trouble.code == Code.BUG
    assert any("ZeroDivisionError" in str(facts.get("traceback")) for _, _, facts in world.log.entries)
    world.engine.retry((bad,))
    world.until_done(bad)


def test_an_upload_the_store_forgot_begins_anew(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.crash()
    world.store.uploads.clear()
    world.start()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)


def test_a_stored_recording_that_is_gone_when_it_is_registered_is_sent_again(world: World) -> None:
    world.faults.fail("register", Moment.BEFORE, TransientError(Code.UPLOAD_EXPIRED, "no_such_call"))
    path = world.recording()
    call = world.send(path)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert world.began_anew(call, 1)
    assert all(count == 2 for count in world.store.sent.values())


def test_a_recording_that_is_gone_each_time_it_is_registered_is_given_to_it(world: World) -> None:
    gone = TransientError(Code.UPLOAD_EXPIRED, "no_such_call")
    world.faults.fail("register", Moment.BEFORE, gone, gone, gone)
    call = world.send(world.recording())
    world.until(lambda: world.state(call) is State.FAILED)
    trouble = world.job(call).trouble
    assert trouble is not None
    assert trouble.code == Code.MISMATCH


def test_a_cancelled_recording_that_is_gone_when_it_is_registered_is_not_sent_again(world: World) -> None:
    gone = TransientError(Code.UPLOAD_EXPIRED, "no_such_call")
    world.faults.fail("register", Moment.BEFORE, TransientError(Code.REGISTRY_BUSY), gone)
    call = world.send(world.recording())
    world.until(lambda: world.job(call).trouble is not None)
    world.until(lambda: world.state(call) is State.RUNNING)
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))
    world.nothing_is_left(call)
    assert all(count == 1 for count in world.store.sent.values())


def test_retry_after_is_waited_for(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, TransientError(Code.STORAGE_BUSY, retry_after=120))
    call = world.send(world.recording())
    world.rest()
    retry_at = world.job(call).retry_at
    assert retry_at is not None
    assert (retry_at - world.clock.now()).total_seconds() >= 120
    passing = world.status().passing
    assert passing is not None
    assert passing.code == Code.STORAGE_BUSY
    assert world.status().blocked is None
    world.until_done(call)
    assert world.status().passing is None


def test_attempts_return_to_zero_on_any_progress(world: World) -> None:
    world.faults.fail("upload_part", Moment.BEFORE, LOST, LOST, LOST)
    call = world.send(world.recording(size=1000))
    world.until(lambda: world.job(call).attempts >= 1)
    world.until(lambda: world.job(call).stored >= 300)
    assert world.job(call).attempts == 0


def test_sleep_makes_waiting_calls_due_and_drops_dead_connections(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, TransientError(Code.STORAGE_BUSY, retry_after=3000))
    call = world.send(world.recording())
    world.rest()
    world.clock.advance(600)
    world.engine.turn()
    retry_at = world.job(call).retry_at
    assert retry_at is not None
    assert (retry_at - world.clock.now()).total_seconds() <= 3
    assert [event.seconds for event in world.events if isinstance(event, ResumedFromSleep)] == [600]
    world.rest()
    assert world.store.resets == 1


def test_network_back_makes_waiting_calls_due_within_three_seconds(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, *([LOST] * 8))
    call = world.send(world.recording())
    world.until(lambda: world.job(call).attempts == 8)
    assert not world.status().online
    world.engine.set_online(online=True)
    world.engine.turn()
    retry_at = world.job(call).retry_at
    assert retry_at is not None
    assert (retry_at - world.clock.now()).total_seconds() <= 3
    world.until_done(call)
    assert world.status().online


def test_a_refused_file_says_why_and_can_be_taken_off_the_list(world: World) -> None:
    path = world.folder / "notes.mp3"
    path.write_bytes(b"no recording")
    world.engine.add((path,))
    world.rest()
    (job,) = world.jobs
    assert job.turned_away
    assert job.trouble is not None
    assert job.trouble.code == "unsupported_type"
    world.engine.send((job.id,))
    world.engine.turn()
    assert world.rejections()[-1].code == "refused"
    world.engine.forget((job.id,))
    world.engine.turn()
    assert not world.jobs


def test_a_recording_that_is_still_in_the_cloud_is_told_to_be_fetched(world: World) -> None:
    here, away = world.recording("here.mp3"), world.recording("away.mp3")
    world.online_only.add(away)
    world.engine.add((here, away), ids=("here", "away"))
    world.until(lambda: all(job.recording for job in world.jobs) and len(world.jobs) == 2)

    told = [event for event in world.events if isinstance(event, ProbeProgress)]
    assert {(event.job_id, event.fetched) for event in told} == {("here", False), ("away", True)}
    assert next(event.done for event in told if event.fetched) == 0


def test_drafts_survive_a_restart_and_incomplete_ones_are_not_sent(world: World) -> None:
    world.engine.add((world.recording(),))
    world.rest()
    (draft,) = world.jobs
    world.engine.send((draft.id,))
    world.engine.turn()
    assert world.rejections()[-1].code == "details"
    world.engine.describe((draft.id,), DETAILS)
    world.engine.turn()
    world.restart()
    (kept,) = world.jobs
    assert kept.details.company_name == "Acme Corp"
    assert kept.recording == world.job(draft.id).recording
    world.engine.send((kept.id,))
    world.until_done(kept.id)


def test_the_same_recording_dropped_again_is_told(world: World) -> None:
    path = world.recording()
    world.until_done(world.send(path))
    world.engine.add((path,))
    world.rest()
    (job,) = world.jobs
    assert job.duplicate_of is not None
    world.engine.describe((job.id,), DETAILS)
    world.engine.send((job.id,))
    world.engine.turn()
    assert world.rejections()[-1].code == "duplicate"
    world.engine.send((job.id,), again=True)
    world.until_done(job.id)


def test_stop_keeps_every_fact_and_the_next_start_goes_on(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    stop_in_order(world)
    world.start()
    assert world.state(call) is State.QUEUED
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert all(count == 1 for count in world.store.sent.values())


def test_only_a_start_after_a_crash_in_the_middle_of_a_call_says_so(world: World) -> None:
    call = world.send(world.recording(size=1000))
    world.until(lambda: world.job(call).stored >= 300)
    world.restart()
    assert [event.interrupted for event in world.events if isinstance(event, Snapshot)] == [False, True]

    world.until(lambda: world.job(call).stored >= 500)
    stop_in_order(world)
    world.start()
    assert [event.interrupted for event in world.events if isinstance(event, Snapshot)][-1] is False


def test_a_stop_that_could_not_wait_for_a_call_is_no_crash(world: World) -> None:
    call = world.send(world.recording(size=1000))
    world.until(lambda: world.job(call).stored >= 300)
    assert world.pool.tasks, "a part is under way"
    world.engine.stop()
    world.engine.turn()
    world.clock.advance(60)
    world.engine.turn()
    assert world.engine.ended
    world.start()
    assert [event.interrupted for event in world.events if isinstance(event, Snapshot)][-1] is False
    world.until_done(call)


def stop_in_order(world: World) -> None:
    world.engine.stop()
    while not world.engine.ended:
        world.engine.turn()
        while world.pool.tasks:
            world.pool.run_one()


def test_while_held_nothing_is_sent_and_everything_is_kept(world: World) -> None:
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.engine.hold(held=True)
    world.rest()
    kept = world.job(call).stored
    world.clock.advance(900)
    world.rest()
    assert world.job(call).stored == kept
    assert world.state(call) is State.QUEUED
    world.engine.hold(held=False)
    world.until_done(call)
    world.arrived_whole_and_once(call, path)


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize("lists_checksums", [True, False])
def test_no_stored_part_is_sent_again_whatever_the_store_tells_of_checksums(
    tmp_path: Path, *, algorithm: Algorithm, lists_checksums: bool
) -> None:
    world = World(tmp_path, algorithm=algorithm, lists_checksums=lists_checksums)
    world.faults.fail("complete", Moment.BEFORE, LOST)
    path = world.recording(size=1000)
    call = world.send(path)
    world.until(lambda: world.job(call).stored >= 300)
    world.restart()
    world.until_done(call)
    world.arrived_whole_and_once(call, path)
    assert all(count == 1 for count in world.store.sent.values())
    world.close()
