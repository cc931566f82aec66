"""A rep's voice in every format: real encoders, and bytes made by hand where no encoder makes the case."""

import struct
from functools import cached_property
from pathlib import Path

from tests.recordings.tools import packets, require_tools, run

_WORDS = (
    "Good morning, this is a call about the price of four hundred paper clips. Shall we begin? "
    "I would like to hear what you think of the new contract."
)


class Studio:
    """Makes recordings in one folder; each is made once. No dither (`sox -D`): the same bytes at every run."""

    def __init__(self, folder: Path) -> None:
        require_tools()
        self.folder = folder
        self._made: dict[tuple[str, ...], bytes] = {}

    @cached_property
    def speech(self) -> Path:
        """About seven seconds of speech, 44.1 kHz, stereo, the second channel late."""
        plain, path = self.folder / "plain.wav", self.folder / "speech.wav"
        run("espeak-ng", "-w", plain, _WORDS)
        run("sox", "-D", plain, "-r", "44100", path, "remix", "1", "1", "delay", "0", "0.2")
        return path

    def wav(self, rate: int = 16_000, channels: int = 1) -> Path:
        """The speech at a rate, as 16-bit PCM."""
        path = self.folder / f"speech-{rate}-{channels}.wav"
        if not path.exists():
            run("sox", "-D", self.speech, "-r", str(rate), "-c", str(channels), path)
        return path

    def ffmpeg(self, suffix: str, *options: str, rate: int = 16_000, channels: int = 1) -> bytes:
        """The speech as ffmpeg writes it with the options."""
        return self._kept(("ffmpeg", "-v", "error", "-y", "-i", str(self.wav(rate, channels)), *options), suffix)

    def piped(self, form: str, *options: str, rate: int = 16_000) -> bytes:
        """The speech as ffmpeg writes it where it cannot go back to the header."""
        return run("ffmpeg", "-v", "error", "-i", self.wav(rate), *options, "-f", form, "-")

    def lame(self, *options: str, rate: int = 44_100, channels: int = 2) -> bytes:
        """The speech as lame writes it."""
        return self._kept(("lame", "--quiet", *options, str(self.wav(rate, channels))), "mp3")

    def flac(self, *options: str, rate: int = 44_100, channels: int = 2) -> bytes:
        """The speech as flac writes it."""
        return self._kept(("flac", "-s", "-f", *options, str(self.wav(rate, channels)), "-o"), "flac")

    def flac_frames(self, data: bytes) -> list[bytes]:
        """The frames of a FLAC, one behind the other; what lies before the first one comes first."""
        path = self.folder / "frames.flac"
        path.write_bytes(data)
        found = packets(path)
        return [data[: found[0][0]], *(data[at : at + size] for at, size in found)]

    def sox(self, suffix: str, *options: str, rate: int = 16_000, channels: int = 1) -> bytes:
        """The speech as sox writes it."""
        return self._kept(("sox", "-D", str(self.wav(rate, channels)), *options), suffix)

    def sound(self, *effects: str, rate: int = 16_000) -> bytes:
        """A WAV that sox makes from nothing."""
        return self._kept(("sox", "-D", "-r", str(rate), "-n", "-b", "16"), "wav", *effects)

    def generated(self, suffix: str, *options: str) -> bytes:
        """What ffmpeg makes of its own sources."""
        return self._kept(("ffmpeg", "-v", "error", "-y", *options), suffix)

    def video(self, suffix: str, *options: str) -> bytes:
        """A second of moving picture with the speech."""
        picture = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=1")
        return self._kept(
            ("ffmpeg", "-v", "error", "-y", *picture, "-i", str(self.wav()), *options, "-shortest"), suffix
        )

    def with_picture(self, suffix: str, *options: str) -> bytes:
        """The speech and a picture of 64 by 48, as ffmpeg writes them if it is not told that it is a cover."""
        path = self.folder / "cover.jpg"
        path.write_bytes(self.picture("jpg"))
        command = ("ffmpeg", "-v", "error", "-y", "-i", str(self.wav()), "-i", str(path), "-c:a", "aac")
        return self._kept((*command, *options), suffix)

    def picture(self, suffix: str) -> bytes:
        """A picture of 64 by 48."""
        source = ("-f", "lavfi", "-i", "testsrc=size=64x48:duration=1", "-frames:v", "1")
        return self._kept(("ffmpeg", "-v", "error", "-y", *source), suffix)

    def _kept(self, command: tuple[str, ...], suffix: str, *behind: str) -> bytes:
        key = (*command, suffix, *behind)
        if key not in self._made:
            path = self.folder / f"made.{suffix}"
            run(*command, path, *behind)
            self._made[key] = path.read_bytes()
            path.unlink()
        return self._made[key]


# --- by hand --------------------------------------------------------------------------------------------------------


def id3(body: bytes, *, footer: bool = False) -> bytes:
    """An ID3v2.4 tag of one picture frame."""
    frame = b"APIC" + _syncsafe(len(body)) + b"\0\0" + body
    flags = b"\x10" if footer else b"\0"
    end = b"3DI\x04\0\x10" + _syncsafe(len(frame)) if footer else b""
    return b"ID3\x04\0" + flags + _syncsafe(len(frame)) + frame + end


def id3v1() -> bytes:
    """The 128 bytes at the end."""
    return b"TAG" + b"Call".ljust(125, b"\0")


def ape(*, header: bool = True) -> bytes:
    """An APEv2 tag of one item."""
    item = struct.pack("<II", 4, 0) + b"Title\0Call"
    flags = (1 << 31) if header else 0
    fields = struct.pack("<III", 2000, len(item) + 32, 1)
    front = b"APETAGEX" + fields + struct.pack("<I", flags | 1 << 29) + bytes(8) if header else b""
    return front + item + b"APETAGEX" + fields + struct.pack("<I", flags) + bytes(8)


def _syncsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def chunk(name: bytes, body: bytes) -> bytes:
    """A RIFF chunk, padded to even."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def riff(*chunks: bytes, name: bytes = b"RIFF") -> bytes:
    """A WAV of these chunks."""
    body = b"WAVE" + b"".join(chunks)
    return name + struct.pack("<I", len(body)) + body


def pcm_form(rate: int = 16_000, channels: int = 1, bits: int = 16, codec: int = 1) -> bytes:
    """A `fmt ` chunk."""
    block = channels * bits // 8
    return chunk(b"fmt ", struct.pack("<HHIIHH", codec, channels, rate, rate * block, block, bits))


def sizes_of_wav(data: bytes, riff_size: int, data_size: int) -> bytes:
    """The WAV with other lengths in its header, as a recorder leaves them that has not finished."""
    at = data.index(b"data") + 4
    pack = struct.Struct("<I").pack
    return data[:4] + pack(riff_size) + data[8:at] + pack(data_size) + data[at + 4 :]


def stream_info(data: bytes, *, least: int | None = None, block: int | None = None, total: int | None = None) -> bytes:
    """The FLAC with another smallest and largest block, or another total of samples."""
    packed = int.from_bytes(data[18:26], "big")
    told = (packed if total is None else packed >> 36 << 36 | total).to_bytes(8, "big")
    first = data[8:10] if least is None else least.to_bytes(2, "big")
    second = data[10:12] if block is None else block.to_bytes(2, "big")
    return data[:8] + first + second + data[12:18] + told + data[26:]


def flac_frame(frame: bytes, number: int) -> bytes:
    """The FLAC frame with another number."""
    lead = frame[4]
    at = 4 + (1 if lead < 0x80 else 8 - (lead ^ 0xFF).bit_length())
    end = at + {6: 1, 7: 2}.get(frame[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(frame[2] & 15, 0)
    head = frame[:4] + _coded_number(number) + frame[at:end]
    body = head + bytes([_crc(head, 0x07, 8)]) + frame[end + 1 : -2]
    return body + _crc(body, 0x8005, 16).to_bytes(2, "big")


def _coded_number(number: int) -> bytes:
    """As UTF-8 codes a character, but up to 36 bits."""
    if number < 0x80:
        return bytes([number])
    more = next(more for more in range(1, 7) if number < 1 << 6 * more + max(0, 6 - more))
    lead = (0xFF << 7 - more & 0xFF) | number >> 6 * more
    return bytes([lead, *(0x80 | number >> 6 * place & 0x3F for place in range(more - 1, -1, -1))])


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    table = [_crc_of_byte(byte << bits - 8, polynomial, bits) for byte in range(256)]
    crc = 0
    for byte in data:
        crc = (crc << 8 & (1 << bits) - 1) ^ table[crc >> bits - 8 ^ byte]
    return crc


def _crc_of_byte(crc: int, polynomial: int, bits: int) -> int:
    for _ in range(8):
        crc = (crc << 1 ^ (polynomial if crc >> bits - 1 else 0)) & (1 << bits) - 1
    return crc


def box(name: bytes, body: bytes) -> bytes:
    """An MP4 box."""
    return struct.pack(">I", len(body) + 8) + name + body


def m4a(entry: bytes, *, samples: bytes = b"sound" * 100, more: bytes = b"", moved: bool = False) -> bytes:
    """The least M4A with one sound track of ten seconds; `entry` is its sample entry, `more` goes into its `stbl`.

    `moved` puts two seconds of nothing before it.
    """
    tail = struct.pack(">IIIII", 0, 0, 0, 1_000, 10_000)
    hdlr = box(b"hdlr", bytes(8) + b"soun" + bytes(12))
    stsd = box(b"stsd", struct.pack(">II", 0, 1) + entry)
    media = box(b"mdia", box(b"mdhd", tail) + hdlr + box(b"minf", box(b"stbl", stsd + more)))
    edits = struct.pack(">IIIiIIII", 0, 2, 2_000, -1, 0x10000, 10_000, 0, 0x10000)
    edts = box(b"edts", box(b"elst", edits)) if moved else b""
    track = box(b"trak", box(b"tkhd", bytes(12) + struct.pack(">I", 1) + bytes(8)) + edts + media)
    moov = box(b"moov", box(b"mvhd", tail + bytes(80)) + track)
    return box(b"ftyp", b"M4A " + bytes(4)) + moov + box(b"mdat", samples)


def sound_entry(name: bytes, rate: int = 16_000, channels: int = 1, inside: bytes = b"") -> bytes:
    """A sample entry of an M4A's sound track."""
    fields = struct.pack(">6xH8xHHHHI", 1, channels, 16, 0, 0, rate << 16)
    return box(name, fields + inside)


def esds(configuration: bytes, *, object_type: int = 0x40) -> bytes:
    """How an M4A carries the decoder's configuration; the object type is that of AAC."""
    told = b"\x05" + bytes([len(configuration)]) + configuration
    decoder = b"\x04" + bytes([13 + len(told)]) + bytes([object_type, 0x15]) + bytes(11) + told
    return box(b"esds", bytes(4) + b"\x03" + bytes([3 + len(decoder)]) + b"\0\1\0" + decoder)


def sequence(data: bytes) -> list[tuple[bytes, bytes]]:
    """The boxes side by side, each with its name."""
    found, at = [], 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big") or len(data) - at
        found.append((data[at + 4 : at + 8], data[at : at + size]))
        at += size
    return found


def boxes(data: bytes) -> dict[bytes, bytes]:
    """The boxes side by side, by name; the last of a name wins."""
    return dict(sequence(data))


def with_moov(data: bytes, *inner: bytes) -> bytes:
    """The M4A, whose index lies at its end, with these boxes in it instead."""
    return data[: data.rindex(b"moov") - 4] + box(b"moov", b"".join(inner))


def gapless(before: int, behind: int, left: int, *, full: bool = True) -> bytes:
    """The `udta` in which iTunes tells what an encoder has put around the sound; `full` as in MP4, not in QuickTime."""
    text = f" 00000000 {before:08X} {behind:08X} {left:016X}" + " 00000000" * 8
    mean = box(b"mean", bytes(4) + b"com.apple.iTunes") + box(b"name", bytes(4) + b"iTunSMPB")
    items = box(b"ilst", box(b"----", mean + box(b"data", struct.pack(">II", 1, 0) + text.encode())))
    return box(b"udta", box(b"meta", bytes(4 if full else 0) + box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9)) + items))


def vbri(mp3: bytes, frames: int) -> bytes:
    """An MP3 without a total, with Fraunhofer's total in front."""
    head = bytearray(bytes.fromhex("fffb9004") + bytes(413))
    head[36:54] = b"VBRI" + struct.pack(">HHHII", 1, 0, 75, len(mp3) + 417, frames)
    return bytes(head) + mp3
