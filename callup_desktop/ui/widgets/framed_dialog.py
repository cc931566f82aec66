"""The frame of the dialogs: a body that scrolls where the screen is too low, over a row of buttons. Main thread."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from callup_desktop.ui.widgets.button import quiet_side
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.screen_fit import within_screen
from callup_desktop.ui.widgets.scroll_bar import ScrollBar
from callup_desktop.ui.widgets.scrolled_content import ScrolledContent

_MARGIN = 1.5
"""Line heights around everything."""


class FramedDialog(QDialog):
    """`body` takes what the dialog shows, `buttons` what ends it, the main action last."""

    def __init__(self, title: str, parent: QWidget | None = None, *, width: float, height: float | None = None) -> None:
        """`width` and `height` are in line heights; without a height the body has what it needs."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self._width = width
        self._height = height
        self._content = ScrolledContent()
        self.body = QVBoxLayout(self._content)
        # Room for what hangs out of the column: see `add_hanging`.
        side = self._side = quiet_side(self)
        self.body.setContentsMargins(side, 0, 0, 0)
        self.body.setSpacing(em(self, 0.7))
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBar(ScrollBar(self._scroll, ground=self.backgroundRole()))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content)
        self._scroll.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)
        self.buttons = FlowLayout(spacing=em(self, 0.5), to_right=True)
        margin = em(self, _MARGIN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin - side, margin, margin, margin)
        layout.setSpacing(margin)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self.buttons)

    def sizeHint(self) -> QSize:
        """Room for the whole body, as far as the screen is high enough."""
        margin = em(self, _MARGIN)
        width = max(em(self, self._width), self._content.minimumSizeHint().width() + 2 * margin - self._side)
        # With room for the bar: else a text that wraps only beside it would keep it there.
        inner = width - 2 * margin + self._side - self._scroll.verticalScrollBar().sizeHint().width()
        body = self.body.totalHeightForWidth(inner) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        height = body + self.buttons.heightForWidth(inner) + 3 * margin
        wanted = QSize(width, height if self._height is None else em(self, self._height))
        # It scrolls downwards only.
        return QSize(width, within_screen(self, wanted).height())

    def setVisible(self, visible: bool) -> None:  # noqa: FBT001, N802 - Qt's signature and name
        """Take that size when it is first shown: Qt gives a dialog two thirds of the screen at most."""
        if visible and not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.resize(self.sizeHint())
        super().setVisible(visible)
