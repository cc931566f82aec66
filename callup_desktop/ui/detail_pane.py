"""The story of one call: stages, facts, receipt, and what can be done with it. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from callup_desktop.presentation.call_details import CallDetails, Fact, Mark, Stage
from callup_desktop.presentation.rows import Action, RowWriter, Tone
from callup_desktop.ui.call_list.view import ActionRequest
from callup_desktop.ui.widgets.colours import colours
from callup_desktop.ui.widgets.controls import Button, Label, rounded
from callup_desktop.ui.widgets.measures import em, scaled
from callup_desktop.ui.widgets.side_pane import SidePane

_TONES = {Mark.DONE: Tone.OK, Mark.NOW: Tone.ACCENT, Mark.NEXT: Tone.PLAIN, Mark.FAILED: Tone.BAD}


class Circle(QWidget):
    """A stage's sign in a tinted circle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until told."""
        super().__init__(parent)
        self._sign = ""
        self._tone = Tone.PLAIN
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A little larger than a letter."""
        return QSize(em(self, 1.3), em(self, 1.3))

    def show_sign(self, sign: str, tone: Tone) -> None:
        """Show it."""
        self._sign, self._tone = sign, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint circle and sign."""
        look = colours(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, rect.height() / 2, fill=look.tint(self._tone))
        painter.setFont(scaled(self.font(), 0.8, bold=True))
        painter.setPen(look.words(self._tone))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._sign)


class StageLine(QWidget):
    """One stage: sign, words, time, and a way to try it again where it is stuck."""

    def __init__(self, retry: str, parent: QWidget | None = None) -> None:
        """`retry` is what the button says."""
        super().__init__(parent)
        self._circle = Circle(self)
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
        """Show it."""
        self._circle.show_sign(stage.sign, _TONES[stage.mark])
        self._title.setText(stage.title)
        self._time.setText(stage.time)
        self._time.setVisible(bool(stage.time))
        self.retry.setVisible(stage.retriable)
        self.retry.setAccessibleName(f"{self.retry.text()}: {stage.title}")


class FactLine:
    """One fact in three cells of a grid: label, value, copy button."""

    def __init__(self, copy: str, parent: QWidget) -> None:
        """`copy` names the button."""
        self._copy = copy
        self.label = Label(parent=parent, size=0.95, muted=True, wraps=False)
        self.value = Label(parent=parent, size=0.95)
        self.exact = Label(parent=parent, size=0.87, exact=True)
        self.copier = Button("", parent, quiet=True, icon="copy")
        # Little taller than a line, so that lines with and without it are equally far apart.
        self.copier.setFixedHeight(em(parent, 1.2))

    def show_fact(self, fact: Fact | None) -> None:
        """Show it, or nothing."""
        shown = fact is not None
        exact = fact is not None and fact.exact
        self.label.setVisible(shown)
        self.value.setVisible(shown and not exact)
        self.exact.setVisible(exact)
        self.copier.setVisible(exact)
        if fact is None:
            return
        self.label.setText(fact.label)
        self.value.setText(fact.value)
        self.exact.setText(fact.value)
        self.copier.setAccessibleName(f"{self._copy}: {fact.label}")
        self.copier.setToolTip(f"{self._copy}: {fact.label}")
        self.copier.setProperty("value", fact.value)


class DetailPane(SidePane):
    """Shows one CallDetails."""

    action_requested = Signal(object)
    """An ActionRequest."""
    copied = Signal(object)
    """A text for the clipboard."""

    def __init__(self, rows: RowWriter, parent: QWidget | None = None) -> None:
        """Empty until told; actions are called what the rows call them."""
        super().__init__(parent)
        self._story: CallDetails | None = None
        self._ids: tuple[str, ...] = ()
        self._title = Label(parent=self, size=1.15, bold=True)
        self._summary = Label(parent=self, muted=True)
        self._notice = Label(parent=self)
        self._stages = tuple(StageLine(self.tr("Try again"), self) for _ in range(4))
        self._facts: list[FactLine] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(em(self, 0.5))
        self._grid.setVerticalSpacing(em(self, 0.55))
        self._grid.setColumnMinimumWidth(0, em(self, 6.8))
        self._grid.setColumnStretch(1, 1)
        self._stage_box = QWidget(self)
        stages = QVBoxLayout(self._stage_box)
        stages.setContentsMargins(0, em(self, 1.0), 0, 0)
        stages.setSpacing(em(self, 0.55))
        for line in self._stages:
            stages.addWidget(line)
            line.retry.clicked.connect(self._on_retry)
        self.body.addWidget(self._title)
        self.body.addSpacing(em(self, 0.2))
        self.body.addWidget(self._summary)
        self.body.addWidget(self._stage_box)
        self.body.addSpacing(em(self, 1.0))
        self.body.addWidget(self._notice)
        self.body.addSpacing(em(self, 1.0))
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        order = (
            Action.REMOVE,
            Action.COPY_ID,
            Action.SHOW_FILE,
            Action.COPY_FOR_IT,
            Action.LOCATE,
            Action.PAUSE,
            Action.RESUME,
            Action.RETRY,
            Action.SEND_ANYWAY,
        )
        self.buttons = {action: self._make_button(action, rows.label(action)) for action in order}

    def _make_button(self, action: Action, label: str) -> Button:
        button = Button(label, self)
        button.setProperty("action", action.value)
        button.clicked.connect(self._on_clicked)
        self.footer.addWidget(button)
        return button

    def show_story(self, story: CallDetails, ids: tuple[str, ...]) -> None:
        """Show it; its buttons act on `ids`."""
        if story == self._story and ids == self._ids:
            return
        self._story, self._ids = story, ids
        self._title.setText(story.title)
        self._summary.setText(story.summary)
        self._summary.setVisible(bool(story.summary))
        self._notice.setText(story.notice)
        self._notice.set_tone(None if story.notice_tone is Tone.PLAIN else story.notice_tone)
        self._notice.setVisible(bool(story.notice))
        self._stage_box.setVisible(bool(story.stages))
        for line, stage in zip(self._stages, story.stages, strict=False):
            line.show_stage(stage)
        self._show_facts(story.facts)
        for action, button in self.buttons.items():
            button.setVisible(action in story.actions)
        self.show_footer(shown=bool(story.actions))

    def _show_facts(self, facts: tuple[Fact, ...]) -> None:
        while len(self._facts) < len(facts):
            self._facts.append(self._make_fact(len(self._facts)))
        for index, line in enumerate(self._facts):
            line.show_fact(facts[index] if index < len(facts) else None)

    def _make_fact(self, number: int) -> FactLine:
        line = FactLine(self.tr("Copy"), self)
        line.copier.clicked.connect(self._on_copy)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(line.label, number, 0, top)
        self._grid.addWidget(line.value, number, 1, 1, 2, top)
        self._grid.addWidget(line.exact, number, 1, top)
        self._grid.addWidget(line.copier, number, 2, top)
        return line

    @Slot()
    def _on_clicked(self) -> None:
        self.action_requested.emit(ActionRequest(Action(self.sender().property("action")), self._ids))

    @Slot()
    def _on_retry(self) -> None:
        self.action_requested.emit(ActionRequest(Action.RETRY, self._ids))

    @Slot()
    def _on_copy(self) -> None:
        self.copied.emit(str(self.sender().property("value")))
