"""What the descriptors of an MP4's `mp4a` say: the coding, its channels and its sample rate. Pure, any thread."""

from dataclasses import dataclass

_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_OTHER_CODINGS = {
    0x69: "MP3",
    0x6B: "MP3",
    0xA5: "Dolby Digital",
    0xA6: "Dolby Digital Plus",
    0xA9: "DTS",
    0xAA: "DTS",
    0xAB: "DTS",
    0xAC: "DTS",
    0xAD: "Opus",
    0xAE: "Dolby AC-4",
    0xDD: "Vorbis",
    0xE1: "QCELP",
}
"""By the decoder's object type."""
_OTHER_MPEG_4 = {8: "CELP", 9: "HVXC", 24: "CELP", 25: "HVXC", 32: "MP1", 33: "MP2", 34: "MP3", 36: "MPEG-4 ALS"}
"""By the audio object type of MPEG-4: all others are kinds of AAC, or nobody writes them."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How sound is coded: `name` is None for AAC and ALAC, which are taken."""

    name: str | None
    channels: int
    sample_rate: int


def coding_of(raw: bytes, channels: int, sample_rate: int) -> Coding:
    """The coding by the body of an `esds`, which counts more than what its sample entry says."""
    kind, configuration = _descriptors(raw)
    if name := _OTHER_CODINGS.get(kind):
        return Coding(name, channels, sample_rate)
    return _configured(configuration, channels, sample_rate)


def object_type(raw: bytes) -> int:
    """The decoder's object type by the body of an `esds`; 0 where it does not say."""
    return _descriptors(raw)[0]


def _descriptors(raw: bytes) -> tuple[int, bytes]:
    """The decoder's object type and its configuration; 0 and nothing where they are missing."""
    at, kind = 4, 0
    while at < len(raw):
        tag, at = raw[at], at + 1
        length = 0
        for _ in range(4):
            byte = raw[at] if at < len(raw) else 0
            length, at = length << 7 | byte & 0x7F, at + 1
            if byte < 0x80:
                break
        if tag == 3:
            flags = raw[at + 2] if at + 2 < len(raw) else 0
            at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
        elif tag == 4:
            kind = raw[at] if at < len(raw) else 0
            at += 13
        elif tag == 5:
            return kind, raw[at : at + length]
        else:
            at += length
    return kind, b""


def _configured(raw: bytes, channels: int, sample_rate: int) -> Coding:
    """AudioSpecificConfig: with SBR the rate is the doubled one, with parametric stereo there are two channels."""
    if not raw:
        return Coding(None, channels, sample_rate)
    bits = _Bits(raw)
    kind = bits.kind()
    rate = bits.rate()
    layout = bits.take(4)
    if kind in {5, 29} or (kind == 2 and bits.tells_sbr()):
        rate = bits.rate()
    count = {**{number: number for number in range(1, 7)}, 7: 8}.get(layout, channels)
    return Coding(_OTHER_MPEG_4.get(kind), 2 if kind == 29 and count == 1 else count, rate or sample_rate)


class _Bits:
    """Bits from the front of a few bytes; zeros behind their end."""

    def __init__(self, raw: bytes) -> None:
        self._value = int.from_bytes(raw[:16].ljust(16, b"\0"), "big")
        self._left = 128

    def take(self, count: int) -> int:
        self._left = max(0, self._left - count)
        return self._value >> self._left & ((1 << count) - 1)

    def kind(self) -> int:
        kind = self.take(5)
        return 32 + self.take(6) if kind == 31 else kind

    def tells_sbr(self) -> bool:
        """Whether the extension that old players overlook follows: a doubled rate comes next."""
        self.take(3)
        return self.take(11) == 0x2B7 and self.kind() == 5 and self.take(1) == 1

    def rate(self) -> int:
        index = self.take(4)
        if index == 15:
            return self.take(24)
        return _RATES[index] if index < len(_RATES) else 0
