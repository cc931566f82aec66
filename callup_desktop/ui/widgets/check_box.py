"""The tick box of the window. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton, QWidget

from callup_desktop.ui.widgets.colours import colours_of, mixed
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import focus_ring, marks_focus, rounded, stroke

_TICK = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.31))
"""The corners of the tick, in shares of the box's side."""


class CheckBox(QCheckBox):
    """A tick box whose empty box is seen on every ground: the style's own outline is lost in the dark."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._by_keyboard = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Room for the box and the text."""
        return super().sizeHint().expandedTo(QSize(0, em(self, 1.3)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the focus came by keyboard; only then is it marked."""
        self._by_keyboard = marks_focus(event.reason(), before=self._by_keyboard)
        super().focusInEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the box, the tick and the text in the colours of the current palette."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        style = self.style()
        box = QRectF(style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self))
        text = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        painter = QPainter(self)
        self._paint_box(painter, box)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.WindowText))
        side = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        flags = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if side else Qt.AlignmentFlag.AlignLeft)
        painter.drawText(text, flags | Qt.TextFlag.TextShowMnemonic, self.text())

    def _paint_box(self, painter: QPainter, box: QRectF) -> None:
        colours = colours_of(self.palette())
        radius = box.height() * 0.22
        ticked = self.isChecked()
        fill, line, tick = (
            (colours.accent, colours.accent, colours.on_accent)
            if ticked
            else (colours.hovered if self.underMouse() else colours.field, colours.edge, colours.text)
        )
        if not self.isEnabled():
            fill, line, tick = colours.field, colours.frame, colours.muted
        rounded(painter, box, radius, fill=fill, line=line)
        if ticked:
            stroke(painter, box, _TICK, tick)
        if self.hasFocus() and self._by_keyboard:
            focus_ring(painter, box, radius, mixed(colours.text, colours.accent, 0.5) if ticked else colours.accent)
