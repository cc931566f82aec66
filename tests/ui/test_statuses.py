"""What became of sent calls: asked in time, refreshed by a key, named in the receipt, green only where all is well."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Statuses
from callup_desktop.engine.job import State, Trouble
from callup_desktop.presentation.rows import Tab, Tone
from callup_desktop.ui import status_poller
from callup_desktop.ui.application import Application
from callup_desktop.ui.widgets.label import Label
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig, end
from tests.ui.fake_engine import NOW

Make = Callable[..., tuple[Path, ...]]


class Seconds:
    """Time that the test moves; it counts for the poller only."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    made = Seconds()
    monkeypatch.setattr(status_poller, "monotonic", made)
    return made


@pytest.fixture
def rig(qtbot: QtBot, qapp: Application) -> Iterator[Rig]:
    made = Rig(qtbot, qapp)
    made.engine.sent = samples.sent()
    yield made
    end(made)


def pass_time(rig: Rig, seconds: Seconds, span: float) -> None:
    """The poller's ticks in this span, without waiting for them."""
    until = seconds.now + span
    while seconds.now < until:
        seconds.now += status_poller.TICK / 1000
        rig.window.status_poller.poll()
    rig.settle()


def stage(rig: Rig, job_id: str) -> str:
    row = rig.lists.sent.row_at(rig.lists.sent.place_of(job_id))
    assert row is not None
    return row.stage


def lines(rig: Rig) -> dict[str, str]:
    details = rig.page.detail_pane._details
    assert details is not None
    return {line.label: line.value for line in details.lines}


def test_a_change_in_the_registry_is_shown_within_a_minute(rig: Rig, seconds: Seconds) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    pass_time(rig, seconds, 20)
    rig.engine.became[samples.CALL_ID] = "transcribing"

    pass_time(rig, seconds, 55)

    assert stage(rig, samples.CALL_ID) == "Transcribing"


def test_each_call_is_asked_for_once_in_a_while_and_no_more_once_it_is_completed(rig: Rig, seconds: Seconds) -> None:
    rig.engine.became["b"] = "completed"
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)

    pass_time(rig, seconds, 300)

    asked = [job_id for ids in rig.engine.asked for job_id in ids]
    assert 6 <= asked.count(samples.CALL_ID) <= 7
    assert asked.count("b") == 1


def test_looking_at_another_tab_in_between_does_not_put_the_next_question_off(rig: Rig, seconds: Seconds) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    for _ in range(4):
        pass_time(rig, seconds, 10)
        rig.lists.tabs.choose(Tab.LIVE)
        pass_time(rig, seconds, 5)
        rig.lists.tabs.choose(Tab.SENT)

    assert len([ids for ids in rig.engine.asked if samples.CALL_ID in ids]) == 2


def test_calls_that_come_into_view_are_asked_for_soon(rig: Rig, seconds: Seconds) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.lists.view.scrollToBottom()
    rig.settle()

    pass_time(rig, seconds, 5)

    assert "old-144" in rig.engine.asked[-1]
    assert samples.CALL_ID not in rig.engine.asked[-1]


def test_after_a_time_offline_or_hidden_the_question_comes_at_once(rig: Rig, seconds: Seconds) -> None:
    rig.start()
    rig.engine.set_online(online=False)
    rig.lists.tabs.choose(Tab.SENT)
    pass_time(rig, seconds, 100)
    assert rig.engine.asked == []

    rig.engine.set_online(online=True)
    pass_time(rig, seconds, 5)
    assert len(rig.engine.asked) == 1

    rig.window.hide()
    pass_time(rig, seconds, 100)
    assert len(rig.engine.asked) == 1
    rig.window.show()
    pass_time(rig, seconds, 5)
    assert len(rig.engine.asked) == 2


def test_the_program_ticks_by_itself(rig: Rig, seconds: Seconds) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    seconds.now += 100
    rig.window.status_poller._timer.setInterval(1)

    rig.qtbot.waitUntil(lambda: len(rig.engine.asked) == 2, timeout=WITHIN)


def test_a_trouble_of_storage_does_not_keep_the_registry_from_being_asked(rig: Rig) -> None:
    rig.engine.blocked = Trouble(Code.ACCESS_DENIED, NOW)
    rig.start()

    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()

    assert len(rig.engine.asked) == 1


def test_a_key_asks_at_once(rig: Rig) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    rig.engine.became[samples.CALL_ID] = "analyzing"

    rig.key(rig.lists.view, Qt.Key.Key_F5)

    assert stage(rig, samples.CALL_ID) == "Analyzing"


def test_the_context_menu_asks_for_the_selected_calls(rig: Rig) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()
    menu = rig.lists.view.menu_for(rig.lists.view.selected_jobs())

    next(entry for entry in menu.actions() if entry.text() == "Refresh status").trigger()
    menu.close()

    assert rig.engine.asked[-1] == (samples.CALL_ID,)


def test_a_refresh_without_a_way_to_the_registry_says_so(rig: Rig) -> None:
    rig.engine.set_online(online=False)
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()

    rig.key(rig.lists.view, Qt.Key.Key_F5)

    assert rig.engine.asked == []
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "The statuses can't be read at the moment. They follow by themselves."


def test_the_receipt_names_the_status_and_follows_it(rig: Rig, seconds: Seconds) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()
    assert lines(rig)["Status"] == "Sent"

    rig.engine.became[samples.CALL_ID] = "transcribed"
    pass_time(rig, seconds, 60)

    assert lines(rig)["Status"] == "Transcribed"


def test_the_receipt_of_a_call_that_was_just_sent_follows_its_status_too(
    rig: Rig, seconds: Seconds, recordings: Make
) -> None:
    rig.engine.sent = []
    rig.start().drop(*recordings("Hooli.wav"))
    rig.wait_jobs(1)
    (job_id,) = rig.engine.jobs
    rig.type_form()
    rig.key(rig.page.form.email, Qt.Key.Key_Return)
    rig.engine.finish(job_id)
    rig.settle()
    rig.engine.became[job_id] = "transcribing"

    pass_time(rig, seconds, 60)

    assert rig.lists.tab is Tab.LIVE
    assert lines(rig)["Status"] == "Transcribing"


@pytest.mark.parametrize(
    ("status", "words", "tone"),
    [
        ("uploaded", "Sent", Tone.OK),
        ("transcribing", "Transcribing", Tone.ACCENT),
        ("completed", "Completed", Tone.OK),
        ("failed", "Processing failed", Tone.BAD),
        ("transcription_failed", "Processing failed", Tone.BAD),
        ("quarantined", "quarantined", Tone.PLAIN),
        ("", "Not in the call list", Tone.WARNING),
    ],
)
def test_only_what_is_known_to_be_well_is_green(rig: Rig, status: str, words: str, tone: Tone) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((samples.CALL_ID,))
    rig.window.on_reported(Statuses(((samples.CALL_ID, status),)))
    rig.settle()

    row = rig.lists.sent.row_at(0)
    assert row is not None
    assert (row.stage, row.tone) == (words, tone)
    assert lines(rig)["Status"] == words


@pytest.mark.parametrize("status", ["failed", ""])
def test_a_file_is_not_called_safe_to_delete_where_its_call_did_not_do_well(rig: Rig, status: str) -> None:
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.lists.view.select((samples.CALL_ID,))
    rig.window.on_reported(Statuses(((samples.CALL_ID, status),)))
    rig.settle()

    details = rig.page.detail_pane._details
    assert details is not None
    assert "safe" not in details.notice
    assert "Keep the file" in details.notice
    assert details.notice_tone is not Tone.OK


@pytest.mark.parametrize(
    ("status", "is_promised"),
    [("uploaded", True), ("transcribing", True), ("failed", False), ("completed", False), ("", False)],
)
def test_the_receipt_promises_no_processing_of_a_call_that_failed_or_is_done(
    rig: Rig, status: str, *, is_promised: bool
) -> None:
    rig.start().lists.tabs.choose(Tab.SENT)
    rig.settle()
    rig.lists.views[Tab.SENT].select((samples.CALL_ID,))
    rig.window.on_reported(Statuses(((samples.CALL_ID, status),)))
    rig.settle()

    words = [label.text() for label in rig.page.detail_pane.findChildren(Label) if label.isVisible()]
    assert ("Audio file uploaded successfully. Processing will begin shortly." in words) is is_promised


def test_a_call_that_is_not_sent_has_no_status(rig: Rig) -> None:
    rig.engine.jobs = {"a": replace(samples.working()[0], id="a", state=State.RUNNING)}
    rig.start()
    rig.lists.view.select(("a",))
    rig.settle()

    assert "Status" not in lines(rig)
