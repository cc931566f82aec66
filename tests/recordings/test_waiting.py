"""What is still being written, locked or in the cloud waits; what is whole does not."""

import errno

import pytest

from callup_desktop.files.errors import NotReadyError, Refusal, RefusedError, Wait
from callup_desktop.recordings.probe import CHUNK, HEADER_TIMEOUT, INDEX_TIMEOUT, SETTLED
from callup_desktop.recordings.recording import ProbeStoppedError
from callup_desktop.recordings.verdict import ProbeOutcome
from tests.recordings.shelf import PATH, Shelf
from tests.recordings.studio import Studio, boxes, chunk, id3, pcm_form, riff, sizes_of_wav


@pytest.fixture
def recorded(studio: Studio) -> bytes:
    """A WAV whose recorder has not written its sizes."""
    return sizes_of_wav(studio.wav().read_bytes(), 0, 0)


@pytest.fixture
def bare_mp3(studio: Studio) -> bytes:
    """An MP3 that does not tell its length."""
    return studio.lame("-t", "-b", "64", rate=8_000)


@pytest.fixture
def long_wav() -> bytes:
    """A WAV of three chunks and a bit."""
    return riff(pcm_form(), chunk(b"data", b"\x10\x20" * (3 * CHUNK // 2 + 7)))


def _wait_of(shelf: Shelf) -> Wait:
    with pytest.raises(NotReadyError) as caught:
        shelf.probe()
    return caught.value.code


def test_a_wav_that_is_still_recorded_waits_and_goes_by_itself_once_it_is_left_alone(recorded: bytes) -> None:
    shelf = Shelf(recorded, age=1)
    assert _wait_of(shelf) is Wait.UNFINISHED

    shelf.now += HEADER_TIMEOUT

    assert shelf.verdict_of().verdict is ProbeOutcome.OK


@pytest.mark.parametrize("reserved", [0, 4_044])
def test_a_wav_whose_recorder_began_with_the_sizes_of_an_empty_one_waits_as_well(reserved: int, studio: Studio) -> None:
    whole = studio.wav().read_bytes()
    front = riff(pcm_form(), chunk(b"JUNK", bytes(reserved)), chunk(b"data", b""))
    shelf = Shelf(front + whole[44:], age=1)
    assert _wait_of(shelf) is Wait.UNFINISHED

    shelf.now += HEADER_TIMEOUT

    assert shelf.verdict_of().verdict is ProbeOutcome.OK


def test_an_m4a_without_its_index_waits_half_an_hour_and_is_then_given_up(studio: Studio) -> None:
    parts = boxes(studio.ffmpeg("m4a"))
    shelf = Shelf(parts[b"ftyp"] + parts[b"mdat"], age=INDEX_TIMEOUT - 1)
    assert _wait_of(shelf) is Wait.UNFINISHED

    shelf.now += 1

    with pytest.raises(RefusedError) as caught:
        shelf.probe()
    assert caught.value.code is Refusal.CORRUPT
    assert caught.value.params["reason"] == "unfinished"


def test_an_m4a_that_gets_its_index_while_it_waits_is_taken(studio: Studio) -> None:
    whole = studio.ffmpeg("m4a")
    shelf = Shelf(whole[: len(whole) // 2], age=1)
    assert _wait_of(shelf) is Wait.UNFINISHED

    shelf.data = whole

    assert shelf.verdict_of().verdict is ProbeOutcome.OK


def test_a_fragmented_m4a_before_its_first_fragment_waits(studio: Studio) -> None:
    parts = boxes(studio.ffmpeg("m4a", "-movflags", "frag_keyframe+empty_moov"))

    assert _wait_of(Shelf(parts[b"ftyp"] + parts[b"moov"], age=1)) is Wait.UNFINISHED


def test_a_file_server_whose_clock_is_ahead_does_not_hide_a_recorder(recorded: bytes) -> None:
    assert _wait_of(Shelf(recorded, age=-60)) is Wait.UNFINISHED


def test_a_wav_of_tomorrow_is_not_waited_for_until_tomorrow(recorded: bytes) -> None:
    assert Shelf(recorded, age=-86_400).verdict_of().verdict is ProbeOutcome.OK


def test_a_file_that_grows_while_it_is_read_waits(long_wav: bytes) -> None:
    shelf = Shelf(long_wav)

    def grow(reads: int) -> None:
        if reads == 4:
            shelf.data += b"more"

    shelf.at_read = grow

    assert _wait_of(shelf) is Wait.UNFINISHED


def test_a_file_that_is_saved_again_with_the_same_size_while_it_is_read_waits(long_wav: bytes) -> None:
    shelf = Shelf(long_wav)

    def touch(reads: int) -> None:
        if reads == 4:
            shelf.mtime = shelf.now

    shelf.at_read = touch

    assert _wait_of(shelf) is Wait.UNFINISHED


def test_a_file_that_shrinks_to_nothing_while_it_is_read_waits(long_wav: bytes) -> None:
    shelf = Shelf(long_wav)

    def empty(reads: int) -> None:
        if reads == 4:
            shelf.data = b""

    shelf.at_read = empty

    assert _wait_of(shelf) is Wait.UNFINISHED


def test_a_fresh_mp3_that_does_not_tell_its_length_is_watched_before_it_is_believed(bare_mp3: bytes) -> None:
    shelf = Shelf(bare_mp3, age=0.5)

    assert shelf.verdict_of().verdict is ProbeOutcome.OK
    assert shelf.now - shelf.mtime >= SETTLED


def test_a_fresh_mp3_that_grows_while_it_is_watched_waits(bare_mp3: bytes) -> None:
    shelf = Shelf(bare_mp3[:40_000], age=0.5)

    def record() -> None:
        shelf.data, shelf.mtime = bare_mp3[: len(shelf.data) + 1000], shelf.now

    shelf.at_nap = record

    assert _wait_of(shelf) is Wait.UNFINISHED


def test_a_fresh_recording_that_adds_up_is_taken_at_once(studio: Studio) -> None:
    for whole in (studio.wav().read_bytes(), studio.lame("-b", "64"), studio.ffmpeg("m4a"), studio.flac()):
        shelf = Shelf(whole, age=0)
        assert shelf.verdict_of().verdict is ProbeOutcome.OK
        assert shelf.naps == 0


def test_a_copy_that_is_under_way_waits_instead_of_being_called_cut(studio: Studio) -> None:
    whole = studio.lame("-b", "64")
    shelf = Shelf(whole[:20_000], age=0)

    def copy() -> None:
        shelf.data = whole

    shelf.at_nap = copy

    assert _wait_of(shelf) is Wait.UNFINISHED
    assert shelf.verdict_of().verdict is ProbeOutcome.OK


@pytest.mark.parametrize("here", [30, 2_000])
def test_a_copy_of_which_only_a_torso_is_here_waits_instead_of_being_refused(here: int, studio: Studio) -> None:
    whole = id3(bytes(5_000)) + studio.lame("-b", "64")
    shelf = Shelf(whole[:here], age=0)

    def copy() -> None:
        shelf.data = whole

    shelf.at_nap = copy

    assert _wait_of(shelf) is Wait.UNFINISHED
    assert shelf.verdict_of().verdict is ProbeOutcome.OK


def test_watching_a_fresh_file_ends_when_the_rep_removes_it(bare_mp3: bytes) -> None:
    shelf = Shelf(bare_mp3, age=0)

    with pytest.raises(ProbeStoppedError):
        shelf.probe(cancelled=lambda: shelf.naps == 3)
    assert shelf.naps == 3


def test_a_file_in_the_cloud_is_fetched_by_reading_it(long_wav: bytes) -> None:
    shelf = Shelf(long_wav)
    shelf.online_only = True

    assert shelf.verdict_of().verdict is ProbeOutcome.OK
    assert sum(length for _offset, length in shelf.reads) >= len(long_wav)


@pytest.mark.parametrize("data", [bytes(5_000), b"RIFF"])
def test_a_file_in_the_cloud_that_cannot_be_fetched_waits(data: bytes) -> None:
    shelf = Shelf(data)
    shelf.online_only = True

    def refuse(_reads: int) -> None:
        raise OSError(errno.EINVAL, "the cloud file provider is not running")

    shelf.at_read = refuse

    assert _wait_of(shelf) is Wait.ONLINE_ONLY


def test_a_file_in_the_cloud_that_reads_as_nothing_is_not_called_empty() -> None:
    for data in (bytes(5_000), b""):
        shelf = Shelf(data)
        shelf.online_only = True
        assert _wait_of(shelf) is Wait.ONLINE_ONLY


def test_what_waits_has_its_code_in_the_verdict(recorded: bytes) -> None:
    verdict = Shelf(recorded, age=0).verdict_of()

    assert (verdict.file, verdict.verdict, verdict.code) == (str(PATH), ProbeOutcome.UNFINISHED, "unfinished")
    assert verdict.size == len(recorded)
