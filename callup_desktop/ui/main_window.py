"""The main window: shows copies of the facts, turns hands into commands. Main thread; never blocks."""

import math
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPalette,
)
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QMenu, QStackedWidget, QVBoxLayout

from callup_desktop.config.profile import Profile
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.events import (
    CommandRejected,
    Event,
    JobChanged,
    ResumedFromSleep,
    SentPage,
    Snapshot,
    Stopped,
)
from callup_desktop.engine.job import Job, Trouble
from callup_desktop.presentation.call_details import DetailsWriter
from callup_desktop.presentation.it_report import ItReportWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.notifications import Notifications
from callup_desktop.presentation.queue_summary import Alert, Hints, QueueSummary, Remedy
from callup_desktop.presentation.rows import Action, RowWriter, Tab, Tone, actions_of
from callup_desktop.presentation.view_state import Change, Phase, ViewState
from callup_desktop.ui.apply_preferences import AppliedPreferences
from callup_desktop.ui.call_actions import CallActions
from callup_desktop.ui.call_list.model import PAGE
from callup_desktop.ui.call_list.view import ActionRequest
from callup_desktop.ui.close_policy import ClosePolicy
from callup_desktop.ui.connection_page import ConnectionPage
from callup_desktop.ui.form_pane import Described
from callup_desktop.ui.intake import Intake
from callup_desktop.ui.queue_page import QueuePage
from callup_desktop.ui.report_dialog import ReportDialog
from callup_desktop.ui.settings_dialog import SettingsDialog
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.widgets.banner import Banner
from callup_desktop.ui.widgets.controls import Surface
from callup_desktop.ui.widgets.icons import app_icon
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.status_bar import StatusBar

_TICK = 30
"""Milliseconds in which events are gathered before the window shows them."""
_STATUSES_EVERY = 60_000
_SAID_FOR = 8_000
_SIGN_IN_PAGE = "http://neverssl.com/"
"""A page without TLS, which a sign-in page can take the place of."""


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class MainWindow(QMainWindow):
    """One window over one engine."""

    quit_asked = Signal()
    """The rep wants to end the program; the window is hidden already."""
    restart_asked = Signal()
    """Another profile counts from the next start on."""

    def __init__(
        self,
        commands: Commands,
        *,
        profile: Profile,
        messages: Messages,
        environment: Environment | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Command this engine; its events come by `on_reported`."""
        super().__init__()
        around = self._around = environment or Environment()
        self._commands = commands
        self._profile = profile
        self._messages = messages
        self._desktop = around.desktop
        self._state = ViewState()
        self._changes: list[Change] = []
        self._hints = Hints()
        self._ended: Trouble | None = None
        self._newer = ""
        self._summary: tuple[Tone, str] | None = None
        self._dropped: set[str] = set()
        self._arrived: dict[str, None] = {}
        self._select_arrived = False
        self._asked_at = -math.inf
        self._rows = RowWriter(messages, profile.call_types, now)
        self._overview = QueueSummary(messages, f"{profile.name} · {profile.region}")
        self.page = QueuePage(
            self._state, messages, self._rows, DetailsWriter(messages, self._rows, now), profile.call_types, self
        )
        self.banner = Banner(self)
        self.notice = Banner(self, dismissable=True)
        self.status_bar = StatusBar(self)
        self.intake = Intake(self)
        self.call_actions = CallActions(commands, self._desktop, self.page.job_of, self)
        self.preferences = AppliedPreferences(commands, around.preferences, around.login_item, around.keep_awake, self)
        self.tray = around.make_tray(self)
        self.close_policy = ClosePolicy(self, self.tray, around.preferences, around.show_badge)
        self._notifications = Notifications(messages)
        self._reporter = ItReportWriter(profile, around.logs, now)
        self.connection = self._make_connection()
        self.dialog: QDialog | None = None
        self.setWindowTitle(self.tr("CallUp Desktop"))
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self._lay_out()
        self._make_actions()
        self._make_timers()
        self._connect()
        self._show_queue()
        if around.elevated:
            self.notice.show_alert(Alert(Tone.WARNING, messages.elevated(), ""))
        self.page.drop_zone.chooser.setFocus(Qt.FocusReason.MouseFocusReason)

    def _lay_out(self) -> None:
        ground = Surface(QPalette.ColorRole.Window, self)
        layout = QVBoxLayout(ground)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.banner, self.notice):
            layout.addWidget(widget)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.page)
        if self.connection is not None:
            self._pages.addWidget(self.connection)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.status_bar)
        self.setCentralWidget(ground)
        self.resize(QSize(em(self, 72), em(self, 46)))

    def _make_connection(self) -> ConnectionPage | None:
        if self._around.connection is None:
            return None
        return ConnectionPage(self._messages, self._around.connection, self._profile, self._around.profile_file, self)

    def _make_actions(self) -> None:
        key = QKeySequence.StandardKey
        self.menu = QMenu(self)
        self._add_action(self.tr("Choose files…"), self._on_choose, key.Open)
        self._add_action(self.tr("Paste"), self._on_paste, key.Paste)
        self._add_action(self.tr("Search calls"), self._on_find, key.Find)
        send = self._add_action(self.tr("Send"), self._on_send)
        send.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.menu.addSeparator()
        self._add_action(self.tr("In progress"), self._on_tab_live, QKeySequence("Ctrl+1"))
        self._add_action(self.tr("Needs you"), self._on_tab_needs, QKeySequence("Ctrl+2"))
        self._add_action(self.tr("Sent"), self._on_tab_sent, QKeySequence("Ctrl+3"))
        self.menu.addSeparator()
        if self.connection is not None:
            self._add_action(self.tr("Connection…"), self.open_connection)
        settings = self._add_action(self.tr("Settings…"), self.open_settings, QKeySequence("Ctrl+,"))
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self._add_action(self.tr("Copy for IT…"), self.open_report)
        self.menu.addSeparator()
        quitting = self._add_action(self.tr("Quit"), self.close_policy.quit, QKeySequence("Ctrl+Q"))
        quitting.setMenuRole(QAction.MenuRole.QuitRole)
        self.status_bar.menu_button.setMenu(self.menu)
        if sys.platform == "darwin":
            # There Quit and Settings belong into the program's own menu, which Qt makes from a menu bar.
            self.menu.setTitle(self.tr("Calls"))
            self.menuBar().addMenu(self.menu)

    def _add_action(
        self, text: str, slot: Callable[[], None], shortcut: QKeySequence | QKeySequence.StandardKey | None = None
    ) -> QAction:
        action = QAction(text, self)
        if shortcut is not None:
            action.setShortcut(shortcut)
        action.triggered.connect(slot)
        self.addAction(action)
        self.menu.addAction(action)
        return action

    def _make_timers(self) -> None:
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.setInterval(_TICK)
        self._tick.timeout.connect(self.show_changes)
        self._asker = QTimer(self)
        self._asker.setInterval(_STATUSES_EVERY)
        self._asker.timeout.connect(self._ask_statuses)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(_SAID_FOR)
        self._silence.timeout.connect(self._on_dismissed)

    def _connect(self) -> None:
        page = self.page
        page.drop_zone.choose_asked.connect(self._on_choose)
        page.sent.page_wanted.connect(self._on_page_wanted)
        page.tabs.chosen.connect(self._on_tab_chosen)
        page.form.described.connect(self._on_described)
        page.form.send_asked.connect(self._on_send_asked)
        page.form.remove_asked.connect(self._on_remove_asked)
        page.form.accepted.connect(self._on_accepted)
        page.details.action_requested.connect(self.call_actions.perform)
        self.call_actions.report_asked.connect(self.open_report)
        page.details.copied.connect(self._on_copied)
        for view in page.views.values():
            view.action_requested.connect(self.call_actions.perform)
        for teller in (self.call_actions, self.preferences):
            teller.said.connect(self.say)
        self.tray.open_asked.connect(self.come_forward)
        self.tray.pause_asked.connect(self._on_pause_all)
        self.tray.resume_asked.connect(self._on_resume_all)
        self.close_policy.leaving.connect(self._on_leaving)
        self._connect_network()
        if self.connection is not None:
            self.connection.closed.connect(self.open_calls)
            self.connection.restart_asked.connect(self.restart_asked)
            self.connection.secrets_kept.connect(self._on_secrets_kept)
            self.connection.summarised.connect(self._on_summarised)
        self.intake.said.connect(self.say)
        self.intake.gathered.connect(self._on_gathered)
        self.banner.remedy_chosen.connect(self._on_remedy)
        self.notice.dismissed.connect(self._on_dismissed)
        self.status_bar.pause_all_asked.connect(self._on_pause_all)
        self.status_bar.resume_all_asked.connect(self._on_resume_all)

    def _connect_network(self) -> None:
        network = self._around.network
        if network is not None:
            network.setParent(self)
            network.online_seen.connect(self._on_online)
            network.metered_seen.connect(self._on_metered)
            network.portal_seen.connect(self._on_portal)
            network.start()

    # --- what the engine reports ----------------------------------------------------------------------------------

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """Keep the copy now, show it at the next tick."""
        match event:
            case SentPage():
                self.page.sent.take_page(event)
            case CommandRejected():
                self._on_rejected(event)
            case ResumedFromSleep():
                self._on_woke()
            case Stopped():
                self._ended = event.trouble
        change = self._state.take(event)
        if isinstance(event, Snapshot):
            self.page.sent.look_again()
            self._say_how_it_began(event)
        if isinstance(event, JobChanged):
            self._select_dropped(event.job)
            if event.relocated_to is not None:
                self.say(Alert(Tone.OK, self._messages.found_again(event.job.path.name), ""))
        self._changes.append(change)
        if not self._tick.isActive():
            self._tick.start()

    def _select_dropped(self, job: Job) -> None:
        """What was just dropped is selected, so that the form applies to it."""
        if job.id in self._dropped:
            self._dropped.discard(job.id)
            # A drop of thousands arrives over many ticks: its first and its last ones bring the selection.
            self._select_arrived |= not self._arrived or not self._dropped
            self._arrived[job.id] = None

    def _say_how_it_began(self, snapshot: Snapshot) -> None:
        """What went wrong before this start stands there until the rep has read it."""
        if snapshot.repaired is not None:
            self.notice.show_alert(Alert(Tone.WARNING, self._messages.repaired(snapshot.repaired), ""))
        elif snapshot.interrupted:
            self.notice.show_alert(Alert(Tone.PLAIN, self._messages.interrupted(), ""))

    def _on_woke(self) -> None:
        if self._overview.unsent(self._state):
            self.say(Alert(Tone.PLAIN, self._messages.woke(), ""))

    @Slot(str)
    def tell_newer(self, version: str) -> None:
        """There is a newer version; the line at the bottom says so while it has nothing else to say."""
        self._newer = version
        self._show_queue()

    def _on_rejected(self, rejected: CommandRejected) -> None:
        if rejected.code is Rejection.UNKNOWN:
            return  # somebody else asked, about a call that left
        job = self.page.job_of(rejected.job_id)
        name = job.path.name if job else ""
        self.say(Alert(Tone.WARNING, self._messages.of_code(rejected.code), name))

    @Slot()
    def show_changes(self) -> None:
        """Bring everything in view up to date."""
        changes, self._changes = self._changes, []
        page = self.page
        if any(change.reset for change in changes):
            page.live.look_again()
            page.needs.look_again()
        else:
            page.live.take(changes)
            page.needs.take(changes)
        for change in changes:
            if change.sent is not None:
                page.sent.put_first(change.sent)
                page.keep_showing(change.sent)
            elif change.left:
                page.forget_shown(change.left)
                for job_id in change.left:
                    page.sent.take_out(job_id)
        page.sent.rewrite(job_id for change in changes for job_id in change.touched)
        notification = self._notifications.take(changes, self._state, unsent=self._overview.unsent(self._state))
        if notification is not None:
            self.close_policy.tell(notification)
        self._show_queue()
        if self._select_arrived:
            self._select_arrived = False
            page.tabs.choose(Tab.LIVE)
            page.view.select(tuple(self._arrived))
            page.begin_typing()
        elif any(change.reset or page.concerns(change.touched | change.left) for change in changes):
            page.show_selection()

    def _show_queue(self) -> None:
        """Counts, banner, status line, tray: what follows from the whole queue."""
        self.page.show_counts()
        self.banner.show_alert(self._overview.alert(self._state, self._hints, self._ended))
        counts, unsent = self._state.counts, self._overview.unsent(self._state)
        line = self._overview.line(self._state, self._hints, self._ended, newer=self._newer)
        if self._summary is not None and self._pages.currentWidget() is self.connection:
            line = replace(line, tone=self._summary[0], place=self._summary[1])
        self.status_bar.show_line(line, can_pause=unsent > 0, can_resume=counts[Phase.PAUSED] > 0)
        told = " · ".join(part for part in (line.place, line.queue, line.rate) if part)
        self.close_policy.show_state(told, unsent=unsent, needs_rep=counts[Phase.NEEDS_REP])
        self.preferences.show_sending(sending=counts[Phase.SENDING] > 0)

    # --- taking recordings in -------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Anything may be dropped: what holds no file is answered with a sentence."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.page.drop_zone.set_inviting(inviting=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        self.page.drop_zone.set_inviting(inviting=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it; always as a copy, so that no file browser deletes the original."""
        self.page.drop_zone.set_inviting(inviting=False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.intake.take_drop(event.mimeData())

    def take_files(self, paths: tuple[Path, ...]) -> None:
        """Take files from the command line, a second start, the dock or "Open with"; shows the window."""
        self.come_forward()
        if paths:
            self.intake.take(paths)

    def come_forward(self) -> None:
        """Show the window over others."""
        if self.isMinimized():
            self.showNormal()
        else:
            self.show()
        self.raise_()
        self.activateWindow()

    @Slot(object)
    def _on_gathered(self, paths: tuple[Path, ...]) -> None:
        if not self._dropped:
            self._arrived = {}
        ids = tuple(str(uuid.uuid4()) for _ in paths)
        self._dropped |= set(ids)
        self._commands.add(paths, ids=ids)

    @Slot()
    def _on_choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose recordings"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        recordings = self.tr("Recordings (*.mp3 *.wav *.m4a *.flac)")
        dialog.setNameFilters([recordings, self.tr("All files (*)")])
        dialog.filesSelected.connect(self._on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(list)
    def _on_chosen(self, files: list[str]) -> None:
        self.intake.take(Path(file) for file in files)

    @Slot()
    def _on_paste(self) -> None:
        self.intake.take_drop(QGuiApplication.clipboard().mimeData())

    # --- describing and sending -----------------------------------------------------------------------------------

    @Slot(object)
    def _on_described(self, described: Described) -> None:
        self._commands.describe(described.ids, described.change)

    @Slot(object)
    def _on_send_asked(self, ids: tuple[str, ...]) -> None:
        self._commands.send(ids)
        jobs = (self._state.jobs.get(job_id) for job_id in ids)
        if any(job is not None and job.awaits_verdict for job in jobs):
            text = self.tr("Recordings that are still being checked are sent right after.")
            self.say(Alert(Tone.PLAIN, text, ""))

    @Slot()
    def _on_send(self) -> None:
        if self.page.form.isVisible():
            self.page.form.send()

    @Slot(object)
    def _on_remove_asked(self, ids: tuple[str, ...]) -> None:
        self.call_actions.perform(ActionRequest(Action.REMOVE, ids))

    @Slot(object)
    def _on_accepted(self, ids: tuple[str, ...]) -> None:
        self._commands.send(ids, anyway=True, again=True)

    @Slot(object)
    def _on_copied(self, text: str) -> None:
        self._desktop.copy(text)
        self.say(Alert(Tone.OK, self.tr("Copied."), ""))

    # --- all at once ----------------------------------------------------------------------------------------------

    @Slot()
    def _on_pause_all(self) -> None:
        self._commands.pause(self._ids_offering(Action.PAUSE))

    @Slot()
    def _on_resume_all(self) -> None:
        self._commands.resume(self._ids_offering(Action.RESUME))

    def _ids_offering(self, action: Action) -> tuple[str, ...]:
        return tuple(job.id for job in self._state.jobs.values() if action in actions_of(job))

    # --- going around ---------------------------------------------------------------------------------------------

    @Slot()
    def _on_find(self) -> None:
        self.page.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.page.search.selectAll()

    @Slot()
    def _on_tab_live(self) -> None:
        self.page.tabs.choose(Tab.LIVE)

    @Slot()
    def _on_tab_needs(self) -> None:
        self.page.tabs.choose(Tab.NEEDS)

    @Slot()
    def _on_tab_sent(self) -> None:
        self.page.tabs.choose(Tab.SENT)

    @Slot(object)
    def _on_page_wanted(self, offset: int) -> None:
        self._commands.page_sent(offset, PAGE, self.page.sent.search)

    @Slot(object)
    def _on_tab_chosen(self, tab: Tab) -> None:
        if tab is Tab.SENT:
            self._asker.start()
            self._ask_statuses()
        else:
            self._asker.stop()

    @Slot()
    def _ask_statuses(self) -> None:
        """Ask what became of the sent calls in view: one query a minute, none while it could not be answered."""
        status = self._state.status
        reachable = status is not None and status.online and status.blocked is None
        if not reachable or self.page.tab is not Tab.SENT or not self.isVisible():
            return
        now = time.monotonic()
        unfinished = self._unfinished_in_view()
        if unfinished and now - self._asked_at >= _STATUSES_EVERY / 1000:
            self._asked_at = now
            self._commands.ask_statuses(unfinished)

    def _unfinished_in_view(self) -> tuple[str, ...]:
        ids = self.page.views[Tab.SENT].visible_ids()
        return tuple(job_id for job_id in ids if self._state.became.get(job_id) != "completed")

    # --- saying ---------------------------------------------------------------------------------------------------

    @Slot(object)
    def say(self, alert: Alert) -> None:
        """Tell what just happened, for a while."""
        self.notice.show_alert(alert)
        self._silence.start()

    @Slot()
    def _on_dismissed(self) -> None:
        self.notice.show_alert(None)

    @Slot(object)
    def _on_remedy(self, remedy: Remedy) -> None:
        match remedy:
            case Remedy.CHECK_AGAIN:
                self._commands.check_again()
            case Remedy.COPY_FOR_IT:
                self.open_report()
            case Remedy.SEND_ANYWAY:
                self._learn_hints(replace(self._hints, send_metered=True))
            case Remedy.OPEN_SIGN_IN:
                self._desktop.open_page(_SIGN_IN_PAGE)
            case Remedy.OPEN_CONNECTION:
                self.open_connection()

    # --- other pages ----------------------------------------------------------------------------------------------

    @Slot()
    def open_connection(self) -> None:
        """Show the connection page, which checks at once."""
        if self.connection is not None:
            self.come_forward()
            self._pages.setCurrentWidget(self.connection)
            self.connection.open()

    @Slot()
    def open_calls(self) -> None:
        """Back to the calls."""
        self._pages.setCurrentWidget(self.page)
        self._show_queue()

    @Slot()
    def open_settings(self) -> None:
        """Show the settings."""
        now = self._around.preferences.now
        dialog = SettingsDialog(
            now,
            files_at_once=now.files_at_once or self._profile.files_at_once,
            logs=self._around.logs,
            can_launch=self._around.login_item is not None,
            parent=self,
        )
        dialog.changed.connect(self.preferences.change)
        dialog.logs_asked.connect(self._on_logs)
        dialog.report_asked.connect(self.open_report)
        self._open(dialog)

    @Slot()
    def open_report(self) -> None:
        """Show what would be copied for IT."""
        dialog = ReportDialog(self._reporter.write(self._state, self._ended), self)
        dialog.copied.connect(self._on_copied)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _on_logs(self) -> None:
        if self._around.logs is not None:
            self._desktop.open_folder(self._around.logs)

    @Slot(object)
    def _on_summarised(self, summary: tuple[Tone, str]) -> None:
        self._summary = summary
        self._show_queue()

    @Slot()
    def _on_secrets_kept(self) -> None:
        self._commands.renew_credentials()

    # --- hints about the network ----------------------------------------------------------------------------------

    @Slot(object)
    def _on_online(self, online: bool) -> None:  # noqa: FBT001 - a signal's payload
        self._commands.set_online(online=online)

    @Slot(object)
    def _on_metered(self, metered: bool) -> None:  # noqa: FBT001 - a signal's payload
        self._learn_hints(replace(self._hints, metered=metered, send_metered=False))

    @Slot(object)
    def _on_portal(self, portal: bool) -> None:  # noqa: FBT001 - a signal's payload
        self._learn_hints(replace(self._hints, portal=portal))
        if not portal:
            self._commands.check_again()

    def _learn_hints(self, hints: Hints) -> None:
        held, self._hints = self._hints.holds, hints
        if held != hints.holds:
            self._commands.hold(held=hints.holds)
        self._show_queue()

    # --- the end --------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is typed; hide, ask, or go."""
        self.page.form.save()
        if self.close_policy.close():
            super().closeEvent(event)
        else:
            event.ignore()

    @Slot()
    def end_session(self) -> None:
        """The rep signs out or the computer shuts down: no question, everything is on disk."""
        self.close_policy.leave()

    @Slot()
    def _on_leaving(self) -> None:
        self.page.form.save()
        self.intake.stop()
        self.preferences.stop()
        if self.connection is None:
            self.quit_asked.emit()
        else:
            self.connection.ended.connect(self.quit_asked)
            self.connection.end()
