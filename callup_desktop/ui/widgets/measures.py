"""Lengths in font metrics, so that the window grows with its text. Main thread."""

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QWidget


def em(widget: QWidget, times: float = 1.0) -> int:
    """`times` line heights of the widget's font in pixels, at least 1."""
    return max(1, round(QFontMetricsF(widget.font()).height() * times))


def scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """The font in `factor` times its size; the size is in points, so it follows the system's scale."""
    other = QFont(font)
    other.setPointSizeF(QFontInfo(font).pointSizeF() * factor)
    if bold:
        other.setBold(True)
    return other


def fixed_width(font: QFont, factor: float) -> QFont:
    """The system's fixed-width font in `factor` times the size of the font."""
    other = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    other.setPointSizeF(QFontInfo(font).pointSizeF() * factor)
    return other
