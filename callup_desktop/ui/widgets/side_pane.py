"""The frame of the panes at the right: a scrolled body over a footer with buttons. Main thread."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.scroll_bar import ScrollBar
from callup_desktop.ui.widgets.scrolled_content import ScrolledContent
from callup_desktop.ui.widgets.surface import Surface


class SidePane(Surface):
    """A surface whose body scrolls and whose footer does not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QPalette.ColorRole.Base, parent, edges=Qt.Edge.LeftEdge | Qt.Edge.TopEdge)
        self._content = ScrolledContent(self)
        side = em(self, 1.3)
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(side, em(self, 1.2), side, em(self, 1.0))
        self.body.setSpacing(0)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBar(ScrollBar(scroll))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._content)
        scroll.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)
        self._scroll = scroll
        self._footer_frame = Surface(QPalette.ColorRole.Base, self, edges=Qt.Edge.TopEdge | Qt.Edge.LeftEdge)
        self.footer = FlowLayout(self._footer_frame, spacing=em(self, 0.5), to_right=True)
        self.footer.setContentsMargins(side, em(self, 0.9), side, em(self, 0.9))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._footer_frame)

    @contextmanager
    def laid_out_once(self) -> Iterator[None]:
        """Show and hide widgets of the body: Qt would lay out all of it for each one that is shown.

        It is laid out once, before it is painted.
        """
        self.body.setEnabled(False)
        try:
            yield
        finally:
            self.body.setEnabled(True)

    def draw_ahead(self, size: QSize) -> None:
        """Lay out and draw the pane in this size, unseen: what it shows first then waits for no font or icon."""
        if not self.isVisible():
            self.resize(size)
        self.grab()

    def show_footer(self, *, shown: bool) -> None:
        """Show or hide the footer; the body takes its room."""
        self._footer_frame.setVisible(shown)

    def width_beside(self, buttons: Iterable[QWidget]) -> int:
        """The width of a pane in which these buttons of the footer stand on one line."""
        margins, widths = self.footer.contentsMargins(), [button.sizeHint().width() for button in buttons]
        return margins.left() + sum(widths) + self.footer.spacing() * (len(widths) - 1) + margins.right()

    def reveal(self, widget: QWidget) -> None:
        """Scroll until the widget is in view."""
        self._scroll.ensureWidgetVisible(widget)
