"""How loud a WAV is from its beginning to its end, from a few of its samples. Called on a thread of its own."""

from array import array
from collections.abc import Callable
from pathlib import Path

from callup_desktop.files.access import FILE_SYSTEM, FileSystem, OpenFile
from callup_desktop.files.errors import NotReadyError, RefusedError
from callup_desktop.recordings.headers import Pcm
from callup_desktop.recordings.probe import inspect
from callup_desktop.recordings.silence import Sample, alaw, mulaw

BARS = 96
_LOOKS = 2
"""Places in each stretch that are listened to: a pause in one of them is no silence."""
_WINDOW = 4096
"""Bytes of each place."""


def waveform_of(path: Path, *, machine: FileSystem = FILE_SYSTEM) -> tuple[float, ...]:
    """The loudest value, 0 to 1, of each of `BARS` equal stretches, by at most 1 MiB of the file.

    Nothing for other formats, whose samples are not seen without a decoder, and for a file that cannot be read now or
    that a cloud's program would have to fetch.
    """
    try:
        if machine.look(path).online_only:
            return ()
        pcm = inspect(path, machine=machine).pcm
        if pcm is None:
            return ()
        file = machine.open(path)
    except (OSError, ValueError, RefusedError, NotReadyError):
        return ()
    try:
        return tuple(_loudest(file, pcm, bar) for bar in range(BARS))
    except OSError:
        return ()
    finally:
        file.close()


def _loudest(file: OpenFile, pcm: Pcm, bar: int) -> float:
    count, peak = BARS * _LOOKS, _PEAKS[pcm.sample]
    return max(peak(_window(file, pcm, bar * _LOOKS + look, count)) for look in range(_LOOKS))


def _window(file: OpenFile, pcm: Pcm, number: int, count: int) -> bytes:
    """Whole values at the beginning of the stretch of this number, of `count` stretches."""
    width, size = _WIDTHS[pcm.sample], pcm.end - pcm.start
    offset, behind = (size * at // count // width * width for at in (number, number + 1))
    return file.read_at(pcm.start + offset, min(_WINDOW // width * width, behind - offset))


def _signed(width: int) -> Callable[[bytes], float]:
    """By the upper byte of each value alone: finer than a small picture shows."""

    def peak(data: bytes) -> float:
        values = array("b", data[width - 1 :: width])
        return max(max(values), -1 - min(values)) / 127 if values else 0.0

    return peak


def _floats(code: str) -> Callable[[bytes], float]:
    def peak(data: bytes) -> float:
        values = array(code)
        values.frombytes(data[: len(data) // values.itemsize * values.itemsize])
        # What is no number counts as nothing.
        return min(1.0, max((abs(value) for value in values if value == value), default=0.0))

    return peak


def _bytes(value_of: Callable[[int], float]) -> Callable[[bytes], float]:
    loud = [abs(value_of(code)) for code in range(256)]
    return lambda data: max((loud[code] for code in set(data)), default=0.0)


_PEAKS: dict[Sample, Callable[[bytes], float]] = {
    Sample.UNSIGNED_8: _bytes(lambda code: (code - 128) / 128),
    Sample.SIGNED_16: _signed(2),
    Sample.SIGNED_24: _signed(3),
    Sample.SIGNED_32: _signed(4),
    Sample.FLOAT_32: _floats("f"),
    Sample.FLOAT_64: _floats("d"),
    Sample.ALAW: _bytes(lambda code: alaw(code) / 2**15),
    Sample.MULAW: _bytes(lambda code: mulaw(code) / 2**15),
}
_WIDTHS = {
    Sample.UNSIGNED_8: 1,
    Sample.SIGNED_16: 2,
    Sample.SIGNED_24: 3,
    Sample.SIGNED_32: 4,
    Sample.FLOAT_32: 4,
    Sample.FLOAT_64: 8,
    Sample.ALAW: 1,
    Sample.MULAW: 1,
}
