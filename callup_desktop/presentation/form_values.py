"""What the form shows for several calls: shared values, offers, completions. No Qt; any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePath

from callup_desktop.calls.metadata import Details, FieldProblem, problems_of
from callup_desktop.engine.job import Job
from callup_desktop.presentation.company_names import EMAIL, CompanyNames, call_types_in
from callup_desktop.presentation.name_rules import NameRules

TEXT_FIELDS = ("company_name", "contact_email")
FIELDS = (*TEXT_FIELDS, "call_type")
_MOST_COMPLETIONS = 50
_MOST_NAMES = 20
"""File names that are looked at; all of them have to agree."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One field of all selected calls: the text that they share, or "" and `several`."""

    text: str
    several: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """Details that one click fills in: those that the file names suggest, and those of the last call."""

    named: Details | None
    last: Details | None


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


def offers_for(
    jobs: Sequence[Job], company: str, past: Sequence[Details], call_types: Sequence[str], rules: NameRules
) -> Offers:
    """What the file names suggest unless it is typed already, and the details of the last call while nothing is typed.

    The profile's rules come before what is guessed. The last call is not offered where the names suggest its company.
    """
    guessed = suggestion(tuple(job.path for job in jobs), tuple(past), tuple(call_types))
    named = by_rules(jobs, past, rules) or guessed
    if named is not None and named.company_name == company:
        named = None
    last = past[0] if past and not company else None
    if last is not None and named is not None and last.company_name == named.company_name:
        last = None
    return Offers(named, last)


def by_rules(jobs: Sequence[Job], past: Sequence[Details], rules: NameRules) -> Details | None:
    """What the profile's rules read out of the names, with the known contact of the company."""
    read = rules.shared(job.path for job in jobs)
    if read is None or read.contact_email or not read.company_name:
        return read
    return replace(read, contact_email=email_for(read.company_name, past))


@lru_cache(maxsize=8)
def suggestion(paths: tuple[PurePath, ...], past: tuple[Details, ...], call_types: tuple[str, ...]) -> Details | None:
    """Details that the file names suggest, completed from past calls; None unless they agree on a company.

    The last answers are cached, because the form asks again at each key.
    """
    paths = paths[:_MOST_NAMES]
    names = CompanyNames(past)
    guesses = {names.guess(path) for path in paths}
    if len(guesses) != 1:
        return None
    company = guesses.pop()
    known = next((details for details in past if details.company_name == company), Details())
    written = next((match.group() for path in paths if (match := EMAIL.search(path.stem))), "")
    email = known.contact_email or written
    kinds = {kind for path in paths for kind in call_types_in(path, call_types)}
    if not company and not email:
        return None
    return Details(company, email, kinds.pop() if len(kinds) == 1 else "")


def merged(details: Details, typed: Mapping[str, str]) -> Details:
    """The details with what was typed into the form."""
    return replace(details, **typed)


def email_for(company: str, past: Sequence[Details]) -> str:
    """The contact of the last call with this company, "" without one."""
    wanted = company.strip().lower()
    return next((known.contact_email for known in past if known.company_name.lower() == wanted), "")
