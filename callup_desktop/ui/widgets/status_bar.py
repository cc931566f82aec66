"""The line at the bottom: the connection, the rate and the waiting calls. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from callup_desktop.presentation.queue_summary import StatusLine
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import rounded
from callup_desktop.ui.widgets.surface import Surface


class StatusDot(QWidget):
    """A dot in a tone; the text beside it says the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.PLAIN
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """About the height of a letter."""
        return QSize(em(self, 0.55), em(self, 0.55))

    def set_tone(self, tone: Tone) -> None:
        """Change the tone."""
        self._tone = tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, rect.height() / 2, fill=colours_of(self.palette()).tone(self._tone))


class StatusBar(Surface):
    """Shows a StatusLine, and buttons that pause and resume all calls."""

    pause_all_requested = Signal()
    resume_all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QPalette.ColorRole.AlternateBase, parent, edges=Qt.Edge.TopEdge)
        self.line = StatusLine(Tone.PLAIN, "", "", "", "")
        self._dot = StatusDot(self)
        self._place, self._rate, self._overall, self._queue = (
            Label(parent=self, size=0.93, muted=True, wraps=False) for _ in "1234"
        )
        self._idle = Label(parent=self, size=0.93, muted=True, wraps=False)
        self.pause_all = Button(self.tr("Pause all"), self)
        self.resume_all = Button(self.tr("Resume all"), self)
        self.menu_button = Button("", self, quiet=True, icon="settings")
        self.menu_button.setAccessibleName(self.tr("Menu: connection, settings, help"))
        self.menu_button.setToolTip(self.tr("Menu"))
        self.pause_all.clicked.connect(self.pause_all_requested)
        self.resume_all.clicked.connect(self.resume_all_requested)
        texts = FlowLayout(spacing=em(self, 1.1), line_spacing=em(self, 0.3))
        place = QWidget(self)
        place_layout = QHBoxLayout(place)
        place_layout.setContentsMargins(0, 0, 0, 0)
        place_layout.setSpacing(em(self, 0.4))
        place_layout.addWidget(self._dot)
        place_layout.addWidget(self._place)
        for widget in (place, self._rate, self._overall, self._queue):
            texts.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(em(self, 1.3), em(self, 0.2), em(self, 0.9), em(self, 0.2))
        layout.setSpacing(em(self, 0.5))
        margins = layout.contentsMargins()
        # Buttons are hidden while they have nothing to do; the bar keeps its height.
        self.setMinimumHeight(self.pause_all.sizeHint().height() + margins.top() + margins.bottom())
        layout.addLayout(texts, 1)
        for widget in (self._idle, self.pause_all, self.resume_all, self.menu_button):
            layout.addWidget(widget)

    def show_line(self, line: StatusLine, *, can_pause: bool, can_resume: bool) -> None:
        """Show the line, and each button only while it has something to do."""
        self.line = line
        self._dot.set_tone(line.tone)
        for label, text in (
            (self._place, line.place),
            (self._rate, line.rate),
            (self._overall, line.overall),
            (self._queue, line.queue),
            (self._idle, line.idle),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.pause_all.setVisible(can_pause)
        self.resume_all.setVisible(can_resume)
