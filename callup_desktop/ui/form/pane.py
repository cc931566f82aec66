"""The form: company, contact email and call type of every selected draft. Main thread."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from callup_desktop.calls.metadata import Details, FieldProblem
from callup_desktop.engine.job import Job
from callup_desktop.presentation.form_edits import FormEdits
from callup_desktop.presentation.form_values import FIELDS, TEXT_FIELDS, completions, email_for, offers_for
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.rows import RowWriter, Tone
from callup_desktop.ui.form.call_types import CallTypePicker
from callup_desktop.ui.form.fields import CompletingField, LabelledField
from callup_desktop.ui.form.offers import DetailsOffers
from callup_desktop.ui.timers import single_shot
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.side_pane import SidePane

_SAVE_DELAY = 400
"""Milliseconds after the last key until the text is saved: a pause in typing, and little to lose in a crash."""


class FormPane(SidePane):
    """Edits the selected drafts and sends them; what is typed stays in view until the selection changes."""

    edited = Signal(object)
    """A DetailsEdit to be saved."""
    send_requested = Signal(object)
    """Ids of calls whose details are valid (tuple[str, ...])."""
    remove_requested = Signal(object)
    """Ids (tuple[str, ...])."""
    send_anyway_requested = Signal(object)
    """Ids of calls that the rep wants to send in spite of a question (tuple[str, ...])."""

    def __init__(
        self, messages: Messages, rows: RowWriter, call_types: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        """`call_types` are those of the profile."""
        super().__init__(parent)
        self._messages = messages
        self._rows = rows
        self._call_types = call_types
        self._past: tuple[Details, ...] = ()
        self._edits = FormEdits(call_types)
        self._save_timer = single_shot(self, _SAVE_DELAY, self.save)
        self._heading = Label(self.tr("Call details"), self, size=1.15, bold=True)
        self._subject = Label(parent=self, muted=True)
        self._question = Label(parent=self, tone=Tone.WARNING)
        self.accept_button = Button(self.tr("Send anyway"), self)
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
        self.remove_button = Button(self.tr("Remove"), self)
        self.send_button = Button("", self, primary=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.body.addWidget(self._heading)
        self.body.addSpacing(em(self, 0.2))
        self.body.addWidget(self._subject)
        self.body.addSpacing(em(self, 0.9))
        self.body.addWidget(self._question)
        self.body.addWidget(self.accept_button, 0, Qt.AlignmentFlag.AlignLeft)
        for field in self.fields.values():
            self.body.addWidget(field)
            self.body.addSpacing(em(self, 1.1))
        self.body.addSpacing(em(self, 0.3))
        self.body.addWidget(self.offers)
        self.body.addStretch(1)
        self.footer.addWidget(self.remove_button)
        self.footer.addWidget(self.send_button)

    def _connect(self) -> None:
        for editor in self._editors.values():
            editor.textEdited.connect(self._on_edited)
            editor.returnPressed.connect(self.send)
            editor.focus_left.connect(self._on_focus_left)
        self.company.completer().activated.connect(self._on_company_completed)
        self.email.completer().activated.connect(self._on_edited)
        self.call_type.chosen.connect(self._on_call_type_chosen)
        self.offers.chosen.connect(self._on_offer_chosen)
        self.accept_button.clicked.connect(self._on_accept)
        self.remove_button.clicked.connect(self._on_remove)
        self.send_button.clicked.connect(self.send)

    # --- what is shown --------------------------------------------------------------------------------------------

    @property
    def ids(self) -> tuple[str, ...]:
        """The calls that the form edits."""
        return self._edits.ids

    def show_jobs(self, jobs: tuple[Job, ...], past: tuple[Details, ...]) -> None:
        """Edit these drafts; newer copies of the same drafts keep what is being typed.

        `past` are details of earlier calls, newest first.
        """
        self._past = past
        if self.ids == tuple(job.id for job in jobs):
            self._edits.refresh(jobs)
        else:
            self.save()
            self._edits.select(jobs)
            self._fill()
        self._show_subject()
        self._show_question()
        self._show_offers()

    def _fill(self) -> None:
        for name, editor in self._editors.items():
            value = self._edits.shared(name)
            editor.setText(value.text)
            editor.setPlaceholderText(self.tr("several values") if value.several else "")
            editor.set_completions(completions(self._past, name))
        self.call_type.check(self._edits.shared("call_type").text.strip().lower())
        for field in self.fields.values():
            field.show_problem("")

    def _show_subject(self) -> None:
        jobs = self._edits.jobs
        count = len(jobs)
        if count == 1:
            job = jobs[0]
            self._subject.setText(" · ".join(part for part in (job.path.name, self._rows.measure(job)) if part))
            self.send_button.setText(self.tr("Upload call"))
        elif count == 2:
            self._subject.setText(self.tr("2 recordings selected. What you enter applies to both."))
            self.send_button.setText(self.tr("Upload %n calls", "", count))
        else:
            self._subject.setText(self.tr("%n recordings selected. What you enter applies to all.", "", count))
            self.send_button.setText(self.tr("Upload %n calls", "", count))

    def _show_question(self) -> None:
        doubtful = [job for job in self._edits.jobs if job.question is not None]
        self._question.setVisible(bool(doubtful))
        self.accept_button.setVisible(bool(doubtful))
        if not doubtful:
            return
        question = self._rows.question(doubtful[0])
        if len(self._edits.jobs) > 1:
            question = self.tr("{name}: {question}").format(name=doubtful[0].path.name, question=question)
        self._question.setText(question)
        again = doubtful[0].duplicate_of is not None
        self.accept_button.setText(self.tr("Send it again") if again else self.tr("Send anyway"))

    def _show_offers(self) -> None:
        company = self.company.text().strip()
        self.offers.show_offers(offers_for(self._edits.jobs, company, self._past, self._call_types))

    # --- what is typed --------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        for name, editor in self._editors.items():
            if self._edits.is_restored_by(name, editor.text()):
                for edit in self._edits.restore(name):
                    self.edited.emit(edit)
            elif self._edits.enter(name, editor.text()):
                self._on_entered(name)
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

    @Slot(str)
    def _on_company_completed(self, company: str) -> None:
        self.company.setText(company)
        self._fill_email(email_for(company, self._past))
        self._on_edited(company)

    def _fill_email(self, email: str) -> None:
        if email and not self.email.text() and not self._edits.shared("contact_email").several:
            self.email.setText(email)

    @Slot(object)
    def _on_offer_chosen(self, details: Details) -> None:
        if details.company_name:
            self.company.setText(details.company_name)
        self._fill_email(details.contact_email)
        if details.call_type in self._call_types and not self.call_type.current:
            self._fill_call_type(details.call_type)
        self._on_edited("")
        self.save()
        for name in TEXT_FIELDS:
            if self.fields[name].problem:
                self._validate(name)
        (self.email if not self.email.text() else self.send_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_call_type(self, call_type: str) -> None:
        if not self._edits.shared("call_type").several:
            self.call_type.check(call_type)
            self._edits.choose("call_type", call_type)
            self._on_entered("call_type")

    @Slot()
    def save(self) -> None:
        """Send what was typed and not sent yet as an edit."""
        self._save_timer.stop()
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

    # --- what is requested ----------------------------------------------------------------------------------------

    @Slot()
    def send(self) -> None:
        """Send the calls without a question; with a problem, show it and focus its field instead."""
        self.save()
        problems = self._validate(*FIELDS)
        if problems:
            self._focus(next(name for name in FIELDS if name in problems))
            return
        ready = tuple(job.id for job in self._edits.jobs if job.question is None)
        if ready:
            self.send_requested.emit(ready)
        else:
            self.accept_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_typing(self) -> None:
        """Focus the first empty field, or the button that sends if all are filled in."""
        values = {
            **{name: editor.text() for name, editor in self._editors.items()},
            "call_type": self.call_type.current,
        }
        empty = next((name for name in FIELDS if not values[name]), None)
        if empty is None:
            self.send_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus(empty)

    def _focus(self, name: str) -> None:
        target: QWidget = self._editors.get(name) or self.call_type.buttons[0]
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self.fields[name])

    @Slot()
    def _on_accept(self) -> None:
        self.save()
        self.send_anyway_requested.emit(tuple(job.id for job in self._edits.jobs if job.question is not None))

    @Slot()
    def _on_remove(self) -> None:
        self.remove_requested.emit(self.ids)
