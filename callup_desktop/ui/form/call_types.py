"""The choice of a call type as a row of buttons. Main thread."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.measures import em


class CallTypePicker(QWidget):
    """One button for each call type of the profile; at most one is checked."""

    chosen = Signal(object)
    """The call type (str) that the rep chose."""

    def __init__(self, call_types: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        # A screen reader checks a button without a click.
        self._group.buttonToggled.connect(self._on_toggled)
        layout = FlowLayout(self, spacing=em(self, 0.4))
        self.buttons = tuple(self._make_button(call_type) for call_type in call_types)
        for button in self.buttons:
            layout.addWidget(button)

    def _make_button(self, call_type: str) -> Button:
        button = Button(call_type.capitalize(), self, pill=True)
        button.setAccessibleName(self.tr("Call type {kind}").format(kind=call_type.capitalize()))
        button.setProperty("call_type", call_type)
        self._group.addButton(button)
        return button

    @property
    def current(self) -> str:
        """The checked call type, "" if none is checked."""
        button = self._group.checkedButton()
        return "" if button is None else str(button.property("call_type"))

    def check(self, call_type: str) -> None:
        """Check the button of the call type, none if no button has it; sends no signal."""
        with QSignalBlocker(self._group):
            self._group.setExclusive(False)
            for button in self.buttons:
                button.setChecked(button.property("call_type") == call_type)
            self._group.setExclusive(True)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, checked: bool) -> None:  # noqa: FBT001 - the signal's own signature
        if checked:
            self.chosen.emit(str(button.property("call_type")))
