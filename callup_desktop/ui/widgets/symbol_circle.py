"""A symbol in a tinted circle. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em, scaled
from callup_desktop.ui.widgets.painting import rounded


class SymbolCircle(QWidget):
    """One or two characters in a circle; decoration only, the text beside it says the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = ""
        self._tone = Tone.PLAIN
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A little larger than a letter."""
        return QSize(em(self, 1.3), em(self, 1.3))

    def show_symbol(self, symbol: str, tone: Tone) -> None:
        """Show the symbol in the tone."""
        if (symbol, tone) != (self._symbol, self._tone):
            self._symbol, self._tone = symbol, tone
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the circle and the symbol."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, rect.height() / 2, fill=colours.tint(self._tone))
        painter.setFont(scaled(self.font(), 0.8, bold=True))
        painter.setPen(colours.words(self._tone))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._symbol)
