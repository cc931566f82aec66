"""What file names suggest: details that all of them share, or those of each call. No Qt; owned by the main thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import PurePath

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import Job
from callup_desktop.presentation.company_names import EMAIL, CompanyNames, call_types_in
from callup_desktop.presentation.name_rules import NameRules

_FIELDS = tuple(field.name for field in fields(Details))


@dataclass(frozen=True, slots=True)
class NamedCall:
    """One call with the details that it has once its empty fields are filled in from its file name.

    `changed` tells whether that fills in anything.
    """

    job_id: str
    file: str
    details: Details
    changed: bool


class NameReader:
    """Reads files' names and folders, each once: a rep types while thousands of them are selected."""

    def __init__(self, past: Sequence[Details], call_types: Sequence[str], rules: NameRules) -> None:
        """`past` are details of earlier calls, newest first; `call_types` and `rules` are those of the profile."""
        self._rules = rules
        self._call_types = call_types
        self._known = {details.company_name.lower(): details for details in reversed(past)}
        self._companies = CompanyNames(past)
        self._read: dict[PurePath, Details] = {}

    def details(self, path: PurePath) -> Details:
        """What one file suggests; a field is empty where it suggests nothing."""
        found = self._read.get(path)
        if found is None:
            found = self._read[path] = self._details(path)
        return found

    def read_some(self, paths: Iterable[PurePath], most: int) -> bool:
        """Read this many of the names that are not read yet; whether no other one is left."""
        unread = (path for path in paths if path not in self._read)
        for path in islice(unread, most):
            self.details(path)
        return next(unread, None) is None

    def shared(self, paths: Iterable[PurePath]) -> Details | None:
        """What all of these files suggest alike; None where they suggest different companies, or nothing at all."""
        paths = tuple(paths)
        found = set(map(self.details, paths))
        if len({details.company_name for details in found}) != 1:
            return None
        shared = Details(*(_only({getattr(details, field) for details in found}) for field in _FIELDS))
        # A call type alone is offered only where the profile's rules say it.
        ruled = shared.call_type and all(self._rules.read(path).details.call_type for path in paths)
        return shared if shared.company_name or shared.contact_email or ruled else None

    def companies(self, paths: Iterable[PurePath]) -> frozenset[str]:
        """The companies that the files suggest, "" among them where one suggests none."""
        return frozenset(self.details(path).company_name for path in paths)

    def each(self, jobs: Iterable[Job]) -> tuple[NamedCall, ...]:
        """What each of these calls gets from its own name; a field that is filled in already stays."""
        return tuple(map(self._named, jobs))

    def _named(self, job: Job) -> NamedCall:
        own, suggested = job.details, self.details(job.path)
        # A contact belongs to its company: one that the rep entered himself gets no other one's.
        fits = own.company_name.strip() in {"", suggested.company_name}
        empty = {
            field: value
            for field in _FIELDS
            if (value := getattr(suggested, field)) and not getattr(own, field).strip() and fits
        }
        return NamedCall(job.id, job.path.name, replace(own, **empty), changed=bool(empty))

    def _details(self, path: PurePath) -> Details:
        """What the profile's rules read in the name; only where they read nothing, what is guessed."""
        read = self._rules.read(path).details
        if read != Details():
            known = self._known.get(read.company_name.lower(), Details())
            return replace(read, contact_email=read.contact_email or known.contact_email)
        company = self._companies.guess(path)
        known = self._known.get(company.lower(), Details())
        written = EMAIL.search(path.stem)
        kinds = call_types_in(path, self._call_types)
        return Details(company, known.contact_email or (written.group() if written else ""), _only(kinds))


def _only(values: set[str]) -> str:
    """The value, where there is one only."""
    return next(iter(values)) if len(values) == 1 else ""
