"""The button that chooses the order of the sent calls. Main thread."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from callup_desktop.calls.search import SentOrder
from callup_desktop.ui.widgets.button import Button


class OrderButton(Button):
    """Opens a menu of the orders; its name says which one is chosen."""

    chosen = Signal(object)
    """A SentOrder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, quiet=True, icon="sort")
        texts = {
            SentOrder.NEWEST: self.tr("Newest first"),
            SentOrder.OLDEST: self.tr("Oldest first"),
            SentOrder.COMPANY: self.tr("By company"),
            SentOrder.CALL_TYPE: self.tr("By call type"),
            SentOrder.NAME: self.tr("By file name"),
            SentOrder.LARGEST: self.tr("Largest first"),
        }
        menu = QMenu(self)
        self._group = QActionGroup(self)
        for order, text in texts.items():
            action = QAction(text, self._group)
            action.setCheckable(True)
            action.setData(order)
            menu.addAction(action)
        self._group.triggered.connect(self._on_triggered)
        self.setMenu(menu)
        first = self._group.actions()[0]
        first.setChecked(True)
        self._name(first)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self._name(action)
        self.chosen.emit(SentOrder(action.data()))

    def _name(self, action: QAction) -> None:
        name = self.tr("Order: {order}").format(order=action.text())
        self.setAccessibleName(name)
        self.setToolTip(name)
