"""The main window: shows what the engine reports, turns what the rep does into commands. Main thread; never blocks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPalette
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from callup_desktop.config.profile import AnyProfile
from callup_desktop.config.watching import watching_of
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import Event, JobChanged, SentPage, Snapshot
from callup_desktop.engine.ports import SignInResult
from callup_desktop.engine.thread_owner import ThreadOwner
from callup_desktop.files.watched import WatchedFolder
from callup_desktop.presentation.call_details import DetailsWriter
from callup_desktop.presentation.connection_check import ConnectionWork
from callup_desktop.presentation.it_report import ItReportWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.notifications import Notifications
from callup_desktop.presentation.overall_progress import OverallProgress
from callup_desktop.presentation.queue_summary import Alert, LastCheck, QueueSummary, Remedy
from callup_desktop.presentation.rows import RowWriter, Tab, Tone
from callup_desktop.presentation.sign_in import SignInWriter
from callup_desktop.presentation.transcripts import Transcripts
from callup_desktop.presentation.view_state import Change, Phase, ViewState
from callup_desktop.recordings.kinds import selection_of
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.ui.added_calls import AddedCalls
from callup_desktop.ui.apply_preferences import AppliedPreferences
from callup_desktop.ui.call_actions import CallActions
from callup_desktop.ui.call_list.model import PAGE
from callup_desktop.ui.close_policy import ClosePolicy
from callup_desktop.ui.dialogs import Dialogs
from callup_desktop.ui.folder_watch import FolderWatch
from callup_desktop.ui.intake import Intake
from callup_desktop.ui.main_menu import MainMenu, MenuEntry
from callup_desktop.ui.network_policy import SIGN_IN_PAGE, NetworkPolicy
from callup_desktop.ui.notices import Notices
from callup_desktop.ui.queue_page import QueuePage
from callup_desktop.ui.sent_export import SentExport
from callup_desktop.ui.sign_in import SignIn
from callup_desktop.ui.status_poller import StatusPoller
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.transcript_poller import TranscriptPoller
from callup_desktop.ui.undo_remove import UndoRemove
from callup_desktop.ui.widgets.banner import Banner
from callup_desktop.ui.widgets.banner_shelf import BannerShelf
from callup_desktop.ui.widgets.icons import app_icon
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.status_bar import StatusBar
from callup_desktop.ui.widgets.surface import Surface
from callup_desktop.ui.widgets.text_field import TextField
from callup_desktop.ui.window_place import WindowPlace

if TYPE_CHECKING:
    from callup_desktop.ui.connection.page import ConnectionPage

_REFRESH_DELAY = 30
"""Milliseconds after an event until the window shows it: one repaint for all events that come together."""
_TABS = {MenuEntry.SHOW_LIVE: Tab.LIVE, MenuEntry.SHOW_NEEDS: Tab.NEEDS, MenuEntry.SHOW_SENT: Tab.SENT}
_utc_now = partial(datetime.now, UTC)


class MainWindow(QMainWindow):
    """One window over one engine: composes its parts and passes on what one part says to another."""

    quit_requested = Signal()
    """The rep wants to end the program; the window is hidden and its threads are gone."""
    restart_requested = Signal()
    """Another profile applies from the next start on."""

    def __init__(
        self,
        commands: Commands,
        *,
        profile: AnyProfile,
        messages: Messages,
        environment: Environment | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Connect the events of this engine to `on_reported`; `now` is the wall clock in UTC."""
        super().__init__()
        environment = self._environment = environment or Environment()
        self._commands = commands
        self._profile = profile
        self._messages = messages
        self._made_connection: ConnectionPage | None = None
        self._owner = ThreadOwner()
        self._owner.claim()
        self._state = ViewState(call_types=profile.call_types, now=now)
        self._changes: list[Change] = []
        self._newer_version = ""
        self._on_icon: int | None = None
        self._now = now
        self._last_check: LastCheck | None = None
        self._summary = QueueSummary(
            messages, f"{profile.name} · {profile.place}", signs_in=environment.sign_in is not None
        )
        self._notifications = Notifications(messages)
        self._overall = OverallProgress(messages)
        rules = NameRules(profile.name_rules, profile.call_types)
        self._make_widgets(profile, messages, rules, now)
        self._make_parts(profile, messages, rules, now)
        self._connect_page()
        self._connect_parts()
        self._show_queue()
        self.network_policy.start()
        self.preferences.start()
        self._watch_folder()
        if environment.elevated:
            self.notices.show_until_closed(Alert(Tone.WARNING, messages.elevated(), ""))

    def _make_widgets(
        self, profile: AnyProfile, messages: Messages, rules: NameRules, now: Callable[[], datetime]
    ) -> None:
        rows = RowWriter(messages, profile.call_types, now, rules, channels=profile.channels)
        details_writer = DetailsWriter(messages, rows, now, transcripts=profile.transcript_url is not None)
        self.page = QueuePage(self._state, messages, rows, details_writer, profile.call_types, rules, self)
        self.banner = Banner(self)
        self.notice_banner = Banner(self, dismissable=True)
        self.status_bar = StatusBar(self)
        self.menu = MainMenu(self, with_connection=self._environment.connection is not None)
        self.status_bar.menu_button.setMenu(self.menu)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.page)
        ground = Surface(QPalette.ColorRole.Window, self)
        # It paints all of itself, so that the window below it need not be painted first.
        ground.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        layout = QVBoxLayout(ground)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._shelf = BannerShelf((self.banner, self.notice_banner), self._pages, ground)
        layout.addWidget(self._shelf)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.status_bar)
        self.setCentralWidget(ground)
        self.setWindowTitle(self.tr("CallUp Desktop"))
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)

    def _make_parts(
        self, profile: AnyProfile, messages: Messages, rules: NameRules, now: Callable[[], datetime]
    ) -> None:
        commands, environment = self._commands, self._environment
        selection = selection_of(VideoPolicy(profile.video))
        self.intake = Intake(selection, self)
        self.added_calls = AddedCalls(commands, self)
        self.folder_watch = FolderWatch(
            commands,
            profile.call_types,
            rules,
            self,
            make_folder=lambda watching: WatchedFolder(watching.folder, selection),
        )
        self.call_actions = CallActions(
            commands,
            environment.desktop,
            self._state,
            self.page.job_of,
            self,
            transcript_url=profile.transcript_url,
        )
        self.transcripts: TranscriptPoller | None = None
        if profile.transcript_url is not None:
            self.transcripts = TranscriptPoller(commands, self._state, Transcripts(messages), now, self)
        self.preferences = AppliedPreferences(
            commands, environment.preferences, environment.login_item, environment.keep_awake, self
        )
        self.tray = environment.make_tray(self)
        self.close_policy = ClosePolicy(self, self.tray, environment.preferences, environment.show_badge)
        self.notices = Notices(self.notice_banner, messages, self.page.job_of)
        report_writer = ItReportWriter(profile, environment.logs, now, environment.redact)
        write_report = partial(report_writer.write, self._state)
        self.dialogs = Dialogs(environment, profile, self.preferences, write_report, self)
        self.undo_remove = UndoRemove(commands, self._state, self)
        self.sent_export = SentExport(commands, self._state, self)
        self.status_poller = StatusPoller(commands, self._state, self.page)
        self.sign_in: SignIn | None = None
        if environment.sign_in is not None:
            self.sign_in = SignIn(environment.sign_in, SignInWriter(messages).pages(), self)
        self.network_policy = NetworkPolicy(commands, environment.network, self)
        self.place = WindowPlace(self, self.page, environment.preferences)
        self.place.restore(QSize(em(self, 72), em(self, 46)))
        self._refresh_timer = single_shot(self, _REFRESH_DELAY, self.show_changes)

    def _connect_page(self) -> None:
        page, actions = self.page, self.call_actions
        page.drop_zone.choose_requested.connect(self.intake.choose)
        page.lists.sent.page_requested.connect(self._on_page_requested)
        page.lists.tab_chosen.connect(self.status_poller.on_tab_chosen)
        page.lists.action_requested.connect(actions.perform)
        page.detail_pane.action_requested.connect(actions.perform)
        page.detail_pane.copied.connect(actions.copy)
        actions.edit_requested.connect(page.edit)
        page.alert_raised.connect(self.notices.show)
        page.form.edited.connect(actions.describe)
        page.form.send_requested.connect(actions.send)
        page.form.send_anyway_requested.connect(actions.send_anyway)
        page.form.remove_requested.connect(actions.remove)
        page.form.play_requested.connect(actions.play)
        self.status_bar.pause_all_requested.connect(actions.pause_all)
        self.status_bar.resume_all_requested.connect(actions.resume_all)
        self.tray.pause_requested.connect(actions.pause_all)
        self.tray.resume_requested.connect(actions.resume_all)
        self.tray.open_requested.connect(self.come_forward)

    def _connect_parts(self) -> None:
        self.menu.entry_chosen.connect(self._on_menu_entry)
        self.banner.remedy_chosen.connect(self._on_remedy)
        self._shelf.focus_left.connect(self._on_banner_left)
        self.intake.files_found.connect(self.added_calls.add)
        self.intake.profile_found.connect(self.import_profile)
        self._take_pasted_files(self)
        self.preferences.changed.connect(self._watch_folder)
        self.dialogs.existing_requested.connect(self._on_existing_requested)
        for part in (self.intake, self.call_actions, self.preferences, self.folder_watch, self.status_poller):
            part.alert_raised.connect(self.notices.show)
        for other in (self.undo_remove, self.sent_export, self.dialogs):
            other.alert_raised.connect(self.notices.show)
        self.notice_banner.remedy_chosen.connect(self._on_remedy)
        self.call_actions.removed.connect(self.undo_remove.note)
        self.undo_remove.undone.connect(self.added_calls.expect)
        self.call_actions.report_requested.connect(self.dialogs.open_report)
        self.call_actions.statuses_requested.connect(self.status_poller.refresh_these)
        self.dialogs.copied.connect(self.call_actions.copy)
        if self.transcripts is not None:
            self.transcripts.found.connect(self.close_policy.notify)
        if self.sign_in is not None:
            self.sign_in.page_wanted.connect(self._on_page_wanted)
            self.sign_in.ended.connect(self._on_sign_in_ended)
        self.network_policy.hints_changed.connect(self._show_queue)
        self.close_policy.quit_confirmed.connect(self._on_quit_confirmed)

    @property
    def connection(self) -> "ConnectionPage | None":
        """The connection page, which is made when it is first wanted; None where this window has none."""
        work = self._environment.connection
        if self._made_connection is None and work is not None:
            self._made_connection = self._make_connection(work)
        return self._made_connection

    def _make_connection(self, work: ConnectionWork) -> "ConnectionPage":
        from callup_desktop.ui.connection.page import ConnectionPage

        page = ConnectionPage(
            self._messages,
            work,
            self._profile,
            self._environment.profile_file,
            self,
            managed=self._environment.managed,
            count_waiting=self._count_waiting,
            sign_in=self.sign_in,
        )
        self._pages.addWidget(page)
        self._take_pasted_files(page)
        page.closed.connect(self.show_calls)
        page.restart_requested.connect(self.restart_requested)
        page.secrets_changed.connect(self._on_secrets_changed)
        page.secrets_missed.connect(self._show_connection)
        page.summarised.connect(self._on_check_summarised)
        page.copied.connect(self.call_actions.copy)
        return page

    def _take_pasted_files(self, part: QWidget) -> None:
        for field in part.findChildren(TextField):
            field.files_pasted.connect(self.intake.paste)

    # --- what the engine reports ----------------------------------------------------------------------------------

    @Slot(object)
    def on_reported(self, event: Event) -> None:
        """Keep what the event says, and show it after the refresh delay. Main thread only."""
        self._owner.check()
        was_known = self._state.is_known
        change = self._state.apply(event)
        self.notices.report(event, unsent=self._summary.unsent(self._state))
        match event:
            case SentPage():
                self.page.take_page(event)
                self.sent_export.take(event)
            case Snapshot():
                self.page.lists.sent.reload()
            case JobChanged():
                self.added_calls.arrive(event.job.id)
        if self.transcripts is not None:
            self.transcripts.take(event, change.sent)
        self._changes.append(change)
        if self._state.is_known and not was_known:
            # The window has shown nothing so far.
            self.show_changes()
        elif not self._refresh_timer.isActive():
            self._refresh_timer.start()

    @Slot()
    def show_changes(self) -> None:
        """Bring everything in view up to date."""
        changes, self._changes = self._changes, []
        self._overall.take(changes, self._state)
        self.page.apply(changes)
        notification = self._notifications.take(changes, self._state, unsent=self._summary.unsent(self._state))
        if notification is not None:
            self.close_policy.notify(notification)
        self._show_queue()
        added = self.added_calls.take_selection()
        if added:
            self.page.select_added(added)
        else:
            self.page.refresh_selection(changes)

    @Slot()
    def _show_queue(self) -> None:
        """Show what follows from the whole queue: counts, banner, status bar, tray."""
        self.page.show_counts()
        hints = self.network_policy.hints
        alert = self._summary.alert(self._state, hints)
        mended_there = {Remedy.OPEN_CONNECTION, Remedy.SIGN_IN}
        if alert is not None and mended_there & set(alert.remedies) and self._shows_connection:
            # There the check says it, beside the fields that mend it.
            alert = None
        self.banner.show_alert(alert)
        counts, unsent = self._state.counts, self._summary.unsent(self._state)
        summary = self._summary
        line = summary.status_line(self._state, hints, newer=self._newer_version, checked=self._last_check)
        page = self._made_connection
        if self._shows_connection and page is not None and page.summary is not None:
            # There the check counts that the rep sees, not what calls have met since.
            line = replace(line, tone=page.summary[0], place=page.summary[1])
        line = replace(line, overall=self._overall.text(self._state))
        self._show_title()
        can_pause, can_resume = summary.can_pause(self._state), summary.can_resume(self._state)
        self.status_bar.show_line(line, can_pause=can_pause, can_resume=can_resume)
        text = " · ".join(part for part in (line.place, line.queue, line.rate, line.overall) if part)
        self.close_policy.show_state(text, unsent=unsent, needs_rep=counts[Phase.NEEDS_REP], drafts=counts[Phase.DRAFT])
        self.preferences.show_sending(sending=counts[Phase.SENDING] > 0)

    def _show_title(self) -> None:
        """Say in the title, and with it in the task bar, how far all calls are; on the icon, too, where it can."""
        percent, title = self._overall.percent, self.tr("CallUp Desktop")
        self._show_on_icon(percent)
        if percent is not None:
            title = self.tr("{percent}% · {title}").format(percent=percent, title=title)
        self.setWindowTitle(title)

    def _show_on_icon(self, percent: int | None) -> None:
        if percent != self._on_icon:
            self._on_icon = percent
            self._environment.show_progress(percent)

    @property
    def _shows_connection(self) -> bool:
        return self._pages.currentWidget() is self._made_connection

    @Slot(str)
    def show_newer_version(self, version: str) -> None:
        """Say in the status bar, while it is idle, that there is a newer version."""
        self._newer_version = version
        self._show_queue()

    @Slot(object)
    def _on_page_requested(self, offset: int) -> None:
        sent = self.page.lists.sent
        self._commands.page_sent(offset, PAGE, sent.search, sent.order)

    # --- taking recordings in -------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept anything: a drop without a file is answered with a sentence."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.page.drop_zone.set_highlighted(highlighted=True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show that the drag is still there."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.page.drop_zone.set_highlighted(highlighted=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag left the window."""
        self.page.drop_zone.set_highlighted(highlighted=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the drop as a copy, so that no file browser deletes the original."""
        self.page.drop_zone.set_highlighted(highlighted=False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.intake.take_drop(event.mimeData())

    @Slot()
    def _watch_folder(self) -> None:
        self.folder_watch.watch(watching_of(self._environment.preferences.now, self._environment.company_folder))

    @Slot(object)
    def _on_existing_requested(self, folder: Path) -> None:
        self.intake.take((folder,))

    def take_files(self, paths: tuple[Path, ...]) -> None:
        """Show the window and take files from the command line, a second start, the dock or "Open with"."""
        self.come_forward()
        if paths:
            self.intake.take(paths)

    # --- what the rep does ----------------------------------------------------------------------------------------

    @Slot(object)
    def _on_menu_entry(self, entry: MenuEntry) -> None:
        match entry:
            case MenuEntry.CHOOSE_FILES:
                self.intake.choose()
            case MenuEntry.PASTE:
                self.intake.paste()
            case MenuEntry.SEARCH:
                self.show_calls()
                self.page.lists.start_search()
            case MenuEntry.SEND:
                self.page.send()
            case MenuEntry.REFRESH:
                self.status_poller.refresh()
            case MenuEntry.SHOW_LIVE | MenuEntry.SHOW_NEEDS | MenuEntry.SHOW_SENT:
                self._show_tab(_TABS[entry])
            case MenuEntry.CONNECTION:
                self.open_connection()
            case MenuEntry.SETTINGS:
                self.dialogs.open_settings()
            case MenuEntry.UNDO:
                self._undo_remove()
            case MenuEntry.EXPORT:
                self.sent_export.start(self.page.lists.sent.search, self.page.lists.sent.order)
            case MenuEntry.ABOUT:
                self.dialogs.open_about()
            case MenuEntry.REPORT:
                self.dialogs.open_report()
            case MenuEntry.QUIT:
                self.close_policy.quit()

    @Slot(object)
    def _on_remedy(self, remedy: Remedy) -> None:
        match remedy:
            case Remedy.CHECK_AGAIN:
                self._commands.check_again()
            case Remedy.COPY_FOR_IT:
                self.dialogs.open_report()
            case Remedy.SEND_ANYWAY:
                self.network_policy.send_anyway()
            case Remedy.OPEN_SIGN_IN:
                self._environment.desktop.open_page(SIGN_IN_PAGE)
            case Remedy.UNDO:
                self._undo_remove()
            case Remedy.OPEN_CONNECTION:
                self.open_connection()
            case Remedy.SIGN_IN if self.sign_in is not None:
                self.sign_in.begin()

    @Slot()
    def _on_banner_left(self) -> None:
        """The focus goes back to the calls: the next widget in the order of the tab key would be none of theirs."""
        if not self._shows_connection:
            self.page.take_focus()

    def _undo_remove(self) -> None:
        self.notices.close()
        self.undo_remove.undo()

    @Slot()
    def come_forward(self) -> None:
        """Show the window in front of others, as large as it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot()
    def open_connection(self) -> None:
        """Show the connection page, which checks at once."""
        if (page := self.connection) is not None:
            self._show_connection()
            page.open()

    @Slot()
    def _show_connection(self) -> None:
        if (page := self.connection) is not None:
            self.come_forward()
            self._show_page(page)

    @Slot(object)
    def import_profile(self, file: Path) -> None:
        """Ask on the connection page whether to import the file; its preview waits for no check."""
        if (page := self.connection) is not None:
            self._show_connection()
            page.take_file(file)

    def begin_profile(self) -> None:
        """The profile was imported just now: check it behind the calls, or stand before the secrets that it lacks."""
        if (page := self.connection) is not None:
            page.begin()

    def _count_waiting(self) -> int:
        """How many calls another profile may take over: those of a third one wait for that."""
        ours = {"", self._profile.identity}
        return sum(job.destination in ours for job in self._state.jobs.values())

    @Slot()
    def show_calls(self) -> None:
        """Show the page with the calls."""
        self._show_page(self.page)

    def _show_tab(self, tab: Tab) -> None:
        came_back = self._shows_connection
        self.show_calls()
        self.page.lists.tabs.choose(tab)
        if came_back:
            self.page.lists.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self._show_queue()
        self._shelf.settle_now()

    @Slot()
    def _on_secrets_changed(self) -> None:
        self._commands.renew_credentials()

    @Slot(object)
    def _on_page_wanted(self, url: str) -> None:
        self._environment.desktop.open_page(url)

    @Slot(object)
    def _on_sign_in_ended(self, result: SignInResult) -> None:
        """Calls that wait for somebody to sign in go on, and the rep reads how it ended where no page says so."""
        if result.is_signed_in:
            self._commands.renew_credentials()
            self.come_forward()
        if not self._shows_connection:
            tone = Tone.OK if result.is_signed_in else Tone.WARNING
            self.notices.show(Alert(tone, SignInWriter(self._messages).ended(result), ""))

    @Slot()
    def _on_check_summarised(self) -> None:
        """Remember what a check found; calls that wait for a service try again once it has reached that."""
        status, page = self._state.status, self._made_connection
        if page is not None and page.summary is not None:
            self._last_check = LastCheck(*page.summary, at=self._now())
        well = page is not None and page.summary is not None and page.summary[0] is Tone.OK
        if well and status is not None and status.blocked is not None:
            self._commands.check_again()
        self._show_queue()

    # --- the end --------------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is typed; the close policy decides whether the window hides, asks, or closes."""
        self.page.form.save()
        self.place.keep()
        if self.close_policy.close():
            super().closeEvent(event)
        else:
            event.ignore()

    @Slot()
    def _on_quit_confirmed(self) -> None:
        self._show_on_icon(None)
        self.page.form.save()
        self.place.keep()
        self.folder_watch.stop()
        self.intake.stop()
        self.undo_remove.forget()
        self.sent_export.stop()
        self.page.waveforms.stop()
        self.dialogs.stop()
        if self.transcripts is not None:
            self.transcripts.stop()
        if self.sign_in is not None:
            self.sign_in.stop()
        self.preferences.stop()
        page = self._made_connection
        if page is None:
            self.quit_requested.emit()
        else:
            page.ended.connect(self.quit_requested)
            page.end()
