"""The wish to send is a fact: a draft that cannot go yet keeps it, with its details, and goes by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import Job, State
from callup_desktop.files.errors import NotReadyError, Refusal, Wait
from callup_desktop.recordings.recording import Doubt, Doubtful, Recording
from tests.engine.world import DETAILS, World, plain_probe


@dataclass
class Recorder:
    """A recorder that has not finished its file; then what the probe says of it."""

    writing: bool = True
    doubts: tuple[Doubtful, ...] = ()
    asked: list[Path] = field(default_factory=list)

    def probe(self, path: Path, **hooks: object) -> Recording:
        self.asked.append(path)
        if self.writing:
            raise NotReadyError(Wait.UNFINISHED)
        found = plain_probe(path, **hooks)  # type: ignore[arg-type]  # the hooks of a probe
        return Recording(found.format, found.size, 1.0, 1, 8000, 64000, self.doubts, found.crc64nvme, found.crc32)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def world(tmp_path: Path, recorder: Recorder) -> Iterator[World]:
    made = World(tmp_path, probe=recorder.probe)
    yield made
    made.close()


def send_unfinished(world: World, *, anyway: bool = False) -> str:
    world.engine.add((world.recording(),), ids=("call",))
    world.engine.send(("call",), DETAILS, anyway=anyway)
    world.until(lambda: world.known("call") and world.job("call").awaits_file)
    return "call"


def details_of(job: Job) -> tuple[str, str, str]:
    return job.details.company_name, job.details.contact_email, job.details.call_type


def test_a_recording_that_is_still_written_keeps_its_details_and_goes_by_itself(
    world: World, recorder: Recorder
) -> None:
    call = send_unfinished(world)
    assert details_of(world.job(call)) == ("Acme Corp", "john@acme.com", "demo")
    assert world.job(call).send_asked_at is not None
    assert not world.rejections()

    recorder.writing = False

    world.until_done(call)
    world.arrived_whole_and_once(call, world.folder / "call.mp3")


def test_the_wish_survives_a_crash(world: World, recorder: Recorder) -> None:
    call = send_unfinished(world)
    recorder.writing = False

    world.restart()

    world.until_done(call)
    assert details_of(world.job(call)) == ("Acme Corp", "john@acme.com", "demo")


def test_a_crash_between_the_verdict_and_the_sending_loses_nothing(world: World, recorder: Recorder) -> None:
    call = send_unfinished(world)
    recorder.writing = False
    world.until(lambda: world.job(call).recording is not None)

    world.restart()

    world.until_done(call)


def test_a_doubt_that_the_probe_finds_later_asks_the_rep_and_ends_the_wish(world: World, recorder: Recorder) -> None:
    recorder.doubts = (Doubtful(Doubt.SILENT),)
    call = send_unfinished(world)
    recorder.writing = False

    world.until(lambda: bool(world.rejections()))

    assert world.rejections()[-1].code is Rejection.DOUBT
    assert world.job(call).send_asked_at is None
    assert world.state(call) is State.DRAFT
    world.rest()
    assert len(world.rejections()) == 1, "one question, not one a turn"


def test_a_doubt_that_was_answered_beforehand_does_not_ask_again(world: World, recorder: Recorder) -> None:
    recorder.doubts = (Doubtful(Doubt.SILENT),)
    call = send_unfinished(world, anyway=True)
    recorder.writing = False

    world.until_done(call)

    assert not world.rejections()


def test_a_draft_that_is_taken_back_while_it_waits_is_not_sent(world: World, recorder: Recorder) -> None:
    call = send_unfinished(world)

    world.engine.cancel((call,))
    recorder.writing = False

    world.until(lambda: not world.known(call))
    world.nothing_is_left(call)


def test_what_was_asked_to_be_sent_leaves_in_the_moment_it_is_read(world: World, recorder: Recorder) -> None:
    recorder.writing = False
    before = world.clock.ticks
    world.engine.add((world.recording(),), ids=("call",))
    world.engine.send(("call",), DETAILS)

    world.rest()

    assert world.state("call") is State.DONE
    assert world.clock.ticks == before, "nobody waited"


def test_a_file_that_is_turned_away_says_its_own_reason_and_keeps_the_wish(world: World, recorder: Recorder) -> None:
    recorder.writing = False
    path = world.recording()
    path.write_bytes(b"no recording")
    world.engine.add((path,), ids=("call",))
    world.engine.send(("call",), DETAILS)

    world.rest()
    world.rest()

    job = world.job("call")
    assert job.turned_away
    assert job.trouble is not None
    assert job.trouble.code == Refusal.UNSUPPORTED
    assert not world.rejections()
    path.write_bytes(b"a recording after all")
    world.engine.retry(("call",))
    world.until_done("call")
