"""The number field of the window. Main thread."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QStyle, QStyleOptionSpinBox, QWidget

from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import CORNER, focus_ring, rounded, stroke

_UP = ((0.2, 0.62), (0.5, 0.34), (0.8, 0.62))
_DOWN = ((0.2, 0.38), (0.5, 0.66), (0.8, 0.38))
"""The corners of the arrows, in shares of their squares."""
_STEPS = (
    (QStyle.SubControl.SC_SpinBoxUp, QAbstractSpinBox.StepEnabledFlag.StepUpEnabled, _UP),
    (QStyle.SubControl.SC_SpinBoxDown, QAbstractSpinBox.StepEnabledFlag.StepDownEnabled, _DOWN),
)


class NumberField(QDoubleSpinBox):
    """A number with steps, in the frame of the window's fields: the style's own is lost in the dark."""

    def __init__(self, parent: QWidget | None = None, *, decimals: int = 0) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame and the steps; the text is a widget of its own."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        rect, radius = QRectF(self.rect()), em(self, CORNER)
        rounded(painter, rect, radius, fill=colours.field, line=colours.frame if self.isEnabled() else colours.line)
        if self.hasFocus():
            focus_ring(painter, rect, radius, colours.accent)
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        for control, flag, corners in _STEPS:
            can = self.isEnabled() and bool(option.stepEnabled & flag)
            stroke(painter, self._arrow(option, control), corners, colours.text if can else colours.frame)

    def _arrow(self, option: QStyleOptionSpinBox, control: QStyle.SubControl) -> QRectF:
        place = QRectF(self.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, control, self))
        side = em(self, 0.6)
        square = QRectF(0, 0, side, side)
        square.moveCenter(place.center())
        return square
