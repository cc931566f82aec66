"""Whether uncompressed sound can be heard: windows of it, sampled while the bytes pass. Belongs to the probe."""

from array import array
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

from callup_desktop.recordings.headers import Headers

_LIMIT = 10 ** (-60 / 20)
"""-60 dBFS as a share of full scale."""
_WINDOW = 4_096
_STEP = 16_384
_GRAIN = 48
"""Bytes that any of the sample sizes divides, so that every window begins with a sample."""


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
    """Listens into the sound between two offsets until it hears something."""

    def __init__(self, sample: Sample, start: int, end: int) -> None:
        """Nothing is heard yet."""
        self._peak = _PEAKS[sample]
        self._start = start
        self._end = end
        self._next = start
        self._held = b""
        self._heard = False

    def feed(self, data: bytes, offset: int) -> None:
        """Listen into the windows that begin in these bytes."""
        end = min(offset + len(data), self._end)
        while not self._heard and self._next < end:
            at = self._next - offset
            want = min(_WINDOW // _GRAIN * _GRAIN, self._end - self._next)
            self._held += data[max(0, at + len(self._held)) : at + want]
            if len(self._held) < want:
                return
            self._heard = self._peak(self._held) >= _LIMIT
            self._held = b""
            self._next += _STEP // _GRAIN * _GRAIN

    def finish(self, headers: Headers) -> Headers:
        """The headers with the doubt, if nothing was heard."""
        return replace(headers, silent=not self._heard)


def _peak(code: str, full: float) -> Callable[[bytes], float]:
    """The loudest value as a share of `full`; every machine this runs on is little-endian, as the samples are."""

    def peak(data: bytes) -> float:
        if not data.strip(b"\0"):
            return 0.0
        values = array(code)
        values.frombytes(data[: len(data) // values.itemsize * values.itemsize])
        return max(max(values), -min(values)) / full if values else 0.0

    return peak


def _peak_of_24(data: bytes) -> float:
    """Of the upper two bytes of each value: the lowest one lies below -90 dBFS."""
    whole = len(data) // 3
    upper = bytearray(whole * 2)
    upper[0::2], upper[1::2] = data[1 : whole * 3 : 3], data[2 : whole * 3 : 3]
    return _peak("h", 2**15)(bytes(upper))


def _peak_of_8(data: bytes) -> float:
    return max(max(data) - 128, 128 - min(data)) / 128 if data else 0.0


def _companded(quiet: bytes) -> Callable[[bytes], float]:
    """One where any byte stands for something louder than the limit."""
    return lambda data: 1.0 if data.translate(None, quiet) else 0.0


def _mulaw(code: int) -> int:
    """G.711: a mu-law byte as a 16-bit value."""
    code = ~code & 0xFF
    value = (((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - value if code & 0x80 else value - 0x84


def _alaw(code: int) -> int:
    """G.711: an a-law byte as a 16-bit value."""
    code ^= 0x55
    value = (code & 0x0F) << 4
    segment = (code & 0x70) >> 4
    value = value + 8 if segment == 0 else (value + 0x108) << (segment - 1)
    return value if code & 0x80 else -value


def _quiet(decode: Callable[[int], int]) -> bytes:
    return bytes(code for code in range(256) if abs(decode(code)) / 2**15 < _LIMIT)


_PEAKS: dict[Sample, Callable[[bytes], float]] = {
    Sample.UNSIGNED_8: _peak_of_8,
    Sample.SIGNED_16: _peak("h", 2**15),
    Sample.SIGNED_24: _peak_of_24,
    Sample.SIGNED_32: _peak("i", 2**31),
    Sample.FLOAT_32: _peak("f", 1.0),
    Sample.FLOAT_64: _peak("d", 1.0),
    Sample.ALAW: _companded(_quiet(_alaw)),
    Sample.MULAW: _companded(_quiet(_mulaw)),
}
