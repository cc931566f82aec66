"""What the gateway takes and refuses by content, early or once it is stored; a refused recording leaves nothing."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.faults.laptop import Network
from tests.gateway.clients import FIELDS, Answer, by_curl
from tests.gateway.look import Before, Look
from tests.gateway.replica import Replica

PART = 8 * 1024 * 1024
IN_PARTS = {"Transfer-Encoding": "chunked"}
"""A body whose length is not known before may be too long for one request to the storage."""


def ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True)  # noqa: S607 - setup.sh brings it


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, long_call: Path) -> Mapping[str, Path]:
    """Recordings of more than one part."""
    folder = tmp_path_factory.mktemp("judging")
    files = {
        name: folder / name for name in ("whole.m4a", "whole.flac", "video.m4a", "video.mp4", "cut.wav", "cut.m4a")
    }
    for name, codec in (("whole.m4a", "alac"), ("whole.flac", "flac")):
        ffmpeg("-i", str(long_call), "-c:a", codec, str(files[name]))
    picture = ("-f", "lavfi", "-i", "mandelbrot=size=640x480:rate=25", "-i", str(long_call), "-t", "8")
    codecs = ("-c:v", "mpeg4", "-q:v", "1", "-c:a", "aac")
    # The index at the end: only the stored object tells that it is a video; at the front the first bytes do.
    ffmpeg(*picture, *codecs, "-f", "mp4", str(files["video.m4a"]))
    ffmpeg(*picture, *codecs, "-movflags", "+faststart", str(files["video.mp4"]))
    files["cut.wav"].write_bytes(long_call.read_bytes()[: PART + PART // 2])
    files["cut.m4a"].write_bytes(files["whole.m4a"].read_bytes()[: PART + PART // 2])
    assert all(file.stat().st_size > PART for file in files.values())
    return files


def send(gateway: Replica, file: Path, query: str = "", headers: Mapping[str, str] | None = None) -> Answer:
    return by_curl(gateway.upload + query, FIELDS, file, headers or {})


@pytest.mark.parametrize("name", ["whole.m4a", "whole.flac"])
def test_a_recording_in_parts_is_judged_where_it_is_stored(
    name: str, gateway: Replica, made: Mapping[str, Path], look: Look
) -> None:
    answer = send(gateway, made[name], headers=IN_PARTS)

    assert answer.status == 201, answer.text
    document = look.document(answer.json["call_id"])
    assert document["audio"]["format"] == name.partition(".")[2]
    assert look.content(document["audio"]["s3_key"]) == made[name].read_bytes()


@pytest.mark.parametrize(
    ("name", "code"),
    [("video.m4a", "video"), ("video.mp4", "video"), ("cut.wav", "truncated"), ("cut.m4a", "corrupt")],
)
def test_a_recording_that_is_refused_only_once_it_is_stored_is_taken_away_again(
    name: str, code: str, gateway: Replica, made: Mapping[str, Path], look: Look
) -> None:
    before = Before.of(look)

    answer = send(gateway, made[name], headers=IN_PARTS)

    assert (answer.status, answer.json["type"]) == (400, code)
    before.assert_nothing_added()


def test_a_recording_of_known_length_that_fits_is_not_cut_into_parts(
    outage_gateway: Replica, network: Network, made: Mapping[str, Path], outage_look: Look
) -> None:
    network.forget()

    answer = send(outage_gateway, made["cut.wav"], "?send_anyway=true")

    assert answer.status == 201, answer.text
    asked = {exchange.arrived.operation for exchange in network.s3.plan.exchanges()}
    assert asked & {"put", "create", "part", "complete"} == {"put"}
    key = outage_look.document(answer.json["call_id"])["audio"]["s3_key"]
    assert outage_look.content(key) == made["cut.wav"].read_bytes()


def test_other_content_creates_no_upload_at_all(
    outage_gateway: Replica, network: Network, made: Mapping[str, Path], tmp_path: Path
) -> None:
    network.forget()
    pages = tmp_path / "page.mp3"
    pages.write_bytes(b"<!DOCTYPE html><html><body>sign in</body></html>" * 400_000)

    assert send(outage_gateway, pages).json["type"] == "web_page"
    assert send(outage_gateway, made["video.mp4"]).json["type"] == "video"

    assert not network.s3.plan.exchanges("create")
    assert not network.s3.plan.exchanges("put")


def test_a_doubtful_recording_is_taken_when_its_sender_says_so(
    gateway: Replica, made: Mapping[str, Path], recordings: Mapping[str, Path], tmp_path: Path, look: Look
) -> None:
    short = tmp_path / "short.wav"
    short.write_bytes(recordings["wav"].read_bytes()[:100_000])

    for file in (made["cut.wav"], short):
        refused = send(gateway, file)
        assert (refused.status, refused.json["type"]) == (400, "truncated")
        assert "cut off at" in refused.json["detail"]
        taken = send(gateway, file, "?send_anyway=true")
        assert taken.status == 201, taken.text
        assert look.document(taken.json["call_id"])["audio"]["file_size_bytes"] == file.stat().st_size


def test_a_recording_is_named_by_its_content_whatever_it_is_called(
    gateway: Replica, recordings: Mapping[str, Path], tmp_path: Path, look: Look
) -> None:
    misnamed = tmp_path / "call.mp3"
    misnamed.write_bytes(recordings["flac"].read_bytes())

    audio = look.document(send(gateway, misnamed).json["call_id"])["audio"]

    assert (audio["format"], audio["s3_key"].rpartition(".")[2]) == ("flac", "flac")
