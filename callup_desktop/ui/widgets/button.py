"""The push button of the window. Main thread."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.colours import colours_of, mixed
from callup_desktop.ui.widgets.icons import paint_icon
from callup_desktop.ui.widgets.measures import em, scaled
from callup_desktop.ui.widgets.painting import CORNER, focus_ring, marks_focus, rounded

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_QUIET_SIDES = 0.8
"""Line heights that a quiet button is wider than its text, both sides together."""


def quiet_side(widget: QWidget) -> int:
    """The pixels between the left edge of a quiet button and its text, in this widget's font."""
    return em(widget, _QUIET_SIDES) // 2


class Button(QPushButton):
    """A flat button: plain, primary for the main action of a view, or a checkable pill in a row of choices."""

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
        """A `quiet` button shows its frame only under the mouse; `icon` is the name of an SVG file."""
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

    @property
    def hang(self) -> int:
        """The pixels by which it hangs out at the left where a line is aligned by its text."""
        return quiet_side(self) if self._quiet and self.text() else 0

    def sizeHint(self) -> QSize:
        """Room for the text and the icon."""
        text = self._text_width()
        icon = em(self, 1.1) if self._icon else 0
        gap = em(self, 0.35) if text and icon else 0
        height = em(self, 1.8 if self._pill or self._quiet else 2.05)
        sides = em(self, _QUIET_SIDES if self._quiet else 1.6) if text else em(self, 0.7)
        if self._quiet and not text:
            height, sides = em(self, 1.6), 0
        return QSize(max(text + icon + gap + sides, height), height)

    def minimumSizeHint(self) -> QSize:
        """The text is never cut."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the focus came by keyboard; only then is it marked."""
        self._by_keyboard = marks_focus(event.reason(), before=self._by_keyboard)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button as the space bar does; Qt lets it only where a dialog has a default button."""
        if event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint in the colours of the current palette."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        radius = rect.height() / 2 if self._pill else em(self, CORNER)
        filled = self._filled and self.isEnabled()
        fill, line = self._ground()
        if fill is not None or line is not None:
            rounded(painter, rect, radius, fill=fill, line=line)
        if self.hasFocus() and self._by_keyboard:
            focus_ring(painter, rect, radius, mixed(colours.text, colours.accent, 0.5) if filled else colours.accent)
        colour = colours.on_accent if filled else colours.text
        if self._quiet:
            colour = colours.words(Tone.ACCENT) if self.text() else colours.muted
        if not self.isEnabled():
            colour = self.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        self._paint_content(painter, rect, colour)

    @property
    def _filled(self) -> bool:
        return self._primary or (self._pill and self.isChecked())

    def _ground(self) -> tuple[QColor | None, QColor | None]:
        colours = colours_of(self.palette())
        if not self.isEnabled():
            return (None, None) if self._quiet else (mixed(colours.text, colours.surface, 0.05), colours.line)
        fill: QColor | None = colours.accent if self._filled else None if self._quiet else colours.surface
        pressed = 0.09 if self._quiet else 0.14
        share = pressed if self.isDown() else 0.06 if self.underMouse() else 0.0
        if share:
            fill = mixed(colours.text, fill or colours.surface, share)
        return fill, None if self._filled or self._quiet else colours.line

    def _paint_content(self, painter: QPainter, rect: QRectF, colour: QColor) -> None:
        painter.setFont(self._text_font())
        painter.setPen(colour)
        text = self.text()
        flags = Qt.TextFlag.TextHideMnemonic
        if not self._icon:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | flags, text)
            return
        side, width = em(self, 1.1 if text else 1.0), self._text_width()
        gap = em(self, 0.35) if text else 0
        left = rect.center().x() - (side + gap + width) / 2
        paint_icon(painter, self._icon, QRectF(left, rect.center().y() - side / 2, side, side), colour)
        painter.drawText(
            QRectF(left + side + gap, rect.top(), width + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter | flags, text
        )

    def _text_font(self) -> QFont:
        return scaled(self.font(), 1.0, bold=self._filled)

    def _text_width(self) -> int:
        """Width of the text in bold where it may become bold, so that a checked pill does not move its neighbours."""
        text = self.text().replace("&", "")
        font = scaled(self.font(), 1.0, bold=self._primary or self._pill)
        return int(QFontMetricsF(font).horizontalAdvance(text)) + 1 if text else 0
