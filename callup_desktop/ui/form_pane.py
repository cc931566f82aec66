"""The form: company, contact email and call type for every selected draft. Main thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCompleter, QVBoxLayout, QWidget

from callup_desktop.calls.metadata import Details, FieldProblem
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.job import Job
from callup_desktop.presentation.form_values import FIELDS, completions, email_for, first_problems, shared, suggestion
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.rows import RowWriter, Tone
from callup_desktop.ui.widgets.controls import Button, Label, TextField
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.measures import em
from callup_desktop.ui.widgets.side_pane import SidePane

_SAVED_AFTER = 400
"""Milliseconds without a key until what was typed is kept."""


@dataclass(frozen=True, slots=True)
class Described:
    """What the rep typed, for which calls."""

    ids: tuple[str, ...]
    change: DetailsChange


class CompletingField(TextField):
    """A field that offers what was typed before, all of it on the down key while it is empty."""

    left = Signal()
    """The cursor went to another widget. Qt's own editingFinished stays silent while offers are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Offer nothing yet."""
        super().__init__(parent)
        self._offers = QStringListModel(self)
        completer = QCompleter(self._offers, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)

    def offer(self, values: Sequence[str]) -> None:
        """Offer these."""
        if self._offers.stringList() != list(values):
            self._offers.setStringList(list(values))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell where the rep went on, not where a menu or another window came."""
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down in an empty field shows everything."""
        if event.key() == Qt.Key.Key_Down and not self.text() and self._offers.rowCount():
            self.completer().setCompletionPrefix("")
            self.completer().complete()
            return
        super().keyPressEvent(event)


class Field(QWidget):
    """A label, what is typed, and below it what is wrong with it."""

    def __init__(self, label: str, editor: QWidget, parent: QWidget | None = None) -> None:
        """Put the three under each other; the label's mnemonic leads to the editor."""
        super().__init__(parent)
        self._editor = editor
        name = Label(label, self, size=0.93, bold=True)
        editor.setAccessibleName(label)
        self._problem = Label(parent=self, size=0.95, tone=Tone.BAD)
        self._problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(em(self, 0.4))
        layout.addWidget(name)
        layout.addWidget(editor)
        layout.addWidget(self._problem)

    @property
    def problem(self) -> str:
        """What is said below the field."""
        return self._problem.text() if not self._problem.isHidden() else ""

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong, "" for nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._editor.setAccessibleDescription(sentence)
        if isinstance(self._editor, TextField):
            self._editor.set_wrong(wrong=bool(sentence))


class OfferLine(QWidget):
    """Details that one click fills in: why they are offered, and a button with their name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Offer nothing yet."""
        super().__init__(parent)
        self.details: Details | None = None
        self._words = Label(parent=self, muted=True)
        self.button = Button("", self, quiet=True)
        line = FlowLayout(self, spacing=em(self, 0.1))
        line.addWidget(self._words)
        line.addWidget(self.button)

    def offer(self, lead: str, details: Details | None) -> None:
        """Offer these, None for nothing."""
        self.details = details
        self.setVisible(details is not None)
        if details is not None:
            self._words.setText(lead)
            self.button.setText((details.company_name or details.contact_email).replace("&", "&&"))
            self.button.setAccessibleName(f"{lead} {details.company_name or details.contact_email}")


class FormPane(SidePane):
    """Edits the selected drafts and sends them; keeps what is typed until the selection changes."""

    described = Signal(object)
    """A Described."""
    send_asked = Signal(object)
    """Ids of calls whose details hold."""
    remove_asked = Signal(object)
    """Ids."""
    accepted = Signal(object)
    """Ids of calls that the rep wants sent in spite of a doubt."""

    def __init__(
        self, messages: Messages, rows: RowWriter, call_types: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        """Offer these call types."""
        super().__init__(parent)
        self._messages = messages
        self._rows = rows
        self._call_types = call_types
        self._jobs: tuple[Job, ...] = ()
        self._past: tuple[Details, ...] = ()
        self._typed: dict[str, str] = {}
        self._unsaved: dict[str, str] = {}
        self._before: dict[str, dict[str, str]] = {}
        self._saver = QTimer(self)
        self._saver.setSingleShot(True)
        self._saver.setInterval(_SAVED_AFTER)
        self._saver.timeout.connect(self.save)
        self._heading = Label(self.tr("Call details"), self, size=1.15, bold=True)
        self._applies = Label(parent=self, muted=True)
        self._question = Label(parent=self, tone=Tone.WARNING)
        self.accept_button = Button(self.tr("Send anyway"), self)
        self.accept_button.clicked.connect(self._on_accept)
        self.company = CompletingField(self)
        self.email = CompletingField(self)
        self.email.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self._types = QWidget(self)
        self._type_group = QButtonGroup(self)
        self.type_buttons = self._make_types()
        self.fields = {
            "company_name": Field(self.tr("Company"), self.company, self),
            "contact_email": Field(self.tr("Contact email"), self.email, self),
            "call_type": Field(self.tr("Call type"), self._types, self),
        }
        self.named, self.last = OfferLine(self), OfferLine(self)
        self.named.button.clicked.connect(self._on_named)
        self.last.button.clicked.connect(self._on_last)
        self.remove_button = Button(self.tr("Remove"), self)
        self.remove_button.clicked.connect(self._on_remove)
        self.send_button = Button("", self, primary=True)
        self.send_button.clicked.connect(self.send)
        self._lay_out()
        for editor in (self.company, self.email):
            editor.textEdited.connect(self._on_edited)
            editor.returnPressed.connect(self.send)
        self.company.left.connect(self._on_company_left)
        self.email.left.connect(self._on_email_left)
        self.company.completer().activated.connect(self._on_company_completed)
        self.email.completer().activated.connect(self._on_edited)
        self._type_group.buttonClicked.connect(self._on_type_clicked)

    def _make_types(self) -> tuple[Button, ...]:
        layout = FlowLayout(self._types, spacing=em(self, 0.4))
        made = []
        for kind in self._call_types:
            button = Button(kind.capitalize(), self._types, pill=True)
            button.setAccessibleName(self.tr("Call type {kind}").format(kind=kind.capitalize()))
            button.setProperty("kind", kind)
            self._type_group.addButton(button)
            layout.addWidget(button)
            made.append(button)
        return tuple(made)

    def _lay_out(self) -> None:
        self.body.addWidget(self._heading)
        self.body.addSpacing(em(self, 0.2))
        self.body.addWidget(self._applies)
        self.body.addSpacing(em(self, 0.9))
        self.body.addWidget(self._question)
        self.body.addWidget(self.accept_button, 0, Qt.AlignmentFlag.AlignLeft)
        for field in self.fields.values():
            self.body.addWidget(field)
            self.body.addSpacing(em(self, 1.1))
        self.body.addSpacing(em(self, 0.3))
        self.body.addWidget(self.named)
        self.body.addWidget(self.last)
        self.body.addStretch(1)
        self.footer.addWidget(self.remove_button)
        self.footer.addWidget(self.send_button)

    # --- what is shown --------------------------------------------------------------------------------------------

    @property
    def ids(self) -> tuple[str, ...]:
        """The calls that the form applies to."""
        return tuple(job.id for job in self._jobs)

    def show_jobs(self, jobs: tuple[Job, ...], past: tuple[Details, ...]) -> None:
        """Apply to these drafts; the same ones again keep what is being typed."""
        same = self.ids == tuple(job.id for job in jobs)
        if not same:
            self.save()
        self._jobs, self._past = jobs, past
        if not same:
            self._typed.clear()
            self._fill()
            for field in self.fields.values():
                field.show_problem("")
        self._say_what_applies()
        self._show_question()
        self._show_offers()

    def _fill(self) -> None:
        self._before = {
            field: {job.id: getattr(job.details, field) for job in self._jobs}
            for field in ("company_name", "contact_email")
            if shared(self._jobs, field).several
        }
        for field, editor in (("company_name", self.company), ("contact_email", self.email)):
            value = shared(self._jobs, field)
            editor.setText(value.text)
            editor.setPlaceholderText(self.tr("several values") if value.several else "")
            editor.offer(completions(self._past, field))
        value = shared(self._jobs, "call_type")
        self._check_type(value.text.strip().lower())

    def _check_type(self, kind: str) -> None:
        self._type_group.setExclusive(False)
        for button in self.type_buttons:
            button.setChecked(button.property("kind") == kind)
        self._type_group.setExclusive(True)

    def _say_what_applies(self) -> None:
        count = len(self._jobs)
        if count == 1:
            job = self._jobs[0]
            self._applies.setText(" · ".join(part for part in (job.path.name, self._rows.measure(job)) if part))
            self.send_button.setText(self.tr("Upload call"))
        elif count == 2:
            self._applies.setText(self.tr("2 recordings selected. What you enter applies to both."))
            self.send_button.setText(self.tr("Upload %n calls", "", count))
        else:
            self._applies.setText(self.tr("%n recordings selected. What you enter applies to all.", "", count))
            self.send_button.setText(self.tr("Upload %n calls", "", count))

    def _show_question(self) -> None:
        asked = [job for job in self._jobs if job.question is not None]
        self._question.setVisible(bool(asked))
        self.accept_button.setVisible(bool(asked))
        if not asked:
            return
        question = self._rows.question(asked[0])
        if len(self._jobs) > 1:
            question = self.tr("{name}: {question}").format(name=asked[0].path.name, question=question)
        self._question.setText(question)
        again = asked[0].duplicate_of is not None
        self.accept_button.setText(self.tr("Send it again") if again else self.tr("Send anyway"))

    def _show_offers(self) -> None:
        """What the file names speak for; and while nothing is typed, what was sent last."""
        company = self.company.text().strip()
        named = suggestion([job.path.name for job in self._jobs], self._past, self._call_types)
        if named is not None and named.company_name == company:
            named = None
        last = self._past[0] if self._past and not company else None
        if last is not None and named is not None and last.company_name == named.company_name:
            last = None
        self.named.offer(self.tr("Suggested from the file name:"), named)
        self.last.offer(self.tr("Same as last time:"), last)

    # --- what is typed --------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        self._note("company_name", self.company)
        self._note("contact_email", self.email)
        self._show_offers()

    def _note(self, field: str, editor: TextField) -> None:
        if field in self._before and not editor.text():
            self._give_back(field)
            return
        before = self._typed.get(field, shared(self._jobs, field).text)
        if editor.text() != before:
            self._set(field, editor.text())

    def _give_back(self, field: str) -> None:
        """The field says "several values" again: each call gets its own back."""
        self._unsaved.pop(field, None)
        if self._typed.pop(field, None) is None:
            return
        own = self._before[field]
        for value in dict.fromkeys(own.values()):
            ids = tuple(job_id for job_id, known in own.items() if known == value)
            self.described.emit(Described(ids, DetailsChange(**{field: value})))

    def _set(self, field: str, value: str) -> None:
        self._typed[field] = self._unsaved[field] = value
        if self.fields[field].problem:
            self._judge(field)
        self._saver.start()

    @Slot(QAbstractButton)
    def _on_type_clicked(self, button: QAbstractButton) -> None:
        self._set("call_type", str(button.property("kind")))
        self.save()
        self._judge("call_type")

    @Slot(str)
    def _on_company_completed(self, company: str) -> None:
        self.company.setText(company)
        self._fill_email(email_for(company, self._past))
        self._on_edited(company)

    def _fill_email(self, email: str) -> None:
        if email and not self.email.text() and not shared(self._jobs, "contact_email").several:
            self.email.setText(email)

    @Slot()
    def _on_named(self) -> None:
        self._take(self.named.details)

    @Slot()
    def _on_last(self) -> None:
        self._take(self.last.details)

    def _take(self, offered: Details | None) -> None:
        if offered is None:
            return
        if offered.company_name:
            self.company.setText(offered.company_name)
        self._fill_email(offered.contact_email)
        kind = offered.call_type
        if kind in self._call_types and self._type_group.checkedButton() is None:
            self._take_type(kind)
        self._on_edited("")
        self.save()
        for field in ("company_name", "contact_email"):
            if self.fields[field].problem:
                self._judge(field)
        (self.email if not self.email.text() else self.send_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_type(self, kind: str) -> None:
        if not shared(self._jobs, "call_type").several:
            self._check_type(kind)
            self._set("call_type", kind)

    @Slot()
    def save(self) -> None:
        """Hand on what was typed and not yet handed on."""
        self._saver.stop()
        if not self._unsaved or not self._jobs:
            self._unsaved.clear()
            return
        change, self._unsaved = DetailsChange(**self._unsaved), {}
        self.described.emit(Described(self.ids, change))

    @Slot()
    def _on_company_left(self) -> None:
        self._leave("company_name")

    @Slot()
    def _on_email_left(self) -> None:
        self._leave("contact_email")

    def _leave(self, field: str) -> None:
        self.save()
        if field in self._typed or self.fields[field].problem:
            self._judge(field)

    def _judge(self, field: str) -> None:
        self._show_problems(first_problems(self._jobs, self._typed, self._call_types), (field,))

    def _show_problems(self, problems: dict[str, FieldProblem], fields: tuple[str, ...]) -> None:
        for field in fields:
            problem = problems.get(field)
            sentence = self._messages.field_problem(field, problem, self.email.text()) if problem else ""
            self.fields[field].show_problem(sentence)

    # --- what is asked for ----------------------------------------------------------------------------------------

    @Slot()
    def send(self) -> None:
        """Send what is ready; else show what is missing and go there."""
        self.save()
        problems = first_problems(self._jobs, self._typed, self._call_types)
        self._show_problems(problems, FIELDS)
        if problems:
            self._go_to(next(field for field in FIELDS if field in problems))
            return
        ready = tuple(job.id for job in self._jobs if job.question is None)
        if ready:
            self.send_asked.emit(ready)
        else:
            self.accept_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_typing(self) -> None:
        """Put the cursor into the first field that is empty, else on the button that sends."""
        values = {"company_name": self.company.text(), "contact_email": self.email.text()}
        values["call_type"] = "" if self._type_group.checkedButton() is None else "chosen"
        empty = next((field for field in FIELDS if not values[field]), None)
        if empty is None:
            self.send_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._go_to(empty)

    def _go_to(self, field: str) -> None:
        editors: dict[str, QWidget] = {"company_name": self.company, "contact_email": self.email}
        target = editors.get(field, self.type_buttons[0])
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self.fields[field])

    @Slot()
    def _on_accept(self) -> None:
        self.save()
        self.accepted.emit(tuple(job.id for job in self._jobs if job.question is not None))

    @Slot()
    def _on_remove(self) -> None:
        self.remove_asked.emit(self.ids)
