"""The label of the window: plain text that wraps, in the palette's colours. Main thread."""

import math

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em, fixed_width, scaled

_LONGEST_LINE = 30
"""Line heights that a label asks for at most in width before it wraps."""


class Label(QLabel):
    """Plain text in one of the window's colours and sizes; a long word breaks where it must."""

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
        """`size` is a factor of the parent's font. `tone` None means the colour of text; `exact` means fixed width."""
        super().__init__(text, parent)
        self._tone = tone
        self._muted = muted
        self._lead = 0
        self._natural: int | None = None
        self._laid: dict[int, tuple[QTextLayout, int]] = {}
        self._exact = exact
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self.setFont(fixed_width(self.font(), size) if exact else scaled(self.font(), size, bold=bold))
        # A fixed height would be that of one line: Qt takes it from the size hint, not from the height for width.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)

    def set_tone(self, tone: Tone | None) -> None:
        """Change the tone; None means the colour of text."""
        if tone is not self._tone:
            self._tone = tone
            self.update()

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Replace the text."""
        if text != self.text():
            self._forget()
            super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Forget the lines of the old font."""
        self._forget()
        super().changeEvent(event)

    def show_lead(self, lead: str, text: str) -> None:
        """Show the text behind a bold lead."""
        self._forget()
        self._lead = len(lead)
        self.setText(f"{lead}  {text}" if lead and text else lead or text)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of all lines at this width."""
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        """One line, or the width of the longest line with as many lines as the text takes."""
        natural = self._natural_width()
        width = min(natural, em(self, _LONGEST_LINE)) if self.wordWrap() else natural
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Wrapped text may become narrow; other text keeps its width."""
        if not self.wordWrap():
            return self.sizeHint()
        return QSize(min(self.sizeHint().width(), em(self, 4)), em(self))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines in the colours of the current palette."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.setPen(colours.words(self._tone) if self._tone else colours.muted if self._muted else colours.text)
        layout, height = self._laid_out(self.width())
        top = (self.height() - height) / 2 if self.alignment() & Qt.AlignmentFlag.AlignVCenter else 0
        layout.draw(painter, QPointF(0, max(0.0, top)))

    def _wrap_mode(self) -> QTextOption.WrapMode:
        if not self.wordWrap():
            return QTextOption.WrapMode.NoWrap
        # An id has no spaces to break at.
        one_word = self._exact and " " not in self.text()
        return QTextOption.WrapMode.WrapAnywhere if one_word else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere

    def _forget(self) -> None:
        self._natural = None
        self._laid.clear()

    def _natural_width(self) -> int:
        """The width of the whole text in one line."""
        if self._natural is None:
            font = scaled(self.font(), 1.0, bold=True) if self._lead else self.font()
            self._natural = math.ceil(QFontMetricsF(font).horizontalAdvance(self.text())) + 2
        return self._natural

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        """All lines at this width and their height, cached because layouts and paints ask for them often."""
        if self.alignment() & Qt.AlignmentFlag.AlignLeft:
            # Wider, the text looks the same.
            width = min(width, self._natural_width())
        known = self._laid.get(width)
        if known is None:
            known = self._laid[width] = self._lay_out(width)
        return known

    def _lay_out(self, width: int) -> tuple[QTextLayout, int]:
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(self._wrap_mode())
        layout = QTextLayout(self.text(), self.font())
        layout.setTextOption(option)
        if self._lead:
            bold, lead = QTextCharFormat(), QTextLayout.FormatRange()
            bold.setFontWeight(QFont.Weight.Bold)
            lead.start, lead.length, lead.format = 0, self._lead, bold
            layout.setFormats([lead])
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, math.ceil(height)
