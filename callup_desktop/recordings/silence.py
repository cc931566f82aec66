"""Whether uncompressed sound can be heard, and in two voices: every value of it, while the bytes pass.

Belongs to the probe.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from callup_desktop.recordings.headers import Headers

_LIMIT = 10 ** (-60 / 20)
"""-60 dBFS as a share of full scale."""
_MOST_OFFSET = 1 / 2**4
"""The greatest constant value of a sound card, as a share of full scale."""
_STEP_OF_8_BITS = 1 / 2**7
"""The finest that 8 bits can tell is louder than the limit; one step up and down is what silence makes of it."""
_FIRST_WINDOW: Final = 3 * 1_024
_WINDOW: Final = 48 * 1_024
"""Bytes that are looked at at once, at first and at most: all sample sizes divide them. Most recordings are heard in
the first window, and what is silent is looked at in few."""


class Sample(Enum):
    """How one value of one channel is written; little-endian."""

    UNSIGNED_8 = auto()
    SIGNED_16 = auto()
    SIGNED_24 = auto()
    SIGNED_32 = auto()
    FLOAT_32 = auto()
    FLOAT_64 = auto()
    ALAW = auto()
    MULAW = auto()


class SilenceDetector:
    """Listens to the sound between two offsets until it hears something, and, in stereo, two voices."""

    def __init__(self, sample: Sample, start: int, end: int, *, stereo: bool) -> None:
        """Nothing is heard yet."""
        self._loud, self._width = _LOUD[sample]
        self._offset = _Offset(sample, 2 if stereo else 1)
        self._same = stereo
        self._unit = self._width * (2 if stereo else 1)
        self._start = start
        self._end = end
        self._held = b""
        self._heard = False

    def feed(self, data: bytes, offset: int) -> None:
        """Listen to these bytes; a value, or a pair of them, that goes on in the next ones is kept for them."""
        if self._heard and not self._same:
            return
        sound = self._held + data[max(0, self._start - offset) : max(0, self._end - offset)]
        whole = len(sound) // self._unit * self._unit
        self._heard = self._heard or any(self._hears(sound[at:end]) for at, end in _windows(whole))
        self._same = self._same and all(_same(sound[at:end], self._width) for at, end in _windows(whole))
        self._held = sound[whole:]

    def _hears(self, window: bytes) -> bool:
        if self._loud(window):
            return self._offset.swings(window)
        self._offset.rest()
        return False

    def finish(self, headers: Headers) -> Headers:
        """The headers with the doubt, if nothing was heard, else with whether both channels are the same."""
        return replace(headers, silent=not self._heard, same_channels=self._heard and self._same)


class _Offset:
    """What each channel swings about: cheap sound cards put a constant value on all that they record."""

    def __init__(self, sample: Sample, channels: int) -> None:
        self._values, full, quiet = _VALUES[sample]
        self._range = 2 * quiet * full
        self._most = _MOST_OFFSET * full
        self._channels = channels
        self._lowest: list[float] = []
        self._highest: list[float] = []

    def swings(self, window: bytes) -> bool:
        """Whether the sound so far, with this window, is louder than the limit, wherever its middle lies."""
        channels = [self._values(window, channel, self._channels) for channel in range(self._channels)]
        self._take([min(values) for values in channels], [max(values) for values in channels])
        ranges = zip(self._lowest, self._highest, strict=True)
        # What is no number compares as neither, and is no silence.
        quiet = (-self._most <= low and high <= self._most and high - low < self._range for low, high in ranges)
        return not all(quiet)

    def rest(self) -> None:
        """Take a window about zero in which nothing is heard."""
        if not self._lowest or max(self._lowest) > 0 or min(self._highest) < 0:
            self._take([0.0] * self._channels, [0.0] * self._channels)

    def _take(self, lowest: list[float], highest: list[float]) -> None:
        self._lowest = list(map(min, self._lowest or lowest, lowest))
        self._highest = list(map(max, self._highest or highest, highest))


def _windows(size: int) -> Iterator[tuple[int, int]]:
    """Where each window begins and ends, in order."""
    at, length = 0, _FIRST_WINDOW
    while at < size:
        yield at, min(at + length, size)
        at, length = at + length, min(2 * length, _WINDOW)


def _same(frames: bytes, width: int) -> bool:
    """Whether both values of each frame are the same."""
    return all(frames[at :: 2 * width] == frames[at + width :: 2 * width] for at in range(width))


_QUIET = int(_LIMIT * 2**15)
"""The loudest quiet value of 16 bits."""
_UPPER = bytes([0, *[2] * 254, 1])
_LOWER = bytes([*[0] * (_QUIET + 1), *[3] * (255 - 2 * _QUIET), *[1] * _QUIET])
"""A quiet value's upper byte is 0 above a small lower one, or 255 above a great one: both tables agree on it."""


def _integers(width: int) -> Callable[[bytes], bool]:
    """For values of `width` bytes, by their upper two: what is below lies below -90 dBFS."""

    def loud(data: bytes) -> bool:
        return data[width - 1 :: width].translate(_UPPER) != data[width - 2 :: width].translate(_LOWER)

    return loud


def _floats(code: str, width: int) -> Callable[[bytes], bool]:
    """For values from -1 to 1; every machine this runs on is little-endian, as the values are."""
    # The upper byte is the sign and most of the exponent: most quiet values are told by it.
    quiet = bytes(byte for byte in range(256) if byte & 0x7F < 0x3A)

    def loud(data: bytes) -> bool:
        if not data[width - 1 :: width].translate(None, quiet):
            return False
        values = array(code)
        values.frombytes(data)
        # What is no number compares as neither, and is no silence.
        return not (max(values) < _LIMIT and min(values) > -_LIMIT)

    return loud


def _bytes(quiet: bytes) -> Callable[[bytes], bool]:
    """For values of one byte, of which all but some are louder than the limit."""
    return lambda data: bool(data.translate(None, quiet))


def mulaw(code: int) -> int:
    """G.711: a mu-law byte as a 16-bit value."""
    code = ~code & 0xFF
    value = (((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - value if code & 0x80 else value - 0x84


def alaw(code: int) -> int:
    """G.711: an a-law byte as a 16-bit value."""
    code ^= 0x55
    value = (code & 0x0F) << 4
    segment = (code & 0x70) >> 4
    value = value + 8 if segment == 0 else (value + 0x108) << (segment - 1)
    return value if code & 0x80 else -value


def _quiet(decode: Callable[[int], int]) -> bytes:
    return bytes(code for code in range(256) if abs(decode(code)) / 2**15 < _LIMIT)


_LOUD: dict[Sample, tuple[Callable[[bytes], bool], int]] = {
    Sample.UNSIGNED_8: (_bytes(b"\x7f\x80\x81"), 1),
    Sample.SIGNED_16: (_integers(2), 2),
    Sample.SIGNED_24: (_integers(3), 3),
    Sample.SIGNED_32: (_integers(4), 4),
    Sample.FLOAT_32: (_floats("f", 4), 4),
    Sample.FLOAT_64: (_floats("d", 8), 8),
    Sample.ALAW: (_bytes(_quiet(alaw)), 1),
    Sample.MULAW: (_bytes(_quiet(mulaw)), 1),
}
"""Whether any of the values is louder than the limit, and the bytes of one."""


def _upper(width: int) -> Callable[[bytes, int, int], Sequence[float]]:
    """The values of a channel by their upper 16 bits."""

    def values(data: bytes, channel: int, channels: int) -> Sequence[float]:
        upper = bytearray(len(data) // width * 2)
        upper[0::2], upper[1::2] = data[width - 2 :: width], data[width - 1 :: width]
        return array("h", bytes(upper))[channel::channels]

    return values


def _as_array(code: str) -> Callable[[bytes, int, int], Sequence[float]]:
    return lambda data, channel, channels: array(code, data)[channel::channels]


def _decoded(decode: Callable[[int], int]) -> Callable[[bytes, int, int], Sequence[float]]:
    """The values of a channel, each once."""
    return lambda data, channel, channels: [decode(code) for code in set(data[channel::channels])]


_VALUES: dict[Sample, tuple[Callable[[bytes, int, int], Sequence[float]], float, float]] = {
    Sample.UNSIGNED_8: (_decoded(lambda code: code - 128), 2**7, _STEP_OF_8_BITS + _LIMIT),
    Sample.SIGNED_16: (_as_array("h"), 2**15, _LIMIT),
    Sample.SIGNED_24: (_upper(3), 2**15, _LIMIT),
    Sample.SIGNED_32: (_upper(4), 2**15, _LIMIT),
    Sample.FLOAT_32: (_as_array("f"), 1, _LIMIT),
    Sample.FLOAT_64: (_as_array("d"), 1, _LIMIT),
    Sample.ALAW: (_decoded(alaw), 2**15, _LIMIT),
    Sample.MULAW: (_decoded(mulaw), 2**15, _LIMIT),
}
"""The values of a window in one of so many channels, full scale, and the share of it that silence swings by."""
