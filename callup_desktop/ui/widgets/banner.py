"""A band across the window with one alert: what stands in the way, or what just happened. Main thread."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from callup_desktop.presentation.queue_summary import Alert, Remedy
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.colours import colours_of
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em


class Banner(QWidget):
    """Shows one Alert; without one there is nothing to be seen. A BannerShelf gives it its place."""

    changed = Signal()
    """It has another alert, or none."""

    remedy_chosen = Signal(object)
    """A Remedy."""
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None, *, dismissable: bool = False) -> None:
        """A `dismissable` banner has a button that sends `dismissed`."""
        super().__init__(parent)
        self._alert: Alert | None = None
        self._label = Label(parent=self)
        names = {
            Remedy.CHECK_AGAIN: self.tr("Check again"),
            Remedy.COPY_FOR_IT: self.tr("Copy for IT"),
            Remedy.SEND_ANYWAY: self.tr("Send anyway"),
            Remedy.OPEN_SIGN_IN: self.tr("Open sign-in page"),
            Remedy.SIGN_IN: self.tr("Sign in"),
            Remedy.OPEN_CONNECTION: self.tr("Open Connection"),
            Remedy.UNDO: self.tr("Undo"),
        }
        layout = QHBoxLayout(self)
        layout.setContentsMargins(em(self, 1.3), em(self, 0.55), em(self, 1.3), em(self, 0.55))
        layout.setSpacing(em(self, 0.6))
        layout.addWidget(self._label, 1)
        self.buttons: dict[Remedy, Button] = {}
        for remedy, name in names.items():
            button = self.buttons[remedy] = Button(name, self)
            button.setProperty("remedy", remedy.value)
            button.clicked.connect(self._on_clicked)
            layout.addWidget(button)
        self.closer = Button("", self, quiet=True, icon="remove")
        self.closer.setAccessibleName(self.tr("Close this message"))
        self.closer.setToolTip(self.tr("Close this message"))
        self.closer.setVisible(dismissable)
        self.closer.clicked.connect(self.dismissed)
        layout.addWidget(self.closer)
        self.hide()

    @property
    def alert(self) -> Alert | None:
        """The alert in view, None if there is none."""
        return self._alert

    def show_alert(self, alert: Alert | None) -> None:
        """Show the alert and announce it to screen readers; None ends the last one."""
        if alert == self._alert:
            return
        self._alert = alert
        if alert is not None:
            self._show(alert)
        self.changed.emit()

    def _show(self, alert: Alert) -> None:
        self._label.show_lead(alert.lead, alert.text)
        self._label.set_tone(None if alert.tone is Tone.PLAIN else alert.tone)
        for remedy, button in self.buttons.items():
            button.setVisible(remedy in alert.remedies)
        self.setAccessibleName(f"{alert.lead} {alert.text}".strip())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground in the tone of the alert, and the line below."""
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.tint(self._alert.tone if self._alert else Tone.PLAIN))
        painter.setPen(colours.line)
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())

    @Slot()
    def _on_clicked(self) -> None:
        self.remedy_chosen.emit(Remedy(self.sender().property("remedy")))
