"""A recording that its recorder still writes, sent from the console: it keeps its details and goes once it is whole."""

import signal
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo.collection import Collection

from tests.cli.console import DETAILS, RUN_WITHIN, Callup, until, wav

_SIZES = ((4, 8), (40, 44))
"""Where a WAV names its lengths, and what each does not count."""


def unfinished(path: Path) -> Path:
    """A WAV as a recorder leaves it until it stops: without its lengths."""
    wav(path, seconds=2)
    with path.open("r+b") as file:
        for place, _uncounted in _SIZES:
            file.seek(place)
            file.write(struct.pack("<I", 0))
    return path


def finish(path: Path) -> None:
    """The recorder stops, and writes the lengths."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for place, uncounted in _SIZES:
            file.seek(place)
            file.write(struct.pack("<I", size - uncounted))


def registered(calls: Collection[dict[str, Any]], call_id: str) -> Any:
    found = calls.find_one({"_id": call_id})
    assert found is not None
    return found["metadata"]


ACME = {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"}


def test_an_unfinished_recording_is_kept_with_its_details_and_sent_by_the_next_console(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = unfinished(tmp_path / "call.wav")
    kept = callup("send", path, *DETAILS, "--json", "--patience", "1")
    assert (kept.code, kept.values[0]["error"]["code"]) == (75, "unfinished")
    assert kept.values[0]["error"]["message"].endswith("It will be sent by itself.")
    (waiting,) = callup("list", "--json").values
    assert (waiting["state"], waiting["company"], waiting["call_type"]) == ("draft", "Acme Corp", "demo")
    assert waiting["send_asked"]
    assert "It will be sent by itself." in callup("list").out

    finish(path)
    resumed = callup("resume", "--json")

    assert resumed.code == 0, resumed.err
    assert resumed.values[0]["call_id"] == waiting["call_id"]
    assert registered(calls, waiting["call_id"]) == ACME


def test_a_recording_that_is_only_judged_is_not_said_to_be_sent(callup: Callup, tmp_path: Path) -> None:
    judged = callup("probe", unfinished(tmp_path / "call.wav"))

    assert "Your recorder is still writing this file." in judged.err
    assert "by itself" not in judged.err


def test_a_second_console_follows_the_same_call_and_does_not_wait_for_ever(callup: Callup, tmp_path: Path) -> None:
    path = unfinished(tmp_path / "call.wav")
    first = callup("send", path, *DETAILS, "--json", "--patience", "1")

    second = callup("send", path, *DETAILS, "--json", "--patience", "1")

    assert (first.code, second.code) == (75, 75)
    assert len(callup("list", "--json").values) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a matter of POSIX")
def test_a_console_that_is_killed_while_it_waits_loses_nothing_of_the_wish(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = unfinished(tmp_path / "call.wav")
    waiting = callup.start("send", path, *DETAILS, "--json", "--patience", "60")
    until(lambda: any(entry.get("code") == "unfinished" for entry in callup.log()), waiting)
    waiting.send_signal(signal.SIGKILL)
    waiting.communicate(timeout=RUN_WITHIN)

    finish(path)
    resumed = callup("resume", "--json")

    assert resumed.code == 0, resumed.err
    assert registered(calls, resumed.values[0]["call_id"]) == ACME
