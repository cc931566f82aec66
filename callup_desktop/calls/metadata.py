"""The form's rules: what a rep types about a call, and when it is complete. Immutable values, any thread."""

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_COMPANY_LENGTH = 200


class FieldProblem(StrEnum):
    """Why one field of the form is not accepted."""

    MISSING = "missing"
    INVALID_EMAIL = "invalid_email"
    UNKNOWN_TYPE = "unknown_type"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    """It holds what is no character: a lone surrogate, as a console makes of bytes that it cannot read."""


class FormProblem(StrEnum):
    """Why a form that a program posts cannot be read."""

    NO_FORM = "no_form"
    UNREADABLE = "unreadable"
    CUT_OFF = "cut_off"
    TOO_MUCH = "too_much"
    FIELD_TOO_LONG = "field_too_long"
    FIELD_TWICE = "field_twice"
    NOT_TEXT = "not_text"
    TWO_FILES = "two_files"
    AFTER_FILE = "after_file"
    COMPRESSED = "compressed"


class IncompleteDetailsError(ValueError):
    """Raised when details are not ready to send; `problems` maps each field to its problem."""

    def __init__(self, problems: dict[str, FieldProblem]) -> None:
        """Keep the problems by field name."""
        super().__init__(", ".join(f"{field}: {problem}" for field, problem in problems.items()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Details:
    """What the rep has typed so far, as typed; empty while a call is a draft."""

    company_name: str = ""
    contact_email: str = ""
    call_type: str = ""


def problems_of(details: Details, call_types: tuple[str, ...]) -> dict[str, FieldProblem]:
    """Each field that docs/contract.md does not accept, with its problem; empty when all hold."""
    found = {
        "company_name": _company_problem(details.company_name),
        "contact_email": _email_problem(details.contact_email),
        "call_type": _type_problem(details.call_type, call_types),
    }
    return {field: problem for field, problem in found.items() if problem is not None}


def completed(details: Details, call_types: tuple[str, ...]) -> Details:
    """The details as they are sent: trimmed, type in lower case; raises IncompleteDetailsError."""
    problems = problems_of(details, call_types)
    if problems:
        raise IncompleteDetailsError(problems)
    return Details(
        company_name=company_as_sent(details.company_name),
        contact_email=details.contact_email.strip(),
        call_type=type_as_sent(details.call_type),
    )


def company_as_sent(company: str) -> str:
    """The company in the one way in which it is registered.

    SQS refuses control characters (docs/facts.md, "SQS"), so a pasted newline becomes a space.
    """
    return " ".join("".join(c if c.isprintable() else " " for c in company).split())


def type_as_sent(call_type: str) -> str:
    """Likewise the type."""
    return call_type.strip().lower()


def _company_problem(company: str) -> FieldProblem | None:
    if any("\ud800" <= character <= "\udfff" for character in company):
        return FieldProblem.UNREADABLE
    trimmed = company_as_sent(company)
    if not trimmed:
        return FieldProblem.MISSING
    return FieldProblem.TOO_LONG if len(trimmed) > MAX_COMPANY_LENGTH else None


_ORDINARY_EMAIL = re.compile(r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,3}")
"""Addresses that the library is known to take; no domain that it refuses by name ends in so few letters."""
_ORDINARY_LENGTH = 64
"""Letters up to which no part of an address is too long."""


def _email_problem(email: str) -> FieldProblem | None:
    trimmed = email.strip()
    if not trimmed:
        return FieldProblem.MISSING
    if len(trimmed) <= _ORDINARY_LENGTH and _ORDINARY_EMAIL.fullmatch(trimmed):
        return None
    # The rules for all others are slow to load.
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(trimmed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return FieldProblem.INVALID_EMAIL
    return None


def _type_problem(call_type: str, call_types: tuple[str, ...]) -> FieldProblem | None:
    wanted = type_as_sent(call_type)
    if not wanted:
        return FieldProblem.MISSING
    return None if wanted in {known.lower() for known in call_types} else FieldProblem.UNKNOWN_TYPE
