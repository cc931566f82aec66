"""Pause all and resume all, by their buttons."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt

from callup_desktop.engine.errors import Code
from callup_desktop.engine.job import State, Trouble
from tests.ui import samples
from tests.ui.conftest import Rig
from tests.ui.fake_engine import NOW

Make = Callable[..., tuple[Path, ...]]


def send(rig: Rig, *paths: Path) -> None:
    before = len(rig.engine.jobs)
    rig.drop(*paths)
    rig.wait_jobs(before + len(paths))
    rig.type_form()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)


def test_a_call_sent_while_everything_is_paused_waits_and_the_rep_is_told(rig: Rig, recordings: Make) -> None:
    first, second = recordings("one.wav", "two.wav")
    rig.start()
    send(rig, first)
    rig.click(rig.window.status_bar.pause_all)

    send(rig, second)

    assert {job.state for job in rig.engine.jobs.values()} == {State.PAUSED}
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "Everything is paused. What you send now goes once you resume."
    assert rig.window.status_bar.resume_all.isVisible()
    assert not rig.window.status_bar.pause_all.isVisible()

    rig.click(rig.window.status_bar.resume_all)

    assert {job.state for job in rig.engine.jobs.values()} == {State.RUNNING}
    assert rig.window.status_bar.pause_all.isVisible()


def test_calls_that_wait_for_it_to_act_are_paused_with_the_others(rig: Rig) -> None:
    denied = Trouble(Code.ACCESS_DENIED, NOW)
    blocked = replace(samples.sending(samples.working()[0], State.QUEUED, 100), trouble=denied)
    rig.engine.jobs, rig.engine.blocked = {blocked.id: blocked}, denied
    rig.start()

    rig.click(rig.window.status_bar.pause_all)

    assert rig.engine.jobs[blocked.id].state is State.PAUSED


def test_a_pause_of_everything_can_be_ended_when_its_last_call_is_gone(rig: Rig, recordings: Make) -> None:
    rig.start()
    send(rig, *recordings("one.wav"))
    rig.click(rig.window.status_bar.pause_all)
    rig.engine.cancel(tuple(rig.engine.jobs))
    rig.settle()

    assert rig.window.status_bar.line.idle == "Paused: new calls wait until you resume"
    rig.click(rig.window.status_bar.resume_all)
    assert not rig.engine.all_paused
