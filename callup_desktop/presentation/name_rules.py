"""What the profile's patterns read out of the names of recordings: suggestions, never more. No Qt; any thread."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import PurePath

from callup_desktop.calls.metadata import Details
from callup_desktop.config.name_rules import Group, NamePattern

_DATES = ("%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y")
"""Orders that cannot be taken for one another; _ and spaces count as hyphens."""
_TIMES = {"%H-%M-%S": 8, "%H.%M.%S": 8, "%H%M%S": 6, "%H-%M": 5, "%H.%M": 5, "%H%M": 4}
"""With how many characters each has: strptime takes one digit for two, so that 103 would be 10:03."""
_MOST_NAMES = 4096
"""Names whose reading is kept: a row asks for it whenever it is painted."""


@dataclass(frozen=True, slots=True)
class ReadName:
    """What a name says of its call; a field that it does not say is empty."""

    details: Details = Details()
    day: date | None = None
    clock: time | None = None


class NameRules:
    """The patterns of a profile; the first one that is found in a name counts."""

    def __init__(self, patterns: Iterable[str] = (), call_types: Sequence[str] = ()) -> None:
        """`patterns` are checked already; `call_types` are those of the profile."""
        self._patterns = tuple(map(NamePattern, patterns))
        self._call_types = frozenset(call_types)
        self.read = lru_cache(maxsize=_MOST_NAMES)(self._read)
        """What the name of a file, or of its folder, says."""

    def _read(self, path: PurePath) -> ReadName:
        # macOS writes accents apart from their letters, a profile does not.
        name, folder = (unicodedata.normalize("NFC", part) for part in (path.stem, path.parent.name))
        for pattern in self._patterns:
            found = pattern.read(f"{folder}/{name}" if pattern.names_folder else name)
            if found is not None:
                return self._understood(found)
        return ReadName()

    def _understood(self, found: Mapping[Group, str]) -> ReadName:
        kind = found.get(Group.TYPE, "").strip().lower()
        details = Details(
            company_name=" ".join(found.get(Group.COMPANY, "").replace("_", " ").split()).strip(" -"),
            contact_email=found.get(Group.EMAIL, "").strip(),
            call_type=kind if kind in self._call_types else "",
        )
        return ReadName(details, _date_in(found.get(Group.DATE, "")), _time_in(found.get(Group.TIME, "")))

    def shared(self, paths: Iterable[PurePath]) -> Details | None:
        """What all of these names say alike; None where they name different companies, or nothing."""
        found = {self.read(path).details for path in paths}
        if len({details.company_name for details in found}) != 1:
            return None
        values = {field.name: {getattr(details, field.name) for details in found} for field in fields(Details)}
        shared = Details(**{name: next(iter(held)) if len(held) == 1 else "" for name, held in values.items()})
        return None if shared == Details() else shared


def _date_in(text: str) -> date | None:
    text = text.strip().replace("_", "-").replace(" ", "-").replace("/", "-")
    for form in _DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _time_in(text: str) -> time | None:
    text = text.strip().replace("_", "-").replace(" ", "-").replace(":", "-")
    for form, length in _TIMES.items():
        try:
            if len(text) == length:
                return datetime.strptime(text, form).time()  # noqa: DTZ007 - the time on the wall where it was recorded
        except ValueError:
            continue
    return None
