"""Details that one click fills into the form. Main thread."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from callup_desktop.calls.metadata import Details
from callup_desktop.presentation.form_values import Offers
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em


class OfferLine(QWidget):
    """One offer: the reason for it, and a button with the name of its details."""

    chosen = Signal(object)
    """The Details."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details: Details | None = None
        self._reason = Label(parent=self, muted=True)
        self.button = Button("", self, quiet=True)
        self.button.clicked.connect(self._on_clicked)
        line = FlowLayout(self, spacing=em(self, 0.1))
        line.addWidget(self._reason)
        line.addWidget(self.button)

    def offer(self, reason: str, details: Details | None) -> None:
        """Offer the details; None hides the line."""
        self._details = details
        self.setVisible(details is not None)
        if details is not None:
            name = details.company_name or details.contact_email
            self._reason.setText(reason)
            self.button.setText(name.replace("&", "&&"))
            self.button.setAccessibleName(f"{reason} {name}")

    @Slot()
    def _on_clicked(self) -> None:
        if self._details is not None:
            self.chosen.emit(self._details)


class DetailsOffers(QWidget):
    """The offers from the file names and from the last call."""

    chosen = Signal(object)
    """The Details of the offer that the rep chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.named, self.last = OfferLine(self), OfferLine(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for line in (self.named, self.last):
            line.chosen.connect(self.chosen)
            layout.addWidget(line)

    def show_offers(self, offers: Offers) -> None:
        """Show the offers that there are."""
        self.named.offer(self.tr("Suggested from the file name:"), offers.named)
        self.last.offer(self.tr("Same as last time:"), offers.last)
