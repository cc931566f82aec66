"""The three lists behind their tabs, with the search that limits them. Main thread."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from callup_desktop.engine.job import Job
from callup_desktop.presentation.rows import RowWriter, Tab, matches
from callup_desktop.presentation.view_state import Change, Phase, ViewState, phase_of
from callup_desktop.ui.call_list.list_stack import ListStack
from callup_desktop.ui.call_list.model import Accepts, CallsModel, LiveModel, SentModel
from callup_desktop.ui.call_list.order_button import OrderButton
from callup_desktop.ui.call_list.search_field import SearchField
from callup_desktop.ui.call_list.view import CallsView
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.tab_strip import TabStrip

_SEARCH_DELAY = 250
"""Milliseconds after the last key until the search starts, so that typing a word starts one search."""


class CallLists(QWidget):
    """Tabs and search above a card with the list of the chosen tab."""

    selected = Signal()
    """The selection in the list in view changed."""
    opened = Signal()
    """The rep opened the selected calls."""
    tab_chosen = Signal(object)
    """The Tab whose list is in view now."""
    searched = Signal()
    """The lists hold what another search finds."""
    action_requested = Signal(object)
    """An ActionRequest."""

    def __init__(self, state: ViewState, rows: RowWriter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._is_searching = False
        self._is_typed = False
        self._stale: set[Tab] = set()
        self.tabs = TabStrip(self)
        self.order = OrderButton(self)
        self.order.hide()
        self.search = SearchField(self.tr("Search calls"), self)
        self.live = LiveModel(state, rows, self._searching, self)
        self.needs = LiveModel(state, rows, self._searching_needs, self)
        self.sent = SentModel(state, rows, self)
        self.card = ListStack(self)
        models: dict[Tab, CallsModel] = {Tab.LIVE: self.live, Tab.NEEDS: self.needs, Tab.SENT: self.sent}
        self.views = {tab: self._make_view(tab, model, rows) for tab, model in models.items()}
        self._search_timer = single_shot(self, _SEARCH_DELAY, self._on_search)
        for tab, model in ((Tab.LIVE, self.live), (Tab.NEEDS, self.needs)):
            self.views[tab].pointed_at.connect(model.on_pointed_at)
        # Qt says first that text was typed, then that it is another.
        self.search.textEdited.connect(self._on_search_typed)
        self.search.textChanged.connect(self._on_search_changed)
        self.tabs.chosen.connect(self._on_tab)
        self.order.chosen.connect(self.sent.show_in)
        self._lay_out()

    def _make_view(self, tab: Tab, model: CallsModel, rows: RowWriter) -> CallsView:
        # A sent call has no bar, but the time of sending: its stage needs less room, its name more.
        stage_at = 0.62 if tab is Tab.SENT else 0.515
        view = CallsView(model, rows, self.tabs.buttons[tab].text(), self, stage_at=stage_at)
        view.selected.connect(self._on_selected)
        view.opened.connect(self.opened)
        view.action_requested.connect(self.action_requested)
        self.card.addWidget(view)
        return view

    def _lay_out(self) -> None:
        bar = QWidget(self)
        bar_layout = QHBoxLayout(bar)
        bar_layout.setContentsMargins(0, 0, 0, 0)
        bar_layout.addWidget(self.tabs)
        bar_layout.addStretch(1)
        bar_layout.addWidget(self.order)
        self.search.setMaximumWidth(em(self, 14))
        self.search.setMinimumWidth(em(self, 5.5))
        bar_layout.addWidget(self.search, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.6))
        layout.addWidget(bar)
        layout.addWidget(self.card, 1)

    @property
    def tab(self) -> Tab:
        """The chosen tab."""
        return self.tabs.current

    @property
    def view(self) -> CallsView:
        """The list in view."""
        return self.views[self.tab]

    def job_of(self, job_id: str) -> Job | None:
        """The newest copy of a job: a live one, or a sent one whose page is read."""
        job = self._state.jobs.get(job_id)
        if job is not None:
            return job
        place = self.sent.place_of(job_id)
        return self.sent.job_at(place) if place >= 0 else None

    # --- what changed ---------------------------------------------------------------------------------------------

    def apply(self, changes: list[Change]) -> None:
        """Bring all lists up to date."""
        if any(change.reset for change in changes):
            self.live.reload()
            self.needs.reload()
        else:
            self.live.apply(changes)
            self.needs.apply(changes)
        for change in changes:
            if change.sent is not None:
                self.sent.insert(change.sent)
            elif change.edited is not None:
                self.sent.replace(change.edited)
            else:
                # A sent call whose message is sent again arrives among the live ones.
                for job_id in (*change.left, *change.arrived):
                    self.sent.remove(job_id)
        self.sent.refresh(job_id for change in changes for job_id in change.touched)

    def show_counts(self) -> None:
        """Bring the counts of the tabs and the text of an empty list up to date."""
        counts, status = self._state.counts, self._state.status
        needs = counts[Phase.NEEDS_REP]
        self.tabs.buttons[Tab.LIVE].set_count(str(len(self._state.jobs) - needs))
        self.tabs.buttons[Tab.NEEDS].set_count(str(needs))
        self.tabs.buttons[Tab.SENT].set_count(str(status.sent if status else 0))
        self._show_empty_text()

    def _show_empty_text(self) -> None:
        texts = {
            Tab.LIVE: self.tr("Nothing in progress. Drop recordings above to begin."),
            Tab.NEEDS: self.tr("Nothing needs you."),
            Tab.SENT: self.tr("No call has been sent yet."),
        }
        searching = bool(self.search.text().strip())
        text = self.tr("No call matches this search.") if searching else texts[self.tab]
        self.card.show_empty_text(text, shown=self.view.model().rowCount() == 0)

    # --- what the rep does ----------------------------------------------------------------------------------------

    def start_search(self) -> None:
        """Put the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def _on_selected(self) -> None:
        # What a search finds comes into view with `searched`, once.
        if self.sender() is self.view and not self._is_searching:
            self.selected.emit()

    @Slot(object)
    def _on_tab(self, tab: Tab) -> None:
        self._reload_stale()
        self.order.setVisible(tab is Tab.SENT)
        self.card.setCurrentWidget(self.views[tab])
        self._show_empty_text()
        self.tab_chosen.emit(tab)

    def show_all_of(self, job_ids: Iterable[str]) -> None:
        """End a search that hides any of these calls."""
        if any(self.live.place_of(job_id) < 0 for job_id in job_ids):
            self.search.clear()

    @Slot()
    def _on_search_typed(self) -> None:
        self._is_typed = True

    @Slot(str)
    def _on_search_changed(self, text: str) -> None:
        """Search once the rep types no more, if only the last letter is removed; what is cleared as a whole at once."""
        typed, self._is_typed = self._is_typed, False
        if text or typed:
            self._search_timer.start()
        else:
            self._on_search()

    @Slot()
    def _on_search(self) -> None:
        """Search; calls that are selected and found stay selected."""
        self._search_timer.stop()
        self._is_searching = True
        view = self.view
        kept = tuple(job.id for job in view.selected_jobs())
        self._stale = {Tab.LIVE, Tab.NEEDS}
        self._reload_stale()
        self.sent.reload(self.search.text().strip())
        view.select(kept)
        self._is_searching = False
        self._show_empty_text()
        self.searched.emit()

    def _reload_stale(self) -> None:
        """Search the list in view; another one is searched when it comes into view."""
        model = {Tab.LIVE: self.live, Tab.NEEDS: self.needs}.get(self.tab)
        if model is not None and self.tab in self._stale:
            self._stale.discard(self.tab)
            model.reload()

    def _searching(self) -> Accepts:
        search = self.search.text().strip()
        return (lambda job: matches(job, search)) if search else _is_job

    def _searching_needs(self) -> Accepts:
        is_found = self._searching()
        return lambda job: phase_of(job) is Phase.NEEDS_REP and is_found(job)


def _is_job(_job: Job) -> bool:
    """Without a search every job is found."""
    return True
