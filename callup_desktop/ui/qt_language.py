"""The system's language through Qt: installed translations and QLocale. Main thread."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime


class QtLanguage:
    """Implements Language; translators must be installed before it is asked."""

    def __init__(self, locale: QLocale | None = None) -> None:
        """Write numbers and dates as this locale does, or the system's."""
        self._locale = locale or QLocale()
        self._days = _days_of(self._locale)

    def translate(self, context: str, source: str, disambiguation: str | None, n: int) -> str:
        """See Language."""
        return QCoreApplication.translate(context, source, disambiguation or "", n)

    def number(self, value: float, digits: int) -> str:
        """See Language."""
        return self._locale.toString(value, "f", digits)

    def day(self, day: date) -> str:
        """See Language."""
        return self._locale.toString(QDate(day.year, day.month, day.day), self._days)

    def time(self, moment: datetime, *, seconds: bool) -> str:
        """See Language."""
        time = QTime(moment.hour, moment.minute, moment.second)
        return time.toString("HH:mm:ss") if seconds else self._locale.toString(time, QLocale.FormatType.ShortFormat)


def _days_of(locale: QLocale) -> str:
    """Day and month in the locale's own order, without the year."""
    day_first = locale.dateFormat(QLocale.FormatType.ShortFormat).lower().find("d")
    month_first = locale.dateFormat(QLocale.FormatType.ShortFormat).find("M")
    if locale.language() == QLocale.Language.German:
        return "d. MMMM"
    return "d MMMM" if day_first < month_first else "MMMM d"
