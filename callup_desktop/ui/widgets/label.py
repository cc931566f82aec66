"""The label of the window: plain text that wraps, in the palette's colours. Main thread."""

import math
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.measures import em, fixed_width, scaled

_LONGEST_LINE = 30
"""Line heights that a label asks for at most in width before it wraps."""


_ENDLESS = 1_000_000
"""Pixels that no text is wide."""
_MOST_WIDTHS = 8
_LINE_END = "\u2028"
"""Ends a line inside of a paragraph."""


class Lines(NamedTuple):
    """A text in lines: how it is drawn, the width of the longest line, and the height of all."""

    layout: QTextLayout
    width: int
    height: int


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
        self._one_line: Lines | None = None
        self._hint: QSize | None = None
        self._least: QSize | None = None
        self._laid: dict[int, Lines] = {}
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
        known = self._laid.get(width)
        return known.height if known is not None else self._laid_out(width).height

    def sizeHint(self) -> QSize:
        """One line, or the width of the longest line with as many lines as the text takes."""
        if self._hint is None:
            natural = self._in_one_line().width
            width = min(natural, em(self, _LONGEST_LINE)) if self.wordWrap() else natural
            self._hint = QSize(width, self.heightForWidth(width))
        return self._hint

    def minimumSizeHint(self) -> QSize:
        """Wrapped text may become narrow; other text keeps its width."""
        if not self.wordWrap():
            return self.sizeHint()
        if self._least is None:
            self._least = QSize(min(self.sizeHint().width(), em(self, 4)), em(self))
        return self._least

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the lines in the colours of the current palette."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.setPen(colours.words(self._tone) if self._tone else colours.muted if self._muted else colours.text)
        lines = self._laid_out(self.width())
        top = (self.height() - lines.height) / 2 if self.alignment() & Qt.AlignmentFlag.AlignVCenter else 0
        lines.layout.draw(painter, QPointF(0, max(0.0, top)))

    def _wrap_mode(self) -> QTextOption.WrapMode:
        if not self.wordWrap():
            return QTextOption.WrapMode.NoWrap
        # An id has no spaces to break at.
        one_word = self._exact and " " not in self.text()
        return QTextOption.WrapMode.WrapAnywhere if one_word else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere

    def _forget(self) -> None:
        self._one_line, self._hint, self._least = None, None, None
        self._laid.clear()

    def _in_one_line(self) -> Lines:
        """The whole text in one line, with a pixel on each side."""
        if self._one_line is None:
            self._one_line = self._lay_out(_ENDLESS)
        return self._one_line

    def _laid_out(self, width: int) -> Lines:
        """All lines at this width, kept because layouts and paints ask for them often."""
        known = self._laid.get(width)
        if known is None:
            one_line = self._in_one_line()
            # Wider, text at the left looks the same.
            is_enough = width >= one_line.width and bool(self.alignment() & Qt.AlignmentFlag.AlignLeft)
            if len(self._laid) >= _MOST_WIDTHS:
                self._laid.clear()
            known = self._laid[width] = one_line if is_enough else self._lay_out(width)
        return known

    def _lay_out(self, width: int) -> Lines:
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        if width == _ENDLESS:
            option = QTextOption(Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(self._wrap_mode())
        # A layout is one paragraph, and would show a line feed as nothing.
        layout = QTextLayout(self.text().replace("\n", _LINE_END), self.font())
        layout.setTextOption(option)
        if self._lead:
            bold, lead = QTextCharFormat(), QTextLayout.FormatRange()
            bold.setFontWeight(QFont.Weight.Bold)
            lead.start, lead.length, lead.format = 0, self._lead, bold
            layout.setFormats([lead])
        layout.beginLayout()
        height = longest = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
            longest = max(longest, line.naturalTextWidth())
        layout.endLayout()
        return Lines(layout, math.ceil(longest) + 2, math.ceil(height))
