"""The place for drops: the whole page while there are no calls, else a strip. Main thread."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.icons import paint_icon
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.painting import CORNER, rounded

_DRAG_IS_SILENT = 3_000
"""Milliseconds after which a drag of which nothing is heard is taken for gone: a program that died says no farewell."""


class Emblem(QWidget):
    """An arrow in a rounded square; decoration only."""

    def __init__(self, times: float, parent: QWidget | None = None) -> None:
        """Its side is `times` line heights."""
        super().__init__(parent)
        self._times = times
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_times(self, times: float) -> None:
        """Change the side."""
        self._times = times
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(em(self, self._times), em(self, self._times))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground and the arrow."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, rect.height() * 0.22, fill=colours.selected)
        inset = rect.width() * 0.27
        paint_icon(painter, "upload", rect.adjusted(inset, inset, -inset, -inset), colours.accent)


class DropZone(QWidget):
    """Invites to drop files; its button does the same by keyboard."""

    choose_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._highlighted = False
        self._silence = single_shot(self, _DRAG_IS_SILENT, self._on_silence)
        self.setAccessibleName(self.tr("Drop call recordings here, or choose files"))
        self._large = self._make_large()
        self._strip = self._make_strip()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._large)
        layout.addWidget(self._strip)
        self.set_large(large=True)

    @property
    def chooser(self) -> Button:
        """The "Choose files…" button in view."""
        return self.chooser_of(large=self._large.isVisibleTo(self))

    def chooser_of(self, *, large: bool) -> Button:
        """The "Choose files…" button of one shape."""
        return self._large_button if large else self._strip_button

    def set_large(self, *, large: bool) -> None:
        """Fill the page, or be a strip; a focused button hands its focus to the other shape's."""
        shown, other = (self._large, self._strip) if large else (self._strip, self._large)
        shown.show()
        if self.window().focusWidget() in {self._large_button, self._strip_button}:
            self.chooser_of(large=large).setFocus(Qt.FocusReason.MouseFocusReason)
        other.hide()
        vertical = QSizePolicy.Policy.Expanding if large else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    @property
    def is_highlighted(self) -> bool:
        """Whether it shows a drag."""
        return self._highlighted

    def set_highlighted(self, *, highlighted: bool) -> None:
        """Show whether a drag is over the window; one that is there says so again and again."""
        if highlighted:
            self._silence.start()
        else:
            self._silence.stop()
        if highlighted != self._highlighted:
            self._highlighted = highlighted
            self.update()

    @Slot()
    def _on_silence(self) -> None:
        self.set_highlighted(highlighted=False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dashed frame, highlighted while a drag is over the window."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, radius = QRectF(self.rect()).adjusted(1, 1, -1, -1), em(self, CORNER * 1.6)
        rounded(painter, rect, radius, fill=colours.selected if self._highlighted else colours.surface)
        pen = QPen(colours.accent if self._highlighted else colours.edge, 2 if self._highlighted else 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(rect, radius, radius)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere in the zone chooses files, too."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.choose_requested.emit()
        super().mouseReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in another palette."""
        super().changeEvent(event)
        self.update()

    def _make_large(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(em(self, 2), em(self, 2), em(self, 2), em(self, 2))
        self._large_button = Button(self.tr("&Choose files…"), page, primary=True)
        self._large_button.clicked.connect(self.choose_requested)
        layout.addStretch(1)
        layout.addWidget(Emblem(4.1, page), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(em(self, 0.7))
        self._add_centred(layout, Label(self.tr("Drop call recordings here"), page, size=1.36, bold=True))
        layout.addSpacing(em(self, 0.2))
        self._add_centred(layout, Label(self._formats(), page, muted=True))
        layout.addSpacing(em(self, 0.8))
        layout.addWidget(self._large_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(em(self, 1.8))
        promise = self.tr("Uploads carry on in the background and pick up where they stopped, even after a restart.")
        self._add_centred(layout, Label(promise, page, muted=True))
        layout.addStretch(1)
        return page

    def _add_centred(self, layout: QBoxLayout, label: Label) -> None:
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(label)

    def _make_strip(self) -> QWidget:
        strip = QWidget(self)
        self._strip_layout = QHBoxLayout(strip)
        self._strip_layout.setSpacing(em(self, 0.9))
        texts = QVBoxLayout()
        texts.setSpacing(em(self, 0.1))
        texts.addStretch(1)
        self._strip_title = Label(self.tr("Drop call recordings here"), strip, size=1.06, bold=True)
        texts.addWidget(self._strip_title)
        self._strip_formats = Label(self._formats(), strip, muted=True)
        texts.addWidget(self._strip_formats)
        texts.addStretch(1)
        self._strip_button = Button(self.tr("&Choose files…"), strip)
        self._strip_button.clicked.connect(self.choose_requested)
        self._strip_emblem = Emblem(2.3, strip)
        self._strip_layout.addWidget(self._strip_emblem)
        self._strip_layout.addLayout(texts, 1)
        self._strip_layout.addWidget(self._strip_button)
        self.set_low(low=False)
        return strip

    def set_low(self, *, low: bool) -> None:
        """Save room in a low window: the strip has one line, and less around it."""
        side, above = em(self, 0.75 if low else 1.15), em(self, 0.35 if low else 0.9)
        self._strip_layout.setContentsMargins(side, above, side, above)
        self._strip_layout.setSpacing(em(self, 0.6 if low else 0.9))
        self._strip_title.setWordWrap(not low)
        self._strip_formats.setVisible(not low)
        self._strip_emblem.set_times(1.6 if low else 2.3)

    def _formats(self) -> str:
        return self.tr("MP3, WAV, M4A or FLAC, up to 1 GB each")
