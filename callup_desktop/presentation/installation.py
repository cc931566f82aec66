"""What the self-test says of a damaged installation; English, because IT reads it. Any thread."""

from collections.abc import Sequence

_MOST_NAMES = 20
"""Files that are named; a folder that is gone holds hundreds."""

NO_LIST = (
    "The list of the program's files is missing or cut, so the installation is damaged. "
    "Install CallUp Desktop again; recordings that wait stay."
)


def damaged(*, missing: Sequence[str], changed: Sequence[str]) -> str:
    """Which files are not as they were installed, and who can mend it."""
    told = [f"{what}: {_named(files)}." for what, files in (("Missing", missing), ("Changed or cut", changed)) if files]
    return " ".join(("The installation is damaged.", *told, "Install CallUp Desktop again; recordings that wait stay."))


def _named(files: Sequence[str]) -> str:
    more = len(files) - _MOST_NAMES
    return ", ".join(files[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
