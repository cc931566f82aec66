"""The line at the bottom: connected to what, how fast, how much waits. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from callup_desktop.presentation.queue_summary import StatusLine
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.colours import colours
from callup_desktop.ui.widgets.controls import Button, Label, Surface, rounded
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.measures import em


class Sign(QWidget):
    """A dot in a tone beside words that say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Grey until told."""
        super().__init__(parent)
        self._tone = Tone.PLAIN
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a letter."""
        return QSize(em(self, 0.55), em(self, 0.55))

    def set_tone(self, tone: Tone) -> None:
        """Show the tone."""
        self._tone = tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, rect.height() / 2, fill=colours(self.palette()).tone(self._tone))


class StatusBar(Surface):
    """Shows a StatusLine, and the buttons that stop and start everything."""

    pause_all_asked = Signal()
    resume_all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until told."""
        super().__init__(QPalette.ColorRole.AlternateBase, parent, edges=Qt.Edge.TopEdge)
        self.line = StatusLine(Tone.PLAIN, "", "", "", "")
        self._sign = Sign(self)
        self._place, self._rate, self._queue = (Label(parent=self, size=0.93, muted=True, wraps=False) for _ in "123")
        self._idle = Label(parent=self, size=0.93, muted=True, wraps=False)
        self.pause_all = Button(self.tr("Pause all"), self)
        self.resume_all = Button(self.tr("Resume all"), self)
        self.menu_button = Button("", self, quiet=True, icon="settings")
        self.menu_button.setAccessibleName(self.tr("Menu: connection, settings, help"))
        self.menu_button.setToolTip(self.tr("Menu"))
        self.pause_all.clicked.connect(self.pause_all_asked)
        self.resume_all.clicked.connect(self.resume_all_asked)
        words = FlowLayout(spacing=em(self, 1.1))
        place = QWidget(self)
        beside = QHBoxLayout(place)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(em(self, 0.4))
        beside.addWidget(self._sign)
        beside.addWidget(self._place)
        for widget in (place, self._rate, self._queue):
            words.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(em(self, 1.3), em(self, 0.2), em(self, 0.9), em(self, 0.2))
        layout.setSpacing(em(self, 0.5))
        around = layout.contentsMargins()
        # Buttons come and go with what they can do; the line keeps its height.
        self.setMinimumHeight(self.pause_all.sizeHint().height() + around.top() + around.bottom())
        layout.addLayout(words, 1)
        for widget in (self._idle, self.pause_all, self.resume_all, self.menu_button):
            layout.addWidget(widget)

    def show_line(self, line: StatusLine, *, can_pause: bool, can_resume: bool) -> None:
        """Show it; each button only where it does something."""
        self.line = line
        self._sign.set_tone(line.tone)
        for words, text in (
            (self._place, line.place),
            (self._rate, line.rate),
            (self._queue, line.queue),
            (self._idle, line.idle),
        ):
            words.setText(text)
            words.setVisible(bool(text))
        self.pause_all.setVisible(can_pause)
        self.resume_all.setVisible(can_resume and not can_pause)
