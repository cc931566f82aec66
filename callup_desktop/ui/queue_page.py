"""The page with the calls: the drop zone and the lists, and the pane at the right. Main thread."""

from collections.abc import Set
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from callup_desktop.engine.events import SentPage
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.call_details import DetailsWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.queue_summary import Alert
from callup_desktop.presentation.rows import (
    Action,
    RowWriter,
    Tab,
    Tone,
    actions_of,
    is_unsent_draft,
    matches,
    playable,
)
from callup_desktop.presentation.view_state import Change, ViewState
from callup_desktop.ui.call_list.lists import CallLists
from callup_desktop.ui.detail_pane import DetailPane
from callup_desktop.ui.drop_zone import DropZone
from callup_desktop.ui.form.pane import FormPane
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.waveforms import Waveforms
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.text_field import TextField

_NARROW = 46
"""Line heights. A narrower window has the pane below the lists."""
_LOW = 36
"""Line heights. A lower window has a smaller drop zone and smaller margins."""
_PANE = 21.9
"""Line heights. The width of the pane as long as the rep chooses no other; a narrow window has less."""
_LEAST_PANE, _LEAST_LOW_PANE = 17, 15
"""Line heights. A low window has no room for a pane below its lists, and keeps a narrower one beside them."""
_PANE_SHARE, _LARGEST_SHARE = 0.36, 0.42
"""The shares of the window's width that the pane has by itself at most; the larger one for buttons side by side."""
_LARGE = 500
"""Selected calls; what so many have in common is shown a little later."""
_LARGE_INTERVAL = 500
"""Milliseconds until what many selected calls have in common is shown again after a change of some of them."""
_AHEAD = 250
"""Milliseconds from the first sight of the calls until the form is drawn ahead; as many later the details are."""
_COUNTDOWN_INTERVAL = 1000
"""Milliseconds: the pane says in whole seconds and minutes how long a call waits."""


@dataclass(frozen=True, slots=True)
class PaneSizes:
    """The pane's width beside the lists and its height below them, in pixels; None where the rep chose none."""

    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The selected calls of one tab, and which of them the form edits."""

    jobs: tuple[Job, ...] = ()
    ids: frozenset[str] = frozenset()
    drafts: tuple[Job, ...] = ()


def chosen_of(jobs: tuple[Job, ...]) -> Chosen:
    """What is chosen with these calls."""
    drafts = tuple(job for job in jobs if job.state is State.DRAFT and not job.turned_away)
    return Chosen(jobs, frozenset(job.id for job in jobs), drafts)


class QueuePage(QWidget):
    """Shows the calls; the selection decides what the pane at the right shows."""

    alert_raised = Signal(object)
    """An Alert: what the rep did has a result that is not seen elsewhere."""

    def __init__(
        self,
        state: ViewState,
        messages: Messages,
        rows: RowWriter,
        details_writer: DetailsWriter,
        call_types: tuple[str, ...],
        rules: NameRules,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._details_writer = details_writer
        self._shown_id = ""
        self._pane_sizes = PaneSizes()
        self._is_empty = False
        self._chosen = dict.fromkeys(Tab, Chosen())
        self._editing: tuple[str, ...] = ()
        self._receipt: Job | None = None
        self._sending: frozenset[str] = frozenset()
        self._next_draft = ""
        self.drop_zone = DropZone(self)
        self.lists = CallLists(state, rows, self)
        self.form = FormPane(messages, rows, call_types, rules, self)
        self.detail_pane = DetailPane(rows, self)
        self.waveforms = Waveforms(self)
        self._lay_out()
        self._countdown = single_shot(self, _COUNTDOWN_INTERVAL, self.show_selection)
        self._later = single_shot(self, _LARGE_INTERVAL, self.show_selection)
        self._details_ahead = single_shot(self, _AHEAD, self._draw_details_ahead)
        self._form_ahead = single_shot(self, _AHEAD, self._draw_form_ahead)
        self.waveforms.found.connect(self._show_waveform)
        self.lists.selected.connect(self.show_selection)
        self.lists.opened.connect(self._on_opened)
        self.lists.tab_chosen.connect(self._on_tab_chosen)
        self.lists.searched.connect(self._on_searched)
        self.form.edit_ended.connect(self._on_edit_ended)
        self.form.send_requested.connect(self._on_send_requested)
        self.form.send_anyway_requested.connect(self._on_send_requested)
        self.show_selection()

    def _lay_out(self) -> None:
        self._side = QStackedWidget(self)
        self._side.addWidget(self.detail_pane)
        self._side.addWidget(self.form)
        self._left = QWidget(self)
        self._left_layout = QVBoxLayout(self._left)
        self._left_layout.addWidget(self.drop_zone)
        self._left_layout.addWidget(self.lists, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        # Until the calls are read nothing is shown: an empty list would be wrong.
        self._splitter.hide()
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._left)
        self._splitter.addWidget(self._side)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.splitterMoved.connect(self._on_splitter_moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    @property
    def pane_sizes(self) -> PaneSizes:
        """The sizes of the pane that the rep chose."""
        return self._pane_sizes

    def set_pane_sizes(self, sizes: PaneSizes) -> None:
        """Give the pane the sizes that the rep chose before."""
        self._pane_sizes = sizes
        self._arrange(self.size())

    @Slot(int, int)
    def _on_splitter_moved(self, _position: int, _index: int) -> None:
        size = self._splitter.sizes()[1]
        if self._splitter.orientation() is Qt.Orientation.Horizontal:
            self._pane_sizes = replace(self._pane_sizes, width=size)
        else:
            self._pane_sizes = replace(self._pane_sizes, height=size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the pane below the lists where the window is narrow, and save room where it is low."""
        self._arrange(event.size())
        super().resizeEvent(event)

    def _arrange(self, size: QSize) -> None:
        low = size.height() < em(self, _LOW)
        least = em(self, _LEAST_LOW_PANE if low else _LEAST_PANE)
        beside = self._left.minimumSizeHint().width() + least
        narrow = size.width() < (beside if low else max(em(self, _NARROW), beside))
        self._splitter.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        self._side.setMinimumWidth(em(self, 8) if narrow else least)
        if narrow:
            pane, whole = self._pane_sizes.height or size.height() // 2, size.height()
        else:
            pane, whole = self._pane_sizes.width or self._own_width(size.width(), least), size.width()
        self._splitter.setSizes([whole - pane, pane])
        self.drop_zone.set_low(low=low)
        self._show_margins(low=low)

    def _own_width(self, width: int, least: int) -> int:
        """The pane's width as long as the rep chooses no other: letters may be wide where lines are not high."""
        buttons = max(self.detail_pane.usual_width(), self.form.usual_width())
        wanted = max(min(em(self, _PANE), round(width * _PANE_SHARE)), min(buttons, round(width * _LARGEST_SHARE)))
        return max(least, min(wanted, width - self._left.minimumSizeHint().width()))

    def _show_margins(self, *, low: bool) -> None:
        side, top = em(self, 1.3), em(self, 0.6 if low else 1.05)
        bottom = side if self._is_empty else em(self, 0.6)
        self._left_layout.setContentsMargins(side, top, side if self._is_empty else em(self, 1.05), bottom)
        self._left_layout.setSpacing(em(self, 0.4 if low else 0.95))

    def minimumSizeHint(self) -> QSize:
        """Room for the lists: where the pane does not fit beside them it stands below."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), max(self._left.minimumSizeHint().width(), em(self, _LEAST_PANE))), hint.height())

    def sizeHint(self) -> QSize:
        """The proportions of the design."""
        return QSize(em(self, 72), em(self, 42))

    def job_of(self, job_id: str) -> Job | None:
        """The newest copy of a job: one of the lists, or the one whose receipt the pane shows."""
        receipt = self._receipt
        return self.lists.job_of(job_id) or (receipt if receipt is not None and receipt.id == job_id else None)

    def sent_in_view(self) -> tuple[str, ...]:
        """The sent calls that the rep sees: those in the list, and the one in the pane."""
        listed = self.lists.view.visible_ids() if self.lists.tab is Tab.SENT else ()
        shown = self.job_of(self._shown_id)
        in_pane = (shown.id,) if shown is not None and shown.state is State.DONE else ()
        return tuple(dict.fromkeys((*listed, *in_pane)))

    # --- what changed ---------------------------------------------------------------------------------------------

    def apply(self, changes: list[Change]) -> None:
        """Bring the lists up to date. A call that was sent stays in the pane; a call that was removed leaves it."""
        for change in changes:
            known = change.sent or change.edited
            if known is not None and known.id == self._shown_id:
                self._receipt = known
            elif self._receipt is not None and self._receipt.id in change.left and change.sent is None:
                self._receipt = None
        self.lists.apply(changes)

    def take_page(self, page: SentPage) -> None:
        """Show a page of sent calls, and in the pane what it tells of those that are selected."""
        self.lists.sent.take_page(page)
        if self.lists.tab is Tab.SENT and self.lists.view.selected_count():
            self.show_selection()

    def show_counts(self) -> None:
        """Bring the counts and the shape of the drop zone up to date, once it is known which calls there are."""
        if not self._state.is_known:
            return
        self.lists.show_counts()
        status = self._state.status
        empty = not self._state.jobs and not (status and status.sent)
        self.drop_zone.set_large(large=empty)
        for widget in (self.lists, self._side):
            widget.setVisible(not empty)
        if empty != self._is_empty:
            self._is_empty = empty
            self._arrange(self.size())
        if self._splitter.isHidden():
            self._splitter.show()
            self._form_ahead.start()
            if self.isVisibleTo(self.window()):
                self.drop_zone.chooser.setFocus(Qt.FocusReason.MouseFocusReason)

    @Slot()
    def _draw_form_ahead(self) -> None:
        if self._side.currentWidget() is not self.form:
            self.form.draw_ahead(self._side.size())
        # A key that comes meanwhile waits for one of the two.
        self._details_ahead.start()

    @Slot()
    def _draw_details_ahead(self) -> None:
        self.detail_pane.draw_ahead(self._side.size())

    def take_focus(self) -> None:
        """Focus the list, or where no call is left what adds one."""
        (self.drop_zone.chooser if self._is_empty else self.lists.view).setFocus(Qt.FocusReason.OtherFocusReason)

    def select_added(self, job_ids: tuple[str, ...]) -> None:
        """Select calls that were just added; their form takes the cursor unless the rep is typing elsewhere."""
        self.lists.tabs.choose(Tab.LIVE)
        self.lists.show_all_of(job_ids)
        self.lists.view.select(job_ids)
        typing = isinstance(self.window().focusWidget(), TextField)
        if self._side.currentWidget() is self.form and not typing:
            self.form.start_typing()

    def refresh_selection(self, changes: list[Change]) -> None:
        """Bring the pane up to date if the changes concern what it shows; go on to the next draft after a send."""
        if self._went() and self._show_next_draft():
            return
        # What one call was sent with is offered for the next one.
        if any(change.reset or change.sent or self._is_shown(change.touched | change.left) for change in changes):
            if len(self._selection.ids) < _LARGE:
                self.show_selection()
            elif not self._later.isActive():
                # What many calls have in common is not found anew for each of their changes.
                self._later.start()

    @property
    def _selection(self) -> Chosen:
        return self._chosen[self.lists.tab]

    def _is_shown(self, job_ids: Set[str]) -> bool:
        return self._shown_id in job_ids or not self._selection.ids.isdisjoint(job_ids)

    def _went(self) -> bool:
        """Whether all calls that the rep asked to send are on their way, or will be once they are read."""
        jobs = (self._state.jobs.get(job_id) for job_id in self._sending)
        return bool(self._sending) and not any(job is not None and is_unsent_draft(job) for job in jobs)

    def _show_next_draft(self) -> bool:
        """Select the next draft and put the cursor into its form; whether there is one."""
        sent, self._sending = self._sending, frozenset()
        known = self._state.jobs.get(self._next_draft)
        found = known is not None and is_unsent_draft(known) and self.lists.view.contains(known.id)
        job_id = self._next_draft if found else self.lists.view.draft_after(sent)
        if not job_id:
            return False
        self.lists.view.select((job_id,))
        focused = self.window().focusWidget()
        if not isinstance(focused, TextField) or self.form.isAncestorOf(focused):
            self.form.start_typing()
        return True

    @Slot()
    def show_selection(self) -> None:
        """Show the form of the selected drafts, else the details of the selected call, or a summary of several."""
        self._later.stop()
        self._show_pane()
        self._show_waveform()

    @Slot()
    def _show_waveform(self) -> None:
        """Show how loud the one call in the pane is, once that is known."""
        in_form = self._side.currentWidget() is self.form
        ids = self.form.ids if in_form else (self._shown_id,)
        job = self.job_of(ids[0]) if len(ids) == 1 else None
        peaks = self.waveforms.want(job.path if job is not None and playable(job) else None)
        (self.form if in_form else self.detail_pane).listen.waveform.show_peaks(peaks)

    def _show_pane(self) -> None:
        view = self.lists.view
        jobs, count = view.selected_jobs(), view.selected_count()
        if jobs != self._selection.jobs:
            # Thousands of them come back unchanged with their tab.
            self._chosen[self.lists.tab] = chosen_of(jobs)
        chosen = self._selection
        if not chosen.ids <= self._sending:
            self._sending = frozenset()
        if self._show_edit(jobs):
            return
        if chosen.drafts:
            self.form.show_jobs(chosen.drafts, self._state.past)
            self._side.setCurrentWidget(self.form)
            return
        self._leave_form()
        self._side.setCurrentWidget(self.detail_pane)
        if count:
            self._receipt = None
        shown = jobs[0] if len(jobs) == count == 1 else self._receipt
        self._shown_id = shown.id if shown is not None else ""
        if shown is None:
            ids = tuple(job.id for job in jobs) if len(jobs) == count else ()
            self.detail_pane.show_details(self._details_writer.summary_of(jobs, count), ids)
            return
        self.detail_pane.show_details(self._details_writer.details_of(shown, self._state), (shown.id,))
        if shown.state is State.QUEUED and shown.retry_at is not None and self.isVisible():
            self._countdown.start()

    def _show_edit(self, selected: tuple[Job, ...]) -> bool:
        """Show the form of the calls that the rep edits while they are chosen; returns whether it is in view."""
        if not self._editing:
            return False
        chosen = {job.id for job in selected} or {self._shown_id}
        jobs = tuple(job for job_id in self._editing if (job := self.job_of(job_id)) and Action.EDIT in actions_of(job))
        if chosen == set(self._editing) == {job.id for job in jobs}:
            self.form.show_jobs(jobs, self._state.past)
            self._side.setCurrentWidget(self.form)
            return True
        self._editing = ()
        if self.form.is_changed:
            self.alert_raised.emit(Alert(Tone.WARNING, self.tr("What you changed was not saved."), ""))
        self.form.forget()
        return False

    def _leave_form(self) -> None:
        if self._side.currentWidget() is not self.form:
            return
        self.form.save()
        focused = self.window().focusWidget()
        if focused is not None and self.form.isAncestorOf(focused):
            # The rep watches next what was just sent: the space bar pauses it.
            self.lists.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what the rep does ----------------------------------------------------------------------------------------

    @Slot(object)
    def edit(self, job_ids: tuple[str, ...]) -> None:
        """Show the form of calls that were sent; they are selected, or in the pane."""
        self._editing = job_ids
        self.show_selection()
        if self._side.currentWidget() is self.form:
            self.form.start_typing()

    @Slot()
    def _on_edit_ended(self) -> None:
        self._editing = ()
        self.show_selection()

    def send(self) -> None:
        """Send the selected drafts, if the form is in view."""
        if self.form.isVisible():
            self.form.send()

    @Slot(object)
    def _on_send_requested(self, job_ids: tuple[str, ...]) -> None:
        self._sending = frozenset(job_ids)
        self._next_draft = self.lists.view.draft_after(self._sending)

    @Slot()
    def _on_opened(self) -> None:
        if self._side.currentWidget() is self.form:
            self.form.start_typing()
            return
        # By the tab key's order, in which Remove is last.
        button = next((button for button in self.detail_pane.buttons.values() if button.isVisible()), None)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_tab_chosen(self, _tab: Tab) -> None:
        self._receipt = None
        self.show_selection()

    @Slot()
    def _on_searched(self) -> None:
        if self._receipt is not None and not matches(self._receipt, self.lists.search.text()):
            self._receipt = None
        self.show_selection()
