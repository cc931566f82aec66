"""The page with the calls: drop zone, tabs, search, lists, and the pane at the right. Main thread."""

from collections.abc import Set

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.call_details import DetailsWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.rows import RowWriter, Tab, matches
from callup_desktop.presentation.view_state import Phase, ViewState, phase_of
from callup_desktop.ui.call_list.model import LiveModel, SentModel
from callup_desktop.ui.call_list.view import CallsCard, CallsView
from callup_desktop.ui.detail_pane import DetailPane
from callup_desktop.ui.drop_zone import DropZone
from callup_desktop.ui.form_pane import FormPane
from callup_desktop.ui.widgets.controls import TextField
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.tab_strip import TabStrip

_NARROW = 56
"""Windows narrower than so many line heights put the pane below the lists."""
_SEARCHED_AFTER = 250
"""Milliseconds without a key until the search is made."""

_COUNTED_EVERY = 1000
"""Milliseconds after which the pane tells anew how long a call still waits."""


class QueuePage(QWidget):
    """Shows the calls; which call is shown at the right follows from what is selected."""

    search_made = Signal()

    def __init__(
        self,
        state: ViewState,
        messages: Messages,
        rows: RowWriter,
        stories: DetailsWriter,
        call_types: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        """Show these copies."""
        super().__init__(parent)
        self._state = state
        self._stories = stories
        self._shown_id = ""
        self._selected: frozenset[str] = frozenset()
        self._last_seen: dict[str, Job] = {}
        self.drop_zone = DropZone(self)
        self.tabs = TabStrip(self)
        self.search = TextField(self)
        self.search.setPlaceholderText(self.tr("Search calls"))
        self.search.setAccessibleName(self.tr("Search calls"))
        self.search.setClearButtonEnabled(True)
        self.live = LiveModel(state, rows, self._is_live, self)
        self.needs = LiveModel(state, rows, self._needs_rep, self)
        self.sent = SentModel(state, rows, self)
        models = {Tab.LIVE: self.live, Tab.NEEDS: self.needs, Tab.SENT: self.sent}
        self._empty_words = {
            Tab.LIVE: self.tr("Nothing in progress. Drop recordings above to begin."),
            Tab.NEEDS: self.tr("Nothing needs you."),
            Tab.SENT: self.tr("No call has been sent yet."),
        }
        self.views: dict[Tab, CallsView] = {}
        self._lists = CallsCard(self)
        for tab, button in self.tabs.buttons.items():
            # A sent call has no bar, but tells when it was sent.
            stage_at = 0.57 if tab is Tab.SENT else 0.515
            view = self.views[tab] = CallsView(models[tab], rows, button.text(), self, stage_at=stage_at)
            view.selected.connect(self._on_selected)
            view.opened.connect(self._on_opened)
            self._lists.addWidget(view)
        self.form = FormPane(messages, rows, call_types, self)
        self.details = DetailPane(rows, self)
        self._lay_out()
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(_SEARCHED_AFTER)
        self._search_timer.timeout.connect(self._on_search)
        self._countdown = QTimer(self)
        self._countdown.setSingleShot(True)
        self._countdown.setInterval(_COUNTED_EVERY)
        self._countdown.timeout.connect(self.show_selection)
        self.search.textChanged.connect(self._on_search_typed)
        self.tabs.chosen.connect(self._on_tab)
        self.show_selection()

    def _lay_out(self) -> None:
        self._side = QStackedWidget(self)
        self._side.addWidget(self.details)
        self._side.addWidget(self.form)
        self._bar = QWidget(self)
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.tabs)
        line.addStretch(1)
        self.search.setMaximumWidth(em(self, 14))
        self.search.setMinimumWidth(em(self, 7))
        line.addWidget(self.search, 2)
        self._left = QWidget(self)
        self._left_layout = QVBoxLayout(self._left)
        side = em(self, 1.3)
        self._left_layout.setContentsMargins(side, em(self, 1.05), em(self, 1.05), em(self, 0.6))
        self._left_layout.setSpacing(em(self, 0.6))
        self._left_layout.addWidget(self.drop_zone)
        self._left_layout.addSpacing(em(self, 0.35))
        self._left_layout.addWidget(self._bar)
        self._left_layout.addWidget(self._lists, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._left)
        self.splitter.addWidget(self._side)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._empty_label = QLabel(self._lists)
        self._empty_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_label.setWordWrap(True)
        self._empty_label.setTextFormat(Qt.TextFormat.PlainText)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows put the pane below the lists."""
        narrow = event.size().width() < em(self, _NARROW)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self.splitter.orientation() != wanted or not event.oldSize().isValid():
            self.splitter.setOrientation(wanted)
            size = event.size()
            pane = em(self, 21.9)
            sizes = [size.height() // 2] * 2 if narrow else [size.width() - pane, pane]
            self.splitter.setSizes(sizes)
        self._side.setMinimumWidth(em(self, 8 if narrow else 17))
        self._place_empty_label()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        """The pictures' proportions."""
        return QSize(em(self, 72), em(self, 42))

    # --- what is wanted in which list -----------------------------------------------------------------------------

    @property
    def tab(self) -> Tab:
        """The chosen tab."""
        return self.tabs.current

    @property
    def view(self) -> CallsView:
        """The list in view."""
        return self.views[self.tab]

    def _is_live(self, job: Job) -> bool:
        return matches(job, self.search.text())

    def _needs_rep(self, job: Job) -> bool:
        return phase_of(job) is Phase.NEEDS_REP and self._is_live(job)

    def job_of(self, job_id: str) -> Job | None:
        """The copy of a job: live, sent and read, or just seen."""
        job = self._state.jobs.get(job_id)
        if job is not None:
            return job
        place = self.sent.place_of(job_id)
        return self.sent.job_at(place) if place >= 0 else self._last_seen.get(job_id)

    # --- showing --------------------------------------------------------------------------------------------------

    def show_counts(self) -> None:
        """Bring counts, the shape of the drop zone and the words of an empty list up to date."""
        counts, status = self._state.counts, self._state.status
        needs = counts[Phase.NEEDS_REP]
        sent = status.sent if status else 0
        self.tabs.buttons[Tab.LIVE].set_count(str(len(self._state.jobs) - needs))
        self.tabs.buttons[Tab.NEEDS].set_count(str(needs))
        self.tabs.buttons[Tab.SENT].set_count(str(sent))
        empty = not self._state.jobs and not sent
        self.drop_zone.set_large(large=empty)
        for widget in (self._bar, self._lists, self._side):
            widget.setVisible(not empty)
        self._left_layout.setContentsMargins(
            em(self, 1.3), em(self, 1.05), em(self, 1.3 if empty else 1.05), em(self, 1.3 if empty else 0.6)
        )
        self._show_empty_words()

    def _show_empty_words(self) -> None:
        searching = bool(self.search.text().strip())
        text = self.tr("No call matches this search.") if searching else self._empty_words[self.tab]
        self._empty_label.setText(text)
        self._empty_label.setVisible(self.view.model().rowCount() == 0)
        self._empty_label.setForegroundRole(self._empty_label.palette().ColorRole.PlaceholderText)
        self._place_empty_label()

    def _place_empty_label(self) -> None:
        margin = em(self, 1)
        area = self._lists.rect().adjusted(margin, margin, -margin, -margin)
        self._empty_label.setGeometry(area.x(), area.y(), area.width(), min(area.height(), em(self, 8)))
        self._empty_label.raise_()

    def concerns(self, job_ids: Set[str]) -> bool:
        """Whether any of these calls is what the pane at the right shows."""
        return self._shown_id in job_ids or not self._selected.isdisjoint(job_ids)

    @Slot()
    def show_selection(self) -> None:
        """Show the form for selected drafts, else the story of the call, or of several."""
        jobs = self.view.selected_jobs()
        self._selected = frozenset(job.id for job in jobs)
        drafts = tuple(job for job in jobs if job.state is State.DRAFT and not job.turned_away)
        if drafts:
            self.form.show_jobs(drafts, self._state.past)
            self._side.setCurrentWidget(self.form)
            return
        if self._side.currentWidget() is self.form:
            self.form.save()
            described = self.window().focusWidget()
            if described is not None and self.form.isAncestorOf(described):
                # What was just sent is watched next: the space bar pauses it.
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._side.setCurrentWidget(self.details)
        if len(jobs) == 1:
            self._last_seen = {jobs[0].id: jobs[0]}
            self._shown_id = jobs[0].id
        shown = self.job_of(self._shown_id) if not jobs else jobs[0]
        if len(jobs) > 1 or shown is None:
            self.details.show_story(self._stories.several(jobs), tuple(job.id for job in jobs))
            return
        self.details.show_story(self._stories.story(shown, self._state), (shown.id,))
        if shown.state is State.QUEUED and shown.retry_at is not None and self.isVisible():
            self._countdown.start()

    def begin_typing(self) -> None:
        """What was just dropped is described next, unless the rep is typing already."""
        typing = isinstance(self.window().focusWidget(), TextField)
        if self._side.currentWidget() is self.form and not typing:
            self.form.start_typing()

    def keep_showing(self, sent: Job) -> None:
        """A call that was just sent stays in the pane, though it left its list."""
        if sent.id == self._shown_id:
            self._last_seen = {sent.id: sent}

    def forget_shown(self, job_ids: frozenset[str]) -> None:
        """A removed call leaves the pane too."""
        if self._shown_id in job_ids:
            self._shown_id = ""
            self._last_seen = {}

    @Slot()
    def _on_selected(self) -> None:
        if self.sender() is self.view:
            self.show_selection()

    @Slot()
    def _on_opened(self) -> None:
        if self._side.currentWidget() is self.form:
            self.form.start_typing()
            return
        button = next((button for button in self.details.buttons.values() if button.isVisible()), None)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_tab(self, tab: Tab) -> None:
        self._lists.setCurrentWidget(self.views[tab])
        self._shown_id = ""
        self._show_empty_words()
        self.show_selection()

    @Slot(str)
    def _on_search_typed(self, _text: str) -> None:
        self._search_timer.start()

    @Slot()
    def _on_search(self) -> None:
        self.live.look_again()
        self.needs.look_again()
        self.sent.look_again(self.search.text().strip())
        self._show_empty_words()
        self.search_made.emit()
