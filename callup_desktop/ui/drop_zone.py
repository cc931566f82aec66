"""Where recordings are dropped: the whole page while there is nothing else, a strip while there is. Main thread."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from callup_desktop.ui.widgets.colours import colours
from callup_desktop.ui.widgets.controls import CORNER, Button, Label, rounded
from callup_desktop.ui.widgets.icons import paint_icon
from callup_desktop.ui.widgets.measures import em


class Emblem(QWidget):
    """The arrow in its rounded square; decoration only."""

    def __init__(self, times: float, parent: QWidget | None = None) -> None:
        """Make it so many line heights wide."""
        super().__init__(parent)
        self._times = times
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(em(self, self._times), em(self, self._times))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and arrow."""
        look = colours(self.palette())
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, rect.height() * 0.22, fill=look.selected)
        inset = rect.width() * 0.27
        paint_icon(painter, "upload", rect.adjusted(inset, inset, -inset, -inset), look.accent)


class DropZone(QWidget):
    """Invites to drop, and has the button that does the same by keyboard."""

    choose_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make both shapes; `set_large` picks one."""
        super().__init__(parent)
        self._inviting = False
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
        """Fill the page, or be a strip; the keyboard stays on the button that chooses."""
        shown, other = (self._large, self._strip) if large else (self._strip, self._large)
        shown.show()
        if self.window().focusWidget() in {self._large_button, self._strip_button}:
            self.chooser_of(large=large).setFocus(Qt.FocusReason.MouseFocusReason)
        other.hide()
        vertical = QSizePolicy.Policy.Expanding if large else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def set_inviting(self, *, inviting: bool) -> None:
        """Show that something to drop is over the window."""
        if inviting != self._inviting:
            self._inviting = inviting
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dashed frame, in accent while something is over the window."""
        look = colours(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, radius = QRectF(self.rect()).adjusted(1, 1, -1, -1), em(self, CORNER * 1.6)
        rounded(painter, rect, radius, fill=look.selected if self._inviting else look.surface)
        pen = QPen(look.accent if self._inviting else look.edge, 2 if self._inviting else 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(rect, radius, radius)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere in it chooses files, as everybody tries."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.choose_asked.emit()
        super().mouseReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the new palette."""
        super().changeEvent(event)
        self.update()

    def _make_large(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(em(self, 2), em(self, 2), em(self, 2), em(self, 2))
        self._large_button = Button(self.tr("&Choose files…"), page, primary=True)
        self._large_button.clicked.connect(self.choose_asked)
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

    def _add_centred(self, layout: QBoxLayout, words: Label) -> None:
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(words)

    def _make_strip(self) -> QWidget:
        strip = QWidget(self)
        layout = QHBoxLayout(strip)
        side = em(self, 1.15)
        layout.setContentsMargins(side, em(self, 0.9), side, em(self, 0.9))
        layout.setSpacing(em(self, 0.9))
        words = QVBoxLayout()
        words.setSpacing(em(self, 0.1))
        words.addStretch(1)
        words.addWidget(Label(self.tr("Drop call recordings here"), strip, size=1.06, bold=True))
        words.addWidget(Label(self._formats(), strip, muted=True))
        words.addStretch(1)
        self._strip_button = Button(self.tr("&Choose files…"), strip)
        self._strip_button.clicked.connect(self.choose_asked)
        layout.addWidget(Emblem(2.3, strip))
        layout.addLayout(words, 1)
        layout.addWidget(self._strip_button)
        return strip

    def _formats(self) -> str:
        return self.tr("MP3, WAV, M4A or FLAC, up to 1 GB each")
