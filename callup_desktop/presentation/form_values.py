"""The form's view of several calls: shared values, suggestions, completions. No Qt; owned by the main thread."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from callup_desktop.calls.metadata import Details, FieldProblem, problems_of
from callup_desktop.engine.job import Job

FIELDS = ("company_name", "contact_email", "call_type")
_MOST_COMPLETIONS = 50
_LEAST_LETTERS = 3
_MOST_NAMES = 20
_NOISE = {
    *("audio", "call", "calls", "copy", "demo", "discovery", "edited", "export", "file", "final", "followup"),
    *("intro", "kickoff", "meeting", "new", "notes", "onboarding", "part", "quarterly", "rec", "recording"),
    *("review", "sales", "support", "teams", "track", "up", "follow", "voice", "with", "zoom", "gmt", "the", "a"),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’&.][^\W\d_]+)*")  # noqa: RUF001 - the apostrophe of typographers
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Shared:
    """One field over all selected calls: their common text, or "" and `several`."""

    text: str
    several: bool


def shared(jobs: Sequence[Job], field: str) -> Shared:
    """What the field shows for these calls."""
    values = {getattr(job.details, field) for job in jobs}
    if len(values) == 1:
        return Shared(values.pop(), several=False)
    return Shared("", several=len(values) > 1)


def first_problems(
    jobs: Sequence[Job], typed: Mapping[str, str], call_types: tuple[str, ...]
) -> dict[str, FieldProblem]:
    """For each field the first problem that any of the calls has once what was typed applies."""
    found: dict[str, FieldProblem] = {}
    for details in dict.fromkeys(merged(job.details, typed) for job in jobs):
        found = {**problems_of(details, call_types), **found}
    return found


def completions(past: Sequence[Details], field: str) -> tuple[str, ...]:
    """What was typed into the field before, newest first, each once."""
    values = dict.fromkeys(getattr(details, field).strip() for details in past)
    return tuple(value for value in values if value)[:_MOST_COMPLETIONS]


def suggestion(names: Sequence[str], past: Sequence[Details], call_types: Sequence[str]) -> Details | None:
    """Details that the first file names speak for, completed from past calls; None if they say nothing in common."""
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
    """The company a file name speaks of: a known one, else its first telling word."""
    words = _WORD.findall(_EMAIL.sub(" ", stem.replace("_", " ")))
    lower = [word.lower() for word in words]
    for details in past:
        first = next(iter(_WORD.findall(details.company_name.lower())), "")
        if len(first) >= _LEAST_LETTERS and first in lower:
            return details.company_name
    telling = (word for word in words if len(word) >= _LEAST_LETTERS and word.lower() not in _NOISE)
    word = next(telling, "")
    return word[:1].upper() + word[1:]


def merged(details: Details, typed: Mapping[str, str]) -> Details:
    """The details once what was typed into the form applies to them."""
    return replace(details, **typed)


def email_for(company: str, past: Sequence[Details]) -> str:
    """The contact of the last call with this company, "" if there was none."""
    wanted = company.strip().lower()
    return next((known.contact_email for known in past if known.company_name.lower() == wanted), "")
