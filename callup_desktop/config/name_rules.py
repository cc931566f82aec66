"""Patterns that read details out of a recording's name, as an admin writes them into a profile. Any thread.

They are run by RE2, whose time grows with the length of the name and with nothing else: no pattern can hold up the
window, whoever wrote it (docs/facts.md, "Patterns in a profile").
"""

from collections.abc import Mapping
from enum import StrEnum

LONGEST_PATTERN = 500
MOST_PATTERNS = 50


class Group(StrEnum):
    """What a pattern may name."""

    COMPANY = "company"
    EMAIL = "email"
    TYPE = "type"
    DATE = "date"
    TIME = "time"


class PatternError(ValueError):
    """Raised when RE2 does not take a pattern; the text says why, without the pattern."""


class NamePattern:
    """One compiled pattern."""

    def __init__(self, pattern: str) -> None:
        """Compile it; raises PatternError."""
        # Few profiles have patterns.
        import re2

        options = re2.Options()
        options.log_errors = False
        try:
            self._compiled = re2.compile(pattern, options)
        except re2.error as exc:
            raise PatternError(_reason_of(exc)) from exc
        self.groups = frozenset(self._compiled.groupindex)
        self.names_folder = "/" in pattern
        """Whether it is matched against the folder's name, a slash and the name, instead of the name alone."""

    def read(self, text: str) -> Mapping[Group, str] | None:
        """What its groups hold where it is found in the text; None where it is not."""
        match = self._compiled.search(text)
        if match is None:
            return None
        return {Group(name): value for name, value in match.groupdict().items() if value}


def _reason_of(exc: Exception) -> str:
    """RE2's own words, up to where it repeats the pattern."""
    said = exc.args[0] if exc.args else b""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.partition(":")[0]
