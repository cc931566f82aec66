"""`callup probe` judges a file as the chosen profile would when it is sent."""

import argparse
from pathlib import Path

import pytest

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.cli.probe import probe
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import Code
from callup_desktop.instance.client import StartError
from callup_desktop.presentation.messages import Messages
from tests.recordings.studio import Studio

_PROFILE = """
bucket = "calls"
region = "eu-central-1"
mongo_uri = "mongodb+srv://registry.example.com/"
database = "callup"
queue_url = "https://sqs.eu-central-1.amazonaws.com/123456789012/calls"
"""


@pytest.fixture
def here(tmp_path: Path) -> Home:
    return Home(tmp_path / "config", tmp_path / "data", tmp_path / "logs")


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "meeting.mp4"
    path.write_bytes(Studio(tmp_path).video("mp4", "-c:a", "aac"))
    return path


def _judged(video: Path, choice: Choice, here: Home) -> int:
    return probe(argparse.Namespace(files=[video], json=True), choice, Printer(Messages(), as_json=True), here)


@pytest.mark.parametrize(("policy", "code"), [("sound", ExitCode.OK), ("refuse", ExitCode.FAILED)])
def test_a_video_is_judged_as_the_named_profile_wants_it(
    policy: str, code: ExitCode, video: Path, here: Home, tmp_path: Path
) -> None:
    profile = tmp_path / "acme.callup"
    profile.write_text(f'name = "Acme"\nvideo = "{policy}"\n{_PROFILE}')

    assert _judged(video, Choice(profile=profile), here) == code


@pytest.mark.parametrize("choice", [Choice(), Choice(sandbox=True)], ids=["none", "sandbox"])
def test_the_sound_of_a_video_is_judged_where_no_profile_says_otherwise(
    choice: Choice, video: Path, here: Home
) -> None:
    assert _judged(video, choice, here) == ExitCode.OK


def test_a_profile_that_cannot_be_read_is_told_and_nothing_is_judged(video: Path, here: Home, tmp_path: Path) -> None:
    with pytest.raises(StartError) as caught:
        _judged(video, Choice(profile=tmp_path / "missing.callup"), here)

    assert caught.value.code is Code.BAD_PROFILE
