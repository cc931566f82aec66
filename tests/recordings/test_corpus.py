"""Every kind of file that a rep may drop gets the right verdict, and a good one the right figures."""

from pathlib import Path

import pytest

from callup_desktop.files.errors import NotReadyError, Refusal, RefusedError, Wait
from callup_desktop.recordings.probe import JUDGED, HeldFile, format_of_head, inspect_whole, probe, probe_whole
from callup_desktop.recordings.recording import Doubt, Recording
from callup_desktop.recordings.verdict import ProbeOutcome
from tests.recordings.corpus import CASES, Case
from tests.recordings.shelf import Shelf
from tests.recordings.table import Row

# The first test waits until the encoders have made everything, which takes a busy machine minutes.
pytestmark = pytest.mark.timeout(600)

_FAR = 8 * JUDGED
_GOOD = [case for case in CASES if case.good]
_REFUSED_BY_FFPROBE = {"rf64-open", "one-frame", "flac-without-block-sizes"}
# ffprobe says nothing of the first, takes the first frame's rate for that of all in the second, speaks of the Dolby
# track in the third, and goes by what is wrong or a clock in the others.
_RATE_UNKNOWN_TO_FFPROBE = {
    "flac-unknown-total",
    "padded-tag",
    "m4a-dolby-first",
    "fragmented-by-a-clock",
    "flac-says-half",
    "flac-of-one-frame-says-less",
    "flac-says-one-sample-before-id3v1",
    "flac-part-of-a-stream",
    "flac-end-of-a-stream",
}
# Their recorders never came back to write it, and all bytes are sound.
_TELL_NO_LENGTH = {
    "wav-size-0",
    "wav-size-ffffffff",
    "wav-size-7fffffff",
    "rf64-open",
    "wav-killed",
    "wav-killed-by-core-audio",
    "wav-killed-with-a-fact",
    "wav-killed-after-its-riff-size",
}


def _named(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


def _outcome(case: Case) -> ProbeOutcome:
    match case.code:
        case Doubt():
            return ProbeOutcome.WARNING
        case Wait():
            return ProbeOutcome.UNFINISHED
        case Refusal():
            return ProbeOutcome.REFUSED
        case None:
            return ProbeOutcome.OK


@pytest.mark.parametrize("case", _named(list(CASES)))
def test_each_kind_of_file_gets_its_verdict(case: Case, rows: dict[str, Row]) -> None:
    verdict = rows[case.name].verdict

    assert (verdict.verdict, verdict.code, verdict.format) == (_outcome(case), case.code, case.format)
    if case.kind:
        assert verdict.params["kind"] == case.kind


@pytest.mark.parametrize("case", _named(_GOOD))
def test_a_good_recording_has_the_figures_that_ffprobe_finds(
    case: Case, rows: dict[str, Row], corpus: dict[str, Path]
) -> None:
    row, recording = rows[case.name], probe(corpus[case.name], cancelled=lambda: False, progress=lambda *_: None)
    if case.name in _REFUSED_BY_FFPROBE:
        assert row.opinion is None
        return

    assert row.opinion is not None
    assert (recording.channels, recording.sample_rate) == (row.opinion.channels, row.opinion.sample_rate)
    seconds = row.verdict.duration_seconds
    assert seconds is not None
    # Where the container does not tell, ffprobe guesses from the bit rate: then its packets are counted instead.
    assert min(abs(seconds - row.opinion.duration), abs(seconds - row.opinion.packets)) <= 0.1
    if case.name not in _RATE_UNKNOWN_TO_FFPROBE:
        assert recording.bit_rate == pytest.approx(row.opinion.bit_rate, rel=0.05)


@pytest.mark.parametrize("doubted", _named([case for case in CASES if case.code is Doubt.TRUNCATED]))
def test_a_cut_recording_tells_where_it_stops(doubted: Case, rows: dict[str, Row]) -> None:
    verdict = rows[doubted.name].verdict

    stops_at = verdict.params["stops_at"]
    assert stops_at == verdict.duration_seconds
    assert "should_be" not in verdict.params or float(verdict.params["should_be"]) > float(stops_at)


@pytest.mark.parametrize("case", _named([case for case in CASES if case.format]))
def test_half_of_a_recording_is_never_taken_for_all_of_it_where_anything_tells_its_length(
    case: Case, corpus: dict[str, Path]
) -> None:
    data = corpus[case.name].read_bytes()

    half = Shelf(data[: len(data) // 2 + 1]).verdict_of()

    assert (half.verdict is ProbeOutcome.OK) == (case.name in _TELL_NO_LENGTH)


def test_the_verdict_as_json_has_the_shape_that_the_console_promises(rows: dict[str, Row]) -> None:
    ok, refused = rows["lame-cbr-44100"].verdict.as_json(), rows["invoice.mp3"].verdict.as_json()

    assert list(ok) == ["file", "verdict", "code", "format", "duration_seconds", "size", "crc64nvme"]
    assert (ok["verdict"], ok["code"], ok["format"]) == ("ok", None, "mp3")
    assert (refused["verdict"], refused["code"], refused["format"]) == ("refused", "unsupported_type", None)
    assert (refused["duration_seconds"], refused["crc64nvme"]) == (None, None)
    assert isinstance(refused["size"], int)


# --- only the first bytes, or bytes in memory: no other verdict than on disk ------------------------------------------


def on_disk(data: bytes) -> Recording | str:
    """The desktop's verdict on an old file with these bytes: the recording, or the code of its refusal."""
    try:
        return Shelf(data).probe()
    except (RefusedError, NotReadyError) as exc:
        return str(exc.code)


def test_bytes_in_memory_are_judged_as_the_same_bytes_on_disk(corpus: dict[str, Path]) -> None:
    for name, path in corpus.items():
        data = path.read_bytes()
        try:
            judged: Recording | str = probe_whole(HeldFile(data))
        except RefusedError as exc:
            judged = str(exc.code)
        assert judged == on_disk(data), name


def test_headers_alone_never_refuse_what_every_byte_accepts(corpus: dict[str, Path]) -> None:
    for name, path in corpus.items():
        data = path.read_bytes()
        whole = on_disk(data)
        if isinstance(whole, Recording):
            assert inspect_whole(HeldFile(data))[0] is whole.format, name


def test_the_first_bytes_never_contradict_the_whole(corpus: dict[str, Path]) -> None:
    judged = 0
    for name, path in corpus.items():
        data = path.read_bytes()
        whole = on_disk(data)
        for size in range(JUDGED, max(JUDGED, min(len(data), _FAR)) + 1, JUDGED):
            try:
                seen = format_of_head(data[:size])
            except RefusedError:
                assert isinstance(whole, str), name
                judged += 1
                break
            if seen is not None and isinstance(whole, Recording):
                assert seen is whole.format, name
                judged += 1
    assert judged > 20
