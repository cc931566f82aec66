"""Shapes that every control paints: rounded rectangles and the ring of focus. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

CORNER = 0.45
"""Radius of rounded corners, in line heights."""
_SILENT = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
"""The focus returns to the widget that had it, so the mark of focus stays as it was."""


def marks_focus(reason: Qt.FocusReason, *, before: bool) -> bool:
    """Whether the focus that came for this reason is marked: only one that came by keyboard is."""
    return before if reason in _SILENT else reason is not Qt.FocusReason.MouseFocusReason


def rounded(
    painter: QPainter, rect: QRectF, radius: float, *, fill: QColor | None = None, line: QColor | None = None
) -> None:
    """Paint a rounded rectangle; its hairline lies inside."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(line, 1) if line is not None else Qt.PenStyle.NoPen)
    inside = rect.adjusted(0.5, 0.5, -0.5, -0.5) if line is not None else rect
    painter.drawRoundedRect(inside, radius, radius)
    painter.restore()


def focus_ring(painter: QPainter, rect: QRectF, radius: float, colour: QColor) -> None:
    """Paint the mark of keyboard focus along the inner edge of a control."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def stroke(painter: QPainter, rect: QRectF, corners: Sequence[tuple[float, float]], colour: QColor) -> None:
    """Paint a line with round ends through the corners, which are given in shares of the rectangle's sides."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ends, joins = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour, rect.width() * 0.13, Qt.PenStyle.SolidLine, ends, joins))
    line = [QPointF(rect.left() + x * rect.width(), rect.top() + y * rect.height()) for x, y in corners]
    painter.drawPolyline(QPolygonF(line))
    painter.restore()
