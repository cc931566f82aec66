"""What the form shows for several calls: shared values, offers, completions. No Qt; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from callup_desktop.calls.metadata import Details, FieldProblem, problems_of
from callup_desktop.engine.job import Job
from callup_desktop.presentation.name_suggestions import NameReader

TEXT_FIELDS = ("company_name", "contact_email")
FIELDS = (*TEXT_FIELDS, "call_type")
_MOST_COMPLETIONS = 50


@dataclass(frozen=True, slots=True)
class Shared:
    """One field of all selected calls: the text that they share, or "" and `several`."""

    text: str
    several: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """Details that one click fills in: those that the file names suggest, and those of the last call.

    `each` offers to fill in each call from its own name, because the names are those of different companies.
    """

    named: Details | None
    last: Details | None
    each: bool = False


def shared(jobs: Sequence[Job], field: str) -> Shared:
    """The value of the field that these calls have in common."""
    values = {getattr(job.details, field) for job in jobs}
    if len(values) == 1:
        return Shared(values.pop(), several=False)
    return Shared("", several=len(values) > 1)


def first_problems(
    jobs: Sequence[Job], typed: Mapping[str, str], call_types: tuple[str, ...]
) -> dict[str, FieldProblem]:
    """For each field the first problem that any of the calls has with what was typed."""
    found: dict[str, FieldProblem] = {}
    for details in dict.fromkeys(merged(job.details, typed) for job in jobs):
        found = {**problems_of(details, call_types), **found}
    return found


def completions(past: Sequence[Details], field: str) -> tuple[str, ...]:
    """The values of the field in past calls, newest first, each once."""
    values = dict.fromkeys(getattr(details, field).strip() for details in past)
    return tuple(value for value in values if value)[:_MOST_COMPLETIONS]


def offers_for(jobs: Sequence[Job], company: str, past: Sequence[Details], names: NameReader) -> Offers:
    """What the file names suggest unless it is typed already, and the details of the last call while nothing is typed.

    The last call is not offered where the file names suggest a company of their own: the same one, or several.
    """
    named = names.shared(job.path for job in jobs)
    each = named is None and not company and _differ(jobs, names)
    if named is not None and named.company_name == company:
        named = None
    last = past[0] if past and not company and not each else None
    if last is not None and named is not None and last.company_name == named.company_name:
        last = None
    return Offers(named, last, each)


def _differ(jobs: Sequence[Job], names: NameReader) -> bool:
    """Whether the names are those of different companies, and a call lacks its own."""
    companies = names.companies(job.path for job in jobs)
    return len(companies) > 1 and any(
        not job.details.company_name.strip() and names.details(job.path).company_name for job in jobs
    )


def merged(details: Details, typed: Mapping[str, str]) -> Details:
    """The details with what was typed into the form."""
    return replace(details, **typed)


def email_for(company: str, past: Sequence[Details]) -> str:
    """The contact of the last call with this company, "" without one."""
    wanted = company.strip().lower()
    return next((known.contact_email for known in past if known.company_name.lower() == wanted), "")
