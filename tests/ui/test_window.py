"""The window beside the main job: tabs, search, paging, banner, tray, settings, second start, restart."""

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, QUrl
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from callup_desktop.config.paths import Home
from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.engine.errors import Code, Rejection
from callup_desktop.engine.events import CommandRejected, JobChanged, ResumedFromSleep, Snapshot, Status, Stopped
from callup_desktop.engine.job import State, Trouble
from callup_desktop.engine.ports import CheckResult, CheckStep
from callup_desktop.presentation.notifications import Notification
from callup_desktop.presentation.queue_summary import Remedy
from callup_desktop.presentation.rows import Action, ActionRequest, Tab, Tone
from callup_desktop.ui.application import Application
from callup_desktop.ui.call_list.model import PAGE
from callup_desktop.ui.report_dialog import ReportDialog
from callup_desktop.ui.settings_dialog import SettingsDialog
from callup_desktop.ui.shutdown import RESTART, Shutdown
from callup_desktop.ui.system.environment import Environment, environment_of
from callup_desktop.ui.system.network_hints import NetworkHints
from callup_desktop.ui.system.tray import Tray
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection
from tests.ui.fake_engine import NOW

Make = Callable[..., tuple[Path, ...]]


BADGES: list[int] = []


class RecordingTray(Tray):
    """A tray that is there, and keeps its notifications."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.notifications: list[Notification] = []

    @property
    def available(self) -> bool:
        return True

    def notify(self, notification: Notification) -> None:
        self.notifications.append(notification)


class ToldHints(NetworkHints):
    """What a test says of the network, and nothing of the one that this computer is in."""

    def __init__(self) -> None:
        QObject.__init__(self)

    def start(self) -> None:
        pass


@pytest.fixture
def equipped(qtbot: QtBot, qapp: Application, tmp_path: Path) -> Iterator[Rig]:
    """A window with tray, connection, network hints, and preferences on disk."""
    environment = Environment(
        desktop=FakeDesktop(),
        preferences=PreferencesFile(tmp_path / "preferences.toml"),
        network=ToldHints(),
        connection=FakeConnection(),
        profile_file="acme-sales.callup",
        logs=tmp_path / "logs",
        make_tray=RecordingTray,
        show_badge=BADGES.append,
    )
    rig = Rig(qtbot, qapp, environment)
    yield rig
    end(rig)


def tray_of(rig: Rig) -> RecordingTray:
    assert isinstance(rig.window.tray, RecordingTray)
    return rig.window.tray


def with_jobs(rig: Rig, *, offline: bool = False) -> Rig:
    jobs = samples.offline() if offline else samples.working()
    rig.engine.jobs = {job.id: job for job in jobs}
    rig.engine.online = not offline
    return rig.start()


def test_a_window_whose_servers_are_here_hears_nothing_of_the_network(qapp: Application, tmp_path: Path) -> None:
    here, command = Home(tmp_path, tmp_path, tmp_path), ("callup-desktop",)

    assert environment_of(here, qapp, command=command, needs_network=False).network is None
    assert isinstance(environment_of(here, qapp, command=command).network, NetworkHints)


# --- lists ------------------------------------------------------------------------------------------------------------


def test_an_empty_window_is_one_large_drop_zone_and_a_working_one_a_strip(rig: Rig, recordings: Make) -> None:
    rig.start()
    assert not rig.lists.tabs.isVisible()
    height = rig.page.drop_zone.height()

    rig.drop(*recordings("one.wav"))
    rig.wait_jobs(1)

    assert rig.lists.tabs.isVisible()
    assert rig.page.drop_zone.height() < height / 3


def test_a_window_says_nothing_of_its_calls_before_they_were_read(rig: Rig) -> None:
    rig.window.show()
    rig.settle()
    texts = {label.text() for label in rig.window.findChildren(QLabel) if label.isVisible()}
    assert "Nothing waiting" not in texts
    assert not rig.page.drop_zone.isVisible()
    assert not rig.lists.isVisible()

    jobs = samples.working()
    rig.engine.jobs = {job.id: job for job in jobs}
    rig.engine.report(Snapshot(jobs, ()))
    rig.settle()
    assert not rig.page.drop_zone.isVisible()
    rig.engine.tell_status()

    assert rig.lists.isVisible()
    assert not rig.page.drop_zone.chooser_of(large=True).isVisible()
    assert rig.window.focusWidget() is rig.page.drop_zone.chooser_of(large=False)


def test_the_drop_zone_shows_that_a_drop_is_welcome_and_calms_down(rig: Rig, recordings: Make) -> None:
    rig.start()
    before = rig.page.drop_zone.grab().toImage()
    rig.page.drop_zone.set_highlighted(highlighted=True)
    assert rig.page.drop_zone.grab().toImage() != before

    rig.drop(*recordings("one.wav"))

    assert not rig.page.drop_zone.is_highlighted
    rig.wait_jobs(1)


def test_tabs_count_and_needs_you_holds_only_what_needs_the_rep(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.tabs.choose(Tab.NEEDS)

    assert [rig.lists.tabs.buttons[tab].accessibleName() for tab in Tab] == [
        "In progress 6",
        "Needs you 1",
        "Sent 0",
    ]
    assert rig.names() == ["notes.mp3"]


def test_search_limits_every_tab_to_what_matches(rig: Rig) -> None:
    rig.engine.sent = samples.sent()
    with_jobs(rig)
    rig.lists.search.setFocus()
    rig.keys(rig.lists.search, "globex")
    rig.qtbot.waitUntil(lambda: rig.names() == ["globex-demo.mp3"], timeout=WITHIN)

    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()

    assert rig.names() == ["globex-demo.mp3"]


def test_a_search_without_a_match_says_so(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.search.setText("nobody")
    rig.qtbot.waitUntil(lambda: rig.lists.card.empty_label.isVisible(), timeout=WITHIN)

    assert rig.lists.card.empty_label.text() == "No call matches this search."


def test_sent_calls_are_read_page_by_page_as_they_come_into_view(rig: Rig) -> None:
    (known,) = samples.sent()[:1]
    rig.engine.sent = [replace(known, id=f"call-{number}") for number in range(100_000)]
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    assert rig.lists.sent.rowCount() == 100_000
    assert set(rig.engine.paged) == {0}

    rig.lists.view.scrollTo(rig.lists.sent.index(50_000, 0))
    rig.settle()
    rig.settle()

    assert {offset // PAGE for offset in rig.engine.paged} <= {0, 499, 500, 501}
    row = rig.lists.sent.row_at(50_000)
    assert row is not None
    assert row.id == "call-50000"


def test_a_call_sent_just_now_stands_first_and_pages_keep_their_places(rig: Rig) -> None:
    rig.engine.sent = samples.sent()
    with_jobs(rig)
    before = rig.lists.sent.job_at(0)
    assert before is not None

    rig.engine.finish("d")
    rig.settle()

    first, second = rig.lists.sent.job_at(0), rig.lists.sent.job_at(1)
    assert first is not None
    assert second is not None
    assert (first.id, second.id) == ("d", before.id)
    assert rig.lists.sent.place_of(before.id) == 1


def test_a_sent_call_is_queued_again_from_its_menu_and_comes_back_to_the_sent_ones(rig: Rig) -> None:
    """As where somebody purged the queue before the transcript began."""
    rig.engine.sent = samples.sent()
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    before = rig.names()
    job = rig.lists.sent.job_at(0)
    assert job is not None
    view = rig.lists.view
    labels = {action.text(): action for action in view.menu_for((job,)).actions()}
    assert "Queue again" in labels

    rig.window.call_actions.perform(ActionRequest(Action.ANNOUNCE, (job.id,)))
    rig.settle()

    assert rig.lists.sent.place_of(job.id) == -1
    assert rig.engine.jobs[job.id].announced_at is None

    rig.engine.finish(job.id)
    rig.settle()

    assert rig.names()[0] == before[0]


def test_the_status_of_sent_calls_is_asked_in_one_query_for_those_in_view(rig: Rig) -> None:
    rig.engine.sent = samples.sent()
    rig.engine.became = {samples.CALL_ID: "transcribing", "b": "completed"}
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    assert len(rig.engine.asked) == 1
    assert samples.CALL_ID in rig.engine.asked[0]
    row = rig.lists.sent.row_at(0)
    assert row is not None
    assert row.stage == "Transcribing"

    rig.window.status_poller.poll()

    assert len(rig.engine.asked) == 1, "asked twice within a minute"
    assert "b" not in rig.window.status_poller.unfinished_in_view()


@pytest.mark.parametrize("trouble", [None, Trouble(Code.REGISTRY_DENIED, NOW)])
def test_nothing_is_asked_of_a_registry_that_cannot_answer(rig: Rig, trouble: Trouble | None) -> None:
    rig.engine.sent = samples.sent()
    rig.engine.online, rig.engine.blocked = trouble is not None, trouble
    rig.start()

    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()

    assert rig.engine.asked == []


def test_ten_thousand_calls_are_one_reset_and_only_rows_in_view_are_written(rig: Rig) -> None:
    known = samples.working()[0]
    rig.engine.jobs = {f"j{n}": replace(known, id=f"j{n}") for n in range(10_000)}
    rig.start()

    assert rig.lists.live.rowCount() == 10_000
    assert 0 < len(rig.lists.live._written) < 100


def test_changes_that_come_together_are_one_data_changed(rig: Rig) -> None:
    with_jobs(rig)
    spy: list[tuple[int, int]] = []
    rig.lists.live.dataChanged.connect(lambda first, last, _roles: spy.append((first.row(), last.row())))
    for job_id in ("a", "b", "c"):
        job = rig.engine.jobs.get(job_id)
        if job is not None:
            rig.window.on_reported(JobChanged(job))

    rig.settle()

    assert spy == [(1, 2)]


def test_rows_are_equally_tall_in_every_list_whenever_it_was_filled(rig: Rig) -> None:
    rig.engine.sent = samples.sent()
    with_jobs(rig)
    heights = {}
    for tab in Tab:
        rig.lists.tabs.choose(tab)
        rig.settle()
        heights[tab] = rig.lists.view.visualRect(rig.lists.view.model().index(0, 0)).height()

    assert len(set(heights.values())) == 1, heights


# --- acting -----------------------------------------------------------------------------------------------------------


def test_the_context_menu_offers_what_the_selected_calls_can_do(rig: Rig) -> None:
    with_jobs(rig)
    view = rig.lists.view
    view.select(("b", "c"))

    menu = view.menu_for(view.selected_jobs())

    messages = [action.text() for action in menu.actions()]
    assert messages == ["Pause", "Resume", "Edit details", "Copy call ID", "Show file", "Play", "Remove"]
    menu.actions()[0].trigger()
    assert rig.engine.jobs["b"].state is State.PAUSED
    menu.close()


def test_show_file_and_copy_reach_the_desktop(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.view.select(("b",))
    rig.settle()

    rig.click(rig.page.detail_pane.buttons[Action.SHOW_FILE])

    assert rig.desktop.shown == [rig.engine.jobs["b"].path]


def test_a_command_that_was_refused_is_answered_with_a_sentence(rig: Rig) -> None:
    with_jobs(rig)

    rig.window.on_reported(CommandRejected("b", Rejection.REGISTERED))

    assert rig.notice.alert is not None
    assert "can't be taken back" in rig.notice.alert.lead
    assert rig.notice.alert.text == "globex-demo.mp3"
    rig.click(rig.notice.closer)
    assert not rig.notice.isVisible()


def test_enter_on_a_draft_puts_the_cursor_into_the_first_empty_field(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)
    rig.lists.view.setFocus()

    rig.key(rig.lists.view, Qt.Key.Key_Return)

    assert rig.page.form.company.hasFocus()


def test_drafts_are_there_again_with_what_was_typed(
    rig: Rig, recordings: Make, qtbot: QtBot, qapp: Application
) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)
    rig.type_form("Hooli", "gavin@hooli.com", "Sales")
    rig.window.close_policy.quit_now()

    again = Rig(qtbot, qapp)
    again.engine.jobs = dict(rig.engine.jobs)
    again.start()
    again.lists.view.select(tuple(again.engine.jobs))
    again.settle()

    form = again.page.form
    assert (form.company.text(), form.email.text()) == ("Hooli", "gavin@hooli.com")
    assert [button.text() for button in form.call_type.buttons if button.isChecked()] == ["Sales"]
    end(again)


# --- files from elsewhere ---------------------------------------------------------------------------------------------


def test_pasted_files_are_taken(rig: Rig, recordings: Make) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in recordings("one.wav")])
    QGuiApplication.clipboard().setMimeData(data)
    rig.start()

    rig.window.intake.paste()

    rig.wait_jobs(1)
    # Qt ends what lies on the clipboard after Python has ended, which an object made in Python does not survive.
    QGuiApplication.clipboard().clear()


def test_a_pasted_path_is_taken_and_other_text_is_answered(rig: Rig, recordings: Make) -> None:
    (path,) = recordings("one.wav")
    rig.start()
    rig.drop(text="hello there")
    assert rig.notice.alert is not None

    rig.drop(text=f'"{path}"')

    rig.wait_jobs(1)


def test_files_opened_with_us_reach_the_window(rig: Rig, recordings: Make, qapp: Application) -> None:
    (path,) = recordings("one.wav")
    rig.start()
    qapp.files_opened.connect(rig.window.take_files)

    QApplication.sendEvent(qapp, QFileOpenEvent(str(path)))

    rig.wait_jobs(1)
    qapp.files_opened.disconnect(rig.window.take_files)


def test_a_second_start_raises_a_hidden_window_and_brings_its_files(rig: Rig, recordings: Make) -> None:
    rig.start()
    rig.window.hide()

    rig.window.take_files(recordings("one.wav"))

    assert rig.window.isVisible()
    rig.wait_jobs(1)


# --- banner and network -----------------------------------------------------------------------------------------------


def test_offline_is_said_in_the_banner_until_it_is_over(rig: Rig) -> None:
    with_jobs(rig, offline=True)
    assert rig.window.banner.alert is not None
    assert rig.window.banner.alert.lead == "You are offline."

    rig.engine.set_online(online=True)
    rig.settle()

    assert not rig.window.banner.isVisible()


def test_an_account_trouble_is_checked_again_and_copied_for_it(rig: Rig) -> None:
    rig.engine.blocked = Trouble(Code.KEYS_REVOKED, NOW, "InvalidAccessKeyId AKIAIOSFODNN7EXAMPLE")
    with_jobs(rig)
    rig.click(rig.window.banner.buttons[Remedy.COPY_FOR_IT])
    dialog = rig.dialog
    assert isinstance(dialog, ReportDialog)
    report = dialog.text.toPlainText()
    assert "keys_revoked" in report
    assert "AKIAIOSFODNN7EXAMPLE" not in report
    rig.click(dialog.copy_button)
    assert rig.desktop.clipboard == report

    rig.click(rig.window.banner.buttons[Remedy.CHECK_AGAIN])

    assert rig.engine.blocked is None
    assert not rig.window.banner.isVisible()


def test_a_call_that_waits_for_it_offers_the_report_itself(rig: Rig) -> None:
    with_jobs(rig, offline=True)
    rig.lists.view.select(("c",))
    rig.settle()

    rig.click(rig.page.detail_pane.buttons[Action.COPY_FOR_IT])

    report = rig.dialog
    assert isinstance(report, ReportDialog)
    assert "access_denied" in report.text.toPlainText()
    report.reject()


def test_a_metered_network_holds_until_the_rep_sends_anyway(equipped: Rig) -> None:
    with_jobs(equipped)
    network = equipped.window._environment.network
    assert network is not None
    network.metered_seen.emit(True)  # noqa: FBT003 - a signal's payload
    assert equipped.engine.held
    assert equipped.window.banner.alert is not None

    equipped.click(equipped.window.banner.buttons[Remedy.SEND_ANYWAY])

    assert not equipped.engine.held
    assert not equipped.window.banner.isVisible()


def test_a_sign_in_page_is_offered_and_checked_again_when_it_is_gone(equipped: Rig) -> None:
    with_jobs(equipped)
    network = equipped.window._environment.network
    assert network is not None
    network.portal_seen.emit(True)  # noqa: FBT003 - a signal's payload

    equipped.click(equipped.window.banner.buttons[Remedy.OPEN_SIGN_IN])

    desktop = equipped.window._environment.desktop
    assert isinstance(desktop, FakeDesktop)
    assert desktop.opened[0].startswith("http://")
    network.portal_seen.emit(False)  # noqa: FBT003 - a signal's payload
    assert not equipped.window.banner.isVisible()


def test_an_engine_that_could_not_go_on_says_why(rig: Rig) -> None:
    rig.start()
    rig.window.on_reported(Stopped(Trouble("journal_newer", NOW)))
    rig.settle()

    assert rig.window.banner.alert is not None
    assert rig.window.banner.alert.lead.startswith("A newer version")


@pytest.mark.parametrize(
    ("began", "sentence"),
    [
        ({"interrupted": True}, "We closed unexpectedly. Your uploads are continuing."),
        ({"repaired": 2}, "We repaired the upload list. Please check the last 2 recordings."),
        ({"repaired": 1, "interrupted": True}, "We repaired the upload list. Please check the last recording."),
    ],
)
def test_what_went_wrong_before_the_start_is_shown_until_it_is_closed(
    rig: Rig, began: dict[str, object], sentence: str
) -> None:
    rig.start()
    rig.window.on_reported(Snapshot((), (), **began))  # type: ignore[arg-type]  # facts of a test

    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == sentence
    assert not rig.window.notices._timer.isActive()


def test_a_disk_that_fills_up_is_told_in_a_banner_until_there_is_room(rig: Rig) -> None:
    with_jobs(rig)
    rig.engine.blocked = Trouble(Code.JOURNAL_DISK_FULL, NOW, "database or disk is full")
    rig.engine.tell_status()
    rig.settle()
    alert = rig.window.banner.alert
    assert alert is not None
    assert alert.lead == "This computer is almost out of space. Free 200 MB so we can keep track of your uploads."

    rig.engine.blocked = None
    rig.engine.tell_status()
    rig.settle()

    assert rig.window.banner.alert is None


def test_a_message_that_stays_does_not_go_away_with_the_time_of_an_earlier_one(rig: Rig) -> None:
    with_jobs(rig)
    rig.window.on_reported(CommandRejected("b", Rejection.REGISTERED))
    assert rig.window.notices._timer.isActive()

    rig.window.on_reported(Snapshot((), (), interrupted=True))

    assert not rig.window.notices._timer.isActive()
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "We closed unexpectedly. Your uploads are continuing."


def test_after_sleep_the_window_says_that_calls_go_on_where_any_are_left(rig: Rig) -> None:
    rig.start()
    rig.window.on_reported(ResumedFromSleep(600))
    assert rig.notice.alert is None

    with_jobs(rig)
    rig.window.on_reported(ResumedFromSleep(600))
    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "Picking up where we left off."


def test_a_window_that_runs_as_administrator_says_why_drops_do_not_arrive(qtbot: QtBot, qapp: Application) -> None:
    rig = Rig(qtbot, qapp, Environment(desktop=FakeDesktop(), elevated=True)).start()

    assert rig.notice.alert is not None
    assert rig.notice.alert.lead.startswith("Dropping files is blocked because the app runs as administrator.")
    assert rig.notice.isVisible()
    end(rig)


def test_a_newer_version_is_shown_in_the_status_bar_while_nothing_is_sent(rig: Rig) -> None:
    rig.start()
    rig.window.show_newer_version("1.3.0")
    assert rig.window.status_bar.line.idle == "Version 1.3.0 is available"

    with_jobs(rig)
    assert rig.window.status_bar.line.idle == ""


def test_a_lost_recording_that_is_dropped_again_is_said_to_be_found(rig: Rig) -> None:
    with_jobs(rig)
    rig.window.on_reported(JobChanged(rig.engine.jobs["e"], gone=True, relocated_to="b"))

    assert rig.notice.alert is not None
    assert rig.notice.alert.lead == "Acme-kickoff.wav is the recording that was missing; its call goes on."


# --- closing and quitting ---------------------------------------------------------------------------------------------


def test_close_hides_where_there_is_a_tray_and_explains_it_once(equipped: Rig) -> None:
    equipped.start()
    equipped.window.close()
    assert not equipped.window.isVisible()
    assert [notification.title for notification in tray_of(equipped).notifications] == ["CallUp is still here"]

    tray_of(equipped).open_requested.emit()
    equipped.window.close()

    assert len(tray_of(equipped).notifications) == 1
    assert equipped.engine.stopped is False


def test_close_without_a_tray_offers_to_end_the_program(rig: Rig, qtbot: QtBot) -> None:
    rig.start()
    rig.window.close()
    box = rig.dialog
    assert isinstance(box, QMessageBox)

    with qtbot.waitSignal(rig.window.quit_requested, timeout=WITHIN):
        rig.click(next(button for button in box.buttons() if button.text() == "Quit"))

    assert not rig.window.isVisible()


def test_quit_while_sending_asks_and_promises_to_go_on(equipped: Rig) -> None:
    with_jobs(equipped)
    equipped.window.close_policy.quit()
    box = equipped.dialog
    assert isinstance(box, QMessageBox)
    assert box.text() == "Quit CallUp?"
    assert box.informativeText().startswith("3 recordings are still being sent.")
    stay = next(button for button in box.buttons() if button.text() == "Keep sending")
    equipped.click(stay)
    assert not equipped.window.close_policy.has_quit
    assert not equipped.window.isVisible()

    equipped.window.close_policy.quit()
    again = equipped.dialog
    assert isinstance(again, QMessageBox)
    equipped.click(next(button for button in again.buttons() if button.text().startswith("Quit")))

    equipped.qtbot.waitUntil(lambda: equipped.gone, timeout=WITHIN)


def test_a_finished_batch_is_notified_only_while_the_window_is_not_in_front(equipped: Rig) -> None:
    with_jobs(equipped)
    equipped.window.hide()
    for job_id in (samples.CALL_ID, "b", "d"):
        equipped.engine.finish(job_id)
    equipped.settle()

    assert [notification.title for notification in tray_of(equipped).notifications] == ["3 calls sent"]
    assert tray_of(equipped).notifications[0].tone is Tone.OK


def test_the_icon_counts_the_calls_that_need_the_rep(equipped: Rig) -> None:
    BADGES.clear()
    with_jobs(equipped)
    equipped.engine.fail("b", Trouble(Code.FILE_MISSING, NOW))
    equipped.settle()
    equipped.engine.retry(("b",))
    equipped.settle()

    assert BADGES == [1, 2, 1]


def test_notifications_can_be_switched_off(equipped: Rig) -> None:
    with_jobs(equipped)
    equipped.window.preferences.change({"notify": False})
    equipped.window.hide()

    equipped.engine.fail("b", Trouble(Code.FILE_MISSING, NOW))
    equipped.settle()

    assert tray_of(equipped).notifications == []


def test_ending_while_a_check_runs_waits_for_its_thread_without_blocking(
    equipped: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    step_running, answered = threading.Event(), threading.Event()
    work = equipped.window._environment.connection
    assert isinstance(work, FakeConnection)

    def slow_checks() -> Iterator[CheckResult]:
        step_running.set()
        assert answered.wait(10)
        yield from work.answers

    monkeypatch.setattr(work, "run_checks", slow_checks)
    equipped.start()
    equipped.window.open_connection()
    qtbot.waitUntil(step_running.is_set, timeout=WITHIN)

    equipped.window.close_policy.quit_now()
    assert not equipped.window.isVisible()
    assert not equipped.gone

    answered.set()
    qtbot.waitUntil(lambda: equipped.gone, timeout=WITHIN)


def test_another_profile_ends_the_program_to_begin_again(equipped: Rig, qtbot: QtBot) -> None:
    equipped.start()
    shutdown = Shutdown(equipped.window, equipped.engine)
    equipped.window.restart_requested.emit()
    qtbot.waitUntil(lambda: equipped.engine.stopped, timeout=WITHIN)

    assert shutdown._code == RESTART
    shutdown._force.stop()


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_apply_at_once_and_after_a_restart(equipped: Rig, tmp_path: Path) -> None:
    equipped.start()
    equipped.window.dialogs.open_settings()
    dialog = equipped.dialog
    assert isinstance(dialog, SettingsDialog)
    dialog.limited.click()
    dialog.limit.setValue(2.5)
    dialog.files.setValue(5)
    dialog.awake.click()

    assert equipped.engine.limit == round(2.5 * 1024**2)
    assert equipped.engine.files_at_once == 5
    kept = PreferencesFile(tmp_path / "preferences.toml").now
    assert (kept.bandwidth_limit, kept.files_at_once, kept.keep_awake) == (equipped.engine.limit, 5, False)
    dialog.limited.click()
    assert equipped.engine.limit is None
    dialog.accept()


def test_damaged_preferences_are_replaced_by_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    path.write_text("bandwidth_limit = 'fast'")

    assert PreferencesFile(path).now.bandwidth_limit is None


def test_logs_and_the_report_are_reached_from_the_settings(equipped: Rig) -> None:
    equipped.start()
    equipped.window.dialogs.open_settings()
    dialog = equipped.dialog
    assert isinstance(dialog, SettingsDialog)
    dialog.logs_requested.emit()
    desktop = equipped.window._environment.desktop
    assert isinstance(desktop, FakeDesktop)
    assert desktop.opened == [str(equipped.window._environment.logs)]

    dialog.report_requested.emit()

    report = equipped.dialog
    assert isinstance(report, ReportDialog)
    assert "audio-pipeline-dev-audio" in report.text.toPlainText()
    for open_dialog in (report, dialog):
        assert isinstance(open_dialog, QDialog)
        open_dialog.reject()


# --- connection -------------------------------------------------------------------------------------------------------


def test_the_check_names_the_step_that_fails_and_who_acts(equipped: Rig) -> None:
    equipped.start()
    equipped.window.open_connection()
    page = equipped.window.connection
    assert page is not None
    assert page.check_panel is not None
    equipped.qtbot.waitUntil(page.check_panel.check_button.isEnabled, timeout=WITHIN)
    equipped.settle()

    assert page.check_panel.steps[CheckStep.QUEUE].accessibleName() == (
        "Transcription queue: The queue refuses us. Your admin needs to allow it. (AccessDenied for sqs:SendMessage)"
    )
    assert (
        page.check_panel.steps[CheckStep.STORAGE]
        .accessibleName()
        .endswith("Can start, upload and abort a multipart upload")
    )
    assert equipped.window.status_bar._place.text() == "Not working: Transcription queue"
    equipped.click(page.close_button)
    assert equipped.page.isVisible()


def test_saved_secrets_go_to_the_keyring_leave_the_page_and_let_waiting_calls_try_again(equipped: Rig) -> None:
    equipped.engine.blocked = Trouble(Code.NO_CREDENTIALS, NOW)
    equipped.start()
    equipped.click(equipped.window.banner.buttons[Remedy.OPEN_CONNECTION])
    page, work = equipped.window.connection, equipped.window._environment.connection
    assert page is not None
    assert isinstance(work, FakeConnection)
    assert page.fields is not None
    assert page.check_panel is not None
    field = next(iter(page.fields.secrets.values()))
    equipped.keys(field, "AKIA-new")

    equipped.click(page.check_panel.save_button)

    equipped.qtbot.waitUntil(lambda: work.kept["access_key_id"] == "AKIA-new" and not field.text(), timeout=WITHIN)
    assert equipped.engine.blocked is None


def test_a_profile_that_cannot_be_used_says_each_problem_and_a_good_one_restarts(
    equipped: Rig, tmp_path: Path, qtbot: QtBot
) -> None:
    equipped.start()
    equipped.window.open_connection()
    page = equipped.window.connection
    assert page is not None
    bad, good = tmp_path / "bad.callup", tmp_path / "good.callup"
    bad.write_text("name = 'x'\n")
    good.write_text(
        "name='x'\nbucket='abc'\nmongo_uri='mongodb://localhost'\ndatabase='d'\nqueue_url='http://localhost/q'\n"
    )
    page.take_file(bad)
    qtbot.waitUntil(lambda: "the key 'bucket' is missing" in page._message.text(), timeout=WITHIN)

    page.take_file(good)
    qtbot.waitUntil(lambda: page.import_dialog is not None, timeout=WITHIN)
    dialog = page.import_dialog
    assert dialog is not None
    assert not dialog.keys.isChecked()
    assert not dialog.calls.isChecked()
    with qtbot.waitSignal(equipped.window.restart_requested, timeout=WITHIN):
        dialog.import_button.click()


def test_a_profile_that_the_rep_does_not_want_changes_nothing(equipped: Rig, tmp_path: Path, qtbot: QtBot) -> None:
    equipped.start()
    equipped.window.open_connection()
    page, work = equipped.window.connection, equipped.window._environment.connection
    assert page is not None
    mailed = tmp_path / "<b>mailed.callup"
    mailed.write_text(
        "name='<img src=x>'\nbucket='abc'\nmongo_uri='mongodb://localhost'\ndatabase='d'\n"
        "queue_url='http://localhost/q'\n"
    )
    page.take_file(mailed)
    qtbot.waitUntil(lambda: page.import_dialog is not None, timeout=WITHIN)
    dialog = page.import_dialog
    assert dialog is not None
    labels = dialog.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "<img src=x>" in " ".join(label.text() for label in labels)
    dialog.reject()
    page.stop()

    assert isinstance(work, FakeConnection)
    assert work.adopted == []


# --- colours ----------------------------------------------------------------------------------------------------------


def test_light_and_dark_follow_the_system_while_the_window_is_open(rig: Rig, qapp: Application) -> None:
    with_jobs(rig)
    light = rig.window.grab().toImage().pixelColor(3, 3).lightness()

    qapp._on_scheme_changed(Qt.ColorScheme.Dark)
    rig.settle()
    dark = rig.window.grab().toImage().pixelColor(3, 3).lightness()
    qapp._on_scheme_changed(Qt.ColorScheme.Light)

    assert dark < 50 < 200 < light


def test_ids_of_dropped_files_are_uuids(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("one.wav"))
    rig.wait_jobs(1)

    assert {uuid.UUID(job_id).version for job_id in rig.engine.jobs} == {4}


def test_status_of_the_engine_is_shown_as_it_comes(rig: Rig) -> None:
    rig.start()
    status = Status(online=True, since=NOW, blocked=None, running=0, waiting=0, drafts=0, needs_rep=0, sent=7)
    rig.window.on_reported(status)
    rig.settle()

    assert rig.lists.tabs.buttons[Tab.SENT].accessibleName() == "Sent 7"
