"""Transcripts: a completed call opens its page, and a notification says when it is there, whether or not one looks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from callup_desktop.engine.events import JobChanged, SentPage, Statuses
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.notifications import Notification
from callup_desktop.presentation.rows import Action, Tab
from callup_desktop.presentation.transcripts import Transcripts
from callup_desktop.ui.application import Application
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.system.tray import Tray
from callup_desktop.ui.transcript_poller import TranscriptPoller
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_engine import NOW

TEMPLATE = "https://calls.acme.com/transcripts/{call_id}"


class ListeningTray(Tray):
    """Remembers what it was to show."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.shown: list[str] = []

    @property
    def available(self) -> bool:
        return True

    def notify(self, notification: Notification) -> None:
        self.shown.append(notification.title)


@pytest.fixture
def rig(qtbot: QtBot, qapp: Application) -> Iterator[Rig]:
    profile = samples.PROFILE.model_copy(update={"transcript_url": TEMPLATE})
    desktop = FakeDesktop()
    made = Rig(qtbot, qapp, Environment(desktop=desktop, make_tray=ListeningTray), profile)
    made.desktop = desktop
    yield made
    end(made)


def select_first_sent(rig: Rig) -> None:
    rig.engine.sent = samples.sent()[:2]
    rig.start().lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()


def test_a_completed_call_opens_its_transcript(rig: Rig) -> None:
    rig.engine.became = {samples.CALL_ID: "completed"}
    select_first_sent(rig)

    rig.click(rig.page.detail_pane.buttons[Action.OPEN_TRANSCRIPT])

    assert rig.desktop.opened == [f"https://calls.acme.com/transcripts/{samples.CALL_ID}"]


@pytest.mark.parametrize("status", ["uploaded", "transcribed", "failed"])
def test_a_call_that_is_not_completed_has_none(rig: Rig, status: str) -> None:
    rig.engine.became = {samples.CALL_ID: status}
    select_first_sent(rig)

    assert not rig.page.detail_pane.buttons[Action.OPEN_TRANSCRIPT].isVisible()


def test_without_a_page_in_the_profile_there_is_none(qtbot: QtBot, qapp: Application) -> None:
    rig = Rig(qtbot, qapp)
    rig.engine.became = {samples.CALL_ID: "completed"}
    select_first_sent(rig)

    assert not rig.page.detail_pane.buttons[Action.OPEN_TRANSCRIPT].isVisible()
    assert rig.window.transcripts is None
    end(rig)


def test_a_transcript_that_is_ready_is_told_of_while_the_window_is_hidden(
    rig: Rig, recordings: Callable[..., tuple[Path, ...]]
) -> None:
    assert rig.window.transcripts is not None
    rig.window.transcripts.stop()
    often = TranscriptPoller(rig.engine, rig.window._state, Transcripts(Messages()), lambda: NOW, rig.window, every=20)
    rig.window.transcripts = often
    often.found.connect(rig.window.close_policy.notify)
    rig.start().drop(*recordings("Acme.wav"))
    rig.wait_jobs(1)
    rig.type_form()
    rig.click(rig.page.form.send_button)
    rig.window.close()
    (job_id,) = rig.engine.jobs
    rig.engine.finish(job_id)
    rig.qtbot.waitUntil(lambda: (job_id,) in rig.engine.asked, timeout=WITHIN)
    tray = rig.window.tray
    assert isinstance(tray, ListeningTray)
    assert "The transcript of Acme.wav is ready" not in tray.shown

    rig.engine.became = {job_id: "completed"}
    rig.qtbot.waitUntil(lambda: "The transcript of Acme.wav is ready" in tray.shown, timeout=WITHIN)

    asked = len(rig.engine.asked)
    often._poll()
    assert len(rig.engine.asked) == asked, "nothing is awaited any more"


# --- what is news ----------------------------------------------------------------------------------------------------


def awaiting(*names: str) -> tuple[Transcripts, tuple[str, ...]]:
    transcripts = Transcripts(Messages())
    jobs = [samples.done(samples.draft(name, f"{name}.wav", 1, 1, samples.ACME), NOW) for name in names]
    for job in jobs:
        assert transcripts.take(JobChanged(job), job) is None
    return transcripts, tuple(job.id for job in jobs)


def titles(transcripts: Transcripts, *statuses: tuple[str, str]) -> str:
    found = transcripts.take(Statuses(statuses), None)
    return found.title if found else ""


def test_a_transcript_is_news_once() -> None:
    transcripts, _ids = awaiting("a")

    assert titles(transcripts, ("a", "transcribing")) == ""
    assert titles(transcripts, ("a", "completed")) == "The transcript of a.wav is ready"
    assert titles(transcripts, ("a", "completed")) == ""
    assert transcripts.awaited(NOW) == ()


def test_several_at_once_are_one_notification() -> None:
    transcripts, _ids = awaiting("a", "b")

    assert titles(transcripts, ("a", "completed"), ("b", "completed")) == "2 transcripts are ready"


def test_what_was_ready_before_the_start_is_no_news_and_what_becomes_so_is() -> None:
    transcripts = Transcripts(Messages())
    old, late = (samples.done(samples.draft(name, f"{name}.wav", 1, 1), NOW) for name in ("old", "late"))
    transcripts.take(SentPage(0, "", (old, late), 2), None)

    assert titles(transcripts, ("old", "completed"), ("late", "transcribing")) == ""
    assert transcripts.awaited(NOW) == ("late",)
    assert titles(transcripts, ("late", "completed")) == "The transcript of late.wav is ready"


def test_nobody_asks_for_ever() -> None:
    transcripts, ids = awaiting("a")

    assert transcripts.awaited(NOW + timedelta(hours=23)) == ids
    assert transcripts.awaited(NOW + timedelta(hours=24)) == ()


def test_a_call_that_is_taken_off_the_list_is_not_asked_for() -> None:
    transcripts, _ids = awaiting("a")
    transcripts.take(JobChanged(samples.done(samples.draft("a", "a.wav", 1, 1), NOW), gone=True), None)

    assert transcripts.awaited(NOW) == ()
