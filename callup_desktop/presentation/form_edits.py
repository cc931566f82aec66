"""What the rep types into the form for the selected calls, until it is saved. No Qt; owned by the main thread."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from callup_desktop.calls.metadata import Details, FieldProblem
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.job import Job
from callup_desktop.presentation.form_values import TEXT_FIELDS, Shared, first_problems, merged, shared
from callup_desktop.presentation.name_suggestions import NamedCall


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
        self._ids: tuple[str, ...] = ()
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
        return self._ids

    def select(self, jobs: tuple[Job, ...]) -> None:
        """Edit these calls from now on; what was typed for others is dropped."""
        self._jobs, self._ids = jobs, tuple(job.id for job in jobs)
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
        self._ids = tuple(job.id for job in jobs)

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

    def described_jobs(self) -> tuple[Job, ...]:
        """The selected calls with what is typed."""
        return tuple(replace(job, details=merged(job.details, self._typed)) for job in self._jobs)

    def take_own(self, calls: Iterable[NamedCall]) -> tuple[DetailsEdit, ...]:
        """Give each call the details of its own; returns the edits. Those that are selected share other values now."""
        found = {call.job_id: call.details for call in calls if call.changed}
        ids: dict[Details, list[str]] = {}
        for job_id, details in found.items():
            ids.setdefault(details, []).append(job_id)
        self.select(
            tuple(replace(job, details=found[job.id]) if job.id in found else job for job in self.described_jobs())
        )
        return tuple(DetailsEdit(tuple(known), DetailsChange(**asdict(details))) for details, known in ids.items())

    @property
    def has_unsaved(self) -> bool:
        """Whether something has to be saved."""
        return bool(self._unsaved)

    def take_unsaved(self) -> DetailsEdit | None:
        """What has to be saved now, None if nothing; it counts as saved from now on."""
        change, self._unsaved = DetailsChange(**self._unsaved), {}
        return DetailsEdit(self.ids, change) if change != DetailsChange() and self._jobs else None

    def problems(self) -> dict[str, FieldProblem]:
        """For each field the first problem that any of the calls has with what is typed."""
        return first_problems(self._jobs, self._typed, self._call_types)
