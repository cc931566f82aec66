"""The grounds that other widgets lie on: plain, or a card with round corners. Main thread."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QWidget

from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import CORNER, rounded


class Surface(QFrame):
    """A ground in the colour of one palette role."""

    def __init__(
        self,
        role: QPalette.ColorRole,
        parent: QWidget | None = None,
        *,
        edges: Qt.Edge | None = None,
        card: bool = False,
    ) -> None:
        """Hairlines run along `edges`; a `card` has round corners and a hairline on every side."""
        super().__init__(parent)
        self._role = role
        self._edges = edges
        self._card = card

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and lines."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._card:
            rounded(painter, rect, em(self, CORNER * 1.6), fill=self.palette().color(self._role), line=colours.line)
            return
        painter.fillRect(rect, self.palette().color(self._role))
        # A filled strip, because a line at the edge may fall outside where the scale is no whole number.
        sides = {
            Qt.Edge.TopEdge: QRectF(0, 0, rect.width(), 1),
            Qt.Edge.BottomEdge: QRectF(0, rect.height() - 1, rect.width(), 1),
            Qt.Edge.LeftEdge: QRectF(0, 0, 1, rect.height()),
        }
        for edge, strip in sides.items():
            if self._edges is not None and edge in self._edges:
                painter.fillRect(strip, colours.line)


class Outline(QWidget):
    """Round corners and a hairline over children that would paint over them; mouse events pass through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint over the corners, then the hairline."""
        colours = colours_of(self.palette())
        rect = QRectF(self.rect())
        radius = em(self, CORNER * 1.6)
        corners, card = QPainterPath(), QPainterPath()
        corners.addRect(rect)
        card.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(corners.subtracted(card), self.palette().color(QPalette.ColorRole.Window))
        painter.setPen(QPen(colours.line, 1))
        painter.drawPath(card)
