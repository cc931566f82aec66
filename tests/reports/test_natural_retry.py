"""Scripts that repeated a command after it had ended early found every call twice in the company's list.

The command said "try again later", or the laptop had died; people did what everybody does and ran the same line again.
Others sent a copy, a link, or last week's recording once more, and nobody asked them.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from pymongo.collection import Collection

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, RUN_WITHIN, Answer, Callup, kill, profile_with, until, wav

SENT_BEFORE = 3
KEPT = 75


@pytest.fixture
def callup(home: Path, sandbox: Running) -> Callup:
    return Callup(home, sandbox.profile)


@pytest.fixture
def offline(home: Path, sandbox: Running, tmp_path: Path) -> Callup:
    """The same home, where storage cannot be reached."""
    return Callup(home, profile_with(tmp_path / "offline", sandbox, endpoint="http://127.0.0.1:9"))


def ids_of(answer: Answer) -> list[str]:
    return [told["call_id"] for told in answer.values]


def registered(calls: Collection[dict[str, Any]], company: str) -> int:
    return calls.count_documents({"metadata.company_name": company})


def as_company(company: str) -> tuple[str, ...]:
    return ("--company", company, *DETAILS[2:])


def test_the_same_command_after_it_ended_early_and_after_it_ended_well_makes_no_second_call(
    callup: Callup, offline: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    command: list[str | Path] = [
        "send",
        *(wav(tmp_path / f"{n}.wav", seed=n) for n in range(3)),
        *as_company("Repeated"),
        "--json",
    ]
    assert offline(*command, "--patience", "3").code == KEPT

    second = callup(*command)
    third = callup(*command)

    assert (second.code, third.code) == (0, SENT_BEFORE)
    assert len(set(ids_of(second))) == 3
    assert sorted(told["duplicate_of"] for told in third.values) == sorted(ids_of(second))
    assert all(told["error"]["code"] == "duplicate" and told["sent_at"] for told in third.values)
    assert registered(calls, "Repeated") == 3
    assert [row["state"] for row in callup("list", "--json").values] == ["done"] * 3


def test_a_laptop_that_died_is_resumed_and_the_same_command_makes_no_second_call(
    callup: Callup, home: Path, sandbox: Running, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    slow = Callup(home, profile_with(tmp_path / "slow", sandbox, bandwidth_limit=300_000))
    files = [wav(tmp_path / f"{number}.wav", seed=100 + number) for number in range(6)]
    command: list[str | Path] = ["send", *files, *as_company("Died"), "--json"]
    dying = slow.start(*command)
    until(lambda: any(entry.get("step") == "announce" for entry in slow.log()), dying)
    kill(dying)

    assert callup("resume", "--json").code == 0
    repeated = callup(*command)

    assert repeated.code == SENT_BEFORE
    assert len(repeated.values) == len(files)
    assert registered(calls, "Died") == len(files)


def test_a_link_a_copy_and_the_file_itself_in_one_command_are_one_call(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seed=7)
    hard, soft, copy = (tmp_path / name for name in ("hard.wav", "soft.wav", "copy.wav"))
    hard.hardlink_to(path)
    soft.symlink_to(path)
    shutil.copyfile(path, copy)

    answer = callup("send", path, hard, soft, copy, path, *as_company("One call"), "--json")

    assert answer.code == 0, answer
    assert len(set(ids_of(answer))) == 1
    assert sorted(told["file"] for told in answer.values) == sorted(map(str, (path, hard, soft, copy, path)))
    assert registered(calls, "One call") == 1


def test_a_recording_of_last_week_is_told_with_its_call_and_sent_only_to_who_insists(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seed=8)
    (first,) = ids_of(callup("send", path, *as_company("Last week")))
    copy = Path(shutil.copy(path, tmp_path / "under another name.wav"))

    told = callup("send", copy, *as_company("Last week"))
    insisted = callup("send", copy, *as_company("Last week"), "--send-again")

    assert (told.code, told.out) == (SENT_BEFORE, "")
    assert told.err.startswith(f"{copy}: You sent this recording on ")
    assert f"as call {first}. To send it once more, use --send-again." in told.err
    assert insisted.code == 0
    assert ids_of(insisted) != [first]
    assert registered(calls, "Last week") == 2
    assert {row["state"] for row in callup("list", "--json").values} == {"done"}


def test_consoles_that_send_one_recording_at_the_same_moment_make_one_call(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seconds=20, seed=9)
    copy = Path(shutil.copy(path, tmp_path / "copy.wav"))
    consoles = [callup.start("send", name, *as_company("Same moment"), "--json") for name in (path, copy, path)]

    said = [console.communicate(timeout=RUN_WITHIN) for console in consoles]

    assert {console.returncode for console in consoles} <= {0, SENT_BEFORE}, said
    assert 0 in {console.returncode for console in consoles}
    assert registered(calls, "Same moment") == 1


def test_a_recording_that_is_on_its_way_with_other_details_keeps_them_and_that_is_told(
    callup: Callup, offline: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "call.wav", seed=10)
    assert offline("send", path, *as_company("First company"), "--patience", "3").code == KEPT

    answer = callup("send", path, *as_company("Second company"), "--json")

    (told,) = answer.values
    assert (answer.code, told["error"]["code"]) == (SENT_BEFORE, "sent")
    assert told["error"]["message"] == "This call was sent already; its details stay as they are."
    assert (registered(calls, "First company"), registered(calls, "Second company")) == (1, 0)
    assert calls.count_documents({"_id": told["duplicate_of"]}) == 1


def test_a_new_recording_at_the_place_of_a_sent_one_is_sent(
    callup: Callup, calls: Collection[dict[str, Any]], tmp_path: Path
) -> None:
    path = wav(tmp_path / "recording.wav", seed=11)
    assert callup("send", path, *as_company("Same name")).code == 0
    before = path.stat()
    wav(path, seed=12)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert callup("send", path, *as_company("Same name")).code == 0
    assert registered(calls, "Same name") == 2
