"""The form: company, contact email and call type of every selected draft, or of calls that were sent. Main thread."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from callup_desktop.calls.metadata import Details, FieldProblem
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.form_edits import FormEdits
from callup_desktop.presentation.form_values import (
    FIELDS,
    TEXT_FIELDS,
    Offers,
    completions,
    email_for,
    offers_for,
)
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.name_suggestions import NamedCall, NameReader
from callup_desktop.presentation.rows import RowWriter, Tone, playable
from callup_desktop.ui.form.call_types import CallTypePicker
from callup_desktop.ui.form.each_dialog import EachDialog
from callup_desktop.ui.form.fields import CompletingField, LabelledField
from callup_desktop.ui.form.offers import DetailsOffers
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.hanging import add_hanging
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.listen_line import ListenLine
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.side_pane import SidePane

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_PLAIN = frozenset({Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier})
_SAVE_DELAY = 400
"""Milliseconds after the last key until the text is saved: a pause in typing, and little to lose in a crash."""
_LARGE = 200
"""Selected calls; what the names of more suggest is shown a little later, and no more names are read at once."""
_OFFERS_DELAY = 100
"""Milliseconds until the names of many calls are read: the key that selected them is painted by then."""
_UNBROKEN = "\u00a0"
"""A space at which no line ends."""
_MOST_QUESTIONS = 3
"""Questions of selected calls that are shown in full above the fields."""


class FormPane(SidePane):
    """Edits calls; what is typed stays in view until the selection changes.

    Drafts are saved as they are typed, then sent. Calls that were sent are changed only by the button that says so.
    """

    edited = Signal(object)
    """A DetailsEdit to be saved."""
    send_requested = Signal(object)
    """Ids of calls whose details are valid (tuple[str, ...])."""
    remove_requested = Signal(object)
    """Ids (tuple[str, ...])."""
    send_anyway_requested = Signal(object)
    """Ids of calls that the rep wants to send in spite of a question (tuple[str, ...])."""
    play_requested = Signal(object)
    """Ids (tuple[str, ...])."""
    edit_ended = Signal()
    """The rep saved the new details of calls that were sent, or gave them up."""

    def __init__(
        self,
        messages: Messages,
        rows: RowWriter,
        call_types: tuple[str, ...],
        rules: NameRules,
        parent: QWidget | None = None,
    ) -> None:
        """`call_types` and `rules` are those of the profile."""
        super().__init__(parent)
        self._rules = rules
        self._messages = messages
        self._rows = rows
        self._call_types = call_types
        self._past: tuple[Details, ...] = ()
        self._names = NameReader((), call_types, rules)
        self._edits = FormEdits(call_types)
        self._sent = False
        self._filled: Details | None = None
        self._save_timer = single_shot(self, _SAVE_DELAY, self.save)
        self._offers_timer = single_shot(self, _OFFERS_DELAY, self._read_names)
        self._names_timer = single_shot(self, 0, self._read_names)
        self._heading = Label(parent=self, size=1.15, bold=True)
        self._subject = Label(parent=self, muted=True)
        self.listen = ListenLine(self)
        self._asked = QWidget(self)
        self._question = Label(parent=self._asked, tone=Tone.WARNING)
        self.accept_button = Button(self.tr("Send anyway"), self._asked)
        self.company = CompletingField("company_name", self)
        self.email = CompletingField("contact_email", self)
        self.email.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self._editors = dict(zip(TEXT_FIELDS, (self.company, self.email), strict=True))
        self.call_type = CallTypePicker(call_types, self)
        self.fields = {
            "company_name": LabelledField(self.tr("Company"), self.company, self),
            "contact_email": LabelledField(self.tr("Contact email"), self.email, self),
            "call_type": LabelledField(self.tr("Call type"), self.call_type, self),
        }
        self.offers = DetailsOffers(self)
        # The tab key follows the order in which widgets are made: Remove comes last.
        self.cancel_button = Button(self.tr("Cancel"), self)
        self.send_button = Button("", self, primary=True)
        self.remove_button = Button(self.tr("Remove"), self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.body.addWidget(self._heading)
        self.body.addSpacing(em(self, 0.2))
        self.body.addWidget(self._subject)
        add_hanging(self.body, self.listen)
        self.body.addSpacing(em(self, 0.9))
        asked = QVBoxLayout(self._asked)
        asked.setContentsMargins(0, 0, 0, em(self, 1.1))
        asked.setSpacing(em(self, 0.6))
        asked.addWidget(self._question)
        asked.addWidget(self.accept_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._asked)
        for field in self.fields.values():
            self.body.addWidget(field)
            self.body.addSpacing(em(self, 1.1))
        self.body.addSpacing(em(self, 0.3))
        add_hanging(self.body, self.offers)
        self.body.addStretch(1)
        self.footer.addWidget(self.remove_button)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.send_button)

    def _connect(self) -> None:
        for editor in self._editors.values():
            editor.entered.connect(self._on_text_entered)
            editor.returnPressed.connect(self.send)
            editor.focus_left.connect(self._on_focus_left)
        self.company.picked.connect(self._on_company_named)
        self.company.focus_left.connect(self._on_company_named)
        self.call_type.chosen.connect(self._on_call_type_chosen)
        self.offers.chosen.connect(self._on_offer_chosen)
        self.offers.each_requested.connect(self._on_each_requested)
        self.accept_button.clicked.connect(self._on_accept)
        self.listen.button.clicked.connect(self._on_play)
        self.remove_button.clicked.connect(self._on_remove)
        self.cancel_button.clicked.connect(self._end_edit)
        self.send_button.clicked.connect(self.send)
        for button in self.findChildren(QAbstractButton):
            button.installEventFilter(self)

    def usual_width(self) -> int:
        """The width at which the buttons of drafts stand on one line."""
        return self.width_beside((self.remove_button, self.send_button))

    # --- what is shown --------------------------------------------------------------------------------------------

    @property
    def ids(self) -> tuple[str, ...]:
        """The calls that the form edits."""
        return self._edits.ids

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._edits.has_unsaved

    def show_jobs(self, jobs: tuple[Job, ...], past: tuple[Details, ...]) -> None:
        """Edit these drafts, or these calls that were sent; newer copies of the same calls keep what is being typed.

        `past` are details of earlier calls, newest first.
        """
        if jobs == self._edits.jobs and past == self._past:
            # Thousands of them come back unchanged with their tab.
            return
        if past != self._past:
            self._past, self._names = past, NameReader(past, self._call_types, self._rules)
            for name, editor in self._editors.items():
                editor.set_completions(completions(past, name))
        self._show_kind(sent=any(job.state is not State.DRAFT for job in jobs))
        if self.ids == tuple(job.id for job in jobs):
            self._edits.refresh(jobs)
        else:
            self.save()
            self._edits.select(jobs)
            self._fill()
            if len(jobs) > _LARGE:
                self.offers.show_offers(Offers(None, None))
        self._show_subject()
        self._show_question()
        self._show_offers()

    def _show_kind(self, *, sent: bool) -> None:
        if sent != self._sent:
            self.save()
            self.forget()
        self._sent = sent
        self._heading.setText(self.tr("Edit details") if sent else self.tr("Call details"))
        self.remove_button.setVisible(not sent)
        self.cancel_button.setVisible(sent)

    def _fill(self) -> None:
        self._filled = None
        for name, editor in self._editors.items():
            value = self._edits.shared(name)
            editor.show_text(value.text)
            editor.setPlaceholderText(self.tr("several values") if value.several else "")
        self.call_type.check(self._edits.shared("call_type").text.strip().lower())
        for field in self.fields.values():
            field.show_problem("")

    def _show_subject(self) -> None:
        jobs = self._edits.jobs
        count = len(jobs)
        self.listen.setVisible(count == 1 and playable(jobs[0]))
        if count == 1:
            job = jobs[0]
            # A day and its time stay on one line.
            recorded = self._rows.recorded(job).replace(" ", _UNBROKEN)
            parts = (job.path.name, self._rows.measure(job), recorded)
            self._subject.setText(" · ".join(part for part in parts if part))
        elif count == 2:
            self._subject.setText(self.tr("2 recordings selected. What you enter applies to both."))
        else:
            self._subject.setText(self.tr("%n recordings selected. What you enter applies to all.", "", count))
        self.send_button.setText(self.tr("Save details") if self._sent else self._upload_text())

    def _upload_text(self) -> str:
        """The button's text: it uploads no call that still has a question."""
        count = sum(job.question is None for job in self._edits.jobs) or len(self._edits.jobs)
        return self.tr("Upload call") if count == 1 else self.tr("Upload %n calls", "", count)

    def _show_question(self) -> None:
        doubtful = [job for job in self._edits.jobs if job.question is not None]
        self._asked.setVisible(bool(doubtful))
        if not doubtful:
            return
        self._question.setText(self._question_text(doubtful))
        questions = {job.question for job in doubtful}
        shared = questions.pop() if len(questions) == 1 else None
        self.accept_button.setText(self._rows.answer(shared or Rejection.DOUBT))

    def _question_text(self, doubtful: Sequence[Job]) -> str:
        """Every question that one click answers, as far as there is room for them."""
        if len(self._edits.jobs) == 1:
            return self._rows.question(doubtful[0])
        lines = [
            self.tr("{name}: {question}").format(name=job.path.name, question=self._rows.question(job))
            for job in doubtful[:_MOST_QUESTIONS]
        ]
        if len(doubtful) > len(lines):
            lines.append(self.tr("%n more recording(s) with a question", "", len(doubtful) - len(lines)))
        return "\n".join(lines)

    def _show_offers(self) -> None:
        if len(self._edits.jobs) > _LARGE and not self._sent:
            self._offers_timer.start()
        else:
            self._read_names()

    @Slot()
    def _read_names(self) -> None:
        self._offers_timer.stop()
        if self._sent or not self._edits.jobs:
            self.offers.show_offers(Offers(None, None))
            return
        if not self._names.read_some((job.path for job in self._edits.jobs), _LARGE):
            # A key that comes meanwhile waits for some of the names, not for thousands.
            self._names_timer.start()
            return
        company = self.company.text().strip()
        self.offers.show_offers(offers_for(self._edits.jobs, company, self._past, self._names))

    # --- what is typed --------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_text_entered(self, name: str) -> None:
        text = self._editors[name].text()
        if self._edits.is_restored_by(name, text):
            restored = self._edits.restore(name)
            for edit in () if self._sent else restored:
                self.edited.emit(edit)
        elif self._edits.enter(name, text):
            self._on_entered(name)
        if name == "company_name":
            self._take_email_back()
        self._show_offers()

    def _on_entered(self, name: str) -> None:
        if self.fields[name].problem:
            self._validate(name)
        self._save_timer.start()

    @Slot(object)
    def _on_call_type_chosen(self, call_type: str) -> None:
        self._edits.choose("call_type", call_type)
        self.save()
        self._validate("call_type")

    @Slot(object)
    def _on_company_named(self, _name: str) -> None:
        if self._edits.is_typed("company_name"):
            self._fill_email(email_for(self.company.text(), self._past))

    def _fill_email(self, email: str) -> None:
        if email and not self.email.text() and not self._edits.shared("contact_email").several:
            self.email.setText(email)
            self._filled = Details(company_name=self.company.text(), contact_email=email)

    def _take_email_back(self) -> None:
        """Another company does not keep the contact that was filled in for the one before."""
        filled = self._filled
        if filled is None or self.company.text().strip().lower() == filled.company_name.strip().lower():
            return
        self._filled = None
        if self.email.text() == filled.contact_email:
            self.email.clear()

    @Slot(object)
    def _on_offer_chosen(self, details: Details) -> None:
        if details.company_name:
            self.company.setText(details.company_name)
        self._fill_email(details.contact_email)
        if details.call_type in self._call_types and not self.call_type.current:
            self._fill_call_type(details.call_type)
        self.save()
        for name in TEXT_FIELDS:
            if self.fields[name].problem:
                self._validate(name)
        (self.email if not self.email.text() else self.send_button).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_each_requested(self) -> None:
        self.save()
        dialog = EachDialog(self._names.each(self._edits.described_jobs()), self.window())
        dialog.filled.connect(self._on_each_filled)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_each_filled(self, calls: tuple[NamedCall, ...]) -> None:
        self.save()
        for edit in self._edits.take_own(calls):
            self.edited.emit(edit)
        self._fill()
        self._read_names()
        self.start_typing()

    def _fill_call_type(self, call_type: str) -> None:
        if not self._edits.shared("call_type").several:
            self.call_type.check(call_type)
            self._edits.choose("call_type", call_type)
            self._on_entered("call_type")

    @Slot()
    def save(self) -> None:
        """Save what was typed for drafts; what was typed for calls that were sent waits for its button."""
        self._save_timer.stop()
        if not self._sent:
            self._emit_unsaved()

    def _emit_unsaved(self) -> None:
        edit = self._edits.take_unsaved()
        if edit is not None:
            self.edited.emit(edit)

    @Slot(object)
    def _on_focus_left(self, name: str) -> None:
        self.save()
        if self._edits.is_typed(name) or self.fields[name].problem:
            self._validate(name)

    def _validate(self, *names: str) -> dict[str, FieldProblem]:
        """Show the problems of these fields; returns those of all fields."""
        problems = self._edits.problems()
        for name in names:
            problem = problems.get(name)
            sentence = self._messages.field_problem(name, problem, self.email.text()) if problem else ""
            self.fields[name].show_problem(sentence)
        return problems

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on a button of the form sends, as in its fields; on some systems it would press the button."""
        if not isinstance(event, QKeyEvent) or not _is_enter(event):
            return super().eventFilter(watched, event)
        if watched is self.accept_button:
            self.accept_button.click()
        else:
            self.send()
        return True

    # --- what is requested ----------------------------------------------------------------------------------------

    @Slot()
    def send(self) -> None:
        """Send drafts without a question, save calls that were sent; with a problem, focus its field instead."""
        if not self._is_complete():
            return
        if self._sent:
            self._emit_unsaved()
            self._end_edit()
            return
        ready = tuple(job.id for job in self._edits.jobs if job.question is None)
        if ready:
            self.send_requested.emit(ready)
        else:
            self.accept_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_complete(self) -> bool:
        """Save what is typed; whether it can be sent. A problem is shown, and its field gets the focus."""
        self.save()
        problems = self._validate(*FIELDS)
        if problems:
            self._focus(next(name for name in FIELDS if name in problems))
        return not problems

    def start_typing(self) -> None:
        """Focus the first field that lacks its value, else what comes next: the button that sends, or a field."""
        problems = self._edits.problems()
        lacking = next((name for name in FIELDS if problems.get(name) is FieldProblem.MISSING), None)
        if lacking is None and self._sent:
            self._focus("company_name")
            self.company.selectAll()
        elif lacking is None:
            self.send_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus(lacking)

    def _focus(self, name: str) -> None:
        target: QWidget = self._editors.get(name) or self.call_type.buttons[0]
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self.fields[name])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up the new details of calls that were sent."""
        if self._sent and event.key() == Qt.Key.Key_Escape:
            self._end_edit()
            return
        super().keyPressEvent(event)

    @Slot()
    def _end_edit(self) -> None:
        self.forget()
        self.edit_ended.emit()

    def forget(self) -> None:
        """Edit no calls, and drop what was typed and not saved."""
        self._edits.select(())

    @Slot()
    def _on_accept(self) -> None:
        if self._is_complete():
            self.send_anyway_requested.emit(tuple(job.id for job in self._edits.jobs if job.question is not None))

    @Slot()
    def _on_play(self) -> None:
        self.play_requested.emit(self.ids)

    @Slot()
    def _on_remove(self) -> None:
        self.remove_requested.emit(self.ids)


def _is_enter(event: QKeyEvent) -> bool:
    pressed = event.type() is QEvent.Type.KeyPress
    return pressed and event.key() in _ENTER and event.modifiers() in _PLAIN
