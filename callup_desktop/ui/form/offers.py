"""Details that one click fills into the form. Main thread."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from callup_desktop.calls.metadata import Details
from callup_desktop.presentation.form_values import Offers
from callup_desktop.ui.widgets.button import Button, quiet_side
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.plain_text import plain_tip

_LONGEST_NAME = 32
"""Characters of an offer that its button shows."""


class OfferLine(QWidget):
    """One offer: the reason for it, and a button with its name. It has the margin at its left for `add_hanging`."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reason = Label(parent=self, muted=True)
        self.button = Button("", self, quiet=True)
        self.button.clicked.connect(self.chosen)
        line = FlowLayout(self, spacing=em(self, 0.1))
        line.setContentsMargins(quiet_side(self), 0, 0, 0)
        line.addWidget(self._reason)
        line.addWidget(self.button)

    def show_offer(self, reason: str, name: str) -> None:
        """Show the offer; without a name there is none, and the line is hidden."""
        self.setVisible(bool(name))
        if name:
            self._reason.setText(reason)
            self.button.setText(_shortened(name).replace("&", "&&"))
            self.button.setToolTip(plain_tip(name))
            self.button.setAccessibleName(f"{reason} {name}")


class DetailsOffers(QWidget):
    """The offers from the file names and from the last call."""

    chosen = Signal(object)
    """The Details of the offer that the rep chose."""
    each_requested = Signal()
    """The rep wants to see what each call gets from its own name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers = Offers(None, None)
        self.named, self.each, self.last = OfferLine(self), OfferLine(self), OfferLine(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for line in (self.named, self.each, self.last):
            layout.addWidget(line)
        self.named.chosen.connect(self._on_named)
        self.each.chosen.connect(self.each_requested)
        self.last.chosen.connect(self._on_last)

    def show_offers(self, offers: Offers) -> None:
        """Show the offers that there are."""
        self._offers = offers
        self.named.show_offer(self.tr("Suggested from the file name:"), _name_of(offers.named))
        each = self.tr("fill each from its name…") if offers.each else ""
        self.each.show_offer(self.tr("Several companies:"), each)
        self.last.show_offer(self.tr("Same as last time:"), _name_of(offers.last))

    @Slot()
    def _on_named(self) -> None:
        self.chosen.emit(self._offers.named)

    @Slot()
    def _on_last(self) -> None:
        self.chosen.emit(self._offers.last)


def _shortened(name: str) -> str:
    """The name as far as a button takes it: a wider one would push the fields out of the window."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _name_of(details: Details | None) -> str:
    if details is None:
        return ""
    return details.company_name or details.contact_email or details.call_type.capitalize()
