"""The language of a QLocale, with the translations that are installed in Qt. Main thread."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime


class QtLanguage:
    """Implements Language by the installed translators and a QLocale."""

    def __init__(self, locale: QLocale | None = None) -> None:
        """`locale` None means Qt's default locale."""
        self._locale = locale or QLocale()
        self._day_format = _day_format_of(self._locale)

    def translate(self, context: str, source: str, disambiguation: str | None, n: int) -> str:
        """See Language."""
        return QCoreApplication.translate(context, source, disambiguation or "", n)

    def number(self, value: float, digits: int) -> str:
        """See Language."""
        return self._locale.toString(value, "f", digits)

    def day(self, day: date) -> str:
        """See Language."""
        return self._locale.toString(QDate(day.year, day.month, day.day), self._day_format)

    def time(self, moment: datetime, *, seconds: bool) -> str:
        """See Language."""
        time = QTime(moment.hour, moment.minute, moment.second)
        return time.toString("HH:mm:ss") if seconds else self._locale.toString(time, QLocale.FormatType.ShortFormat)


def _day_format_of(locale: QLocale) -> str:
    """Day and month in the order of the locale, without the year."""
    day_first = locale.dateFormat(QLocale.FormatType.ShortFormat).lower().find("d")
    month_first = locale.dateFormat(QLocale.FormatType.ShortFormat).find("M")
    if locale.language() == QLocale.Language.German:
        return "d. MMMM"
    return "d MMMM" if day_first < month_first else "MMMM d"
