"""The few controls the window is made of, painted from palette roles and font metrics. Main thread."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QSizePolicy, QWidget

from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.colours import colours, mixed
from callup_desktop.ui.widgets.icons import paint_icon
from callup_desktop.ui.widgets.measures import em, fixed_width, scaled

CORNER = 0.45
"""Radius of rounded corners, in line heights."""
_LONGEST_LINE = 30
_SILENT = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
"""The focus comes back to where it was; how it got there stays true."""


def rounded(
    painter: QPainter, rect: QRectF, radius: float, *, fill: QColor | None = None, line: QColor | None = None
) -> None:
    """Paint a rounded rectangle whose hairline lies inside of it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(line, 1) if line is not None else Qt.PenStyle.NoPen)
    inside = rect.adjusted(0.5, 0.5, -0.5, -0.5) if line is not None else rect
    painter.drawRoundedRect(inside, radius, radius)
    painter.restore()


def focus_ring(painter: QPainter, rect: QRectF, radius: float, colour: QColor) -> None:
    """Paint the mark of keyboard focus along the inside of a control."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


class Button(QPushButton):
    """A flat button: plain, primary where it is the one thing to do next, or a checkable pill in a row of choices."""

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        primary: bool = False,
        pill: bool = False,
        quiet: bool = False,
        icon: str = "",
    ) -> None:
        """Make it; a quiet one has no frame until it is pointed at, `icon` is the name of an SVG file."""
        super().__init__(text, parent)
        self._primary = primary
        self._pill = pill
        self._quiet = quiet
        self._icon = icon
        self._by_keyboard = False
        self.setCheckable(pill)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for the words and the icon."""
        words = self._words_width()
        icon = em(self, 1.1) if self._icon else 0
        gap = em(self, 0.35) if words and icon else 0
        height = em(self, 1.8 if self._pill or self._quiet else 2.05)
        sides = em(self, 0.8 if self._quiet else 1.6) if words else em(self, 0.7)
        if self._quiet and not words:
            height, sides = em(self, 1.6), 0
        return QSize(max(words + icon + gap + sides, height), height)

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its words."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the keyboard came here; a mouse needs no mark of focus."""
        if event.reason() not in _SILENT:
            self._by_keyboard = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint from the palette as it is now."""
        look = colours(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = rect.height() / 2 if self._pill else em(self, CORNER)
        filled = self._filled and self.isEnabled()
        fill, line = self._ground()
        if fill is not None or line is not None:
            rounded(painter, rect, radius, fill=fill, line=line)
        if self.hasFocus() and self._by_keyboard:
            focus_ring(painter, rect, radius, mixed(look.text, look.accent, 0.5) if filled else look.accent)
        colour = look.on_accent if filled else look.text
        if self._quiet:
            colour = look.words(Tone.ACCENT) if self.text() else look.muted
        if not self.isEnabled():
            colour = self.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        self._paint_content(painter, rect, colour)

    @property
    def _filled(self) -> bool:
        return self._primary or (self._pill and self.isChecked())

    def _ground(self) -> tuple[QColor | None, QColor | None]:
        look = colours(self.palette())
        if not self.isEnabled():
            return (None, None) if self._quiet else (mixed(look.text, look.surface, 0.05), look.line)
        fill: QColor | None = look.accent if self._filled else None if self._quiet else look.surface
        pressed = 0.09 if self._quiet else 0.14
        share = pressed if self.isDown() else 0.06 if self.underMouse() else 0.0
        if share:
            fill = mixed(look.text, fill or look.surface, share)
        return fill, None if self._filled or self._quiet else look.line

    def _paint_content(self, painter: QPainter, rect: QRectF, colour: QColor) -> None:
        painter.setFont(self._words_font())
        painter.setPen(colour)
        text = self.text()
        flags = Qt.TextFlag.TextHideMnemonic
        if not self._icon:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | flags, text)
            return
        side, words = em(self, 1.1 if text else 1.0), self._words_width()
        gap = em(self, 0.35) if text else 0
        left = rect.center().x() - (side + gap + words) / 2
        paint_icon(painter, self._icon, QRectF(left, rect.center().y() - side / 2, side, side), colour)
        painter.drawText(
            QRectF(left + side + gap, rect.top(), words + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter | flags, text
        )

    def _words_font(self) -> QFont:
        return scaled(self.font(), 1.0, bold=self._filled)

    def _words_width(self) -> int:
        """Width of the words in their boldest look, so that nothing moves when a pill is checked."""
        text = self.text().replace("&", "")
        font = scaled(self.font(), 1.0, bold=self._primary or self._pill)
        return int(QFontMetricsF(font).horizontalAdvance(text)) + 1 if text else 0


class TextField(QLineEdit):
    """A line of text in a rounded frame that turns red where its value is not accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it without the style's own frame."""
        super().__init__(parent)
        self._wrong = False
        self.setFrame(False)
        side = em(self, 0.6)
        self.setTextMargins(side, 0, side, 0)
        self._see_through()

    def set_wrong(self, *, wrong: bool) -> None:
        """Show or hide that the value is not accepted."""
        if wrong != self._wrong:
            self._wrong = wrong
            self.update()

    def sizeHint(self) -> QSize:
        """Tall enough to be hit."""
        return QSize(em(self, 12), em(self, 2.2))

    def minimumSizeHint(self) -> QSize:
        """Shrinks in width only."""
        return QSize(em(self, 6), em(self, 2.2))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Repaint the frame."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame, then the text over it."""
        look = colours(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, em(self, CORNER), fill=look.field, line=look.bad if self._wrong else look.frame)
        if self.hasFocus():
            focus_ring(painter, rect, em(self, CORNER), look.bad if self._wrong else look.accent)
        painter.end()
        super().paintEvent(event)

    def _see_through(self) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)


class Label(QLabel):
    """A text in one of the window's colours and sizes, broken inside a word where it must; never read as markup."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        size: float = 1.0,
        bold: bool = False,
        tone: Tone | None = None,
        muted: bool = False,
        wraps: bool = True,
        exact: bool = False,
    ) -> None:
        """Make it; without a tone it has the colour of text, and exact ones are set in fixed width."""
        super().__init__(text, parent)
        self._tone = tone
        self._muted = muted
        self._lead = 0
        self._heights: dict[int, int] = {}
        self._exact = exact
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self.setFont(fixed_width(self.font(), size) if exact else scaled(self.font(), size, bold=bold))
        # A fixed height would be that of one line: Qt takes it from the size hint, not from the height for width.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)

    def set_tone(self, tone: Tone | None) -> None:
        """Speak in another tone."""
        self._tone = tone
        self.update()

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show the text."""
        if text != self.text():
            self._heights.clear()
            super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Another font makes other lines."""
        self._heights.clear()
        super().changeEvent(event)

    def say(self, lead: str, text: str) -> None:
        """Set a bold lead before the text."""
        self._heights.clear()
        self._lead = len(lead)
        self.setText(f"{lead}  {text}" if lead and text else lead or text)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines at this width; layouts ask for the same one again and again."""
        known = self._heights.get(width)
        if known is None:
            known = self._heights[width] = self._laid_out(width)[1]
        return known

    def sizeHint(self) -> QSize:
        """One line if it is not too long."""
        natural = (
            math.ceil(QFontMetricsF(scaled(self.font(), 1.0, bold=bool(self._lead))).horizontalAdvance(self.text())) + 2
        )
        width = min(natural, em(self, _LONGEST_LINE)) if self.wordWrap() else natural
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Wrapped text may become narrow, other text is never cut."""
        if not self.wordWrap():
            return self.sizeHint()
        return QSize(min(self.sizeHint().width(), em(self, 4)), em(self))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines in the palette as it is now."""
        look = colours(self.palette())
        painter = QPainter(self)
        painter.setPen(look.words(self._tone) if self._tone else look.muted if self._muted else look.text)
        layout, height = self._laid_out(self.width())
        top = (self.height() - height) / 2 if self.alignment() & Qt.AlignmentFlag.AlignVCenter else 0
        layout.draw(painter, QPointF(0, max(0.0, top)))

    def _wrap_mode(self) -> QTextOption.WrapMode:
        if not self.wordWrap():
            return QTextOption.WrapMode.NoWrap
        # An id has no words to break between.
        one_word = self._exact and " " not in self.text()
        return QTextOption.WrapMode.WrapAnywhere if one_word else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(self._wrap_mode())
        layout = QTextLayout(self.text(), self.font())
        layout.setTextOption(option)
        if self._lead:
            look, lead = QTextCharFormat(), QTextLayout.FormatRange()
            look.setFontWeight(QFont.Weight.Bold)
            lead.start, lead.length, lead.format = 0, self._lead, look
            layout.setFormats([lead])
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, math.ceil(height)


class Surface(QFrame):
    """A plain ground in one palette role, with hairlines on the sides asked for."""

    def __init__(
        self,
        role: QPalette.ColorRole,
        parent: QWidget | None = None,
        *,
        edges: Qt.Edge | None = None,
        card: bool = False,
    ) -> None:
        """Make it; a card has round corners and a line all around."""
        super().__init__(parent)
        self._role = role
        self._edges = edges
        self._card = card

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and lines."""
        look = colours(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._card:
            rounded(painter, rect, em(self, CORNER * 1.6), fill=self.palette().color(self._role), line=look.line)
            return
        painter.fillRect(rect, self.palette().color(self._role))
        painter.setPen(look.line)
        sides = {
            Qt.Edge.TopEdge: (rect.topLeft(), rect.topRight()),
            Qt.Edge.BottomEdge: (rect.bottomLeft(), rect.bottomRight()),
            Qt.Edge.LeftEdge: (rect.topLeft(), rect.bottomLeft()),
        }
        for edge, (start, end) in sides.items():
            if self._edges is not None and edge in self._edges:
                painter.drawLine(start.toPoint(), end.toPoint())


class Outline(QWidget):
    """The round corners and the hairline over what would paint over them; lets everything through."""

    def __init__(self, parent: QWidget) -> None:
        """Lie over the parent."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cover what lies outside of the corners."""
        look = colours(self.palette())
        rect = QRectF(self.rect())
        radius = em(self, CORNER * 1.6)
        corners, card = QPainterPath(), QPainterPath()
        corners.addRect(rect)
        card.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(corners.subtracted(card), self.palette().color(QPalette.ColorRole.Window))
        painter.setPen(QPen(look.line, 1))
        painter.drawPath(card)
