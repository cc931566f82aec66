"""The grounds that other widgets lie on: plain, or a card with round corners. Main thread."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QRegion
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint over the corners, then the hairline."""
        rect, radius = QRectF(self.rect()), em(self, CORNER * 1.6)
        line, reach, region = colours_of(self.palette()).line, radius + 1, event.region()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for straight in (
            QRectF(reach, 0, rect.width() - 2 * reach, 1),
            QRectF(reach, rect.height() - 1, rect.width() - 2 * reach, 1),
            QRectF(0, reach, 1, rect.height() - 2 * reach),
            QRectF(rect.width() - 1, reach, 1, rect.height() - 2 * reach),
        ):
            painter.fillRect(straight, line)
        corners = _corners(self.rect(), reach) & region
        if corners.isEmpty():
            return
        # A path is costly by its height: only the corners are painted as one.
        painter.setClipRegion(corners)
        card, outside = QPainterPath(), QPainterPath()
        card.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        outside.addRect(rect)
        outside.addPath(card)
        painter.fillPath(outside, self.palette().color(QPalette.ColorRole.Window))
        painter.strokePath(card, QPen(line, 1))


def _corners(rect: QRect, side: int) -> QRegion:
    """Four squares."""
    right, bottom = rect.width() - side, rect.height() - side
    return sum((QRegion(x, y, side, side) for x in (0, right) for y in (0, bottom)), QRegion())
