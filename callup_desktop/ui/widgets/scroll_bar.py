"""A scroll bar that shows only its handle. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider, QWidget

from callup_desktop.ui.widgets.colours import colours_of, mixed
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import rounded


class ScrollBar(QScrollBar):
    """A vertical scroll bar without troughs and arrows."""

    def __init__(self, parent: QWidget | None = None, *, ground: QPalette.ColorRole = QPalette.ColorRole.Base) -> None:
        """`ground` is the colour of what stands beside it."""
        super().__init__(Qt.Orientation.Vertical, parent)
        self._ground = ground
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # It paints all of itself; the style would say otherwise, and everything below would be painted with it.
        self.ensurePolished()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        """Narrow, but wide enough for a mouse."""
        return QSize(em(self, 0.75), em(self, 4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the handle."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(self._ground))
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        parts = QStyle.ComplexControl.CC_ScrollBar
        handle = self.style().subControlRect(parts, option, QStyle.SubControl.SC_ScrollBarSlider, self)
        inset = em(self, 0.18)
        shape = QRectF(handle).adjusted(inset, 1, -inset, -1)
        share = 0.55 if self.isSliderDown() else 0.42 if self.underMouse() else 0.3
        rounded(painter, shape, shape.width() / 2, fill=mixed(colours.text, colours.surface, share))
