"""What the rep types into the form for the selected calls, until it is saved. No Qt; owned by the main thread."""

from dataclasses import dataclass

from callup_desktop.calls.metadata import FieldProblem
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.job import Job
from callup_desktop.presentation.form_values import TEXT_FIELDS, Shared, first_problems, shared


@dataclass(frozen=True, slots=True)
class DetailsEdit:
    """What the rep typed, and for which calls."""

    ids: tuple[str, ...]
    change: DetailsChange


class FormEdits:
    """The texts typed for the selected calls, and which of them are not saved yet."""

    def __init__(self, call_types: tuple[str, ...]) -> None:
        self._call_types = call_types
        self._jobs: tuple[Job, ...] = ()
        self._typed: dict[str, str] = {}
        self._unsaved: dict[str, str] = {}
        self._originals: dict[str, dict[str, str]] = {}

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The newest copies of the selected calls."""
        return self._jobs

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the selected calls."""
        return tuple(job.id for job in self._jobs)

    def select(self, jobs: tuple[Job, ...]) -> None:
        """Edit these calls from now on; what was typed for others is dropped."""
        self._jobs = jobs
        self._typed.clear()
        self._unsaved.clear()
        self._originals = {
            field: {job.id: getattr(job.details, field) for job in jobs}
            for field in TEXT_FIELDS
            if shared(jobs, field).several
        }

    def refresh(self, jobs: tuple[Job, ...]) -> None:
        """Replace the copies of the selected calls; what is typed stays."""
        self._jobs = jobs

    def shared(self, field: str) -> Shared:
        """The value that all selected calls have in common."""
        return shared(self._jobs, field)

    def is_typed(self, field: str) -> bool:
        """Whether the rep changed the field since these calls are selected."""
        return field in self._typed

    def enter(self, field: str, text: str) -> bool:
        """Keep the text of a field; returns whether it is another one than before."""
        if text == self._typed.get(field, self.shared(field).text):
            return False
        self._typed[field] = self._unsaved[field] = text
        return True

    def choose(self, field: str, value: str) -> None:
        """Keep the value of a field, also if all calls have it already."""
        self._typed[field] = self._unsaved[field] = value

    def is_restored_by(self, field: str, text: str) -> bool:
        """Whether the text means that each call gets its own value back: the field was emptied and they differed."""
        return not text and field in self._originals

    def restore(self, field: str) -> tuple[DetailsEdit, ...]:
        """Forget the text of a field; returns the edits that give each call its own value back."""
        self._unsaved.pop(field, None)
        if self._typed.pop(field, None) is None:
            return ()
        originals = self._originals[field]
        return tuple(
            DetailsEdit(
                tuple(job_id for job_id, original in originals.items() if original == value),
                DetailsChange(**{field: value}),
            )
            for value in dict.fromkeys(originals.values())
        )

    def take_unsaved(self) -> DetailsEdit | None:
        """What has to be saved now, None if nothing; it counts as saved from now on."""
        change, self._unsaved = DetailsChange(**self._unsaved), {}
        return DetailsEdit(self.ids, change) if change != DetailsChange() and self._jobs else None

    def problems(self) -> dict[str, FieldProblem]:
        """For each field the first problem that any of the calls has with what is typed."""
        return first_problems(self._jobs, self._typed, self._call_types)
