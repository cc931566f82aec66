"""What the console prints of names that come from outside."""

import pytest

from callup_desktop.cli.output import Printer
from callup_desktop.cli.table import print_table
from callup_desktop.engine.job import State
from callup_desktop.instance.messages import CallStatus
from callup_desktop.presentation.messages import Messages


def test_a_list_shows_names_as_they_are_whatever_a_terminal_s_markup_makes_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name, company = "[red]call :smile: [1].wav", "Acme [Corp]"
    call = CallStatus(call_id="1", asked_id="1", path=f"/calls/{name}".encode(), state=State.QUEUED, company=company)

    print_table([call], Printer(Messages(), as_json=False))

    told = capsys.readouterr().out
    assert name in told
    assert company in told


def test_a_receipt_for_the_sound_of_a_video_tells_of_the_sound_that_zoom_saved(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sound = "audio_only\x1b[2J.m4a"
    call = CallStatus(
        call_id="1", asked_id="1", path=b"zoom_0.mp4", state=State.DONE, video_size=1000, size=10, sound_beside=sound
    )

    Printer(Messages(), as_json=False).sent("zoom_0.mp4", call)

    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("sound of zoom_0.mp4")
    assert told[1:] == ["Zoom saved the sound beside it as audio_only\\x1b[2J.m4a"]
