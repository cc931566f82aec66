"""Pause all means all, over restarts too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.engine.events import Event
from callup_desktop.engine.job import State
from callup_desktop.instance.handler import RequestHandler
from callup_desktop.instance.messages import Request
from tests.engine.world import DETAILS, World
from tests.fakes.faults import Moment


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def test_everything_stays_paused_over_a_restart_until_all_is_resumed(world: World) -> None:
    world.engine.pause_all()
    first = world.send(world.recording("first.mp3"))
    world.rest()
    world.restart()
    second = world.send(world.recording("second.mp3"))
    world.rest()
    assert {world.state(first), world.state(second)} == {State.PAUSED}
    assert world.status().paused

    world.engine.resume_all()
    world.until_done(first, second)
    world.restart()
    assert not world.status().paused


def test_a_call_that_waits_for_it_to_act_is_paused_with_the_others(world: World) -> None:
    world.faults.fail("create", Moment.BEFORE, AccountError(Code.ACCESS_DENIED, "AccessDenied"))
    job_id = world.send(world.recording())
    world.until(lambda: world.job(job_id).trouble is not None)

    world.engine.pause_all()
    world.rest()

    assert world.state(job_id) is State.PAUSED


def test_a_recording_that_was_asked_to_be_sent_while_it_was_read_is_paused_once_it_is_read(world: World) -> None:
    world.engine.add((world.recording(),), ids=("call",))
    world.engine.send(("call",), DETAILS)
    world.engine.turn()
    world.engine.pause_all()

    world.until(lambda: world.job("call").recording is not None and world.job("call").send_asked_at is None)

    assert world.state("call") is State.PAUSED


def test_the_console_that_resumes_all_ends_the_pause_of_the_window(world: World) -> None:
    handler = RequestHandler()
    handler.serve(world.engine, "")
    world.engine.pause_all()
    job_id = world.send(world.recording())
    heard: list[Event] = list(world.events)
    for event in heard:
        handler.report(event)

    handler.open_session()(Request(verb="resume"))
    world.until_done(job_id)

    assert not world.status().paused
