"""The sound of a video as an M4A that is never written anywhere: its front from memory, its sound from the video.

No byte is decoded and no file is made. Every read of the M4A is a few positioned reads of the video, so that the
original is only read, and nothing is left behind by a crash. Belongs to the thread that reads.
"""

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby, islice, repeat

from callup_desktop.files.errors import Refusal, RefusedError
from callup_desktop.recordings import m4a
from callup_desktop.recordings.headers import OpenEndedError
from callup_desktop.recordings.kinds import NO_SOUND
from callup_desktop.recordings.mp4_boxes import Walk, header, number
from callup_desktop.recordings.mp4_fragments import Run, parts_of
from callup_desktop.recordings.mp4_samples import Chunk
from callup_desktop.recordings.mp4_writer import SoundTrack, front_of
from callup_desktop.recordings.pages import Pages, Readable
from callup_desktop.recordings.recording import MAX_SIZE

_LONGEST_MOOF = 4 * 1024 * 1024
_FEW = 10_000
_BYTES_OF_A_BOX = 1_024
_BYTES_OF_A_SAMPLE = 12
_BYTES_OF_A_CHUNK = 128
_BYTES_OF_A_JUMP = 1_024
_BYTES_OF_AN_INNER_BOX = 48
"""No video has more boxes side by side, samples, chunks, jumps from one chunk to a far one, or boxes inside of
fragments than one for so many bytes, beyond a few."""
_SAMPLES_AT_ONCE = 65_536
_GAP = 16 * 1024
"""Bytes of picture between two pieces of sound that are rather read than stepped over."""
_AT_ONCE = 1024 * 1024
"""Bytes of the video that are read at once."""
_EMPTY = -1
_MOST_TICKS = 2**62
_LONGEST_SAMPLE = 2**32 - 1
"""What the numbers of an M4A can hold."""


class VideoSound:
    """The M4A by position; `size` is its size. `should_be` is its length in seconds if the video were whole."""

    def __init__(self, video: Readable, front: bytes, pieces: "_Pieces", should_be: float | None) -> None:
        """Read nothing yet."""
        self._video = video
        self._front = front
        self._begins = pieces.begins
        self._ends = array("Q", accumulate(pieces.sizes))
        self.size = len(front) + (self._ends[-1] if self._ends else 0)
        self.should_be = should_be

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset: `length` of them, fewer only at the end; raises OSError."""
        end = min(offset + length, self.size)
        parts = [self._front[offset:end]]
        at, end = max(offset - len(self._front), 0), end - len(self._front)
        while at < end:
            index = bisect_right(self._ends, at)
            parts.append(self._together(index, at, end))
            if not parts[-1]:
                break
            at += len(parts[-1])
        return b"".join(parts)

    def _together(self, index: int, at: int, end: int) -> bytes:
        """The sound from `at` on, as much of it as one read of the video gives; `index` is its first piece."""
        begins, ends = self._begins, self._ends
        first_at = self._place(index, at)
        until = min(end, ends[index])
        stop = first_at + until - at
        spans = [(0, stop - first_at)]
        while until < end:
            index += 1
            place, behind = begins[index], min(end, ends[index])
            after = place + behind - until
            if not 0 <= place - stop <= _GAP or after - first_at > _AT_ONCE:
                break
            spans.append((place - first_at, after - first_at))
            until, stop = behind, after
        raw = self._video.read_at(first_at, stop - first_at)
        return raw if len(spans) == 1 else b"".join([raw[begin:behind] for begin, behind in spans])

    def _place(self, index: int, at: int) -> int:
        """Where in the video the byte `at` of the sound lies, which is one of the piece."""
        before = self._ends[index - 1] if index else 0
        return self._begins[index] + at - before


def sound_of(video: Readable, size: int) -> VideoSound:
    """The sound of the MP4 or MOV of so many bytes; the same video makes the same bytes.

    Raises what the M4A's own reading raises: RefusedError, OpenEndedError, OSError.
    """
    reads = Pages(video, size)
    index = m4a.sound_in_video(reads)
    samples = _Samples(size)
    _take_table(samples, index)
    if index.growing and samples.whole:
        _take_fragments(samples, index, video, size)
    if not samples.sizes:
        raise _nothing_yet(index)
    track = _track(samples, index, reads)
    lost = samples.lost_ticks / track.scale
    front = front_of(track)
    if len(front) + sum(track.sizes) > MAX_SIZE:
        raise RefusedError(Refusal.TOO_LARGE, {"size": len(front) + sum(track.sizes), "limit": MAX_SIZE})
    return VideoSound(video, front, samples.pieces, None if samples.whole else track.played / track.scale + lost)


def _nothing_yet(index: m4a.Index) -> Exception:
    """What an index without a sample means: that its recorder has just begun, or that there is no sound."""
    refused = RefusedError(Refusal.VIDEO, {"kind": "MP4 video", "reason": NO_SOUND})
    return OpenEndedError(refused) if index.growing else refused


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Where pieces of the sound lie in the video, in its order: offsets and sizes."""

    begins: "array[int]"
    sizes: "array[int]"


class _Samples:
    """The samples that are here, in their order; ends at the first one that is not."""

    def __init__(self, size: int) -> None:
        """`size` is that of the video."""
        self._size = size
        self.sizes = array("I")
        self.durations: list[tuple[int, int]] = []
        self.pieces = _Pieces(array("Q"), array("Q"))
        self._chunks_left = size // _BYTES_OF_A_CHUNK + _FEW
        self._jumps_left = size // _BYTES_OF_A_JUMP + _FEW
        self.ticks = 0
        self.total = 0
        self.whole = True
        self.lost_ticks = 0

    def make_room(self, more: int) -> None:
        """Raise RefusedError where so many more samples are more than a video of this size can have."""
        if len(self.sizes) + more > self._size // _BYTES_OF_A_SAMPLE + _FEW:
            raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})

    def add(self, offset: int, sizes: "array[int]") -> int:
        """Take the samples that lie from the offset on and are here; returns how many.

        Raises RefusedError where they contradict what any video can hold.
        """
        self._chunks_left -= 1
        ends = list(accumulate(sizes)) if len(sizes) > 1 else sizes
        if offset < 0 or self._chunks_left < 0 or (ends and not ends[-1]):
            raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
        fitting = bisect_right(ends, self._size - offset)
        self.whole = self.whole and fitting == len(sizes)
        if not fitting:
            return 0
        size = ends[fitting - 1]
        self.total += size
        self.sizes.extend(sizes if fitting == len(sizes) else sizes[:fitting])
        begins, lengths = self.pieces.begins, self.pieces.sizes
        stop = begins[-1] + lengths[-1] if begins else 0
        if begins and stop == offset:
            lengths[-1] += size
        elif size:
            self._jumps_left -= not 0 <= offset - stop <= _GAP
            begins.append(offset)
            lengths.append(size)
        # Sound that is longer than its file is told of many times over.
        if self.total > self._size or self._jumps_left < 0:
            raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
        return fitting

    def last(self, count: int, ticks: int) -> None:
        """So many more samples last so long each."""
        if not count:
            return
        self.ticks += count * ticks
        if self.durations and self.durations[-1][1] == ticks:
            count += self.durations.pop()[0]
        self.durations.append((count, ticks))

    def wait(self, ticks: int) -> None:
        """Nothing is heard for so long behind the last sample."""
        if self.durations and ticks > 0:
            count, each = self.durations.pop()
            self.durations += [(count - 1, each)] if count > 1 else []
            self.durations.append((1, each + ticks))
            self.ticks += ticks


def _take_table(samples: _Samples, index: m4a.Index) -> None:
    """Take the samples that the index itself tells of."""
    table = index.track.table
    if not table.count:
        return
    if not table.tells_places:
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    sizes: Iterator[int] = repeat(table.size_of_each) if table.size_of_each else table.sizes()
    for chunk in table.chunks(0):
        samples.make_room(chunk.samples)
        if not _take_chunk(samples, chunk, sizes):
            samples.whole = False
            break
    _take_durations(samples, index.track)


def _take_chunk(samples: _Samples, chunk: Chunk, sizes: Iterator[int]) -> bool:
    """Take the samples of one chunk, a block of them at a time; False where one of them is not here."""
    offset, left = chunk.offset, chunk.samples
    while left > _SAMPLES_AT_ONCE:
        block = array("I", islice(sizes, _SAMPLES_AT_ONCE))
        if samples.add(offset, block) < _SAMPLES_AT_ONCE:
            return False
        offset, left = offset + sum(block), left - _SAMPLES_AT_ONCE
    return samples.add(offset, array("I", islice(sizes, left))) == left


def _take_durations(samples: _Samples, track: m4a.Track) -> None:
    left = here = len(samples.sizes)
    told = 0
    for count, ticks in track.table.durations():
        samples.last(min(count, left), ticks)
        samples.lost_ticks += (count - min(count, left)) * ticks
        left -= min(count, left)
        told += count * ticks
    if told < track.table.count:
        # No duration was written down: the length of the whole is all that there is.
        samples.durations.clear()
        samples.ticks = 0
        each = round((track.seconds or 0) * track.scale / max(track.table.count, 1))
        samples.last(here, each)
        samples.lost_ticks = (track.table.count - here) * each
    elif left:
        samples.last(left, samples.durations[-1][1])


def _take_fragments(samples: _Samples, index: m4a.Index, video: Readable, size: int) -> None:
    """Take the samples of all fragments up to the first one that is not whole."""
    clock: int | None = None
    left = size // _BYTES_OF_AN_INNER_BOX + _FEW
    for moof_at, moof in _fragments(samples, video, size):
        parts, walked = parts_of(moof, index.track.number, moof_at, index.defaults)
        left -= walked
        if left < 0:
            raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
        for part in parts:
            if part.clock is not None:
                clock = part.clock - samples.ticks if clock is None else clock
                samples.wait(part.clock - clock - samples.ticks)
            for run in part.runs:
                if not _take_run(samples, run):
                    samples.lost_ticks += run.ticks
                    return


def _take_run(samples: _Samples, run: Run) -> bool:
    """Take one run; False where a sample of it is not here, or nothing tells where it is."""
    if run.begin is None:
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    samples.make_room(run.samples)
    sizes = array("I", run.sizes) if run.sizes is not None else array("I", [run.usual.size]) * run.samples
    taken = samples.add(run.begin, sizes)
    if run.lengths is None:
        samples.last(taken, run.usual.ticks)
    for ticks, alike in groupby((run.lengths or ())[:taken]):
        samples.last(len(list(alike)), ticks)
    return taken == run.samples


def _fragments(samples: _Samples, video: Readable, size: int) -> Iterator[tuple[int, bytes]]:
    """Where each fragment's box lies, and its body; the samples are not whole where the file ends within a fragment."""
    at, left = 0, size // _BYTES_OF_A_BOX + _FEW
    while at < size and left > 0:
        left -= 1
        box = header(video.read_at(at, 16), at, size)
        if box is None:
            return
        if box.name in {b"moof", b"mdat"} and box.end > size:
            samples.whole = False
        elif box.name == b"moof" and box.end - box.body <= _LONGEST_MOOF:
            yield at, video.read_at(box.body, box.end - box.body)
        at = box.end


def _track(samples: _Samples, index: m4a.Index, reads: Pages) -> SoundTrack:
    walk = Walk(reads)
    track = index.track
    channels, configuration = m4a.sample_entry(walk, track.box)
    if not configuration:
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    if samples.ticks > _MOST_TICKS or any(each > _LONGEST_SAMPLE for _count, each in samples.durations):
        raise RefusedError(Refusal.CORRUPT, {"kind": "MP4"})
    begin, played = _edit(walk, index, samples.ticks)
    return SoundTrack(
        coding=b"alac" if configuration[4:8] == b"alac" else b"mp4a",
        channels=min(channels or track.channels, 0xFFFF),
        sample_rate=track.sample_rate,
        configuration=configuration,
        scale=track.scale,
        sizes=samples.sizes,
        durations=tuple(samples.durations),
        begin=begin,
        played=played,
    )


def _edit(walk: Walk, index: m4a.Index, ticks: int) -> tuple[int, int]:
    """From which tick on how many are played, as the edits say; silence that waits for a picture is left out."""
    movie_scale, _length = m4a.scale_and_length(walk.raw(walk.first(index.moov, b"mvhd"), 32))
    raw = walk.raw(walk.first(index.track.box, b"edts", b"elst"), 8 + 20 * 16)
    long = raw[0] == 1
    form = struct.Struct(">QqI" if long else ">IiI")
    entries = [form.unpack_from(raw, 8 + entry * form.size) for entry in range(min(number(raw, 4), 16))]
    heard = [(length, begin) for length, begin, _rate in entries if begin != _EMPTY]
    begin = heard[0][1] if heard and 0 <= heard[0][1] < ticks else 0
    told = sum(length for length, _begin in heard)
    played = round(told * index.track.scale / movie_scale) if movie_scale and not index.growing else 0
    return begin, min(played or ticks - begin, ticks - begin)
