"""The pane with the details of a call: stages, receipt, and what can be done with it. Main thread."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from callup_desktop.presentation.call_details import CallDetails, DetailLine, Mark, Stage
from callup_desktop.presentation.rows import Action, ActionRequest, RowWriter, Tone
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.hanging import add_hanging
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.listen_line import ListenLine
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.plain_text import plain_tip
from callup_desktop.ui.widgets.side_pane import SidePane
from callup_desktop.ui.widgets.symbol_circle import SymbolCircle

_LINES = 9
"""Those of a call that was sent; a call in trouble may have one more."""
_USUAL = (
    (Action.REMOVE, Action.SHOW_FILE, Action.EDIT),
    (Action.COPY_ID, Action.SHOW_FILE, Action.EDIT),
)
"""The buttons of most calls: of those on their way, and of those that were sent."""
_TONES = {Mark.DONE: Tone.OK, Mark.NOW: Tone.ACCENT, Mark.NEXT: Tone.PLAIN, Mark.FAILED: Tone.BAD}
_LETTERS = "abcdefghijklmnopqrstuvwxyz 0123456789"
_SPECIMEN = CallDetails(
    id="",
    title=_LETTERS.title(),
    summary=_LETTERS,
    notice=_LETTERS,
    notice_tone=Tone.OK,
    stages=(Stage(_LETTERS, Mark.DONE, "✓", "00:00", retriable=False),) * 4,
    lines=(DetailLine(_LETTERS, _LETTERS), DetailLine(_LETTERS, _LETTERS, exact=True)) * (_LINES // 2),
    actions=_USUAL[1],
)
"""As much as a call shows that was sent."""


class StageLine(QWidget):
    """One stage: its symbol, its title, its time, and a button where it can be tried again."""

    def __init__(self, retry: str, parent: QWidget | None = None) -> None:
        """`retry` is the text of the button."""
        super().__init__(parent)
        self._circle = SymbolCircle(self)
        self._title = Label(parent=self)
        self._time = Label(parent=self, muted=True, wraps=False)
        self.retry = Button(retry, self, quiet=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.65))
        layout.addWidget(self._circle)
        layout.addWidget(self._title, 1)
        layout.addWidget(self._time)
        layout.addWidget(self.retry)

    def show_stage(self, stage: Stage) -> None:
        """Show the stage."""
        self._circle.show_symbol(stage.symbol, _TONES[stage.mark])
        self._title.setText(stage.title)
        self._time.setText(stage.time)
        self._time.setVisible(bool(stage.time))
        self.retry.setVisible(stage.retriable)
        self.retry.setAccessibleName(f"{self.retry.text()}: {stage.title}")


class DetailCells:
    """The cells of one DetailLine in a grid: label, value, copy button."""

    def __init__(self, copy: str, parent: QWidget) -> None:
        """`copy` is the name of the button."""
        self._copy = copy
        self.label = Label(parent=parent, size=0.95, muted=True, wraps=False)
        self.value = Label(parent=parent, size=0.95)
        self.exact = Label(parent=parent, size=0.87, exact=True)
        self.copier = Button("", parent, quiet=True, icon="copy")
        # Hardly taller than a line, so that lines with and without the button are equally far apart.
        self.copier.setFixedHeight(em(parent, 1.2))

    def show_line(self, line: DetailLine | None) -> None:
        """Show the line; None hides the cells."""
        shown = line is not None
        exact = line is not None and line.exact
        self.label.setVisible(shown)
        self.value.setVisible(shown and not exact)
        self.exact.setVisible(exact)
        self.copier.setVisible(exact)
        if line is None:
            return
        self.label.setText(line.label)
        if not line.exact:
            self.value.setText(line.value)
            return
        self.exact.setText(line.value)
        self.copier.setProperty("value", line.value)
        name = f"{self._copy}: {line.label}"
        if name != self.copier.accessibleName():
            self.copier.setAccessibleName(name)
            self.copier.setToolTip(plain_tip(name))


class DetailPane(SidePane):
    """Shows one CallDetails."""

    action_requested = Signal(object)
    """An ActionRequest."""
    copied = Signal(object)
    """A text for the clipboard (str)."""

    def __init__(self, rows: RowWriter, parent: QWidget | None = None) -> None:
        """`rows` names the actions."""
        super().__init__(parent)
        self._details: CallDetails | None = None
        self._ids: tuple[str, ...] = ()
        self._title = Label(parent=self, size=1.15, bold=True)
        self._summary = Label(parent=self, muted=True)
        self.listen = ListenLine(self)
        self._notice = Label(parent=self)
        self._stages = tuple(StageLine(self.tr("Try again"), self) for _ in range(4))
        self._grid = QGridLayout()
        # The first call that is opened need not wait until they are made.
        self._cells = [self._make_cells(row) for row in range(_LINES)]
        self._stage_box = QWidget(self)
        self._lay_out()
        # The tab key follows the order in which widgets are made: the most likely action first, Remove last. From left
        # to right it is the other way round.
        order = (
            Action.SEND_ANYWAY,
            Action.USE_SOUND,
            Action.EDIT,
            Action.OPEN_TRANSCRIPT,
            Action.RETRY,
            Action.RESUME,
            Action.PAUSE,
            Action.LOCATE,
            Action.COPY_FOR_IT,
            Action.PLAY,
            Action.SHOW_FILE,
            Action.COPY_ID,
            Action.REMOVE,
        )
        self.buttons = {action: self._make_button(action, rows.label(action)) for action in order}
        for action, button in reversed(self.buttons.items()):
            if action is not Action.PLAY:
                self.footer.addWidget(button)

    def _lay_out(self) -> None:
        self._grid.setHorizontalSpacing(em(self, 0.5))
        self._grid.setVerticalSpacing(em(self, 0.55))
        self._grid.setColumnMinimumWidth(0, em(self, 6.8))
        self._grid.setColumnStretch(1, 1)
        stages = QVBoxLayout(self._stage_box)
        stages.setContentsMargins(0, em(self, 1.0), 0, 0)
        stages.setSpacing(em(self, 0.55))
        for line in self._stages:
            stages.addWidget(line)
            line.retry.clicked.connect(self._on_retry)
        self.body.addWidget(self._title)
        self.body.addSpacing(em(self, 0.2))
        self.body.addWidget(self._summary)
        add_hanging(self.body, self.listen)
        self.body.addWidget(self._stage_box)
        self.body.addSpacing(em(self, 1.0))
        self.body.addWidget(self._notice)
        self.body.addSpacing(em(self, 1.0))
        self.body.addLayout(self._grid)
        self.body.addStretch(1)

    def _make_button(self, action: Action, label: str) -> Button:
        button = self.listen.button if action is Action.PLAY else Button(label, self)
        button.setProperty("action", action.value)
        button.clicked.connect(self._on_clicked)
        return button

    def usual_width(self) -> int:
        """The width at which the buttons of a call that is on its way, or was sent, stand on one line."""
        return max(self.width_beside(self.buttons[action] for action in actions) for actions in _USUAL)

    def draw_ahead(self, size: QSize) -> None:
        """As of any pane, with all that a sent call shows; what the pane shows now stays."""
        if self._details is None or self._details.stages:
            return
        shown, ids = self._details, self._ids
        self.show_details(_SPECIMEN, ())
        super().draw_ahead(size)
        self.show_details(shown, ids)

    def show_details(self, details: CallDetails, ids: tuple[str, ...]) -> None:
        """Show the details; the buttons act on the calls `ids`."""
        if details == self._details and ids == self._ids:
            return
        self._details, self._ids = details, ids
        with self.laid_out_once():
            self._show(details)

    def _show(self, details: CallDetails) -> None:
        self._title.setText(details.title)
        self._summary.setText(details.summary)
        self._summary.setVisible(bool(details.summary))
        self._notice.setText(details.notice)
        self._notice.set_tone(None if details.notice_tone is Tone.PLAIN else details.notice_tone)
        self._notice.setVisible(bool(details.notice))
        self._stage_box.setVisible(bool(details.stages))
        for stage_line, stage in zip(self._stages, details.stages, strict=False):
            stage_line.show_stage(stage)
        self._show_lines(details.lines)
        for action, button in self.buttons.items():
            button.setVisible(action in details.actions)
        self.listen.setVisible(Action.PLAY in details.actions)
        self.show_footer(shown=any(action is not Action.PLAY for action in details.actions))

    def _show_lines(self, lines: tuple[DetailLine, ...]) -> None:
        while len(self._cells) < len(lines):
            self._cells.append(self._make_cells(len(self._cells)))
        for index, cells in enumerate(self._cells):
            cells.show_line(lines[index] if index < len(lines) else None)

    def _make_cells(self, row: int) -> DetailCells:
        cells = DetailCells(self.tr("Copy"), self)
        cells.copier.clicked.connect(self._on_copy)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(cells.label, row, 0, top)
        self._grid.addWidget(cells.value, row, 1, 1, 2, top)
        self._grid.addWidget(cells.exact, row, 1, top)
        self._grid.addWidget(cells.copier, row, 2, top)
        return cells

    @Slot()
    def _on_clicked(self) -> None:
        self.action_requested.emit(ActionRequest(Action(self.sender().property("action")), self._ids))

    @Slot()
    def _on_retry(self) -> None:
        self.action_requested.emit(ActionRequest(Action.RETRY, self._ids))

    @Slot()
    def _on_copy(self) -> None:
        self.copied.emit(str(self.sender().property("value")))
