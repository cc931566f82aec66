"""What a search of calls means, and in which orders they stand, wherever they are kept. Pure; any thread."""

from enum import StrEnum
from functools import lru_cache

from callup_desktop.calls.metadata import Details


class SentOrder(StrEnum):
    """The order of sent calls; those that are alike stand newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    COMPANY = "company"
    CALL_TYPE = "call_type"
    NAME = "name"
    LARGEST = "largest"


@lru_cache(maxsize=8)
def words_of(search: str) -> tuple[str, ...]:
    """The words of a search, in small letters; a call is found if each of them stands somewhere in its text.

    Cached because it is asked for each of thousands of calls.
    """
    return tuple(search.lower().split())


def is_found(words: tuple[str, ...], *, call_id: str, name: str, details: Details) -> bool:
    """Whether each word stands in the file's name, in a detail or in the id."""
    text = "\n".join((name, details.company_name, details.contact_email, details.call_type, call_id)).lower()
    return all(word in text for word in words)
