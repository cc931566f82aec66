"""The number fields of the window. Main thread."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QStyle, QStyleOptionSpinBox, QWidget

from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import CORNER, focus_ring, rounded, stroke

_UP = ((0.2, 0.62), (0.5, 0.34), (0.8, 0.62))
_DOWN = ((0.2, 0.38), (0.5, 0.66), (0.8, 0.38))
"""The corners of the arrows, in shares of their squares."""


class WholeNumberField(QSpinBox):
    """A whole number with steps, in the frame of the window's fields: the style's own is lost in the dark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _make_transparent(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame and the steps; the text is a widget of its own."""
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        _paint(self, option)


class NumberField(QDoubleSpinBox):
    """A number with steps, in the frame of the window's fields: the style's own is lost in the dark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _make_transparent(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame and the steps; the text is a widget of its own."""
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        _paint(self, option)


def _make_transparent(field: QAbstractSpinBox) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
    field.setPalette(palette)


def _paint(field: QAbstractSpinBox, option: QStyleOptionSpinBox) -> None:
    colours = colours_of(field.palette())
    painter = QPainter(field)
    rect, radius = QRectF(field.rect()), em(field, CORNER)
    rounded(painter, rect, radius, fill=colours.field, line=colours.frame if field.isEnabled() else colours.line)
    if field.hasFocus():
        focus_ring(painter, rect, radius, colours.accent)
    steps = (
        (QStyle.SubControl.SC_SpinBoxUp, QAbstractSpinBox.StepEnabledFlag.StepUpEnabled, _UP),
        (QStyle.SubControl.SC_SpinBoxDown, QAbstractSpinBox.StepEnabledFlag.StepDownEnabled, _DOWN),
    )
    for control, flag, corners in steps:
        place = field.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, control, field)
        can = field.isEnabled() and bool(option.stepEnabled & flag)
        side = em(field, 0.6)
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(place).center())
        stroke(painter, square, corners, colours.text if can else colours.frame)
