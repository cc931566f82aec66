"""The connection: what the profile says, secrets for the keyring, a check that names the failing hop. Main thread."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from callup_desktop.config.profile import Profile
from callup_desktop.config.profiles import ProfileChange
from callup_desktop.engine.ports import CheckResult, CheckStep
from callup_desktop.presentation.connection_check import CheckWriter, ConnectionWork, HopLine, Secret
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.profile_import import ImportPreviewWriter
from callup_desktop.presentation.rows import Tone
from callup_desktop.presentation.secret_words import SecretWriter
from callup_desktop.ui.connection_worker import Adopted, ConnectionWorker, Saved
from callup_desktop.ui.detail_pane import Circle
from callup_desktop.ui.import_dialog import ImportDialog
from callup_desktop.ui.widgets.controls import Button, Label, Outline, Surface, TextField
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.scroll_bar import ScrollBar

_NARROW = 50
"""Pages narrower than so many line heights put the check below the fields."""


class HopWidget(QWidget):
    """One hop: sign, name, what it said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until told."""
        super().__init__(parent)
        self._circle = Circle(self)
        self._title = Label(parent=self, bold=True)
        self._text = Label(parent=self, muted=True)
        words = QVBoxLayout()
        words.setSpacing(em(self, 0.1))
        words.addWidget(self._title)
        words.addWidget(self._text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.65))
        layout.addWidget(self._circle, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def show_line(self, line: HopLine) -> None:
        """Show it."""
        self._circle.show_sign(line.sign, line.tone)
        self._title.setText(line.title)
        self._text.setText(line.text)
        self._text.setVisible(bool(line.text))
        self.setAccessibleName(f"{line.title}: {line.text}" if line.text else line.title)


class ConnectionPage(QWidget):
    """Shows a profile, or asks for one; does all work through its worker."""

    closed = Signal()
    ended = Signal()
    restart_asked = Signal()
    """Another profile counts from the next start on."""
    secrets_kept = Signal()
    """What waited for keys may try again."""
    summarised = Signal(object)
    """(Tone, str) after a check."""

    def __init__(
        self,
        messages: Messages,
        work: ConnectionWork,
        profile: Profile | None,
        file: str,
        parent: QWidget | None = None,
    ) -> None:
        """Show the profile of this file; None asks for a file."""
        super().__init__(parent)
        self._messages = messages
        self._connections = CheckWriter(messages)
        self._profile = profile
        self._answers: dict[str, CheckResult] = {}
        self._worker = ConnectionWorker(work, self)
        self.secrets: dict[Secret, TextField] = {}
        self.hops: dict[str, HopWidget] = {}
        self.import_dialog: ImportDialog | None = None
        self._said = Label(parent=self)
        self._said.hide()
        self.import_button = Button(self.tr("Import a .callup file…"), self, primary=profile is None)
        self.check_button = Button(self.tr("Check again"), self)
        self.save_button = Button(self.tr("Save"), self, primary=True)
        self.close_button = Button(self.tr("Back to calls"), self, quiet=True, icon="back")
        self.import_button.clicked.connect(self._on_import)
        self.check_button.clicked.connect(self.check)
        self.save_button.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self.closed)
        self._lay_out(file)
        self._worker.stored_found.connect(self._on_stored)
        self._worker.hop_answered.connect(self._on_hop)
        self._worker.walked.connect(self._on_walked)
        self._worker.saved.connect(self._on_saved)
        self._worker.previewed.connect(self._on_previewed)
        self._worker.adopted.connect(self._on_adopted)
        self._worker.start()

    def stop(self) -> None:
        """End the worker; returns when its thread is gone."""
        self._worker.stop()

    def end(self) -> None:
        """End the worker after the hop at hand, which may take its time: `ended` tells when its thread is gone."""
        self._worker.finished.connect(self.ended)
        self._worker.ask_end()

    # --- layout ---------------------------------------------------------------------------------------------------

    def _lay_out(self, file: str) -> None:
        self._card = Surface(QPalette.ColorRole.Base, self, card=True)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._card)
        self._sides.setContentsMargins(1, 1, 1, 1)
        self._sides.setSpacing(0)
        self._sides.addWidget(self._make_fields(file), 8)
        if self._profile is not None:
            self._sides.addWidget(self._make_check(), 5)
        self._outline = Outline(self._card)
        self._card.installEventFilter(self)
        content = QWidget(self)
        outer = QHBoxLayout(content)
        outer.setContentsMargins(em(self, 1.4), em(self, 1.4), em(self, 1.4), em(self, 1.4))
        self._card.setMaximumWidth(em(self, 58))
        outer.addWidget(self._card, 1)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBar(ScrollBar(scroll))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the outline over the whole card."""
        if watched is self._card and event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._outline.setGeometry(self._card.rect())
            self._outline.raise_()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow pages put the check below the fields."""
        narrow = event.size().width() < em(self, _NARROW)
        self._sides.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)

    def _make_fields(self, file: str) -> QWidget:
        side = QWidget(self._card)
        layout = QVBoxLayout(side)
        margin = em(self, 1.7)
        layout.setContentsMargins(margin, em(self, 1.5), margin, margin)
        layout.setSpacing(em(self, 0.45))
        back = QHBoxLayout()
        back.addWidget(Label(self.tr("Connection"), side, size=1.36, bold=True), 1)
        back.addWidget(self.close_button)
        layout.addLayout(back)
        self.close_button.setVisible(self._profile is not None)
        if self._profile is None:
            self._explain_first_start(layout, side)
        else:
            self._fill(layout, side, self._profile, file)
        layout.addWidget(self._said)
        buttons = FlowLayout(spacing=em(self, 0.5))
        buttons.addWidget(self.import_button)
        layout.addSpacing(em(self, 0.6))
        layout.addLayout(buttons)
        layout.addStretch(1)
        return side

    def _explain_first_start(self, layout: QVBoxLayout, side: QWidget) -> None:
        text = self.tr(
            "CallUp is not connected yet. Your IT department gives you a file that ends in .callup: import it here,"
            " or drop it on this window."
        )
        layout.addWidget(Label(text, side, muted=True))

    def _fill(self, layout: QVBoxLayout, side: QWidget, profile: Profile, file: str) -> None:
        text = self.tr(
            "Filled in from {file}. Passwords and keys are kept in this computer's keychain, never in a file."
        ).format(file=file)
        layout.addWidget(Label(text, side, muted=True))
        layout.addSpacing(em(self, 0.3))
        place = self._connections.place(profile)
        self._add(layout, self.tr("Storage (S3)"), self._fixed(place))
        if profile.credentials == "keyring":
            self._add(layout, self.tr("Access key"), self._secret(Secret.ACCESS_KEY_ID, hidden=False))
            self._add(layout, self.tr("Secret key"), self._secret(Secret.SECRET_ACCESS_KEY, hidden=True))
        else:
            source = self.tr("from the AWS configuration of this computer")
            if profile.credentials == "sandbox":
                source = self.tr("made by the sandbox")
            self._add(layout, self.tr("Keys"), self._fixed(source))
        records = f"{profile.mongo_uri.rstrip('/')}/{profile.database}.{profile.collection}"
        self._add(layout, self.tr("Call records (MongoDB)"), self._fixed(records))
        if profile.credentials != "sandbox":
            self._add(layout, self.tr("Password"), self._secret(Secret.MONGO_PASSWORD, hidden=True))
        queue = profile.queue_url.rstrip("/").rpartition("/")[2]
        self._add(layout, self.tr("Transcription queue (SQS)"), self._fixed(queue))

    def _add(self, layout: QVBoxLayout, label: str, field: TextField) -> None:
        layout.addSpacing(em(self, 0.45))
        layout.addWidget(Label(label, self._card, size=0.93, bold=True))
        field.setAccessibleName(label)
        layout.addWidget(field)

    def _fixed(self, value: str) -> TextField:
        field = TextField(self._card)
        field.setText(value)
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setToolTip(value)
        return field

    def _secret(self, name: Secret, *, hidden: bool) -> TextField:
        field = self.secrets[name] = TextField(self._card)
        field.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        field.returnPressed.connect(self._on_save)
        return field

    def _make_check(self) -> QWidget:
        side = Surface(QPalette.ColorRole.AlternateBase, self._card, edges=Qt.Edge.LeftEdge)
        layout = QVBoxLayout(side)
        margin = em(self, 1.5)
        layout.setContentsMargins(margin, em(self, 1.5), margin, margin)
        layout.setSpacing(em(self, 0.75))
        layout.addWidget(Label(self.tr("Check"), side, size=1.15, bold=True))
        for hop in CheckStep:
            widget = self.hops[hop] = HopWidget(side)
            widget.show_line(self._connections.waiting(hop))
            layout.addWidget(widget)
        layout.addStretch(1)
        buttons = FlowLayout(spacing=em(self, 0.5), to_right=True)
        buttons.addWidget(self.check_button)
        buttons.addWidget(self.save_button)
        self.save_button.setVisible(bool(self.secrets))
        layout.addLayout(buttons)
        return side

    # --- what happens ---------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Shown: find out what is stored, and check."""
        self.close_button.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._profile is not None:
            self._worker.ask_stored()
            self.check()

    @Slot()
    def check(self) -> None:
        """Walk the hops."""
        self._answers.clear()
        for hop, widget in self.hops.items():
            widget.show_line(self._connections.waiting(hop))
        self.check_button.setEnabled(False)
        self._worker.ask_walk()

    def take_file(self, file: Path) -> None:
        """Ask whether to import a profile."""
        self._worker.ask_preview(file)

    @Slot(object)
    def _on_previewed(self, change: ProfileChange) -> None:
        preview = ImportPreviewWriter(self._messages).preview(change)
        self.import_dialog = ImportDialog(change, preview, self)
        self.import_dialog.accepted.connect(self._on_agreed)
        self.import_dialog.finished.connect(self.import_dialog.deleteLater)
        self.import_dialog.open()

    @Slot()
    def _on_agreed(self) -> None:
        dialog = self.import_dialog
        if dialog is not None:
            with_keys, with_calls = dialog.keys.isChecked(), dialog.calls.isChecked()
            self._worker.ask_adopt(dialog.change, with_keys=with_keys, with_calls=with_calls)

    @Slot()
    def _on_import(self) -> None:
        dialog = QFileDialog(self, self.tr("Import a .callup file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("CallUp profiles (*.callup *.toml)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._on_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_file(self, file: str) -> None:
        self.take_file(Path(file))

    @Slot()
    def _on_save(self) -> None:
        typed = {name.value: text for name, field in self.secrets.items() if (text := field.text().strip())}
        if typed:
            self._worker.ask_save(typed)

    @Slot(object)
    def _on_stored(self, stored: frozenset[str]) -> None:
        for name, field in self.secrets.items():
            known = name.value in stored
            field.setPlaceholderText(self.tr("••••••••••••   stored in keychain") if known else self.tr("not set"))

    @Slot(object)
    def _on_hop(self, answer: CheckResult) -> None:
        self._answers[answer.step] = answer
        if answer.step in self.hops:
            self.hops[answer.step].show_line(self._connections.line(answer))

    @Slot()
    def _on_walked(self) -> None:
        self.check_button.setEnabled(True)
        self.summarised.emit(self._connections.summary(tuple(self._answers.values())))

    @Slot(object)
    def _on_saved(self, saved: Saved) -> None:
        words = {
            "": (Tone.OK, self.tr("Kept in this computer's keychain.")),
            "memory": (
                Tone.WARNING,
                self.tr(
                    "We aren't allowed to store your sign-in on this computer."
                    " You can continue until you close the app."
                ),
            ),
            "too_long": (Tone.BAD, SecretWriter(self._messages).too_long()),
            "malformed": (Tone.BAD, SecretWriter(self._messages).malformed()),
        }
        tone, text = words.get(saved.code) or (Tone.BAD, self._messages.of_code(saved.code))
        self._say(tone, text)
        if saved.code in {"", "memory"}:
            for field in self.secrets.values():
                field.clear()
            self._worker.ask_stored()
            self.secrets_kept.emit()
            self.check()

    @Slot(object)
    def _on_adopted(self, adopted: Adopted) -> None:
        refusal = adopted.refusal
        if refusal is None:
            self.restart_asked.emit()
        else:
            self._say(Tone.BAD, self._messages.start_error(refusal.code, refusal.params, refusal.problems))

    def _say(self, tone: Tone, text: str) -> None:
        self._said.set_tone(tone)
        self._said.setText(text)
        self._said.show()
