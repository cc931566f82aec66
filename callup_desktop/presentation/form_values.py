"""What the form shows for several calls: shared values, offers, completions. No Qt; any thread."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from callup_desktop.calls.metadata import Details, FieldProblem, problems_of
from callup_desktop.engine.job import Job

TEXT_FIELDS = ("company_name", "contact_email")
FIELDS = (*TEXT_FIELDS, "call_type")
_MOST_COMPLETIONS = 50
_LEAST_LETTERS = 3
"""A shorter word names no company."""
_MOST_NAMES = 20
"""File names that are looked at; all of them have to agree."""
_COMMON_WORDS = {
    *("audio", "call", "calls", "copy", "demo", "discovery", "edited", "export", "file", "final", "followup"),
    *("intro", "kickoff", "meeting", "new", "notes", "onboarding", "part", "quarterly", "rec", "recording"),
    *("review", "sales", "support", "teams", "track", "up", "follow", "voice", "with", "zoom", "gmt", "the", "a"),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’&.][^\W\d_]+)*")  # noqa: RUF001 - the apostrophe of typographers
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


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


def offers_for(jobs: Sequence[Job], company: str, past: Sequence[Details], call_types: Sequence[str]) -> Offers:
    """What the file names suggest unless it is typed already, and the details of the last call while nothing is typed.

    The last call is not offered where the file names suggest the same company.
    """
    named = suggestion([job.path.name for job in jobs], past, call_types)
    if named is not None and named.company_name == company:
        named = None
    last = past[0] if past and not company else None
    if last is not None and named is not None and last.company_name == named.company_name:
        last = None
    return Offers(named, last)


def suggestion(names: Sequence[str], past: Sequence[Details], call_types: Sequence[str]) -> Details | None:
    """Details that the file names suggest, completed from past calls; None unless they agree on a company."""
    names = names[:_MOST_NAMES]
    guesses = {_guess(PurePath(name).stem, past) for name in names}
    if len(guesses) != 1:
        return None
    company = guesses.pop()
    known = next((details for details in past if details.company_name == company), Details())
    written = next((match.group() for name in names if (match := _EMAIL.search(PurePath(name).stem))), "")
    email = known.contact_email or written
    kinds = {kind for kind in call_types for name in names if kind in name.lower()}
    if not company and not email:
        return None
    return Details(company, email, kinds.pop() if len(kinds) == 1 else "")


def _guess(stem: str, past: Sequence[Details]) -> str:
    """The company that a file name mentions: that of a past call, else the first word that is not a common one."""
    words = _WORD.findall(_EMAIL.sub(" ", stem.replace("_", " ")))
    lower = [word.lower() for word in words]
    for details in past:
        first = next(iter(_WORD.findall(details.company_name.lower())), "")
        if len(first) >= _LEAST_LETTERS and first in lower:
            return details.company_name
    candidates = (word for word in words if len(word) >= _LEAST_LETTERS and word.lower() not in _COMMON_WORDS)
    word = next(candidates, "")
    return word[:1].upper() + word[1:]


def merged(details: Details, typed: Mapping[str, str]) -> Details:
    """The details with what was typed into the form."""
    return replace(details, **typed)


def email_for(company: str, past: Sequence[Details]) -> str:
    """The contact of the last call with this company, "" without one."""
    wanted = company.strip().lower()
    return next((known.contact_email for known in past if known.company_name.lower() == wanted), "")
