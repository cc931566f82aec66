"""Sizes, rates, durations and moments in the words of each language. No Qt; any thread."""

from datetime import date, datetime

from callup_desktop.presentation.language import Translatable

_KIB = 1024
_MIB = 1024**2
_GIB = 1024**3
_MINUTE = 60
_HOUR = 3600
_DAY = 24 * _HOUR
_LONGEST_ESTIMATE = 100 * _HOUR
"""Seconds; a longer estimate says nothing to a rep."""


class Units(Translatable):
    """Numbers in one language."""

    def size(self, size: int) -> str:
        """A number of bytes: 11.6 MB, 486 MB, 1 GB. A step is 1024, as in the limit of 1 GB."""
        if size >= _GIB:
            return self.tr("{number} GB").format(number=self._short(size / _GIB))
        if size >= _MIB:
            return self.tr("{number} MB").format(number=self._short(size / _MIB))
        if size >= _KIB:
            return self.tr("{number} KB").format(number=self.language.number(size / _KIB, 0))
        return self.tr("%n byte(s)", None, size)

    def rate(self, bytes_a_second: float) -> str:
        """A rate: 6.1 MB/s."""
        if bytes_a_second >= _MIB:
            return self.tr("{number} MB/s").format(number=self._short(bytes_a_second / _MIB))
        return self.tr("{number} KB/s").format(number=self.language.number(bytes_a_second / _KIB, 0))

    def _short(self, value: float) -> str:
        whole = self.language.number(value, 0)
        return whole if value >= 100 or self.language.number(value, 1).endswith("0") else self.language.number(value, 1)

    def duration(self, seconds: float) -> str:
        """A duration: 48:12, or 1:02:03 from an hour on."""
        whole = round(seconds)
        hours, minutes, rest = whole // _HOUR, whole % _HOUR // _MINUTE, whole % _MINUTE
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"

    def time_left(self, seconds: float | None) -> str:
        """An estimate in steps that are coarse enough not to jump; "" without one."""
        if seconds is None or seconds > _LONGEST_ESTIMATE:
            return ""
        if seconds < 10:
            return self.tr("a few seconds left")
        if seconds < 55:
            return self.tr("%n s left", None, round(seconds / 5) * 5)
        minutes = max(1, round(seconds / _MINUTE))
        if minutes < _MINUTE:
            return self.tr("about %n min left", None, minutes if minutes < 10 else round(minutes / 5) * 5)
        hours, rest = divmod(round(minutes / 10) * 10, _MINUTE)
        if rest == 0 or hours >= 10:
            return self.tr("about %n h left", None, hours)
        return self.tr("about {hours} h {minutes} min left").format(hours=hours, minutes=rest)

    def when(self, moment: datetime, now: datetime) -> str:
        """A moment relative to now, in local time: "today 10:41", "yesterday", "3 May"."""
        local, today = moment.astimezone(), now.astimezone().date()
        match (today - local.date()).days:
            case 0:
                return self.tr("today {time}").format(time=self.language.time(local, seconds=False))
            case 1:
                return self.tr("yesterday")
            case _:
                return self.language.day(local.date())

    def moment(self, moment: datetime, now: datetime) -> str:
        """A moment with its time of day, in local time: "today 10:41", "3 May, 10:41"."""
        local = moment.astimezone()
        if local.date() == now.astimezone().date():
            return self.when(moment, now)
        return self.tr("{day}, {time}").format(
            day=self.language.day(local.date()), time=self.language.time(local, seconds=False)
        )

    def clock(self, moment: datetime, *, seconds: bool = True) -> str:
        """The time of day of a moment, in local time."""
        return self.language.time(moment.astimezone(), seconds=seconds)

    def day(self, day: date) -> str:
        """A day without its year, such as "3 May"."""
        return self.language.day(day)

    def span(self, seconds: float) -> str:
        """A duration in one unit: "5 min", "2 h", "3 days"."""
        if seconds < _HOUR:
            return self.tr("%n min", None, max(1, round(seconds / _MINUTE)))
        if seconds < _DAY:
            return self.tr("%n h", None, round(seconds / _HOUR))
        return self.tr("%n day(s)", None, round(seconds / _DAY))
