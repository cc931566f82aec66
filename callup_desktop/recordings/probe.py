"""The probe: judges a file by its content before a byte is sent, and computes its checksums. Called on pool threads."""

import base64
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, assert_never

from callup_desktop.files.access import FILE_SYSTEM, FileState, FileSystem, OpenFile
from callup_desktop.files.errors import NotReadyError, Refusal, RefusedError, Wait, file_error
from callup_desktop.recordings import checksums, flac, kinds, m4a, mp3, tags, unsupported, wav
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.headers import Ending, Headers, OpenEndedError
from callup_desktop.recordings.pages import Pages, Readable
from callup_desktop.recordings.recording import (
    CRC64_BYTES,
    MAX_SIZE,
    PIECE,
    Doubt,
    Doubtful,
    ProbeStoppedError,
    Recording,
    SoundOf,
    VideoPolicy,
)
from callup_desktop.recordings.video_sound import VideoSound, sound_of

CHUNK: Final = 1024 * 1024
"""Bytes that are read of a disk at once; of memory it is one `PIECE`, which stays in the processor's cache."""
SETTLED: Final = 2.0
"""Seconds after its last change at which a file that does not tell its end is believed to be whole."""
HEADER_TIMEOUT: Final = 120.0
"""Seconds after its last change for which a WAV without final lengths counts as still being recorded."""
INDEX_TIMEOUT: Final = 1_800.0
"""The same for a file that holds nothing to read yet: an M4A without its index (docs/failures.md, "Files")."""
_SKEW: Final = 300.0
"""Seconds by which a file server's clock may be ahead of ours."""
_POLL_INTERVAL: Final = 0.05
"""Seconds between two looks at whether a waiting probe was cancelled."""
JUDGED: Final = 64 * 1024
"""Bytes past the leading tags after which content that is none of ours is seen for what it is."""
_FINAL: Final = frozenset({Refusal.UNSUPPORTED, Refusal.VIDEO, Refusal.PROTECTED, Refusal.WEB_PAGE})
"""Refusals that rest on what is there; the others may rest on what is missing."""


def probe(
    path: Path,
    *,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None],
    machine: FileSystem = FILE_SYSTEM,
    video: VideoPolicy = VideoPolicy.REFUSE,
    wants_crc32: Callable[[], bool] = lambda: False,
) -> Recording:
    """The recording at the path; raises RefusedError, NotReadyError or ProbeStoppedError, never OSError.

    `progress(done, size)` in bytes while the checksums are computed. The file is the same at the end as at the start.
    `wants_crc32`: whether the CRC32 is computed, too; it costs four times as much as the CRC64NVME.
    With VideoPolicy.SOUND the recording of an MP4 or MOV video is its sound, as `video_sound` puts it together.
    """
    with _opened(path, machine, video) as (file, state):
        try:
            content, headers = _content(file, state, machine, video)
            if headers.ending is Ending.UNTOLD:
                _settle(file, state, machine, cancelled)
            recording = _checksummed(content, file, state, headers, cancelled, progress, with_crc32=wants_crc32())
            if recording.warnings:
                _settle(file, state, machine, cancelled)
        except RefusedError as exc:
            # Of a copy that is under way only a torso is here yet.
            if exc.code in {Refusal.CORRUPT, Refusal.EMPTY}:
                _settle(file, state, machine, cancelled)
            raise
        if isinstance(content.bytes, VideoSound):
            beside = kinds.sound_beside(path.name)
            return replace(recording, sound_of=SoundOf(state.size, beside if _is_there(path, beside, machine) else ""))
        return recording


def inspect(path: Path, *, machine: FileSystem = FILE_SYSTEM) -> Headers:
    """What the headers alone say, in a few reads; raises what `probe` raises."""
    with _opened(path, machine, VideoPolicy.REFUSE) as (file, state):
        return _content(file, state, machine, VideoPolicy.REFUSE)[1]


def _is_there(path: Path, beside: str, machine: FileSystem) -> bool:
    """Whether a file of that name lies beside the path."""
    try:
        return bool(beside) and not machine.look(path.with_name(beside)).kind
    except (OSError, ValueError):
        return False


@contextmanager
def _opened(path: Path, machine: FileSystem, video: VideoPolicy) -> Iterator[tuple[OpenFile, FileState]]:
    """The open file. Reading an online-only one makes its provider bring it here, however long that takes."""
    try:
        named = machine.look(path)
        _refuse_other_than_files(named, path)
        file = machine.open(path)
    except OSError as exc:
        raise file_error(exc, path) from exc
    except ValueError as exc:
        # A path with a null byte or a lone surrogate names no file.
        raise RefusedError(Refusal.NOT_FOUND, {"name": path.name}) from exc
    try:
        yield file, _state_of(file, path, video)
    except OSError as exc:
        raise (_still_online(path) if named.online_only else file_error(exc, path)) from exc
    except RefusedError as exc:
        # A provider that is not running may give zeros or nothing at all.
        if named.online_only and exc.code is Refusal.EMPTY:
            raise _still_online(path) from exc
        raise _with_what_the_name_tells(exc, path, machine) from exc
    finally:
        with suppress(OSError):
            file.close()


def _with_what_the_name_tells(refused: RefusedError, path: Path, machine: FileSystem) -> RefusedError:
    """The refusal with what the content cannot tell: a coding without a header, and Zoom's own files."""
    beside = kinds.sound_beside(path.name)
    if refused.code is Refusal.VIDEO and _is_there(path, beside, machine):
        return RefusedError(refused.code, {**refused.params, "beside": beside})
    if refused.code is Refusal.CORRUPT and refused.params.get("kind") == "unknown":
        kind = kinds.kind_by_name(path.name)
        return RefusedError(Refusal.UNSUPPORTED, {"kind": kind}) if kind else refused
    recorder = kinds.recorder_of(path)
    if recorder and refused.code in {Refusal.CORRUPT, Refusal.VIDEO}:
        return RefusedError(refused.code, {**refused.params, "recorder": recorder})
    return refused


def _still_online(path: Path) -> NotReadyError:
    return NotReadyError(Wait.ONLINE_ONLY, {"name": path.name, "folder": str(path.parent)})


def _state_of(file: OpenFile, path: Path, video: VideoPolicy) -> FileState:
    state = file.look()
    # Between the look and the opening another thing may have taken the name.
    _refuse_other_than_files(state, path)
    if state.size == 0:
        raise RefusedError(Refusal.EMPTY, {"size": 0})
    if state.size > MAX_SIZE and not (video is VideoPolicy.SOUND and m4a.is_mp4(Pages(file, state.size))):
        raise _too_large(state)
    return state


def _too_large(state: FileState) -> RefusedError:
    return RefusedError(Refusal.TOO_LARGE, {"size": state.size, "limit": MAX_SIZE})


def _refuse_other_than_files(state: FileState, path: Path) -> None:
    if state.kind:
        raise RefusedError(Refusal.NOT_A_FILE, {"kind": state.kind, "name": path.name})


@dataclass(frozen=True, slots=True)
class _Content:
    """What is sent: the file's own bytes, or those that are put together from it."""

    bytes: Readable
    size: int


def _content(file: OpenFile, state: FileState, machine: FileSystem, video: VideoPolicy) -> tuple[_Content, Headers]:
    """What is to be sent of the file, and its headers; NotReadyError while its recorder may come back for it."""
    try:
        content, headers = _judged(file, state, video)
    except OpenEndedError as exc:
        if _fresh(state, machine, INDEX_TIMEOUT):
            raise NotReadyError(Wait.UNFINISHED) from exc
        raise exc.otherwise from exc
    if headers.ending is Ending.OPEN and _fresh(state, machine, HEADER_TIMEOUT):
        raise NotReadyError(Wait.UNFINISHED)
    return content, headers


def _judged(file: OpenFile, state: FileState, video: VideoPolicy) -> tuple[_Content, Headers]:
    pages = Pages(file, state.size)
    try:
        headers = read_headers(pages)
    except RefusedError as exc:
        if exc.code is not Refusal.VIDEO or video is VideoPolicy.REFUSE or not m4a.is_mp4(pages):
            raise
        return _sound(file, state)
    if state.size > MAX_SIZE:
        raise _too_large(state)
    return _Content(file, state.size), headers


def _sound(file: OpenFile, state: FileState) -> tuple[_Content, Headers]:
    """The sound of a video and its headers."""
    sound = sound_of(file, state.size)
    headers = read_headers(Pages(sound, sound.size))
    if sound.should_be is not None:
        cut = Doubtful(Doubt.TRUNCATED, headers.duration_seconds, sound.should_be)
        headers = replace(headers, truncated=cut, ending=Ending.UNTOLD)
    return _Content(sound, sound.size), headers


def read_headers(pages: Pages) -> Headers:
    """The headers of the recording; raises RefusedError, OpenEndedError or OSError."""
    start = tags.sound_start(pages)
    match _marked_format(pages, start):
        case Format.FLAC:
            return flac.read(pages, start)
        case Format.WAV:
            return wav.read(pages, start)
        case Format.M4A:
            return m4a.read(pages)
        case Format.MP3 | None:
            pass
        case other:
            assert_never(other)
    headers = mp3.read(pages, start, tags.sound_end(pages, start))
    if headers is None:
        raise unsupported.refuse(pages, start)
    return headers


def _marked_format(pages: Pages, start: int) -> Format | None:
    """The format whose mark stands at `start`; MP3 has none. Raises RefusedError at the mark of any other thing."""
    head = pages.at(start, 16)
    if flac.is_flac(head):
        return Format.FLAC
    if wav.is_wav(head):
        return Format.WAV
    if m4a.is_mp4(pages):
        return Format.M4A
    unsupported.refuse_known(pages, start)
    return None


def format_of_head(head: bytes) -> Format | None:
    """The format of a recording of which only the first bytes are here; None where more of them are needed.

    Raises RefusedError only where no later byte could change the verdict.
    """
    pages = Pages(HeldFile(head), len(head))
    start = tags.sound_start(pages)
    if len(head) - start < JUDGED:
        return None
    marked = _marked_format(pages, start)
    if marked is None:
        if mp3.read(pages, start, len(head)):
            return Format.MP3
        if len(head) - start < mp3.SEARCHED + JUDGED:
            return None
        raise unsupported.refuse(pages, start)
    try:
        read_headers(pages)
    except OpenEndedError:
        pass  # its index lies behind these bytes
    except RefusedError as exc:
        if exc.code in _FINAL:
            raise
    return marked


def probe_whole(file: OpenFile) -> Recording:
    """The recording in an open file that nobody writes any more, every byte of it read.

    Raises RefusedError, and what reading the file does.
    """
    state = _state_of(file, Path(), VideoPolicy.REFUSE)
    headers = _closed_headers(file, state)
    content = _Content(file, state.size)
    return _checksummed(content, file, state, headers, lambda: False, lambda _done, _size: None, at_once=PIECE)


def inspect_whole(file: OpenFile) -> tuple[Format, tuple[Doubtful, ...]]:
    """The format and the doubts that the headers of such a file show, in a few reads; raises as `probe_whole` does."""
    headers = _closed_headers(file, _state_of(file, Path(), VideoPolicy.REFUSE))
    if headers.duration_seconds == 0:
        raise RefusedError(Refusal.CORRUPT, {"kind": headers.format.value.upper()})
    return headers.format, _warnings(headers)


def _closed_headers(file: OpenFile, state: FileState) -> Headers:
    try:
        return read_headers(Pages(file, state.size))
    except OpenEndedError as exc:
        raise exc.otherwise from exc


class HeldFile:
    """A file whose bytes are in memory."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._data = memoryview(data)

    def look(self) -> FileState:
        """An ordinary file of this size that never changes."""
        return FileState("", len(self._data), 0, online_only=False)

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes at the offset, fewer only at the end."""
        return bytes(self._data[offset : offset + length])

    def close(self) -> None:
        """Nothing is held open."""


def _fresh(state: FileState, machine: FileSystem, limit: float) -> bool:
    return -_SKEW <= machine.now() - state.mtime_ns / 1e9 < limit


def _settle(file: OpenFile, state: FileState, machine: FileSystem, cancelled: Callable[[], bool]) -> None:
    """Wait until the file was left alone for a moment; NotReadyError if it was not."""
    waited = 0.0
    while waited < SETTLED and _fresh(state, machine, SETTLED):
        if cancelled():
            raise ProbeStoppedError
        machine.pause(_POLL_INTERVAL)
        waited += _POLL_INTERVAL
    _refuse_changed(file, state)


def _refuse_changed(file: OpenFile, state: FileState) -> None:
    now = file.look()
    if (now.size, now.mtime_ns) != (state.size, state.mtime_ns):
        raise NotReadyError(Wait.UNFINISHED)


def _checksummed(
    content: _Content,
    file: OpenFile,
    state: FileState,
    headers: Headers,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None],
    *,
    with_crc32: bool = False,
    at_once: int = CHUNK,
) -> Recording:
    follower = headers.follow() if headers.follow else None
    crc64nvme = crc32 = done = 0
    pieces, in_pieces = bytearray(), True
    while done < content.size:
        if cancelled():
            raise ProbeStoppedError
        data = content.bytes.read_at(done, at_once)
        if not data:
            raise NotReadyError(Wait.UNFINISHED)
        in_pieces = in_pieces and done % PIECE == 0
        for at in range(0, len(data), PIECE):
            piece = memoryview(data)[at : at + PIECE]
            of_piece = checksums.crc64nvme(piece)
            pieces += of_piece.to_bytes(CRC64_BYTES, "big")
            crc64nvme = checksums.combine_crc64nvme(crc64nvme, of_piece, len(piece))
        if with_crc32:
            crc32 = zlib.crc32(data, crc32)
        if follower:
            follower.feed(data, done)
        done += len(data)
        progress(min(done, content.size), content.size)
    _refuse_changed(file, state)
    if follower:
        headers = replace(follower.finish(headers), follow=None)
    if headers.duration_seconds == 0:
        raise RefusedError(Refusal.CORRUPT, {"kind": headers.format.value.upper()})
    return Recording(
        format=headers.format,
        size=content.size,
        duration_seconds=headers.duration_seconds,
        channels=headers.channels,
        sample_rate=headers.sample_rate,
        bit_rate=headers.bit_rate,
        warnings=_warnings(headers),
        crc64nvme=_base64(crc64nvme, CRC64_BYTES),
        crc32=_base64(crc32, 4) if with_crc32 else "",
        same_channels=headers.same_channels,
        piece_crc64nvmes=bytes(pieces) if in_pieces else b"",
    )


def _warnings(headers: Headers) -> tuple[Doubtful, ...]:
    silent = (Doubtful(Doubt.SILENT),) if headers.silent else ()
    return (headers.truncated, *silent) if headers.truncated else silent


def _base64(checksum: int, length: int) -> str:
    """As S3 writes it: the big-endian bytes."""
    return base64.b64encode(checksum.to_bytes(length, "big")).decode()
