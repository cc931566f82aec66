"""What file names suggest: details that all of them share, or those of each call. No Qt; owned by the main thread."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import Job

_FIELDS = tuple(field.name for field in fields(Details))
_LEAST_LETTERS = 3
"""A shorter word names no company."""
_COMMON_WORDS = {
    *("audio", "call", "calls", "copy", "demo", "discovery", "edited", "export", "file", "final", "followup"),
    *("intro", "kickoff", "meeting", "new", "notes", "onboarding", "part", "quarterly", "rec", "recording"),
    *("review", "sales", "support", "teams", "track", "up", "follow", "voice", "with", "zoom", "gmt", "the", "a"),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’&.][^\W\d_]+)*")  # noqa: RUF001 - the apostrophe of typographers
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


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
    """Reads file names, each once: a rep types while thousands of them are selected."""

    def __init__(self, past: Sequence[Details], call_types: Sequence[str]) -> None:
        """`past` are details of earlier calls, newest first; `call_types` those of the profile."""
        self._call_types = call_types
        self._known = {details.company_name: details for details in reversed(past)}
        self._companies = _companies_by_word(past)
        self._read: dict[str, Details] = {}

    def details(self, name: str) -> Details:
        """What one file name suggests; a field is empty where it suggests nothing."""
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = self._details(name.rpartition(".")[0] or name)
        return found

    def shared(self, names: Iterable[str]) -> Details | None:
        """What all of these names suggest alike; None where they suggest different companies, or nothing at all."""
        found = set(map(self.details, names))
        if len({details.company_name for details in found}) != 1:
            return None
        shared = Details(*(_only({getattr(details, field) for details in found}) for field in _FIELDS))
        return shared if shared.company_name or shared.contact_email else None

    def companies(self, names: Iterable[str]) -> frozenset[str]:
        """The companies that the names suggest, "" among them where one suggests none."""
        return frozenset(self.details(name).company_name for name in names)

    def each(self, jobs: Iterable[Job]) -> tuple[NamedCall, ...]:
        """What each of these calls gets from its own name; a field that is filled in already stays."""
        return tuple(map(self._named, jobs))

    def _named(self, job: Job) -> NamedCall:
        own, suggested = job.details, self.details(job.path.name)
        # A contact belongs to its company: one that the rep entered himself gets no other one's.
        fits = own.company_name.strip() in {"", suggested.company_name}
        empty = {
            field: value
            for field in _FIELDS
            if (value := getattr(suggested, field)) and not getattr(own, field).strip() and fits
        }
        return NamedCall(job.id, job.path.name, replace(own, **empty), changed=bool(empty))

    def _details(self, stem: str) -> Details:
        company = _guess(stem, self._companies)
        known = self._known.get(company, Details())
        written = _EMAIL.search(stem)
        kinds = {kind for kind in self._call_types if kind in stem.lower()}
        return Details(company, known.contact_email or (written.group() if written else ""), _only(kinds))


def _only(values: set[str]) -> str:
    """The value, where there is one only."""
    return next(iter(values)) if len(values) == 1 else ""


def _companies_by_word(past: Sequence[Details]) -> Mapping[str, tuple[int, str]]:
    """By the first word of its name: each company of a past call, and how many others are newer."""
    found: dict[str, tuple[int, str]] = {}
    for age, details in enumerate(past):
        first = next(iter(_WORD.findall(details.company_name.lower())), "")
        if len(first) >= _LEAST_LETTERS:
            found.setdefault(first, (age, details.company_name))
    return found


def _guess(stem: str, companies: Mapping[str, tuple[int, str]]) -> str:
    """The company that a file name mentions: that of a past call, else the first word that is not a common one."""
    words = _WORD.findall(_EMAIL.sub(" ", stem.replace("_", " ")))
    known = [companies[lower] for word in words if (lower := word.lower()) in companies]
    if known:
        return min(known)[1]
    candidates = (word for word in words if len(word) >= _LEAST_LETTERS and word.lower() not in _COMMON_WORDS)
    word = next(candidates, "")
    return word[:1].upper() + word[1:]
