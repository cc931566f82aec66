"""The line by which a rep knows a recording again: a button that plays it, and how loud it is. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.colours import colours_of, mixed
from callup_desktop.ui.widgets.measures import em


class Waveform(QWidget):
    """Bars from the beginning of a recording to its end; decoration only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._peaks: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def peaks(self) -> tuple[float, ...]:
        """The heights of the bars, 0 to 1."""
        return self._peaks

    def show_peaks(self, peaks: tuple[float, ...]) -> None:
        """Show the bars; nothing without any."""
        if peaks != self._peaks:
            self._peaks = peaks
            self.update()

    def sizeHint(self) -> QSize:
        """As high as two lines."""
        return QSize(em(self, 8), em(self, 1.9))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as many bars as there is room for."""
        if not self._peaks:
            return
        colours, painter = colours_of(self.palette()), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(colours.accent, colours.surface, 0.7))
        step = max(3.0, em(self, 0.2))
        count = max(1, min(len(self._peaks), int(self.width() / step)))
        step, middle = self.width() / count, self.height() / 2
        for bar in range(count):
            first, behind = bar * len(self._peaks) // count, (bar + 1) * len(self._peaks) // count
            half = max(1.0, max(self._peaks[first:behind]) * middle)
            painter.drawRoundedRect(QRectF(bar * step, middle - half, step * 0.6, 2 * half), step * 0.3, step * 0.3)


class ListenLine(QWidget):
    """The button and the bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = Button(self.tr("Play"), self, quiet=True, icon="resume")
        self.waveform = Waveform(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, em(self, 0.5), 0, 0)
        layout.setSpacing(em(self, 0.4))
        layout.addWidget(self.button)
        layout.addWidget(self.waveform, 1)
