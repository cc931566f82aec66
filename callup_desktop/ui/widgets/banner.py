"""A band across the window that says what stands in the way, or what just happened. Main thread."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from callup_desktop.presentation.queue_summary import Alert, Remedy
from callup_desktop.presentation.rows import Tone
from callup_desktop.ui.widgets.colours import colours
from callup_desktop.ui.widgets.controls import Button, Label
from callup_desktop.ui.widgets.measures import em


class Banner(QWidget):
    """Shows one Alert, or nothing."""

    remedy_chosen = Signal(object)
    """A Remedy."""
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None, *, dismissable: bool = False) -> None:
        """Hidden until there is something to say."""
        super().__init__(parent)
        self._alert: Alert | None = None
        self._words = Label(parent=self)
        names = {
            Remedy.CHECK_AGAIN: self.tr("Check again"),
            Remedy.COPY_FOR_IT: self.tr("Copy for IT"),
            Remedy.SEND_ANYWAY: self.tr("Send anyway"),
            Remedy.OPEN_SIGN_IN: self.tr("Open sign-in page"),
            Remedy.OPEN_CONNECTION: self.tr("Open Connection"),
        }
        layout = QHBoxLayout(self)
        layout.setContentsMargins(em(self, 1.3), em(self, 0.55), em(self, 1.3), em(self, 0.55))
        layout.setSpacing(em(self, 0.6))
        layout.addWidget(self._words, 1)
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
        """What is shown."""
        return self._alert

    def show_alert(self, alert: Alert | None) -> None:
        """Say this, aloud where a screen reader listens; None is silence."""
        if alert == self._alert:
            return
        self._alert = alert
        self.setVisible(alert is not None)
        if alert is None:
            return
        self._words.say(alert.lead, alert.text)
        self._words.set_tone(None if alert.tone is Tone.PLAIN else alert.tone)
        for remedy, button in self.buttons.items():
            button.setVisible(remedy in alert.remedies)
        self.setAccessibleName(f"{alert.lead} {alert.text}".strip())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and line in the alert's tone."""
        look = colours(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.tint(self._alert.tone if self._alert else Tone.PLAIN))
        painter.setPen(look.line)
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())

    @Slot()
    def _on_clicked(self) -> None:
        sender = self.sender()
        self.remedy_chosen.emit(Remedy(sender.property("remedy")))
