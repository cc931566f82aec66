"""The check of the connection: one line for each step, and what each answered. Main thread."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from callup_desktop.engine.ports import CheckResult, CheckStep
from callup_desktop.presentation.connection_check import CheckLine, CheckSummary, CheckWriter
from callup_desktop.presentation.messages import Messages
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.surface import Surface
from callup_desktop.ui.widgets.symbol_circle import SymbolCircle


class CheckWidget(QWidget):
    """One step: its symbol, its name and its result."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._circle = SymbolCircle(self)
        self._title = Label(parent=self, bold=True)
        self._text = Label(parent=self, muted=True)
        texts = QVBoxLayout()
        texts.setSpacing(em(self, 0.1))
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.65))
        layout.addWidget(self._circle, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)

    def show_line(self, line: CheckLine) -> None:
        """Show the line."""
        self._circle.show_symbol(line.symbol, line.tone)
        self._title.setText(line.title)
        self._text.setText(line.text)
        self._text.setVisible(bool(line.text))
        self.setAccessibleName(f"{line.title}: {line.text}" if line.text else line.title)


class CheckPanel(Surface):
    """Shows the results as they arrive; the buttons that check again and save the secrets are in `footer`."""

    check_requested = Signal()
    save_requested = Signal()

    def __init__(
        self, messages: Messages, steps: tuple[CheckStep, ...], parent: QWidget | None = None, *, can_save: bool
    ) -> None:
        """`steps` are those that will have a result; `can_save` is False where the page has no secrets to save."""
        super().__init__(QPalette.ColorRole.AlternateBase, parent, edges=Qt.Edge.LeftEdge)
        self._writer = CheckWriter(messages)
        self._results: dict[CheckStep, CheckResult] = {}
        self.steps = {step: CheckWidget(self) for step in steps}
        self.footer = Surface(QPalette.ColorRole.AlternateBase, parent, edges=Qt.Edge.TopEdge)
        """For the one who shows the panel: it stays in view while the panel scrolls."""
        self.footer_row = QHBoxLayout(self.footer)
        self.check_button = Button(self.tr("Check again"), self.footer)
        self.save_button = Button(self.tr("Save"), self.footer, primary=True)
        self.save_button.setVisible(can_save)
        self.check_button.clicked.connect(self.check_requested)
        self.save_button.clicked.connect(self.save_requested)
        self._lay_out()
        self._show_waiting()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        margin = em(self, 1.5)
        layout.setContentsMargins(margin, em(self, 1.5), margin, margin)
        layout.setSpacing(em(self, 0.75))
        layout.addWidget(Label(self.tr("Check"), self, size=1.15, bold=True))
        for widget in self.steps.values():
            layout.addWidget(widget)
        layout.addStretch(1)
        buttons = FlowLayout(spacing=em(self, 0.5), to_right=True)
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.save_button)
        self.footer_row.setContentsMargins(em(self, 1.7), em(self, 0.9), margin, em(self, 0.9))
        self.footer_row.addLayout(buttons)

    def begin(self) -> None:
        """A check begins: forget the last results."""
        self._results.clear()
        self._show_waiting()
        self.check_button.setEnabled(False)

    def show_result(self, result: CheckResult) -> None:
        """Show the result of one step."""
        self.steps[result.step].show_line(self._writer.line(result, tuple(self._results.values())))
        self._results[result.step] = result

    def end(self) -> CheckSummary | None:
        """The check is over; returns its summary, None where it ended before its last step."""
        self.check_button.setEnabled(True)
        if self._results.keys() != self.steps.keys():
            return None
        return self._writer.summary(tuple(self._results.values()))

    def _show_waiting(self) -> None:
        for step, widget in self.steps.items():
            widget.show_line(self._writer.waiting(step))
