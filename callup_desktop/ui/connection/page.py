"""The connection page: shows a profile, keeps its secrets, checks each step; or asks for a profile. Main thread."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from callup_desktop.config.profile import AnyProfile, GatewayProfile
from callup_desktop.config.profiles import ProfileChange
from callup_desktop.engine.ports import GATEWAY_STEPS, STRAIGHT_STEPS, CheckResult, SignInOutcome, SignInResult
from callup_desktop.presentation.connection_check import CheckSummary, ConnectionWork
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.profile_import import ImportPreviewWriter
from callup_desktop.presentation.rows import Tone
from callup_desktop.presentation.secret_words import SecretWriter
from callup_desktop.presentation.sign_in import SignInWriter
from callup_desktop.ui.connection.check_panel import CheckPanel
from callup_desktop.ui.connection.import_dialog import ImportDialog
from callup_desktop.ui.connection.profile_fields import ProfileFields
from callup_desktop.ui.connection.worker import Adopted, ConnectionWorker, Saved
from callup_desktop.ui.question_box import QuestionBox
from callup_desktop.ui.sign_in import SignIn
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.scroll_bar import ScrollBar
from callup_desktop.ui.widgets.scrolled_content import ScrolledContent
from callup_desktop.ui.widgets.surface import Outline, Surface

_NARROW = 50
"""Line heights. A narrower page has the check below the fields."""


class ConnectionPage(QWidget):
    """Shows the profile, or asks for one; its worker does everything that may block."""

    closed = Signal()
    ended = Signal()
    """The worker's thread is gone."""
    restart_requested = Signal()
    """Another profile applies from the next start on."""
    secrets_changed = Signal()
    """Calls go on with the secrets of now: those that wait for some can try again, removed ones count no more."""
    summarised = Signal()
    """A check is over, and `summary` is its result; or another begins, and `summary` is None."""
    copied = Signal(object)
    """A text for the clipboard (str)."""
    secrets_missed = Signal()
    """The profile is new, and a secret that it needs is not there: its field waits for it."""

    def __init__(
        self,
        messages: Messages,
        work: ConnectionWork,
        profile: AnyProfile | None,
        file: str,
        parent: QWidget | None = None,
        *,
        managed: bool = False,
        count_waiting: Callable[[], int] = lambda: 0,
        sign_in: SignIn | None = None,
    ) -> None:
        """`file` is the name of the profile, or of its file; without a profile the page asks for one.

        A `managed` profile was put there by the company; no other can be imported. `count_waiting` returns how many
        calls wait on this computer. `sign_in` is there where the rep signs in with the browser.
        """
        super().__init__(parent)
        self._sign_in = sign_in
        self._messages = messages
        self._count_waiting = count_waiting
        self._is_new = False
        self._asks_to_sign_in = False
        self._managed = managed
        self._worker = ConnectionWorker(work, self)
        self.summary: CheckSummary | None = None
        self.import_dialog: ImportDialog | None = None
        self._passing: frozenset[str] = frozenset()
        self._message = Label(parent=self)
        self._message.hide()
        self._card = Surface(QPalette.ColorRole.Base, self, card=True)
        self._scroll = QScrollArea(self._card)
        # The tab key follows the order in which widgets are made: from top to bottom, then the check.
        self.close_button = Button(self.tr("Back to calls"), self, quiet=True, icon="back")
        self.close_button.setVisible(profile is not None)
        self.fields = ProfileFields(profile, file, self._card, managed=managed) if profile is not None else None
        self.sign_in_button = Button(self.tr("Sign in"), self, primary=True)
        self.sign_in_button.setVisible(sign_in is not None)
        self.cancel_button = Button(self.tr("Cancel"), self)
        self.cancel_button.hide()
        self.copy_button = Button(self.tr("Copy link"), self, quiet=True)
        self.copy_button.setToolTip(self.tr("For another browser, if the page does not open by itself"))
        self.copy_button.hide()
        self.sign_out_button = Button(self.tr("Sign out"), self, quiet=True)
        self.sign_out_button.hide()
        self.import_button = Button(self.tr("Import a .callup file…"), self, primary=profile is None)
        self.import_button.setVisible(not managed)
        self.remove_button = Button(self.tr("Remove keys from this computer…"), self, quiet=True)
        self.remove_button.hide()
        self.check_panel: CheckPanel | None = None
        if self.fields is not None:
            steps = GATEWAY_STEPS if isinstance(profile, GatewayProfile) else STRAIGHT_STEPS
            self.check_panel = CheckPanel(messages, steps, self._card, can_save=self.fields.can_be_typed)
        self._reveal_timer = single_shot(self, 0, self._reveal_message)
        self._lay_out()
        self._connect()
        self._worker.start()

    def stop(self) -> None:
        """End the worker; returns when its thread is gone."""
        self._worker.stop()

    def end(self) -> None:
        """End the worker after the step it is in, which may take a while; `ended` follows."""
        if self._worker.isFinished():
            self.ended.emit()
            return
        self._worker.finished.connect(self.ended)
        self._worker.ask_end()

    # --- layout ---------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        content = ScrolledContent(self._card)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(self._make_left_side(), 8)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBar(ScrollBar(self._scroll, ground=QPalette.ColorRole.AlternateBase))
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        self._scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        card = QVBoxLayout(self._card)
        card.setContentsMargins(1, 1, 1, 1)
        card.setSpacing(0)
        card.addWidget(self._scroll, 1)
        if self.check_panel is not None:
            self._sides.addWidget(self.check_panel, 5)
            self.check_panel.footer_row.insertLayout(0, self._make_buttons(), 1)
            card.addWidget(self.check_panel.footer)
        self._outline = Outline(self._card)
        self._card.installEventFilter(self)
        self._card.setMaximumWidth(em(self, 58))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(em(self, 1.4), em(self, 1.4), em(self, 1.4), em(self, 1.4))
        outer.addWidget(self._card, 1)

    def _make_left_side(self) -> QWidget:
        side = Surface(QPalette.ColorRole.Base, self._card)
        layout = QVBoxLayout(side)
        margin = em(self, 1.7)
        layout.setContentsMargins(margin, em(self, 1.5), margin, margin)
        layout.setSpacing(em(self, 0.45))
        heading = QHBoxLayout()
        heading.addWidget(Label(self.tr("Connection"), side, size=1.36, bold=True), 1)
        heading.addWidget(self.close_button)
        layout.addLayout(heading)
        layout.addWidget(self.fields or Label(self._first_start_text(), side, muted=True))
        layout.addWidget(self._message)
        if self.check_panel is None:
            layout.addSpacing(em(self, 0.6))
            layout.addLayout(self._make_buttons())
        layout.addStretch(1)
        return side

    def _make_buttons(self) -> FlowLayout:
        buttons = FlowLayout(spacing=em(self, 0.5))
        for button in (self.sign_in_button, self.cancel_button, self.copy_button, self.sign_out_button):
            buttons.addWidget(button)
        buttons.addWidget(self.import_button)
        buttons.addWidget(self.remove_button)
        return buttons

    def _first_start_text(self) -> str:
        return self.tr(
            "CallUp is not connected yet. Your IT department gives you a file that ends in .callup: import it here,"
            " or drop it on this window."
        )

    def _connect(self) -> None:
        self.import_button.clicked.connect(self._on_import)
        self.close_button.clicked.connect(self.closed)
        self._worker.previewed.connect(self._on_previewed)
        self._worker.adopted.connect(self._on_adopted)
        self._worker.saved.connect(self._on_saved)
        self._worker.forgotten.connect(self._on_forgotten)
        self.remove_button.clicked.connect(self._on_remove)
        if (sign_in := self._sign_in) is not None:
            self.sign_in_button.clicked.connect(sign_in.begin)
            self.cancel_button.clicked.connect(sign_in.cancel)
            self.copy_button.clicked.connect(self._on_copy)
            self.sign_out_button.clicked.connect(sign_in.sign_out)
            sign_in.waited.connect(self._on_waited)
            sign_in.found.connect(self._on_signed_in_found)
            sign_in.ended.connect(self._on_sign_in_ended)
        if self.fields is not None and self.check_panel is not None:
            self.fields.save_requested.connect(self._on_save)
            self.check_panel.save_requested.connect(self._on_save)
            self.check_panel.check_requested.connect(self._on_check_requested)
            self._worker.proxy_found.connect(self._on_proxy_found)
            self._worker.stored_found.connect(self._on_stored_found)
            self._worker.step_checked.connect(self._on_step_checked)
            self._worker.check_finished.connect(self._on_check_finished)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the outline over the whole card."""
        if watched is self._card and event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self._outline.setGeometry(self._card.rect())
            self._outline.raise_()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the check below the fields where the page is narrow."""
        narrow = event.size().width() < em(self, _NARROW)
        self._sides.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)

    # --- what the rep does ----------------------------------------------------------------------------------------

    def open(self) -> None:
        """The page came into view: ask which secrets are stored, and check."""
        # The page got the focus when it came into view, but not by the tab key: it is not marked.
        self.close_button.clearFocus()
        self.close_button.setFocus(Qt.FocusReason.MouseFocusReason)
        self._message.hide()
        if self._sign_in is not None:
            self._on_waited()
            self._sign_in.look()
        if self.fields is not None:
            self._worker.ask_stored()
            self.check()

    def begin(self) -> None:
        """The profile was imported just now: check it, or ask for the secrets or the sign-in that it lacks."""
        self._is_new = True
        if self._sign_in is not None:
            self._asks_to_sign_in = True
            self._sign_in.look()
        self._worker.ask_stored()

    def _look_for_missing(self, fields: ProfileFields, stored: Mapping[str, str]) -> None:
        self._is_new = False
        missing = fields.first_missing(stored)
        if missing is None:
            self.check()
        else:
            self.secrets_missed.emit()
            missing.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(missing)

    @Slot()
    def check(self) -> None:
        """Run every step."""
        if self.check_panel is not None:
            self.summary = None
            self.summarised.emit()
            self.check_panel.begin()
            self._worker.ask_check()

    @Slot()
    def _on_check_requested(self) -> None:
        self._message.hide()
        self.check()

    def take_file(self, file: Path) -> None:
        """Ask whether to import a profile; where the company set one, say that there is no other."""
        self._message.hide()
        if self._managed:
            self.show_message(Tone.WARNING, self.tr("The connection is set by your company: there is no other here."))
        else:
            self._worker.ask_preview(file)

    @Slot(object)
    def _on_previewed(self, change: ProfileChange) -> None:
        preview = ImportPreviewWriter(self._messages).preview(change, waiting=self._count_waiting())
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
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_file_selected(self, file: str) -> None:
        self.take_file(Path(file))

    @Slot()
    def _on_save(self) -> None:
        if self.fields is not None and (typed := self.fields.typed()):
            self._message.hide()
            self._worker.ask_save(typed)

    @Slot()
    def _on_remove(self) -> None:
        box = QuestionBox(
            self.tr("Remove the keys from this computer?"),
            self.tr("Calls that are not sent stay here, and go on once keys are typed again."),
            go_on=self.tr("Remove"),
            stay=self.tr("Keep"),
            parent=self,
        )
        box.accepted.connect(self._on_remove_confirmed)
        box.open()

    @Slot()
    def _on_remove_confirmed(self) -> None:
        self._message.hide()
        self._worker.ask_forget()

    # --- signing in -----------------------------------------------------------------------------------------------

    @Slot()
    def _on_waited(self) -> None:
        waiting = self._sign_in is not None and self._sign_in.is_waiting
        self.cancel_button.setVisible(waiting)
        self.copy_button.setVisible(self._sign_in is not None and bool(self._sign_in.page))
        if waiting:
            self.show_message(Tone.PLAIN, SignInWriter(self._messages).waiting())

    @Slot()
    def _on_copy(self) -> None:
        if self._sign_in is not None:
            self.copied.emit(self._sign_in.page)

    @Slot(object)
    def _on_signed_in_found(self, signed_in: bool) -> None:  # noqa: FBT001 - a slot of one payload
        self.sign_out_button.setVisible(signed_in)
        if self._asks_to_sign_in and not signed_in:
            self.secrets_missed.emit()
            self.sign_in_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._asks_to_sign_in = False

    @Slot(object)
    def _on_sign_in_ended(self, result: SignInResult) -> None:
        tone = Tone.OK if result.is_signed_in or result.outcome is SignInOutcome.SIGNED_OUT else Tone.WARNING
        self.show_message(tone, SignInWriter(self._messages).ended(result))
        self.sign_out_button.setVisible(result.is_signed_in)
        if self.isVisible():
            self.check()

    # --- what the worker answers ----------------------------------------------------------------------------------

    @Slot(object)
    def _on_step_checked(self, result: CheckResult) -> None:
        if self.check_panel is not None:
            self.check_panel.show_result(result)

    @Slot()
    def _on_check_finished(self) -> None:
        if self.check_panel is not None:
            self.summary = self.check_panel.end()
            self.summarised.emit()

    @Slot(object)
    def _on_proxy_found(self, proxy: str) -> None:
        if self.fields is not None and self.check_panel is not None:
            self.fields.show_proxy(proxy)
            self.check_panel.save_button.setVisible(self.fields.can_be_typed)

    @Slot(object)
    def _on_saved(self, saved: Saved) -> None:
        texts = {
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
        self.show_message(*(texts.get(saved.code) or (Tone.BAD, self._messages.of_code(saved.code))))
        if self._is_new:
            self._is_new = False
            self.secrets_missed.emit()
        if self.fields is not None and saved.code in {"", "memory"}:
            typed = frozenset(self.fields.typed())
            self._passing = self._passing | typed if saved.code else self._passing - typed
            self.fields.clear()
            self._use_secrets_of_now()

    @Slot(object)
    def _on_forgotten(self, forgotten: Saved) -> None:
        if forgotten.code:
            self.show_message(Tone.BAD, self._messages.of_code(forgotten.code))
        else:
            self.show_message(Tone.OK, self.tr("The keys were removed from this computer."))
        self._use_secrets_of_now()

    def _use_secrets_of_now(self) -> None:
        self._worker.ask_stored()
        self.secrets_changed.emit()
        self.check()

    @Slot(object)
    def _on_stored_found(self, stored: Mapping[str, str]) -> None:
        if self.fields is not None:
            self.fields.show_stored(stored, self._passing)
            shown = {name.value for name in self.fields.secrets}
            self.remove_button.setVisible(not shown.isdisjoint(stored))
            if self._is_new:
                self._look_for_missing(self.fields, stored)

    @Slot(object)
    def _on_adopted(self, adopted: Adopted) -> None:
        refusal = adopted.refusal
        if refusal is None:
            self.restart_requested.emit()
        else:
            sentence = self._messages.start_error(refusal.code, refusal.params, refusal.problems)
            self.show_message(Tone.BAD, sentence)

    def show_message(self, tone: Tone, text: str) -> None:
        """Say something above the fields, until the next thing is done."""
        self._message.set_tone(tone)
        self._message.setText(text)
        self._message.show()
        # It has its place once the page is laid out again.
        self._reveal_timer.start()

    @Slot()
    def _reveal_message(self) -> None:
        self._scroll.ensureWidgetVisible(self._message)
