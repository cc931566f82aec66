"""The page with the calls: the drop zone and the lists, and the pane at the right. Main thread."""

from collections.abc import Set

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.call_details import DetailsWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.rows import RowWriter, Tab
from callup_desktop.presentation.view_state import Change, ViewState
from callup_desktop.ui.call_list.lists import CallLists
from callup_desktop.ui.detail_pane import DetailPane
from callup_desktop.ui.drop_zone import DropZone
from callup_desktop.ui.form.pane import FormPane
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.text_field import TextField

_NARROW = 56
"""Line heights. A narrower window has the pane below the lists."""
_COUNTDOWN_INTERVAL = 1000
"""Milliseconds: the pane says in whole seconds and minutes how long a call waits."""


class QueuePage(QWidget):
    """Shows the calls; the selection decides what the pane at the right shows."""

    def __init__(
        self,
        state: ViewState,
        messages: Messages,
        rows: RowWriter,
        details_writer: DetailsWriter,
        call_types: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._details_writer = details_writer
        self._shown_id = ""
        self._selected: frozenset[str] = frozenset()
        self._last_seen: dict[str, Job] = {}
        self.drop_zone = DropZone(self)
        self.lists = CallLists(state, rows, self)
        self.form = FormPane(messages, rows, call_types, self)
        self.detail_pane = DetailPane(rows, self)
        self._lay_out()
        self._countdown = single_shot(self, _COUNTDOWN_INTERVAL, self.show_selection)
        self.lists.selected.connect(self.show_selection)
        self.lists.opened.connect(self._on_opened)
        self.lists.tab_chosen.connect(self._on_tab_chosen)
        self.show_selection()

    def _lay_out(self) -> None:
        self._side = QStackedWidget(self)
        self._side.addWidget(self.detail_pane)
        self._side.addWidget(self.form)
        left = QWidget(self)
        self._left_layout = QVBoxLayout(left)
        self._left_layout.setContentsMargins(em(self, 1.3), em(self, 1.05), em(self, 1.05), em(self, 0.6))
        self._left_layout.setSpacing(em(self, 0.6))
        self._left_layout.addWidget(self.drop_zone)
        self._left_layout.addSpacing(em(self, 0.35))
        self._left_layout.addWidget(self.lists, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self._side)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the pane below the lists where the window is narrow."""
        narrow = event.size().width() < em(self, _NARROW)
        orientation = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self._splitter.orientation() != orientation or not event.oldSize().isValid():
            self._splitter.setOrientation(orientation)
            size = event.size()
            pane = em(self, 21.9)
            self._splitter.setSizes([size.height() // 2] * 2 if narrow else [size.width() - pane, pane])
        self._side.setMinimumWidth(em(self, 8 if narrow else 17))
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        """The proportions of the design."""
        return QSize(em(self, 72), em(self, 42))

    def job_of(self, job_id: str) -> Job | None:
        """The newest copy of a job: one of the lists, or the one that the pane showed last."""
        return self.lists.job_of(job_id) or self._last_seen.get(job_id)

    # --- what changed ---------------------------------------------------------------------------------------------

    def apply(self, changes: list[Change]) -> None:
        """Bring the lists up to date. A call that was sent stays in the pane; a call that was removed leaves it."""
        self.lists.apply(changes)
        for change in changes:
            if change.sent is not None:
                if change.sent.id == self._shown_id:
                    self._last_seen = {change.sent.id: change.sent}
            elif self._shown_id in change.left:
                self._shown_id = ""
                self._last_seen = {}

    def show_counts(self) -> None:
        """Bring the counts and the shape of the drop zone up to date."""
        self.lists.show_counts()
        status = self._state.status
        empty = not self._state.jobs and not (status and status.sent)
        self.drop_zone.set_large(large=empty)
        for widget in (self.lists, self._side):
            widget.setVisible(not empty)
        self._left_layout.setContentsMargins(
            em(self, 1.3), em(self, 1.05), em(self, 1.3 if empty else 1.05), em(self, 1.3 if empty else 0.6)
        )

    def select_added(self, job_ids: tuple[str, ...]) -> None:
        """Select calls that were just added; their form takes the cursor unless the rep is typing elsewhere."""
        self.lists.tabs.choose(Tab.LIVE)
        self.lists.view.select(job_ids)
        typing = isinstance(self.window().focusWidget(), TextField)
        if self._side.currentWidget() is self.form and not typing:
            self.form.start_typing()

    def refresh_selection(self, changes: list[Change]) -> None:
        """Bring the pane up to date if the changes concern what it shows."""
        if any(change.reset or self._is_shown(change.touched | change.left) for change in changes):
            self.show_selection()

    def _is_shown(self, job_ids: Set[str]) -> bool:
        return self._shown_id in job_ids or not self._selected.isdisjoint(job_ids)

    @Slot()
    def show_selection(self) -> None:
        """Show the form of the selected drafts, else the details of the selected call, or a summary of several."""
        jobs = self.lists.view.selected_jobs()
        self._selected = frozenset(job.id for job in jobs)
        drafts = tuple(job for job in jobs if job.state is State.DRAFT and not job.turned_away)
        if drafts:
            self.form.show_jobs(drafts, self._state.past)
            self._side.setCurrentWidget(self.form)
            return
        self._leave_form()
        self._side.setCurrentWidget(self.detail_pane)
        if len(jobs) == 1:
            self._last_seen = {jobs[0].id: jobs[0]}
            self._shown_id = jobs[0].id
        shown = self.job_of(self._shown_id) if not jobs else jobs[0]
        if len(jobs) > 1 or shown is None:
            self.detail_pane.show_details(self._details_writer.summary_of(jobs), tuple(job.id for job in jobs))
            return
        self.detail_pane.show_details(self._details_writer.details_of(shown, self._state), (shown.id,))
        if shown.state is State.QUEUED and shown.retry_at is not None and self.isVisible():
            self._countdown.start()

    def _leave_form(self) -> None:
        if self._side.currentWidget() is not self.form:
            return
        self.form.save()
        focused = self.window().focusWidget()
        if focused is not None and self.form.isAncestorOf(focused):
            # The rep watches next what was just sent: the space bar pauses it.
            self.lists.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what the rep does ----------------------------------------------------------------------------------------

    def send(self) -> None:
        """Send the selected drafts, if the form is in view."""
        if self.form.isVisible():
            self.form.send()

    @Slot()
    def _on_opened(self) -> None:
        if self._side.currentWidget() is self.form:
            self.form.start_typing()
            return
        button = next((button for button in self.detail_pane.buttons.values() if button.isVisible()), None)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_tab_chosen(self, _tab: Tab) -> None:
        self._shown_id = ""
        self.show_selection()
