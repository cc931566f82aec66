"""The language of a reader: translations, numbers and dates. No Qt, so that the console has it too; any thread."""

from datetime import date, datetime
from typing import Protocol


class Language(Protocol):
    """One language: its texts, numbers and dates."""

    def translate(self, context: str, source: str, disambiguation: str | None, n: int) -> str:
        """The text in this language; `n` is the count of a plural form, -1 if there is none."""
        ...

    def number(self, value: float, digits: int) -> str:
        """The value with `digits` decimal places."""
        ...

    def day(self, day: date) -> str:
        """A day without its year, such as "3 May"."""
        ...

    def time(self, moment: datetime, *, seconds: bool) -> str:
        """A time of day, such as 10:41 or 10:41:02."""
        ...


class English:
    """The language of the sources."""

    def translate(self, _context: str, source: str, _disambiguation: str | None, n: int) -> str:
        """The source text; the count `n` resolves "(s)"."""
        if n < 0:
            return source
        return source.replace("%n", str(n)).replace("(s)", "" if n == 1 else "s")

    def number(self, value: float, digits: int) -> str:
        """See Language."""
        return f"{value:.{digits}f}"

    def day(self, day: date) -> str:
        """See Language."""
        return f"{day.day} {day:%B}"

    def time(self, moment: datetime, *, seconds: bool) -> str:
        """See Language."""
        return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


class Translatable:
    """A class whose texts are translated; its name is their context for pyside6-lupdate."""

    def __init__(self, language: Language | None = None) -> None:
        """None means English."""
        self.language: Language = language or English()

    def tr(self, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The text in this language."""
        return self.language.translate(type(self).__name__, source, disambiguation, n)
